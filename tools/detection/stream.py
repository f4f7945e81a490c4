"""What is unusual in figures that keep coming, hour by hour or faster, each judged by those before it alone.

Watched are the figure itself and its mean over a while, both up and down, and how far the last while lies from the same
time of the days before. An alarm is raised when one of them goes beyond all that was seen of it before, by a
part of its standard deviation; then there is silence for half a season, in which the new extreme becomes known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Kind = Literal["high", "low", "pattern"]
_MARGIN = 0.35
"""Standard deviations by which a record must be broken."""
_WHILE = 12
"""Parts of a season: a while is one of them."""
_SEASONS = 5
"""Seasons before, whose median at the same time is what is usual."""
_FIRST = 50
"""Figures before the first alarm."""
_KINDS: tuple[Kind, ...] = ("high", "high", "low", "low", "pattern")


@dataclass(frozen=True)
class Alarm:
    at: int
    kind: Kind
    excess: float
    """Standard deviations beyond the record before."""


def alarms(values: np.ndarray, season: int) -> list[Alarm]:
    """The alarms that would have been raised as the figures came, oldest first. NaN: no figure came."""
    a_while = max(2, season // _WHILE)
    mean = _mean(values, a_while)
    apart = _mean(np.abs(values - usual(values, season)), a_while)
    watched = np.stack([values, mean, -values, -mean, apart])
    excess = np.stack([_beyond(row) for row in watched])
    excess = np.nan_to_num(excess, nan=-np.inf)
    first, size = np.argmax(excess > _MARGIN, axis=0), excess.max(axis=0)
    found: list[Alarm] = []
    for at in np.flatnonzero(size > _MARGIN):
        if not found or at - found[-1].at >= season // 2:
            found.append(Alarm(int(at), _KINDS[first[at]], float(size[at])))
    return found


def usual(values: np.ndarray, season: int) -> np.ndarray:
    """The median of the same place in the seasons before; NaN in the first."""
    count = len(values)
    before = np.full((_SEASONS, count), np.nan)
    for n in range(1, _SEASONS + 1):
        if n * season < count:
            before[n - 1, n * season :] = values[: count - n * season]
    known = ~np.isnan(before).all(axis=0)
    middle = np.full(count, np.nan)
    middle[known] = np.nanmedian(before[:, known], axis=0)
    return middle


def _mean(values: np.ndarray, length: int) -> np.ndarray:
    """Of the last so many figures; NaN where fewer came."""
    there = ~np.isnan(values)
    total = np.cumsum(np.where(there, values, 0.0))
    known = np.cumsum(there)
    total[length:], known[length:] = total[length:] - total[:-length], known[length:] - known[:-length]
    return np.where(known == length, total / length, np.nan)


def _beyond(watched: np.ndarray) -> np.ndarray:
    """By how many of its standard deviations so far it goes beyond its maximum so far."""
    there = ~np.isnan(watched)
    centre = float(np.nanmedian(watched[:_FIRST])) if there[:_FIRST].any() else 0.0
    filled = np.where(there, watched - centre, 0.0)
    count = np.cumsum(there)
    so_far = np.maximum(count, 1)
    variance = np.cumsum(filled**2) / so_far - (np.cumsum(filled) / so_far) ** 2
    spread = np.sqrt(np.maximum(variance, 0.0))
    record = np.maximum.accumulate(np.where(there, watched - centre, -np.inf))
    excess = np.full(len(watched), np.nan)
    ready = (count[:-1] >= _FIRST) & (spread[:-1] > 1e-9 * np.maximum(np.abs(record[:-1]), 1e-300)) & there[1:]
    excess[1:][ready] = (filled[1:][ready] - record[:-1][ready]) / spread[:-1][ready]
    return excess
