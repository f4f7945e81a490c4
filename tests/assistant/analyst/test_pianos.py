"""What will be sold is forecast from what was sold: a dealer in pianos, who takes in more than goes out."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.session import Session
from tests.assistant.analyst.made import filling
from tests.assistant.conftest import Open

TODAY = date(2026, 11, 20)
_TABLES = (
    "pianos(serial_no varchar primary key, maker varchar, acquired_on date, list_price decimal(10,2))",
    "tunings(tuning_id int primary key, tuned_on date, fee decimal(8,2))",
    "sales(sale_id int primary key, serial_no varchar references pianos(serial_no), sold_on date, "
    "sale_price decimal(10,2))",
)


@pytest.fixture(scope="module")
def pianos(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(
    ("question", "counts", "value"),
    [
        ("will we sell more than 20 pianos next month?", "COUNT(*)", 20),
        ("how likely is it that we sell 15 pianos in December?", "COUNT(*)", 15),
        ("can we sell at least 30 pianos by the end of the year?", "COUNT(*)", 30),
    ],
)
def test_what_will_be_sold_is_told_by_the_sales(pianos: Session, question: str, counts: str, value: float) -> None:
    answer = pianos.ask(question, thread=question)
    assert (answer.provenance.tool, answer.outcome) == ("forecast", "answered"), answer.text
    assert answer.provenance.arguments["target"] == value
    sql = answer.provenance.sql or ""
    assert 'sales."sold_on"' in sql
    assert counts in sql


def test_how_many_there_will_be_is_not_told_by_the_sales(pianos: Session) -> None:
    answer = pianos.ask("will we have 20 pianos next month?", thread="have")
    assert 'sales."sold_on"' not in (answer.provenance.sql or "")


def test_whether_one_is_better_in_a_figure_is_tested(pianos: Session) -> None:
    answer = pianos.ask("is Adler better than Birch in sale price?", thread="better")
    assert (answer.provenance.tool, answer.outcome) == ("compare", "answered"), answer.text
    assert "Adler" in answer.text
    assert "Birch" in answer.text


def _build(path: Path) -> Path:
    chance = random.Random(5)
    with filling(path, _TABLES) as put:
        for n in range(1, 421):
            taken, price = date(2025, 1, 2) + timedelta(days=int(1.6 * n)), 1000 * chance.randint(3, 30)
            put("pianos", f"P{n:04d}", ["Adler", "Birch"][n % 2], taken, price)
            sold = taken + timedelta(days=chance.randint(3, 60))
            if sold < TODAY and chance.random() < 0.6:
                put("sales", n, f"P{n:04d}", sold, 0.9 * price)
            put("tunings", n, taken, 10 * chance.randint(6, 12))
    return path
