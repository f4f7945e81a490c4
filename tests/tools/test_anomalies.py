"""The anomalies tool, on a shop by the day with two strange days, and how questions ask for it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from assistant.answer import Answer
from assistant.session import Session, open_session
from assistant.settings import Settings

FIRST = date(2024, 1, 1)
PARTY, CLOSED = date(2024, 11, 16), date(2024, 12, 25)


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A year of a kiosk's sales: some 30 a day, three times as many by card on 16 November, none on 25 December."""
    chance = np.random.default_rng(1)
    folder: Path = tmp_path_factory.mktemp("kiosk")
    con = duckdb.connect(str(folder / "kiosk.duckdb"))
    con.execute("create table sales(sale_id integer primary key, sold_at date, payment varchar, amount double)")
    rows = []
    for n in range(366):
        day = FIRST + timedelta(days=n)
        for payment in ("card", "cash"):
            many = 0 if day == CLOSED else 45 if (day, payment) == (PARTY, "card") else int(chance.integers(13, 18))
            rows += [(len(rows) + k, day, payment, round(float(chance.uniform(4, 6)), 2)) for k in range(many)]
    con.executemany("insert into sales values (?, ?, ?, ?)", rows)
    con.close()
    settings = Settings(state_dir=folder / "state", model=None, mode=None)
    return open_session(str(folder / "kiosk.duckdb"), as_of=date(2024, 12, 31), settings=settings)


def ask(kiosk: Session, question: str, thread: str = "") -> Answer:
    answer = kiosk.ask(question, thread=thread or question)
    assert answer.provenance.tool == "anomalies", answer.text
    return answer


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("anything unusual in total amount last week?", "nothing on Dec 25, 2024 (Christmas Day)"),
        ("were there any anomalies in the number of sales in November?", "unusually high on Nov 16, 2024"),
        ("was the number of sales normal in June?", "Nothing unusual"),
        ("find outliers in total amount by payment", "amount of card"),
    ],
)
def test_what_is_unusual_is_said(kiosk: Session, question: str, says: str) -> None:
    answer = ask(kiosk, question)
    assert says in answer.text
    assert answer.chart is not None
    assert "5 times in 100" in (answer.provenance.method or "")


def test_a_follow_up_keeps_looking_for_what_is_unusual(kiosk: Session) -> None:
    ask(kiosk, "anything unusual in the number of sales in November?", "talk")
    answer = ask(kiosk, "by payment", "talk")
    assert {r[0] for r in answer.result.rows} == {"card"}  # type: ignore[union-attr]


def test_a_time_without_data_is_said(kiosk: Session) -> None:
    assert "runs from" in ask(kiosk, "anything unusual in the number of sales in 2021?").text


def test_what_an_anomaly_consists_of_is_said(kiosk: Session) -> None:
    answer = ask(kiosk, "were there any anomalies in the number of sales in November?", "consists")
    assert re.search(r"of the difference is payment card: 4\d, usually 1\d", answer.text)
