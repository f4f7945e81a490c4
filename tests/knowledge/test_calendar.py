"""Comparing periods, naming them, and making the periods of a request windows. Today is Friday 17 May 2024."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from knowledge.calendar import Calendar, UnknownPeriod
from knowledge.calendar.arithmetic import step
from knowledge.model import SemanticModel
from knowledge.request import (
    Aggregate,
    All,
    Compare,
    Exists,
    Grain,
    InWindow,
    MeasureColumn,
    MetricRef,
    Request,
    SubResult,
    Window,
)

TODAY = date(2024, 5, 17)
CALENDAR = Calendar(TODAY)


def read(text: str, calendar: Calendar = CALENDAR) -> Window:
    window = calendar.read(text)
    assert window is not None, text
    return window


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("last month", "March 2024"),
        ("March 2024", "February 2024"),
        ("January 2024", "December 2023"),
        ("Q1 2024", "Q4 2023"),
        ("2023", "2022"),
        ("H1 2023", "July to December 2022"),
        ("last 3 months", "November 2023 to January 2024"),
        ("today", "16 May 2024"),
        ("last week", "the week of 29 April 2024"),
        ("last 30 days", "19 March – 17 April 2024"),
        ("5–12 March 2024", "26 February – 4 March 2024"),
        # not over: the same days of the unit before
        ("this month", "1–17 April 2024"),
        ("this year", "1 January – 17 May 2023"),
        ("this week", "6–10 May 2024"),
        ("this quarter", "1 January – 17 February 2024"),
        ("year to date", "1 January – 17 May 2023"),
        ("month to date", "1–17 April 2024"),
        ("since March", "14 December 2023 – 29 February 2024"),
    ],
)
def test_the_period_before(period: str, before: str) -> None:
    assert CALENDAR.previous(read(period)).text == before


def test_to_date_remembers_which_unit() -> None:
    """On 10 January the week, the month, the quarter and the year so far may all have started together."""
    calendar = Calendar(date(2024, 1, 10))
    months, years = read("month to date", calendar), read("year to date", calendar)
    assert (months.start, months.end) == (years.start, years.end)
    assert calendar.previous(months).text == "1–10 December 2023"
    assert calendar.previous(years).text == "1–10 January 2023"


def test_month_to_date_at_the_end_of_a_long_month_stays_in_the_month_before() -> None:
    calendar = Calendar(date(2024, 3, 30))
    assert calendar.previous(read("month to date", calendar)).text == "February 2024"


@pytest.mark.parametrize(
    ("today", "said", "before"),
    [
        (date(2024, 1, 31), "this month", "December 2023"),
        (date(2024, 3, 31), "this quarter", "Q4 2023"),
        (date(2024, 1, 31), "quarter to date", "October 2023"),
        (date(2024, 12, 31), "this year", "2023"),
    ],
)
def test_on_its_last_day_a_period_is_whole(today: date, said: str, before: str) -> None:
    calendar = Calendar(today=today)
    assert calendar.previous(read(said, calendar)).text == before


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("last month", "April 2023"),
        ("Q1 2024", "Q1 2023"),
        ("February 2024", "February 2023"),
        ("29 February 2024", "28 February 2023"),
        ("last week", "the week of 8 May 2023"),
        ("this year", "1 January – 17 May 2023"),
        ("this month", "1–17 May 2023"),
        ("year to date", "1 January – 17 May 2023"),
        ("last 30 days", "18 April – 17 May 2023"),
        ("before 2020", "before 1 January 2019"),
    ],
)
def test_a_year_ago(period: str, before: str) -> None:
    assert CALENDAR.year_ago(read(period)).text == before


def test_nothing_lies_before_an_open_start() -> None:
    with pytest.raises(UnknownPeriod, match="Nothing lies before 'before 1 January 2020'"):
        CALENDAR.previous(read("before 2020"))
    with pytest.raises(UnknownPeriod, match="All time"):
        CALENDAR.year_ago(read("all time"))


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        (date(2017, 11, 1), date(2017, 12, 1), "November 2017"),
        (date(2024, 7, 1), date(2024, 10, 1), "Q3 2024"),
        (date(2024, 1, 1), date(2025, 1, 1), "2024"),
        (date(2022, 1, 1), date(2025, 1, 1), "2022 to 2024"),
        (date(2024, 3, 1), date(2024, 3, 15), "1–14 March 2024"),
        (date(2024, 3, 5), date(2024, 3, 6), "5 March 2024"),
        (date(2024, 3, 4), date(2024, 3, 11), "the week of 4 March 2024"),
        (date(2024, 2, 1), date(2024, 4, 1), "February to March 2024"),
        (date(2023, 12, 1), date(2024, 2, 1), "December 2023 to January 2024"),
        (date(2023, 12, 30), date(2024, 1, 3), "30 December 2023 – 2 January 2024"),
        (date(2024, 3, 1), None, "since 1 March 2024"),
        (None, date(2024, 3, 1), "before 1 March 2024"),
        (None, None, "all time"),
        (datetime(2024, 3, 1, 8), datetime(2024, 3, 1, 9, 30), "from 2024-03-01 08:00:00 to 2024-03-01 09:30:00"),
    ],
)
def test_the_name_of_a_window(start: date | None, end: date | None, name: str) -> None:
    assert CALENDAR.window(start, end).text == name


def test_fiscal_names() -> None:
    calendar = Calendar(TODAY, fiscal_year_start=10)
    assert [read(p, calendar).text for p in ("this year", "last quarter", "2023")] == ["FY2024", "Q2 FY2024", "2023"]


DAYS = st.dates(date(1980, 1, 1), date(2080, 1, 1))
CALENDARS = st.builds(
    Calendar,
    today=DAYS,
    week_start=st.sampled_from(["monday", "sunday"]),
    fiscal_year_start=st.integers(1, 12),
)
UNITS: st.SearchStrategy[Grain] = st.sampled_from(["day", "week", "month", "quarter", "year"])


@given(CALENDARS, DAYS, st.integers(1, 800) | st.none())
def test_a_name_is_read_as_the_same_window(calendar: Calendar, start: date, days: int | None) -> None:
    window = calendar.window(start, start + timedelta(days=days) if days else None)
    assert calendar.read(calendar.label(window)) == window


@given(CALENDARS, DAYS, UNITS, st.integers(1, 6))
def test_names_of_whole_units_are_read_as_the_same_window(
    calendar: Calendar, day: date, unit: Grain, count: int
) -> None:
    start = calendar.start_of(day, unit)
    window = calendar.window(start, start + step(unit, count))
    assert calendar.read(calendar.label(window)) == window


@given(CALENDARS, DAYS, UNITS, st.integers(1, 6))
def test_the_period_before_whole_units_is_adjacent_and_as_many_units(
    calendar: Calendar, day: date, unit: Grain, count: int
) -> None:
    start = calendar.start_of(day, unit)
    end = start + step(unit, count)
    assume(not start <= calendar.today < end)
    before = calendar.previous(calendar.window(start, end))
    assert before.end == datetime.combine(start, datetime.min.time())
    assert before.start == before.end - step(unit, count)


@given(CALENDARS, DAYS, st.integers(1, 400))
def test_the_period_before_ends_where_the_window_starts_or_earlier(calendar: Calendar, start: date, days: int) -> None:
    before = calendar.previous(calendar.window(start, start + timedelta(days=days)))
    assert before.start is not None
    assert before.end is not None
    assert before.start < before.end <= datetime.combine(start, datetime.min.time())


@given(CALENDARS, DAYS, st.integers(1, 400))
def test_a_year_ago_is_as_long_but_for_a_leap_day(calendar: Calendar, start: date, days: int) -> None:
    end = start + timedelta(days=days)
    assume(not start <= calendar.today < end)
    before = calendar.year_ago(calendar.window(start, end))
    assert before.start is not None
    assert before.end is not None
    assert abs((before.end - before.start).days - days) <= 1


# --- requests --------------------------------------------------------------------------------------------------------


def test_every_period_of_a_request_becomes_a_window() -> None:
    lapsed = Exists(dataset="orders", where=[InWindow(field="orders.at", window="since March")], negated=True)
    average = Request(columns=[MeasureColumn(measure=MetricRef(metric="sales"))], period="last year")
    request = Request(
        columns=[
            MeasureColumn(
                measure=Aggregate(agg="count", dataset="orders", where=[InWindow(field="orders.at", window="Q1 2024")])
            )
        ],
        where=[All(of=[lapsed]), Compare(field="orders.amount", op=">", value=SubResult(request=average, agg="avg"))],
        period="last month",
        compare_to="previous_year",
    )
    resolved = CALENDAR.resolve(request)
    assert resolved == request.model_copy(
        update={
            "columns": [
                MeasureColumn(
                    measure=Aggregate(
                        agg="count", dataset="orders", where=[InWindow(field="orders.at", window=read("Q1 2024"))]
                    )
                )
            ],
            "where": [
                All(
                    of=[lapsed.model_copy(update={"where": [InWindow(field="orders.at", window=read("since March"))]})]
                ),
                Compare(
                    field="orders.amount",
                    op=">",
                    value=SubResult(request=average.model_copy(update={"period": read("last year")}), agg="avg"),
                ),
            ],
            "period": read("April 2024"),
            "compare_to": read("April 2023"),
        }
    )


def test_a_request_without_text_is_returned_as_it_is() -> None:
    request = Request(dataset="orders", period=read("last month"))
    assert CALENDAR.resolve(request) is request


@pytest.mark.parametrize(
    ("compare_to", "period", "with_"),
    [
        ("previous_period", "May 2024", "1–17 April 2024"),
        ("previous_year", "2024", "1 January – 17 May 2023"),
        ("March 2024", None, "March 2024"),
    ],
)
def test_a_comparison_without_a_period(compare_to: str, period: str | None, with_: str) -> None:
    resolved = CALENDAR.resolve(Request(dataset="orders", compare_to=compare_to))
    assert (resolved.period and resolved.period.text) == period  # type: ignore[union-attr]
    assert resolved.compare_to.text == with_  # type: ignore[union-attr]


def test_a_period_that_cannot_be_read_is_named_with_examples() -> None:
    with pytest.raises(UnknownPeriod, match=r"I can't read the period 'the ides of March'.*“last month”") as caught:
        CALENDAR.resolve(Request(dataset="orders", period="the ides of March"))
    assert caught.value.text == "the ides of March"


def test_a_model_brings_its_weeks_year_and_time_zone() -> None:
    model = SemanticModel("shop", (), week_start="sunday", fiscal_year_start=4, time_zone="America/New_York")
    assert Calendar.for_model(model, today=TODAY) == Calendar(TODAY, "sunday", 4, "America/New_York")
