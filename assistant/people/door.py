"""The door: whatever somebody shows (a name and password, a key, a token, a channel's word) -> who they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.people.database import Database
from assistant.people.directory import Directory
from assistant.people.identities import Identities
from assistant.people.keys import Keys
from assistant.people.passwords import Passwords
from assistant.people.person import LOCAL, Person, Scope, local_owner, of_seat
from assistant.people.tokens import Tokens, kept_secret


@dataclass(frozen=True)
class Asker:
    """A person who asks over a channel, with what they may do by what they showed."""

    person: Person
    channel: str
    scopes: frozenset[Scope]
    key: str | None = None
    """The id of the API key that they showed."""
    channel_zone: str | None = None
    """Their time zone, where the channel knows it; what they have wished for themselves goes before."""
    channel_locale: str | None = None
    """Their locale, likewise."""

    @property
    def time_zone(self) -> str | None:
        """None: the business's."""
        return self.person.time_zone or self.channel_zone

    @property
    def locale(self) -> str | None:
        """None: the server's."""
        return self.person.locale or self.channel_locale

    @classmethod
    def of(cls, person: Person, channel: str) -> Asker:
        return cls(person, channel, person.scopes)


class Door:
    """Kept in `people.sqlite` and `people.secret` of the state folder. Raises sqlite3.Error for a damaged file."""

    def __init__(self, state_dir: Path):
        self._database = Database(state_dir / "people.sqlite")
        secret = state_dir / "people.secret"
        self.directory = Directory(self._database)
        self.passwords = Passwords(self._database)
        self.keys = Keys(self._database)
        self.identities = Identities(self._database, kept_secret(secret))
        self.tokens = Tokens(secret)

    def by_password(self, name: str, password: str, workspace: str | None = None) -> Person | None:
        """In the workspace, which may also follow the name ("ana/lab"); else in the first of theirs."""
        bare, _, named = name.partition("/")
        wanted = workspace or named
        there = [p for p in self.directory.of_name(bare) if wanted in ("", p.workspace)]
        person = there[0] if there else None
        right = self.passwords.right(person, password)
        return person if person is not None and person.enabled and right else None

    def by_key(self, text: str, channel: str) -> Asker | None:
        key = self.keys.find(text)
        person = self._enabled(key.person, key.workspace) if key else None
        if key is None or person is None:
            return None
        return Asker(person, channel, key.scopes & person.scopes, key.id)

    def by_token(self, text: str, channel: str) -> Asker | None:
        claims = self.tokens.read(text)
        if claims is None:
            return None
        if claims.person == LOCAL:
            person: Person | None = local_owner()
        else:
            person = self._enabled(claims.person, claims.workspace)
        if person is None or person.version != claims.version or (person.id == LOCAL and self.directory.any()):
            return None
        return Asker(person, channel, claims.scopes & person.scopes)

    def by_identity(self, channel: str, subject: str) -> Asker | None:
        """Who a channel says that it is; the channel has checked that (a signature, a verified number)."""
        found = self.identities.find(channel, subject)
        person = self._enabled(found.person, found.workspace) if found else None
        return Asker.of(person, channel) if person else None

    def logged_in(self, seat: str, version: int) -> Person | None:
        """Who logged in while their rights were of this version; None if these have changed since."""
        found = self._enabled(*of_seat(seat))
        return found if found and found.version == version else None

    def holder(self, person: str, workspace: str) -> Person | None:
        """Who has something kept here under this id, if they may still be here."""
        if person == LOCAL:
            return None if self.directory.any() else local_owner()
        return self._enabled(person, workspace)

    def _enabled(self, person: str, workspace: str) -> Person | None:
        try:
            found = self.directory.by_id(person, workspace)
        except KeyError:
            return None
        return found if found.enabled else None

    def close(self) -> None:
        self._database.close()
