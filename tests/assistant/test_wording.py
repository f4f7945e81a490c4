"""Results said in sentences, by example; and that no sentence says a figure that the number guard would take out."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.guard import unsupported
from assistant.wording import word
from knowledge.request import Aggregate, Order, Request
from knowledge.result import Result, ResultColumn

STORE = ResultColumn("store", "Store", "category")
HOUSEHOLD = ResultColumn("household_id", "Household number", "key")
MONTH = ResultColumn("month", "Month", "time", grain="month")
WEEK = ResultColumn("week", "Week", "time", grain="week")
DAY = ResultColumn("day", "Day", "time", grain="day")
WEEKDAY = ResultColumn("weekday", "Weekday", "time", grain="day_of_week")
SALES = ResultColumn("sales", "Net sales", "currency", measure=True, unit="USD")
BEFORE = ResultColumn("before", "Net sales before", "currency", measure=True, unit="USD", role="previous", of="sales")
CHANGE = ResultColumn("change", "Change", "currency", measure=True, unit="USD", role="change", of="sales")
CHANGE_PCT = ResultColumn("pct", "Change in percent", "percent", measure=True, role="change_pct", of="sales")
SHARE = ResultColumn("share", "Share of net sales", "percent", measure=True, role="share", of="sales")
LATEST = ResultColumn("latest", "Latest order", "time", measure=True)
SECURED = ResultColumn("secured", "Secured", "category")
HAS_CARD = ResultColumn("has_card", "Has card", "category")
TOP = Request(order=[Order(by=Aggregate(agg="count", dataset="d"), descending=True)], limit=3)
BOTTOM = Request(order=[Order(by=Aggregate(agg="count", dataset="d"))], limit=3)
JANUARY = date(2017, 1, 1)


def said(columns: list[ResultColumn], *rows: tuple, request: Request | None = None, reading: str = "") -> str:
    return word(Result(tuple(columns), rows, "SELECT 1"), request or Request(), reading)


@pytest.mark.parametrize(
    ("columns", "rows", "text"),
    [
        ([SALES], [(4602735.1,)], "Net sales: **$4.6 million**."),
        ([SALES], [(None,)], "There is no net sales to report: nothing matches."),
        ([SALES, BEFORE, CHANGE, CHANGE_PCT], [(120.0, 100.0, 20.0, 20.0)], "Net sales: **$120.00**, up 20% from $100.00."),
        ([SALES, BEFORE, CHANGE, CHANGE_PCT], [(120.0, None, None, None)], "Net sales: **$120.00**; there is nothing to compare it with."),
        ([SALES, BEFORE, CHANGE, CHANGE_PCT], [(5.0, 0.0, 5.0, None)], "Net sales: **$5.00**, up $5.00 from $0.00."),
        ([STORE, SALES], [("Harbour", 5.0)], "**Harbour**: net sales **$5.00**."),
        ([STORE, SALES], [("Harbour", 5.0), ("Park", 9.0), ("Old Town", 2.0)], "**Park** has the highest net sales: **$9.00**, followed by Harbour ($5.00); the lowest of 3 is Old Town ($2.00)."),
        ([STORE, SALES], [("Harbour", 5.0), ("Park", 5.0)], "**Harbour**, **Park** tie for the highest net sales at **$5.00**."),
        ([STORE, SALES, SHARE], [("Harbour", 6.0, 60.0), ("Park", 4.0, 40.0)], "**Harbour** has the highest net sales: **$6.00** (60% of the total), followed by Park ($4.00)."),
        ([HOUSEHOLD, SALES], [(718, 5.0), (9, 3.0)], "**household 718** has the highest net sales: **$5.00**, followed by household 9 ($3.00)."),
        ([SECURED, SALES], [(False, 5.0), (True, 3.0)], "**Not secured** has the highest net sales: **$5.00**, followed by Secured ($3.00)."),
        ([HAS_CARD, SALES], [(True, 5.0), (False, 3.0)], "**With card** has the highest net sales: **$5.00**, followed by Without card ($3.00)."),
        ([WEEKDAY, SALES], [(1, 5.0), (7, 9.0)], "Net sales is highest on Sunday (**$9.00**) and lowest on Monday (**$5.00**)."),
        ([MONTH, SALES], [(JANUARY, 100.0), (date(2017, 2, 1), 80.0)], "Net sales fell from **$100.00** (Jan 2017) to **$80.00** (Feb 2017), down 20%."),
        ([WEEK, SALES], [(JANUARY, 1.0), (date(2017, 1, 8), 1.0), (date(2017, 1, 15), 2.0)], "Net sales rose from **$1.00** (the week of Jan 1, 2017) to **$2.00** (the week of Jan 15, 2017), up 100%. High: **$2.00** in the week of Jan 15, 2017; low: **$1.00** in the week of Jan 1, 2017."),
        ([DAY, SALES], [(JANUARY, 5.0), (date(2017, 1, 2), None), (date(2017, 1, 3), 9.0), (date(2017, 1, 4), 5.0)], "Net sales is **$5.00** at both ends, Jan 1, 2017 and Jan 4, 2017. High: **$9.00** on Jan 3, 2017; low: **$5.00** on Jan 1, 2017."),
        ([STORE], [("Harbour",), ("Park",)], "**2** found: Harbour, Park."),
        ([STORE], [("Harbour",)], "Store: **Harbour**."),
        ([STORE, SALES], [("Harbour", None), ("Park", None)], "There is no net sales for any of the 2 groups."),
        ([LATEST], [(JANUARY,)], "Latest order: **Jan 1, 2017**."),
        ([STORE, LATEST], [("Harbour", JANUARY), ("Park", date(2017, 5, 1))], "Latest order: Park **May 1, 2017**; Harbour **Jan 1, 2017**."),
    ],
)  # fmt: skip
def test_a_result_in_words(columns: list[ResultColumn], rows: list[tuple], text: str) -> None:
    assert said(columns, *rows) == text


def test_a_request_for_the_lowest_is_answered_with_the_lowest() -> None:
    assert "**Old Town** has the lowest" in said([STORE, SALES], ("Old Town", 2.0), ("Harbour", 5.0), request=BOTTOM)


def test_nothing_found_says_what_was_looked_for() -> None:
    assert said([STORE, SALES], reading="Net sales by store, 2031") == "Nothing matches: net sales by store, 2031."


# --- every figure said is one that the guard lets pass ---------------------------------------------------------------

money = st.none() | st.floats(-1e12, 1e12) | st.decimals(-(10**9), 10**9, places=2)
percent = st.none() | st.floats(-500, 500)
whole = st.none() | st.integers(-(10**13), 10**13)
names = st.none() | st.sampled_from(["Harbour", "Route 66", "7-Eleven", "Park (2)"]) | st.text(max_size=8)
days = st.none() | st.dates(date(1999, 1, 1), date(2031, 1, 1))
CELLS: dict[str, tuple[ResultColumn, st.SearchStrategy[Any]]] = {
    "store": (STORE, names),
    "household": (HOUSEHOLD, st.none() | st.integers(1, 9999)),
    "month": (MONTH, days),
    "week": (WEEK, days),
    "day": (DAY, days),
    "at": (ResultColumn("at", "Ordered at", "time"), st.none() | st.datetimes(datetime(1999, 1, 1), datetime(2031, 1, 1))),
    "weekday": (WEEKDAY, st.none() | st.integers(1, 7)),
    "sales": (SALES, money),
    "units": (ResultColumn("units", "Units", "integer", measure=True), whole),
    "days": (ResultColumn("days", "Delivery time", "number", measure=True, unit="days"), money),
    "before": (BEFORE, money),
    "change": (CHANGE, money),
    "pct": (CHANGE_PCT, percent),
    "share": (SHARE, percent),
    "running": (ResultColumn("running", "Running total", "currency", measure=True, unit="USD", role="running"), money),
    "rate": (ResultColumn("rate", "Return rate", "percent", measure=True), percent),
    "latest": (LATEST, days),
    "mode": (ResultColumn("mode", "Most common channel", "category", measure=True), names),
}  # fmt: skip
SHAPES = [
    ["sales"], ["units", "days"], ["sales", "before", "change", "pct"], ["store", "sales"], ["store", "household", "units"],
    ["store", "sales", "share"], ["store", "sales", "before", "change", "pct"], ["month", "sales"], ["week", "days"],
    ["day", "units"], ["weekday", "rate"], ["month", "sales", "running"], ["month", "sales", "before", "change", "pct"],
    ["month", "store", "sales"], ["store", "at"], ["household"], ["latest"], ["store", "latest"], ["month", "latest"],
    ["store", "mode"], ["month", "mode"], ["month", "pct"], ["store", "rate", "units"],
]  # fmt: skip


@st.composite
def results(draw: st.DrawFn) -> Result:
    shape = draw(st.sampled_from(SHAPES))
    rows = draw(st.lists(st.tuples(*(CELLS[name][1] for name in shape)), max_size=8))
    return Result(tuple(CELLS[name][0] for name in shape), rows, "SELECT 1", truncated=draw(st.booleans()))


@given(results(), st.sampled_from([Request(), TOP, BOTTOM, Request(limit=2, limit_per=["d.store"])]))
def test_the_guard_lets_every_sentence_pass(result: Result, request_: Request) -> None:
    text = word(result, request_, "")
    assert text
    assert [f.text for f in unsupported(text, [result])] == []


odd = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(), st.binary(), st.lists(st.integers()), st.sampled_from([10**400, Decimal("sNaN"), time(1), timedelta(1)]),
)  # fmt: skip


@given(st.sampled_from(SHAPES), st.data())
def test_whatever_a_database_returns_is_said(shape: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(*[odd] * len(shape)), max_size=5))
    result = Result(tuple(CELLS[name][0] for name in shape), rows, "SELECT 1")
    for request in (Request(), TOP, BOTTOM):
        assert word(result, request, "net sales")
