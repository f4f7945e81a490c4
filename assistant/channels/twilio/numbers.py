"""What is kept of a phone number on a channel: its conversation, what a number means there, whether it said STOP."""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from assistant.threads import open_database

_QUIET_S = 6 * 3600
"""After such a silence nobody means "and by region?" by what was said before."""
_TABLES = """
CREATE TABLE IF NOT EXISTS numbers (
    channel TEXT NOT NULL, number TEXT NOT NULL, person TEXT NOT NULL DEFAULT '', conversation TEXT NOT NULL,
    options TEXT NOT NULL DEFAULT '[]', rest TEXT NOT NULL DEFAULT '[]', stopped INTEGER NOT NULL DEFAULT 0,
    at REAL NOT NULL, PRIMARY KEY (channel, number)
);
"""


@dataclass(frozen=True)
class Talk:
    """`conversation` is a UUID. `options` are what 1, 2, 3 … ask; `rest` is what "more" goes on with."""

    conversation: str
    options: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()


class Numbers:
    """Safe to use from many threads. Raises sqlite3.Error when the disk is full or gone."""

    def __init__(self, path: Path):
        self._connection = open_database(path, _TABLES)
        self._lock = threading.Lock()

    def stopped(self, channel: str, number: str) -> bool:
        with self._lock:
            found = self._connection.execute(
                "SELECT stopped FROM numbers WHERE channel = ? AND number = ?", (channel, number)
            ).fetchone()
        return bool(found and found[0])

    def stop(self, channel: str, number: str, stopped: bool) -> None:
        with self._lock:
            self._connection.execute(
                "INSERT INTO numbers (channel, number, conversation, stopped, at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET stopped = excluded.stopped",
                (channel, number, str(uuid.uuid4()), int(stopped), time.time()),
            )

    def talk(self, channel: str, number: str, person: str, *, new: bool = False) -> Talk:
        """The conversation that goes on; a new one if it is asked for, after six hours of silence, or if the number has
        become another person's."""
        now = time.time()
        with self._lock:
            row = self._connection.execute(
                "SELECT person, conversation, options, rest, at FROM numbers WHERE channel = ? AND number = ?",
                (channel, number),
            ).fetchone()
            if row and row[0] == person and now - row[4] < _QUIET_S and not new:
                return Talk(row[1], tuple(json.loads(row[2])), tuple(json.loads(row[3])))
            begun = Talk(str(uuid.uuid4()))
            self._connection.execute(
                "INSERT INTO numbers (channel, number, person, conversation, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO "
                "UPDATE SET person = excluded.person, conversation = excluded.conversation, options = '[]', "
                "rest = '[]', at = excluded.at",
                (channel, number, person, begun.conversation, now),
            )
        return begun

    def say(self, channel: str, number: str, options: tuple[str, ...], rest: tuple[str, ...]) -> None:
        """Keep what numbers and "more" mean from now on."""
        with self._lock:
            self._connection.execute(
                "UPDATE numbers SET options = ?, rest = ?, at = ? WHERE channel = ? AND number = ?",
                (json.dumps(options), json.dumps(rest), time.time(), channel, number),
            )

    def close(self) -> None:
        with self._lock:
            self._connection.close()
