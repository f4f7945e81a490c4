"""Expressions of a file, in DuckDB's SQL: the dialect that reads best is taken, and translated where it must be."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import sqlglot
import sqlglot.expressions as exp
from sqlglot.errors import SqlglotError

from knowledge.model import SemanticModel
from knowledge.osi.nodes import BadModel, Node

_READ_AS = {
    "DUCKDB": "duckdb", "OSSIE_SQL_2026": "", "ANSI_SQL": "", "POSTGRESQL": "postgres", "SNOWFLAKE": "snowflake",
    "SNOWFLAKE_SQL": "snowflake", "DATABRICKS": "databricks", "DATABRICKS_SQL": "databricks", "BIGQUERY": "bigquery",
    "BIGQUERY_SQL": "bigquery", "REDSHIFT_SQL": "redshift", "MYSQL": "mysql",
}  # fmt: skip
"""The SQL dialects of all drafts, the best first, as sqlglot calls them; "" is standard SQL."""
_REFERENCE = re.compile(r"\{\s*(\w+)\s*\}")


def expression(node: Node) -> tuple[str, list[dict[str, Any]]]:
    """The node's expression in DuckDB's SQL, and the other dialects' expressions as they are. Raises BadModel."""
    place = node.at("expression")
    entries = _entries(node)
    known = [e for e in entries if e["dialect"].upper() in _READ_AS]
    if not known:
        names = ", ".join(e["dialect"] for e in entries)
        raise BadModel(place, f"none of its dialects can be read ({names}): add one in ANSI_SQL")
    best = min(known, key=lambda e: list(_READ_AS).index(e["dialect"].upper()))
    try:
        sql = _translated(best["expression"], _READ_AS[best["dialect"].upper()])
    except SqlglotError as error:
        why = str(error).splitlines()[0]
        raise BadModel(
            place, f"the {best['dialect']} expression {best['expression']!r} can't be read: {why}"
        ) from error
    return sql, [e for e in entries if e is not best]


def _entries(node: Node) -> list[dict[str, Any]]:
    """Its dialects and expressions: a mapping with `dialects`, or in the 1.0 drafts a text or a list."""
    said = node.content.get("expression")
    place = node.at("expression")
    if isinstance(said, str) and said.strip():
        return [{"dialect": "ANSI_SQL", "expression": said}]
    found = said.get("dialects") if isinstance(said, dict) else said
    if not isinstance(found, list) or not found or not all(isinstance(entry, dict) for entry in found):
        raise BadModel(place, "it needs `dialects`, a list with at least one dialect and its expression")
    entries = []
    for n, entry in enumerate(found):
        text = entry.get("expression")
        if not text and entry.get("input_expr"):  # the structured metrics of a 1.0 draft
            kind = str(entry.get("aggregation_type") or "SUM").upper()
            distinct = "DISTINCT " if kind == "COUNT_DISTINCT" else ""
            text = f"{kind.removesuffix('_DISTINCT')}({distinct}{entry['input_expr']})"
        if not text or isinstance(text, dict | list):
            raise BadModel(f"{place}.dialects[{n}].expression", "it is missing")
        entries.append({"dialect": str(entry.get("dialect") or "ANSI_SQL"), "expression": str(text)})
    return entries


@lru_cache(maxsize=4096)
def _translated(text: str, dialect: str) -> str:
    """The text itself where DuckDB reads it alike, else its translation. Raises SqlglotError."""
    quoted = _REFERENCE.sub(r"\1", text)
    tree = sqlglot.parse_one(quoted, read=dialect)
    if dialect == "duckdb":
        return text
    try:
        if sqlglot.parse_one(quoted, read="duckdb") == tree:
            return text
    except SqlglotError:
        pass
    return tree.sql("duckdb")


@lru_cache(maxsize=4096)
def standard(sql: str) -> str:
    """An expression of DuckDB's in standard SQL, where there is a way to say it."""
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
        if sqlglot.parse_one(sql) == tree:
            return sql
        made = tree.sql("")
        sqlglot.parse_one(made)
    except SqlglotError:
        return sql
    return made


def expanded(sql: str, model: SemanticModel, depth: int = 0) -> str:
    """A metric's expression with the metrics that it names written out."""
    known = {m.name: m.sql for m in model.metrics}

    def whole(match: re.Match[str]) -> str:
        return f"({expanded(known[match[1]], model, depth + 1)})" if match[1] in known else match[0]

    return sql if depth > 20 else _REFERENCE.sub(whole, sql)


@lru_cache(maxsize=4096)
def column_of(sql: str) -> str | None:
    """The column that an expression is, if it is nothing more.

    >>> column_of('"Order Date"'), column_of("lower(city)")
    ('Order Date', None)
    """
    if re.fullmatch(r"[A-Za-z_]\w*", sql):
        return sql
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
    except SqlglotError:
        return None
    return tree.name if isinstance(tree, exp.Column) and not tree.table else None


def quoted(column: str) -> str:
    """The column as an expression."""
    return column if re.fullmatch(r"[A-Za-z_]\w*", column) else exp.to_identifier(column, quoted=True).sql("duckdb")


@lru_cache(maxsize=4096)
def references(sql: str) -> tuple[tuple[str, str, str | None], ...]:
    """The dataset, field and aggregate of each qualified column in a metric: (("orders", "amount", "sum"),)."""
    tree = sqlglot.parse_one(_REFERENCE.sub("0", sql), read="duckdb")
    found = []
    for column in tree.find_all(exp.Column):
        if column.table:
            aggregate = column.find_ancestor(exp.AggFunc)
            found.append((column.table, column.name, aggregate.key if aggregate else None))
    return tuple(found)


def qualified(sql: str, dataset: str) -> str:
    """A dataset's own metric with its columns qualified."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    columns = [c for c in tree.find_all(exp.Column) if not c.table]
    for column in columns:
        column.set("table", exp.to_identifier(dataset, quoted=not re.fullmatch(r"[A-Za-z_]\w*", dataset)))
    return tree.sql("duckdb") if columns else sql
