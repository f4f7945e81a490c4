"""How likely a reading is to be right, from what it left unread, stretched, guessed and how far it was from the next.

A logistic regression (weights in confidence.json, trained by `parley eval calibrate`): small enough to be read, and its
chance is what an answer's confidence says.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

FILE = "confidence.json"
_UNSURE = 0.48


@dataclass(frozen=True)
class Evidence:
    """What is known of a reading when it is chosen, before any data is read."""

    surety: float
    """Mean surety of its links, 0..1."""
    weakest: float
    """The surety of its weakest link, 0..1."""
    cost: float
    """What it stretched or assumed."""
    unread: float
    """Words that it leaves unread."""
    guessed: float
    """1 where it had to guess what is measured."""
    fuzzy: float
    """1 where a stored value was found by its likeness."""
    nothing_named: float
    """1 where no name or value of the data was said."""
    swapped: float
    """How many words it links otherwise than the likeliest way."""
    lead: float
    """How much better it is than the next reading, at most 1."""
    related: float
    """Conditions on rows of other datasets."""
    groups: float
    """Columns that it groups by or lists."""
    length: float
    """Words of the question."""


def chance(evidence: Evidence) -> float:
    """The chance, 0..1, that a reading is right. One that leaves words unread is never likelier right than wrong: what
    it left out may change the answer."""
    weights = _weights()
    z = weights["intercept"] + sum(weights.get(name, 0.0) * value for name, value in asdict(evidence).items())
    found = 1 / (1 + math.exp(-z))
    return round(min(found, _UNSURE / evidence.unread) if evidence.unread else found, 3)


@cache
def _weights() -> dict[str, float]:
    return dict(json.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8")))
