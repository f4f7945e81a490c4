"""What one pass over a table tells of its columns, and the types that text and integers hide."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import duckdb

from knowledge.model import DataType

SAMPLE_ROWS = 100_000
_TYPES: tuple[tuple[str, DataType], ...] = (
    ("TIMESTAMP", "timestamp"), ("DATE", "date"), ("TIME", "time"), ("BOOLEAN", "boolean"), ("JSON", "json"), ("STRUCT", "json"),
    ("MAP", "json"), ("[]", "json"), ("DECIMAL", "number"), ("DOUBLE", "number"), ("FLOAT", "number"), ("REAL", "number"),
    ("HUGEINT", "integer"), ("BIGINT", "integer"), ("INTEGER", "integer"), ("SMALLINT", "integer"), ("TINYINT", "integer"),
)  # fmt: skip
_DATE_FORMATS = (
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%Y/%m/%d",
    "%Y%m%d", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%m/%d/%y", "%d/%m/%y", "%b %Y", "%B %Y",
)  # fmt: skip
_TIME_NAME = re.compile(r"(^|_)(ts|time|timestamp|date|dt|epoch|created|updated|at)(_|$)|(At|Time|Date|Ts)$", re.I)


@dataclass
class ColumnFacts:
    """A column as it is: counts are of the rows looked at (all, or a sample of a large table)."""

    name: str
    declared: str
    type: DataType
    sql: str
    rows: int
    filled: int
    distinct: int
    minimum: Any
    maximum: Any
    length: float
    samples: list[Any]
    unit: str | None = None

    @property
    def unique(self) -> bool:
        return self.rows > 0 and self.filled == self.rows and self.distinct == self.rows


@dataclass
class TableFacts:
    schema: str
    name: str
    rows: int
    sampled: bool
    columns: list[ColumnFacts]

    @property
    def source(self) -> str:
        return f"{quoted(self.schema)}.{quoted(self.name)}"

    def column(self, name: str) -> ColumnFacts:
        return next(c for c in self.columns if c.name == name)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def read_table(con: duckdb.DuckDBPyConnection, schema: str, name: str, sample_rows: int = SAMPLE_ROWS) -> TableFacts:
    """One pass for the counts and ranges, and one for the most frequent values of the columns that have few."""
    source = f"{quoted(schema)}.{quoted(name)}"
    declared = [(r[0], r[1]) for r in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    total = _count(con, source)
    sampled = total > sample_rows * 2
    seen = (
        f"(SELECT * FROM {source} TABLESAMPLE system({max(100.0 * sample_rows / total, 0.0001):.6f}%))"
        if sampled
        else source
    )
    if sampled and _count(con, seen) < sample_rows // 10:
        seen = f"(SELECT * FROM {source} LIMIT {sample_rows})"
    parts = ["count(*)"]
    for column, kind in declared:
        c = quoted(column)
        simple = not any(k in kind for k in ("STRUCT", "MAP", "[]", "BLOB"))
        parts += [
            f"count({c})",
            f"count(DISTINCT {c})" if simple else "0",
            f"min({c})" if simple else "NULL",
            f"max({c})" if simple else "NULL",
            f"avg(length({c}))" if kind == "VARCHAR" else "0",
        ]
    row = con.execute(f"SELECT {', '.join(parts)} FROM {seen}").fetchone()
    assert row is not None
    columns = []
    for n, (column, kind) in enumerate(declared):
        filled, distinct, low, high, length = row[1 + 5 * n : 6 + 5 * n]
        facts = ColumnFacts(
            column, kind, _type(kind), quoted(column), row[0], filled, distinct, low, high, float(length or 0),
            _samples(con, seen, column, kind, filled),
        )  # fmt: skip
        _reveal(con, seen, facts)
        columns.append(facts)
    return TableFacts(schema, name, total, sampled, columns)


def _count(con: duckdb.DuckDBPyConnection, source: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {source}").fetchone()
    return int(row[0]) if row else 0


def _type(declared: str) -> DataType:
    if declared.endswith("[]"):
        return "json"
    return (
        next((kind for key, kind in _TYPES if declared.startswith(key) or (key == "[]" and key in declared)), "text")
        if (not declared.startswith("U"))
        else "integer"
    )


def _samples(con: duckdb.DuckDBPyConnection, seen: str, column: str, kind: str, filled: int) -> list[Any]:
    if not filled or any(k in kind for k in ("STRUCT", "MAP", "[]", "BLOB")):
        return []
    c = quoted(column)
    sql = f"SELECT {c} FROM {seen} WHERE {c} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 20"
    values = [r[0] for r in con.execute(sql).fetchall()]
    return [v if isinstance(v, bool | int | float | str) else str(v) for v in values]


def _reveal(con: duckdb.DuckDBPyConnection, seen: str, facts: ColumnFacts) -> None:
    """Dates and numbers kept as text; times kept as seconds or milliseconds since 1970."""
    if facts.type == "integer" and facts.filled and _TIME_NAME.search(facts.name):
        low, high = int(facts.minimum), int(facts.maximum)
        for unit, factor in (("epoch_seconds", 1_000_000), ("epoch_milliseconds", 1000)):
            top = 4_000_000_000 if factor == 1_000_000 else 4_000_000_000_000
            if top / 16 < low <= high < top:
                facts.type, facts.unit = "timestamp", unit
                facts.sql = f"make_timestamp(CAST({quoted(facts.name)} AS BIGINT) * {factor})"
                return
    if facts.type != "text" or not facts.filled or facts.length > 40:
        return
    texts = [str(v) for v in facts.samples]
    c = quoted(facts.name)
    if all(re.search(r"\d", t) for t in texts):
        if all(re.match(r"\d{4}-\d\d?-\d\d?", t) for t in texts) and _holds(
            con, seen, facts, f"TRY_CAST({c} AS TIMESTAMP)"
        ):
            timed = any(re.search(r"\d\d:\d\d", t) and not re.search(r"00:00(:00)?(\.0+)?$", t) for t in texts)
            facts.type = "timestamp" if timed else "date"
            facts.sql = f"TRY_CAST({c} AS {'TIMESTAMP' if timed else 'DATE'})"
            return
        if all(
            (re.search(r"[/.\-, ]|^\d{8}$", t) and not re.fullmatch(r"-?[\d.,]+", t))
            or re.fullmatch(r"(19|20)\d{6}|\d\d?\.\d\d?\.\d{4}", t)
            for t in texts
        ):
            for form in _DATE_FORMATS:
                made = f"TRY_STRPTIME({c}, '{form}')"
                if _holds(con, seen, facts, made):
                    timed = "%H" in form
                    facts.type = "timestamp" if timed else "date"
                    facts.sql = made if timed else f"CAST({made} AS DATE)"
                    return
        leading_zero = any(re.match(r"0\d", t) for t in texts)
        if not leading_zero and all(
            re.fullmatch(r"-?[$€£]?\d{1,3}(,\d{3})+(\.\d+)?|-?[$€£]?\d+(\.\d+)?", t.strip()) for t in texts
        ):
            made = f"TRY_CAST(REPLACE(REPLACE(REPLACE(REPLACE({c}, ',', ''), '$', ''), '€', ''), '£', '') AS DOUBLE)"
            if _holds(con, seen, facts, made):
                facts.type, facts.sql = "number", made
                facts.unit = {"$": "USD", "€": "EUR", "£": "GBP"}.get(texts[0].lstrip("-")[:1])


def _holds(con: duckdb.DuckDBPyConnection, seen: str, facts: ColumnFacts, expression: str) -> bool:
    """Every filled value can be read that way."""
    row = con.execute(
        f"SELECT count(*) FROM {seen} WHERE {quoted(facts.name)} IS NOT NULL AND {expression} IS NULL"
    ).fetchone()
    return row is not None and row[0] == 0
