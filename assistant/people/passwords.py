"""Passwords: kept as argon2id hashes, checked as slowly for a name that is not there as for one that is."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from assistant.people.database import Database
from assistant.people.directory import BadPerson
from assistant.people.person import Person

SHORTEST = 10
LONGEST = 256
_AT_ONCE = threading.Semaphore(2)
"""Checks at a time: each takes 64 MB of memory, which many log-ins at once must not add up."""


class Passwords:
    def __init__(self, database: Database):
        self._database = database
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash("a password that nobody has")

    def set(self, person: Person, password: str) -> None:
        """Whoever is logged in with the old one is logged out. Raises BadPerson."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise BadPerson(f"A password has {SHORTEST} to {LONGEST} characters. Choose a longer one, of a few words.")
        with _AT_ONCE:
            hashed = self._hasher.hash(password)
        self._database.write("UPDATE people SET password = ?, version = version + 1 WHERE id = ?", hashed, person.id)

    def right(self, person: Person | None, password: str) -> bool:
        """Whether it is their password; False, after the same work, for nobody and for a person without one."""
        kept = None
        if person is not None:
            kept = self._database.read("SELECT password FROM people WHERE id = ?", person.id)[0]["password"]
        with _AT_ONCE:
            try:
                self._hasher.verify(kept or self._nobody, password[:LONGEST])
            except (Argon2Error, InvalidHashError):
                return False
        if kept and self._hasher.check_needs_rehash(kept):
            self._database.write("UPDATE people SET password = ? WHERE id = ?", self._hasher.hash(password), person.id)  # type: ignore[union-attr]
        return kept is not None
