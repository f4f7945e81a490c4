"""Sets of three items that many baskets have, by the Apriori principle: all pairs of a frequent set are frequent
(Agrawal & Srikant 1994). Which baskets have an item is held as bits, so that those with several are an AND of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

Triple = tuple[str, str, str, int, int, int, int, int, int, int]
"""Three items; the baskets with all, with the first two, the outer two, the last two, and with each."""


def triples(rows: Sequence[tuple[Any, Any]], fewest: int) -> Iterator[Triple]:
    """Those in `fewest` baskets at least. `rows`: a basket and an item each, each once."""
    if not rows:
        return
    baskets, _ = _numbered([r[0] for r in rows])
    items, names = _numbered([r[1] for r in rows])
    sizes = np.bincount(items)
    frequent = np.flatnonzero(sizes >= fewest)
    place = np.full(len(names), -1)
    place[frequent] = np.arange(len(frequent))
    kept = place[items] >= 0
    at, of = place[items[kept]], baskets[kept].astype(np.uint64)
    held = np.zeros((len(frequent), int(baskets.max()) // 64 + 1), dtype=np.uint64)
    np.bitwise_or.at(held, (at, (of >> np.uint64(6)).astype(np.int64)), np.uint64(1) << (of & np.uint64(63)))
    both = [_counted(held[n], held[n + 1 :]) for n in range(len(frequent))]  # with each of those after it

    def pair(one: int, other: int) -> int:
        return int(both[one][other - one - 1])

    for one in range(len(frequent)):
        beside = one + 1 + np.flatnonzero(both[one] >= fewest)
        for other in beside.tolist():
            thirds = beside[(beside > other) & _frequent_with(both[other], other, beside, fewest)]
            if not len(thirds):
                continue
            for third, count in zip(thirds.tolist(), _counted(held[one] & held[other], held[thirds]), strict=True):
                if count >= fewest:
                    a, b, c = frequent[[one, other, third]]
                    pairs = (pair(one, other), pair(one, third), pair(other, third))
                    singles = (int(sizes[a]), int(sizes[b]), int(sizes[c]))
                    yield (str(names[a]), str(names[b]), str(names[c]), int(count), *pairs, *singles)


def _numbered(values: Sequence[Any]) -> tuple[np.ndarray, list[Any]]:
    """The place of each among the different ones, and these."""
    places: dict[Any, int] = {}
    return np.array([places.setdefault(v, len(places)) for v in values]), list(places)


def _counted(held: np.ndarray, others: np.ndarray) -> np.ndarray:
    """How many baskets of the first each of the others has."""
    return np.asarray(np.bitwise_count(held & others).sum(axis=1, dtype=np.int64))


def _frequent_with(counts: np.ndarray, item: int, others: np.ndarray, fewest: int) -> np.ndarray:
    after = others - item - 1
    return np.where(after >= 0, counts[np.clip(after, 0, None)] if len(counts) else 0, 0) >= fewest
