"""Whether a series came to swing more, or less, from some moment on: its level apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_LEAST = 40
"""Figures that it takes."""
_SIDE = 15
"""Figures on either side of the moment."""
_RATIO = 1.6
"""Times as far, or as near, as before: less is no news."""


@dataclass(frozen=True)
class Swing:
    at: int
    """The first figure that swings otherwise."""
    before: float
    after: float
    """The standard deviations of what is left of figures before and from then on, on the scale they are given in."""
    score: float
    """The statistic of the test: 1.36 is passed by chance 5 times in 100, 1.63 once; signed."""


def swing(left: np.ndarray, critical: float) -> Swing | None:
    """Of what is left of a series once its level, season and effects are taken out (NaN: missing, or an outlier).

    The cumulative sum of the roots of the sizes, centred, over what chance makes of it (after Inclán and Tiao 1994, who
    sum squares: roots are moved less by heavy tails): its maximum follows Kolmogorov's distribution."""
    there = np.flatnonzero(~np.isnan(left))
    size = np.sqrt(np.abs(left[there]))
    count = len(size)
    if count < _LEAST or not np.std(size):
        return None
    off = size - size.mean()
    alike = float(np.clip(np.mean(off[1:] * off[:-1]) / np.mean(off**2), 0, 0.8))
    statistic = np.cumsum(off) / (size.std() * np.sqrt(count * (1 + alike) / (1 - alike)))
    statistic[:_SIDE] = statistic[count - _SIDE :] = 0
    at = int(np.argmax(np.abs(statistic)))
    if abs(statistic[at]) < critical:
        return None
    before, after = (float(np.std(part)) for part in (left[there[: at + 1]], left[there[at + 1 :]]))
    if not before or not after or max(before, after) < _RATIO * min(before, after):
        return None
    return Swing(int(there[at + 1]), before, after, float(-statistic[at]))
