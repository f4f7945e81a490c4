"""Warehouse: where the data is, and the one safe way to read it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Protocol

import sqlglot.expressions as exp


class QueryRefused(Exception):
    """The SQL is not one safe SELECT. The message says which part, and what to do."""


class NotAllowed(QueryRefused):
    """The query reads what the asker may not see. The message says what that is, and no value of it."""


class QueryTimeout(Exception):
    """The query ran longer than its bound and was interrupted."""


class QueryFailed(Exception):
    """The database could not run the query. The message is the database's own, without secrets or paths."""


class WarehouseGone(Exception):
    """The database can no longer be reached. The message says which one and what to do."""


class Warehouse(Protocol):
    """Runs one safe SELECT at a time for each of many concurrent askers.

    Raises QueryRefused, QueryTimeout, QueryFailed or WarehouseGone.
    """

    dialect: str
    """sqlglot's name of the SQL that it runs: "duckdb"."""

    def query(
        self, sql: str | exp.Expression, *, max_rows: int = 10_000, timeout_s: float = 30.0
    ) -> tuple[list[str], list[tuple[Any, ...]], bool]:
        """Column names, rows (at most `max_rows`), and whether there were more."""
        ...

    def state(self) -> Hashable:
        """Another one after any change of the data."""
        ...

    def close(self) -> None: ...
