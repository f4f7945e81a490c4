"""Which of the readings of a question is meant.

A linear model over what is known of a reading (weights in ranker.json, trained by `parley eval train`): pairs of a
right and a wrong reading of one question teach it which of two to prefer (Joachims 2002). The rules' own order holds
unless another reading is clearly better.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from importlib.resources import files

from assistant.analyst.agreement import Agreement, Said, agreement
from assistant.analyst.interpret import Reading, readings
from assistant.analyst.rows import Row
from assistant.analyst.schema import Schema
from knowledge.calendar import Calendar

FILE = "ranker.json"
MARGIN = 0.3
"""How much better another reading must be than the rules' first one to take its place."""
_DROPPED = 1.0
"""How much less a reading is worth that drops words which the rules' first one reads: it stands in for none."""
_RANKED = 10
"""Readings of the best row beyond these are too unlikely to be looked at."""


def candidates(rows: Sequence[Row], schema: Schema, calendar: Calendar) -> list[Reading]:
    """The readings to choose from, each request once: all those of the best row, best first, then those of the other
    rows by their likeliest links."""
    found = readings(rows[0], schema, calendar)
    known = [r.request for r in found]
    for row in rows[1:]:
        for reading in readings(row, schema, calendar, swap=False):
            if reading.request not in known:
                found.append(reading)
                known.append(reading.request)
    return found


def ranked(found: Sequence[Reading], schema: Schema) -> list[Reading]:
    """The candidates with their worth, the one that is meant first; the rest in the order in which they came."""
    near = [r for n, r in enumerate(found) if n < _RANKED or r.row.lost]
    said = {id(r.row): Said(r.row.items, schema) for r in near}
    known = [traits(r, agreement(said[id(r.row)], r.request)) for r in near]
    if not known:
        return []
    first = worth(known[0])
    worths = [worth(k) if k["unused"] <= known[0]["unused"] else min(worth(k), first - _DROPPED) for k in known]
    valued = [replace(r, worth=w) for r, w in zip(near, worths, strict=True)]
    best = valued[chosen(worths)]
    return [best, *(r for r in valued if r is not best)]


def chosen(worths: Sequence[float]) -> int:
    """Which of the candidates is meant: the first, unless another is clearly worth more."""
    most = max(range(len(worths)), key=lambda n: worths[n])
    return most if worths[most] > worths[0] + MARGIN else 0


def lead(worths: Sequence[float], at: int) -> float:
    """How much more one candidate is worth than the best of the others, 0..1."""
    others = [w for n, w in enumerate(worths) if n != at]
    return min(max(worths[at] - max(others), 0.0), 1.0) if others else 1.0


def traits(reading: Reading, agreed: Agreement) -> dict[str, float]:
    """What is known of a reading when it is chosen."""
    return {
        "score": reading.score,
        "surety": reading.surety,
        "cost": min(reading.cost, 3.0),
        "unread": float(min(len(reading.unread), 4)),
        "guessed": float(bool(reading.guesses)),
        "swapped": float(len(reading.swapped)),
        "links_lost": sum(item.score - link.score for item, link in reading.swapped),
        "other_row": float(reading.row.lost > 0),
        "row_lost": reading.row.lost,
        **asdict(agreed),
    }


def worth(known: Mapping[str, float], weights: Mapping[str, float] | None = None) -> float:
    """How likely a reading with such traits is meant; only differences between readings of one question mean anything.
    By the weights in the package, unless others are given."""
    return sum(weight * known[name] for name, weight in (weights or _weights()).items())


@cache
def _weights() -> dict[str, float]:
    return dict(json.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8")))
