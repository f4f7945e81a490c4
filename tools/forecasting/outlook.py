"""The outlook for some series: what is expected, how far it may be off, and how such forecasts did in the past."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from tools.forecasting.backtest import LEAST, Tests, adjusted, backtest, summed
from tools.forecasting.ensemble import forecasts
from tools.forecasting.occasions import Occasions
from tools.forecasting.spread import degrees_of_freedom, spread_of_sum, spreads


@dataclass(frozen=True)
class Outlook:
    expected: np.ndarray
    """The next figures, one a block."""
    spread: np.ndarray
    """The standard deviation of the error of each."""
    total: float
    """The sum of the blocks that are asked for, and the standard deviation of its error."""
    total_spread: float
    degrees: float
    """Of freedom of Student's t, which the errors over their spread follow."""
    error: float
    """Of the tests, the mean of |error| over the mean of |figure|, in percent; NaN without tests."""
    naive_error: float
    """The same of taking the last season again."""
    tests: int
    tested_so_far: bool
    """The tests looked as far ahead as the forecast does."""
    floor: float
    """No figure was ever below it, or will be."""

    def range(self, level: float) -> tuple[np.ndarray, np.ndarray]:
        """The intervals that hold each figure with a probability of `level`, 0..1."""
        margin = self.spread * student.ppf(0.5 + level / 2, self.degrees)
        return np.maximum(self.expected - margin, self.floor), self.expected + margin

    def total_range(self, level: float) -> tuple[float, float]:
        margin = self.total_spread * float(student.ppf(0.5 + level / 2, self.degrees))
        return max(self.total - margin, self.floor), self.total + margin

    def chance(self, target: float) -> float:
        """The probability, 0..1, that the total is at least so much."""
        if self.total_spread == 0:
            return float(self.total >= target)
        return float(student.sf((target - self.total) / self.total_spread, self.degrees))


def outlooks(
    rows: np.ndarray, season: int, blocks: list[int], wanted: np.ndarray, occasions: Occasions | None = None
) -> list[Outlook | None]:
    """The sums of the next `blocks` figures each, for each row; None for one with too little history. `rows` is as for
    `forecasts`; `wanted` says which blocks the total is of. `occasions` are counted in."""
    length = rows.shape[1]
    enough = np.sum(~np.isnan(rows), axis=1) > LEAST
    found: list[Outlook | None] = [None] * len(rows)
    if not enough.any():
        return found
    some = rows[enough]
    season = season if 2 * season <= length else 1
    known, factors = adjusted(some, occasions, sum(blocks)) if occasions else (some, np.ones((len(some), 1)))
    expected = summed(forecasts(known, season, sum(blocks)) * factors, blocks)
    tried, factor = blocks, 1.0
    if blocks[0] > length // 3:  # too long to have been forecast in the past: a shorter time was, and its error grows
        tried = [max(1, length // 4)]
        factor = (blocks[0] / tried[0]) ** 1.5
    tests = backtest(some, season, tried, occasions)
    for n, row in enumerate(np.flatnonzero(enough)):
        found[row] = _outlook(expected[n], rows[row], tests, n, factor, tried, wanted)
    return found


def _outlook(
    expected: np.ndarray, row: np.ndarray, tests: Tests, n: int, factor: float, tried: list[int], wanted: np.ndarray
) -> Outlook | None:
    errors, actual = tests.errors[:, n], tests.actual[:, n]
    known = ~np.isnan(errors)
    if not known.any():
        return None
    each = factor * spreads(errors)
    if len(each) < len(expected):
        each = each[0] * np.sqrt(np.arange(1, len(expected) + 1))
        asked = np.full((1, int(wanted.sum())), np.nan)
    else:
        asked = errors[:, wanted]
    floor = 0.0 if np.nanmin(row) >= 0 else -np.inf
    expected = np.maximum(expected, floor)
    size = float(np.mean(np.abs(actual[known])))
    naive = np.abs(tests.naive[:, n][known])
    return Outlook(
        expected=expected,
        spread=each,
        total=float(expected[wanted].sum()),
        total_spread=spread_of_sum(asked, each[wanted]),
        degrees=degrees_of_freedom(tests.tested, float(np.mean(tried))),
        error=100 * float(np.mean(np.abs(errors[known]))) / size if size else np.nan,
        naive_error=100 * float(np.nanmean(naive)) / size if size and not np.isnan(naive).all() else np.nan,
        tests=int(known[:, 0].sum()),
        tested_so_far=factor == 1.0,
        floor=floor,
    )
