"""The outlook for one series: the mean of several models, tested on the past, and how far it may be off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from tools.forecasting.models import MODELS

_ORIGINS = 6
_LEAST = 8


class TooShort(ValueError):
    """There are fewer figures than a forecast needs."""


@dataclass(frozen=True)
class Outlook:
    expected: np.ndarray
    """The next figures, one a block."""
    spread: np.ndarray
    """The standard deviation of the error of each."""
    total_spread: float
    """The standard deviation of the error of their sum."""
    degrees: int
    """Of freedom: how many errors on the past the spreads were learnt from."""
    error: float
    """Of tests on the past, the mean of |error| over the mean of |figure|, in percent."""
    naive_error: float
    """The same of repeating the last season."""
    tests: int
    models: tuple[str, ...]

    floor: float = -np.inf
    """No figure was ever, or will be, below it."""

    def range(self, level: float) -> tuple[np.ndarray, np.ndarray]:
        """The intervals that hold each figure with a probability of `level`, 0..1."""
        margin = self.spread * student.ppf(0.5 + level / 2, self.degrees)
        return np.maximum(self.expected - margin, self.floor), self.expected + margin

    def total_range(self, level: float, wanted: np.ndarray) -> tuple[float, float]:
        """The same of the sum of the `wanted` figures (true or false for each)."""
        scale = np.sqrt(np.mean(self.spread[wanted] ** 2) / np.mean(self.spread**2))
        scale *= wanted.sum() / len(wanted)
        margin = self.total_spread * scale * student.ppf(0.5 + level / 2, self.degrees)
        if wanted.sum() == 1:
            margin = float(self.spread[wanted][0]) * student.ppf(0.5 + level / 2, self.degrees)
        total = self.expected[wanted].sum()
        return max(total - margin, self.floor), total + margin


def outlook(values: np.ndarray, season: int, blocks: list[int]) -> Outlook:
    """The sums of the next `blocks` figures each. Raises TooShort."""
    steps = sum(blocks)
    season = season if len(values) >= 2 * season + 4 else 1
    least = _LEAST if season == 1 else 2 * season
    if len(values) <= least:
        raise TooShort(f"{len(values)} of at least {least + 1}")
    names = ["ETS", "Theta"] + (["ARIMA"] if len(values) <= 150 else [])
    edges = np.cumsum([0, *blocks[:-1]])
    expected = np.add.reduceat(_mean(values, season, steps, names), edges)
    stride = max(1, min(steps, (len(values) - least) // _ORIGINS))
    origins = [o for k in range(1, _ORIGINS + 1) if (o := len(values) - k * stride) >= least]
    errors, naive, sizes, totals = [], [], [], []
    for origin in origins:
        ahead = min(steps, len(values) - origin)
        told = np.add.reduceat(_mean(values[:origin], season, ahead, names), edges[edges < ahead])
        last = np.add.reduceat(MODELS["seasonal naive"](values[:origin], season, ahead), edges[edges < ahead])
        came = np.add.reduceat(values[origin : origin + ahead], edges[edges < ahead])
        errors.append(came - told)
        naive.append(came - last)
        sizes.append(came)
        totals.append((came - told).sum() / np.sqrt(len(came)))
    flat = np.concatenate(errors)
    scale = float(np.sqrt(np.mean(flat**2)))
    size = float(np.abs(np.concatenate(sizes)).mean()) or 1.0
    grows = np.sqrt(np.arange(1, len(blocks) + 1))
    spread = scale * grows / np.sqrt(np.mean(grows[: max(map(len, errors))] ** 2))
    total = float(np.sqrt(np.mean(np.square(totals)))) * np.sqrt(len(blocks))
    return Outlook(
        expected, spread, total, max(2, len(origins) - 1), 100 * float(np.abs(flat).mean()) / size,
        100 * float(np.abs(np.concatenate(naive)).mean()) / size, len(origins), tuple(names),
        0.0 if values.min() >= 0 else -np.inf,
    )  # fmt: skip


def _mean(values: np.ndarray, season: int, steps: int, names: list[str]) -> np.ndarray:
    return np.mean([MODELS[name](values, season, steps) for name in names], axis=0)
