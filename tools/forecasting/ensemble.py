"""The ensemble: what several models of one series, unlike in what they assume, say on the whole."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tools.forecasting.autoregression import autoregression
from tools.forecasting.holt import holt
from tools.forecasting.seasons import ahead, behind, pattern
from tools.forecasting.theta import theta

_LEAST = 7
"""Sums that are forecast from, at least."""
_FARTHEST = (0.5, 2.0)
"""How far they move a figure at most."""


@dataclass(frozen=True)
class Family:
    """Models of the level and trend of series without their season, worked out together: models × rows × steps."""

    names: tuple[str, ...]
    models: Callable[[np.ndarray, int], np.ndarray]
    percent: bool = False
    """They see the logarithms of a series of positive figures: these grow by percentages."""


FAMILIES = (
    Family(("no trend", "Theta", "straight line"), theta),
    Family(("damped trend", "trend"), holt, percent=True),
    Family(("autoregression",), autoregression, percent=True),
)
"""Chosen to be unlike in how far they carry a trend on, so that the middle is seldom far off."""


def forecasts(rows: np.ndarray, season: int, steps: int) -> np.ndarray:
    """The median of what the models expect, at several grains: rows × steps.

    `rows` has a series a row, all ending with the newest figure; NaN before a series begins, and where one is missing.
    The sums of two, three … figures, by which a season divides, are forecast as well, and each figure is moved towards
    what they say, in equal parts: what is noise in months is less in quarters (Kourentzes, Petropoulos, Trapero 2014).
    """
    spans = [n for n in range(2, season) if season % n == 0 and rows.shape[1] // n >= _LEAST]
    made = _at_one_grain(rows, season, steps + max(spans, default=1) - 1)
    positive = ~(rows <= 0).any(axis=1) & (made > 0).all(axis=1)
    if spans and positive.any():
        moved = sum(_towards(rows[positive], made[positive], season, steps, n) for n in spans)
        made[positive, :steps] *= np.exp(moved / (len(spans) + 1))
    return made[:, :steps]


def _towards(rows: np.ndarray, made: np.ndarray, season: int, steps: int, span: int) -> np.ndarray:
    """The logarithm of what the forecast of sums over `span` figures is to the sums of the figures' own forecasts."""
    blocks = -(-steps // span)
    sums = rows[:, rows.shape[1] % span :].reshape(len(rows), -1, span).sum(axis=2)
    own = made[:, : blocks * span].reshape(len(rows), blocks, span).sum(axis=2)
    told = _at_one_grain(sums, season // span, blocks)
    enough = np.sum(~np.isnan(sums), axis=1, keepdims=True) >= _LEAST
    ratio = np.where(enough & (told > 0), told / own, 1.0)
    return np.log(np.repeat(np.clip(ratio, *_FARTHEST), span, axis=1)[:, :steps])


def _at_one_grain(rows: np.ndarray, season: int, steps: int) -> np.ndarray:
    """The median of what the models expect. The season of a series of positive figures is a factor, that of others an
    addition."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        positive = ~(rows <= 0).any(axis=1)
    made = np.empty((len(rows), steps))
    for multiplied, wanted in ((True, positive), (False, ~positive)):
        if wanted.any():
            some = rows[wanted]
            seasonal = pattern(some, season, multiplied=multiplied)
            before, after = behind(seasonal, rows.shape[1]), ahead(seasonal, steps)
            level = _median(some / before if multiplied else some - before, steps, logs=multiplied)
            made[wanted] = level * after if multiplied else level + after
    return made


def _median(rows: np.ndarray, steps: int, *, logs: bool) -> np.ndarray:
    told = []
    for family in FAMILIES:
        if family.percent and logs:
            told.append(np.exp(family.models(np.log(rows), steps)))
        else:
            told.append(family.models(rows, steps))
    return np.median(np.concatenate(told), axis=0)
