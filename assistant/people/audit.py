"""The audit log: who did what, what ran for it, and what left the machine. It is appended to, and never changed.

Each entry carries a hash of itself and of the entry before, so that one that was changed or taken out shows.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

log = logging.getLogger("parley.audit")
_PAGE = 500
_TABLES = """
CREATE TABLE IF NOT EXISTS entries (
    n INTEGER PRIMARY KEY, at TEXT NOT NULL, workspace TEXT NOT NULL, person TEXT NOT NULL, channel TEXT NOT NULL,
    deed TEXT NOT NULL, detail TEXT NOT NULL, mark TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS entries_by_person ON entries (person, at);
CREATE TRIGGER IF NOT EXISTS never_changed BEFORE UPDATE ON entries
  BEGIN SELECT raise(ABORT, 'the audit log is appended to, and never changed'); END;
CREATE TRIGGER IF NOT EXISTS never_deleted BEFORE DELETE ON entries
  BEGIN SELECT raise(ABORT, 'the audit log is appended to, and never changed'); END;
"""


@dataclass(frozen=True)
class Entry:
    """`at` is ISO 8601, UTC. `person` is their name. `deed`: "asked", "logged in", "refused" … `mark` is the hash."""

    n: int
    at: str
    workspace: str
    person: str
    channel: str
    deed: str
    detail: dict[str, Any]
    mark: str


class Audit:
    """Safe to use from many threads and processes. Raises sqlite3.Error for a file that can't be opened."""

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._connection = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None, timeout=10)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.executescript(_TABLES)
        self._lock = threading.Lock()

    def write(self, deed: str, *, person: str, channel: str, workspace: str = "main", **detail: Any) -> None:
        """Append an entry. One that can't be written (the disk is full) goes to the program's log, as an error."""
        said = json.dumps({k: v for k, v in detail.items() if v is not None}, default=str, ensure_ascii=False)
        row = (datetime.now(UTC).isoformat(timespec="milliseconds"), workspace, person, channel, deed, said)
        try:
            with self._lock:
                self._append(row)
        except sqlite3.Error as error:
            log.error("the audit log can't be written (%s): %s", error, row)

    def _append(self, row: tuple[str, ...]) -> None:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            last = connection.execute("SELECT n, mark FROM entries ORDER BY n DESC LIMIT 1").fetchone() or (0, "")
            n = last[0] + 1
            connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (n, *row, _mark(last[1], n, row)))
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise

    def entries(self, after: int = 0, limit: int | None = None, workspace: str | None = None) -> Iterator[Entry]:
        """Oldest first, from the one after number `after`: of a workspace, or of all."""
        left = limit
        while left is None or left > 0:
            page = min(_PAGE, left) if left is not None else _PAGE
            with self._lock:
                rows = self._connection.execute(
                    "SELECT * FROM entries WHERE n > ? AND workspace = coalesce(?, workspace) ORDER BY n LIMIT ?",
                    (after, workspace, page),
                ).fetchall()
            for row in rows:
                n, at, workspace, person, channel, deed, detail, mark = row
                yield Entry(n, at, workspace, person, channel, deed, json.loads(detail), mark)
            if len(rows) < page:
                return
            after = rows[-1][0]
            left = left - len(rows) if left is not None else None

    def spent_today(self, person: str) -> float:
        """Dollars that a person's questions have cost since midnight, UTC."""
        with self._lock:
            found = self._connection.execute(
                "SELECT coalesce(sum(json_extract(detail, '$.cost')), 0) FROM entries WHERE person = ? AND at >= ?",
                (person, f"{datetime.now(UTC):%Y-%m-%d}"),
            ).fetchone()
        return float(found[0])

    def export(self, workspace: str | None = None) -> Iterator[str]:
        """The whole log, or that of a workspace, as JSON lines."""
        for entry in self.entries(workspace=workspace):
            yield json.dumps(asdict(entry), ensure_ascii=False) + "\n"

    def broken(self) -> int | None:
        """The number of the first entry that is not as it was written, or that follows one that was taken out."""
        mark, expected = "", 1
        with self._lock:
            rows = self._connection.execute("SELECT * FROM entries ORDER BY n").fetchall()
        for n, *rest, kept in rows:
            mark = _mark(mark, n, tuple(rest))
            if n != expected or mark != kept:
                return int(n)
            expected += 1
        return None

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _mark(before: str, n: int, row: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps([before, n, *row], ensure_ascii=False).encode()).hexdigest()
