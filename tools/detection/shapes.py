"""The shapes of what can happen to a series (a pulse, a step, a ramp), fitted to it.

Every series of a thousand is fitted several times, so nothing is worked out twice: what a shape's own length is depends
only on which figures are there, and is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

Kind = Literal["pulse", "step", "ramp"]
Shape = tuple[Kind, int, int]
"""What it is; the first figure that it changes; of a ramp, figures until it is whole, else 1."""
_SPANNED = 1e-7
"""What is left of a shape, as a part of it, that others together make up but for rounding."""


def shape(kind: Kind, start: int, length: int, count: int) -> np.ndarray:
    """What it adds to each of so many figures, for a size of 1."""
    at = np.arange(count)
    if kind == "pulse":
        return (at == start).astype(float)
    return np.clip((at - start + 1) / length, 0, 1)


@dataclass(frozen=True)
class Fit:
    """Least squares of a line and shapes."""

    residual: np.ndarray
    """What is left; 0 where there is no figure."""
    sizes: np.ndarray
    line: np.ndarray
    spread: np.ndarray
    """Of each size, its standard deviation where that of the noise is 1."""


def fit(values: np.ndarray, there: np.ndarray, shapes: Sequence[Shape]) -> Fit:
    count = len(values)
    line = _lines(count)
    design = np.column_stack([line, *(shape(*s, count) for s in shapes)])
    seen, figures = design[there], values[there]
    turned, triangle = np.linalg.qr(seen)
    held = np.abs(np.diag(triangle))
    if len(seen) < design.shape[1] or held.min() <= _SPANNED * held.max():  # shapes that together make up another
        inverse = np.linalg.pinv(seen)
        weights, variance = inverse @ figures, np.sum(inverse**2, axis=1)
    else:
        inverse = np.linalg.inv(triangle)
        weights, variance = inverse @ (turned.T @ figures), np.sum(inverse**2, axis=1)
    residual = np.where(there, values - design @ weights, 0.0)
    return Fit(residual, weights[2:], line @ weights[:2], np.sqrt(variance[2:]))


class Left:
    """What a line and shapes, one after the other, leave of a series."""

    def __init__(self, values: np.ndarray, there: np.ndarray):
        self._there = there
        self._basis = list(_basis(there.tobytes()))
        self.residual = np.where(there, values, 0.0)
        for direction in self._basis:
            self.residual = self.residual - direction * (direction @ self.residual)

    def take(self, taken: Shape) -> None:
        """Take one more shape out."""
        direction = shape(*taken, len(self.residual)) * self._there
        whole = float(np.linalg.norm(direction))
        for known in (*self._basis, *self._basis):  # twice: what is left of a shape may be small, and not exact
            direction = direction - known * (known @ direction)
        left = float(np.linalg.norm(direction))
        if left > _SPANNED * whole:
            direction /= left
            self._basis.append(direction)
            self.residual = self.residual - direction * (direction @ self.residual)


def along(residual: np.ndarray, there: np.ndarray, lengths: Sequence[int]) -> list[np.ndarray]:
    """For a step (length 1) or ramp that starts at each moment, its product with the residual over its own length,
    once the line is taken out of it: of each of the lengths. The residual is 0 where there is no figure."""
    count, key, longest = len(residual), there.tobytes(), max(lengths, default=1)
    once, twice = _sums(residual, longest)
    return [
        (once[:count] if n == 1 else (twice[:count] - twice[n : n + count]) / n) * _weights(key, n) for n in lengths
    ]


def _sums(figures: np.ndarray, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """Of the figures from each on, the sum, and the sum of sums: it weighs each by how far it is."""
    once = np.zeros(len(figures) + longest + 1)
    once[: len(figures)] = figures[::-1].cumsum()[::-1]
    return once, once[::-1].cumsum()[::-1]


@lru_cache(maxsize=256)
def _weights(there: bytes, length: int) -> np.ndarray:
    """For a step or ramp that starts at each moment, one over its own length, once the line is taken out of it."""
    seen = np.frombuffer(there, dtype=bool).astype(float)
    count, position = len(seen), _lines(len(seen))[:, 1]
    position = position - np.average(position, weights=seen)
    _, twice = _sums(seen, length)
    squares = 2 * twice[::-1].cumsum()[::-1] - twice
    later = squares[length : length + count] + 2 * length * twice[length : length + count]
    alone = (squares[:count] - later) / length**2
    _, placed = _sums(seen * position, length)
    level, slope = (s[:count] - s[length : length + count] for s in (twice, placed))
    own = alone - (level / length) ** 2 / seen.sum() - (slope / length) ** 2 / np.sum(seen * position**2)
    return 1 / np.sqrt(np.maximum(own, 1e-9))


@lru_cache(maxsize=256)
def _basis(there: bytes) -> tuple[np.ndarray, ...]:
    """Two directions that span a line, over the figures that are there."""
    seen = np.frombuffer(there, dtype=bool)
    return tuple(np.linalg.qr(_lines(len(seen)) * seen[:, None])[0].T.copy())


@lru_cache(maxsize=256)
def _lines(count: int) -> np.ndarray:
    return np.stack([np.ones(count), np.linspace(-1, 1, count)], axis=1)
