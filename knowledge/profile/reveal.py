"""The types that text and integers hide: dates, numbers, times and JSON in text; moments kept as whole numbers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import duckdb

from knowledge.model import DataType
from knowledge.profile.columns import ColumnFacts, TableFacts, quoted
from knowledge.profile.inside import columns_inside
from knowledge.words import listed, singular, spell, split

_NOTHING = (
    "", "n/a", "na", "none", "null", "nil", "nan", "-", "--", "—", "–", "?", ".", "tbd", "tba", "unknown", "n.a.",
    "#n/a", "not available", "not applicable", "\\n",
)  # fmt: skip
"""Texts that say that there is no value."""
_ISO = re.compile(r"\d{4}-\d\d?-\d\d?([ T]\d\d?:\d\d(:\d\d(\.\d+)?)?( ?(Z|UTC|[+-]\d\d:?\d\d))?)?")
_CLOCK = re.compile(r"\d{1,2}:\d\d(:\d\d(\.\d+)?)?( ?[AaPp]\.?[Mm]\.?)?")
_DATES = (
    "%Y%m%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y%m%d", "%Y/%m/%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y.%m.%d",
    "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%y", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p",
    "%d/%m/%Y %I:%M %p", "%m/%d/%y", "%d/%m/%y", "%m/%d/%y %H:%M", "%d/%m/%y %H:%M", "%d-%m-%Y", "%m-%d-%Y",
    "%d-%m-%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%d-%m-%y", "%d-%b-%Y", "%d-%b-%y", "%d-%b-%Y %H:%M", "%d-%b-%Y %H:%M:%S",
    "%d %b %Y", "%d %B %Y", "%d %B, %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%A, %B %d, %Y",
    "%a, %d %b %Y", "%a, %d %b %Y %H:%M:%S", "%a %b %d %H:%M:%S %Y", "%b %d, %Y %H:%M", "%b %d, %Y %I:%M %p", "%Y-%m",
    "%Y/%m", "%b %Y", "%B %Y", "%b-%Y", "%b-%y", "%m/%Y",
)  # fmt: skip
_CLOCKS = ("%I:%M %p", "%I:%M%p", "%I:%M:%S %p")
_NUMBER = re.compile(
    r"(?P<open>\()?(?P<sign>[-+−])?\s*(?P<money>[$€£¥₹]|USD|EUR|GBP)?\s*(?P<sign2>[-−])?"
    r"(?P<digits>\d{1,3}(,\d{3})+(\.\d+)?|\d*\.?\d+([eE][-+]?\d+)?|\d+\.)"
    r"\s*(?P<after>%|[$€£]|USD|EUR|GBP|[a-zA-Z°²³/]{1,12})?\)?"
)
_MONEY = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "USD": "USD", "EUR": "EUR", "GBP": "GBP"}
_TIME_WORDS = frozenset(
    ["ts", "time", "timestamp", "date", "dt", "epoch", "created", "updated", "at", "datetime", "unix", "millis", "on"]
)
_EPOCHS = (("epoch_seconds", 1, 10**6), ("epoch_milliseconds", 10**3, 10**3), ("epoch_microseconds", 10**6, 1))
_FIRST, _LAST = 315_532_800, 4_102_444_800  # 1980 and 2100, in seconds since 1970
_MANY = 8
"""Distinct values from which on an unusual form is taken for the form of a type."""


def reveal(con: duckdb.DuckDBPyConnection, table: TableFacts) -> None:
    """Find what the columns of a table really hold, and how to read it; columns inside JSON are added to the table."""
    for column in list(table.columns):
        if column.filled and column.type in ("integer", "number"):
            _moment(con, table, column)
            _cents(column)
        elif column.type == "text" and column.declared.startswith("VARCHAR"):
            _text(con, table, column)
        if column.type == "json" and column.filled:
            table.columns += columns_inside(con, table, column)


# --- whole numbers ---------------------------------------------------------------------------------------------------


def _moment(con: duckdb.DuckDBPyConnection, table: TableFacts, column: ColumnFacts) -> None:
    pieces = set(split(column.name))
    if not pieces & _TIME_WORDS or not column.is_whole or column.minimum is None:
        return
    low, high, c = int(column.minimum), int(column.maximum), f"CAST({quoted(column.name)} AS BIGINT)"
    for unit, scale, factor in _EPOCHS:
        if _FIRST * scale <= low <= high <= _LAST * scale:
            column.sql = f"make_timestamp({c} * {factor})" if factor > 1 else f"make_timestamp({c})"
            column.type, column.unit, column.converted = "timestamp", unit, True
            column.minimum, column.maximum, _ = _range(con, table, column)
            return
    if 19_000_101 <= low <= high <= 21_001_231:
        _read_as(con, table, column, "date", f"CAST(TRY_STRPTIME(CAST({c} AS VARCHAR), '%Y%m%d') AS DATE)", 0.0)


def _cents(column: ColumnFacts) -> None:
    """Money in hundredths, by its name: `price_cents` is read as price."""
    if column.type == "integer" and split(column.name)[-1] in ("cents", "cent") and len(split(column.name)) > 1:
        column.sql, column.type, column.unit, column.converted = f"({column.sql} / 100.0)", "number", "cents", True
        column.minimum, column.maximum = column.minimum / 100, column.maximum / 100
        column.samples = [v / 100 for v in column.samples]


# --- texts -----------------------------------------------------------------------------------------------------------


def _text(con: duckdb.DuckDBPyConnection, table: TableFacts, column: ColumnFacts) -> None:
    texts = [str(v).strip() for v in column.samples if str(v).strip().lower() not in _NOTHING]
    words = [singular(w) for w in spell(split(column.name)).split()]
    is_identifier = bool(words) and words[-1] in listed("roles", "identifiers")
    if not texts:
        if not column.filled and not is_identifier and _is_quantity(words):
            column.type, column.sql, column.converted = "number", f"TRY_CAST({quoted(column.name)} AS DOUBLE)", True
        return
    if _is_json(texts):
        column.type = "json"
        return
    if column.length > 40:
        return
    if not _date(con, table, column, texts) and not _clock(con, table, column, texts):
        _amount(con, table, column, texts, words, is_identifier)


def _is_json(texts: list[str]) -> bool:
    if not all(t[0] in "{[" and t[-1] in "}]" for t in texts if len(t) < 200) or not any(t[0] == "{" for t in texts):
        return False
    try:
        return all(isinstance(json.loads(t), dict | list) for t in texts if len(t) < 200)
    except ValueError:
        return False


def _date(con: duckdb.DuckDBPyConnection, table: TableFacts, column: ColumnFacts, texts: list[str]) -> bool:
    c = f"trim({quoted(column.name)})"
    if _mostly(texts, lambda t: _ISO.fullmatch(t) is not None):
        timed = any(re.search(r"\d:\d\d", t) and not re.search(r"[ T]00:00(:00(\.0+)?)?$", t) for t in texts)
        kind: DataType = "timestamp" if timed else "date"
        made = f"TRY_CAST({c} AS TIMESTAMP)" if timed else f"CAST(TRY_CAST({c} AS TIMESTAMP) AS DATE)"
        return _read_as(con, table, column, kind, made, 0.03)
    if not _mostly(texts, lambda t: bool(re.search(r"\d", t)) and len(t) >= 6 and not _looks_like_number(t)):
        return False
    for form in _DATES:
        if "%d" not in form and len(texts) < _MANY:
            continue
        made = f"TRY_STRPTIME({c}, '{form}')"
        if con.execute(f"SELECT count({made.replace(c, 'v')}) FROM unnest(?) AS t(v)", [texts]).fetchone() != (
            len(texts),
        ):
            continue
        timed = "%H" in form or "%I" in form
        if _read_as(
            con, table, column, "timestamp" if timed else "date", made if timed else f"CAST({made} AS DATE)", 0.03
        ):
            return True
    return False


def _looks_like_number(text: str) -> bool:
    if re.fullmatch(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])(\d{6})?", text):
        return False
    return bool(re.fullmatch(r"[-+]?[\d,]*\.?\d+", text))


def _clock(con: duckdb.DuckDBPyConnection, table: TableFacts, column: ColumnFacts, texts: list[str]) -> bool:
    words = set(split(column.name))
    if (
        len(texts) < _MANY
        or not all(_CLOCK.fullmatch(t) for t in texts)
        or not words & {"time", "tm", "at", "start", "end", "hour", "clock"}
    ):
        return False
    c = f"trim({quoted(column.name)})"
    if not any(re.search(r"[mM]|^0\d:|^(1[3-9]|2[0-3]):", t) for t in texts):
        return False  # minutes and seconds
    if not any(re.search(r"[mM]", t) for t in texts):
        return _read_as(con, table, column, "time", f"TRY_CAST({c} AS TIME)", 0.03)
    made = f"CAST(coalesce({', '.join(f'TRY_STRPTIME({c}, {form!r})' for form in _CLOCKS)}) AS TIME)"
    return _read_as(con, table, column, "time", made, 0.03)


def _amount(
    con: duckdb.DuckDBPyConnection,
    table: TableFacts,
    column: ColumnFacts,
    texts: list[str],
    words: list[str],
    is_identifier: bool,
) -> bool:
    if is_identifier and any(len(t) > 5 or re.match(r"0\d", t) for t in texts):
        return False
    if is_identifier and words[-1] not in ("number", "no"):
        return False
    found = [_NUMBER.fullmatch(t) for t in texts]
    read = [m for m in found if m]
    tolerance = 0.5 if _is_quantity(words) else 0.05
    if len(read) < max(1.0, (1 - tolerance) * len(texts)) or any(re.match(r"-?0\d", t) for t in texts):
        return False
    units = {m["after"] for m in read if m["after"]}
    if units - set(_MONEY) - {"%"} and len(texts) < _MANY:
        return False  # "5 strokes": in a few values a wording, not a measurement
    if len(units) > 1 or (units and len(read) != len([m for m in read if m["after"]])):
        return False
    c = quoted(column.name)
    plain = all(
        m["money"] is None and m["after"] is None and m["open"] is None and "," not in m["digits"] for m in read
    )
    if plain and all("−" not in t for t in texts):
        made = f"TRY_CAST({c} AS DOUBLE)"
        if all(re.fullmatch(r"[-+]?\d{1,15}", m.group()) for m in read):
            whole = f"TRY_CAST({c} AS BIGINT)"
            if _read_as(con, table, column, "integer", whole, tolerance, only_whole=True):
                return True
    else:
        made = f"TRY_CAST(replace(replace(regexp_replace({c}, '[^0-9.eE(−-]', '', 'g'), '−', '-'), '(', '-') AS DOUBLE)"
        if units and not units & {"%", "$", "€", "£"}:
            made = f"TRY_CAST(regexp_extract({c}, '-?[0-9][0-9,]*[.]?[0-9]*') AS DOUBLE)"
            if any("," in t for t in texts):
                made = made.replace(f"({c},", f"(replace({c}, ',', ''),")
    if not _read_as(con, table, column, "number", made, tolerance):
        return False
    money = next((m["money"] for m in read if m["money"]), None)
    after = next(iter(units), None)
    column.unit = _MONEY.get(money or after or "") or ("percent" if after == "%" else after)
    return True


def _is_quantity(words: list[str]) -> bool:
    """The name is that of a number."""
    return bool(words) and (
        words[-1] in listed("roles", "quantities")
        or words[-1] in listed("roles", "balances")
        or words[-1]
        in listed("roles", "never_add") - {"month", "day", "season", "round", "grade", "version", "phone", "zip"}
    )


def _mostly(texts: list[str], holds: Any) -> bool:
    return sum(1 for t in texts if holds(t)) >= max(1, 0.9 * len(texts))


def _read_as(
    con: duckdb.DuckDBPyConnection,
    table: TableFacts,
    column: ColumnFacts,
    kind: DataType,
    made: str,
    tolerance: float,
    only_whole: bool = False,
) -> bool:
    """Read the column that way, if (nearly) all of its values can be."""
    trial = replace(column, type=kind, sql=made, converted=True)
    low, high, failed = _range(con, table, trial)
    if low is None or failed > tolerance * column.filled:
        return False
    if only_whole:
        loose = _number(
            con, f"SELECT count(*) FROM {table.seen} WHERE TRY_CAST({quoted(column.name)} AS DOUBLE) % 1 <> 0"
        )
        if loose:
            return False
    column.type, column.sql, column.converted, column.minimum, column.maximum = kind, made, True, low, high
    column.unread = failed
    if kind in ("integer", "number"):
        top = con.execute(
            f"SELECT v FROM (SELECT {made} AS v FROM {table.seen}) WHERE v IS NOT NULL "
            "GROUP BY v ORDER BY count(*) DESC, v LIMIT 20"
        ).fetchall()
        column.samples = [row[0] for row in top]
    return True


def _range(con: duckdb.DuckDBPyConnection, table: TableFacts, column: ColumnFacts) -> tuple[Any, Any, int]:
    """The smallest and largest value as read, and how many values can't be read."""
    c = quoted(column.name)
    missing = ", ".join(f"'{text}'" for text in _NOTHING)
    nothing = f"lower(trim({c})) IN ({missing})" if column.declared.startswith("VARCHAR") else "false"
    row = con.execute(
        f"SELECT min({column.sql}), max({column.sql}), count(*) FILTER (WHERE {c} IS NOT NULL AND {column.sql} IS NULL "
        f"AND NOT {nothing}) FROM {table.seen}"
    ).fetchone()
    assert row is not None
    return row[0], row[1], int(row[2])


def _number(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0
