"""Stretch: a window as it is read; and whether a bare "2017" is a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from knowledge.calendar.named import Point
from knowledge.calendar.words import Row, vocabulary


@dataclass(frozen=True)
class Stretch:
    """[start, end), either end open."""

    start: datetime | None
    end: datetime | None
    note: str = ""
    """Added to what the window is called: "year to date"."""
    point: Point | None = None
    """The name that it is, which a year said nearby may move."""


Read = tuple[Stretch, int] | None

PREPOSITIONS = {"in", "during", "for", "on", "over", "of", "within", "throughout", "at", "across", "from"}
_NUMBERED = vocabulary(
    "id number no code zip than over under least most # = > < >= <= above below exactly about around approximately "
    "top first last bottom limit store household customer product order sku item line row rows only next past "
    "equals exceeds roughly nearly almost between costs worth score version room suite any to by"
)
"""Words before a number that is not a year."""
_LINKS = vocabulary("and vs versus to compared by or per with for in on when where against than")
_UNCOUNTED = vocabulary(
    "sales earnings profits revenues results figures numbers costs expenses bookings totals losses goals taxes is "
    "was does has vs versus as business this plus minus gross less across its us"
)
"""Words in -s that a year may stand before without counting them: "2017 sales", not "2017 orders"."""


def is_year(row: Row, before: int, at: int, after: int, *, led: bool) -> bool:
    """Whether the bare year at `at` is one: not a count of things, an identifier, or a number to compare with.

    `before` is the place of its preposition, if it has one (`led`), or its own; `after` the place after it."""
    following = row.at(after)
    if row.at(at).glued or (following.glued and not following.text[:1].isdigit()):
        return False
    word = following.text
    counts = word.endswith("s") and len(word) > 3 and word not in _UNCOUNTED
    if led:
        preposition = row.at(before).text
        return preposition not in ("at", "over") and not (counts and preposition not in ("in", "during"))
    if row.at(before - 1).text in _NUMBERED:
        return False
    return not counts or not word[0].isalpha() or word in _LINKS
