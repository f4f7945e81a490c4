"""The ways in which a text may be a number or a date."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

NOTHING = ("", "NA", "N/A", "n/a", "#N/A", "NULL", "null", "None", "none", "NaN", "nan", "-", "--")
"""Texts that stand for no value in a column of numbers or dates."""

_SPACES = " '\u00a0\u202f"
"""Between thousands."""
_MONEY = r"(?:[$€£¥₹]|USD|EUR|GBP)"
_US = re.compile(rf"[-+(]?\s*{_MONEY}?\s*-?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)?(?:\.\d+)?\s*(?:{_MONEY}|%)?\)?")
_EU = re.compile(
    rf"[-+(]?\s*{_MONEY}?\s*-?(?:\d{{1,3}}(?:[.{_SPACES}]\d{{3}})+|\d+)(?:,\d+)?[\s{_SPACES}]*(?:{_MONEY}|%)?\)?"
)
_EU_SURE = re.compile(rf",\d{{1,2}}(?!\d)|,\d{{4,}}|\.\d{{3}},\d|\.\d{{3}}\.\d{{3}}|\d[{_SPACES}]\d{{3}}")
_CURRENCY = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "USD": "USD", "EUR": "EUR", "GBP": "GBP"}
_DATES = (
    "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%m-%y", "%m-%d-%y", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y",
    "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d", "%d-%b-%y", "%d-%b-%Y", "%d %b %y", "%d %b %Y", "%d %B %Y", "%b %d, %Y",
    "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%d %b, %Y", "%a, %d %b %Y", "%A, %B %d, %Y",
)  # fmt: skip
"""Years of two digits first: four digits don't read so, but `%Y` reads two as a year of long ago."""
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_FORMS = tuple(date + clock for date in _DATES for clock in _CLOCKS)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?")
_ISO_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)? ?(Z|[+-]\d{2}(:?\d{2})?)")


@dataclass(frozen=True)
class Reading:
    """One way to read a text: `sql` gives its value, of DuckDB's `type`, or NULL where `{c}` (the text) doesn't read
    so; `fits` says it of a text at hand."""

    what: str
    type: str
    sql: str
    fits: Callable[[str], bool]
    unit: str | None = None
    """"USD", "percent" …, where the text said it."""
    caveat: str | None = None


_PLAIN = (
    Reading(
        "true or false", "BOOLEAN", "CASE lower({c}) WHEN 'true' THEN true WHEN 'false' THEN false END",
        lambda t: t.lower() in ("true", "false"),
    ),
    Reading(
        "whole numbers", "BIGINT",
        "CASE WHEN CAST(TRY_CAST({c} AS BIGINT) AS VARCHAR) = {c} THEN TRY_CAST({c} AS BIGINT) END",
        lambda t: re.fullmatch(r"0|-?[1-9]\d{0,17}", t) is not None,
    ),
    Reading(
        "numbers", "DOUBLE",
        "CASE WHEN isfinite(TRY_CAST({c} AS DOUBLE)) AND NOT (starts_with({c}, '0') AND {c}[2] BETWEEN '0' AND '9') "
        "AND NOT (length({c}) > 15 AND regexp_full_match({c}, '[-+]?[0-9]+')) AND NOT contains({c}, '_') "
        "THEN TRY_CAST({c} AS DOUBLE) END",
        lambda t: bool(re.fullmatch(r"[-+]?(0|[1-9]\d{0,14}|(?=\.\d))(\.\d*)?([eE][-+]?\d{1,3})?", t)),
    ),
)  # fmt: skip
_TIMES = (
    Reading(
        "dates", "DATE", "CASE WHEN length({c}) = 10 THEN TRY_CAST({c} AS DATE) END",
        lambda t: bool(_ISO_DATE.fullmatch(t)),
    ),
    Reading(
        "times", "TIMESTAMP",
        r"CASE WHEN length({c}) > 10 AND NOT regexp_matches({c}, ':.*[+-]|[zZ]$') THEN TRY_CAST({c} AS TIMESTAMP) END",
        lambda t: bool(_ISO_TIME.fullmatch(t)),
    ),
    Reading(
        "times with a time zone", "TIMESTAMPTZ",
        r"CASE WHEN regexp_matches({c}, ':.*[+-]|[zZ]$') THEN TRY_CAST({c} AS TIMESTAMPTZ) END",
        lambda t: bool(_ISO_ZONE.fullmatch(t)),
    ),
    Reading(
        "times", "TIMESTAMP",
        r"CASE WHEN length({c}) >= 10 AND NOT regexp_matches({c}, ':.*[+-]|[zZ]$') THEN TRY_CAST({c} AS TIMESTAMP) END",
        lambda t: bool(_ISO_TIME.fullmatch(t) or _ISO_DATE.fullmatch(t)),
    ),
)  # fmt: skip


def readings_of(
    con: duckdb.DuckDBPyConnection, values: Sequence[str], enough: float, *, plain: bool, comma: bool
) -> list[Reading]:
    """The ways to read a column of which at least `enough` (a part, 0..1) of these values read so, best first.

    `plain`: bare numbers are numbers. `comma`: the decimal sign is a comma elsewhere in the file."""
    if any(re.fullmatch(r"-?0\d+", value) for value in values):
        return []  # a code
    tried = [*(_PLAIN if plain else ()), *_TIMES]
    if not values:
        return tried
    tried = [reading for reading in tried if sum(map(reading.fits, values)) >= enough * len(values)]
    if comma and any("." in v for v in values) and all(re.fullmatch(r"-?\d{1,3}(\.\d{3})*", v) for v in values):
        tried = []  # 1.234 is over a thousand where a comma is the decimal sign
    if (amount := _amount(values, enough, comma)) is not None:
        tried.append(amount)
    if not any(all(map(reading.fits, values)) for reading in tried):
        tried += _dates(con, values, enough, comma)
    return tried


def speaks_for_comma(values: Sequence[str]) -> bool:
    """The values are numbers whose decimal sign must be a comma."""
    return bool(values) and all(map(_EU.fullmatch, values)) and any(map(_EU_SURE.search, values))


def _amount(values: Sequence[str], enough: float, comma: bool) -> Reading | None:
    """Numbers with a currency, a percent sign, thousands or a decimal comma."""
    european = speaks_for_comma(values) or (comma and all(map(_EU.fullmatch, values)))
    form = _EU if european else _US
    read = [value for value in values if form.fullmatch(value) and re.search(r"\d", value)]
    if len(read) < enough * len(values) or any(re.match(r"-?0\d", value) for value in read):
        return None
    signs = {sign for value in read for sign in re.findall(rf"{_MONEY}|%", value)}
    if len(signs) > 1:
        return None  # dollars and euros can't be added
    if not signs and not any(re.search(rf"[,(){_SPACES}]", v) or (european and "." in v) for v in read):
        return None
    pattern = form.pattern.replace("'", "''")
    kept = f"regexp_replace({{c}}, '{'[^0-9,(-]' if european else '[^0-9.(-]'}', '', 'g')"
    number = f"replace({kept}, '(', '-')"
    if european:
        number = f"replace({number}, ',', '.')"
    sign = next(iter(signs), "")
    return Reading(
        "amounts", "DOUBLE",
        f"CASE WHEN regexp_full_match({{c}}, '{pattern}') THEN TRY_CAST({number} AS DOUBLE) END",
        lambda text: bool(form.fullmatch(text) and re.search(r"\d", text)),
        unit="percent" if sign == "%" else _CURRENCY.get(sign),
    )  # fmt: skip


def _dates(con: duckdb.DuckDBPyConnection, values: Sequence[str], enough: float, comma: bool) -> list[Reading]:
    some = [v for v in values if 6 <= len(v) <= 40 and re.search(r"\d", v) and re.search(r"[-/. ]", v)]
    if len(some) < enough * len(values):
        return []
    counted = ", ".join(f"count(TRY_STRPTIME(v, '{form}'))" for form in _FORMS)
    [counts] = con.execute(f"SELECT {counted} FROM unnest(?::VARCHAR[]) AS t(v)", [some]).fetchall()
    best = max(counts)
    if best < enough * len(values):
        return []
    forms = [form for form, count in zip(_FORMS, counts, strict=True) if count == best]
    # 03/04/2024 fits both: the American order, unless the file is European otherwise
    form = min(forms, key=lambda form: (not comma) != form.startswith("%m"))
    caveat = None
    if {"%d", "%m"} <= {form[:2] for form in forms}:
        caveat = f"dates like {some[0]!r} are read {'month' if form.startswith('%m') else 'day'} first"
    timed = "%H" in form or "%I" in form
    parsed = f"TRY_STRPTIME({{c}}, '{form}')"
    sql = parsed if timed else f"CAST({parsed} AS DATE)"
    return [Reading("times" if timed else "dates", "TIMESTAMP" if timed else "DATE", sql, lambda t: True, None, caveat)]
