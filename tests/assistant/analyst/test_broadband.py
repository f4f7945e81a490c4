"""The embedded analyst reads a broadband provider that nobody described: recurring revenue is of contracts that run, a
void bill is owed by nobody, the promoter score is no count of answers. Asked on 20 November 2026."""

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
    "subscriber(subscriber_id int primary key, subscriber_name varchar, town varchar, joined_on date, left_on date)",
    "tariff(tariff_id int primary key, tariff_name varchar, monthly_fee decimal(8,2))",
    "contract(contract_id int primary key, subscriber_id int references subscriber(subscriber_id), tariff_id int "
    "references tariff(tariff_id), began_on date, cancelled_on date, mrr decimal(8,2), discount_pct int)",
    "bill(bill_id int primary key, contract_id int references contract(contract_id), billed_on date, due_on date, "
    "paid_on date, amount decimal(8,2), bill_status varchar)",
    "login(login_id int primary key, login_email varchar, subscriber_id int references subscriber(subscriber_id), "
    "login_role varchar, registered_at timestamp, last_seen_at timestamp)",
    "call_out(call_out_id int primary key, subscriber_id int references subscriber(subscriber_id), reported_at timestamp, "
    "first_answer_at timestamp, fixed_at timestamp, fault varchar)",
    "survey_answer(answer_id int primary key, subscriber_id int references subscriber(subscriber_id), nps int, "
    "answered_on date)",
    "prospect(prospect_id int primary key, prospect_name varchar, stage varchar, amount decimal(8,2), seen_on date)",
)
_RUNS = "cancelled_on is null"
_OWED = "paid_on is null and bill_status <> 'void'"
_NPS = "100.0 * (count(*) filter (where nps >= 9) - count(*) filter (where nps <= 6)) / count(*)"
_OPEN = "stage not in ('won', 'lost')"
_OF_TOWN = "from contract join subscriber using (subscriber_id)"
QUESTIONS = [
    ("what is our MRR?", f"select sum(mrr) from contract where {_RUNS}"),
    ("MRR by tariff", f"select tariff_name, sum(mrr) filter (where {_RUNS}) from contract join tariff using (tariff_id) group by 1"),
    ("ARR", f"select 12 * sum(mrr) from contract where {_RUNS}"),
    ("new MRR in July", "select sum(mrr) from contract where began_on >= '2026-07-01' and began_on < '2026-08-01'"),
    ("which town has the most MRR?", f"select town, sum(mrr) {_OF_TOWN} where {_RUNS} group by 1 order by 2 desc limit 1"),
    ("how many paying subscribers are there?", f"select count(distinct subscriber_id) from contract where {_RUNS} and mrr > 0"),
    ("churn rate in September", "select 100.0 * count(*) filter (where left_on < '2026-10-01') / count(*) from subscriber where joined_on < '2026-09-01' and (left_on is null or left_on >= '2026-09-01')"),
    ("how much is overdue?", f"select sum(amount) from bill where {_OWED} and due_on < '2026-11-20'"),
    ("unpaid bills", f"select count(*) from bill where {_OWED}"),
    ("NPS", f"select {_NPS} from survey_answer"),
    ("net promoter score by town", f"select town, {_NPS} from survey_answer join subscriber using (subscriber_id) group by 1"),
    ("average first answer time", "select avg(date_diff('hour', reported_at, first_answer_at)) from call_out"),
    ("discounted contracts", "select count(*) from contract where discount_pct > 0"),
    ("which town pays the most?", "select town, sum(amount) from bill join contract using (contract_id) join subscriber using (subscriber_id) group by 1 order by 2 desc limit 1"),
    ("open prospects", f"select prospect_name, stage, amount, seen_on from prospect where {_OPEN}"),
    ("value of open prospects", f"select sum(amount) from prospect where {_OPEN}"),
    ("admins per town", "select town, count(*) from login join subscriber using (subscriber_id) where login_role = 'admin' group by 1"),
]  # fmt: skip
UNREAD = ["MRR in March", "MRR by month"]


@pytest.fixture(scope="module")
def broadband(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(broadband: Session, question: str, gold: str) -> None:
    check(broadband, broadband.ask(question, thread=question), gold)


@pytest.mark.parametrize("question", UNREAD)
def test_recurring_revenue_of_another_time_is_not_known(broadband: Session, question: str) -> None:
    assert broadband.ask(question, thread=question).outcome == "cannot"


def _build(path: Path) -> Path:
    chance = random.Random(17)
    with filling(path, _TABLES) as put:
        for n, (name, fee) in enumerate([("Basic", 0), ("Family", 29), ("Fibre", 49)], 1):
            put("tariff", n, name, fee)
        bills = 0
        for n in range(1, 151):
            joined = date(2024, 3, 1) + timedelta(days=6 * n)
            left = joined + timedelta(days=chance.randint(60, 400)) if n % 5 == 0 else None
            left = left if left and left < TODAY else None
            put("subscriber", n, f"Household {n:03d}", ["Leeds", "York", "Hull", "Ripon"][n % 4], joined, left)
            tariff, discount = chance.randint(1, 3), chance.choice([0, 0, 10, 20])
            fee = [0, 29, 49][tariff - 1] * (100 - discount) / 100
            put("contract", n, n, tariff, joined, left, fee, discount)
            billed = joined
            while fee and billed < (left or TODAY):
                bills += 1
                paid = billed + timedelta(days=chance.randint(1, 30)) if chance.random() < 0.9 else None
                paid = paid if paid and paid < TODAY else None
                state = "paid" if paid else chance.choice(["open", "open", "void"])
                put("bill", bills, n, billed, billed + timedelta(days=21), paid, fee, state)
                billed += timedelta(days=31)
        for n in range(1, 401):
            registered = datetime(2024, 4, 1, 8) + timedelta(hours=40 * n)
            put("login", n, f"p{n}@mail.test", chance.randint(1, 150), chance.choice(["admin", "viewer", "editor"]),
                registered, registered + timedelta(days=chance.randint(0, 300)) if n % 8 else None)  # fmt: skip
        for n in range(1, 301):
            at = datetime(2025, 2, 1, 9) + timedelta(hours=51 * n)
            answered = at + timedelta(hours=chance.randint(1, 30))
            put("call_out", n, chance.randint(1, 150), at, answered, answered + timedelta(hours=chance.randint(2, 60)) if n % 12 else None, chance.choice(["no signal", "slow", "router"]))  # fmt: skip
            put("survey_answer", n, chance.randint(1, 150), chance.choice([0, 3, 6, 7, 8, 8, 9, 9, 10, 10]), at.date())
        for n in range(1, 101):
            put("prospect", n, f"Prospect {n}", chance.choice(["won", "lost", "demo", "quoted"]), 20 * chance.randint(2, 30), date(2026, 1, 5) + timedelta(days=3 * n))  # fmt: skip
    return path
