"""Fields that people ask for and columns hold between them: how long something took, the date of a year and a month,
how old somebody is."""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

from knowledge.model import ModelField
from knowledge.profile.columns import TableFacts
from knowledge.words import lemma, rows

_TIMES = ("date", "timestamp")
_MARKS = frozenset(["date", "time", "at", "on", "timestamp", "datetime", "day", "ts", "dt", "actual"])
_MONTHS = frozenset(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
_ROWS = 10_000
_HOUR, _DAY = 3600.0, 86_400.0


def derived_fields(
    table: TableFacts, fields: Sequence[ModelField], thing: str, con: duckdb.DuckDBPyConnection
) -> tuple[ModelField, ...]:
    """The fields to add to those of a table of `thing`s."""
    taken = {f.name.lower() for f in fields}
    made = [_duration(table, fields, thing, con), _date(table, fields), _age(fields)]
    return tuple(f for f in made if f is not None and f.name not in taken)


def _duration(
    table: TableFacts, fields: Sequence[ModelField], thing: str, con: duckdb.DuckDBPyConnection
) -> ModelField | None:
    """The time from a start to an end, where there is one such pair and nothing says it already."""
    times = [f for f in fields if f.type in _TIMES]
    if any(set(f.label.lower().split()) & {"duration", "elapsed"} for f in fields):
        return None
    pairs = [
        (start, end)
        for start in times
        for end in times
        for left, right in ((row["start"], row["end"]) for row in rows("spans.csv"))
        if start is not end and (rest := _rest(start, left)) is not None and rest == _rest(end, right)
    ]
    if not pairs:
        return None
    start, end = pairs[0]
    seconds = _typical(table, start, end, con)
    if seconds is None or seconds <= 0:
        return None
    dates = start.type == end.type == "date" or seconds > 3 * _DAY
    unit, size = ("days", _DAY) if dates else ("minutes", 60.0) if seconds < 2 * _HOUR else ("hours", _HOUR)
    sql = f"date_diff('second', CAST({start.sql} AS TIMESTAMP), CAST({end.sql} AS TIMESTAMP)) / {size}"
    if dates:
        sql = f"date_diff('day', CAST({start.sql} AS DATE), CAST({end.sql} AS DATE))"
    says: tuple[str, ...] = (f"{thing} duration", "length", f"{thing} length")
    if set(thing.split()) & {"shift", "timesheet", "timecard"}:
        says += (f"{unit} worked", "hours worked")
    return ModelField(
        "duration", sql, "integer" if dates else "number", "measure", "duration",
        f"from {start.label} to {end.label}, in {unit}", synonyms=says, unit=unit,
        additivity="additive", nulls=max(start.nulls, end.nulls),
    )  # fmt: skip


def _rest(field: ModelField, mark: str) -> tuple[str, ...] | None:
    """What the label of a time says beside the mark of a start or an end; None where it does not have the mark."""
    words = [lemma(w) for w in field.label.lower().split() if w not in _MARKS]
    said = [lemma(w) for w in mark.split()]
    for n in range(len(words) - len(said) + 1):
        if words[n : n + len(said)] == said:
            return (*words[:n], *words[n + len(said) :])
    return None


def _typical(table: TableFacts, start: ModelField, end: ModelField, con: duckdb.DuckDBPyConnection) -> float | None:
    """The median of the seconds between two times; None where the end often comes before the start."""
    sql = (
        f"SELECT median(d), count(*) FILTER (WHERE d < 0), count(d) FROM (SELECT date_diff('second', "
        f"CAST({start.sql} AS TIMESTAMP), CAST({end.sql} AS TIMESTAMP)) AS d FROM {table.source} LIMIT {_ROWS})"
    )
    try:
        row = con.execute(sql).fetchone()
    except duckdb.Error:
        return None
    return float(row[0]) if row and row[2] and row[1] <= 0.02 * row[2] else None


def _date(table: TableFacts, fields: Sequence[ModelField]) -> ModelField | None:
    """The day that a row's year and month (and day) say, where no column is a date."""
    if any(f.type in _TIMES for f in fields):
        return None
    named = {f.label.lower(): f for f in fields}
    year, month, day = named.get("year"), named.get("month"), named.get("day") or named.get("day of month")
    if year is None or month is None or year.type != "integer":
        return None
    if not (_within(year, 1900, 2100)):
        return None
    if month.type == "integer" and _within(month, 1, 12):
        first = day.sql if day is not None and day.type == "integer" and _within(day, 1, 31) else "1"
        sql = f"TRY_CAST({year.sql} || '-' || {month.sql} || '-' || {first} AS DATE)"
    elif month.type == "text" and month.samples and all(str(s).strip().lower()[:3] in _MONTHS for s in month.samples):
        sql = f"CAST(TRY_STRPTIME({year.sql} || ' ' || {month.sql}, ['%Y %B', '%Y %b']) AS DATE)"
    else:
        return None
    return ModelField("date", sql, "date", "time", "date", f"{year.label} and {month.label}", nulls=year.nulls)


TODAY = "CURRENT_DATE"
"""In the SQL of a field: the day on which a question is asked (see `assistant.opening`)."""
_BORN = frozenset(["birth date", "date of birth", "birthdate", "birthday", "born", "born on", "birth day"])


def _age(fields: Sequence[ModelField]) -> ModelField | None:
    """Whole years since somebody was born."""
    if any("age" in f.label.lower().split() for f in fields):
        return None
    day = next((f for f in fields if f.label.lower() in _BORN and f.type in _TIMES), None)
    year = next((f for f in fields if f.label.lower() in ("birth year", "year of birth", "born year")), None)
    if day is None and (year is None or year.type != "integer"):
        return None
    born = day or year
    assert born is not None
    sql = f"year({TODAY}) - {born.sql}"
    if day is not None:  # as numbers like 20251231, whose difference counts a year only once its day has been reached
        sql = f"CAST(floor(({_as_number(TODAY)} - ({_as_number(day.sql)})) / 10000.0) AS INTEGER)"
    return ModelField(
        "age", sql, "integer", "number", "age", f"whole years since the {born.label}", unit="years",
        additivity="non_additive", nulls=born.nulls,
    )  # fmt: skip


def _as_number(day: str) -> str:
    return f"year({day}) * 10000 + month({day}) * 100 + day({day})"


def _within(field: ModelField, low: int, high: int) -> bool:
    numbers = [str(v) for v in (field.minimum, field.maximum)]
    return all(re.fullmatch(r"\d+(\.0)?", v) and low <= float(v) <= high for v in numbers)
