"""What a terminal shows of an answer, as text."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from assistant.answer import Answer, Choice, Outcome, Provenance
from assistant.terminal import render
from knowledge.result import Result, ResultColumn

STORE = ResultColumn("store", "Store", "category")
DAY = ResultColumn("day", "Day", "time", grain="day")
SALES = ResultColumn("sales", "Sales", "currency", measure=True, unit="USD")
UNITS = ResultColumn("units", "Units", "integer", measure=True)
LATEST = ResultColumn("latest", "Latest order", "time", measure=True)


def shown(columns: list[ResultColumn], rows: list[tuple], *, width: int = 80, sql: bool = False, **answer: Any) -> str:
    result = Result(
        tuple(columns), rows, "SELECT 1", caveats=tuple(answer.pop("said", ())), truncated=answer.pop("more", False)
    )
    return printed(Answer(outcome="answered", text="**Harbour** leads.", result=result, **answer), width, sql)


def printed(answer: Answer, width: int = 80, sql: bool = False) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    render(answer, console, sql=sql)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_one_group_has_bars_as_long_as_its_figures() -> None:
    lines = shown([STORE, SALES], [("Harbour", 100.0), ("Park", 50.0), (None, 0.5), ("New", None)]).splitlines()
    assert lines[0] == "Harbour leads."
    assert [(line.split()[0], line.count("█"), line.split()[-1]) for line in lines[2:]] == [
        ("Harbour", 32, "$100.00"), ("Park", 16, "$50.00"), ("(none)", 1, "$0.50"), ("New", 0, "–"),
    ]  # fmt: skip


def test_two_measures_are_a_table_with_figures_at_the_right() -> None:
    lines = shown([STORE, SALES, UNITS], [("Harbour", 1234.5, 12), ("Park", 5.0, 3)]).splitlines()
    assert [line.rstrip() for line in lines[1:]] == [
        "Store   ┃     Sales ┃ Units",
        "━━━━━━━━╇━━━━━━━━━━━╇━━━━━━",
        "Harbour │ $1,234.50 │    12",
        "Park    │     $5.00 │     3",
    ]


def test_a_long_series_is_a_line_from_its_first_day_to_its_last() -> None:
    days = [(date(2017, 1, 1) + timedelta(n), 100.0 + n * n) for n in range(90)]
    text = shown([DAY, SALES], days)
    assert "Jan 1, 2017" in text
    assert "Mar 31, 2017" in text
    assert "$8,021.00" in text
    assert any("\u2800" < mark <= "\u28ff" for mark in text)  # braille dots
    assert "… and 70 more rows" in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ([STORE, SALES], [("Harbour", -5.0), ("Park", 3.0)]),
        ([STORE, LATEST], [("Harbour", date(2017, 1, 1)), ("Park", None)]),
        ([STORE, SALES], [("Harbour", None), ("Park", None)]),
    ],
)
def test_what_bars_can_not_show_is_a_table(columns: list[ResultColumn], rows: list[tuple]) -> None:
    text = shown(columns, rows)
    assert "█" not in text
    assert "Park" in text


def test_a_record_is_shown_a_single_figure_is_not_repeated() -> None:
    assert "Units" in shown([STORE, SALES, UNITS], [("Harbour", 1.0, 2)])
    assert "Sales" not in shown([SALES], [(5.0,)])


def test_more_rows_than_fit_are_counted() -> None:
    rows = [(f"Store {n}", n + 1.0) for n in range(50)]
    assert "… and 30 more rows" in shown([STORE, SALES], rows)
    assert "… and at least 30 more rows" in shown([STORE, SALES], rows, more=True)


def test_where_it_comes_from_and_what_to_know() -> None:
    source = Provenance(sql="SELECT 1", row_count=1, fresh_as_of=datetime(2017, 12, 31))
    text = shown([SALES], [(5.0,)], sql=True, provenance=source, elapsed_ms=12.3, reading="Sales", said=["2 rows have no store."],
                 caveats=["December is not over.", "2 rows have no store."], follow_ups=["Sales by month"])  # fmt: skip
    assert [line.strip() for line in text.splitlines()[1:]] == [
        "Read as: Sales",
        "1 row · 12 ms · data to 31 Dec 2017",
        "Note: December is not over.",
        "Note: 2 rows have no store.",
        "SELECT 1",
        "Next: Sales by month",
    ]


def test_choices_are_numbered() -> None:
    choices = [
        Choice(label="Stores [all]", question="sales by store"),
        Choice(label="Cities", question="sales by city"),
    ]
    text = printed(Answer(outcome="ask", text="Which?", choices=choices, follow_ups=["not shown"]))
    assert text.splitlines() == ["Which?", "  1 Stores [all]", "  2 Cities"]


@pytest.mark.parametrize("outcome", ["answered", "ask", "cannot", "not_allowed", "no_rows", "failed"])
def test_every_outcome_says_its_text(outcome: Outcome) -> None:
    assert printed(Answer(outcome=outcome, text="What is a [grumbold]?")) == "What is a [grumbold]?\n"


def test_brackets_in_the_data_are_no_markup() -> None:
    odd = [("[/b] [red]x[/red]", 5.0, 1), ("a:smile:", 3.0, 2)]
    text = shown([ResultColumn("s", "Store [id]", "text"), SALES, UNITS], odd)
    assert "[/b] [red]x[/red]" in text
    assert "a:smile:" in text
    assert "Store [id]" in text
    assert "[/b]" in shown([STORE, SALES], [row[:2] for row in odd])


values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(), st.dates(), st.datetimes(),
    st.timedeltas(), st.binary(), st.sampled_from([10**400, Decimal("sNaN"), 5e-324, 1e308]),
)  # fmt: skip


@given(st.lists(st.tuples(values, values), max_size=25), st.sampled_from([STORE, DAY, SALES]), st.integers(20, 120))
def test_whatever_a_database_returns_is_printed(rows: list[tuple], first: ResultColumn, width: int) -> None:
    assert shown([first, UNITS], rows, width=width)
