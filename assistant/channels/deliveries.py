"""Deliveries: what other systems send is taken once, however often they send it; and what is owed an answer is kept
until it has one, since a message that was acknowledged does not come again.

When the server is started after it was killed, what waits for an answer is answered then. What may have been answered
just before is not answered again, since nobody can know: who asked is told.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from assistant.threads import open_database

_DAYS = 90
"""Longer than any of them retries, so that what was overheard can't be sent again for a quarter of a year."""
_WORTH_S = 3600.0
"""After which nobody waits for an answer any more: then they are told that there was none."""
_TABLES = """
CREATE TABLE IF NOT EXISTS deliveries (channel TEXT NOT NULL, id TEXT NOT NULL, at REAL NOT NULL,
  body TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'done', PRIMARY KEY (channel, id));
CREATE INDEX IF NOT EXISTS by_age ON deliveries (at);
"""
_ADDED = {"body": "TEXT NOT NULL DEFAULT ''", "state": "TEXT NOT NULL DEFAULT 'done'"}
"""Columns that files of older versions lack."""


@dataclass(frozen=True)
class Delivery:
    """What is owed an answer. `since` is when it came (seconds since 1970), if it is taken up after a restart; `lost`:
    it may have been answered already, or can't be any more."""

    channel: str
    id: str
    body: str = ""
    since: float | None = None
    lost: bool = False


class Deliveries:
    """Safe to use from many threads; kept over restarts. Raises sqlite3.Error when the disk is full.

    A delivery is waiting; or again, since it was taken up after a restart; or answering, since its answer is on its
    way; or done."""

    def __init__(self, path: Path):
        self._connection = open_database(path, _TABLES)
        self._connection.execute("PRAGMA synchronous = FULL")  # what is acknowledged is on the disk
        known = {row[1] for row in self._connection.execute("PRAGMA table_info(deliveries)")}
        for name, kind in _ADDED.items():
            if name not in known:
                self._connection.execute(f"ALTER TABLE deliveries ADD COLUMN {name} {kind}")
        self._connection.execute("CREATE INDEX IF NOT EXISTS owed ON deliveries (at) WHERE state <> 'done'")
        self._lock = threading.Lock()

    def first(self, channel: str, delivery: str) -> bool:
        """Whether this one, which nobody waits for, has not been taken before; from now on it has."""
        return self._take(channel, delivery, "", "done")

    def take(self, channel: str, delivery: str, body: str) -> Delivery | None:
        """What is to be answered, unless it has been taken before. `body` is what it takes to answer it."""
        return Delivery(channel, delivery, body) if self._take(channel, delivery, body, "waiting") else None

    def _take(self, channel: str, delivery: str, body: str, state: str) -> bool:
        now = time.time()
        with self._lock:
            self._connection.execute("DELETE FROM deliveries WHERE at < ?", (now - _DAYS * 86400,))
            made = self._connection.execute(
                "INSERT OR IGNORE INTO deliveries (channel, id, at, body, state) VALUES (?, ?, ?, ?, ?)",
                (channel, delivery, now, body, state),
            )
            return made.rowcount == 1

    def answering(self, delivery: Delivery | None) -> None:
        """From now on its answer may have gone out."""
        self._mark(delivery, "UPDATE deliveries SET state = 'answering' WHERE channel = ? AND id = ?")

    def done(self, delivery: Delivery | None) -> None:
        self._mark(delivery, "UPDATE deliveries SET state = 'done', body = '' WHERE channel = ? AND id = ?")

    def _mark(self, delivery: Delivery | None, change: str) -> None:
        if delivery is not None:
            with self._lock:
                self._connection.execute(change, (delivery.channel, delivery.id))

    def left(self) -> list[Delivery]:
        """What an earlier process left without an answer, in the order in which it came. What was taken up once, and is
        left again, is lost: it may be what ends the process."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT channel, id, body, at, state FROM deliveries WHERE state <> 'done' ORDER BY at, rowid"
            ).fetchall()
            self._connection.execute(
                "UPDATE deliveries SET state = 'done', body = '' WHERE state IN ('again', 'answering')"
            )
            self._connection.execute("UPDATE deliveries SET state = 'again' WHERE state = 'waiting'")
        late = time.time() - _WORTH_S
        return [
            Delivery(channel, id, body, at, lost=state != "waiting" or at < late)
            for channel, id, body, at, state in rows
        ]

    def close(self) -> None:
        with self._lock:
            self._connection.close()
