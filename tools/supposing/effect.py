"""How a figure moves with what drives it: a regression on the past, and a check on a later past that it did not see.

A panel (things × weeks): the logarithm of each thing's figure on its driver, with a level of its own for each thing and
for each week, so that neither what sells well nor what sells well in December counts as an effect (two-way fixed
effects; Wooldridge, Econometric Analysis of Cross Section and Panel Data, ch. 10). One series: with weekdays, a yearly
wave and a trend; its error allows for days that follow one another being alike (Newey and West 1987).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

_PASSES = 60
_LAST = 0.3
"""The newest part of the past, which checks what the older part says."""
_SURE = 0.05


@dataclass(frozen=True)
class Effect:
    """The logarithm of the figure moves by `slope` with each unit of the driver (its logarithm, for a price)."""

    slope: float
    error: float
    """The standard error of the slope."""
    degrees: float
    count: int
    explained: float
    """By what part the squared errors of the newer past are smaller for knowing the driver; below 0: larger."""

    @property
    def chance(self) -> float:
        """How likely a slope so far from 0 is by chance."""
        return float(2 * stdtr(self.degrees, -abs(self.slope) / self.error)) if self.error > 0 else 1.0

    @property
    def shows(self) -> bool:
        return self.chance < _SURE and self.explained > 0

    def range(self, level: float) -> tuple[float, float]:
        """The interval of the slope."""
        margin = self.error * float(stdtrit(self.degrees, 0.5 + level / 2))
        return self.slope - margin, self.slope + margin


def of_panel(y: np.ndarray, x: np.ndarray, thing: np.ndarray, week: np.ndarray, weight: np.ndarray) -> Effect | None:
    """One row an observation; `thing` and `week` are numbered from 0. None where the driver hardly varies."""
    slope, left, moved = _within(y, x, thing, week, weight)
    if slope is None:
        return None
    parts = weight * moved * left
    total = float(np.sum(weight * moved**2))
    errors = [float(np.sqrt(np.sum(np.bincount(by, parts) ** 2))) / total for by in (thing, week)]
    many = [len(np.unique(by)) for by in (thing, week)]
    error = max(e * np.sqrt(n / max(n - 1, 1)) for e, n in zip(errors, many, strict=True))
    old = week < np.quantile(week, 1 - _LAST)
    told = _within(*(a[old] for a in (y, x, thing, week, weight)))[0]
    new = ~old
    flat, bent = (_demeaned(a[new], thing[new], week[new], weight[new]) for a in (y, x))
    without = float(np.sum(weight[new] * flat**2))
    left_over = float(np.sum(weight[new] * (flat - (told or 0.0) * bent) ** 2))
    return Effect(slope, error, min(many) - 1, len(y), 1 - left_over / without if without > 0 else 0.0)


def _within(
    y: np.ndarray, x: np.ndarray, thing: np.ndarray, week: np.ndarray, weight: np.ndarray
) -> tuple[float | None, np.ndarray, np.ndarray]:
    """The slope, what it leaves of y, and x without its levels."""
    flat, bent = (_demeaned(a, thing, week, weight) for a in (y, x))
    squares = float(np.sum(weight * bent**2))
    if squares <= 1e-9 * float(np.sum(weight) * max(np.var(x), 1e-9)) or not squares > 0:
        return None, flat, bent
    slope = float(np.sum(weight * bent * flat) / squares)
    return slope, flat - slope * bent, bent


def _demeaned(a: np.ndarray, thing: np.ndarray, week: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Without the level of each thing and of each week, by turns until neither is left."""
    left = a - np.average(a, weights=weight)
    for _ in range(_PASSES):
        for by in (thing, week):
            of = np.bincount(by, weight)
            left = left - (np.bincount(by, weight * left) / np.where(of > 0, of, 1.0))[by]
    return np.asarray(left)


def of_series(y: np.ndarray, x: np.ndarray, season: int, waves: int) -> Effect | None:
    """`y` and `x` by days or weeks; `season`: weekdays, or 1; `waves`: of a yearly wave, if it is long enough."""
    n = np.arange(len(y))
    year = 365.25 if season == 7 else 52.18
    columns = [np.ones(len(y)), n / len(y)]
    columns += [(n % season == d).astype(float) for d in range(1, season)]
    if len(y) > 1.5 * year:
        for k in range(1, waves + 1):
            columns += [np.sin(2 * np.pi * k * n / year), np.cos(2 * np.pi * k * n / year)]
    others = np.column_stack(columns)
    flat, bent = (a - others @ np.linalg.lstsq(others, a, rcond=None)[0] for a in (y, x))
    squares = float(bent @ bent)
    if squares <= 1e-6 * float(np.sum((x - x.mean()) ** 2)) or not squares > 0:
        return None
    slope = float(bent @ flat) / squares
    scores = bent * (flat - slope * bent)
    lags = int(4 * (len(y) / 100) ** (2 / 9)) + season
    variance = float(scores @ scores)
    for lag in range(1, lags + 1):
        variance += 2 * (1 - lag / (lags + 1)) * float(scores[lag:] @ scores[:-lag])
    error = float(np.sqrt(max(variance, float(scores @ scores) * 0.25))) / squares
    old = n < (1 - _LAST) * len(y)
    told = float(bent[old] @ flat[old]) / max(float(bent[old] @ bent[old]), 1e-12)
    without = float(flat[~old] @ flat[~old])
    left = flat[~old] - told * bent[~old]
    return Effect(
        slope, error, len(y) - others.shape[1] - 1, len(y), 1 - float(left @ left) / without if without else 0.0
    )
