"""The embedded analyst reads a courier that nobody described: senders are its customers, who pay a price for each parcel;
parcels are late or on time, licences run out, vans fall due. Asked on 20 November 2026."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.made import filling
from tests.assistant.conftest import Open

TODAY = date(2026, 11, 20)
_TABLES = (
    "hub(hub_code varchar primary key, hub_name varchar, region varchar)",
    "courier(courier_no int primary key, full_name varchar, hub_code varchar references hub(hub_code), hired_on date, "
    "left_on date, licence_expiry date)",
    "bike(reg_plate varchar primary key, make varchar, power varchar, next_service date, hub_code varchar references "
    "hub(hub_code))",
    "sender(sender_id int primary key, company varchar, industry varchar, signed_on date, account_mgr varchar)",
    "speed(spd varchar primary key, label varchar, promise_hours int)",
    "parcel(tracking_no varchar primary key, sender_id int references sender(sender_id), spd varchar references speed(spd), "
    "hub_code varchar references hub(hub_code), weight_kg decimal(6,2), collected_at timestamp, due_at timestamp, "
    "delivered_at timestamp, status varchar, price decimal(7,2), insured_value decimal(9,2))",
    "attempt(attempt_id int primary key, tracking_no varchar references parcel(tracking_no), courier_no int references "
    "courier(courier_no), reg_plate varchar references bike(reg_plate), attempted_at timestamp, outcome varchar)",
    "claim(claim_no int primary key, tracking_no varchar references parcel(tracking_no), raised_on date, reason varchar, "
    "amount_claimed decimal(8,2), amount_paid decimal(8,2), closed_on date)",
    "charging_log(id int primary key, reg_plate varchar references bike(reg_plate), charged_at timestamp, kwh decimal(6,2), "
    "cost decimal(7,2))",
)
_HOURS = "avg(date_diff('hour', collected_at, delivered_at))"
QUESTIONS = [
    ("revenue this year", "select sum(price) from parcel where year(collected_at) = 2026"),
    ("who is our biggest customer this year?", "select company, sum(price) from parcel join sender using (sender_id) where year(collected_at) = 2026 group by 1 order by 2 desc limit 1"),
    ("revenue per parcel by speed", "select label, sum(price) / count(*) from parcel join speed using (spd) group by 1"),
    ("customers who haven't sent anything in the last 60 days", "select company from sender where sender_id not in (select sender_id from parcel where collected_at >= '2026-09-22' and collected_at < '2026-11-21')"),
    ("on-time rate by speed", "select label, 100.0 * count(*) filter (where delivered_at <= due_at) / count(delivered_at) from parcel join speed using (spd) group by 1"),
    ("how many late parcels last month?", "select count(*) from parcel where delivered_at > due_at and collected_at >= '2026-10-01' and collected_at < '2026-11-01'"),
    ("parcels overdue", "select count(*) from parcel where delivered_at is null and due_at < '2026-11-20'"),
    ("which sender has the highest claim rate?", "select company, 100.0 * (select count(*) from claim join parcel p using (tracking_no) where p.sender_id = s.sender_id) / (select count(*) from parcel p where p.sender_id = s.sender_id) from sender s order by 2 desc limit 1"),
    ("what did we pay out in claims this year?", "select sum(amount_paid) from claim where year(raised_on) = 2026"),
    ("busiest day of the week for collections", "select isodow(collected_at), count(*) from parcel group by 1 order by 2 desc limit 1"),
    ("collections per month", "select date_trunc('month', collected_at), count(*) from parcel group by 1"),
    ("number of deliveries last week", "select count(*) from parcel where delivered_at >= '2026-11-09' and delivered_at < '2026-11-16'"),
    ("which courier delivered the most parcels?", "select full_name, count(*) from attempt join courier using (courier_no) where outcome = 'delivered' group by 1 order by 2 desc limit 1"),
    ("whose licence has expired?", "select full_name from courier where licence_expiry < '2026-11-20'"),
    ("which courier licences expire before the end of the year?", "select full_name from courier where licence_expiry >= '2026-11-20' and licence_expiry < '2027-01-01'"),
    ("which bikes need a service in the next 30 days?", "select reg_plate from bike where next_service > '2026-11-20' and next_service <= '2026-12-20'"),
    ("which bikes are due for a service next week", "select reg_plate from bike where next_service >= '2026-11-23' and next_service < '2026-11-30'"),
    ("how many couriers do we have?", "select count(*) from courier where left_on is null"),
    ("how long do couriers stay with us?", "select avg(left_on - hired_on) from courier"),
    ("average delivery time", f"select {_HOURS} from parcel"),
    ("delivery time by speed", f"select label, {_HOURS} from parcel join speed using (spd) group by 1"),
    ("how long do deliveries take", f"select {_HOURS} from parcel"),
    ("uninsured parcels", "select count(*) from parcel where insured_value is null"),
    ("how much do we spend on charging a month?", "select date_trunc('month', charged_at), sum(cost) from charging_log group by 1"),
    ("busiest hub", "select hub_name, count(*) from parcel join hub using (hub_code) group by 1 order by 2 desc limit 1"),
    ("parcels due tomorrow", "select count(*) from parcel where due_at >= '2026-11-21' and due_at < '2026-11-22'"),
]  # fmt: skip
UNREAD = ["which customers are close to their credit limit?", "which hubs are over capacity?"]


@pytest.fixture(scope="module")
def courier(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(courier: Session, question: str, gold: str) -> None:
    check(courier, courier.ask(question, thread=question), gold)


@pytest.mark.parametrize("question", UNREAD)
def test_what_nothing_here_tells_is_not_answered(courier: Session, question: str) -> None:
    assert courier.ask(question, thread=question).outcome == "cannot"


def _build(path: Path) -> Path:
    chance = random.Random(11)
    with filling(path, _TABLES) as put:
        hubs = ["NTH", "EST", "STH"]
        for code, name in zip(hubs, ["Northgate", "East Quay", "Southfield"], strict=True):
            put("hub", code, name, "Coast" if code == "EST" else "Inland")
        for n in range(1, 25):
            first = ["Amir", "Beth", "Carl", "Dina", "Eddy", "Faye", "Gus", "Hana"][n % 8]
            name = f"{first} {['Hill', 'Moss', 'Reed'][n % 3]}"
            left = date(2026, 2, 1) + timedelta(days=9 * n) if n % 6 == 0 else None
            expires = date(2026, 9, 1) + timedelta(days=23 * n)
            put("courier", n, name, hubs[n % 3], date(2019, 1, 1) + timedelta(days=60 * n), left, expires)
        plates = [f"B{n:02d} {chr(65 + n % 26)}XY" for n in range(1, 16)]
        for n, plate in enumerate(plates):
            serviced = date(2026, 11, 4) + timedelta(days=5 * n)
            put("bike", plate, ["Volt", "Trek"][n % 2], ["electric", "pedal"][n % 2], serviced, hubs[n % 3])
        for n in range(1, 13):
            company = f"{['Bloom', 'Nordkit', 'Gadgetry', 'Kiln'][n % 4]} {['Ltd', 'Inc', '& Co'][n % 3]}"
            signed = date(2021, 1, 1) + timedelta(days=90 * n)
            put("sender", n, company, ["food", "books"][n % 2], signed, ["Nina", "Omar"][n % 2])
        speeds = {"STD": ("Standard", 72), "NXT": ("Next day", 24), "SDY": ("Same day", 8)}
        for code, (label, hours) in speeds.items():
            put("speed", code, label, hours)
        attempts = claims = 0
        for n in range(1, 1201):
            code = chance.choice(list(speeds))
            collected = datetime(2025, 3, 3, 8) + timedelta(hours=12.55 * n + chance.randint(0, 9))
            due = collected + timedelta(hours=speeds[code][1])
            taken = timedelta(hours=round(speeds[code][1] * chance.choice([0.5, 0.8, 0.9, 1.3])))
            lost = n % 40 == 0
            arrived = collected + taken if not lost and collected + taken < datetime(2026, 11, 20) else None
            status = "lost" if lost else "delivered" if arrived else "in transit"
            weight = round(chance.uniform(0.2, 25), 2)
            customer = chance.randint(1, 12) if n < 1100 else chance.randint(1, 9)
            worth = chance.choice([None, 100, 500])
            ids = (f"T{n}", customer, code, chance.choice(hubs))
            put("parcel", *ids, weight, collected, due, arrived, status, 5 + weight, worth)
            for k in range(chance.choice([1, 1, 1, 2])):
                attempts += 1
                outcome = "delivered" if arrived and k == 0 else chance.choice(["no answer", "refused"])
                who, bike = chance.randint(1, 24), chance.choice(plates)
                put("attempt", attempts, f"T{n}", who, bike, arrived or due, outcome)
            if n % 17 == 0:
                claims += 1
                raised = (arrived or due).date() + timedelta(days=3)
                closed = raised + timedelta(days=chance.randint(3, 30)) if n % 34 else None
                paid = chance.randint(5, 80) if closed else None
                put("claim", claims, f"T{n}", raised, ["damaged", "lost", "late"][n % 3], 90, paid, closed)
        for n in range(1, 301):
            charged = datetime(2025, 3, 3, 7) + timedelta(hours=50 * n)
            put("charging_log", n, chance.choice(plates), charged, 2.5, 0.4 + n % 7)
    return path
