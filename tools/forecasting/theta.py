"""The dynamic optimised Theta model (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler 2016), for many series at
once: between a flat line and one with the whole trend, as far as the data favour it."""

from __future__ import annotations

import numpy as np

from tools.forecasting.in_parts import in_parts

_SMOOTHING = np.array([0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99])
_THETAS = np.array([1, 1.5, 2, 3, 1000])
"""1 is a flat line, 2 has half of the trend, the last all of it."""


def theta(rows: np.ndarray, steps: int) -> np.ndarray:
    """The next `steps` figures of each row: on a flat line, between the two, and on a line with the whole trend
    (3 × rows × steps), each with the smoothing and theta that had the least squared error one step ahead. `rows` has
    no season; it is NaN before a series begins and where a figure is missing."""
    return in_parts(rows, lambda some: _theta(some, steps))


def _theta(rows: np.ndarray, steps: int) -> np.ndarray:
    alpha, wanted = _SMOOTHING[:, None, None], _THETAS[:, None]
    kept = 1 - 1 / wanted
    line = _Line(len(rows))
    level, squares, off = (np.zeros((len(_SMOOTHING), len(_THETAS), len(rows))) for _ in range(3))
    for column in rows.T:
        there = ~np.isnan(column)
        first = there & (line.count == 0)
        np.multiply(kept, line.adds[:, None], out=off)
        off += level
        off -= np.where(there, column, 0.0)
        off *= off
        off *= there & ~first
        squares += off
        np.subtract(np.where(there, column, 0.0), level, out=off)
        off *= there
        off *= alpha
        level += off
        if first.any():
            level[..., first] = (1 / wanted + alpha * kept) * column[first]
        line.more(column, there)
    choices = ([0], range(len(_THETAS)), [len(_THETAS) - 1])
    return np.stack([_ahead(level, line, squares, np.array(c), kept[:, 0], steps) for c in choices])


def _ahead(
    level: np.ndarray, line: _Line, squares: np.ndarray, choice: np.ndarray, kept: np.ndarray, steps: int
) -> np.ndarray:
    at = np.arange(level.shape[-1])
    smoothing, best = np.divmod(np.argmin(squares[:, choice].reshape(-1, len(at)), axis=0), len(choice))
    alpha, share, now = _SMOOTHING[smoothing], kept[choice[best]], level[smoothing, choice[best], at]
    further, made = line.copy(), []
    for _ in range(steps):
        expected = now + share * further.adds[smoothing, at]
        made.append(expected)
        now = alpha * expected + (1 - alpha) * now
        further.more(expected, np.ones(len(at), dtype=bool))
    return np.stack(made, axis=1)


class _Line:
    """The straight line through the figures so far of each row, by recursive least squares."""

    def __init__(self, rows: int):
        self.count, self.mean, self.intercept, self.slope = (np.zeros(rows) for _ in range(4))
        self.fading = np.ones((len(_SMOOTHING), rows))

    @property
    def adds(self) -> np.ndarray:
        """What it adds one step ahead: smoothings × rows."""
        alpha = _SMOOTHING[:, None]
        return self.fading * self.intercept + (1 - self.fading * (1 - alpha)) / alpha * self.slope

    def copy(self) -> _Line:
        made = _Line(0)
        for name, figures in vars(self).items():
            setattr(made, name, figures.copy())
        return made

    def more(self, value: np.ndarray, there: np.ndarray) -> None:
        """One more figure of each row where there is one."""
        count, off = self.count, value - self.mean
        mean = self.mean + off / (count + 1)
        slope = np.where(count > 0, ((count - 1) * self.slope + 6 * off / (count + 1)) / (count + 2), 0.0)
        self.intercept = np.where(there, mean - slope * (count + 2) / 2, self.intercept)
        self.mean, self.slope = np.where(there, mean, self.mean), np.where(there, slope, self.slope)
        self.fading = np.where(there, self.fading * (1 - _SMOOTHING[:, None]), self.fading)
        self.count = count + there
