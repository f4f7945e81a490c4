"""API keys: shown once, kept as a hash, good for some scopes until a day.

A key is `parley_ID_SECRET`; the secret has 256 random bits, so that a plain SHA-256 of it can't be guessed back.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import sqlite3
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assistant.people.database import Database
from assistant.people.directory import BadPerson
from assistant.people.person import SCOPES, Person, Scope

LONGEST_DAYS = 366
_FORM = re.compile(r"parley_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class Key:
    """What is known of a key once it was shown."""

    id: str
    person: str
    workspace: str
    label: str
    scopes: frozenset[Scope]
    expires_at: datetime
    used_at: datetime | None = None


class Keys:
    def __init__(self, database: Database):
        self._database = database

    def create(
        self, person: Person, label: str, *, days: int = 90, scopes: Collection[Scope] | None = None
    ) -> tuple[str, Key]:
        """The key itself, which can't be had again, and what is kept of it. `scopes`: as their role allows, if not
        given. Raises BadPerson."""
        wanted = frozenset(scopes) if scopes else person.scopes
        if unknown := sorted(wanted - frozenset(SCOPES)):
            raise BadPerson(f"There is no scope {unknown[0]!r}: choose from {', '.join(SCOPES)}.")
        if beyond := sorted(wanted - person.scopes):
            raise BadPerson(
                f"{person.name} is {person.role}, and a key of theirs can't be good for {', '.join(beyond)}."
            )
        if not 1 <= days <= LONGEST_DAYS:
            raise BadPerson(f"A key is good for 1 to {LONGEST_DAYS} days, not {days}.")
        made, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        expires = datetime.now(UTC) + timedelta(days=days)
        self._database.write(
            "INSERT INTO keys (id, person, workspace, label, hash, scopes, created_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            made, person.id, person.workspace, label[:100], _hash(secret), json.dumps(sorted(wanted)), time.time(),
            expires.timestamp(),
        )  # fmt: skip
        return f"parley_{made}_{secret}", Key(made, person.id, person.workspace, label[:100], wanted, expires)

    def find(self, text: str) -> Key | None:
        """The key, if it is one that is good now."""
        form = _FORM.fullmatch(text)
        if form is None:
            return None
        rows = self._database.read("SELECT * FROM keys WHERE id = ?", form[1])
        kept = rows[0]["hash"] if rows else b"\0" * 32
        if not hmac.compare_digest(kept, _hash(form[2])) or not rows or rows[0]["expires_at"] < time.time():
            return None
        self._database.write(
            "UPDATE keys SET used_at = ? WHERE id = ? AND coalesce(used_at, 0) < ?",
            time.time(), form[1], time.time() - 60,
        )  # fmt: skip
        return _key(rows[0])

    def all(self, person: Person) -> list[Key]:
        rows = self._database.read(
            "SELECT * FROM keys WHERE person = ? AND workspace = ? ORDER BY created_at", person.id, person.workspace
        )
        return [_key(row) for row in rows]

    def revoke(self, key_id: str) -> bool:
        """Whether there was one."""
        return self._database.write("DELETE FROM keys WHERE id = ?", key_id) > 0


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _key(row: sqlite3.Row) -> Key:
    used = row["used_at"]
    return Key(
        row["id"], row["person"], row["workspace"], row["label"], frozenset(json.loads(row["scopes"])),
        datetime.fromtimestamp(row["expires_at"], UTC), datetime.fromtimestamp(used, UTC) if used else None,
    )  # fmt: skip
