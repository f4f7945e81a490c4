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
from typing import Any, Literal, get_args

from assistant.answer import Answer
from assistant.people.door import Asker
from assistant.people.person import Person
from assistant.webhooks.signing import new_secret

Event = Literal["answer.given", "webhook.tested"]
"""answer.given    a question of the webhook's owner was answered, over whatever channel
webhook.tested  its owner asked for a trial
"""
EVENTS: tuple[Event, ...] = get_args(Event)
WAITS = (5, 30, 120, 600, 3_600, 18_000, 36_000)
"""Seconds between one try and the next: eight tries in about 19 hours."""
_KEPT_SECONDS = 7 * 86_400
_TABLES = """
CREATE TABLE IF NOT EXISTS hooks (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, url TEXT NOT NULL, events TEXT NOT NULL, secret TEXT NOT NULL,
    made_at TEXT NOT NULL, off TEXT
);
CREATE TABLE IF NOT EXISTS deliveries (
    id TEXT PRIMARY KEY, hook TEXT NOT NULL REFERENCES hooks ON DELETE CASCADE, event TEXT NOT NULL, body BLOB NOT NULL,
    made_at REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, next_at REAL, status TEXT NOT NULL DEFAULT 'waiting',
    said TEXT NOT NULL DEFAULT ''
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
        self._lock = threading.Lock()

    def add(self, person: Person, url: str, events: Collection[Event]) -> Hook:
        made = Hook(
            uuid.uuid4().hex, person.id, url, tuple(sorted(events)), new_secret(),
            datetime.now(UTC).isoformat(timespec="seconds"), None,
        )  # fmt: skip
        self._write(
            "INSERT INTO hooks VALUES (?, ?, ?, ?, ?, ?, ?)",
            made.id, made.person, made.url, json.dumps(made.events), made.secret, made.made_at, None,
        )  # fmt: skip
        return made

    def all(self, person: Person) -> list[Hook]:
        return [_hook(row) for row in self._read("SELECT * FROM hooks WHERE person = ? ORDER BY made_at", person.id)]

    def find(self, hook: str, person: Person) -> Hook | None:
        rows = self._read("SELECT * FROM hooks WHERE id = ? AND person = ?", hook, person.id)
        return _hook(rows[0]) if rows else None

    def remove(self, hook: Hook) -> None:
        self._write("DELETE FROM hooks WHERE id = ?", hook.id)

    def publish(self, event: Event, person: str, data: dict[str, Any], hook: str | None = None) -> int:
        """Have an event sent to a person's webhooks that wait for such (or to the one): how many. They get it once if
        they take it, and with the same id each time it is tried."""
        count = 0
        for row in self._read("SELECT * FROM hooks WHERE person = ? AND off IS NULL", person):
            to = _hook(row)
            if (hook or to.id) != to.id or (hook is None and event not in to.events):
                continue
            now = datetime.now(UTC).isoformat(timespec="seconds")
            body = json.dumps({"type": event, "timestamp": now, "data": data}, ensure_ascii=False, default=str)
            self._write(
                "INSERT INTO deliveries (id, hook, event, body, made_at, next_at) VALUES (?, ?, ?, ?, ?, ?)",
                f"msg_{uuid.uuid4().hex}", to.id, event, body.encode(), time.time(), time.time(),
            )  # fmt: skip
            count += 1
        return count

    def answered(self, asker: Asker, question: str, answer: Answer) -> None:
        """Tell the asker's webhooks of an answer."""
        said = answer.provenance
        data = {"question": question, "channel": asker.channel, "outcome": answer.outcome, "text": answer.text,
                "reading": answer.reading, "sql": said.sql, "rows": said.row_count}  # fmt: skip
        self.publish("answer.given", asker.person.id, data)

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
    return Hook(row[0], row[1], row[2], tuple(json.loads(row[3])), row[4], row[5], row[6])
