"""The addresses that events are sent to, and what has still to be delivered to each."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from assistant.people.person import MAIN, Person
from assistant.webhooks.signing import new_secret

Event = Literal["answer.given", "refresh.finished", "refresh.failed", "alert.raised", "webhook.tested"]
"""answer.given      a question of the webhook's owner was answered, over whatever channel
refresh.finished  the workspace's data was read from its source anew
refresh.failed    it could not be: what there was still holds
alert.raised      something unusual was found in what the owner sees of the data
webhook.tested    its owner asked for a trial
"""
WAITS = (5, 30, 120, 600, 3_600, 18_000, 36_000)
"""Seconds between one try and the next: eight tries in about 19 hours."""
_KEPT_SECONDS = 7 * 86_400
_TABLES = """
CREATE TABLE IF NOT EXISTS hooks (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, url TEXT NOT NULL, events TEXT NOT NULL, secret TEXT NOT NULL,
    made_at TEXT NOT NULL, off TEXT, workspace TEXT NOT NULL DEFAULT 'main'
);
CREATE TABLE IF NOT EXISTS deliveries (
    id TEXT PRIMARY KEY, hook TEXT NOT NULL REFERENCES hooks ON DELETE CASCADE, event TEXT NOT NULL, body BLOB NOT NULL,
    made_at REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, next_at REAL, status TEXT NOT NULL DEFAULT 'waiting',
    said TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS alerts (
    hook TEXT NOT NULL REFERENCES hooks ON DELETE CASCADE, mark TEXT NOT NULL, PRIMARY KEY (hook, mark)
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (next_at) WHERE next_at IS NOT NULL;
"""


@dataclass(frozen=True)
class Hook:
    """`off` says why nothing is sent to it any more."""

    id: str
    person: str
    url: str
    events: tuple[Event, ...]
    secret: str
    made_at: str
    off: str | None
    workspace: str = MAIN


@dataclass(frozen=True)
class Delivery:
    """`status`: waiting, delivered or given_up; `said`: what came of the last try."""

    id: str
    hook: str
    event: str
    body: bytes
    made_at: float
    tries: int
    next_at: float | None
    status: str
    said: str


class Hooks:
    """Safe to use from many threads. A secret has to be kept as it is, to sign with: the file is readable by its owner
    alone. Raises sqlite3.Error."""

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._connection = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None, timeout=10)
        for line in ("PRAGMA journal_mode = WAL", "PRAGMA foreign_keys = ON"):
            self._connection.execute(line)
        self._connection.executescript(_TABLES)
        known = [row[1] for row in self._connection.execute("PRAGMA table_info(hooks)")]
        if "workspace" not in known:  # a file of before there were several
            self._connection.execute(f"ALTER TABLE hooks ADD COLUMN workspace TEXT NOT NULL DEFAULT '{MAIN}'")
        self._lock = threading.Lock()

    def add(self, person: Person, url: str, events: Collection[Event]) -> Hook:
        """In the person's workspace: what happens in another is none of its business."""
        made = Hook(
            uuid.uuid4().hex, person.id, url, tuple(sorted(events)), new_secret(),
            datetime.now(UTC).isoformat(timespec="seconds"), None, person.workspace,
        )  # fmt: skip
        self._write(
            "INSERT INTO hooks (id, person, url, events, secret, made_at, workspace) VALUES (?, ?, ?, ?, ?, ?, ?)",
            made.id, made.person, made.url, json.dumps(made.events), made.secret, made.made_at, made.workspace,
        )  # fmt: skip
        return made

    def all(self, person: Person) -> list[Hook]:
        rows = self._read(
            "SELECT * FROM hooks WHERE person = ? AND workspace = ? ORDER BY made_at", person.id, person.workspace
        )
        return [_hook(row) for row in rows]

    def find(self, hook: str, person: Person) -> Hook | None:
        return next((known for known in self.all(person) if known.id == hook), None)

    def remove(self, hook: Hook) -> None:
        self._write("DELETE FROM hooks WHERE id = ?", hook.id)

    def waiting(self, event: Event, workspace: str) -> list[Hook]:
        """Those of a workspace that an event of this kind is sent to."""
        rows = self._read("SELECT * FROM hooks WHERE workspace = ? AND off IS NULL", workspace)
        return [hook for hook in map(_hook, rows) if event in hook.events]

    def send(self, hook: Hook, event: Event, data: dict[str, Any]) -> None:
        """Have an event sent. It comes once if it is taken, and with the same id each time it is tried."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        body = json.dumps({"type": event, "timestamp": now, "data": data}, ensure_ascii=False, default=str)
        self._write(
            "INSERT INTO deliveries (id, hook, event, body, made_at, next_at) VALUES (?, ?, ?, ?, ?, ?)",
            f"msg_{uuid.uuid4().hex}", hook.id, event, body.encode(), time.time(), time.time(),
        )  # fmt: skip

    def first(self, hook: Hook, mark: str) -> bool:
        """Whether the webhook was not told of this before; from now on it was."""
        with self._lock:
            made = self._connection.execute("INSERT OR IGNORE INTO alerts VALUES (?, ?)", (hook.id, mark))
            return made.rowcount == 1

    def due(self, limit: int) -> list[tuple[Delivery, Hook]]:
        """What is to be sent now, the oldest first."""
        rows = self._read(
            "SELECT d.*, h.* FROM deliveries d JOIN hooks h ON h.id = d.hook WHERE next_at <= ? AND h.off IS NULL"
            " ORDER BY next_at LIMIT ?",
            time.time(), limit,
        )  # fmt: skip
        return [(Delivery(*row[:9]), _hook(row[9:])) for row in rows]

    def tried(self, delivery: Delivery, *, taken: bool, said: str) -> None:
        """What came of a try: delivered; or it is tried again later; or, after the last, given up."""
        tries = delivery.tries + 1
        again = None if taken or tries > len(WAITS) else time.time() + WAITS[tries - 1]
        status = "delivered" if taken else "waiting" if again else "given_up"
        self._write(
            "UPDATE deliveries SET tries = ?, next_at = ?, status = ?, said = ? WHERE id = ?",
            tries, again, status, said[:300], delivery.id,
        )  # fmt: skip
        self._write("DELETE FROM deliveries WHERE next_at IS NULL AND made_at < ?", time.time() - _KEPT_SECONDS)

    def turn_off(self, hook: Hook, why: str) -> None:
        self._write("UPDATE hooks SET off = ? WHERE id = ?", why, hook.id)

    def deliveries(self, hook: Hook, limit: int) -> list[Delivery]:
        """Newest first."""
        rows = self._read("SELECT * FROM deliveries WHERE hook = ? ORDER BY made_at DESC LIMIT ?", hook.id, limit)
        return [Delivery(*row) for row in rows]

    def _read(self, sql: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def _write(self, sql: str, *values: Any) -> None:
        with self._lock:
            self._connection.execute(sql, values)

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _hook(row: Any) -> Hook:
    return Hook(row[0], row[1], row[2], tuple(json.loads(row[3])), *row[4:8])
