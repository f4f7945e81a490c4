"""Planted periods in which figures do not go together, though none is out of its own range: found, and false alarms."""

from __future__ import annotations

import numpy as np

from tools.detection.joint import together
from tools.detection.unusual import FALSE_ALARMS, judge

_SEASONS = {"day": (7, 180, 540), "week": (1, 80, 160), "month": (12, 36, 84)}
_APART = 2.6
"""Standard deviations of its own noise by which one figure is up and another down: neither is unusual by itself."""


def measure(count: int = 500) -> str:
    """The figures, as text: of as many businesses of two to five figures, half with a planted period."""
    found, alarmed, alone, extra = [], [], [], []
    for n in range(count):
        grain = ("day", "week", "month")[n % 3]
        values, season, planted = business(n, grain, plant=n % 2 == 0)
        rate = FALSE_ALARMS / (values.shape[1] + 1)
        judged = [judge(column, season, rate) for column in values.T]
        own = {f.start for j in judged for f in j.findings}
        joint = {t.at for t in together(np.array([j.left for j in judged]).T, rate)}
        if planted < 0:
            alarmed.append(bool(own or joint))
            continue
        found.append(planted in joint)
        alone.append(planted in own)
        extra.append(bool(joint - {planted} - own))
    return (
        f"several figures: of {len(found)} periods planted in how they go together, {100 * np.mean(found):.1f}% found "
        f"({100 * np.mean(alone):.1f}% by one figure alone), others flagged beside it in {100 * np.mean(extra):.1f}%; "
        f"of {len(alarmed)} businesses without one, {100 * np.mean(alarmed):.1f}% had a false alarm (stated: at most "
        f"{100 * FALSE_ALARMS:.0f}%)"
    )


def business(seed: int, grain: str, plant: bool) -> tuple[np.ndarray, int, int]:
    """Figures (a column each) that share most of what moves them, their season, and the planted period, or -1."""
    chance = np.random.default_rng(seed)
    season, least, most = _SEASONS[grain]
    length, many = int(chance.integers(least, most)), int(chance.integers(2, 6))
    shared = np.sqrt(chance.uniform(0.6, 0.95, many))
    noise = np.outer(chance.normal(size=length), shared) + chance.normal(size=(length, many)) * np.sqrt(1 - shared**2)
    at = int(chance.integers(int(0.15 * length), int(0.85 * length))) if plant else -1
    if plant:
        up, down = chance.choice(many, 2, replace=False)
        noise[at] *= 0.5
        noise[at, [up, down]] = _APART, -_APART
    wave = np.sin(2 * np.pi * (np.arange(length) / season + chance.random())) if season > 1 else np.zeros(length)
    level = np.exp(chance.uniform(4, 8, many)) * (1 + 0.3 * np.arange(length)[:, None] / length)
    values = level * np.exp(np.outer(wave, chance.uniform(0.05, 0.3, many)) + noise * chance.uniform(0.03, 0.1, many))
    return values, season, at
