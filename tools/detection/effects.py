"""What happened to a series: the pulses, steps and ramps that explain it, found one after the other.

After Chen and Liu (1993), with a ramp beside their outlier and level shift: each effect is fitted at every moment, the
most significant one is taken out, and so on until none is significant; then all are fitted together, and those that are
no longer significant are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Kind = Literal["pulse", "step", "ramp"]
_NORMAL = 1.4826
"""The standard deviation of normal noise over its median absolute deviation."""
_MOST, _MOST_EVER = 0.15, 100
"""Of the figures, the part that may be unusual, and how many effects are looked for."""
_ROUNDING = 1e-9
_RAMPS = (0.06, 0.12, 0.25)
"""Lengths of ramps that are tried, as parts of the series."""
_SHORTEST = 3
"""Figures that a step or ramp leaves on either side: fewer are pulses."""


@dataclass(frozen=True)
class Effect:
    kind: Kind
    start: int
    """The first figure that it changes."""
    length: int
    """Of a ramp, figures until it is whole; else 1."""
    size: float
    """What it adds: to one figure, or from then on."""
    score: float
    """Its size over the standard deviation that chance alone would give it, signed."""

    def over(self, count: int) -> np.ndarray:
        """What it adds to each of so many figures."""
        return self.size * _shape(self.kind, self.start, self.length, count)


@dataclass(frozen=True)
class Explained:
    effects: tuple[Effect, ...]
    """The most significant first."""
    usual: np.ndarray
    """The series without them: a straight line."""
    noise: float
    """The standard deviation of what is left."""


def explain(
    values: np.ndarray, critical: float, spent: float = 0.0, kinds: tuple[Kind, ...] = ("pulse", "step", "ramp")
) -> Explained:
    """The effects in a series without a season whose scores are beyond `critical`, up or down. Missing figures (NaN)
    tell nothing. `spent`: how many figures' worth was spent on taking the season out."""
    count = len(values)
    there = ~np.isnan(values)
    found: list[tuple[Kind, int, int]] = []
    most = int(np.clip(_MOST * count, 2, _MOST_EVER))
    while len(found) < most:
        residual, _, _ = _fit(values, there, found)
        best = _most_significant(residual, there, found, spent, kinds)
        if best is None or abs(best[1]) < critical:
            break
        found.append(best[0])
    while found:  # those that others explain better
        scores = _scores(values, there, found, spent)
        weakest = int(np.argmin(np.abs(scores)))
        if abs(scores[weakest]) >= critical:
            break
        found.pop(weakest)
    residual, sizes, line = _fit(values, there, found)
    scores = _scores(values, there, found, spent)
    effects = [Effect(k, s, n, z, t) for (k, s, n), z, t in zip(found, sizes, scores, strict=True)]
    return Explained(tuple(sorted(effects, key=lambda e: -abs(e.score))), line, noise_of(residual, there, spent)[0])


def _shape(kind: Kind, start: int, length: int, count: int) -> np.ndarray:
    at = np.arange(count)
    if kind == "pulse":
        return (at == start).astype(float)
    return np.clip((at - start + 1) / length, 0, 1)


def _fit(
    values: np.ndarray, there: np.ndarray, found: list[tuple[Kind, int, int]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Least squares of a line and the effects: what is left, the effects' sizes, and the line."""
    count = len(values)
    line = np.stack([np.ones(count), np.linspace(-1, 1, count)], axis=1)
    design = np.column_stack([line, *(_shape(*f, count) for f in found)])
    weights, *_ = np.linalg.lstsq(design[there], values[there], rcond=None)
    residual = np.where(there, values - design @ weights, 0.0)
    return residual, weights[2:], line @ weights[:2]


def _scores(values: np.ndarray, there: np.ndarray, found: list[tuple[Kind, int, int]], spent: float) -> np.ndarray:
    """Of each effect, fitted together."""
    count = len(values)
    residual, sizes, _ = _fit(values, there, found)
    line = np.stack([np.ones(count), np.linspace(-1, 1, count)], axis=1)
    design = np.column_stack([line, *(_shape(*f, count) for f in found)])[there]
    variance = np.diag(np.linalg.pinv(design.T @ design))[2:]
    noise, alike = noise_of(residual, there, spent)
    lasting = np.array([f[0] != "pulse" for f in found])
    return sizes / np.maximum(noise * np.sqrt(variance) * np.where(lasting, _inflated(alike), 1.0), 1e-12)


def _most_significant(
    residual: np.ndarray,
    there: np.ndarray,
    found: list[tuple[Kind, int, int]],
    spent: float,
    kinds: tuple[Kind, ...],
) -> tuple[tuple[Kind, int, int], float] | None:
    """The effect with the largest score at any moment, given what the line and the effects so far leave."""
    count = len(residual)
    noise, alike = noise_of(residual, there, spent)
    if noise == 0:
        return None
    best: tuple[tuple[Kind, int, int], float] | None = None
    lengths: list[tuple[Kind, int]] = [("pulse", 1), ("step", 1)]
    lengths += [("ramp", n) for part in _RAMPS if (n := int(part * count)) >= 4]
    for kind, length in (n for n in lengths if n[0] in kinds):
        score = _along(residual, there, kind, length) / noise
        if kind == "pulse":
            score = _apart(residual, alike) / noise
        else:
            score /= _inflated(alike)
            score[:_SHORTEST] = 0
            score[count - _SHORTEST - length + 1 :] = 0
        score[[s for k, s, n in found if (k, n) == (kind, length)]] = 0
        at = int(np.argmax(np.abs(score)))
        if best is None or abs(score[at]) > abs(best[1]):
            best = (kind, at, length), float(score[at])
    return best


def _along(residual: np.ndarray, there: np.ndarray, kind: Kind, length: int) -> np.ndarray:
    """For an effect that starts at each moment, its product with the residual over its own length, once the line is
    taken out of it: by sums that run from the end."""
    count = len(residual)
    seen = there.astype(float)
    position = np.linspace(-1, 1, count)
    mean = np.average(position, weights=seen)
    position = position - mean
    weight, held = seen.sum(), np.sum(seen * position**2)

    def product(figures: np.ndarray, power: int) -> np.ndarray:
        """Of the effect's shape, to a power of 1 or 2, with the figures: sums of sums weigh them by how far they are
        from its start."""
        if kind == "pulse":
            return figures
        once = np.append(np.cumsum(figures[::-1])[::-1], np.zeros(length + 1))
        twice = np.cumsum(once[::-1])[::-1]
        if power == 1:
            return (twice[:count] - twice[length : length + count]) / length
        squares = 2 * np.cumsum(twice[::-1])[::-1] - twice
        later = squares[length : length + count] + 2 * length * twice[length : length + count]
        return (squares[:count] - later) / length**2

    alone = product(seen, 2)
    own = alone - product(seen, 1) ** 2 / weight - product(seen * position, 1) ** 2 / held
    return product(residual * seen, 1) / np.sqrt(np.maximum(own, 1e-9))


def _apart(residual: np.ndarray, alike: float) -> np.ndarray:
    """Each residual less what its neighbours lead to expect, over the noise of that."""
    padded = np.concatenate([[0.0], residual, [0.0]])
    near = (padded[:-2] + padded[2:]) * alike / (1 + alike**2)
    return (residual - near) * np.sqrt((1 + alike**2) / (1 - alike**2))


def noise_of(residual: np.ndarray, there: np.ndarray, spent: float) -> tuple[float, float]:
    """The standard deviation of what chance adds to each figure, and the correlation of neighbours, 0 to 0.9. Both are
    learnt from the differences between neighbours, which a shift of level leaves as they are. `spent`: figures that
    were spent on a season."""
    both = there[1:] & there[:-1]
    steps = np.diff(residual)[both]
    if len(steps) < 3:
        return 0.0, 0.0
    rough = _NORMAL * float(np.median(np.abs(steps)))
    rough = rough if rough > _ROUNDING * np.max(np.abs(steps)) else 0.0
    held = np.clip(steps, -2.5 * rough, 2.5 * rough) if rough else steps
    spread = float(np.std(held))
    if spread == 0:
        return 0.0, 0.0
    alike = float(np.clip(1 + 2 * np.mean(held[1:] * held[:-1]) / spread**2, 0, 0.9))
    free = max(len(residual) - spent - 2, 1) / len(residual)
    return spread / np.sqrt(2 * (1 - alike) * free), alike


def _inflated(alike: float) -> float:
    """How much more a mean of alike figures varies than one of as many unlike ones."""
    return float(np.sqrt((1 + alike) / (1 - alike)))
