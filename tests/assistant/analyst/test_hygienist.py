"""The embedded analyst reads a dental hygienist's books that nobody described: bills that are overdue by their status,
how long they took to be paid, who did not turn up, who came back, and who is covered. Asked on 20 November 2026."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.conftest import Open

TODAY = date(2026, 11, 20)
_TABLES = (
    "chairs(chair_id int primary key, chair_name varchar)",
    "sponsors(sponsor_id int primary key, sponsor_name varchar)",
    "clients(client_id int primary key, client_name varchar, joined date, sponsor_id int references sponsors(sponsor_id))",
    "visits(visit_id int primary key, client_id int references clients(client_id), chair_id int references "
    "chairs(chair_id), visit_at timestamp, booked_on date, outcome varchar, cancelled_on date)",
    "bills(bill_id int primary key, visit_id int references visits(visit_id), billed_on date, due_by date, "
    "amount decimal(8,2), state varchar)",
    "payments(payment_id int primary key, bill_id int references bills(bill_id), paid_on date, amount decimal(8,2))",
)
_SLOW = "select b.bill_id from bills b join payments p using (bill_id) where p.paid_on - b.billed_on"
_LATE = "from bills where state = 'Open' and due_by < '2026-11-20'"
_FIRST = "with f as (select client_id, min(visit_at) first from visits group by 1), o as (select distinct client_id from visits where year(visit_at) = 2026 and month(visit_at) = 10)"  # fmt: skip
QUESTIONS = [
    ("which bills are overdue?", f"select bill_id {_LATE}"),
    ("how much is overdue?", f"select sum(amount) {_LATE}"),
    ("how much is overdue by more than 30 days?", f"select sum(amount) {_LATE} and due_by < date '2026-11-20' - 30"),
    ("how many bills took more than 14 days to be paid?", f"select count(*) from ({_SLOW} > 14)"),
    ("which bills were paid within 3 days?", f"{_SLOW} <= 3"),
    ("which sponsor is the slowest to pay?", "select sponsor_name from sponsors s join clients using (sponsor_id) join visits using (client_id) join bills b using (visit_id) join payments p using (bill_id) group by 1 order by avg(paid_on - billed_on) desc limit 1"),
    ("which chair is used the most?", "select chair_name from chairs join visits using (chair_id) group by 1 order by count(*) desc limit 1"),
    ("what's our no-show rate?", "select 100.0 * count(*) filter (where outcome = 'Did not attend') / count(*) from visits"),
    ("how many no-shows last month?", "select count(*) from visits where outcome = 'Did not attend' and year(visit_at) = 2026 and month(visit_at) = 10"),
    ("what percentage of visits were cancelled in October?", "select 100.0 * count(*) filter (where outcome = 'Cancelled') / count(*) from visits where year(visit_at) = 2026 and month(visit_at) = 10"),
    ("how many visits are booked for next week?", "select count(*) from visits where visit_at >= '2026-11-23' and visit_at < '2026-11-30'"),
    ("how many clients are sponsored?", "select count(*) from clients where sponsor_id is not null"),
    ("how many new vs returning clients last month?", f"{_FIRST} select count(*) filter (where first >= '2026-10-01'), count(*) filter (where first < '2026-10-01') from o join f using (client_id)"),
    ("what is our repeat rate?", "select 100.0 * count(*) filter (where n > 1) / count(*) from (select count(*) n from visits group by client_id)"),
    ("which clients have only come once?", "select client_name, count(*) from clients join visits using (client_id) group by 1 having count(*) = 1"),
    ("how many clients came back for a second visit?", "select count(*) from (select client_id from visits group by 1 having count(*) > 1)"),
    ("which clients have a visit coming up?", "select client_name from clients where client_id in (select client_id from visits where visit_at >= '2026-11-21')"),
    ("how many clients haven't been in for six months?", "select count(*) from clients where client_id not in (select client_id from visits where visit_at >= '2026-05-20')"),
]  # fmt: skip


@pytest.fixture(scope="module")
def hygienist(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(hygienist: Session, question: str, gold: str) -> None:
    check(hygienist, hygienist.ask(question, thread=question), gold)


def _build(path: Path) -> Path:
    with duckdb.connect(str(path)) as con:
        for table in _TABLES:
            con.execute(f"create table {table}")
        con.executemany("insert into chairs values (?, ?)", [(1, "Blue chair"), (2, "Green chair"), (3, "Red chair")])
        con.executemany("insert into sponsors values (?, ?)", [(1, "Denplan"), (2, "Smilecare"), (3, "Toothfund")])
        for n in range(1, 81):
            con.execute(
                "insert into clients values (?, ?, ?, ?)",
                [n, f"Client {n:02d}", date(2025, 1, 5) + timedelta(n * 8), n % 3 + 1 if n % 2 else None],
            )
        visit = paid = 0
        for n in range(1, 71):
            for k in range(1 + n * 7 % 5):
                visit += 1
                day = date(2025, 1, 10) + timedelta(n * 8 + k * (20 + n % 40))
                ahead = day > TODAY
                outcome = "Booked" if ahead else ("Done", "Done", "Done", "Did not attend", "Cancelled")[visit * 3 % 5]
                con.execute(
                    "insert into visits values (?, ?, ?, ?, ?, ?, ?)",
                    [visit, n, (1, 2, 2, 3)[visit % 4], f"{day} {9 + visit % 8:02d}:30:00",
                     min(day, TODAY) - timedelta(visit % 15 + 1), outcome,
                     day - timedelta(40) if outcome == "Cancelled" else None],
                )  # fmt: skip
                if outcome != "Done":
                    continue
                settled = visit % 6 != 0
                con.execute(
                    "insert into bills values (?, ?, ?, ?, ?, ?)",
                    [
                        1000 + visit,
                        visit,
                        day,
                        day + timedelta(21),
                        40 + visit * 13 % 60,
                        "Paid" if settled else "Open",
                    ],
                )
                if settled:
                    paid += 1
                    con.execute(
                        "insert into payments values (?, ?, ?, ?)",
                        [paid, 1000 + visit, day + timedelta(visit * 5 % 19 + n % 3), 40 + visit * 13 % 60],
                    )
    return path
