"""A chain of boarding kennels, which nobody described: rows with several dates, codes that another table explains,
people who left.

    code_lkp(code_type, code, code_desc)
    kennel_prop(prop_cd, prop_nm, city)
    owner(owner_id, first_nm, last_nm, country_cd, joined_dt)
    bkg(bkg_id, owner_id, prop_cd, chan_cd, booked_dt, arr_dt, dep_dt, rate_per_nt)
    bkg_chg(chg_id, bkg_id, chg_cd, post_dt, qty, line_amt)
    owner_review(review_id, bkg_id, review_dt, stars)
    staff(staff_id, full_nm, prop_cd, dept_cd, hire_dt, term_dt, annual_sal)

Stays begin from January 2024 to December 2025.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import duckdb

_TABLES = (
    "code_lkp(code_type varchar, code varchar, code_desc varchar)",
    "kennel_prop(prop_cd varchar primary key, prop_nm varchar, city varchar)",
    "owner(owner_id integer primary key, first_nm varchar, last_nm varchar, country_cd varchar, joined_dt date)",
    "bkg(bkg_id integer primary key, owner_id integer, prop_cd varchar, chan_cd varchar, booked_dt date, arr_dt date, "
    "dep_dt date, rate_per_nt decimal(8, 2))",
    "bkg_chg(chg_id integer primary key, bkg_id integer, chg_cd varchar, post_dt date, qty integer, "
    "line_amt decimal(8, 2))",
    "owner_review(review_id integer primary key, bkg_id integer, review_dt date, stars integer)",
    "staff(staff_id integer primary key, full_nm varchar, prop_cd varchar, dept_cd varchar, hire_dt date, "
    "term_dt date, annual_sal double)",
)
_CODES = [
    ("CHAN", "WEB", "Own website"), ("CHAN", "TEL", "Telephone"), ("CHAN", "VET", "Veterinary clinic"),
    ("CHG", "WLK", "Extra walk"), ("CHG", "GRM", "Grooming bath"), ("CHG", "MED", "Medication"),
    ("DEPT", "CR", "Care"), ("DEPT", "OF", "Front office"), ("DEPT", "MT", "Maintenance"),
]  # fmt: skip
_PLACES = [
    ("N", "North Paws", "Oslo"),
    ("S", "South Paws", "Rome"),
    ("E", "East Paws", "Vienna"),
    ("W", "West Paws", "Cork"),
]
_FIRST = ["Ada", "Ben", "Cleo", "Dov", "Eve", "Finn", "Gia", "Hugo", "Ivy"]


def build(path: Path) -> Path:
    chance = random.Random(29)
    con = duckdb.connect(str(path))
    for table in _TABLES:
        con.execute(f"create table {table}")
    rows: dict[str, list[tuple[object, ...]]] = {table.partition("(")[0]: [] for table in _TABLES}
    rows["code_lkp"], rows["kennel_prop"] = list(_CODES), list(_PLACES)
    for n in range(1, 121):
        country = chance.choices(["NO", "IT", "AT", "IE", "DE"], [5, 4, 3, 2, 1])[0]
        rows["owner"].append((n, _FIRST[n % 9], f"Hill{n}", country, date(2023, 1, 1) + timedelta(days=5 * n)))
    for n in range(1, 401):
        arrives = date(2024, 1, 2) + timedelta(days=chance.randint(0, 725))
        booked = arrives - timedelta(days=chance.randint(1, 120))
        leaves = arrives + timedelta(days=chance.randint(1, 12))
        place = chance.choices("NSEW", [4, 3, 2, 1])[0]
        channel = chance.choices(["WEB", "TEL", "VET"], [5, 3, 2])[0]
        rate = 20 + chance.randint(0, 30)
        rows["bkg"].append((n, chance.randint(1, 100), place, channel, booked, arrives, leaves, rate))
        for _ in range(chance.randint(0, 4)):
            kind = chance.choices(["WLK", "GRM", "MED"], [5, 3, 1])[0]
            day = arrives + timedelta(days=chance.randint(0, (leaves - arrives).days))
            rows["bkg_chg"].append(
                (len(rows["bkg_chg"]) + 1, n, kind, day, chance.randint(1, 3), chance.randint(5, 60))
            )
        if chance.random() < 0.4:
            day = leaves + timedelta(days=chance.randint(1, 9))
            rows["owner_review"].append((len(rows["owner_review"]) + 1, n, day, chance.randint(1, 5)))
    for n in range(1, 41):
        hired = date(2021, 3, 1) + timedelta(days=41 * n)
        left = hired + timedelta(days=150) if n % 3 == 0 else None
        rows["staff"].append((n, f"{_FIRST[n % 9]} Moor{n}", "NSEW"[n % 4], ["CR", "OF", "MT"][n % 3], hired, left,
                              20_000.0 + 377 * ((n * 7) % 40)))  # fmt: skip
    for table, made in rows.items():
        con.executemany(f"insert into {table} values ({', '.join('?' * len(made[0]))})", made)
    con.close()
    return path
