"""The dynamic optimised Theta model (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler 2016), for many series at
once: between a flat line and one with the whole trend, as far as the data favour it."""

from __future__ import annotations

import numpy as np

_SMOOTHING = np.array([0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99])
TREND = np.array([1, 1.5, 2, 3, 1000])
"""Values of theta to choose from: 1 is a flat line, 2 has half of the trend, the last all of it."""


def theta(rows: np.ndarray, steps: int, thetas: np.ndarray = TREND) -> np.ndarray:
    """The next `steps` figures of each row, with the smoothing and theta that had the least squared error one step
    ahead. `rows` has no season; it is NaN before a series begins and where a figure is missing."""
    alpha, wanted = (g.ravel()[None] for g in np.meshgrid(_SMOOTHING, thetas, indexing="ij"))
    kept = 1 - 1 / wanted
    count, mean, intercept, slope = (np.zeros((len(rows), 1)) for _ in range(4))
    level, squares = np.zeros((len(rows), alpha.shape[1])), np.zeros((len(rows), alpha.shape[1]))
    for column in rows.T:
        there = ~np.isnan(column)[:, None]
        value = np.where(there, column[:, None], 0.0)
        expected = level + kept * _line(alpha, count, intercept, slope)
        squares += np.where(there & (count > 0), (value - expected) ** 2, 0)
        begun = np.where(count == 0, value / wanted, level)
        level = np.where(there, alpha * value + (1 - alpha) * begun, level)
        count, mean, intercept, slope = _fitted(value, there, count, mean, intercept, slope)
    best = np.argmin(squares, axis=1)[:, None]
    alpha, kept = alpha[0][best], kept[0][best]
    level = np.take_along_axis(level, best, axis=1)
    made = []
    for _ in range(steps):
        expected = level + kept * _line(alpha, count, intercept, slope)
        made.append(expected[:, 0])
        level = alpha * expected + (1 - alpha) * level
        count, mean, intercept, slope = _fitted(expected, np.array(True), count, mean, intercept, slope)
    return np.stack(made, axis=1)


def _line(alpha: np.ndarray, count: np.ndarray, intercept: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """What the straight line through the figures so far adds one step ahead."""
    weight = (1 - alpha) ** count
    return weight * intercept + (1 - weight * (1 - alpha)) / alpha * slope


def _fitted(
    value: np.ndarray, there: np.ndarray, count: np.ndarray, mean: np.ndarray, intercept: np.ndarray, slope: np.ndarray
) -> tuple[np.ndarray, ...]:
    """The straight line with one more figure, by recursive least squares."""
    now = (count * mean + value) / (count + 1)
    steeper = np.where(count > 0, ((count - 1) * slope + 6 * (value - mean) / (count + 1)) / (count + 2), 0.0)
    lower = now - steeper * (count + 2) / 2
    new = (count + 1, now, lower, steeper)
    return tuple(np.where(there, a, b) for a, b in zip(new, (count, mean, intercept, slope), strict=True))
