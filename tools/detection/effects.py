"""What happened to a series: the pulses, steps and ramps that explain it, found one after the other.

After Chen and Liu (1993), with a ramp beside their outlier and level shift: each effect is fitted at every moment, the
most significant one is taken out, and so on until none is significant; then all are fitted together, and those that are
no longer significant are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.detection.shapes import Kind, Left, Shape, along, fit, shape

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
        return self.size * shape(self.kind, self.start, self.length, count)


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
    found: list[Shape] = []
    most = int(np.clip(_MOST * count, 2, _MOST_EVER))
    left = Left(values, there)
    while len(found) < most:
        best = _most_significant(left.residual, there, found, spent, kinds)
        if best is None or abs(best[1]) < critical:
            break
        found.append(best[0])
        left.take(best[0])
    while True:  # without those that others explain better
        fitted = fit(values, there, found)
        noise, alike = noise_of(fitted.residual, there, spent)
        lasting = np.array([f[0] != "pulse" for f in found])
        scores = fitted.sizes / np.maximum(noise * fitted.spread * np.where(lasting, _inflated(alike), 1.0), 1e-12)
        weakest = int(np.argmin(np.abs(scores))) if found else -1
        if weakest < 0 or abs(scores[weakest]) >= critical:
            break
        found.pop(weakest)
    effects = [Effect(*f, float(z), float(t)) for f, z, t in zip(found, fitted.sizes, scores, strict=True)]
    return Explained(tuple(sorted(effects, key=lambda e: -abs(e.score))), fitted.line, noise)


def _most_significant(
    residual: np.ndarray, there: np.ndarray, found: list[Shape], spent: float, kinds: tuple[Kind, ...]
) -> tuple[Shape, float] | None:
    """The effect with the largest score at any moment, given what the line and the effects so far leave."""
    count = len(residual)
    noise, alike = noise_of(residual, there, spent)
    if noise == 0:
        return None
    tried: list[tuple[Kind, int]] = [("step", 1)]
    tried += [("ramp", n) for part in _RAMPS if (n := int(part * count)) >= 4]
    tried = [t for t in tried if t[0] in kinds]
    scores: list[tuple[Kind, int, np.ndarray]] = []
    if "pulse" in kinds:
        scores.append(("pulse", 1, _apart(residual, alike)))
    for (kind, length), score in zip(tried, along(residual, there, [n for _, n in tried]), strict=True):
        score /= _inflated(alike)
        score[:_SHORTEST] = 0
        score[count - _SHORTEST - length + 1 :] = 0
        scores.append((kind, length, score))
    best: tuple[Shape, float] | None = None
    for kind, length, score in scores:
        score[[s for k, s, n in found if (k, n) == (kind, length)]] = 0
        at = int(np.argmax(np.abs(score)))
        if best is None or abs(score[at]) / noise > abs(best[1]):
            best = (kind, at, length), float(score[at]) / noise
    return best


def _apart(residual: np.ndarray, alike: float) -> np.ndarray:
    """Each residual less what its neighbours lead to expect, over the noise of that."""
    near = np.zeros(len(residual))
    near[1:] = residual[:-1]
    near[:-1] += residual[1:]
    return (residual - near * (alike / (1 + alike**2))) * float(np.sqrt((1 + alike**2) / (1 - alike**2)))


def noise_of(residual: np.ndarray, there: np.ndarray, spent: float) -> tuple[float, float]:
    """The standard deviation of what chance adds to each figure, and the correlation of neighbours, 0 to 0.9. Both are
    learnt from the differences between neighbours, which a shift of level leaves as they are. `spent`: figures that
    were spent on a season."""
    steps = (residual[1:] - residual[:-1])[there[1:] & there[:-1]]
    if len(steps) < 3:
        return 0.0, 0.0
    sizes = np.abs(steps)
    rough = _NORMAL * median(sizes)
    rough = rough if rough > _ROUNDING * sizes.max() else 0.0
    held = np.minimum(np.maximum(steps, -2.5 * rough), 2.5 * rough) if rough else steps
    spread = float(np.sqrt(max(held @ held / len(held) - held.mean() ** 2, 0.0)))
    if spread <= _ROUNDING * sizes.max():
        return 0.0, 0.0
    alike = min(max(float(1 + 2 * (held[1:] @ held[:-1]) / (len(held) - 1) / spread**2), 0.0), 0.9)
    free = max(len(residual) - spent - 2, 1) / len(residual)
    return float(spread / np.sqrt(2 * (1 - alike) * free)), alike


def median(figures: np.ndarray) -> float:
    """Of figures none of which is missing."""
    half, odd = divmod(len(figures), 2)
    if odd:
        return float(np.partition(figures, half)[half])
    parted = np.partition(figures, (half - 1, half))
    return float(parted[half - 1] + parted[half]) / 2


def _inflated(alike: float) -> float:
    """How much more a mean of alike figures varies than one of as many unlike ones."""
    return float(np.sqrt((1 + alike) / (1 - alike)))
