"""Exponential smoothing with a trend (Holt 1957), or a damped one (Gardner and McKenzie 1985), for many series at
once."""

from __future__ import annotations

import numpy as np

from tools.forecasting.in_parts import in_parts

_SMOOTHING = (0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 0.98)
_TREND = (0.01, 0.05, 0.15, 0.3, 0.6)
"""As a part of the level's smoothing."""
_DAMPING = (0.8, 0.9, 0.95, 0.98, 1.0)
"""The last goes on as it is."""
_FIRST = 5
"""Steps whose mean rise is the first trend."""


def holt(rows: np.ndarray, steps: int) -> np.ndarray:
    """The next `steps` figures of each row: on a trend that fades, and on one that goes on (2 × rows × steps), each
    with the parameters that had the least squared error one step ahead. `rows` has no season; it is NaN before a series
    begins and where a figure is missing."""
    return in_parts(rows, lambda some: _holt(some, steps))


def _holt(rows: np.ndarray, steps: int) -> np.ndarray:
    phi, alpha, beta = (g.ravel()[:, None] for g in np.meshgrid(_DAMPING, _SMOOTHING, _TREND, indexing="ij"))
    level, slope, squares, error, moved = (np.zeros((len(phi), len(rows))) for _ in range(5))
    begun = np.zeros(len(rows), dtype=bool)
    rise = _first_trend(rows)
    for column in rows.T:
        there = ~np.isnan(column)
        opening = there & ~begun
        slope *= phi
        level += slope  # what is expected
        np.subtract(np.where(there, column, 0.0), level, out=error)
        error *= there & begun
        np.multiply(error, alpha, out=moved)
        level += moved
        moved *= beta
        slope += moved
        error *= error
        squares += error
        if opening.any():
            level[:, opening], slope[:, opening] = column[opening], rise[opening]
            begun |= opening
    undamped = len(phi) // len(_DAMPING)
    at, made = np.arange(len(rows)), []
    for chosen in (slice(0, -undamped), slice(-undamped, None)):
        best = np.argmin(squares[chosen], axis=0)
        damped = np.cumsum(phi[chosen][best] ** np.arange(1, steps + 1), axis=1)
        made.append(level[chosen][best, at][:, None] + damped * slope[chosen][best, at][:, None])
    return np.stack(made)


def _first_trend(rows: np.ndarray) -> np.ndarray:
    """The mean rise over the first few figures of each row."""
    there = ~np.isnan(rows)
    start = there.argmax(axis=1)
    end = np.minimum(start + _FIRST, rows.shape[1] - 1)
    at = np.arange(len(rows))
    rise = (rows[at, end] - rows[at, start]) / np.maximum(end - start, 1)
    return np.nan_to_num(rise)
