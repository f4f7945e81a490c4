"""A hirer of tools, which nobody described, whose people have words of their own for nearly everything they ask.

    depots(depot_id, depot_name, region, opened_on)
    customers(customer_id, customer_name, email, trade, town, joined_on, is_test, credit_limit)
    tools(tool_id, tool_name, category, depot_id, day_rate, purchase_price, bought_on, retired_on)
    hires(hire_id, customer_id, tool_id, booked_at, collected_at, due_on, returned_at, days, amount, discount, deposit,
          status, channel)
    invoices(invoice_id, hire_id, issued_on, due_on, paid_on, net_amount, tax_amount)
    repairs(repair_id, tool_id, reported_at, finished_at, parts_cost, labour_cost, cause)
    reviews(review_id, hire_id, stars, written_on, remark)

It is asked on 30 June 2026.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

TABLES = (
    "depots(depot_id integer primary key, depot_name varchar, region varchar, opened_on date)",
    "customers(customer_id integer primary key, customer_name varchar, email varchar, trade varchar, town varchar, "
    "joined_on date, is_test boolean, credit_limit double)",
    "tools(tool_id integer primary key, tool_name varchar, category varchar, depot_id integer references depots, "
    "day_rate double, purchase_price double, bought_on date, retired_on date)",
    "hires(hire_id integer primary key, customer_id integer references customers, tool_id integer references tools, "
    "booked_at timestamp, collected_at timestamp, due_on date, returned_at timestamp, days integer, amount double, "
    "discount double, deposit double, status varchar, channel varchar)",
    "invoices(invoice_id integer primary key, hire_id integer references hires, issued_on date, due_on date, "
    "paid_on date, net_amount double, tax_amount double)",
    "repairs(repair_id integer primary key, tool_id integer references tools, reported_at timestamp, "
    "finished_at timestamp, parts_cost double, labour_cost double, cause varchar)",
    "reviews(review_id integer primary key, hire_id integer references hires, stars integer, written_on date, "
    "remark varchar)",
)
_DEPOTS = [("Harbour", "North"), ("Mill Road", "North"), ("Quarry", "South"), ("Airfield", "East")]
_TOOLS = [("Jackhammer", "demolition"), ("Wet saw", "cutting"), ("Scaffold tower", "access"), ("Sander", "finishing"),
          ("Trencher", "ground works"), ("Mixer", "concrete"), ("Lift platform", "access"), ("Chop saw", "cutting")]  # fmt: skip
_TRADES = ["builder", "gardener", "painter", "plumber"]
_TOWNS = ["Ashby", "Brinton", "Calder", "Dunmore"]


def build(path: Path) -> Path:
    chance = random.Random(11)
    con = duckdb.connect(str(path))
    for table in TABLES:
        con.execute(f"create table {table}")
    rows: dict[str, list[tuple[object, ...]]] = {table.partition("(")[0]: [] for table in TABLES}
    for n, (name, region) in enumerate(_DEPOTS, 1):
        rows["depots"].append((n, name, region, date(2010 + n, 4, 1)))
    for n in range(1, 41):
        mail = f"person{n}@{'mail.example' if n % 3 else 'works.example'}"
        rows["customers"].append(
            (n, f"Customer {chr(64 + n % 26 + 1)}{n}", mail, _TRADES[n % 4], _TOWNS[n * 3 % 4],
             date(2021, 1, 5) + timedelta(days=47 * n), n % 13 == 0, 500.0 * (n % 7))
        )  # fmt: skip
    for n in range(1, 33):
        name, category = _TOOLS[n % 8]
        retired = date(2026, 1, 1) + timedelta(days=n) if n % 9 == 0 else None
        rows["tools"].append(
            (
                n,
                f"{name} {n}",
                category,
                1 + n % 4,
                10.0 + n,
                300.0 + 37 * n,
                date(2020, 2, 1) + timedelta(days=41 * n),
                retired,
            )
        )
    for n in range(1, 421):
        booked = datetime(2025, 1, 2, 8) + timedelta(hours=31 * n)
        days = chance.randint(1, 14)
        collected = booked + timedelta(days=chance.randint(0, 3), hours=2)
        due = (collected + timedelta(days=days)).date()
        status = "cancelled" if n % 11 == 0 else "returned" if booked < datetime(2026, 6, 10) else "out"
        back = collected + timedelta(days=days + chance.randint(-2, 3), hours=3) if status == "returned" else None
        discount = None if n % 4 else float(chance.randint(5, 40))
        rows["hires"].append(
            (n, chance.randint(1, 38), chance.randint(1, 30), booked, None if status == "cancelled" else collected, due, back,
             days, float(days * chance.randint(12, 45)), discount, 50.0, status, ["online", "counter", "phone"][n % 3])
        )  # fmt: skip
        if status == "returned":
            issued = due + timedelta(days=1)
            paid = issued + timedelta(days=chance.randint(2, 60)) if n % 5 else None
            net = float(chance.randint(40, 600))
            rows["invoices"].append((9000 + n, n, issued, issued + timedelta(days=30), paid, net, round(net * 0.2, 2)))
            if n % 3 == 0:
                rows["reviews"].append(
                    (n, n, chance.randint(1, 5), due + timedelta(days=2), ["fine", "blunt", "late van"][n % 3])
                )
    for n in range(1, 61):
        reported = datetime(2025, 2, 1, 9) + timedelta(hours=190 * n)
        finished = reported + timedelta(hours=chance.randint(5, 200)) if n % 6 else None
        rows["repairs"].append(
            (n, chance.randint(1, 32), reported, finished, float(chance.randint(5, 90)), float(chance.randint(20, 150)),
             ["wear", "misuse", "accident"][n % 3])
        )  # fmt: skip
    for name, found in rows.items():
        con.executemany(f"insert into {name} values ({', '.join('?' * len(found[0]))})", found)
    con.close()
    return path
