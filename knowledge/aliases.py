"""General facts: other ways to say a value (a state's name and code, a country's demonym, "male" and "M")."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache

from knowledge.words import rows

_ALL, _MOST = 0.8, 0.5
_CODE = 2
_ANYWHERE = frozenset(["city"])
"""Families whose names are told by themselves, whatever else a column holds."""


def aliases(values: Sequence[str], label: str) -> dict[str, list[tuple[str, ...]]]:
    """Other names, as lower-case words, of those values of one column that general knowledge has. A value is taken for
    what most of the column's values are: "IN" for Indiana among states, for India among countries.

    >>> aliases(["ca", "ny", "in"], "customer state")["in"]
    [('indiana',)]
    """
    if not values:
        return {}
    hits: Counter[str] = Counter()
    for value in values:
        hits.update({family for family, _ in _known().get(value, ())})
    families = _families(values, hits, label)
    found: dict[str, list[tuple[str, ...]]] = {}
    for value in values:
        others = [n for family, names in _known().get(value, ()) if family in families for n in names if n != value]
        if others:
            found[value] = [tuple(other.split()) for other in dict.fromkeys(others)]
    return found


def _families(values: Sequence[str], hits: Counter[str], label: str) -> set[str]:
    """The families that a column's values belong to: those that most of them are in; of short codes, nearly all
    must be, and of one family only, unless the column's name tells it."""
    families = set(_ANYWHERE & set(hits))
    short = all(len(v) <= _CODE for v in values)
    most = max((n for family, n in hits.items() if family not in _ANYWHERE), default=0)
    best = [f for f, n in hits.items() if n == most and f not in _ANYWHERE]
    told = [f for f in best if set(f.split()) & set(label.lower().split())]
    share = most / len(values)
    alone = len(values) == 1 and len(values[0]) == 1
    if short and not (told and share >= _MOST) and (share < _ALL or len(best) > 1 or alone):
        return families
    if share >= _ALL or (share >= _MOST and most >= 2) or told:
        families |= set(told or best)
    return families


@cache
def _known() -> dict[str, list[tuple[str, list[str]]]]:
    found: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for row in rows("values.csv"):
        names = [" ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)?|[$€£¥]", n.lower())) for n in row["names"].split("|")]
        for name in names:
            found[name].append((row["family"], [n for n in names if n != name]))
    return dict(found)
