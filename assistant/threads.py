"""Conversations, as a follow-up needs them: the last turns of each thread, kept in one SQLite file."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from assistant.answer import Answer

log = logging.getLogger("parley.threads")
_TURNS = 6
"""Turns that a follow-up can refer to; older ones are dropped from the file."""
_SHOWN = 600
"""Characters of an earlier answer that a model reads again."""

_TABLES = """
CREATE TABLE IF NOT EXISTS turns (
    thread TEXT NOT NULL, n INTEGER NOT NULL, at REAL NOT NULL, question TEXT NOT NULL, outcome TEXT NOT NULL,
    request TEXT, reading TEXT NOT NULL, text TEXT NOT NULL, tool TEXT NOT NULL DEFAULT 'query',
    arguments TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (thread, n)
);
"""
_ADDED = {"tool": "TEXT NOT NULL DEFAULT 'query'", "arguments": "TEXT NOT NULL DEFAULT '{}'"}
"""Columns that files of older versions lack."""


def open_database(path: Path, tables: str) -> sqlite3.Connection:
    """A SQLite file of ours. One that is damaged is put aside, never overwritten; where none can be written (a full
    disk, a read-only folder) it is kept in memory, and the log says so."""
    for place in (path, path, None):
        try:
            if place:
                place.parent.mkdir(parents=True, exist_ok=True)
            made = sqlite3.connect(str(place or ":memory:"), check_same_thread=False, isolation_level=None, timeout=10)
            made.execute("PRAGMA journal_mode = WAL")
            made.execute("PRAGMA synchronous = NORMAL")
            made.executescript(tables)
            return made
        except (sqlite3.DatabaseError, OSError) as error:
            damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
            if damaged and path.exists():
                aside = path.with_name(f"{path.name}.damaged-{int(time.time())}")
                path.rename(aside)
                log.warning("%s is damaged: it is kept as %s and a new one begun", path.name, aside.name)
            else:
                log.warning("%s can't be written (%s): kept in memory until this process ends", path.name, error)
    raise AssertionError("a database in memory always opens")


class Threads:
    """Safe to use from many threads of the process. Methods raise sqlite3.Error when the disk is full or gone."""

    def __init__(self, path: Path):
        self._connection = open_database(path, _TABLES)
        known = {row[1] for row in self._connection.execute("PRAGMA table_info(turns)")}
        for name, kind in _ADDED.items():
            if name not in known:
                self._connection.execute(f"ALTER TABLE turns ADD COLUMN {name} {kind}")
        self._lock = threading.Lock()

    def history(self, thread: str) -> list[BaseMessage]:
        """The thread's last turns as messages, oldest first: question, query, a note of its result, answer. What could
        not be read has no query: only a guess at one, which no follow-up may change into an answer."""
        with self._lock, closing(self._connection.cursor()) as cursor:
            rows = cursor.execute(
                "SELECT n, question, outcome, request, reading, text, tool, arguments FROM turns WHERE thread = ? "
                "ORDER BY n DESC LIMIT ?",
                (thread, _TURNS),
            ).fetchall()
        messages: list[BaseMessage] = []
        for n, question, outcome, request, reading, text, tool, arguments in reversed(rows):
            messages.append(HumanMessage(question))
            guessed = outcome == "cannot" and request is not None
            if request and not guessed:
                args = {"request": json.loads(request), "reading": reading, **json.loads(arguments)}
                call: Any = {"name": tool, "args": args, "id": f"turn_{n}", "type": "tool_call"}
                messages.append(AIMessage("", tool_calls=[call]))
                messages.append(ToolMessage("(the result was shown)", tool_call_id=f"turn_{n}", name=tool))
            messages.append(AIMessage(text[:_SHOWN], response_metadata={"parley_unread": True} if guessed else {}))
        return messages

    def append(self, thread: str, question: str, answer: Answer) -> None:
        """Keep a turn, and drop those that are too old to be referred to."""
        request = answer.provenance.request
        kept = json.dumps(_slim(request.model_dump(mode="json"))) if request else None
        called = answer.provenance
        made = (called.tool, json.dumps(called.arguments, default=str))
        row = (time.time(), question, answer.outcome, kept, answer.reading, answer.text, *made)
        with self._lock, closing(self._connection.cursor()) as cursor:
            found = cursor.execute("SELECT coalesce(max(n), 0) FROM turns WHERE thread = ?", (thread,)).fetchone()
            n = int(found[0]) + 1
            cursor.execute("BEGIN")
            try:
                cursor.execute("INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (thread, n, *row))
                cursor.execute("DELETE FROM turns WHERE thread = ? AND n <= ?", (thread, n - _TURNS))
                cursor.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    cursor.execute("ROLLBACK")

    def last(self, thread: str, question: str) -> tuple[str, dict[str, Any] | None] | None:
        """The outcome and the request of the latest turn that asked this; None if it is not kept any more."""
        with self._lock, closing(self._connection.cursor()) as cursor:
            found = cursor.execute(
                "SELECT outcome, request FROM turns WHERE thread = ? AND question = ? ORDER BY n DESC LIMIT 1",
                (thread, question),
            ).fetchone()
        return (str(found[0]), json.loads(found[1]) if found[1] else None) if found else None

    def undo(self, thread: str, question: str, since: float) -> None:
        """Forget that this was asked since then (seconds since 1970): it will be asked anew."""
        with self._lock:
            self._connection.execute(
                "DELETE FROM turns WHERE thread = ? AND question = ? AND at >= ?", (thread, question, since)
            )

    def forget(self, thread: str) -> None:
        with self._lock:
            self._connection.execute("DELETE FROM turns WHERE thread = ?", (thread,))

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _slim(node: Any) -> Any:
    """A Request's JSON without what is empty: it reads back the same."""
    if isinstance(node, dict):
        return {k: _slim(v) for k, v in node.items() if v is not None and v != []}
    return [_slim(n) for n in node] if isinstance(node, list) else node
