"""Numbers, dates and money as a person of a locale writes them.

Patterns, separators and names are CLDR's, through Babel. Babel takes some 50 µs to apply a pattern; a table of 10,000
cells can't wait for that, so what a locale does to a number (`_Style`) is read once and applied with Python's own
formatting. Locales that group otherwise than by three (Hindi) are left to Babel.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_day_names, get_month_names
from babel.numbers import NumberPattern, format_decimal, get_currency_precision, get_currency_symbol, parse_pattern

from knowledge.result import ResultColumn

NOTHING = "–"
_LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_YEAR = re.compile(r"\byear\b", re.I)
_UNIT = re.compile(r"[a-z]{1,12}")
_NO_UNIT = {"percent", "ratio", "count", "number", "each", "unit", "units"}
"""Units that say nothing beside the column's label."""
_LONGEST_TEXT = 500
_TINY, _HUGE = 1e-9, 1e25
"""Beyond these nobody reads the digits (and Babel has no room for them)."""


@lru_cache(maxsize=64)
def babel_locale(name: str) -> Locale:
    """The locale of that name; American English where there is none."""
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale.parse("en_US")


def format_value(value: Any, column: ResultColumn, locale: str = "en_US", currency: str | None = None) -> str:
    """A value as a table shows it. `currency` is the ISO code of money whose column names none.

    >>> format_value(1234.5, ResultColumn("x", "X", "currency", unit="USD"))
    '$1,234.50'
    >>> format_value(date(2017, 11, 6), ResultColumn("w", "Week", "time", grain="week"))
    'Week of Nov 6, 2017'
    """
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        if not _finite(value):
            return NOTHING
        if _extreme(value):
            return _scientific(value)
        if column.kind == "flag" and value in (0, 1):
            return "yes" if value else "no"
        if column.is_part:
            return _part(int(value), column.grain, locale)
        return _number(value, column, locale, currency)
    if isinstance(value, str):
        return value
    if isinstance(value, date | time):
        return _moment(value, column.grain, locale)
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, bytes | bytearray):
        return f"({len(value):,} bytes)"
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, default=str, ensure_ascii=False)[:_LONGEST_TEXT]
    return str(value)


def format_short(value: Any, column: ResultColumn, locale: str = "en_US", currency: str | None = None) -> str:
    """A value as a sentence says it: millions in words, no cents from a thousand up, the unit after the figure.

    >>> format_short(4602735.11, ResultColumn("x", "X", "currency", unit="USD"))
    '$4.6 million'
    >>> format_short(12.5, ResultColumn("x", "X", "number", unit="days"))
    '12.5 days'
    """
    if isinstance(value, date) and column.grain == "week":
        return "the week of " + _moment(value, "day", locale)
    if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
        return format_value(value, column, locale, currency)
    if not _finite(value) or _extreme(value):
        return format_value(value, column, locale, currency)
    if column.kind in ("time", "percent", "key", "flag") or column.unit == "percent":
        return format_value(value, column, locale, currency)
    money = _money(column, currency)
    style = _style(locale, money)
    size = abs(float(value))
    for bound, name in _LARGE:
        if size >= max(0.99995 * bound, 1e6):  # 999,960,000 is a billion, not 1,000 million
            digits = 2 if size < 100 * bound else 1
            return style.write(float(value) / bound, digits, trimmed=True, scale=name) + _unit_after(2, column, money)
    if money and size >= 1000:
        return style.write(value, 0)
    return format_value(value, column, locale, currency) + _unit_after(value, column, money)


def affixes(column: ResultColumn, locale: str = "en_US") -> tuple[str, str]:
    """What stands before and after the column's figures: "$" and "", "" and " €", "" and "%".

    >>> affixes(ResultColumn("x", "X", "currency", unit="EUR"), "de_DE")
    ('', '\xa0€')
    """
    style = _style(locale, _money(column, None), column.kind == "percent" or column.unit == "percent")
    return style.before[0], style.after[0]


# --- numbers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Style:
    """How a locale writes a number, or an amount of a currency."""

    group: str
    decimal: str
    before: tuple[str, str]
    """In front of a positive and of a negative number."""
    after: tuple[str, str]
    places: int
    """Of the currency."""
    babel: Locale | None = None
    """Set where digits are not grouped by three."""

    def write(self, value: float | Decimal, digits: int, *, trimmed: bool = False, scale: str = "") -> str:
        """`digits` after the point, without trailing zeros if `trimmed`; `scale` is said after the number."""
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        text = f"{abs(exact):,.{digits}f}"
        whole, _, part = text.partition(".")
        part = part.rstrip("0") if trimmed else part
        negative = exact < 0 and (whole.strip("0,") != "" or part.strip("0") != "")
        if self.babel is None:
            whole = whole.replace(",", self.group)
        else:
            whole = format_decimal(int(whole.replace(",", "")), locale=self.babel)
        number = f"{whole}{self.decimal}{part}" if part else whole
        said = f"{number} {scale}" if scale else number
        return f"{self.before[negative]}{said}{self.after[negative]}"


@lru_cache(maxsize=256)
def _style(locale: str, currency: str | None = None, percent: bool = False) -> _Style:
    where = babel_locale(locale)
    formats = where.percent_formats if percent else where.currency_formats if currency else where.decimal_formats
    pattern: NumberPattern = parse_pattern(formats["standard"] if currency else formats[None])
    symbols = where.number_symbols["latn"]
    before, after = (
        tuple(a.replace("%", symbols["percentSign"]).replace("-", symbols["minusSign"]) for a in affixes)
        for affixes in (pattern.prefix, pattern.suffix)
    )
    places = 2
    if currency:
        symbol = get_currency_symbol(currency, locale=where)
        # A currency named by letters stands apart from its amount, whatever the pattern says (CLDR: currencySpacing).
        left = symbol + "\u00a0" if symbol[-1:].isalpha() else symbol
        before = tuple(re.sub("¤$", left, b).replace("¤", symbol) for b in before)
        after = tuple(a.replace("¤", symbol) for a in after)
        places = get_currency_precision(currency)
    by_three = parse_pattern(where.decimal_formats[None]).grouping == (3, 3)
    return _Style(
        symbols["group"],
        symbols["decimal"],
        (before[0], before[1]),
        (after[0], after[1]),
        places,
        None if by_three else where,
    )


def _number(value: float | Decimal, column: ResultColumn, locale: str, currency: str | None) -> str:
    size = abs(float(value))
    if column.kind == "percent" or column.unit == "percent":
        digits = 0 if size >= 1000 else 1 if size >= 0.1 or size == 0 else _significant(size, 2)
        return _style(locale, percent=True).write(value, digits, trimmed=True)
    whole = value == int(value)
    if column.kind == "key" or (column.kind == "category" and whole):
        return str(int(value)) if whole else str(value)
    if whole and not column.measure and 1000 <= value <= 9999 and _YEAR.search(column.label):
        return str(int(value))
    money = _money(column, currency)
    style = _style(locale, money)
    if money:
        tiny = 0 < size < 10**-style.places
        return style.write(value, _significant(size, 2) if tiny else style.places)
    if whole:
        return style.write(int(value), 0)
    if column.kind == "integer" and size >= 1000:
        return style.write(value, 0)
    return style.write(value, 2 if size >= 1 else max(_significant(size, 2), 2), trimmed=True)


def _finite(value: float | Decimal) -> bool:
    """A number, at all: `math.isfinite` raises for a whole number past 1e308 and for a signalling NaN."""
    return value.is_finite() if isinstance(value, Decimal) else isinstance(value, int) or math.isfinite(value)


def _extreme(value: Any) -> bool:
    return bool(value != 0 and not _TINY <= abs(value) < _HUGE)


def _scientific(value: float | Decimal) -> str:
    """ "1.209e30"."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    power = exact.adjusted()
    return f"{float(exact.scaleb(-power)):.4g}e{power}"


def _significant(size: float, digits: int) -> int:
    """The places after the point that show so many digits of a number below 1; 12 at most."""
    return min(digits - 1 - math.floor(math.log10(size)), 12)


def _money(column: ResultColumn, currency: str | None) -> str | None:
    """The column's currency, if its figures are money."""
    unit = column.unit
    if unit and len(unit) == 3 and unit.isascii() and unit.isalpha() and unit.isupper():
        return unit
    return currency if column.kind == "currency" else None


def _unit_after(value: float | Decimal, column: ResultColumn, money: str | None) -> str:
    """ " days" after the figure, " day" after a 1."""
    unit = column.unit
    if money or not unit or unit in _NO_UNIT or not _UNIT.fullmatch(unit):
        return ""
    return f" {unit[:-1]}" if abs(value) == 1 and unit.endswith("s") and len(unit) > 3 else f" {unit}"


# --- times -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _part(number: int, grain: str | None, locale: str) -> str:
    where = babel_locale(locale)
    if grain == "day_of_week" and 1 <= number <= 7:
        return str(get_day_names("wide", locale=where)[number - 1])
    if grain == "month_of_year" and 1 <= number <= 12:
        return str(get_month_names("wide", locale=where)[number])
    if grain == "hour_of_day" and 0 <= number <= 23:
        return _clock(time(number), where, whole_hours=True)
    if grain == "quarter_of_year":
        return f"Q{number}"
    return f"Week {number}" if grain == "week_of_year" else str(number)


@lru_cache(maxsize=32_768)
def _moment(value: date | time, grain: str | None, locale: str) -> str:
    where = babel_locale(locale)
    if isinstance(value, time):
        return _clock(value, where)
    if grain == "year":
        return f"{value.year:04d}"
    if grain in ("month", "quarter"):
        # The time of day plays no part, and a time zone would make Babel shift it.
        return str(format_skeleton("yMMM" if grain == "month" else "yQQQ", _day(value), locale=where))
    day = str(format_date(_day(value), "medium", locale=where))
    if grain == "week":
        return f"Week of {day}" if where.language == "en" else day
    if grain == "day" or not isinstance(value, datetime):
        return day
    if grain == "hour":
        return f"{day}, {_clock(value.time(), where, whole_hours=True)}"
    return day if grain is None and value.time() == time.min else f"{day}, {_clock(value.time(), where)}"


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _clock(value: time, where: Locale, *, whole_hours: bool = False) -> str:
    """ "3 PM", "3:05 PM", "15:05"; with the seconds if there are any."""
    twelve = "a" in where.time_formats["short"].pattern
    if twelve and whole_hours:
        pattern = "h a"
    elif value.second:
        pattern = "h:mm:ss a" if twelve else "HH:mm:ss"
    else:
        pattern = "h:mm a" if twelve else "HH:mm"
    return str(format_time(value.replace(tzinfo=None), pattern, locale=where))


def _duration(value: timedelta) -> str:
    """ "2 days 3:04:05"."""
    sign, value = ("-", -value) if value < timedelta() else ("", value)
    hours, left = divmod(value.seconds, 3600)
    clock = f"{hours}:{left // 60:02d}:{left % 60:02d}"
    days = f"{value.days:,} {'day' if value.days == 1 else 'days'}" if value.days else ""
    return sign + " ".join(filter(None, (days, clock if value.seconds or not days else "")))
