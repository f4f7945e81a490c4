"""Answers that were given over the API, kept so that they can be read again; one SQLite file."""

from __future__ import annotations

import gzip
import json
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.threads import open_database

_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, person TEXT NOT NULL, conversation TEXT NOT NULL,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')), question TEXT NOT NULL, mark TEXT, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS answers_by_conversation ON answers (person, conversation, n);
"""
_MOST = 2_000
"""Answers of a person; older ones are dropped."""


@dataclass(frozen=True)
class KeptAnswer:
    n: int
    id: str
    conversation: str
    at: str
    question: str
    mark: str | None
    """Of what the asker could see of the data then; None where it was asked of their own files."""
    body: dict[str, Any]


@dataclass(frozen=True)
class Conversation:
    """`last` is the number of its newest answer."""

    name: str
    title: str
    answers: int
    started_at: str
    updated_at: str
    last: int


class KeptAnswers:
    """Safe to use from many threads. Methods raise sqlite3.Error when the disk is full or gone."""

    def __init__(self, path: Path):
        self._connection = open_database(path, _TABLES)
        self._lock = threading.Lock()

    def keep(
        self, answer: str, person: str, conversation: str, question: str, mark: str | None, body: dict[str, Any]
    ) -> None:  # fmt: skip
        packed = gzip.compress(json.dumps(body, ensure_ascii=False).encode(), compresslevel=1)
        with self._lock:
            made = self._connection.execute(
                "INSERT INTO answers (id, person, conversation, question, mark, body) VALUES (?, ?, ?, ?, ?, ?)",
                (answer, person, conversation, question, mark, packed),
            )
            if made.lastrowid and made.lastrowid % 50 == 0:
                self._connection.execute(
                    "DELETE FROM answers WHERE person = ? AND n <= (SELECT n FROM answers WHERE person = ?"
                    " ORDER BY n DESC LIMIT 1 OFFSET ?)",
                    (person, person, _MOST),
                )

    def find(self, answer: str, person: str) -> KeptAnswer | None:
        rows = self._read("SELECT * FROM answers WHERE id = ? AND person = ?", answer, person)
        return _answer(rows[0]) if rows else None

    def of_conversation(self, person: str, name: str, after: int, limit: int) -> list[KeptAnswer]:
        """Oldest first, from the one after number `after`."""
        rows = self._read(
            "SELECT * FROM answers WHERE person = ? AND conversation = ? AND n > ? ORDER BY n LIMIT ?",
            person, name, after, limit,
        )  # fmt: skip
        return [_answer(row) for row in rows]

    def conversations(self, person: str, before: int | None, limit: int) -> list[Conversation]:
        """Newest first, from the one whose newest answer is before number `before`."""
        rows = self._read(
            "SELECT c.conversation, q.question, c.answers, c.started, c.updated, c.last FROM (SELECT conversation,"
            " min(n) AS first, count(*) AS answers, min(at) AS started, max(at) AS updated, max(n) AS last FROM answers"
            " WHERE person = ? GROUP BY conversation HAVING max(n) < ? ORDER BY max(n) DESC LIMIT ?) c"
            " JOIN answers q ON q.n = c.first ORDER BY c.last DESC",
            person, before if before is not None else 2**62, limit,
        )  # fmt: skip
        return [Conversation(*row) for row in rows]

    def forget(self, person: str, name: str) -> bool:
        """Drop a conversation. Whether there was one."""
        with self._lock:
            dropped = self._connection.execute(
                "DELETE FROM answers WHERE person = ? AND conversation = ?", (person, name)
            )
            return dropped.rowcount > 0

    def _read(self, sql: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _answer(row: sqlite3.Row) -> KeptAnswer:
    n, answer, _, conversation, at, question, mark, body = row
    return KeptAnswer(n, answer, conversation, at, question, mark, json.loads(gzip.decompress(body)))
