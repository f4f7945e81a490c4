"""Each shape of result, and the chart that shows it; and what every chart keeps, whatever a database returns."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.charts import chart, png, svg
from knowledge.result import Result, ResultColumn

STORE = ResultColumn("store", "Store", "category")
CITY = ResultColumn("city", "City", "category")
ID = ResultColumn("store_id", "Store id", "key")
MONTH = ResultColumn("month", "Month", "time", grain="month")
DAY = ResultColumn("day", "Day", "time", grain="day")
QUARTER = ResultColumn("quarter", "Quarter", "time", grain="quarter")
WEEKDAY = ResultColumn("weekday", "Weekday", "time", grain="day_of_week")
HOUR = ResultColumn("hour", "Hour", "time", grain="hour_of_day")
SALES = ResultColumn("sales", "Sales", "currency", measure=True, unit="USD")
COST = ResultColumn("cost", "Cost", "currency", measure=True, unit="USD")
HOUR_NAMED = ResultColumn("hour", "Hour of day", "category", grain="hour_of_day")
WEEKDAY_NAMED = ResultColumn("weekday", "Day of week", "category", grain="day_of_week")
AVERAGE = ResultColumn("avg", "Average basket", "currency", measure=True, unit="USD")
UNITS = ResultColumn("units", "Units", "integer", measure=True)
BEFORE = ResultColumn("sales_before", "Sales before", "currency", measure=True, unit="USD", role="previous", of="sales")
CHANGE = ResultColumn("sales_change", "Change", "percent", measure=True, role="change_pct", of="sales")
SHARE = ResultColumn("share", "Share of sales", "percent", measure=True, role="share")
RUNNING = ResultColumn("running", "Running total", "currency", measure=True, unit="USD", role="running")
FIRST_SEEN = ResultColumn("first", "First order", "time", measure=True)

MONTHS = [date(2017, m, 1) for m in range(1, 13)]
STORES = [f"Store {n}" for n in range(1, 41)]


def result(columns: list[ResultColumn], rows: list[tuple], **more: Any) -> Result:
    return Result(tuple(columns), rows, "SELECT 1", **more)


def drawn(columns: list[ResultColumn], rows: list[tuple], **more: Any) -> dict[str, Any]:
    spec = chart(result(columns, rows, **more))
    assert spec is not None
    return spec


def values(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return spec["data"]["values"]


def labels(spec: dict[str, Any]) -> list[str]:
    """The texts of the drawing."""
    return re.findall(r"<text[^>]*>([^<]+)<", svg(spec))


SHAPES: dict[str, tuple[list[ResultColumn], list[tuple], str]] = {
    "a group is bars": ([STORE, SALES], [("a", 3.0), ("b", 2.0)], "bar"),
    "money of one kind is bars side by side": ([STORE, SALES, COST], [("a", 3.0, 1.0), ("b", 2.0, 1.5)], "bar"),
    "a period and the one before is bars side by side": ([STORE, SALES, BEFORE, CHANGE], [("a", 3.0, 2.0, 50.0), ("b", 2.0, 1.0, 100.0)], "bar"),
    "shares alone are bars": ([STORE, SHARE], [("a", 60.0), ("b", 40.0)], "bar"),
    "changes alone are bars": ([STORE, CHANGE], [("a", 60.0), ("b", -40.0)], "bar"),
    "a time is a line": ([MONTH, SALES], [(m, 10.0 * m.month) for m in MONTHS], "line"),
    "its growth alone is a line": ([MONTH, CHANGE], [(m, 1.0 * m.month) for m in MONTHS], "line"),
    "a time by group is a line each": ([MONTH, STORE, SALES], [(m, s, 1.0) for m in MONTHS for s in STORES[:3]], "line"),
    "a running total is an area": ([MONTH, RUNNING], [(m, 10.0 * m.month) for m in MONTHS], "area"),
    "also beside what it adds up": ([MONTH, SALES, RUNNING], [(m, 10.0, 10.0 * m.month) for m in MONTHS], "area"),
    "a moving average is a line beside what it is of": ([MONTH, SALES, RUNNING], [(m, 10.0 + m.month, 9.0) for m in MONTHS], "line"),
    "hours by weekdays are a heat map": ([WEEKDAY_NAMED, HOUR_NAMED, SALES], [(d, h, 1.0) for d in range(1, 8) for h in range(24)], "rect"),
    "one moment by group is bars": ([MONTH, STORE, SALES], [(MONTHS[0], s, 1.0) for s in STORES[:3]], "bar"),
    "weekdays are bars": ([WEEKDAY, UNITS], [(n, n * 5) for n in range(1, 8)], "bar"),
    "two groups are grouped bars": ([STORE, CITY, SALES], [(s, c, 1.0) for s in STORES[:5] for c in "xy"], "bar"),
    "two large groups are a heat map": ([STORE, HOUR, SALES], [(s, h, 1.0) for s in STORES[:20] for h in range(24)], "rect"),
    "two measures that don't compare are points": ([STORE, SALES, UNITS], [(s, 3.0 * n, n) for n, s in enumerate(STORES)], "point"),
}  # fmt: skip


@pytest.mark.parametrize(("columns", "rows", "mark"), SHAPES.values(), ids=SHAPES)
def test_a_shape_has_its_mark_and_its_picture(columns: list[ResultColumn], rows: list[tuple], mark: str) -> None:
    spec = drawn(columns, rows)
    assert spec["mark"]["type"] == mark
    picture = png(spec)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    assert 1400 <= width <= 2400  # 720 wide, twice as dense, and its labels
    assert 100 <= height <= 3000
    assert len(picture) > 3000  # more than an empty ground


NO_CHART: dict[str, tuple[list[ResultColumn], list[tuple]]] = {
    "nothing": ([STORE, SALES], []),
    "one row": ([STORE, SALES], [("a", 3.0)]),
    "one figure": ([SALES], [(3.0,)]),
    "records": ([STORE, CITY], [("a", "x"), ("b", "y")]),
    "figures that are all missing": ([STORE, SALES], [("a", None), ("b", None)]),
    "figures that are no numbers": ([STORE, SALES], [("a", float("nan")), ("b", Decimal("sNaN"))]),
    "times as figures": ([STORE, FIRST_SEEN], [("a", date(2017, 1, 1)), ("b", date(2017, 1, 2))]),
    "three groups": ([STORE, CITY, ID, SALES], [("a", "x", 1, 2.0), ("b", "y", 2, 2.0)]),
    "two times": ([MONTH, DAY, SALES], [(MONTHS[0], MONTHS[0], 2.0), (MONTHS[1], MONTHS[1], 2.0)]),
    "times that are missing": ([MONTH, SALES], [(None, 2.0), (MONTHS[0], 2.0)]),
}


@pytest.mark.parametrize(("columns", "rows"), NO_CHART.values(), ids=NO_CHART)
def test_what_a_table_says_better_has_no_chart(columns: list[ResultColumn], rows: list[tuple]) -> None:
    assert chart(result(columns, rows)) is None


# --- times -----------------------------------------------------------------------------------------------------------

DRAW = """
import json, sys
from assistant.charts import svg
print(svg(json.load(sys.stdin)))
"""


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Auckland"])
def test_a_day_is_drawn_on_its_day_in_every_time_zone(zone: str) -> None:
    spec = drawn([DAY, SALES], [(date(2017, 3, d), 1.0 * d) for d in range(10, 15)])
    picture = subprocess.run(
        [sys.executable, "-c", DRAW],
        input=json.dumps(spec),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"TZ": zone},
        cwd=Path(__file__).parents[2],
    ).stdout
    days = re.findall(r">(Mar \d+)<", picture)
    assert days == ["Mar 10", "Mar 11", "Mar 12", "Mar 13", "Mar 14"]


def test_quarters_are_named_and_months_follow_the_locale() -> None:
    quarters = drawn([QUARTER, SALES], [(date(2017, m, 1), 1.0 * m) for m in (1, 4, 7, 10)])
    assert labels(quarters)[:4] == ["Q1 2017", "Q2 2017", "Q3 2017", "Q4 2017"]
    german = chart(result([MONTH, SALES], [(m, 1.0) for m in MONTHS]), locale="de_DE")
    assert german is not None
    assert {"März 2017", "Dez. 2017"} <= set(labels(german))


def test_ticks_of_a_long_series_say_the_year_once() -> None:
    weeks = [(date(2016, 12, 26) + timedelta(weeks=n), 5000.0 + n) for n in range(53)]
    assert labels(drawn([DAY, SALES], weeks))[:3] == ["2017", "Feb", "Mar"]


def test_a_time_zone_does_not_move_the_wall_clock() -> None:
    zoned = datetime(2017, 1, 1, tzinfo=timezone(timedelta(hours=-5)))
    later = datetime(2017, 1, 2, tzinfo=timezone(timedelta(hours=-5)))
    spec = drawn([DAY, SALES], [(zoned, 1.0), (later, 2.0)])
    assert [v["x"] for v in values(spec)] == ["2017-01-01T00:00:00Z", "2017-01-02T00:00:00Z"]


def test_a_missing_time_is_left_out_and_a_missing_figure_is_a_gap() -> None:
    spec = drawn([MONTH, SALES], [(None, 5.0), (MONTHS[0], 1.0), (MONTHS[1], None), (MONTHS[2], 2.0)])
    assert [v["y"] for v in values(spec)] == [1.0, None, 2.0]


def test_a_long_series_zooms_without_taking_the_wheel_from_the_page() -> None:
    spec = drawn([DAY, SALES], [(date(2017, 1, 1) + timedelta(n), 1.0) for n in range(200)])
    assert spec["params"][0]["select"]["zoom"] == "wheel![event.shiftKey]"


# --- groups ----------------------------------------------------------------------------------------------------------


def test_of_a_thousand_groups_the_largest_are_drawn_and_it_says_so() -> None:
    rows = [(f"Store {n:04}", float(n * 37 % 1000)) for n in range(1000)]  # by name, as a database may return them
    spec = drawn([STORE, SALES], rows)
    assert len(values(spec)) == 30
    assert values(spec)[0]["y"] == 999
    assert spec["title"]["text"] == "The largest 30 of 1,000 by store"


def test_a_ranking_keeps_its_order() -> None:
    worst_first = [(s, float(n)) for n, s in enumerate(STORES)]
    spec = drawn([STORE, SALES], worst_first, truncated=True)
    assert [v["group"] for v in values(spec)] == STORES[:30]
    assert spec["title"]["text"] == "The first 30 of more than 40 by store"


def test_two_of_one_name_are_two_bars() -> None:
    spec = drawn([STORE, SALES], [("Ann Lee", 3.0), ("Ann Lee", 2.0), (None, 1.0)])
    assert [v["group"] for v in values(spec)] == ["Ann Lee", "Ann Lee (2)", "(none)"]


def test_an_id_or_a_city_beside_the_name_makes_no_second_axis() -> None:
    by_id = drawn([ID, STORE, SALES], [(n, s, 1.0) for n, s in enumerate(STORES)])
    assert values(by_id)[0]["group"] == "Store 1"
    by_city = drawn([STORE, CITY, SALES], [(s, f"City {n // 3}", 1.0) for n, s in enumerate(STORES)])
    assert (by_city["mark"]["type"], values(by_city)[0]["group"]) == ("bar", "Store 1")


def test_many_lines_are_the_largest_eight() -> None:
    spec = drawn([MONTH, STORE, SALES], [(m, s, float(n)) for m in MONTHS[:3] for n, s in enumerate(STORES)])
    assert {v["series"] for v in values(spec)} == set(STORES[-8:])
    assert spec["title"]["text"] == "The largest 8 of 40 by store"


@pytest.mark.parametrize(
    ("measure", "figure", "stacked"), [(SALES, 1.0, True), (SALES, -1.0, False), (AVERAGE, 1.0, False)]
)
def test_only_what_adds_up_is_stacked(measure: ResultColumn, figure: float, stacked: bool) -> None:
    spec = drawn([STORE, CITY, measure], [(s, c, figure) for s in STORES[:5] for c in "xy"])
    assert ("yOffset" not in spec["encoding"]) is stacked


def test_the_parts_of_a_stack_are_in_the_order_of_its_legend() -> None:
    spec = drawn([STORE, WEEKDAY_NAMED, SALES], [(s, d, float(d)) for s in STORES[:10] for d in range(1, 8)])
    stack = sorted(values(spec), key=lambda v: v[spec["encoding"]["order"]["field"]])
    assert list(dict.fromkeys(v["series"] for v in stack)) == spec["encoding"]["color"]["sort"]
    assert spec["encoding"]["color"]["sort"][:2] == ["Monday", "Tuesday"]


def test_a_running_total_is_drawn_not_what_it_adds_up() -> None:
    spec = drawn([MONTH, SALES, RUNNING], [(m, 10.0, 10.0 * m.month) for m in MONTHS])
    assert [v["y"] for v in values(spec)] == [10.0 * m.month for m in MONTHS]
    average = drawn([MONTH, SALES, RUNNING], [(m, 10.0 + m.month, 12.0) for m in MONTHS])
    assert {v["series"] for v in values(average)} == {"Sales", "Running total"}


def test_a_measure_that_no_axis_can_show_beside_the_first_is_left_to_the_table() -> None:
    rows = [(s, 4000.0 * n, 300 * n, 2.5) for n, s in enumerate(STORES[:9], 1)]
    spec = drawn([STORE, SALES, UNITS, AVERAGE], rows)
    assert {v["series"] for v in values(spec)} == {"Sales"}
    assert spec["title"]["text"] == "Units and average basket: see the table"
    assert drawn([STORE, SALES, AVERAGE], [(r[0], r[1], r[3]) for r in rows])["mark"]["type"] == "point"


NOW = ResultColumn("sales", "Sales, May 2017", "currency", measure=True, unit="USD", period="May 2017")
THEN = ResultColumn(
    "then", "Sales, April 2017", "currency", measure=True, unit="USD", role="previous", of="sales", period="April 2017"
)


def test_a_figure_is_drawn_beside_the_one_it_is_compared_with() -> None:
    spec = drawn([NOW, THEN], [(1_500_000.0, 1_200_000.0)])
    assert [(v["group"], v["y"]) for v in values(spec)] == [("May 2017", 1.5e6), ("April 2017", 1.2e6)]
    assert {"$1.5 million", "$1.2 million"} <= set(labels(spec))
    assert png(spec).startswith(b"\x89PNG")


@pytest.mark.parametrize("row", [(5.0, None), (-5.0, 3.0), (None, 3.0)])
def test_a_figure_with_nothing_to_compare_it_with_is_said_not_drawn(row: tuple) -> None:
    assert chart(result([NOW, THEN], [row])) is None


def test_bars_of_bands_are_a_histogram() -> None:
    incomes = ["50-74K", "Under 15K", "250K+", None, "15-24K"]
    spec = drawn([ResultColumn("income", "Income", "category"), SALES], [(i, 9.0 - n) for n, i in enumerate(incomes)])
    assert [v["group"] for v in values(spec)] == ["Under 15K", "15-24K", "50-74K", "250K+", "(none)"]


def test_sizes_are_no_bands_and_stay_ranked() -> None:
    sizes = ["20 OZ", "12 OZ", "1 LB"]
    spec = drawn([ResultColumn("size", "Package size", "category"), SALES], [(s, 9.0 - n) for n, s in enumerate(sizes)])
    assert [v["group"] for v in values(spec)] == sizes


def test_bars_too_short_to_be_seen_are_left_to_the_table() -> None:
    rows = [(s, 1000.0 / 2**n) for n, s in enumerate(STORES[:20])]
    spec = drawn([STORE, SALES], rows)
    assert len(values(spec)) == 12  # the rest are under 0.1% of the longest
    assert spec["title"]["text"] == "The first 12 of 20 by store"


def test_many_groups_that_can_not_be_stacked_are_a_heat_map() -> None:
    few = [(s, c, 1.0) for s in STORES[:5] for c in "xyz"]
    assert drawn([STORE, CITY, AVERAGE], few)["mark"]["type"] == "bar"
    many = [(s, c, 1.0) for s in STORES[:9] for c in "uvwxyz"]
    assert drawn([STORE, CITY, AVERAGE], many)["mark"]["type"] == "rect"
    assert drawn([STORE, CITY, SALES], many)["mark"]["type"] == "bar"


def test_lines_are_named_from_the_largest_down() -> None:
    spec = drawn([MONTH, STORE, SALES], [(m, s, float(n)) for m in MONTHS for n, s in enumerate(("a", None, "c", "b"))])
    assert spec["encoding"]["color"]["sort"] == ["b", "c", "a", "(none)"]


def test_bands_of_numbers_are_in_their_own_order() -> None:
    ages = ["45-54", None, "19-24", "65+", "100+"]
    spec = drawn(
        [STORE, ResultColumn("age", "Age group", "category"), SALES], [(s, a, 1.0) for s in STORES for a in ages]
    )
    assert spec["encoding"]["color"]["sort"] == ["19-24", "45-54", "65+", "100+", "(none)"]


@pytest.mark.parametrize("hour", [HOUR, HOUR_NAMED])
def test_hours_of_a_heat_map_are_in_the_order_of_the_day(hour: ResultColumn) -> None:
    rows = [(n, h, 1.0) for n in range(1, 13) for h in (18, 9, *range(10, 18))]
    spec = drawn([ResultColumn("m", "Month", "time", grain="month_of_year"), hour, SALES], rows)
    sides = [spec["encoding"][side]["sort"] for side in ("x", "y")]
    assert ["9 AM", "10 AM", "11 AM"] in [[t.replace("\u202f", " ") for t in side[:3]] for side in sides]


# --- figures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "column", "locale", "shown"),
    [
        ((2e9, 1e9), SALES, "en_US", "$2B"),
        ((1500.0, 3.0), SALES, "en_US", "$1K"),
        ((0.5, 0.25), SALES, "en_US", "$0.5"),  # not "$500m", as d3 would have it
        ((-2e6, 1e6), SALES, "en_US", "−$2M"),
        ((40.0, 10.0), SHARE, "en_US", "40%"),
        ((1.5e6, 1e6), ResultColumn("x", "X", "currency", measure=True, unit="EUR"), "de_DE", "1,4M\u00a0€"),
    ],
)
def test_an_axis_says_its_figures_as_people_do(figures: Any, column: ResultColumn, locale: str, shown: str) -> None:
    spec = chart(result([STORE, column], [("a", figures[0]), ("b", figures[1])]), locale=locale)
    assert spec is not None
    assert shown in labels(spec)


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(allow_nan=False),
    st.text(max_size=5),
    st.dates(),
    st.datetimes(timezones=st.none() | st.just(UTC)),
    st.sampled_from([10**400, 1e308, -1e308]),
)
pairs = st.sampled_from([[STORE, SALES], [MONTH, SALES], [WEEKDAY, SALES], [ID, SHARE], [DAY, RUNNING]])
triples = st.sampled_from([[STORE, CITY, SALES], [MONTH, STORE, SALES], [STORE, SALES, UNITS], [STORE, SALES, BEFORE]])


def rows_of(columns: st.SearchStrategy[list[ResultColumn]], width: int) -> Callable[..., Any]:
    return given(columns, st.lists(st.tuples(*[cells] * width), max_size=12), st.sampled_from(["en_US", "hi_IN"]))


@rows_of(pairs, 2)
def test_whatever_a_database_returns_is_strict_json_or_no_chart(columns: Any, rows: Any, locale: str) -> None:
    json.dumps(chart(result(columns, rows), locale=locale), allow_nan=False)


@rows_of(triples, 3)
def test_so_is_what_has_three_columns(columns: Any, rows: Any, locale: str) -> None:
    json.dumps(chart(result(columns, rows), locale=locale), allow_nan=False)


EXPECTED = ResultColumn("expected", "Forecast", "currency", measure=True, unit="USD", role="expected", of="sales")
LOW = ResultColumn("low", "Low", "currency", measure=True, unit="USD", role="low", of="sales")
HIGH = ResultColumn("high", "High", "currency", measure=True, unit="USD", role="high", of="sales")
FLAGGED = ResultColumn("unusual", "Unusual", "flag", measure=True, role="flagged", of="sales")


def test_a_forecast_is_a_line_that_goes_on_dashed_in_its_likely_range() -> None:
    rows = [(m, 10.0 * n, None, None, None) for n, m in enumerate(MONTHS[:9])]
    rows += [(m, None, 90.0, 80.0, 100.0) for m in MONTHS[9:]]
    spec = drawn([MONTH, SALES, EXPECTED, LOW, HIGH], rows)
    marks = [layer["mark"]["type"] for layer in spec["layer"]]
    assert marks == ["area", "line", "line", "point"]
    assert spec["layer"][1]["mark"]["strokeDash"]
    assert [v["value"] for v in values(spec)][:2] == [0.0, 10.0]
    assert values(spec)[-1] | {"value": None, "expected": 90.0, "low": 80.0, "high": 100.0} == values(spec)[-1]
    assert len(png(spec)) > 1_000


def test_what_is_unusual_is_a_point_outside_its_range() -> None:
    rows = [(m, 200.0 if n == 4 else 90.0, 90.0, 80.0, 100.0, n == 4) for n, m in enumerate(MONTHS)]
    spec = drawn([MONTH, SALES, EXPECTED, LOW, HIGH, FLAGGED], rows)
    assert [v["flagged"] for v in values(spec)].index(True) == 4


def test_a_range_for_many_groups_keeps_the_largest() -> None:
    rows = [(m, s, None, 10.0 + n, 5.0, 20.0) for m in MONTHS for n, s in enumerate(STORES)]
    spec = drawn([MONTH, STORE, SALES, EXPECTED, LOW, HIGH], rows)
    assert "largest 8 of 40" in json.dumps(spec["title"])
