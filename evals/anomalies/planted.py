"""Business series made by chance, some with an anomaly planted in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

Plant = Literal["none", "spike", "shift", "drift", "missing"]
_LENGTHS = {"day": (180, 540), "week": (80, 160), "month": (36, 84)}
_SEASONS = {"day": 7, "week": 1, "month": 12}
_PLANTS: tuple[Plant, ...] = ("none", "spike", "shift", "drift", "missing")


@dataclass(frozen=True)
class Planted:
    grain: str
    plant: Plant
    values: np.ndarray
    season: int
    first: int
    """The first and the last figure that the anomaly is about; -1 without one."""
    last: int


def planted(count: int, seed: int = 1) -> Iterator[Planted]:
    """Series by day, week and month, in turn: a level between 20 and 3,000, a trend, a season, and noise of 3 to 10%,
    alike from one figure to the next in three of ten. A spike is 6 to 12 times the noise, a shift 3 to 6, a drift
    4 to 8 over a tenth or so of the series; one or two periods are missing (0)."""
    chance = np.random.default_rng(seed)
    for n in range(count):
        grain = ("day", "week", "month")[n % 3]
        yield _one(chance, grain, _PLANTS[n // 3 % len(_PLANTS)])


def heavy_tailed(each: int, grain: str, seed: int = 2) -> Iterator[Planted]:
    """Series without an anomaly whose noise of 6% is Student's t with 3, 4 and 6 degrees, so many of each."""
    chance = np.random.default_rng(seed)
    season = _SEASONS[grain]
    for degrees in (3, 4, 6):
        for _ in range(each):
            length = int(chance.integers(*_LENGTHS[grain]))
            wave = 0.2 * np.sin(2 * np.pi * np.arange(length) / season) if season > 1 else np.zeros(length)
            left = chance.standard_t(degrees, length) / np.sqrt(degrees / (degrees - 2))
            values = np.exp(chance.uniform(3, 8) + wave + 0.06 * left)
            yield Planted(grain, "none", values, season, -1, -1)


def _one(chance: np.random.Generator, grain: str, plant: Plant) -> Planted:
    length, season = int(chance.integers(*_LENGTHS[grain])), _SEASONS[grain]
    at = np.arange(length)
    level = np.exp(chance.uniform(3, 8)) * (1 + chance.uniform(-0.3, 0.5) * at / length)
    if season > 1:
        wave = np.sin(2 * np.pi * (np.arange(season) / season + chance.random()))
        level = level * (1 + chance.uniform(0.05, 0.35) * wave + chance.normal(0, 0.05, season))[at % season]
    noise, left = chance.uniform(0.03, 0.10), chance.normal(0, 1, length)
    if chance.random() < 0.3:
        alike = chance.uniform(0.2, 0.5)
        for n in range(1, length):
            left[n] = alike * left[n - 1] + np.sqrt(1 - alike**2) * left[n]
    values, sign = level * np.exp(noise * left), chance.choice([-1, 1])
    first = last = int(chance.integers(int(0.15 * length), int(0.85 * length)))
    if plant == "none":
        first = last = -1
    elif plant == "spike":
        values[first] *= np.exp(sign * noise * chance.uniform(6, 12))
    elif plant == "shift":
        values[first:] *= np.exp(sign * noise * chance.uniform(3, 6))
    elif plant == "drift":
        last = min(length - 1, first + max(4, int(chance.uniform(0.08, 0.2) * length)))
        values *= np.exp(sign * noise * chance.uniform(4, 8) * np.clip((at - first + 1) / (last - first), 0, 1))
    else:
        last = first + int(chance.integers(0, 2))
        values[first : last + 1] = 0
    return Planted(grain, plant, values, season, first, last)
