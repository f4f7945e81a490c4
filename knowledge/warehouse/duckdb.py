"""The default warehouse: one DuckDB file, read by many askers at once on a locked-down connection."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import sqlglot.expressions as exp

from knowledge.warehouse import QueryFailed, QueryRefused, QueryTimeout, WarehouseGone
from knowledge.warehouse.guard import check_select

_CURSORS = 16
_MEMORY = "2GB"
_PATHS = re.compile(r"[\"']?(?:[A-Za-z]:)?[/\\][^\s\"']+[\"']?")


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection that reaches nothing but the file: no other files, network, extensions or settings.

    All connections of a process to one file share an instance, so that they must be opened alike: always by this."""
    connection = duckdb.connect(
        str(path),
        read_only=True,
        config={
            "memory_limit": _MEMORY,
            "temp_directory": "",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )
    locked = connection.execute("SELECT current_setting('lock_configuration')").fetchone()
    if not (locked and locked[0]):
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    return connection


class DuckDBWarehouse:
    """`query` may be called from any thread. At most 16 queries run at a time; others wait their turn.

    Raises WarehouseGone for a file that is missing or is not a DuckDB database."""

    dialect = "duckdb"

    def __init__(self, path: Path):
        self.path = path
        if not path.is_file():
            raise WarehouseGone(
                f"The data file {path.name!r} is not there any more. Choose it again with `parley use`."
            )
        try:
            self._connection = connect(path)
        except duckdb.Error as error:
            raise WarehouseGone(
                f"The data file {path.name!r} can't be opened as a DuckDB database: it is damaged, or another program is writing it."
            ) from error
        self._turn = threading.BoundedSemaphore(_CURSORS)
        self._idle: list[duckdb.DuckDBPyConnection] = []
        self._lock = threading.Lock()
        self._closed = False

    def query(
        self, sql: str | exp.Expression, *, max_rows: int = 10_000, timeout_s: float = 30.0
    ) -> tuple[list[str], list[tuple[Any, ...]], bool]:
        """Column names, at most `max_rows` rows of plain Python values, and whether there were more.

        Raises QueryRefused, QueryTimeout, QueryFailed, WarehouseGone."""
        text = check_select(sql).sql(self.dialect)
        if not self._turn.acquire(timeout=timeout_s):
            raise QueryTimeout(
                f"Too many questions are running: yours waited {timeout_s:.0f} s for its turn. Ask again in a moment."
            )
        try:
            with self._cursor() as cursor, _interrupted_after(cursor, timeout_s):
                try:
                    cursor.execute(text)
                    names = [d[0] for d in cursor.description or []]
                    rows = cursor.fetchmany(max_rows + 1)
                except duckdb.InterruptException as error:
                    raise QueryTimeout(
                        f"The query took longer than {timeout_s:.0f} s and was stopped. Ask about a shorter period or fewer groups."
                    ) from error
                except duckdb.OutOfMemoryException as error:
                    raise QueryFailed(
                        "The query needs more memory than a question may use. Ask for fewer groups or a shorter period."
                    ) from error
                except duckdb.PermissionException as error:
                    raise QueryRefused(f"The database refused: {_plain(error)}") from error
                except (duckdb.IOException, duckdb.FatalException, duckdb.ConnectionException) as error:
                    raise WarehouseGone(
                        f"The data file {self.path.name!r} can't be read any more: {_plain(error)}"
                    ) from error
                except duckdb.Error as error:
                    raise QueryFailed(_plain(error)) from error
            return names, rows[:max_rows], len(rows) > max_rows
        finally:
            self._turn.release()

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if self._closed or not self.path.exists():
            raise WarehouseGone(
                f"The data file {self.path.name!r} is not there any more. Choose it again with `parley use`."
            )
        with self._lock:
            cursor = self._idle.pop() if self._idle else self._connection.cursor()
        try:
            yield cursor
        except BaseException:
            cursor.close()
            raise
        with self._lock:
            self._idle.append(cursor)

    def close(self) -> None:
        self._closed = True
        with self._lock:
            for cursor in self._idle:
                cursor.close()
            self._idle.clear()
        self._connection.close()


@contextlib.contextmanager
def _interrupted_after(cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _plain(error: Exception) -> str:
    """The database's message without the paths of files."""
    return _PATHS.sub("(a file)", str(error).splitlines()[0])[:300]
