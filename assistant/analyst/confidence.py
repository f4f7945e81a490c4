"""How likely a reading is to be right, from what it left unread, stretched, guessed and how far it was from the next.

A logistic regression (weights in confidence.json, trained by `parley eval train`): small enough to be read, and its
chance is what an answer's confidence says.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

from assistant.analyst.agreement import Agreement
from assistant.analyst.interpret import Reading

FILE = "confidence.json"
SURE = 0.58
"""From this confidence on the analyst answers; below it says what it could not read. An answer of this chance is worth
nothing where a wrong one costs 1.4 times what a right one brings: 1.4 / (1 + 1.4)."""
_MUCH = 0.35
"""What costs more speaks no more against a reading: it may be the only way from one thing to another."""
_UNSURE = 0.48


@dataclass(frozen=True)
class Evidence:
    """What is known of a reading when it is chosen, before any data is read."""

    cost: float
    """What it stretched or assumed."""
    unread: float
    """Words that it leaves unread."""
    lead: float
    """How much better it is than the next reading, at most 1."""
    unused: float
    """What was said and is not asked for (see `agreement`)."""
    unsaid: float
    """What is asked for that nobody said."""
    odd: float
    """What does not fit its type."""


def evidence_of(reading: Reading, agreed: Agreement, lead: float) -> Evidence:
    return Evidence(
        cost=min(reading.cost, _MUCH),
        unread=float(min(len(reading.unread), 4)),
        lead=lead,
        unused=agreed.unused,
        unsaid=0.0 if reading.guesses else agreed.unsaid,  # what is guessed has its cost, and is told
        odd=agreed.odd,
    )


def chance(evidence: Evidence, weights: Mapping[str, float] | None = None) -> float:
    """The chance, 0..1, that a reading is right. One that leaves words unread is never likelier right than wrong: what
    it left out may change the answer. By the weights in the package, unless others are given."""
    weights = weights or _weights()
    z = weights["intercept"] + sum(weights.get(name, 0.0) * value for name, value in asdict(evidence).items())
    found = 1 / (1 + math.exp(-z))
    return round(min(found, _UNSURE / evidence.unread) if evidence.unread else found, 3)


@cache
def _weights() -> dict[str, float]:
    return dict(json.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8")))
