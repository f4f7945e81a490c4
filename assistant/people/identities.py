"""Identities: the names by which channels know people (a Slack user, a phone number), so that who may see what follows
the person.

A person links one by a one-time code: it is shown to them where they are logged in, and sent back over the channel.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
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


class Identities:
    """`secret` keeps the codes from being guessed out of the database."""

    def __init__(self, database: Database, secret: str):
        self._database = database
        self._secret = secret.encode()

    def person(self, channel: str, subject: str) -> str | None:
        """The id of the person that this is."""
        rows = self._database.read("SELECT person FROM identities WHERE channel = ? AND subject = ?", channel, subject)
        return rows[0]["person"] if rows else None

    def link(self, person: Person, channel: str, subject: str) -> None:
        """Somebody who may do so says that this is the person; who it was before, it is no more."""
        self._database.write(
            "INSERT OR REPLACE INTO identities VALUES (?, ?, ?, ?)", channel, subject, person.id, time.time()
        )

    def unlink(self, channel: str, subject: str) -> bool:
        """Whether it was linked."""
        return self._database.write("DELETE FROM identities WHERE channel = ? AND subject = ?", channel, subject) > 0

    def all(self, person: Person) -> list[Identity]:
        rows = self._database.read("SELECT * FROM identities WHERE person = ? ORDER BY linked_at", person.id)
        return [Identity(row["channel"], row["subject"], row["person"]) for row in rows]

    def code(self, person: Person, channel: str) -> str:
        """Eight digits that link whoever sends them over the channel within 15 minutes, once. An older code of theirs
        for the channel is good no more."""
        code = "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
        self._database.write(
            "INSERT OR REPLACE INTO codes VALUES (?, ?, ?, ?)",
            channel, person.id, self._hash(channel, code), time.time() + CODE_SECONDS,
        )  # fmt: skip
        return code

    def claim(self, channel: str, subject: str, code: str) -> str | None:
        """Link the sender to the person whose code it is, and say who (their id). None for a code that is not good: the
        channel must limit how often somebody may try (`limits.py`)."""
        with self._database.together():
            rows = self._database.read(
                "SELECT person, expires_at FROM codes WHERE channel = ? AND hash = ?",
                channel, self._hash(channel, code.strip()),
            )  # fmt: skip
            self._database.write("DELETE FROM codes WHERE expires_at < ?", time.time())
            if not rows or rows[0]["expires_at"] < time.time():
                return None
            person = str(rows[0]["person"])
            self._database.write("DELETE FROM codes WHERE channel = ? AND person = ?", channel, person)
            self._database.write(
                "INSERT OR REPLACE INTO identities VALUES (?, ?, ?, ?)", channel, subject, person, time.time()
            )
        return person

    def _hash(self, channel: str, code: str) -> bytes:
        return hmac.digest(self._secret, f"{channel}:{code}".encode(), hashlib.sha256)
