"""A warehouse as one viewer sees it: every query runs over no more than the policies let them see."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable
from typing import Any, Protocol

import sqlglot
import sqlglot.expressions as exp
from sqlglot.errors import SqlglotError

from knowledge.warehouse import NotAllowed, QueryFailed, Warehouse
from knowledge.warehouse.guard import check_select, checked_sql

_QUOTED = re.compile(r"(['\"])(.*?)\1")


class Sees(Protocol):
    """What a viewer sees (`knowledge.policies.sight`)."""

    def over(self, tree: exp.Expression) -> exp.Expression: ...

    def told(self, tree: exp.Expr) -> tuple[str, ...]: ...

    def hidden_names(self) -> Collection[str]: ...

    def known_names(self) -> Collection[str]: ...


class PolicedWarehouse:
    """`inner`, below the policies of `sight`. `macros`: functions that the database's owner made, which may read any
    table, and so are refused."""

    def __init__(self, inner: Warehouse, sight: Sees, macros: Collection[str] = ()):
        self.dialect = inner.dialect
        self.sight = sight
        self._inner, self._macros = inner, frozenset(name.lower() for name in macros)

    def query(
        self, sql: str | exp.Expression, *, max_rows: int = 10_000, timeout_s: float = 30.0
    ) -> tuple[list[str], list[tuple[Any, ...]], bool]:
        """As of any warehouse. Raises NotAllowed, too."""
        tree = check_select(sql, self.dialect)
        checked_sql(tree, self.dialect)  # what was asked must be safe by itself, before more tables are written into it
        if self._macros:
            self._check_functions(tree)
        try:
            return self._inner.query(self.sight.over(tree), max_rows=max_rows, timeout_s=timeout_s)
        except QueryFailed as error:
            raise self._told(error, tree) from None

    def state(self) -> Hashable:
        return self._inner.state()

    def _check_functions(self, tree: exp.Expr) -> None:
        for node in tree.find_all(exp.Func):
            name = node.name if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc) else node.sql_name()
            if name.lower() in self._macros:
                raise NotAllowed(f"The function {name!r} was made in the database, and may read what you may not see.")

    def _told(self, error: QueryFailed, tree: exp.Expr) -> Exception:
        """The failure, without values: the database quotes them, and they might be of rows that are not seen."""
        named = {column.name.lower() for column in tree.find_all(exp.Column)}
        said = str(error).lower()
        hidden = sorted(n for n in named & {h.lower() for h in self.sight.hidden_names()} if f'"{n}"' in said)
        if hidden:  # there is no such column, says the database
            return NotAllowed(
                f"You may not see {' and '.join(hidden)}. Ask without, or ask an owner of the data for it."
            )
        known = self.sight.known_names()
        return QueryFailed(_QUOTED.sub(lambda m: m.group() if m[2] in known else f"{m[1]}…{m[1]}", str(error)))

    def close(self) -> None:
        self._inner.close()


def told(warehouse: Warehouse, tree: exp.Expr) -> tuple[str, ...]:
    """What a reader of a query's result must know of what the viewer sees."""
    return warehouse.sight.told(tree) if isinstance(warehouse, PolicedWarehouse) else ()


def views_of(inner: Any) -> dict[tuple[str, str, str], Collection[tuple[str, str, str]] | None]:
    """Which tables each view of a database reads; None for one whose definition can't be read."""
    if not hasattr(inner, "read"):
        return {}
    _, rows, _ = inner.read("SELECT schema_name, view_name, sql FROM duckdb_views() WHERE NOT internal")
    return {("", schema.lower(), name.lower()): _tables_of(sql, schema) for schema, name, sql in rows}


def macros_of(inner: Any) -> list[str]:
    """The functions that were made in a database."""
    if not hasattr(inner, "read"):
        return []
    _, rows, _ = inner.read(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE NOT internal AND function_type LIKE '%macro%'"
    )
    return [row[0] for row in rows]


def _tables_of(sql: str, schema: str) -> Collection[tuple[str, str, str]] | None:
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
    except SqlglotError:
        return None
    if not isinstance(tree, exp.Create) or tree.expression is None:
        return None
    return {("", (t.db or schema).lower(), t.name.lower()) for t in tree.expression.find_all(exp.Table)}
