"""Periods in which several figures are unusual together, though each may be within its own range.

What of each figure its trend and season leave is turned to independent directions, of which "sales rise while visits
fall" is one. An Isolation Forest (Liu, Ting and Zhou 2008) over them names the periods that stand apart; of these, one
is flagged where it is farther out than any period of as many figures drawn by chance, as alike and with tails as heavy,
but for the stated part of such draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.stats import chi2, rankdata
from scipy.stats import f as ratio_of_squares

LEAST = 30
"""Periods that it takes to tell how figures move together."""
_TREES, _SEED = 200, 7
_APART, _APART_LEAST = 0.03, 3
"""Of the periods, the part that the forest may name."""
_DRAWS = 400
"""Times that chance is drawn."""
_DEGREES = (3.0, 4.0, 5.0, 6.0, 8.0, 11.0, 16.0, 30.0)
_SURE = 1.0
"""By how much the logarithm of the likelihood must favour heavy tails before normal ones are given up."""
_FEWEST = 0.02
"""The variance that a direction has at least: what is left of figures that are nearly one is rounding."""
_CLIP = 2.5
_NORMAL = 1.4826


@dataclass(frozen=True)
class Together:
    """A period that stands apart."""

    at: int
    score: float
    """How far out it is, over how far chance gets."""
    off: tuple[float, ...]
    """Of each figure, how far it is from what the others lead to expect, in standard deviations."""


def together(left: np.ndarray, false_alarms: float) -> list[Together]:
    """The periods that stand apart, the farthest first. `left`: what is left of each figure (a column each) in each
    period, in standard deviations; NaN where there is none."""
    from sklearn.ensemble import IsolationForest

    whole = ~np.isnan(left).any(axis=1)
    seen = left[whole]
    varied = np.ptp(seen, axis=0) > 0 if len(seen) else np.zeros(left.shape[1], dtype=bool)
    if len(seen) < LEAST or varied.sum() < 2:
        return []
    directions, alike = _turned(seen[:, varied])
    forest = IsolationForest(n_estimators=_TREES, random_state=_SEED).fit(directions)
    most = max(_APART_LEAST, int(_APART * len(seen)))
    apart = np.argsort(forest.score_samples(directions))[:most]
    far = _distances(directions)
    critical = _by_chance(len(seen), int(varied.sum()), _degrees(directions), false_alarms)
    precision = np.linalg.inv(alike)
    found = []
    for n in apart[far[apart] > critical]:
        off = np.zeros(left.shape[1])
        off[varied] = precision @ seen[n, varied] / np.sqrt(np.diag(precision))
        found.append(Together(int(np.flatnonzero(whole)[n]), float(far[n] / critical), tuple(map(float, off))))
    return sorted(found, key=lambda t: -t.score)


def _turned(seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The figures along independent directions, of a standard deviation of 1 each; and how alike the figures are. By
    ranks, which what is unusual hardly moves."""
    seen = seen / _spread(seen)
    alike = 2 * np.sin(np.pi / 6 * np.atleast_2d(np.corrcoef(rankdata(seen, axis=0), rowvar=False)))
    sizes, ways = np.linalg.eigh(alike)
    sizes = np.maximum(sizes, _FEWEST)
    along = seen @ ways
    return along / np.maximum(_spread(along), np.sqrt(_FEWEST)), (ways * sizes) @ ways.T


def _spread(seen: np.ndarray) -> np.ndarray:
    """The standard deviation of each column, of which the farthest figures are held back."""
    rough = np.maximum(_NORMAL * np.median(np.abs(seen - np.median(seen, axis=0)), axis=0), 1e-9)
    return np.maximum(np.std(np.clip(seen, -_CLIP * rough, _CLIP * rough), axis=0), 1e-9)


def _distances(directions: np.ndarray) -> np.ndarray:
    return np.asarray(np.sqrt((directions**2).sum(axis=1)))


@lru_cache
def _by_chance(count: int, figures: int, degrees: float | None, false_alarms: float) -> float:
    """How far out the farthest of so many periods is by chance, but for the stated part of draws."""
    chance, farthest = np.random.default_rng(_SEED), []
    for _ in range(_DRAWS):
        drawn = chance.normal(size=(count, figures))
        if degrees is not None:
            drawn /= np.sqrt(chance.chisquare(degrees, (count, 1)) / degrees)
        farthest.append(_distances(_turned(drawn)[0]).max())
    return float(np.quantile(farthest, 1 - false_alarms))


def _degrees(directions: np.ndarray) -> float | None:
    """Of freedom of the Student's t whose tails are as heavy; None: normal ones. The farthest period is held back, as
    what is unusual would make any tail heavy."""
    count = directions.shape[1]
    squares = np.sort(_distances(directions) ** 2)
    held = max(1, len(squares) // 100)
    squares = squares[:-held] / np.median(squares)

    def likely(law: object, scale: float) -> float:
        far = squares * scale
        of: float = np.sum(law.logpdf(far)) + held * law.logsf(far[-1]) + len(far) * np.log(scale)  # type: ignore[attr-defined]
        return of

    usual = likely(chi2(count), float(chi2.median(count)))
    heavy = {d: likely(ratio_of_squares(count, d), float(ratio_of_squares.median(count, d))) for d in _DEGREES}
    best = max(heavy, key=lambda d: heavy[d])
    return best if heavy[best] - usual > _SURE else None
