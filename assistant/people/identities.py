"""Identities: the names by which channels know people (a Slack user, a phone number), so that who may see what follows
the person.

A person links one by a one-time code: it is shown to them where they are logged in, and sent back over the channel.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
import time
from dataclasses import dataclass

from assistant.people.database import Database
from assistant.people.person import Person

CODE_SECONDS = 900
_DIGITS = 8


@dataclass(frozen=True)
class Identity:
    """`channel` is "slack", "sms" …; `subject` is what is unique there: "T024BE7LD/U2147483697", "+4712345678"."""

    channel: str
    subject: str
    person: str
    workspace: str


class Identities:
    """`secret` keeps the codes from being guessed out of the database."""

    def __init__(self, database: Database, secret: str):
        self._database = database
        self._secret = secret.encode()

    def find(self, channel: str, subject: str) -> Identity | None:
        """Who this is, and in which workspace they ask over the channel."""
        rows = self._database.read("SELECT * FROM identities WHERE channel = ? AND subject = ?", channel, subject)
        return _identity(rows[0]) if rows else None

    def link(self, person: Person, channel: str, subject: str) -> None:
        """Somebody who may do so says that this is the person, in their workspace; who it was before, it is no more."""
        self._write(channel, subject, person.id, person.workspace)

    def _write(self, channel: str, subject: str, person: str, workspace: str) -> None:
        self._database.write(
            "INSERT OR REPLACE INTO identities (channel, subject, person, linked_at, workspace) VALUES (?, ?, ?, ?, ?)",
            channel, subject, person, time.time(), workspace,
        )  # fmt: skip

    def unlink(self, channel: str, subject: str) -> bool:
        """Whether it was linked."""
        return self._database.write("DELETE FROM identities WHERE channel = ? AND subject = ?", channel, subject) > 0

    def all(self, person: Person) -> list[Identity]:
        """Of theirs in the workspace."""
        rows = self._database.read(
            "SELECT * FROM identities WHERE person = ? AND workspace = ? ORDER BY linked_at",
            person.id,
            person.workspace,
        )
        return [_identity(row) for row in rows]

    def code(self, person: Person, channel: str) -> str:
        """Eight digits that link whoever sends them over the channel within 15 minutes, once. An older code of theirs
        for the channel is good no more."""
        code = "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
        self._database.write(
            "INSERT OR REPLACE INTO codes (channel, person, hash, expires_at, workspace) VALUES (?, ?, ?, ?, ?)",
            channel, person.id, self._hash(channel, code), time.time() + CODE_SECONDS, person.workspace,
        )  # fmt: skip
        return code

    def claim(self, channel: str, subject: str, code: str) -> str | None:
        """Link the sender to the person whose code it is, and say who (their id). None for a code that is not good: the
        channel must limit how often somebody may try (`limits.py`)."""
        with self._database.together():
            rows = self._database.read(
                "SELECT person, expires_at, workspace FROM codes WHERE channel = ? AND hash = ?",
                channel, self._hash(channel, code.strip()),
            )  # fmt: skip
            self._database.write("DELETE FROM codes WHERE expires_at < ?", time.time())
            if not rows or rows[0]["expires_at"] < time.time():
                return None
            person = str(rows[0]["person"])
            self._database.write("DELETE FROM codes WHERE channel = ? AND person = ?", channel, person)
            self._write(channel, subject, person, rows[0]["workspace"])
        return person

    def _hash(self, channel: str, code: str) -> bytes:
        return hmac.digest(self._secret, f"{channel}:{code}".encode(), hashlib.sha256)


def _identity(row: sqlite3.Row) -> Identity:
    return Identity(row["channel"], row["subject"], row["person"], row["workspace"])
