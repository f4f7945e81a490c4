"""Exponential smoothing with a trend (Holt 1957), or a damped one (Gardner and McKenzie 1985), for many series at
once."""

from __future__ import annotations

import numpy as np

_SMOOTHING = (0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 0.98)
_TREND = (0.01, 0.05, 0.15, 0.3, 0.6)
"""As a part of the level's smoothing."""
_DAMPING = (0.8, 0.9, 0.95, 0.98)
_FIRST = 5
"""Steps whose mean rise is the first trend."""


def trend(rows: np.ndarray, steps: int) -> np.ndarray:
    """The next `steps` figures of each row, on a trend that goes on as it is."""
    return _smoothed(rows, steps, (1.0,))


def damped_trend(rows: np.ndarray, steps: int) -> np.ndarray:
    """The next `steps` figures of each row, on a trend that fades."""
    return _smoothed(rows, steps, _DAMPING)


def _smoothed(rows: np.ndarray, steps: int, damping: tuple[float, ...]) -> np.ndarray:
    """With the parameters that had the least squared error one step ahead. `rows` has no season; it is NaN before a
    series begins and where a figure is missing."""
    grids = np.meshgrid(_SMOOTHING, _TREND, damping, indexing="ij")
    alpha, beta, phi = (g.ravel()[None] for g in grids)
    level, slope, squares = (np.zeros((len(rows), alpha.shape[1])) for _ in range(3))
    begun = np.zeros((len(rows), 1), dtype=bool)
    first = _first_trend(rows)[:, None]
    for column in rows.T:
        there = ~np.isnan(column)[:, None]
        value = np.where(there, column[:, None], 0.0)
        expected = level + phi * slope
        error = np.where(there & begun, value - expected, 0.0)
        squares += error**2
        opening = there & ~begun
        level = np.where(opening, value, np.where(there, expected + alpha * error, level))
        slope = np.where(opening, first, np.where(there, phi * slope + alpha * beta * error, slope))
        begun |= there
    best = np.argmin(squares, axis=1)[:, None]
    level, slope = (np.take_along_axis(a, best, axis=1) for a in (level, slope))
    damped = np.cumsum(phi[0][best] ** np.arange(1, steps + 1), axis=1)
    return level + damped * slope


def _first_trend(rows: np.ndarray) -> np.ndarray:
    """The mean rise over the first few figures of each row."""
    there = ~np.isnan(rows)
    start = there.argmax(axis=1)
    end = np.minimum(start + _FIRST, rows.shape[1] - 1)
    at = np.arange(len(rows))
    rise = (rows[at, end] - rows[at, start]) / np.maximum(end - start, 1)
    return np.nan_to_num(rise)
