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
from knowledge.request import Aggregate, MeasureColumn, Request
from knowledge.result import ResultColumn
from tools.analysis import Analysis, only_first

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


def figures(folder: Path, values: str, days: str = "date '2024-01-01' + n::int") -> Session:
    con = duckdb.connect(str(folder / "bills.duckdb"))
    con.execute(
        f"create table bills as select n as bill_id, {days} as billed_on, {values} as amount from range(200) t(n)"
    )
    con.close()
    settings = Settings(state_dir=folder / "state", model=None, mode=None)
    return open_session(str(folder / "bills.duckdb"), as_of=date(2024, 7, 18), settings=settings)


@pytest.mark.parametrize("question", ["anything unusual in total amount?", "forecast total amount for 4 weeks"])
def test_figures_that_are_all_missing_are_said_to_be(tmp_path: Path, question: str) -> None:
    answer = figures(tmp_path, "null::double").ask(question)
    assert (answer.outcome, "is empty in every record" in answer.text) == ("cannot", True), answer.text


@pytest.mark.parametrize("question", ["anything unusual in total amount?", "forecast total amount for 4 weeks"])
def test_records_of_one_moment_have_no_history(tmp_path: Path, question: str) -> None:
    answer = figures(tmp_path, "n::double", "timestamp '2024-05-05 12:00'").ask(question)
    assert (answer.outcome, "All records are of one moment" in answer.text) == ("cannot", True), answer.text


def test_a_constant_figure_is_forecast_without_a_warning_of_poor_tests(tmp_path: Path) -> None:
    answer = figures(tmp_path, "7.0").ask("forecast total amount for 4 weeks")
    assert not any("repeating" in c for c in answer.caveats)


def test_that_one_of_several_figures_was_looked_at_is_said() -> None:
    columns = (ResultColumn("day", "Day", "date"), ResultColumn("n", "Number of sales", "integer", measure=True))
    count, total = Aggregate(agg="count", dataset="sales"), Aggregate(agg="sum", of="sales.amount")
    request = Request(columns=[MeasureColumn(measure=count), MeasureColumn(measure=total)])
    said = only_first(request, Analysis(columns, [], "", 0.0))
    assert said == ("Only number of sales was looked at. Ask for the other figures by themselves.",)
    assert only_first(Request(columns=[MeasureColumn(measure=count)]), Analysis(columns, [], "", 0.0)) == ()
