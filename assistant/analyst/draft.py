"""A request in the making, and the rows that it measures."""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.request import (
    Condition,
    Request,
    Window,
)


@dataclass
class Draft:
    request: Request
    cost: float = 0.0
    """What had to be assumed or stretched: 0 is nothing."""
    guesses: list[str] = field(default_factory=list)
    """Assumptions worth telling the reader."""


@dataclass
class Scope:
    """The rows that are measured: their dataset, the conditions on them, and their period."""

    base: str
    where: list[Condition]
    period: Window | None
