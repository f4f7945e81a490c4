"""The embedded analyst reads a pottery studio that nobody described: which classes are coming up, and what an order is
worth on average where it says itself what was paid. Asked on 20 November 2026."""

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
    "class(class_id int primary key, class_title varchar, level varchar, begins_on date, places int)",
    "orders(order_id int primary key, class_id int references class(class_id), placed_at timestamp, route varchar, "
    "total_paid decimal(8,2), refunded_amount decimal(8,2))",
)
QUESTIONS = [
    ("which classes are coming up?", "select class_title from class where begins_on > '2026-11-20'"),
    ("what beginner classes are still to come?", "select class_title from class where level = 'beginner' and begins_on > '2026-11-20'"),
    ("which classes began in May?", "select class_title from class where year(begins_on) = 2026 and month(begins_on) = 5"),
    ("what is the average order value?", "select avg(total_paid) from orders"),
    ("average order value by route", "select route, avg(total_paid) from orders group by 1"),
    ("total order value this year", "select sum(total_paid) from orders where year(placed_at) = 2026"),
    ("how many orders this year?", "select count(*) from orders where year(placed_at) = 2026"),
]  # fmt: skip


@pytest.fixture(scope="module")
def pottery(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(pottery: Session, question: str, gold: str) -> None:
    check(pottery, pottery.ask(question, thread=question), gold)


def _build(path: Path) -> Path:
    levels = ("beginner", "advanced", "open")
    with duckdb.connect(str(path)) as con:
        for table in _TABLES:
            con.execute(f"create table {table}")
        begins = date(2025, 6, 2)
        con.executemany(
            "insert into class values (?, ?, ?, ?, ?)",
            [(n, f"Class {n:02d}", levels[n % 3], begins + timedelta(n * 10), 8 + n % 5) for n in range(1, 61)],
        )
        for n in range(1, 501):
            paid, back = 20 + n * 37 % 90, 15 if n % 17 == 0 else 0
            placed = date(2025, 5, 1) + timedelta(n)
            row = [n, 1 + n % 60, placed, ("web", "phone", "desk")[n % 3], paid, back]
            con.execute("insert into orders values (?, ?, ?, ?, ?, ?)", row)
    return path
