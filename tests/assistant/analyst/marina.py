"""Boats for hire, which nobody described: undeclared keys, made up for these tests.

    docks(dock_id, name, town)
    staff(staff_id, name, job_title, dock_id, is_active, hired_on, daily_wage)
    boats(boat_id, dock_id, name, kind, is_new, seats, upkeep_cost)
    boat_tags(boat_id, tag)
    members(member_id, first_name, last_name, town, joined_on)
    rentals(rental_id, boat_id, member_id, staff_id, start_ts, end_ts, amount, status)
    repairs(repair_id, boat_id, open_date, close_date, repair_type, parts_cost, repair_status)
    fuel(dock_id, year, month, liters)

A boat is always rented at its own dock, by staff of that dock. Rentals run from January 2024 to December 2025.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

DOCKS = [(1, "North Pier", "Salem"), (2, "Mill Quay", "Bath"), (3, "Old Basin", "Salem")]
KINDS = ["Kayak", "Dinghy", "Cruiser"]
TAGS = ["family", "fast", "quiet"]
MONTHS = ["January", "February", "March", "April", "May", "June"]
FIRST = ["Ann", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal"]
LAST = ["Price", "Stone", "Marsh", "Ford", "Bell"]


def build(path: Path) -> Path:
    chance = random.Random(11)
    con = duckdb.connect(str(path))
    con.execute("create table docks(dock_id integer, name varchar, town varchar)")
    con.executemany("insert into docks values (?, ?, ?)", DOCKS)
    con.execute(
        "create table staff(staff_id integer, name varchar, job_title varchar, dock_id integer, is_active boolean, "
        "hired_on date, daily_wage double)"
    )
    titles = ["Boat Mechanic", "Dock Hand", "Dock Hand", "Skipper"]
    for n in range(1, 13):
        hired = date(2019, 1, 1) + timedelta(days=97 * n)
        con.execute(
            "insert into staff values (?, ?, ?, ?, ?, ?, ?)",
            [n, f"{FIRST[n % 8]} {LAST[n % 5]}", titles[n % 4], n % 3 + 1, n % 5 != 0, hired, 90.0 + 7 * n],
        )
    con.execute(
        "create table boats(boat_id integer, dock_id integer, name varchar, kind varchar, is_new boolean, seats integer, "
        "upkeep_cost double)"
    )
    con.execute("create table boat_tags(boat_id integer, tag varchar)")
    for n in range(1, 25):
        boat = [n, n % 3 + 1, f"Wave {n}", KINDS[n % 3 if n % 2 else (n + 1) % 3], n % 4 == 0, 1 + n % 5, 12.5 * n]
        con.execute("insert into boats values (?, ?, ?, ?, ?, ?, ?)", boat)
        for tag in chance.sample(TAGS, 1 + n % 2):
            con.execute("insert into boat_tags values (?, ?)", [n, tag])
    con.execute(
        "create table members(member_id integer, first_name varchar, last_name varchar, town varchar, joined_on date)"
    )
    for n in range(1, 61):
        joined = date(2023, 1, 5) + timedelta(days=16 * n)
        member = [n, FIRST[n % 8], LAST[n % 5], ["Salem", "Bath", "York"][n % 3], joined]
        con.execute("insert into members values (?, ?, ?, ?, ?)", member)
    con.execute(
        "create table rentals(rental_id integer, boat_id integer, member_id integer, staff_id integer, start_ts timestamp, "
        "end_ts timestamp, amount double, status varchar)"
    )
    for n in range(1, 901):
        boat = chance.randint(1, 22)
        start = datetime(2024, 1, 1, 9) + timedelta(days=chance.randint(0, 729), hours=chance.randint(0, 8))
        hours = chance.choice([1, 2, 3, 4, 6])
        status = "Cancelled" if chance.random() < 0.1 else "Completed"
        rental = [
            n, boat, chance.randint(1, 50), chance.choice([s for s in range(1, 13) if s % 3 == boat % 3]), start,
            start + timedelta(hours=hours), float(40 * hours + chance.randint(0, 30)), status,
        ]  # fmt: skip
        con.execute("insert into rentals values (?, ?, ?, ?, ?, ?, ?, ?)", rental)
    con.execute(
        "create table repairs(repair_id integer, boat_id integer, open_date date, close_date date, repair_type varchar, "
        "parts_cost double, repair_status varchar)"
    )
    for n in range(1, 121):
        opened = date(2024, 1, 3) + timedelta(days=chance.randint(0, 700))
        closed = opened + timedelta(days=chance.randint(1, 9)) if n % 8 else None
        kind = ["Hull", "Engine", "Rigging"][chance.randint(0, 2)]
        repair = [n, chance.randint(1, 24), opened, closed, kind, round(20 + 300 * chance.random(), 2)]
        con.execute("insert into repairs values (?, ?, ?, ?, ?, ?, ?)", [*repair, "Closed" if closed else "Open"])
    con.execute("create table fuel(dock_id integer, year integer, month varchar, liters double)")
    for dock in (1, 2, 3):
        for year in (2024, 2025):
            for m, month in enumerate(MONTHS):
                con.execute(
                    "insert into fuel values (?, ?, ?, ?)", [dock, year, month, 100.0 * dock + 10 * m + (year - 2024)]
                )
    con.close()
    return path
