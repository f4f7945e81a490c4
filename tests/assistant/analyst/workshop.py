"""A chain of bicycle workshops, which nobody described: money in cents, minutes and grams, flags, several dates a row,
prices with days from which and until which they hold.

    branch(branch_id, branch_name, town)
    customer(customer_id, full_name, town, is_member, signed_up_on)
    mechanic(mechanic_id, full_name, branch_id, is_certified, started_on)
    repair(repair_id, customer_id, mechanic_id, branch_id, bike_kind, brought_in_at, promised_on, finished_at, paid_on,
           repair_status, minutes_worked, charge_cents, paid_by, is_express, cancel_reason)
    part(part_no, part_name, maker, weight_g)
    part_price(price_id, part_no, valid_from, valid_to, price_eur)
    repair_part(line_id, repair_id, part_no, pieces)

Repairs came in from January 2024 to December 2025.
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb

_TABLES = (
    "branch(branch_id integer primary key, branch_name varchar, town varchar)",
    "customer(customer_id integer primary key, full_name varchar, town varchar, is_member boolean, signed_up_on date)",
    "mechanic(mechanic_id integer primary key, full_name varchar, branch_id integer references branch(branch_id), "
    "is_certified boolean, started_on date)",
    "repair(repair_id integer primary key, customer_id integer references customer(customer_id), "
    "mechanic_id integer references mechanic(mechanic_id), branch_id integer references branch(branch_id), "
    "bike_kind varchar, brought_in_at timestamp, promised_on date, finished_at timestamp, paid_on date, "
    "repair_status varchar, minutes_worked integer, charge_cents integer, paid_by varchar, is_express boolean, "
    "cancel_reason varchar)",
    "part(part_no varchar primary key, part_name varchar, maker varchar, weight_g integer)",
    "part_price(price_id integer primary key, part_no varchar references part(part_no), valid_from date, "
    "valid_to date, price_eur decimal(8, 2))",
    "repair_part(line_id integer primary key, repair_id integer references repair(repair_id), "
    "part_no varchar references part(part_no), pieces integer)",
)
_BRANCHES = [
    (1, "Harbour Gate", "Cork"),
    (2, "Mill Lane", "Cork"),
    (3, "Old Station", "Galway"),
    (4, "Quayside", "Sligo"),
]
_PARTS = [
    ("CH1", "Chain", "Velta", 260), ("BR1", "Brake pad", "Stoppo", 40), ("TY1", "Tyre", "Rondo", 620),
    ("FR1", "Steel frame", "Velta", 2400), ("FK1", "Front fork", "Rondo", 1750), ("BL1", "Bell", "Klingel", 55),
    ("WH1", "Rear wheel", "Rondo", 1150), ("SD1", "Saddle", "Comfy", 430),
]  # fmt: skip
_FIRST = ["Ada", "Ben", "Cleo", "Dov", "Eve", "Finn", "Gia", "Hugo", "Ivy"]


def build(path: Path) -> Path:
    chance = random.Random(41)
    con = duckdb.connect(str(path))
    for table in _TABLES:
        con.execute(f"create table {table}")
    rows: dict[str, list[tuple[object, ...]]] = {table.partition("(")[0]: [] for table in _TABLES}
    rows["branch"], rows["part"] = list(_BRANCHES), list(_PARTS)
    for n in range(1, 91):
        town = chance.choices(["Cork", "Galway", "Sligo", "Ennis"], [4, 3, 2, 1])[0]
        joined = date(2023, 1, 1) + timedelta(days=9 * n)
        rows["customer"].append((n, f"{_FIRST[n % 9]} Marsh{n}", town, chance.random() < 0.4, joined))
    for n in range(1, 13):
        rows["mechanic"].append(
            (n, f"{_FIRST[n % 9]} Cog{n}", 1 + n % 4, n % 3 != 0, date(2019, 2, 3) + timedelta(days=120 * n))
        )
    for n in range(1, 421):
        came = datetime.combine(
            date(2024, 1, 2) + timedelta(days=chance.randint(0, 725)), time(7 + chance.randint(0, 12), 15)
        )
        promised = came.date() + timedelta(days=chance.randint(1, 6))
        status = chance.choices(["completed", "cancelled", "in progress"], [12, 2, 1])[0]
        done = (
            came + timedelta(days=chance.randint(0, 9), hours=chance.randint(1, 4)) if status == "completed" else None
        )
        paid = done.date() + timedelta(days=chance.randint(0, 14)) if done and chance.random() < 0.9 else None
        reason = chance.choice(["too expensive", "no parts", "changed mind"]) if status == "cancelled" else None
        way = chance.choices(["card", "cash", "invoice"], [5, 3, 2])[0] if paid else None
        rows["repair"].append(
            (n, chance.randint(1, 80), chance.randint(1, 11), chance.choices([1, 2, 3], [4, 2, 3])[0],
             chance.choices(["road", "city", "electric"], [3, 4, 2])[0], came, promised, done, paid, status,
             chance.randint(15, 400), 100 * chance.randint(10, 240), way, chance.random() < 0.25, reason)
        )  # fmt: skip
        for _ in range(chance.randint(0, 3)):
            part = chance.choice(_PARTS[:7])[0]
            rows["repair_part"].append((len(rows["repair_part"]) + 1, n, part, chance.randint(1, 4)))
    for n, (part, *_) in enumerate(_PARTS):
        for year, until in ((2024, date(2024, 12, 31)), (2025, None)):
            price = round(5 + 7.5 * n + (year - 2024) * 1.25, 2)
            rows["part_price"].append((len(rows["part_price"]) + 1, part, date(year, 1, 1), until, price))
    for table, made in rows.items():
        con.executemany(f"insert into {table} values ({', '.join('?' * len(made[0]))})", made)
    con.close()
    return path
