"""What one pass over a table tells of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from knowledge.model import DataType

SAMPLE_ROWS = 100_000
_TYPES: tuple[tuple[str, DataType], ...] = (
    ("TIMESTAMP", "timestamp"), ("DATE", "date"), ("TIME", "time"), ("BOOLEAN", "boolean"), ("JSON", "json"),
    ("STRUCT", "json"), ("MAP", "json"), ("UNION", "json"), ("DECIMAL", "number"), ("DOUBLE", "number"),
    ("FLOAT", "number"), ("REAL", "number"), ("UHUGEINT", "integer"), ("HUGEINT", "integer"), ("UBIGINT", "integer"),
    ("BIGINT", "integer"), ("UINTEGER", "integer"), ("INTEGER", "integer"), ("USMALLINT", "integer"),
    ("SMALLINT", "integer"), ("UTINYINT", "integer"), ("TINYINT", "integer"), ("BIGNUM", "integer"),
)  # fmt: skip
_NESTED = ("STRUCT", "MAP", "UNION", "[", "BLOB", "GEOMETRY", "BIT")
_AT_ONCE = 100
_SMALL = 20_000
_TOP = 20
_LONG_TEXT = 200
COUNTED = 20_000_000
"""Rows up to which every column that seems unique is counted exactly; of larger tables only those of joins."""
_PART = 8_000_000

Table = tuple[str, str]
"""Schema and name."""


@dataclass
class ColumnFacts:
    """A column as it is: counts are of the rows looked at (all, or a sample of a large table). `sql` is how to read it
    as `type`; `converted` says that this is not how it is stored."""

    name: str
    declared: str
    type: DataType
    sql: str
    rows: int = 0
    filled: int = 0
    distinct: int = 0
    minimum: Any = None
    maximum: Any = None
    length: float = 0.0
    """Mean length of a text in characters."""
    samples: list[Any] = field(default_factory=list)
    """Up to 20 values, most frequent first."""
    unit: str | None = None
    converted: bool = False
    unread: int = 0
    """Values that `sql` can't read as `type`."""
    unique: bool = False
    """No value is missing and none repeats."""
    comment: str = ""
    called: str = ""
    """The column after which it is called, where that is another one."""

    @property
    def is_whole(self) -> bool:
        """Whole numbers, also where they are stored as decimals (an id column that once had gaps)."""
        return (
            self.declared.endswith("INT")
            or "INTEGER" in self.declared
            or (
                self.type == "number"
                and all(isinstance(v, int | float) and float(v).is_integer() for v in self.samples)
            )
        )


@dataclass
class TableFacts:
    schema: str
    name: str
    rows: int
    sampled: bool
    columns: list[ColumnFacts]
    comment: str = ""
    seen: str = ""
    """What was looked at, as SQL: the table itself, or a sample of it."""

    @property
    def at(self) -> Table:
        return self.schema, self.name

    @property
    def source(self) -> str:
        return f"{quoted(self.schema)}.{quoted(self.name)}"

    def column(self, name: str) -> ColumnFacts:
        return next(c for c in self.columns if c.name == name)


def field_name(column: str) -> str:
    """What the field of a column is called: a dot would part a dataset from its field."""
    return column.replace(".", "_")


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def read_table(
    con: duckdb.DuckDBPyConnection,
    schema: str,
    name: str,
    declared: Sequence[tuple[str, str]],
    sample_rows: int = SAMPLE_ROWS,
) -> TableFacts:
    """One query for each hundred columns; of a table with more than twice `sample_rows` rows, a sample is read, and the
    smallest and largest values of all. `declared` is the columns' names and types."""
    table = TableFacts(schema, name, 0, False, [ColumnFacts(c, kind, type_of(kind), quoted(c)) for c, kind in declared])
    table.rows = _number(con, f"SELECT count(*) FROM {table.source}")
    table.sampled = table.rows > 2 * sample_rows
    table.seen = _sample(con, table, sample_rows) if table.sampled else table.source
    for start in range(0, len(table.columns), _AT_ONCE):
        _fill(con, table, table.columns[start : start + _AT_ONCE])
    return table


def _sample(con: duckdb.DuckDBPyConnection, table: TableFacts, sample_rows: int) -> str:
    """A temporary table with about `sample_rows` of the rows, taken from all over the table."""
    name = f"temp.{quoted(f'parley_sample_{table.schema}_{table.name}')}"
    share = 100.0 * sample_rows / table.rows
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM {table.source} TABLESAMPLE system({share:.6f}%)")
    if _number(con, f"SELECT count(*) FROM {name}") < sample_rows // 10:  # views, and tables in few blocks
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM {table.source} LIMIT {sample_rows}")
    return name


def _fill(con: duckdb.DuckDBPyConnection, table: TableFacts, columns: list[ColumnFacts]) -> None:
    exact = "count(DISTINCT {})" if not table.sampled and table.rows <= _SMALL else "approx_count_distinct({})"
    parts = ["count(*)"]
    for column in columns:
        c = quoted(column.name)
        simple = is_simple(column)
        text = column.declared.startswith("VARCHAR")
        parts += [
            f"count({c})",
            exact.format(c) if simple else "0",
            f"min({c})" if simple else "NULL",
            f"max({c})" if simple else "NULL",
            f"avg(length({c}))" if text else "0",
            f"approx_top_k({f'left({c}, {_LONG_TEXT})' if text else c}, {_TOP})" if simple else "NULL",
        ]
    row = con.execute(f"SELECT {', '.join(parts)} FROM {table.seen}").fetchone()
    assert row is not None
    for n, column in enumerate(columns):
        filled, distinct, low, high, length, top = row[1 + 6 * n : 7 + 6 * n]
        column.rows, column.filled, column.distinct = row[0], filled, min(distinct, filled)
        column.minimum, column.maximum, column.length = low, high, float(length or 0)
        column.samples = [_plain(v) for v in top or () if v is not None]
    if table.sampled:
        _whole_ranges(con, table, columns)
    for column in columns:
        column.unique = _is_unique(con, table, column)
        if column.unique:
            column.distinct = table.rows


def _whole_ranges(con: duckdb.DuckDBPyConnection, table: TableFacts, columns: list[ColumnFacts]) -> None:
    ranged = [c for c in columns if c.type in ("integer", "number", "date", "timestamp")]
    if ranged:
        parts = ", ".join(f"min({quoted(c.name)}), max({quoted(c.name)})" for c in ranged)
        row = con.execute(f"SELECT {parts} FROM {table.source}").fetchone()
        assert row is not None
        for n, column in enumerate(ranged):
            column.minimum, column.maximum = row[2 * n], row[2 * n + 1]


def _is_unique(con: duckdb.DuckDBPyConnection, table: TableFacts, column: ColumnFacts) -> bool:
    c = quoted(column.name)
    if not column.rows or column.filled < column.rows or not is_simple(column):
        return False
    if not table.sampled and table.rows <= _SMALL:
        return column.distinct == column.rows
    if column.distinct < 0.9 * column.rows or column.type in ("number", "boolean", "date", "timestamp", "time"):
        return False
    if not table.sampled:
        column.distinct = _number(con, f"SELECT count(DISTINCT {c}) FROM {table.seen}")
        return column.distinct == column.rows
    if _number(con, f"SELECT approx_count_distinct({c}) FROM {table.source}") < 0.9 * table.rows:
        return False
    return table.rows > COUNTED or not repeats(con, table, column)


def repeats(con: duckdb.DuckDBPyConnection, table: TableFacts, column: ColumnFacts) -> bool:
    """Whether a value of the whole table comes twice, counted exactly, in parts that fit in memory."""
    c, parts = quoted(column.name), table.rows // _PART + 1
    return any(
        _number(
            con,
            f"SELECT count(*) FROM (SELECT {c} FROM {table.source} WHERE hash({c}) % {parts} = {part} "
            "GROUP BY 1 HAVING count(*) > 1 LIMIT 1)",
        )
        for part in range(parts)
    )


def _number(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def is_simple(column: ColumnFacts) -> bool:
    """Its values can be compared and counted: neither nested nor binary."""
    return not any(mark in column.declared for mark in _NESTED)


def type_of(declared: str) -> DataType:
    if declared.endswith("]"):
        return "json"
    return next((kind for start, kind in _TYPES if declared.startswith(start)), "text")


def _plain(value: Any) -> bool | int | float | str:
    if isinstance(value, bool | int | float | str):
        return value
    # Decimals are numbers to everybody who looks at samples.
    return float(value) if type(value).__name__ == "Decimal" else str(value)
