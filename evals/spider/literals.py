"""The values that SQL compares columns with: what must be among the rows for a question to find any."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlglot
from sqlglot import exp

Value = str | float
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.LT, exp.GTE, exp.LTE, exp.Like, exp.Between, exp.In)


def literals(queries: Sequence[str], schema: dict[str, Any]) -> dict[int, list[Value]]:
    """Of each column, by its place in the schema's `column_names_original`, the values it is compared with. SQL that
    can't be parsed tells nothing."""
    found: dict[int, list[Value]] = defaultdict(list)
    tables = [name.lower() for name in schema["table_names_original"]]
    for query in queries:
        try:
            tree = sqlglot.parse_one(query, dialect="sqlite")
        except sqlglot.ParseError:
            continue
        called: dict[str, set[str]] = defaultdict(set)
        for table in tree.find_all(exp.Table):
            called[(table.alias or table.name).lower()].add(table.name.lower())
        every = set().union(*called.values())
        for comparison in tree.find_all(*_COMPARISONS):
            column = comparison.this
            if not isinstance(column, exp.Column):
                continue
            where = called.get(column.table.lower(), every) if column.table else every
            values = [v for side in _sides(comparison) if (v := _value(side)) is not None]
            for at, (table_at, name) in enumerate(schema["column_names_original"]):
                if values and table_at >= 0 and name.lower() == column.name.lower() and tables[table_at] in where:
                    found[at] += values
    return found


def _sides(comparison: Any) -> list[Any]:
    if isinstance(comparison, exp.Between):
        return [comparison.args.get("low"), comparison.args.get("high")]
    if isinstance(comparison, exp.In):
        return list(comparison.expressions)
    return [comparison.args.get("expression")]


def _value(side: Any) -> Value | None:
    """SQLite reads "France" as text where no column is called so."""
    if isinstance(side, exp.Literal):
        return str(side.this).strip("%") if side.is_string else float(side.this)
    if isinstance(side, exp.Column) and side.this.quoted and not side.table:
        return str(side.name).strip("%")
    return None
