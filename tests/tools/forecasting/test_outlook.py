"""Ranges and chances, on series made by chance: they hold as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from tools.forecasting.outlook import Outlook, outlooks
from tools.forecasting.spread import spread_of_sum, spreads

STEPS = 6
Walks = tuple[np.ndarray, list[Outlook]]


@pytest.fixture(scope="module")
def walks() -> Walks:
    """What came in the last six steps of 300 random walks about 100, and the outlook on them."""
    chance = np.random.default_rng(3)
    rows = 100 + np.cumsum(chance.normal(0, 1, (300, 60)), axis=1)
    found = outlooks(rows[:, :-STEPS], 1, [1] * STEPS, np.ones(STEPS, dtype=bool))
    return rows[:, -STEPS:], [o for o in found if o is not None]


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_a_range_holds_as_often_as_it_says(walks: Walks, level: float) -> None:
    came, found = walks
    ranges = [o.range(level) for o in found]
    held = [(low <= row) & (row <= high) for row, (low, high) in zip(came, ranges, strict=True)]
    assert np.mean(held) == pytest.approx(level, abs=0.06)


def test_a_chance_comes_true_as_often_as_it_says(walks: Walks) -> None:
    came, found = walks
    chances = np.array([o.chance(STEPS * 101.0) for o in found])
    hit = came.sum(axis=1) >= STEPS * 101.0
    for low, high in ((0.0, 0.3), (0.3, 0.7), (0.7, 1.01)):
        some = (chances >= low) & (chances < high)
        assert hit[some].mean() == pytest.approx(chances[some].mean(), abs=0.12)


def test_figures_that_were_never_negative_are_not_forecast_to_be() -> None:
    falling = np.maximum(0, 40 - np.arange(40.0) + np.random.default_rng(4).normal(0, 2, 40))
    found = outlooks(falling[None], 1, [1] * 12, np.ones(12, dtype=bool))[0]
    assert found is not None
    low, _ = found.range(0.95)
    assert found.expected.min() >= 0
    assert low.min() >= 0


def test_a_constant_series_stays() -> None:
    found = outlooks(np.full((1, 30), 5.0), 1, [1] * 3, np.ones(3, dtype=bool))[0]
    assert found is not None
    assert found.expected == pytest.approx([5, 5, 5])
    assert (found.chance(14.9), found.chance(15.1)) == pytest.approx((1, 0), abs=1e-6)


def test_too_little_history_has_no_outlook() -> None:
    assert outlooks(np.array([[1.0, 2, 3, 4, 5]]), 1, [1], np.array([True])) == [None]


def test_a_block_is_the_sum_of_its_figures() -> None:
    weekly = np.tile([10.0, 10, 10, 10, 10, 30, 20], 20)
    found = outlooks(weekly[None], 7, [7, 14], np.array([True, True]))[0]
    assert found is not None
    assert found.expected == pytest.approx([100, 200], rel=0.02)


def test_errors_that_grow_make_a_spread_that_grows() -> None:
    chance = np.random.default_rng(5)
    spread = spreads(chance.normal(0, 1, (12, 6)) * np.arange(1, 7))
    assert (np.diff(spread) > 0).all()


def test_errors_that_are_alike_add_up_to_more() -> None:
    apart = np.random.default_rng(6).normal(0, 1, (12, 6))
    alike = np.repeat(apart[:, :1], 6, axis=1)
    assert spread_of_sum(alike, np.ones(6)) > 1.5 * spread_of_sum(apart, np.ones(6))
