"""Who looks at the data, as far as policies ask."""

from __future__ import annotations

from dataclasses import dataclass

Attribute = str | int | float | bool


@dataclass(frozen=True)
class Viewer:
    """A role, and attributes with one value or more."""

    role: str
    attributes: tuple[tuple[str, tuple[Attribute, ...]], ...] = ()

    def values(self, name: str) -> tuple[Attribute, ...]:
        return dict(self.attributes).get(name, ())
