"""Connections to a DuckDB file that reach nothing but the file: one instance a file in a process, shared."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Any
from weakref import WeakSet

import duckdb

_alive: dict[str, tuple[tuple[int, int], WeakSet[duckdb.DuckDBPyConnection]]] = {}
_alive_lock = threading.Lock()


def connect(
    path: Path, *, read_only: bool = True, memory_limit: str = "2GB", threads: int | None = None,
    temp_dir: Path | None = None, time_zone: str = "UTC",
) -> duckdb.DuckDBPyConnection:  # fmt: skip
    """A connection that reaches nothing but the file: no other file, network, extension, setting or Python variable.
    Moments (TIMESTAMPTZ) fall on the days and hours of `time_zone`, wherever the machine stands.

    A process has one instance of a file, however often it is connected to. Where it is open already with other options,
    those hold, and the connection ends with the one that opened it. Without `temp_dir`, a query that outgrows its
    memory fails. Raises duckdb.Error for a file that can't be opened."""
    config: dict[str, Any] = {
        "memory_limit": memory_limit,
        "temp_directory": str(temp_dir or ""),
        "python_enable_replacements": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
    }
    if threads:
        config["threads"] = str(threads)
    key = str(path.resolve())
    with _alive_lock:
        identity, open_already = _alive.get(key, ((0, 0), WeakSet()))
        if file_identity(path) != identity:
            # DuckDB would give the instance of the file that was there before: its connections must end first.
            for old in list(open_already):
                with contextlib.suppress(duckdb.Error):
                    old.close()
            open_already = WeakSet()
        try:
            connection = _lock_down(duckdb.connect(key, read_only=read_only, config=config), time_zone)
        except duckdb.ConnectionException:
            other = _another(open_already) if read_only else None
            if other is None:
                raise
            connection = other
        open_already.add(connection)
        if (now := file_identity(path)) is not None:
            _alive[key] = (now, open_already)
    return connection


def _lock_down(connection: duckdb.DuckDBPyConnection, time_zone: str) -> duckdb.DuckDBPyConnection:
    """Shut off files and network, then the settings. (As options of connect, they forbid other options to be set.)"""
    locked = connection.execute("SELECT current_setting('lock_configuration')").fetchone()
    if not (locked and locked[0]):
        connection.execute("SET GLOBAL TimeZone = ?", [time_zone])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    return connection


def _another(open_already: WeakSet[duckdb.DuckDBPyConnection]) -> duckdb.DuckDBPyConnection | None:
    for known in list(open_already):
        with contextlib.suppress(duckdb.Error):
            return known.cursor()
    return None


def file_identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
