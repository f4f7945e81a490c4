"""The embedded analyst reads a garage that nobody described: bills that are open, parts that run low, what was done by
whom, without an LLM. Asked on 20 November 2026."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.conftest import Open

TODAY = date(2026, 11, 20)
_TABLES = (
    "customer(cust_no integer primary key, full_name varchar, phone varchar)",
    "mechanic(mech_id integer primary key, mech_name varchar, hired date, left_on date)",
    "work_order(wo_no integer primary key, cust_no integer references customer(cust_no), mech_id integer references "
    "mechanic(mech_id), opened_at timestamp, promised_for date, finished_at timestamp, wo_state varchar, labour_hours "
    "decimal(5,2))",
    "part(part_no varchar primary key, descr varchar, on_hand integer, reorder_level integer)",
    "invoice(inv_no integer primary key, wo_no integer references work_order(wo_no), issued date, due date, paid date, "
    "net decimal(9,2), gross decimal(9,2))",
)
QUESTIONS = [
    ("open invoices", "select count(*) from invoice where paid is null"),
    ("invoices overdue by more than 30 days", "select count(*) from invoice where paid is null and due < date '2026-10-21'"),
    ("how much money is outstanding", "select sum(gross) from invoice where paid is null"),
    ("what did we invoice in October", "select sum(gross) from invoice where issued >= '2026-10-01' and issued < '2026-11-01'"),
    ("gross vs net in October", "select sum(gross), sum(net) from invoice where issued >= '2026-10-01' and issued < '2026-11-01'"),
    ("which parts do we need to reorder", "select descr from part where on_hand <= reorder_level"),
    ("which mechanic finished the most jobs this year", "select mech_name, count(*) from work_order join mechanic using (mech_id) where wo_state = 'finished' and year(finished_at) = 2026 group by 1 order by 2 desc, 1 limit 1"),
    ("customers without a phone number", "select full_name from customer where phone is null"),
    ("average labour hours per mechanic", "select mech_name, avg(labour_hours) from work_order join mechanic using (mech_id) group by 1"),
    ("how many jobs did we finish last month", "select count(*) from work_order where finished_at >= '2026-10-01' and finished_at < '2026-11-01'"),
]  # fmt: skip


@pytest.fixture(scope="module")
def garage(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(garage: Session, question: str, gold: str) -> None:
    check(garage, garage.ask(question, thread=question), gold)


def _build(path: Path) -> Path:
    chance = random.Random(8)
    with duckdb.connect(str(path)) as con:
        for table in _TABLES:
            con.execute(f"create table {table}")
        for n in range(1, 41):
            con.execute("insert into customer values (?, ?, ?)", (n, f"Ann Ash{n}", f"06{n:05d}" if n % 6 else None))
        for n in range(1, 7):
            left = date(2026, 3, 1) if n == 4 else None
            row = (n, f"{'ABCDEF'[n - 1]}. Cole", date(2016, 1, 1) + timedelta(days=300 * n), left)
            con.execute("insert into mechanic values (?, ?, ?, ?)", row)
        for n, part in enumerate(("Brake pads", "Oil filter", "Battery", "Wiper set"), 1):
            con.execute("insert into part values (?, ?, ?, ?)", (f"P{n}", part, 4 * n, 9))
        for n in range(1, 401):
            opened = datetime(2025, 9, 15, 8) + timedelta(hours=n * 26)
            finished = opened + timedelta(days=chance.choice([1, 2, 4]))
            done = finished < datetime(2026, 11, 20)
            row = (n, chance.randint(1, 40), chance.randint(1, 6), opened, (opened + timedelta(days=3)).date(),
                   finished if done else None, "finished" if done else "open", chance.choice([0.5, 1.5, 4]))  # fmt: skip
            con.execute("insert into work_order values (?, ?, ?, ?, ?, ?, ?, ?)", row)
            if done:
                paid = finished.date() + timedelta(days=9) if chance.random() < 0.8 else None
                due, net = finished.date() + timedelta(days=14), 100 + n
                row = (n, n, finished.date(), due, paid if paid and paid < TODAY else None, net, round(net * 1.2, 2))
                con.execute("insert into invoice values (?, ?, ?, ?, ?, ?, ?)", row)
    return path
