"""What each segment adds to the change of a figure, and how much of that is more than it usually adds.

Arrays of figures have the axes segment, measure (one, or numerator and denominator) and change: each change is between
a later and an earlier stretch of time. The last change is the one to explain; those before it show what is usual.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, stdtr, zeta

from tools.explaining.periods import Periods

_INDEPENDENT = 2 / 3
"""How many independent ones a change is worth that shares a period with the change before it."""
_LEAST_PRIOR, _MOST_PRIOR = 2.0, 60.0
_FEW = 5
"""Segments it takes to see how their variances go with their sizes."""
_LEAST = 3
"""Earlier changes it takes to say what is usual."""
_TINY = 1e-12


@dataclass(frozen=True)
class Changes:
    """Figures after and before each change."""

    after: np.ndarray
    before: np.ndarray

    def __getitem__(self, n: slice | np.ndarray) -> Changes:
        return Changes(self.after[n], self.before[n])


def changes(figures: np.ndarray, span: Periods) -> Changes:
    """Of figures whose last axis is the stretches of `span`."""
    pairs = span.usual()
    later, earlier = ([p[side] for p in pairs] for side in (0, 1))
    now, then = (figures[..., mask].sum(axis=-1, keepdims=True) for mask in (span.in_now, span.in_then))
    return Changes(
        np.concatenate([figures[..., later], now], axis=-1), np.concatenate([figures[..., earlier], then], axis=-1)
    )


def excess(parts: Changes, whole: Changes) -> np.ndarray:
    """By how much segments of a sum changed more than everything else did, as a part of the whole before: [segment,
    change]. NaN where there was nothing else."""
    rest_after, rest_before = whole.after[0] - parts.after[:, 0], whole.before[0] - parts.before[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = parts.before[:, 0] * np.where(np.abs(rest_before) > _TINY, rest_after / rest_before, np.nan)
        return (parts.after[:, 0] - expected) / np.where(whole.before[0] != 0, whole.before[0], np.nan)


@dataclass(frozen=True)
class Mix:
    """How segments of one dimension change a ratio: [segment, change] each, or [change]. The rates and the mixes
    add up to the ratio's change exactly (Bennet's decomposition: each weight and rate at the mean of both periods)."""

    rates: np.ndarray
    """From the segments' own ratios."""
    mixes: np.ndarray
    """From segments with a high ratio growing, or shrinking, in weight."""
    own: np.ndarray
    """What of `rates` is more than the other segments' ratios changed."""

    @property
    def mix(self) -> np.ndarray:
        return np.asarray(self.mixes.sum(axis=0))


def mix(parts: Changes) -> Mix:
    """Of all segments of a dimension, numerator and denominator."""
    (weight_a, rate_a), (weight_b, rate_b) = _weighted(parts.after), _weighted(parts.before)
    rate_a, rate_b = np.where(np.isnan(rate_a), rate_b, rate_a), np.where(np.isnan(rate_b), rate_a, rate_b)
    rate_a, rate_b = np.nan_to_num(rate_a), np.nan_to_num(rate_b)
    weight, moved = (weight_a + weight_b) / 2, rate_a - rate_b
    rates = weight * moved
    mean = ((weight_a * rate_a).sum(axis=0) + (weight_b * rate_b).sum(axis=0)) / 2
    mixes = (weight_a - weight_b) * ((rate_a + rate_b) / 2 - mean)
    others = 1 - weight
    with np.errstate(divide="ignore", invalid="ignore"):
        typical = np.where(others > _TINY, (rates.sum(axis=0) - rates) / others, np.nan)
    return Mix(rates, mixes, weight * (moved - typical))


def _weighted(figures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    top, bottom = figures[:, 0], figures[:, 1]
    total = bottom.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total != 0, bottom / total, 0.0), np.where(bottom != 0, top / bottom, np.nan)


class Usual:
    """How much effects vary from change to change by themselves: each segment's own past, moderated by what segments
    of its size do. The variance of a sum is a power of its size (Taylor's law); how far segments keep to that law says
    how much it weighs against their own past (empirical Bayes; Smyth 2004, Linear models and empirical Bayes methods).
    """

    def __init__(self, effects: np.ndarray, sizes: np.ndarray, stretches: int):
        self.stretches = max(stretches, 1)
        own, known = _mean_square(effects[:, :-1])
        self.degrees = _INDEPENDENT * float(np.median(known)) if len(known) else 0.0
        fit = (own > 0) & (sizes > 0)
        self._slope, self._level, self._prior = 1.0, np.nan, 0.0
        if fit.any() and self.degrees > 0:
            x, y = np.log(sizes[fit]), np.log(own[fit]) - digamma(self.degrees / 2) + np.log(self.degrees / 2)
            if x.std() > 0.1 and len(x) >= _FEW:
                self._slope = float(np.clip(np.polyfit(x, y, 1)[0], 0.8, 2.0))
            off = y - self._slope * x
            self._level = float(off.mean())
            left = float(off.var(ddof=1)) - _trigamma(self.degrees / 2) if len(x) >= _FEW else np.inf
            self._prior = _degrees_of(left)

    def judged(self, effects: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The standard deviation of each segment's last effect, if nothing special happened to it, and how likely an
        effect as large as that is then, for each by itself (1 where nothing is known)."""
        own, known = _mean_square(effects[:, :-1])
        degrees = _INDEPENDENT * known
        law = np.exp(self._level + self._slope * np.log(np.maximum(sizes, _TINY)))
        law = np.where(np.isnan(law), np.nan_to_num(own), law)
        freedom = np.maximum(degrees + self._prior, _TINY)
        spread = np.sqrt((np.nan_to_num(own) * degrees + law * self._prior) / freedom / self.stretches)
        with np.errstate(divide="ignore", invalid="ignore"):
            size = np.abs(effects[:, -1]) / spread
        chance = two_sided(np.nan_to_num(size), np.maximum(freedom, 1))
        return spread, np.where(np.isfinite(size) & (known >= _LEAST), chance, 1.0)


def _degrees_of(left: float) -> float:
    """The degrees of freedom that a prior is worth whose logarithm varies by `left`."""
    fewest, most = _LEAST_PRIOR, _MOST_PRIOR
    if not left < _trigamma(fewest / 2):
        return fewest
    for _ in range(40):  # the fewer, the more it varies: halve what is left
        middle = (fewest + most) / 2
        fewest, most = (middle, most) if _trigamma(middle / 2) > left else (fewest, middle)
    return most


def _trigamma(x: float) -> float:
    return float(zeta(2, x))


def two_sided(size: np.ndarray | float, degrees: np.ndarray | float) -> np.ndarray:
    """How likely Student's t is to be as far from 0 as `size` (which is not negative)."""
    return np.asarray(2 * stdtr(degrees, -np.asarray(size)))  # scipy.stats says the same, after a second's import


def unusual(moves: np.ndarray, stretches: int) -> float:
    """How likely a move as large as the last one is by chance, given those before it; 1 where too few are known."""
    past = moves[:-1][np.isfinite(moves[:-1])]
    if len(past) < _LEAST or not np.isfinite(moves[-1]):
        return 1.0
    spread = np.sqrt(np.mean(past**2) / max(stretches, 1))
    return float(two_sided(abs(moves[-1]) / spread, _INDEPENDENT * len(past))) if spread > 0 else 1.0


def unlike_zero(effects: np.ndarray) -> np.ndarray:
    """How likely the mean of each row is as far from 0 by chance (Student's t; stretches that follow one another are
    worth less than independent ones); 1 where too few are known."""
    known = np.isfinite(effects)
    count = known.sum(axis=-1)
    there = np.where(known, effects, 0.0)
    mean = there.sum(axis=-1) / np.maximum(count, 1)
    squares = (np.where(known, effects - mean[..., None], 0.0) ** 2).sum(axis=-1)
    worth = _INDEPENDENT * count
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.abs(mean) / np.sqrt(squares / np.maximum(count - 1, 1) / worth)
    chance = two_sided(np.nan_to_num(size, posinf=1e9), np.maximum(worth - 1, 1))
    return np.where(count >= _LEAST, chance, 1.0)


def log_mean(after: float, before: float) -> float:
    """The logarithmic mean, by which the logarithms of factors add up to the change of their product (LMDI; Ang 2005).

    >>> round(log_mean(120, 100), 2)
    109.7
    """
    return before if after == before else (after - before) / float(np.log(after / before))


def _mean_square(effects: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each segment's known effects, and how many are known."""
    known = np.isfinite(effects)
    count = known.sum(axis=-1)
    total = (np.where(known, effects, 0.0) ** 2).sum(axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan), count
