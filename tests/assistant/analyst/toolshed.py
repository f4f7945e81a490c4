"""A tool library that nobody described: loans that are due and come back, members of whom some lend, deliveries of tools,
claims that are denied. Asked on 30 June 2026.

    people(person_id, username, is_lender, account_state, hand)
    tools(tool_id, tool_name, owner_id, kind, market_value, weight_kg)
    loans(loan_id, tool_id, borrower_id, lent_on, due_on, returned_on)
    deliveries(delivery_id, tool_id, delivered_at, crates)
    inspections(inspection_id, delivery_id, checked_on, result)   -- one for some deliveries
    claims(claim_id, loan_id, filed_on, claim_state, deal_type)
    gifts(gift_id, person_id, given_on, amount)
    lessons(lesson_id, title, kind, list_price)
    appointments(appointment_id, lesson_id, person_id, booked_at, starts_at, state, charged)
    extras(extra_id, appointment_id, article, qty, unit_price)
    supplier_bills(bill_no, supplier, billed_on, settled_on, amount, category)
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

TODAY = date(2026, 6, 30)
_TABLES = (
    "people(person_id integer primary key, username varchar, is_lender boolean, account_state varchar, "
    "dominant_hand varchar)",
    "tools(tool_id integer primary key, tool_name varchar, owner_id integer references people(person_id), kind varchar, "
    "market_value decimal(8,2), weight_kg decimal(6,2))",
    "loans(loan_id integer primary key, tool_id integer references tools(tool_id), borrower_id integer references "
    "people(person_id), lent_on date, due_on date, returned_on date)",
    "deliveries(delivery_id integer primary key, tool_id integer references tools(tool_id), delivered_at timestamp, "
    "crates integer)",
    "inspections(inspection_id integer primary key, delivery_id integer unique references deliveries(delivery_id), checked_on date, "
    "result varchar)",
    "claims(claim_id integer primary key, loan_id integer references loans(loan_id), filed_on date, claim_state varchar, "
    "denial_reason varchar)",
    "gifts(gift_id integer primary key, person_id integer references people(person_id), given_on date, "
    "amount decimal(8,2))",
    "lessons(lesson_id integer primary key, title varchar, kind varchar, list_price decimal(8,2))",
    "appointments(appointment_id integer primary key, lesson_id integer references lessons(lesson_id), person_id integer "
    "references people(person_id), booked_at timestamp, starts_at timestamp, state varchar, charged decimal(8,2))",
    "extras(extra_id integer primary key, appointment_id integer references appointments(appointment_id), article varchar, "
    "qty integer, unit_price decimal(8,2))",
    "supplier_bills(bill_no integer primary key, supplier varchar, billed_on date, settled_on date, amount decimal(9,2), "
    "category varchar)",
)
_KINDS = ["drill", "saw", "sander", "ladder"]


def build(path: Path) -> Path:
    chance = random.Random(41)
    con = duckdb.connect(str(path))
    for table in _TABLES:
        con.execute(f"create table {table}")
    for n in range(1, 51):
        state = "suspended" if n % 7 == 0 else "active"
        row = (n, f"user{n:02d}", n % 3 == 0, state, "left" if n % 5 == 0 else "right")
        con.execute("insert into people values (?, ?, ?, ?, ?)", row)
    for n in range(1, 41):
        row = (n, f"{_KINDS[n % 4].title()} {n}", 3 * (n % 16 + 1), _KINDS[n % 4], 35 + (n * 37) % 410, 1 + n % 9 / 2)
        con.execute("insert into tools values (?, ?, ?, ?, ?, ?)", row)
    for n in range(1, 201):
        lent = date(2025, 8, 1) + timedelta(days=int(n * 1.6))
        due = lent + timedelta(days=14)
        back = due + timedelta(days=chance.randint(-9, 7))
        returned = back if back < TODAY and chance.random() < 0.93 else None
        row = (n, chance.randint(1, 40), chance.randint(1, 50), lent, due, returned)
        con.execute("insert into loans values (?, ?, ?, ?, ?, ?)", row)
    for n in range(1, 61):
        at = datetime(2025, 8, 2, 9) + timedelta(days=5.4 * n)
        con.execute("insert into deliveries values (?, ?, ?, ?)", (n, chance.randint(1, 40), at, 1 + n % 5))
        if n % 2:
            con.execute("insert into inspections values (?, ?, ?, ?)", (n, n, at.date() + timedelta(days=9), "fine"))
    for n in range(1, 41):
        state = ["paid", "denied", "pending", "paid"][n % 4]
        row = (n, n * 4, date(2025, 9, 1) + timedelta(days=7 * n), state, "no receipt" if state == "denied" else None)
        con.execute("insert into claims values (?, ?, ?, ?, ?)", row)
    for n in range(1, 71):
        row = (n, chance.randint(1, 50), date(2025, 7, 10) + timedelta(days=5 * n), 5 + (n * 13) % 60)
        con.execute("insert into gifts values (?, ?, ?, ?)", row)
    for n in range(1, 7):
        con.execute(
            "insert into lessons values (?, ?, ?, ?)", (n, f"Course {n}", ["joinery", "tiling"][n % 2], 20 + 5 * n)
        )
    for n in range(1, 121):
        starts = datetime(2025, 9, 1, 9 + n % 8) + timedelta(days=int(n * 2.5))
        state = "no-show" if n % 9 == 0 else "done"
        row = (n, n % 6 + 1, n % 50 + 1, starts - timedelta(days=3 + n % 30), starts, state, 20 + 5 * (n % 6))
        con.execute("insert into appointments values (?, ?, ?, ?, ?, ?, ?)", row)
        if n % 3 == 0:
            con.execute("insert into extras values (?, ?, ?, ?, ?)", (n, n, ["gloves", "glue"][n % 2], 1 + n % 3, 4.5))
    for n in range(1, 41):
        billed = date(2025, 8, 1) + timedelta(days=8 * n)
        row = (n, "Timber Ltd", billed, billed if n % 4 else None, 100 + n, ["energy", "wood"][n % 2])
        con.execute("insert into supplier_bills values (?, ?, ?, ?, ?, ?)", row)
    con.close()
    return path
