"""A dog salon, which nobody described: shortened and undeclared keys, made up for these tests.

    breeds(bre_id, bre_name)
    owners(owner_id, first_name, last_name, town, sex, registered_on, last_login_at)
    dogs(dog_id, owner_id, dog_name, bre_id)
    groomers(groomer_id, full_name, team, trained_by, is_active, hourly_fee)
    services(serv_id, serv_name, team, list_price)
    appts(appt_id, dog_id, groomer_id, booked_on, planned_start, actual_start, actual_end, status, visit_type)
    appt_services(appt_id, serv_id, qty, unit_price)
    complaints(complaint_id, appt_id, complaint_desc, is_serious)
    bills(bill_no, appt_id, bill_dt, due_dt, settled_on, total_amt, tax_amt, bill_state)
    insurers(insurer_id, insurer_name)
    payments(pay_id, bill_no, paid_on, amt_paid, method, payer)
    memberships(mem_id, owner_id, mem_status, start_dt, ended_on, fee, billing_cycle)
    duties(duty_code, duty_name)
    helpers(helper_id, nickname)
    appt_helpers(appt_id, helper_id, duty_code)

Appointments run from January 2024 to December 2025.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

_TABLES = (
    "breeds(bre_id integer, bre_name varchar)",
    "owners(owner_id integer, first_name varchar, last_name varchar, town varchar, sex varchar, registered_on date, "
    "last_login_at timestamp)",
    "dogs(dog_id integer, owner_id integer, dog_name varchar, bre_id integer)",
    "groomers(groomer_id integer, full_name varchar, team varchar, trained_by integer, is_active boolean, "
    "hourly_fee double)",
    "services(serv_id integer, serv_name varchar, team varchar, list_price double)",
    "appts(appt_id integer, dog_id integer, groomer_id integer, booked_on date, planned_start timestamp, "
    "actual_start timestamp, actual_end timestamp, status varchar, visit_type varchar)",
    "appt_services(appt_id integer, serv_id integer, qty integer, unit_price double)",
    "complaints(complaint_id integer, appt_id integer, complaint_desc varchar, is_serious boolean)",
    "bills(bill_no varchar, appt_id integer, bill_dt date, due_dt date, settled_on date, total_amt double, "
    "tax_amt double, bill_state varchar)",
    "insurers(insurer_id integer, insurer_name varchar)",
    "payments(pay_id integer, bill_no varchar, paid_on date, amt_paid double, method varchar, payer varchar)",
    "memberships(mem_id integer, owner_id integer, mem_status varchar, start_dt date, ended_on date, fee double, "
    "billing_cycle varchar)",
    "duties(duty_code varchar, duty_name varchar)",
    "helpers(helper_id integer, nickname varchar)",
    "appt_helpers(appt_id integer, helper_id integer, duty_code varchar)",
)
_FIRST = ["Ann", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal"]
_LAST = ["Price", "Stone", "Marsh", "Ford", "Bell"]
_TEAMS = ["Wash", "Trim", "Claws"]
_WRONGS = ["Uneven cut", "Waited too long", "Wet ears", "Lost collar"]


def build(path: Path) -> Path:
    chance = random.Random(5)
    con = duckdb.connect(str(path))
    for table in _TABLES:
        con.execute(f"create table {table}")
    rows: dict[str, list[tuple[object, ...]]] = {table.partition("(")[0]: [] for table in _TABLES}
    rows["breeds"] = [(1, "Poodle"), (2, "Spaniel"), (3, "Husky"), (4, "Terrier")]
    rows["insurers"] = [(1, "Petsure"), (2, "Barkcare")]
    rows["duties"] = [("HD", "Handler"), ("DR", "Dryer"), ("TR", "Trainee")]
    rows["helpers"] = [(n, name) for n, name in enumerate(["Mo", "Jo", "Vic", "Sam", "Kit"], 1)]
    for n in range(1, 61):
        joined = date(2024, 1, 3) + timedelta(days=11 * n)
        login = datetime(2025, 6, 1) + timedelta(days=n) if n % 4 else None
        rows["owners"].append(
            (n, _FIRST[n % 8], _LAST[n % 5], ["Leeds", "York", "Hull"][n % 3], "FM"[n % 2], joined, login)
        )
        rows["dogs"].append((n, n, f"Rex {n}", n % 4 + 1))
        active = n % 3 != 0
        start = date(2024, 1, 10) + timedelta(days=9 * n)
        end = None if active else start + timedelta(days=60 + n)
        cycle = "annual" if n % 5 == 0 else "monthly"
        rows["memberships"].append((n, n, "active" if active else "cancelled", start, end, 8.0 + n % 7, cycle))
    for n in range(1, 10):
        trainer = None if n <= 2 else 1 + n % 2
        rows["groomers"].append(
            (n, f"{_FIRST[n % 8]} {_LAST[n % 4]}", _TEAMS[n % 3], trainer, n % 4 != 0, 20.0 + 3 * n)
        )
    for n, name in enumerate(["Bath", "Rinse", "Full trim", "Face trim", "Nail cut", "Nail polish"], 1):
        rows["services"].append((n, name, _TEAMS[(n - 1) // 2], 10.0 + 7 * ((n * 5) % 6)))
    for n in range(1, 701):
        booked = date(2024, 1, 1) + timedelta(days=n)
        planned = datetime(booked.year, booked.month, booked.day, 9 + n % 8) + timedelta(days=3 + n % 11)
        if planned > datetime(2025, 12, 31):
            break
        status = chance.choices(["completed", "no_show", "cancelled"], [8, 1, 1])[0]
        begun = planned + timedelta(minutes=chance.randint(0, 25)) if status == "completed" else None
        done = begun + timedelta(minutes=chance.randint(20, 90)) if begun else None
        kind = ["first visit", "walk-in", "check-up"][n % 3]
        rows["appts"].append(
            (n, chance.randint(1, 55), chance.randint(1, 8), booked, planned, begun, done, status, kind)
        )
        for duty in chance.sample(["HD", "DR", "TR"], n % 3):
            rows["appt_helpers"].append((n, chance.randint(1, 4), duty))
        if status != "completed":
            continue
        total = 0.0
        for service in chance.sample(range(1, 7), 1 + n % 2):
            price = round(float(rows["services"][service - 1][3]) * chance.choice([1, 0.9]), 2)  # type: ignore[arg-type]
            rows["appt_services"].append((n, service, 1 + n % 2, price))
            total += price * (1 + n % 2)
        if n % 9 == 0:
            rows["complaints"].append((n, n, _WRONGS[min(n % 7, 3)], n % 2 == 0))
        day = planned.date() + timedelta(days=1)
        settled = day + timedelta(days=5 + n % 40) if n % 6 else None
        state = "paid" if settled else "open"
        rows["bills"].append(
            (f"B{n}", n, day, day + timedelta(days=30), settled, round(total, 2), round(total * 0.2, 2), state)
        )
        if settled:
            payer = "insurer" if n % 5 == 0 else "owner"
            method = "bank transfer" if n % 5 == 0 else ["card", "cash"][n % 2]
            rows["payments"].append((n, f"B{n}", settled, round(total, 2), method, payer))
    for table, given in rows.items():
        marks = ", ".join("?" * len(given[0]))
        con.executemany(f"insert into {table} values ({marks})", given)
    con.close()
    return path
