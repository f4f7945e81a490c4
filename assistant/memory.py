"""What people say about answers: thumbs, and answers that somebody verified. Kept in SQLite, exported as JSON lines."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.threads import open_database

_TABLES = """
CREATE TABLE IF NOT EXISTS feedback (
    thread TEXT NOT NULL, question TEXT NOT NULL, up INTEGER NOT NULL, comment TEXT NOT NULL, outcome TEXT, request
    TEXT, user TEXT, at REAL NOT NULL, PRIMARY KEY (thread, question)
);
CREATE TABLE IF NOT EXISTS verified (
    words TEXT PRIMARY KEY, question TEXT NOT NULL, request TEXT NOT NULL, verified_by TEXT NOT NULL, at REAL NOT NULL
);
"""


@dataclass(frozen=True)
class Feedback:
    """A thumb up or down for a question's answer. `at` is ISO 8601, UTC."""

    thread: str
    question: str
    up: bool
    comment: str
    outcome: str | None
    request: dict[str, Any] | None
    user: str | None
    at: str


@dataclass(frozen=True)
class Verified:
    """A question whose request somebody has checked. Its periods should be words ("last month"), to stay true."""

    question: str
    request: dict[str, Any]
    verified_by: str
    at: str


class Memory:
    """Safe to use from many threads of the process. Methods raise sqlite3.Error when the disk is full or gone."""

    def __init__(self, path: Path):
        self._connection = open_database(path, _TABLES)
        self._lock = threading.Lock()

    def rate(
        self, thread: str, question: str, up: bool, comment: str = "", *,
        outcome: str | None = None, request: dict[str, Any] | None = None, user: str | None = None,
    ) -> None:  # fmt: skip
        """Keep a thumb; the latest for a question of a thread counts."""
        row = (thread, question, int(up), comment, outcome, json.dumps(request) if request else None, user, time.time())
        self._write("INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def feedback(self, user: str | None = None) -> list[Feedback]:
        """Every thumb, oldest first; or those of one user."""
        rows = self._read(
            "SELECT thread, question, up, comment, outcome, request, user, at FROM feedback "
            "WHERE ?1 IS NULL OR user = ?1 ORDER BY at, rowid",
            (user,),
        )
        return [
            Feedback(t, q, bool(up), c, o, json.loads(r) if r else None, u, _utc(at))
            for t, q, up, c, o, r, u, at in rows
        ]

    def unrate(self, thread: str, question: str, user: str) -> None:
        """Forget a thumb of the user's."""
        self._write("DELETE FROM feedback WHERE thread = ? AND question = ? AND user = ?", (thread, question, user))

    def verify(self, question: str, request: dict[str, Any], verified_by: str) -> None:
        """Keep a question with the request that somebody checked; the latest for the same words counts."""
        row = (_words(question), question, json.dumps(request), verified_by, time.time())
        self._write("INSERT OR REPLACE INTO verified VALUES (?, ?, ?, ?, ?)", row)

    def verified(self, question: str) -> Verified | None:
        """What was checked for these words, letter case, spacing and punctuation aside."""
        rows = self._read(
            "SELECT question, request, verified_by, at FROM verified WHERE words = ?", (_words(question),)
        )
        return next((Verified(q, json.loads(r), by, _utc(at)) for q, r, by, at in rows), None)

    def export(self) -> Iterator[str]:
        """The feedback as lines of JSON."""
        for entry in self.feedback():
            yield json.dumps(asdict(entry), ensure_ascii=False)

    def _write(self, sql: str, values: tuple[Any, ...]) -> None:
        with self._lock, closing(self._connection.cursor()) as cursor:
            cursor.execute(sql, values)

    def _read(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock, closing(self._connection.cursor()) as cursor:
            return cursor.execute(sql, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _words(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.casefold()))


def _utc(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
