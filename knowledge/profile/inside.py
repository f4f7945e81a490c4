"""The single values inside JSON objects and structs."""

from __future__ import annotations

import json
import re
from typing import Any

import duckdb

from knowledge.model import DataType
from knowledge.profile.columns import ColumnFacts, TableFacts, quoted, type_of

_MOST_KEYS = 16


def columns_inside(con: duckdb.DuckDBPyConnection, table: TableFacts, column: ColumnFacts) -> list[ColumnFacts]:
    """The single values inside a column of JSON objects (or a struct), as columns of their own: "attributes_color"."""
    kinds = _struct_kinds(column) if column.declared.startswith("STRUCT") else _json_kinds(con, table, column)
    taken = {c.name.lower() for c in table.columns}
    found = []
    for key, kind in list(kinds.items())[:_MOST_KEYS]:
        name = re.sub(r"\W+", "_", f"{column.name}_{key}")
        if name.lower() in taken:
            continue
        taken.add(name.lower())
        made = _path(column, key, kind)
        row = con.execute(
            "SELECT count(*), count(v), approx_count_distinct(v), min(v), max(v), avg(length(CAST(v AS VARCHAR))), "
            f"approx_top_k(v, 20) FROM (SELECT {made} AS v FROM {table.seen})"
        ).fetchone()
        if row and row[1]:
            column_inside = ColumnFacts(name, "JSON", kind, made, row[0], row[1], min(row[2], row[1]), row[3], row[4])
            column_inside.length, column_inside.converted = float(row[5] or 0), True
            column_inside.samples = [v if isinstance(v, bool | int | float | str) else str(v) for v in row[6] or ()]
            found.append(column_inside)
    return found


def _path(column: ColumnFacts, key: str, kind: DataType) -> str:
    escaped = key.replace("'", "''")
    if column.declared.startswith("STRUCT"):
        return f"struct_extract({quoted(column.name)}, '{escaped}')"
    inner = escaped.replace('"', "")
    text = f"json_extract_string({quoted(column.name)}, '$.\"{inner}\"')"
    wanted = {"integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}.get(kind)
    return f"TRY_CAST({text} AS {wanted})" if wanted else text


def _json_kinds(con: duckdb.DuckDBPyConnection, table: TableFacts, column: ColumnFacts) -> dict[str, DataType]:
    rows = con.execute(
        f"SELECT {quoted(column.name)} FROM {table.seen} WHERE {quoted(column.name)} IS NOT NULL LIMIT 200"
    ).fetchall()
    seen: dict[str, list[Any]] = {}
    for (text,) in rows:
        try:
            value = json.loads(text) if isinstance(text, str) else text
        except ValueError:
            continue
        if isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, bool | int | float | str):
                    seen.setdefault(key, []).append(inner)
    return {key: _kind(values) for key, values in seen.items() if len(values) >= max(1, 0.1 * len(rows)) and key}


def _kind(values: list[Any]) -> DataType:
    if all(isinstance(v, bool) for v in values):
        return "boolean"
    if all(isinstance(v, int) and not isinstance(v, bool) for v in values):
        return "integer"
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return "number"
    if all(isinstance(v, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", v) for v in values):
        return "date"
    return "text"


def _struct_kinds(column: ColumnFacts) -> dict[str, DataType]:
    kinds: dict[str, DataType] = {}
    for name, inner in duckdb.type(column.declared).children:
        declared = str(inner)
        if not any(mark in declared for mark in ("STRUCT", "MAP", "[")):
            kinds[str(name)] = type_of(declared)
    return kinds
