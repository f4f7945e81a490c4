"""The ensemble: what several models of one series, unlike in what they assume, say on the whole."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tools.forecasting.holt import damped_trend, trend
from tools.forecasting.seasons import ahead, behind, pattern
from tools.forecasting.theta import theta


def _flat(rows: np.ndarray, steps: int) -> np.ndarray:
    return theta(rows, steps, np.array([1.0]))


def _whole_trend(rows: np.ndarray, steps: int) -> np.ndarray:
    return theta(rows, steps, np.array([1000.0]))


@dataclass(frozen=True)
class Member:
    """A model of the level and trend of a series without its season."""

    name: str
    model: Callable[[np.ndarray, int], np.ndarray]
    percent: bool = False
    """It sees the logarithms of a series of positive figures: these grow by percentages."""


MEMBERS = (
    Member("no trend", _flat),
    Member("Theta", theta),
    Member("straight line", _whole_trend),
    Member("damped trend", damped_trend, percent=True),
    Member("trend", trend, percent=True),
)
"""Chosen to be unlike in how far they carry a trend on, so that the middle one is seldom far off."""


def forecasts(rows: np.ndarray, season: int, steps: int) -> np.ndarray:
    """The median of what the members expect: rows × steps.

    `rows` has a series a row, all ending with the newest figure; NaN before a series begins, and where one is missing.
    The season of a series of positive figures is a factor, that of others an addition."""
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
    for member in MEMBERS:
        if member.percent and logs:
            told.append(np.exp(member.model(np.log(rows), steps)))
        else:
            told.append(member.model(rows, steps))
    return np.median(told, axis=0)
