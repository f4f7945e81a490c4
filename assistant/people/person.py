"""Person: somebody who asks, in one workspace, with what they may do there."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from knowledge.policies.viewer import Attribute, Viewer

Role = Literal["owner", "analyst", "viewer"]
Scope = Literal["ask", "query", "upload", "refresh", "audit", "webhooks"]
"""What can be done over the API:
ask       ask questions, read the own conversations, rate answers, see what can be asked about
query     run a Request or GraphQL query of one's own making, and analyses of it; look for insights
upload    ask about files of one's own
refresh   have the data read from its source anew
audit     read the audit log
webhooks  have events sent to an address
"""
SCOPES: tuple[Scope, ...] = get_args(Scope)
ALLOWED: dict[Role, frozenset[Scope]] = {
    "viewer": frozenset({"ask", "upload"}),
    "analyst": frozenset({"ask", "query", "upload", "refresh"}),
    "owner": frozenset(SCOPES),
}
MAIN = "main"
"""The workspace of the data that the server was started with."""
WISHES = ("time_zone", "locale")
"""Attributes that say how somebody is answered, not what they may see."""
LOCAL = "you"
"""The name of whoever sits at the machine, where there are no people."""


class Person(BaseModel):
    """`name` is what they log in with, never reused for somebody else's data: `id` is what is kept with it."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    role: Role
    workspace: str = MAIN
    email: str | None = None
    attributes: dict[str, list[Attribute]] = Field(default_factory=dict)
    """What policies ask about them: {"region": ["North"]}; and their WISHES."""
    enabled: bool = True
    version: int = 1
    """Goes up when their password or rights change: what was issued for an older one holds no more."""

    @property
    def seat(self) -> str:
        """Under what the things are kept that are theirs in this workspace: what is theirs in another has another."""
        return self.id if self.workspace == MAIN else f"{self.workspace}:{self.id}"

    @property
    def scopes(self) -> frozenset[Scope]:
        return ALLOWED[self.role]

    @property
    def time_zone(self) -> str | None:
        """Where their day is, as IANA names it ("Europe/Oslo"), if they have said so."""
        return self._wish("time_zone")

    @property
    def locale(self) -> str | None:
        """How they want numbers and dates written ("nb_NO"), if they have said so."""
        return self._wish("locale")

    def _wish(self, name: str) -> str | None:
        return str(self.attributes[name][0]) if self.attributes.get(name) else None

    @property
    def viewer(self) -> Viewer:
        """Who they are to the policies of the data."""
        known: dict[str, tuple[Attribute, ...]] = {"id": (self.id,), "name": (self.name,), "role": (self.role,)}
        known |= {name: tuple(values) for name, values in self.attributes.items() if name not in WISHES}
        if self.email:
            known["email"] = (self.email,)
        return Viewer(self.role, tuple(sorted(known.items())))


def of_seat(seat: str) -> tuple[str, str]:
    """The person's id, and the workspace.

    >>> of_seat("lab:77de68daecd823babbb58edb1c8e14d7")
    ('77de68daecd823babbb58edb1c8e14d7', 'lab')
    """
    workspace, colon, person = seat.rpartition(":")
    return person, workspace if colon else MAIN


def local_owner() -> Person:
    """Whoever sits at the machine, where there are no people."""
    return Person(id=LOCAL, name=LOCAL, role="owner")
