"""What was shown, for the buttons below it: the question for a thumb, the SQL for whoever wants to see it."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Answer
from assistant.threads import open_database

_DAYS = 365
_TABLES = """
CREATE TABLE IF NOT EXISTS shown (
    key TEXT PRIMARY KEY, team TEXT NOT NULL, conversation TEXT NOT NULL, question TEXT NOT NULL, reading TEXT NOT NULL,
    method TEXT NOT NULL, sql TEXT NOT NULL, at REAL NOT NULL
);
"""


@dataclass(frozen=True)
class Shown:
    team: str
    conversation: str
    question: str
    reading: str
    method: str
    sql: str


class ShownAnswers:
    """Safe to use from many threads. Raises sqlite3.Error when the disk is full or gone."""

    def __init__(self, path: Path):
        self._connection = open_database(path, _TABLES)
        self._lock = threading.Lock()

    def keep(self, team: str, conversation: str, question: str, answer: Answer) -> str:
        """The key by which the buttons find it."""
        key, said = secrets.token_urlsafe(12), answer.provenance
        row = (key, team, conversation, question, answer.reading, said.method or "", said.sql or "", time.time())
        with self._lock:
            self._connection.execute("DELETE FROM shown WHERE at < ?", (time.time() - _DAYS * 86400,))
            self._connection.execute("INSERT INTO shown VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return key

    def find(self, key: str, team: str) -> Shown | None:
        with self._lock:
            row = self._connection.execute(
                "SELECT team, conversation, question, reading, method, sql FROM shown WHERE key = ? AND team = ?",
                (key, team),
            ).fetchone()
        return Shown(*row) if row else None

    def close(self) -> None:
        with self._lock:
            self._connection.close()
