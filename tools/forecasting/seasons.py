"""The seasonal pattern of many series at once."""

from __future__ import annotations

import warnings

import numpy as np


def pattern(rows: np.ndarray, season: int, *, multiplied: bool) -> np.ndarray:
    """How each place in the season lies above or below the rest: a factor around 1, or an addition around 0.

    `rows` has a series a row, oldest figure first, NaN before it begins; the result a row of `season` values, the last
    of them for the place of the last figure. It is the classical decomposition by a centred moving average, each value
    drawn to 1 (or 0) as far as chance alone could have made them differ: the shrinkage of Miller and Williams (2003).
    A row with less than two seasons has no pattern.

    >>> pattern(np.tile([1.0, 3.0], 6)[None], 2, multiplied=True)
    array([[0.5, 1.5]])
    """
    count, length = rows.shape
    neutral = 1.0 if multiplied else 0.0
    if season == 1 or length < 2 * season:
        return np.full((count, season), neutral)
    detrended = rows / _trend(rows, season) if multiplied else rows - _trend(rows, season)
    aligned = [detrended[:, (length + k) % season :: season] for k in range(season)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of rows with nothing to average
        mean = np.stack([np.nanmean(p, axis=1) for p in aligned], axis=1)
        noise = np.stack([np.nanvar(p, axis=1, ddof=1) / np.sum(~np.isnan(p), axis=1) for p in aligned], axis=1)
        centred = mean / mean.mean(axis=1, keepdims=True) if multiplied else mean - mean.mean(axis=1, keepdims=True)
        spread = np.mean((centred - neutral) ** 2, axis=1)
        kept = 1 - np.minimum(1, noise.mean(axis=1) / spread)
    made = neutral + kept[:, None] * (centred - neutral)
    return np.where(np.isfinite(made).all(axis=1, keepdims=True), made, neutral)


def ahead(pattern: np.ndarray, steps: int) -> np.ndarray:
    """The pattern's values for the next `steps` figures."""
    return pattern[:, np.arange(steps) % pattern.shape[1]]


def behind(pattern: np.ndarray, length: int) -> np.ndarray:
    """The pattern's values for the last `length` figures."""
    season = pattern.shape[1]
    return pattern[:, (np.arange(length) - length) % season]


def _trend(rows: np.ndarray, season: int) -> np.ndarray:
    """The centred moving average over a season; NaN at both ends."""
    weights = np.ones(season if season % 2 else season + 1)
    if season % 2 == 0:
        weights[[0, -1]] = 0.5
    weights /= weights.sum()
    half = len(weights) // 2
    trend = np.full_like(rows, np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(rows, len(weights), axis=1)
    trend[:, half : rows.shape[1] - half] = windows @ weights
    return trend
