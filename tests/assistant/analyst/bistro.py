"""Two restaurants that nobody described: people who work there and people who eat there, bills without an amount of
their own, wages by the hour. Asked on 30 June 2026.

    locations(id, name, city, seats)
    menu_items(id, name, category, price)
    staff(id, full_name, role, location_id, hourly_wage, hired_on, left_on)
    guests(id, name, birthday, joined_loyalty)
    checks(id, location_id, server_id, guest_id, opened_at, closed_at, party_size, channel, tip)
    check_items(check_id, line, menu_item_id, qty, unit_price)
    reservations(id, location_id, guest_id, made_at, for_at, party_size, status)
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

TODAY = date(2026, 6, 30)
_TABLES = (
    "locations(id integer primary key, name varchar, city varchar, seats integer)",
    "menu_items(id integer primary key, name varchar, category varchar, price decimal(8,2))",
    "staff(id integer primary key, full_name varchar, role varchar, location_id integer references locations(id), "
    "hourly_wage decimal(6,2), hired_on date, left_on date)",
    "guests(id integer primary key, name varchar, birthday date, joined_loyalty date)",
    "checks(id integer primary key, location_id integer references locations(id), server_id integer references "
    "staff(id), guest_id integer references guests(id), opened_at timestamp, closed_at timestamp, party_size integer, "
    "channel varchar, tip decimal(8,2))",
    "check_items(check_id integer references checks(id), line integer, menu_item_id integer references menu_items(id), "
    "qty integer, unit_price decimal(8,2), primary key (check_id, line))",
    "reservations(id integer primary key, location_id integer references locations(id), guest_id integer references "
    "guests(id), made_at timestamp, for_at timestamp, party_size integer, status varchar)",
)
_MENU = [("Margherita", "Pizza", 14), ("Funghi", "Pizza", 17), ("Carbonara", "Pasta", 18), ("Gnocchi", "Pasta", 16),
         ("Caesar", "Salads", 12), ("Tiramisu", "Desserts", 9), ("Panna Cotta", "Desserts", 8), ("IPA", "Beer", 7)]  # fmt: skip
_NAMES = ["Ana", "Ben", "Carl", "Dina", "Ed", "Fay", "Gus", "Hana", "Ian", "Jo", "Kai", "Lea"]
_ROLES = ["Server", "Server", "Server", "Cook", "Host", "Manager"]
_LAST_HOUR = datetime(2026, 6, 29, 21)


def build(path: Path) -> Path:
    chance = random.Random(11)
    con = duckdb.connect(str(path))
    for table in _TABLES:
        con.execute(f"create table {table}")
    con.executemany(
        "insert into locations values (?, ?, ?, ?)", [(1, "Harborside", "Salem", 80), (2, "Old Town", "Eugene", 50)]
    )
    con.executemany("insert into menu_items values (?, ?, ?, ?)", [(n + 1, *m) for n, m in enumerate(_MENU)])
    for n in range(12):
        hired = date(2021, 1, 1) + timedelta(days=150 * n)
        left = hired + timedelta(days=300) if n % 4 == 3 else None
        row = (n + 1, f"{_NAMES[n]} Stone", _ROLES[n % 6], n % 2 + 1, 14 + 1.25 * n, hired, left)
        con.execute("insert into staff values (?, ?, ?, ?, ?, ?, ?)", row)
    for n in range(60):
        born = date(1960, 1, 1) + timedelta(days=231 * n)
        joined = date(2025, 1, 1) + timedelta(days=8 * n) if n % 2 else None
        con.execute("insert into guests values (?, ?, ?, ?)", (n + 1, f"{_NAMES[n % 12]} {n}", born, joined))
    for n in range(700):
        opened = datetime(2025, 7, 1, 12) + timedelta(hours=12 * n + chance.randrange(9))
        if opened > _LAST_HOUR:
            break
        guest = chance.randrange(1, 61) if n % 3 else None
        closed = opened + timedelta(minutes=chance.randrange(25, 120))
        con.execute(
            "insert into checks values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (n + 1, chance.randrange(1, 3), chance.choice([1, 2, 3, 7, 8, 9]), guest, opened, closed,
             chance.randrange(1, 7), chance.choice(["dine-in", "delivery"]), chance.randrange(0, 30)),
        )  # fmt: skip
        for line in range(1, chance.randrange(2, 6)):
            item = chance.randrange(len(_MENU))
            row = (n + 1, line, item + 1, chance.randrange(1, 4), _MENU[item][2])
            con.execute("insert into check_items values (?, ?, ?, ?, ?)", row)
    for n in range(150):
        when = datetime(2026, 1, 1, 17) + timedelta(hours=28 * n)
        row = (
            n + 1,
            n % 2 + 1,
            n % 60 + 1,
            when - timedelta(days=3),
            when,
            n % 6 + 1,
            "no-show" if n % 9 == 0 else "seated",
        )
        con.execute("insert into reservations values (?, ?, ?, ?, ?, ?, ?)", row)
    con.close()
    return path
