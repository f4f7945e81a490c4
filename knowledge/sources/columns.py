"""Columns of text that are numbers and dates as people write them: "$1,234.50", "12.5%", "1.234,50", "31/12/2024".

A type is taken only where every value of the column reads so; otherwise the column stays text, and what didn't read is
said. Whole numbers with leading zeros (postcodes, article numbers) stay text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from knowledge.sources.readings import NOTHING, Reading, readings_of, speaks_for_comma

_SAMPLE_CELLS = 200_000
_WIDE = 100
"""Columns that are converted at a time: DuckDB's working memory grows with the expressions of a query."""
_MARK = "parley: another type than the column has"
NEARLY = 0.8
"""From this part of values on, a column that nearly reads as numbers or dates is worth a caveat."""


@dataclass(frozen=True)
class _Judged:
    """A column, the texts of its first rows, and the ways to read them, best first."""

    name: str
    values: list[str]
    readings: list[Reading]


@dataclass(frozen=True)
class _Typed:
    """How a column is read: `sql` is an expression over it, of type `type`."""

    name: str
    sql: str
    type: str = "VARCHAR"
    unit: str | None = None
    caveat: str | None = None


def create(
    con: duckdb.DuckDBPyConnection, table: str, source: str, columns: Sequence[str], *,
    texts: Sequence[str] | None = None, plain: bool = True, comma: bool = False,
) -> list[str]:  # fmt: skip
    """Create `table` (a quoted name) from the `columns` of `source` (a FROM clause), and give the caveats.

    `texts` are the columns of text among them (all, if None). `plain=False` leaves bare numbers as text, for sources
    that declare their columns. `comma`: the file's own form speaks for a decimal comma. The types are judged by the
    first rows, and judged again by all rows where a later one doesn't fit. A unit that the text said is the column's
    comment: 'unit: USD'.

    Raises duckdb.Error for a source that can't be read."""
    judged = _judged(con, source, columns if texts is None else texts, plain, comma)
    if len(judged) > _WIDE:
        chosen = _create_wide(con, table, source, columns, judged)
    else:
        chosen = _create_typed(con, table, source, columns, judged)
    for column in chosen:
        if column.unit:
            con.execute(f"COMMENT ON COLUMN {table}.{quoted(column.name)} IS 'unit: {column.unit}'").fetchall()
    return [f"{column.name}: {column.caveat}" for column in chosen if column.caveat]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _judged(
    con: duckdb.DuckDBPyConnection, source: str, columns: Sequence[str], plain: bool, comma: bool
) -> list[_Judged]:
    if not columns:
        return []
    rows = max(100, min(5_000, _SAMPLE_CELLS // len(columns)))
    found = con.execute(f"SELECT {', '.join(map(quoted, columns))} FROM {source} LIMIT {rows}").fetchall()
    texts = [_values(cells) for cells in zip(*found, strict=True)] if found else [[] for _ in columns]
    comma = comma or any(speaks_for_comma(values) for values in texts)
    return [
        _Judged(name, values, readings_of(con, values, NEARLY, plain=plain, comma=comma))
        for name, values in zip(columns, texts, strict=True)
    ]


def _values(cells: Sequence[object]) -> list[str]:
    return [text for cell in cells if cell is not None and (text := str(cell).strip()) not in NOTHING]


def _create(
    con: duckdb.DuckDBPyConnection, table: str, source: str, columns: Sequence[str], chosen: Sequence[_Typed]
) -> None:
    by_name = {column.name: f"{column.sql} AS {quoted(column.name)}" for column in chosen}
    listed = ", ".join(by_name.get(name, quoted(name)) for name in columns)
    con.execute(f"CREATE TABLE {table} AS SELECT {listed} FROM {source}").fetchall()


def _create_typed(
    con: duckdb.DuckDBPyConnection, table: str, source: str, columns: Sequence[str], judged: Sequence[_Judged]
) -> list[_Typed]:
    chosen = [_by_sample(column) for column in judged]
    try:
        _create(con, table, source, columns, chosen)
    except duckdb.Error as error:
        if _MARK not in str(error):
            raise
        chosen = _by_all_rows(con, source, judged)
        _create(con, table, source, columns, chosen)
    return chosen


def _create_wide(
    con: duckdb.DuckDBPyConnection, table: str, source: str, columns: Sequence[str], judged: Sequence[_Judged]
) -> list[_Typed]:
    """Some columns at a time, put together by the position of their rows."""
    con.execute(f'CREATE TEMP TABLE "staged columns" AS SELECT * FROM {source}').fetchall()
    chosen, parts = [], []
    for start in range(0, len(columns), _WIDE):
        some = columns[start : start + _WIDE]
        parts.append(f'"typed columns {start}"')
        its = [column for column in judged if column.name in some]
        chosen += _create_typed(con, parts[-1], '"staged columns"', some, its)
    _create(con, table, " POSITIONAL JOIN ".join(parts), columns, [])
    for part in ['"staged columns"', *parts]:
        con.execute(f"DROP TABLE {part}").fetchall()
    return chosen


def _by_sample(column: _Judged) -> _Typed:
    """Where a later value doesn't read as the sample does, the query fails with `_MARK`."""
    c = quoted(column.name)
    if not column.readings:
        return _Typed(column.name, c)
    if not column.values:
        return _Typed(column.name, f"CAST(CASE WHEN {_is_value(c)} THEN error('{_MARK}') END AS VARCHAR)")
    for reading in column.readings:
        if all(map(reading.fits, column.values)):
            return _read_as(column.name, reading)
    return _Typed(column.name, f"CAST(error('{_MARK}') AS VARCHAR)")  # nearly: to be counted, and told


def _read_as(name: str, reading: Reading) -> _Typed:
    c = quoted(name)
    value = f"coalesce({reading.sql.replace('{c}', f'trim({c})')}, error('{_MARK}'))"
    return _Typed(name, f"CASE WHEN {_is_value(c)} THEN {value} END", reading.type, reading.unit, reading.caveat)


def _is_value(c: str) -> str:
    pattern = "|".join(text for text in NOTHING if text)
    return f"({c} IS NOT NULL AND NOT (length({c}) < 8 AND regexp_full_match({c}, '\\s*({pattern})?\\s*')))"


def _by_all_rows(con: duckdb.DuckDBPyConnection, source: str, judged: Sequence[_Judged]) -> list[_Typed]:
    """The readings that hold for every row; what nearly held is told."""
    counted = []
    for column in judged:
        c = quoted(column.name)
        counted.append(f"count(*) FILTER (WHERE {_is_value(c)})")
        for reading in column.readings:
            bad = f"{_is_value(c)} AND ({reading.sql.replace('{c}', f'trim({c})')}) IS NULL"
            counted += [f"count(*) FILTER (WHERE {bad})", f"min({c}) FILTER (WHERE {bad})"]
    cells = iter(con.execute(f"SELECT {', '.join(counted)} FROM {source}").fetchall()[0])
    return [
        _best(column.name, next(cells), [(reading, next(cells), next(cells)) for reading in column.readings])
        for column in judged
    ]


def _best(name: str, filled: int, misses: Sequence[tuple[Reading, int, str]]) -> _Typed:
    """`misses`: the ways to read a column, with how many of its values don't read so, and one of them."""
    if not filled or not misses:
        return _Typed(name, quoted(name))
    for reading, bad, _ in misses:
        if bad == 0:
            return _read_as(name, reading)
    reading, bad, example = min(misses, key=lambda miss: miss[1])
    if bad > (1 - NEARLY) * filled:
        return _Typed(name, quoted(name))
    caveat = (
        f"{bad:,} of {filled:,} values are not {reading.what} (such as {example[:40]!r}), so the column is kept as text"
    )
    return _Typed(name, quoted(name), caveat=caveat)
