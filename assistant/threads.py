"""Conversations, as a follow-up needs them: the last turns of each thread, kept in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from pathlib import Path

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from assistant.answer import Answer

_TURNS = 8
"""Turns that a follow-up can refer to; older ones are dropped from the file."""
_SHOWN = 600

_TABLES = """
CREATE TABLE IF NOT EXISTS turns (
    thread TEXT NOT NULL, n INTEGER NOT NULL, at REAL NOT NULL, question TEXT NOT NULL, outcome TEXT NOT NULL,
    request TEXT, reading TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (thread, n)
);
CREATE TABLE IF NOT EXISTS votes (
    thread TEXT NOT NULL, question TEXT NOT NULL, up INTEGER NOT NULL, comment TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (thread, question)
);
"""


class Threads:
    """Safe to use from many threads of the process."""

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._lock = threading.Lock()
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(_TABLES)

    def history(self, thread: str) -> list[BaseMessage]:
        """The thread's last turns as messages, oldest first: question, query, a note of its result, answer."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT n, question, request, reading, text FROM turns WHERE thread = ? ORDER BY n DESC LIMIT ?",
                (thread, _TURNS),
            ).fetchall()
        messages: list[BaseMessage] = []
        for n, question, request, reading, text in reversed(rows):
            messages.append(HumanMessage(question))
            if request:
                call = {
                    "name": "query",
                    "args": {"request": json.loads(request), "reading": reading},
                    "id": f"turn_{n}",
                    "type": "tool_call",
                }
                messages.append(AIMessage("", tool_calls=[call]))
                messages.append(ToolMessage("(the result was shown)", tool_call_id=f"turn_{n}", name="query"))
            messages.append(AIMessage(text[:_SHOWN]))
        return messages

    def append(self, thread: str, question: str, answer: Answer) -> None:
        """Keep a turn. A full disk or a damaged file loses the memory of the turn, never the answer."""
        request = answer.provenance.request.model_dump_json() if answer.provenance.request else None
        with self._lock:
            row = self._connection.execute(
                "SELECT coalesce(max(n), 0) FROM turns WHERE thread = ?", (thread,)
            ).fetchone()
            n = int(row[0]) + 1
            self._connection.execute(
                "INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (thread, n, time.time(), question, answer.outcome, request, answer.reading, answer.text),
            )
            self._connection.execute("DELETE FROM turns WHERE thread = ? AND n <= ?", (thread, n - 4 * _TURNS))

    def rate(self, thread: str, question: str, *, up: bool, comment: str = "") -> None:
        """Keep a thumb up or down for a question's answer; the latest counts."""
        with self._lock:
            self._connection.execute(
                "INSERT OR REPLACE INTO votes VALUES (?, ?, ?, ?, ?)", (thread, question, int(up), comment, time.time())
            )

    def votes(self) -> list[tuple[str, str, bool, str]]:
        """(thread, question, up, comment), oldest first."""
        with self._lock:
            rows = self._connection.execute("SELECT thread, question, up, comment FROM votes ORDER BY at").fetchall()
        return [(t, q, bool(up), c) for t, q, up, c in rows]

    def close(self) -> None:
        with self._lock:
            self._connection.close()
