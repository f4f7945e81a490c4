"""Plain names for clusters, taken from how they differ from all: "recent, frequent customers with large orders"."""

from __future__ import annotations

import numpy as np

from tools.segmenting.features import Feature

_FAR = 0.4
"""How many standard deviations a cluster's middle must lie from that of all for a word to be said of it."""
_MOST_WORDS = 3


def names(points: np.ndarray, labels: np.ndarray, features: tuple[Feature, ...], thing: str) -> list[str]:
    """A name for each cluster, no two alike. `points` are the features as they are compared; `thing` is the plural."""
    middles = np.array([np.median(points[labels == n], axis=0) for n in range(labels.max() + 1)])
    away = middles - np.median(points, axis=0)
    found: list[str] = []
    for row in away:
        far = [n for n in np.argsort(-np.abs(row)) if abs(row[n]) >= _FAR][:_MOST_WORDS]
        found.append(_said([_word(features[n], row[n]) for n in sorted(far)], thing))
    return _told_apart(found, middles, features, thing)


def _word(feature: Feature, side: float) -> str:
    return feature.high if side > 0 else feature.low


def _said(words: list[str], thing: str) -> str:
    before = [w for w in words if not w.startswith("with ")]
    after = [w.removeprefix("with ") for w in words if w.startswith("with ")]
    if not words:
        return f"typical {thing}"
    return " ".join(filter(None, [", ".join(before), thing, f"with {' and '.join(after)}" if after else ""]))


def _told_apart(found: list[str], middles: np.ndarray, features: tuple[Feature, ...], thing: str) -> list[str]:
    """Those of one name are told apart by the feature in which they differ most from each other: "more …, less …"."""
    made = list(found)
    for name in {n for n in found if found.count(n) > 1}:
        alike = [n for n, other in enumerate(found) if other == name]
        widest = int(np.argmax(np.ptp(middles[alike], axis=0)))
        ranked = sorted(alike, key=lambda n: middles[n][widest])
        said = features[widest].column.label
        said = said if said[1:2].isupper() else said[:1].lower() + said[1:]
        for place, n in enumerate(ranked):
            side = "lowest" if place == 0 else "highest" if place == len(ranked) - 1 else f"{place + 1}. lowest"
            if len(ranked) == 2:
                side = "lower" if place == 0 else "higher"
            made[n] = f"{name}, {side} {said}"
    return made
