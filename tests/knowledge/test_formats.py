"""What people of a locale see: one example a line."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from knowledge.formats import format_short, format_value
from knowledge.result import ResultColumn

USD = ResultColumn("sales", "Sales", "currency", measure=True, unit="USD")
COUNT = ResultColumn("n", "Number of orders", "integer", measure=True)
NUMBER = ResultColumn("x", "Average quantity", "number", measure=True)
PERCENT = ResultColumn("p", "Share", "percent", measure=True)
DAYS = ResultColumn("d", "Delivery time", "number", measure=True, unit="days")


def time_column(grain: str | None) -> ResultColumn:
    return ResultColumn("t", "Time", "time", grain=grain)


@pytest.mark.parametrize(
    ("value", "column", "shown"),
    [
        (1234.5, USD, "$1,234.50"),
        (Decimal("-0.5"), USD, "-$0.50"),
        (0.0034, USD, "$0.0034"),
        (12, ResultColumn("c", "Price", "currency", unit="JPY"), "¥12"),
        (12, ResultColumn("c", "Price", "currency", unit="CHF"), "CHF\u00a012.00"),
        (1469307, COUNT, "1,469,307"),
        (2**80, COUNT, "1,208,925,819,614,629,174,706,176"),
        (3.14159, NUMBER, "3.14"),
        (0.01234, NUMBER, "0.012"),
        (3.0, NUMBER, "3"),
        (12.5, PERCENT, "12.5%"),
        (0.034, PERCENT, "0.034%"),
        (2034.6, PERCENT, "2,035%"),
        (10034, ResultColumn("id", "Customer id", "key"), "10034"),
        (2017, ResultColumn("y", "Model year", "integer"), "2017"),
        (2017, COUNT, "2,017"),
        (None, COUNT, "–"),
        (float("nan"), NUMBER, "–"),
        (float("inf"), USD, "–"),
        (True, ResultColumn("f", "Active", "flag"), "yes"),
        (0, ResultColumn("f", "Active", "flag"), "no"),
        ("7-Eleven", ResultColumn("s", "Store"), "7-Eleven"),
        ([1, 2], ResultColumn("s", "Tags"), "[1, 2]"),
        (b"abc", ResultColumn("s", "Photo"), "(3 bytes)"),
        (timedelta(days=2, hours=3, minutes=4, seconds=5), ResultColumn("s", "Wait"), "2 days 3:04:05"),
        (timedelta(minutes=-4), ResultColumn("s", "Wait"), "-0:04:00"),
    ],
)
def test_a_value_in_a_table(value: Any, column: ResultColumn, shown: str) -> None:
    assert format_value(value, column) == shown


@pytest.mark.parametrize(
    ("value", "grain", "shown"),
    [
        (date(2017, 11, 6), "year", "2017"),
        (date(2017, 11, 6), "quarter", "Q4 2017"),
        (datetime(2017, 11, 1), "month", "Nov 2017"),
        (date(2017, 11, 6), "week", "Week of Nov 6, 2017"),
        (datetime(2017, 11, 6, 15), "day", "Nov 6, 2017"),
        (datetime(2017, 11, 6, 15), "hour", "Nov 6, 2017, 3 PM"),
        (datetime(2017, 11, 6, 15, 4), None, "Nov 6, 2017, 3:04 PM"),
        (datetime(2017, 11, 6), None, "Nov 6, 2017"),
        (time(15, 4, 5), None, "3:04:05 PM"),
        (1, "day_of_week", "Monday"),
        (7, "day_of_week", "Sunday"),
        (3, "month_of_year", "March"),
        (15, "hour_of_day", "3 PM"),
        (0, "hour_of_day", "12 AM"),
        (4, "quarter_of_year", "Q4"),
        (32, "week_of_year", "Week 32"),
        (31, "day_of_month", "31"),
        (13, "month_of_year", "13"),
    ],
)
def test_a_time_by_its_grain(value: Any, grain: str | None, shown: str) -> None:
    assert format_value(value, time_column(grain)).replace("\u202f", " ") == shown


@pytest.mark.parametrize(
    ("value", "column", "said"),
    [
        (4602735.11, USD, "$4.6 million"),
        (-4602735.11, USD, "-$4.6 million"),
        (253_412_345, USD, "$253.4 million"),
        (999_960_000, USD, "$1 billion"),
        (999_999, USD, "$999,999"),
        (1234.56, USD, "$1,235"),
        (12.5, USD, "$12.50"),
        (1_469_307, COUNT, "1.47 million"),
        (12_400, COUNT, "12,400"),
        (1, DAYS, "1 day"),
        (12.5, DAYS, "12.5 days"),
        (2_500_000, DAYS, "2.5 million days"),
        (8.16, PERCENT, "8.2%"),
        (10_034_000, ResultColumn("id", "Customer id", "key"), "10034000"),
        (date(2017, 11, 6), time_column("week"), "the week of Nov 6, 2017"),
        (None, USD, "–"),
    ],
)
def test_a_value_in_a_sentence(value: Any, column: ResultColumn, said: str) -> None:
    assert format_short(value, column) == said


@pytest.mark.parametrize(
    ("locale", "money", "share", "month", "weekday"),
    [
        ("de_DE", "1.234,50\u00a0€", "12,5\u00a0%", "Nov. 2017", "Montag"),
        ("fr-FR", "1\u202f234,50\u00a0€", "12,5\u00a0%", "nov. 2017", "lundi"),
        ("en_GB", "€1,234.50", "12.5%", "Nov 2017", "Monday"),
        ("hi_IN", "€1,234.50", "12.5%", "नव॰ 2017", "सोमवार"),
        ("no such locale", "€1,234.50", "12.5%", "Nov 2017", "Monday"),
    ],
)
def test_a_locale_has_its_own_forms(locale: str, money: str, share: str, month: str, weekday: str) -> None:
    euro = ResultColumn("m", "Sales", "currency", unit="EUR")
    assert format_value(1234.5, euro, locale) == money
    assert format_value(12.5, PERCENT, locale) == share
    assert format_value(date(2017, 11, 6), time_column("month"), locale) == month
    assert format_value(1, time_column("day_of_week"), locale) == weekday


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1e28, "1e28"),
        (Decimal("-1.23456e30"), "-1.235e30"),
        (10**400, "1e400"),
        (Decimal("1E-40"), "1e-40"),
        (Decimal("sNaN"), "–"),
        (Decimal("-Infinity"), "–"),
        (Decimal("-0"), "$0.00"),
    ],
)
@pytest.mark.parametrize("form", [format_value, format_short])
def test_figures_past_reading_are_short_and_never_raise(value: Any, shown: str, form: Any) -> None:
    assert form(value, USD) == shown


numbers = st.integers() | st.floats() | st.decimals() | st.sampled_from([10**400, Decimal("sNaN"), 1e28, 5e-324])
kinds = st.sampled_from(["currency", "integer", "number", "percent", "key", "flag", "time", "category", "text"])


@given(numbers, kinds, st.sampled_from([None, "USD", "days"]), st.sampled_from(["en_US", "hi_IN", "de_DE"]))
def test_every_number_can_be_shown_and_said(value: Any, kind: Any, unit: str | None, locale: str) -> None:
    column = ResultColumn("x", "X", kind, measure=True, unit=unit)
    assert format_value(value, column, locale)
    assert format_short(value, column, locale)


def test_money_without_a_currency_takes_the_businesss() -> None:
    money = ResultColumn("m", "Sales", "currency")
    assert format_value(2, money) == "2"
    assert format_value(2, money, currency="GBP") == "£2.00"


@given(
    st.decimals(-(10**12), 10**12, places=2), st.sampled_from(["en_US", "de_DE", "fr_FR", "hi_IN", "de_CH", "sv_SE"])
)
def test_the_quick_way_writes_what_babel_writes(value: Decimal, locale: str) -> None:
    money = format_value(value, ResultColumn("m", "Sales", "currency", unit="EUR"), locale)
    assert _one_minus(money) == _one_minus(format_currency(value, "EUR", locale=locale))
    assert _one_minus(format_value(int(value), COUNT, locale)) == _one_minus(format_decimal(int(value), locale=locale))


def _one_minus(text: str) -> str:
    """Babel writes a hyphen where Swedish money has a minus sign, and signs a zero."""
    return text.replace("−", "-") if re.search("[1-9]", text) else re.sub("[-−]", "", text)


@given(
    st.just(0.0) | st.floats(1e-9, 1e14) | st.floats(-1e14, -1e-9), st.sampled_from([USD, COUNT, NUMBER, PERCENT, DAYS])
)
def test_what_a_sentence_says_is_near_the_value(value: float, column: ResultColumn) -> None:
    said = format_short(value, column)
    scale = next((s for name, s in (("trillion", 1e12), ("billion", 1e9), ("million", 1e6)) if name in said), 1)
    digits = re.sub(r"[^\d.]", "", said)
    shown = float(digits) * scale
    step = scale * 10.0 ** -len(digits.partition(".")[2])
    assert abs(shown - abs(value)) <= step * 0.51 + abs(value) * 1e-9
