"""The embedded analyst reads a dealer in boats that nobody described: what was sold when is told by the sales, not by when
a sold boat was taken in; "more than 90 days" is no price. Asked on 20 November 2026."""

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
    "boats(hull_no varchar primary key, builder varchar, hull_type varchar, condition varchar, taken_in_on date, "
    "asking_price decimal(10,2), boat_status varchar)",
    "brokers(broker_id int primary key, broker_name varchar, hired_on date, left_on date)",
    "customers(customer_id int primary key, customer_name varchar, town varchar)",
    "sales(sale_id int primary key, hull_no varchar references boats(hull_no), customer_id int references "
    "customers(customer_id), broker_id int references brokers(broker_id), sold_on date, selling_price decimal(10,2))",
    "enquiries(enquiry_id int primary key, customer_id int references customers(customer_id), source varchar, "
    "received_at timestamp, first_contacted_at timestamp, stage varchar)",
    "viewings(viewing_id int primary key, enquiry_id int references enquiries(enquiry_id), viewing_date date, "
    "no_show boolean)",
    "ro(ro_id int primary key, customer_id int references customers(customer_id), opened_on date, closed_on date, "
    "labour_cost decimal(8,2))",
)
_SOLD = "from sales join boats using (hull_no)"
QUESTIONS = [
    ("how many boats did we sell last month?", "select count(*) from sales where sold_on >= '2026-10-01' and sold_on < '2026-11-01'"),
    ("boats sold by builder this year", f"select builder, count(*) {_SOLD} where year(sold_on) = 2026 group by 1"),
    ("who sold the most boats this year?", "select broker_name, count(*) from sales join brokers using (broker_id) where year(sold_on) = 2026 group by 1 order by 2 desc limit 1"),
    ("revenue this year", "select sum(selling_price) from sales where year(sold_on) = 2026"),
    ("boats in stock more than 90 days", "select count(*) from boats where boat_status = 'in stock' and taken_in_on < '2026-08-22'"),
    ("boats in stock for less than 60 days", "select count(*) from boats where boat_status = 'in stock' and taken_in_on >= '2026-09-21'"),
    ("enquiries nobody has contacted", "select count(*) from enquiries where first_contacted_at is null"),
    ("enquiry conversion rate", "select 100.0 * count(*) filter (where stage = 'won') / count(*) from enquiries"),
    ("conversion rate by source", "select source, 100.0 * count(*) filter (where stage = 'won') / count(*) from enquiries group by 1"),
    ("viewing no-show rate", "select 100.0 * count(*) filter (where no_show) / count(*) from viewings"),
    ("open repair orders", "select count(*) from ro where closed_on is null"),
    ("how many brokers do we have?", "select count(*) from brokers where left_on is null"),
]  # fmt: skip
UNREAD = ["which builder sits the longest?"]


@pytest.fixture(scope="module")
def yachts(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(yachts: Session, question: str, gold: str) -> None:
    check(yachts, yachts.ask(question, thread=question), gold)


@pytest.mark.parametrize("question", UNREAD)
def test_what_nothing_here_tells_is_not_answered(yachts: Session, question: str) -> None:
    assert yachts.ask(question, thread=question).outcome == "cannot"


def _build(path: Path) -> Path:
    chance = random.Random(37)
    with filling(path, _TABLES) as put:
        for n, name in enumerate(["Ann Keel", "Bo Mast", "Cy Stern", "Di Helm"], 1):
            put("brokers", n, name, date(2019, 1, 1) + timedelta(days=200 * n), date(2026, 2, 1) if n == 4 else None)
        for n in range(1, 201):
            put("customers", n, f"Customer {n:03d}", ["Cowes", "Poole", "Hull"][n % 3])
        sales = 0
        for n in range(1, 301):
            taken, price = date(2025, 1, 4) + timedelta(days=int(2.25 * n)), 1000 * chance.randint(4, 90)
            sold = taken + timedelta(days=chance.randint(5, 200))
            gone = sold < TODAY and chance.random() < 0.8
            kind = ["new", "used"][n % 2]
            put("boats", f"H{n:04d}", ["Aber", "Brill", "Cove"][n % 3], "sail" if n % 5 else "motor", kind, taken, price, "sold" if gone else "in stock")  # fmt: skip
            if gone:
                sales += 1
                who = chance.choices([1, 2, 3, 4], [5, 3, 2, 1])[0]
                put("sales", sales, f"H{n:04d}", chance.randint(1, 200), who, sold, price * 0.95)
        for n in range(1, 601):
            at = datetime(2025, 3, 1, 9) + timedelta(hours=25 * n)
            contacted = at + timedelta(hours=chance.randint(1, 40)) if chance.random() < 0.85 else None
            stage = chance.choice(["won", "lost", "contacted", "open"])
            put("enquiries", n, chance.randint(1, 200), ["web", "show", "phone"][n % 3], at, contacted, stage)
            if n % 3 == 0:
                put("viewings", n // 3, n, at.date() + timedelta(days=3), chance.random() < 0.2)
            opened = at.date()
            put("ro", n, chance.randint(1, 200), opened, opened + timedelta(days=4) if n % 20 else None, 20 * (n % 17))
    return path
