"""The people of a server: added, found, changed, taken out."""

from __future__ import annotations

import json
import re
import sqlite3
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import get_args

from assistant.people.database import Database
from assistant.people.person import LOCAL, MAIN, Person, Role
from assistant.people.wishes import locale, time_zone
from knowledge.policies.viewer import Attribute

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
_ATTRIBUTE = re.compile(r"[a-z_][a-z0-9_]{0,63}")
_EXAMPLES = {"time_zone": "Europe/Oslo", "locale": "nb_NO"}
_OWN = ("id", "name", "role", "email")
"""What policies know of everybody."""
_SELECT = """SELECT people.*, memberships.workspace, memberships.role, coalesce(memberships.attributes,
CASE memberships.workspace WHEN 'main' THEN people.attributes ELSE '{}' END) AS known
FROM people JOIN memberships ON person = id"""
"""`known`: what policies ask about them in the workspace; files of older versions have it with the person."""
_THERE = f"{_SELECT} WHERE workspace = ?"


class BadPerson(ValueError):
    """What was asked for a person can't be; the message says what can."""


class Directory:
    """People in workspaces. Names are found whatever their case."""

    def __init__(self, database: Database):
        self._database = database

    def any(self) -> bool:
        """Whether there are people at all; else the machine has one user, who needs no name."""
        return bool(self._database.read("SELECT 1 FROM people LIMIT 1"))

    def add(
        self, name: str, role: Role, *, workspace: str = MAIN, email: str | None = None,
        attributes: Mapping[str, Sequence[Attribute]] | None = None,
    ) -> Person:  # fmt: skip
        """A new person; or, in another workspace, one that there is already, with what policies ask about them there.
        Raises BadPerson."""
        if not _NAME.fullmatch(name) or name.lower() == LOCAL:
            raise BadPerson(
                f"{name!r} can't be a name: use 1 to 64 letters, digits and . _ @ + -, starting with a letter or digit."
            )
        if role not in get_args(Role):
            raise BadPerson(f"There is no role {role!r}: choose owner, analyst or viewer.")
        with self._database.together():
            known = self._database.read("SELECT id FROM people WHERE name = ?", name)
            made = known[0]["id"] if known else uuid.uuid4().hex
            if not known:
                self._database.write(
                    "INSERT INTO people (id, name, email, created_at) VALUES (?, ?, ?, ?)",
                    made, name, email, time.time(),
                )  # fmt: skip
            try:
                self._database.write(
                    "INSERT INTO memberships (person, workspace, role, attributes) VALUES (?, ?, ?, ?)",
                    made, workspace, role, json.dumps(_checked(attributes or {})),
                )  # fmt: skip
            except sqlite3.IntegrityError as error:
                raise BadPerson(f"There is a person {name!r} in {workspace} already. Choose another name.") from error
        return self.by_id(made, workspace)

    def change(
        self, person: Person, *, role: Role | None = None, attributes: Mapping[str, Sequence[Attribute]] | None = None,
        enabled: bool | None = None,
    ) -> Person:  # fmt: skip
        """Give a person other rights; what they are logged in with holds no more. Raises BadPerson."""
        with self._database.together():
            if role is not None:
                if person.role == "owner" and role != "owner":
                    self._keep_an_owner(person)
                self._database.write(
                    "UPDATE memberships SET role = ? WHERE person = ? AND workspace = ?",
                    role, person.id, person.workspace,
                )  # fmt: skip
            if attributes is not None:
                self._database.write(
                    "UPDATE memberships SET attributes = ? WHERE person = ? AND workspace = ?",
                    json.dumps(_checked(attributes)), person.id, person.workspace,
                )  # fmt: skip
            if enabled is not None:
                if not enabled:
                    self._keep_an_owner(person)
                self._database.write("UPDATE people SET enabled = ? WHERE id = ?", int(enabled), person.id)
            self._database.write("UPDATE people SET version = version + 1 WHERE id = ?", person.id)
        return self.by_id(person.id, person.workspace)

    def remove(self, person: Person) -> None:
        """Take a person out of the workspace, with their keys and identities there; and out of the server with the last
        one that they were in. Raises BadPerson for the last owner of several people."""
        with self._database.together():
            if len(self.all(person.workspace)) > 1:
                self._keep_an_owner(person)
            self._leave(person)

    def close_workspace(self, workspace: str) -> None:
        """Take everybody out of a workspace that is no more."""
        with self._database.together():
            for person in self.all(workspace):
                self._leave(person)

    def _leave(self, person: Person) -> None:
        for table in ("memberships", "keys", "identities", "codes"):
            self._database.write(f"DELETE FROM {table} WHERE person = ? AND workspace = ?", person.id, person.workspace)
        self._database.write(
            "DELETE FROM people WHERE id = ? AND id NOT IN (SELECT person FROM memberships)", person.id
        )

    def all(self, workspace: str = MAIN) -> list[Person]:
        return [_person(row) for row in self._database.read(f"{_THERE} ORDER BY name", workspace)]

    def find(self, name: str, workspace: str = MAIN) -> Person | None:
        rows = self._database.read(f"{_THERE} AND name = ?", workspace, name)
        return _person(rows[0]) if rows else None

    def places(self, person: str) -> list[Person]:
        """Somebody as they are in each of their workspaces, the main one first, then by name. `person`: their id."""
        rows = self._database.read(f"{_SELECT} WHERE id = ? ORDER BY workspace <> ?, workspace", person, MAIN)
        return [_person(row) for row in rows]

    def of_name(self, name: str) -> list[Person]:
        """As `places`, by name."""
        rows = self._database.read("SELECT id FROM people WHERE name = ?", name)
        return self.places(rows[0]["id"]) if rows else []

    def of_email(self, email: str) -> list[str]:
        """The ids of the people with this address, whatever its case."""
        rows = self._database.read("SELECT id, email FROM people WHERE email IS NOT NULL AND enabled")
        return [row["id"] for row in rows if row["email"].casefold() == email.casefold()]

    def by_id(self, person: str, workspace: str = MAIN) -> Person:
        """Raises KeyError."""
        rows = self._database.read(f"{_THERE} AND id = ?", workspace, person)
        if not rows:
            raise KeyError(f"There is no person {person!r} in {workspace}.")
        return _person(rows[0])

    def named(self, name: str, workspace: str = MAIN) -> Person:
        """Raises BadPerson."""
        found = self.find(name, workspace)
        if found is None:
            known = ", ".join(p.name for p in self.all(workspace)[:12]) or "nobody yet"
            raise BadPerson(f"There is no person {name!r} in {workspace}. There are: {known}.")
        return found

    def _keep_an_owner(self, person: Person) -> None:
        others = [p for p in self.all(person.workspace) if p.id != person.id and p.role == "owner" and p.enabled]
        if person.role == "owner" and not others:
            raise BadPerson(f"{person.name} is the last owner. Make somebody else an owner first.")


def _checked(attributes: Mapping[str, Sequence[Attribute]]) -> dict[str, list[Attribute]]:
    for name in attributes:
        if not _ATTRIBUTE.fullmatch(name) or name in _OWN:
            raise BadPerson(
                f"{name!r} can't be an attribute: use small letters, digits and _, and none of {', '.join(_OWN)}."
            )
    for name, known in (("time_zone", time_zone), ("locale", locale)):
        for value in attributes.get(name, ()):
            if known(value) is None:
                raise BadPerson(f"There is no {name} {value!r}: write it as {_EXAMPLES[name]}.")
    return {name: list(values) for name, values in attributes.items()}


def _person(row: sqlite3.Row) -> Person:
    return Person(
        id=row["id"], name=row["name"], role=row["role"], workspace=row["workspace"], email=row["email"],
        attributes=json.loads(row["known"]), enabled=bool(row["enabled"]), version=row["version"],
    )  # fmt: skip
