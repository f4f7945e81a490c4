"""The SQLite file that people, keys and identities are kept in."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS people (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, email TEXT, attributes TEXT NOT NULL DEFAULT '{}',
    enabled INTEGER NOT NULL DEFAULT 1, version INTEGER NOT NULL DEFAULT 1, password TEXT, created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS memberships (
    person TEXT NOT NULL REFERENCES people ON DELETE CASCADE, workspace TEXT NOT NULL, role TEXT NOT NULL,
    PRIMARY KEY (person, workspace)
);
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES people ON DELETE CASCADE, workspace TEXT NOT NULL,
    label TEXT NOT NULL, hash BLOB NOT NULL, scopes TEXT NOT NULL, created_at REAL NOT NULL, expires_at REAL NOT NULL,
    used_at REAL
);
CREATE TABLE IF NOT EXISTS identities (
    channel TEXT NOT NULL, subject TEXT NOT NULL, person TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
    linked_at REAL NOT NULL, PRIMARY KEY (channel, subject)
);
CREATE TABLE IF NOT EXISTS codes (
    channel TEXT NOT NULL, person TEXT NOT NULL REFERENCES people ON DELETE CASCADE, hash BLOB NOT NULL,
    expires_at REAL NOT NULL, PRIMARY KEY (channel, person)
);
"""


_ADDED = (
    ("memberships", "attributes", "TEXT"),
    ("identities", "workspace", "TEXT NOT NULL DEFAULT 'main'"),
    ("codes", "workspace", "TEXT NOT NULL DEFAULT 'main'"),
)
"""Columns that files of older versions lack."""


class Database:
    """Safe to use from many threads. The file is readable by its owner alone.

    Raises sqlite3.Error, also for a file that is damaged: without it nobody could be told from anybody else, so
    nothing is opened in its place."""

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._connection = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None, timeout=10)
        self._connection.row_factory = sqlite3.Row
        for line in ("PRAGMA journal_mode = WAL", "PRAGMA foreign_keys = ON"):
            self._connection.execute(line)
        self._connection.executescript(_TABLES)
        for table, column, kind in _ADDED:
            if column not in {row["name"] for row in self._connection.execute(f"PRAGMA table_info({table})")}:
                self._connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
        self._lock = threading.RLock()

    def read(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def write(self, sql: str, *values: Any) -> int:
        """The number of rows that were changed."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written within is written whole or not at all, and nobody writes in between."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        with self._lock:
            self._connection.close()
