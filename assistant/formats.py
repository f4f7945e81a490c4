"""Numbers, dates and money as a person of a locale writes them."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time, get_day_names, get_month_names
from babel.numbers import format_currency, format_decimal, get_currency_precision

from knowledge.result import ResultColumn

NOTHING = "–"
_CURRENCY_CODE_LENGTH = 3
_UNITS = {
    "days": "days",
    "hours": "hours",
    "minutes": "minutes",
    "seconds": "seconds",
    "kg": "kg",
    "km": "km",
    "miles": "miles",
}


@lru_cache(maxsize=64)
def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_US")


def format_value(value: Any, column: ResultColumn, locale: str = "en_US") -> str:
    """A value as a table shows it.

    >>> format_value(1234.5, ResultColumn("x", "X", "currency", unit="USD"))
    '$1,234.50'
    """
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.kind == "time" or (column.grain and "_of_" in column.grain) or isinstance(value, date | datetime | time):
        return _format_time(value, column, locale)
    if isinstance(value, int | float | Decimal):
        return _format_number(value, column, locale)
    return str(value)


def _format_number(value: int | float | Decimal, column: ResultColumn, locale: str) -> str:
    where = _locale(locale)
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        return NOTHING
    if column.kind == "percent" or column.unit == "percent":
        return (
            format_decimal(
                round(number, 1 if abs(number) >= 0.1 or number == 0 else 3), format="#,##0.###", locale=where
            )
            + "%"
        )
    if column.unit and len(column.unit) == _CURRENCY_CODE_LENGTH and column.unit.isupper():
        return str(format_currency(round(number, get_currency_precision(column.unit)), column.unit, locale=where))
    if column.kind == "key":
        return str(int(number)) if number == int(number) else str(value)
    if number == int(number) and (isinstance(value, int) or abs(number) >= 1000 or column.kind == "integer"):
        return format_decimal(int(number), format="#,##0", locale=where)
    digits = 2 if abs(number) >= 1 else 4
    return format_decimal(round(number, digits), format="#,##0.####", locale=where)


def format_short(value: Any, column: ResultColumn, locale: str = "en_US") -> str:
    """A value as a sentence says it: large figures in thousands and millions with three digits.

    >>> format_short(4602735.11, ResultColumn("x", "X", "currency", unit="USD"))
    '$4.6 million'
    """
    if (
        not isinstance(value, int | float | Decimal)
        or isinstance(value, bool)
        or column.kind in ("time", "percent", "key")
        or column.unit == "percent"
    ):
        return format_value(value, column, locale)
    number = float(value)
    size = abs(number)
    for bound, name in ((1e9, "billion"), (1e6, "million")):
        if size >= bound:
            digits = 2 if size / bound < 100 else 0
            text = format_decimal(round(number / bound, digits), format="#,##0.##", locale=_locale(locale))
            if column.unit and len(column.unit) == _CURRENCY_CODE_LENGTH and column.unit.isupper():
                shown = str(
                    format_currency(0, column.unit, locale=_locale(locale), format="¤#,##0", currency_digits=False)
                )
                symbol = shown.replace("0", "")
                return f"{'-' if number < 0 else ''}{symbol}{text.lstrip('-')} {name}"
            return f"{text} {name}"
    if column.unit and len(column.unit) == _CURRENCY_CODE_LENGTH and size >= 1000 and column.unit.isupper():
        return str(
            format_currency(round(number), column.unit, locale=_locale(locale), format="¤#,##0", currency_digits=False)
        )
    text = format_value(value, column, locale)
    return f"{text} {_UNITS[column.unit]}" if column.unit in _UNITS else text


def _format_time(value: Any, column: ResultColumn, locale: str) -> str:
    where = _locale(locale)
    grain = column.grain
    if isinstance(value, int | float | Decimal):
        number = int(value)
        if grain == "day_of_week":
            return str(get_day_names("wide", locale=where)[(number - 1) % 7])
        if grain == "month_of_year":
            return str(get_month_names("wide", locale=where)[number])
        if grain == "hour_of_day":
            return str(format_time(time(number % 24), format="short", locale=where))
        if grain == "quarter_of_year":
            return f"Q{number}"
        return str(number)
    if isinstance(value, str):
        return value
    if isinstance(value, time):
        return str(format_time(value, format="short", locale=where))
    day = value if isinstance(value, datetime) else datetime.combine(value, time.min)
    if grain == "year":
        return str(day.year)
    if grain == "quarter":
        return f"Q{(day.month + 2) // 3} {day.year}"
    if grain == "month":
        return str(format_date(day, "MMM yyyy", locale=where))
    if grain == "week":
        return "week of " + str(format_date(day, "medium", locale=where))
    if grain == "hour" or (grain is None and day.time() != time.min):
        return (
            str(format_datetime(day, "medium", locale=where))
            if grain is None
            else str(format_datetime(day, "MMM d, yyyy h a", locale=where))
        )
    return str(format_date(day, "medium", locale=where))
