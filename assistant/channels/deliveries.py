"""Deliveries: what other systems send is taken once, however often they send it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from assistant.threads import open_database

_DAYS = 90
"""Longer than any of them retries, so that what was overheard can't be sent again for a quarter of a year."""
_TABLES = """
CREATE TABLE IF NOT EXISTS deliveries (channel TEXT NOT NULL, id TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (channel, id));
CREATE INDEX IF NOT EXISTS by_age ON deliveries (at);
"""


class Deliveries:
    """Safe to use from many threads; kept over restarts. Raises sqlite3.Error when the disk is full."""

    def __init__(self, path: Path):
        self._connection = open_database(path, _TABLES)
        self._lock = threading.Lock()

    def first(self, channel: str, delivery: str) -> bool:
        """Whether this one has not been taken before; from now on it has."""
        now = time.time()
        with self._lock:
            self._connection.execute("DELETE FROM deliveries WHERE at < ?", (now - _DAYS * 86400,))
            made = self._connection.execute(
                "INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?)", (channel, delivery, now)
            )
            return made.rowcount == 1

    def close(self) -> None:
        with self._lock:
            self._connection.close()
