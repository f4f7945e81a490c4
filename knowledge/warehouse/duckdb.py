"""The default warehouse: one DuckDB file, read by many askers at once, refreshed in transactions by its one owner."""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import sqlglot.expressions as exp

from knowledge.warehouse import QueryFailed, QueryRefused, QueryTimeout, WarehouseGone
from knowledge.warehouse.guard import checked_sql
from knowledge.warehouse.instance import connect as connect
from knowledge.warehouse.instance import file_identity

_AT_ONCE = 16
"""Queries that run at a time; others wait their turn."""
_GRACE_S = 2.0
"""How long an interrupted query has to stop. A function over a huge value can't be interrupted: it is left behind."""
_CELLS = 64 * 1024**2
"""Characters and list items that a result may hold: more would fill the server's memory, not a reader's page."""
_FETCH = 2_000
_QUOTED_PATH = re.compile(r"""(["'])[^"'\n]*[/\\][^"'\n]*\1""")
_BARE_PATH = re.compile(r"(?<![\w.])(?:[A-Za-z]:\\|~?/)[^\s\"',;)]{2,}")


class TableInfo(NamedTuple):
    schema: str
    table: str
    rows: int
    """DuckDB's own estimate."""


class DuckDBWarehouse:
    """`query` may be called from any thread: each query has a connection of its own to one shared instance.

    Values are plain Python: int (of any size), float, Decimal for DECIMAL columns (exact, as stored), str, bool, date,
    time, datetime (with a time zone for TIMESTAMPTZ), timedelta, bytes, UUID, list, dict, None.

    `read_only=False` is for the server process that owns the file and refreshes it with `load`; questions are read-only
    there too. Moments (TIMESTAMPTZ) fall on the days and hours of `time_zone`, the business's. Raises WarehouseGone for
    a file that is missing or is not a DuckDB database."""

    dialect = "duckdb"

    def __init__(
        self, path: Path, *, read_only: bool = True, memory_limit: str = "2GB", threads: int | None = None,
        temp_dir: Path | None = None, time_zone: str = "UTC",
    ):  # fmt: skip
        self.path = path
        self._read_only = read_only
        self._connect: Callable[[], duckdb.DuckDBPyConnection] = lambda: connect(
            path,
            read_only=read_only,
            memory_limit=memory_limit,
            threads=threads,
            temp_dir=temp_dir,
            time_zone=time_zone,
        )
        if not path.is_file() and (read_only or path.exists() or not path.parent.is_dir()):
            raise self._gone("is not there")
        self._closed = False
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._local = threading.local()
        self._running: set[_Run] = set()
        self._generation = 0
        self._loads = 0
        self._open()
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="warehouse")

    def _open(self) -> None:
        try:
            self._connection = self._connect()
        except duckdb.Error as error:
            if isinstance(error, duckdb.ConnectionException):
                raise WarehouseGone(
                    f"The data file {self.path.name!r} is still open here for something else. Close that first."
                ) from error
            if "set lock" in str(error).lower():
                raise WarehouseGone(
                    f"The data file {self.path.name!r} is being written by another program. Close that, and try again."
                ) from error
            raise self._gone("is damaged, or is not a DuckDB database") from error
        self._identity = file_identity(self.path)
        self._generation += 1

    def _gone(self, why: str) -> WarehouseGone:
        return WarehouseGone(
            f"The data file {self.path.name!r} {why}. Put it back or export it again, then choose it with `parley use`."
        )

    # --- reading -----------------------------------------------------------------------------------------------------

    def query(
        self, sql: str | exp.Expression, *, max_rows: int = 10_000, timeout_s: float = 30.0
    ) -> tuple[list[str], list[tuple[Any, ...]], bool]:
        """Column names, at most `max_rows` rows of plain Python values, and whether there were more.

        It waits up to `timeout_s` for its turn and runs up to `timeout_s`. Raises QueryRefused, QueryTimeout,
        QueryFailed, WarehouseGone."""
        return self._run(checked_sql(sql, self.dialect), max_rows, timeout_s)

    def read(
        self, sql: str, *, max_rows: int = 1_000_000, timeout_s: float = 300.0
    ) -> tuple[list[str], list[tuple[Any, ...]], bool]:
        """As `query`, for our own SQL: not guarded, so it may read the catalog; it can't write or reach outside."""
        return self._run(sql, max_rows, timeout_s)

    def state(self) -> Hashable:
        """Another one after any change of the data. Raises WarehouseGone."""
        self._check_there()
        files = (self.path, self.path.with_name(f"{self.path.name}.wal"))
        return (self._loads, *(_written_at(file) for file in files))

    def tables(self) -> list[TableInfo]:
        """Tables and views, in order of their names. A view's rows are not counted: 0."""
        _, rows, _ = self.read(
            "SELECT schema_name, table_name, coalesce(estimated_size, 0) FROM duckdb_tables() WHERE NOT internal "
            "UNION ALL SELECT schema_name, view_name, 0 FROM duckdb_views() WHERE NOT internal ORDER BY 1, 2"
        )
        return [TableInfo(*row) for row in rows]

    def _run(self, text: str, max_rows: int, timeout_s: float) -> tuple[list[str], list[tuple[Any, ...]], bool]:
        self._check_there()
        run = _Run(text, max_rows)
        try:
            future = self._pool.submit(self._work, run)
        except RuntimeError as error:
            raise self._gone("was closed") from error
        if not run.started.wait(timeout_s) and future.cancel():
            raise QueryTimeout(
                f"Too many questions are running: yours waited {timeout_s:g} s for its turn. Ask again in a moment."
            )
        try:
            names, rows = self._bounded(future, run, timeout_s)
        except duckdb.Error as error:
            raise self._told(error) from error
        return names, rows[:max_rows], len(rows) > max_rows

    def _bounded(self, future: Future[_Rows], run: _Run, timeout_s: float) -> _Rows:
        slow = QueryTimeout(
            f"The query took longer than {timeout_s:g} s and was stopped. Ask about a shorter period or fewer groups."
        )
        try:
            return future.result(max(0.0, run.started_at + timeout_s - time.monotonic()))
        except FutureTimeout:
            run.stop()
        try:
            future.result(_GRACE_S)
        except (FutureTimeout, duckdb.InterruptException):
            raise slow from None
        raise slow

    def _work(self, run: _Run) -> _Rows:
        cursor = self._cursor()
        with self._lock:
            self._running.add(run)
        try:
            run.start(cursor)
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            try:
                return run.rows(cursor)
            finally:
                with contextlib.suppress(duckdb.Error):
                    cursor.execute("ROLLBACK")
        finally:
            run.end()
            with self._lock:
                self._running.discard(run)

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """This worker's own connection to the shared instance."""
        if getattr(self._local, "generation", None) != self._generation:
            self._local.cursor = self._connection.cursor()
            self._local.generation = self._generation
        cursor: duckdb.DuckDBPyConnection = self._local.cursor
        return cursor

    def _check_there(self) -> None:
        if self._closed:
            raise self._gone("was closed")
        now = file_identity(self.path)
        if now is None:
            raise self._gone("is not there any more")
        if now != self._identity:
            raise self._gone("was replaced by another one")
        if _stamp(self.path) != b"DUCK":
            raise self._gone("is damaged, or is not a DuckDB database any more")

    def _told(self, error: duckdb.Error) -> Exception:
        said = self._plain(error)
        match error:
            case duckdb.OutOfMemoryException():
                return QueryFailed(
                    "The query needs more memory than a question may use. Ask for fewer groups or a shorter period."
                )
            case duckdb.PermissionException():
                return QueryRefused(f"The database refused: {said}")
            case duckdb.InterruptException():
                return self._gone("was closed") if self._closed else QueryTimeout("The query was stopped. Ask again.")
            case duckdb.TransactionException() if "read-only" in said:
                return QueryRefused("Only a SELECT can be run here. Ask for the rows you want to see.")
            case (
                duckdb.IOException()
                | duckdb.FatalException()
                | duckdb.ConnectionException()
                | duckdb.SerializationException()
            ):
                return self._gone(f"can't be read any more ({said})")
        if "checksum" in said.lower() or "corrupt" in said.lower():
            return self._gone(f"is damaged ({said})")
        return QueryFailed(said)

    def _plain(self, error: Exception) -> str:
        """The database's message, with its hint, without the places of files."""
        lines = [line.strip() for line in str(error).splitlines()]
        hints = [line for line in lines[1:] if line.startswith(("Did you mean", "Candidate"))]
        text = " ".join([*lines[:1], *hints[:1]])
        text = text.replace(str(self.path.resolve()), self.path.name).replace(str(self.path), self.path.name)
        return _BARE_PATH.sub("(a file)", _QUOTED_PATH.sub("(a file)", text))[:400]

    # --- refreshing --------------------------------------------------------------------------------------------------

    def load(self, table: str, data: Any, *, schema: str = "main") -> int:
        """Put `data` in place of a table, in one transaction, and count its rows. Whoever asks meanwhile sees the old
        rows, and when it fails, or the process dies, the old rows stay.

        `data` is a pyarrow Table or RecordBatchReader, a pandas DataFrame, or a relation of another DuckDB connection
        (`duckdb.read_csv(…)`), which is streamed.

        Raises QueryFailed (a full disk, data that can't be stored) and WarehouseGone."""
        if self._read_only:
            raise QueryFailed(
                f"{self.path.name!r} is open for reading only. Open it with read_only=False to load data."
            )
        incoming = data.to_arrow_reader() if hasattr(data, "to_arrow_reader") else data
        place = f"{_quoted(schema)}.{_quoted(table)}"
        with self._loading:
            self._check_there()
            cursor = self._connection.cursor()
            try:
                cursor.register("incoming_rows", incoming)
                cursor.execute("BEGIN TRANSACTION")
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(schema)}")
                cursor.execute(f"CREATE OR REPLACE TABLE {place} AS SELECT * FROM incoming_rows")
                counted = cursor.execute(f"SELECT count(*) FROM {place}").fetchone()
                cursor.execute("COMMIT")
                self._loads += 1
            except duckdb.Error as error:
                with contextlib.suppress(duckdb.Error):
                    cursor.execute("ROLLBACK")
                self._recover(cursor)
                raise self._unloaded(table, error) from error
            finally:
                with contextlib.suppress(duckdb.Error):
                    cursor.close()
        return int(counted[0]) if counted else 0

    def _recover(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """After an error that made DuckDB give up the instance (a disk full at the commit), open the file anew."""
        try:
            cursor.execute("SELECT 1")
        except duckdb.Error:
            self._let_go()
            self._open()

    def _unloaded(self, table: str, error: duckdb.Error) -> Exception:
        said = str(error).lower()
        kept = "The data that was there before is unchanged."
        if any(sign in said for sign in ("no space", "too large", "disk quota", "could not write", "out of disk")):
            return QueryFailed(
                f"The disk is full: {table!r} could not be stored. {kept} Free some room and refresh again."
            )
        if isinstance(error, duckdb.OutOfMemoryException):
            return QueryFailed(f"{table!r} needs more memory than loading may use. {kept} Load it in parts.")
        return QueryFailed(f"{table!r} could not be stored: {self._plain(error)} {kept}")

    # --- the end -----------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Stop what runs, and let go of the file."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._let_go()

    def _let_go(self) -> None:
        with self._lock:
            running = list(self._running)
        for run in running:
            run.stop()
        for _ in range(20):  # a connection can't be closed under a query that is still stopping
            try:
                self._connection.close()
                return
            except duckdb.Error:
                time.sleep(0.05)


_Rows = tuple[list[str], list[tuple[Any, ...]]]


class _Run:
    """One query on its way: it can be stopped from another thread while it runs, and never after."""

    def __init__(self, text: str, max_rows: int):
        self.text, self.max_rows = text, max_rows
        self.started = threading.Event()
        self.started_at = 0.0
        self._cursor: duckdb.DuckDBPyConnection | None = None
        self._stopped = False
        self._lock = threading.Lock()

    def start(self, cursor: duckdb.DuckDBPyConnection) -> None:
        with self._lock:
            self._cursor = cursor
            self.started_at = time.monotonic()
        self.started.set()

    def rows(self, cursor: duckdb.DuckDBPyConnection) -> _Rows:
        """Raises duckdb.Error."""
        cursor.execute(self.text)
        names = [column[0] for column in cursor.description or []]
        rows: list[tuple[Any, ...]] = []
        size = 0
        while len(rows) <= self.max_rows and not self._stopped:
            some = cursor.fetchmany(min(_FETCH, self.max_rows + 1 - len(rows)))
            if not some:
                break
            size += sum(len(cell) for row in some for cell in row if isinstance(cell, str | bytes | list | dict))
            if size > _CELLS:
                raise duckdb.OutOfMemoryException("The result is too large to be read.")
            rows += some
        if self._stopped:
            raise duckdb.InterruptException("Interrupted")
        return names, rows

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._cursor is not None:
                self._cursor.interrupt()

    def end(self) -> None:
        with self._lock:
            self._cursor = None


def _stamp(path: Path) -> bytes:
    """The four letters in a DuckDB file's head."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.pread(handle, 4, 8)
    finally:
        os.close(handle)


def _written_at(path: Path) -> tuple[int, int]:
    """Size and time of the last change; (0, 0) for a file that is not there."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
