"""The embedded analyst reads a firm of surveyors that nobody described: chargeable hours are those that are flagged so,
open cases those that nobody closed, a win rate is of bids that were decided. Asked on 20 November 2026."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.made import filling
from tests.assistant.conftest import Open

TODAY = date(2026, 11, 20)
_TABLES = (
    "client(client_id int primary key, client_name varchar, sector varchar)",
    "surveyor(surveyor_id int primary key, surveyor_name varchar, hired_on date, left_on date)",
    "matter(matter_id int primary key, matter_ref varchar, client_id int references client(client_id), discipline varchar, "
    "opened_on date, closed_on date, result varchar)",
    "worksheet(worksheet_id int primary key, matter_id int references matter(matter_id), surveyor_id int references "
    "surveyor(surveyor_id), worked_on date, hours decimal(5,2), rate decimal(8,2), chargeable boolean)",
    "invoice(invoice_id int primary key, matter_id int references matter(matter_id), issued_on date, due_on date, "
    "amount decimal(10,2), written_off decimal(10,2))",
    "receipt(receipt_id int primary key, invoice_id int references invoice(invoice_id), received_on date, "
    "amount decimal(10,2))",
    "site_visit(visit_id int primary key, matter_id int references matter(matter_id), region varchar, visit_date date)",
)
_OF_STAFF = "from worksheet join surveyor using (surveyor_id)"
QUESTIONS = [
    ("open matters by discipline", "select discipline, count(*) from matter where closed_on is null group by 1"),
    ("closed matters this year", "select count(*) from matter where year(closed_on) = 2026"),
    ("chargeable hours this year", "select sum(hours) from worksheet where chargeable and year(worked_on) = 2026"),
    ("non-chargeable hours by surveyor", f"select surveyor_name, sum(hours) {_OF_STAFF} where not chargeable group by 1"),
    ("what percentage of hours are chargeable?", "select 100.0 * sum(hours) filter (where chargeable) / sum(hours) from worksheet"),
    ("who has the most chargeable hours?", f"select surveyor_name, sum(hours) {_OF_STAFF} where chargeable group by 1 order by 2 desc limit 1"),
    ("who works on the most matters?", f"select surveyor_name, count(distinct matter_id) {_OF_STAFF} group by 1 order by 2 desc limit 1"),
    ("win rate", "select 100.0 * count(*) filter (where result = 'won') / count(result) from matter"),
    ("how much did we collect this year?", "select sum(amount) from receipt where year(received_on) = 2026"),
    ("how much have we written off this year?", "select sum(written_off) from invoice where year(issued_on) = 2026"),
    ("how quickly do clients pay?", "select avg(received_on - issued_on) from receipt join invoice using (invoice_id)"),
    ("upcoming site visits by region", "select region, count(*) from site_visit where visit_date > '2026-11-20' group by 1"),
    ("how many surveyors do we have?", "select count(*) from surveyor where left_on is null"),
    ("public vs private", "select sector, count(*) from client where sector in ('public', 'private') group by 1"),
    ("new matters this year", "select count(*) from matter where year(opened_on) = 2026"),
]  # fmt: skip
UNREAD = ["how do clients pay us?", "where do our clients come from?"]


@pytest.fixture(scope="module")
def surveyors(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(surveyors: Session, question: str, gold: str) -> None:
    check(surveyors, surveyors.ask(question, thread=question), gold)


def test_what_grows_fastest_is_told_with_its_growth(surveyors: Session) -> None:
    """Growth without a period: this year so far, against the same days of the last."""
    answer = surveyors.ask("which discipline is growing fastest?", thread="growth")
    assert answer.result is not None
    assert [c.role for c in answer.result.columns][-3:] == ["previous", "change", "change_pct"]
    assert ", up " in answer.text or ", down " in answer.text


@pytest.mark.parametrize("question", UNREAD)
def test_a_list_of_the_clients_says_not_how_or_where(surveyors: Session, question: str) -> None:
    assert surveyors.ask(question, thread=question).outcome == "cannot"


def _build(path: Path) -> Path:
    chance = random.Random(29)
    with filling(path, _TABLES) as put:
        for n in range(1, 41):
            put("client", n, f"Client {n:02d}", ["public", "private", "charity"][n % 3])
        for n, name in enumerate(["Ada Moss", "Bea Nunn", "Cy Orme", "Di Park", "Ed Quin"], 1):
            left = date(2026, 5, 1) if n == 4 else None
            put("surveyor", n, name, date(2020, 1, 1) + timedelta(days=100 * n), left)
        sheets = invoices = receipts = 0
        for n in range(1, 161):
            opened = date(2025, 1, 6) + timedelta(days=4 * n)
            closed = opened + timedelta(days=chance.randint(20, 200)) if n % 4 else None
            closed = closed if closed and closed < TODAY else None
            result = chance.choice(["won", "won", "lost"]) if closed and n % 3 else None
            put(
                "matter",
                n,
                f"R-{n:04d}",
                chance.randint(1, 40),
                ["roofs", "land", "damp"][n % 3],
                opened,
                closed,
                result,
            )
            for _ in range(chance.randint(3, 9)):
                worked = min(opened + timedelta(days=chance.randint(0, 90)), TODAY - timedelta(days=1))
                sheets += 1
                who = chance.choices([1, 2, 3, 4, 5], [5, 4, 3, 2, 1])[0]
                put(
                    "worksheet",
                    sheets,
                    n,
                    who,
                    worked,
                    chance.choice([0.5, 1, 2, 3.5]),
                    60 + 10 * who,
                    chance.random() < 0.8,
                )
            for k in range(chance.randint(1, 3)):
                issued = opened + timedelta(days=30 * (k + 1))
                if issued < TODAY:
                    invoices += 1
                    amount, lost = 100 * chance.randint(3, 40), 50 if invoices % 9 == 0 else 0
                    put("invoice", invoices, n, issued, issued + timedelta(days=30), amount, lost)
                    received = issued + timedelta(days=chance.randint(3, 60))
                    if received < TODAY and invoices % 6:
                        receipts += 1
                        put("receipt", receipts, invoices, received, amount - lost)
            put("site_visit", n, n, ["north", "south"][n % 2], opened + timedelta(days=chance.randint(20, 150)))
    return path
