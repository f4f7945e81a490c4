"""The models and their parts, on series whose future is known."""

from __future__ import annotations

import doctest
from types import ModuleType

import numpy as np
import pytest

from tools.forecasting import reconcile, seasons, targets
from tools.forecasting.autoregression import autoregression
from tools.forecasting.ensemble import forecasts
from tools.forecasting.holt import holt
from tools.forecasting.seasons import pattern
from tools.forecasting.theta import theta

YEAR = np.array([0.7, 0.8, 1.0, 1.1, 1.2, 1.1, 1.0, 0.9, 0.9, 1.0, 1.1, 1.2])


@pytest.mark.parametrize("module", [reconcile, seasons, targets])
def test_examples_in_docstrings_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


LINE = np.arange(10.0, 40.0)


@pytest.mark.parametrize("told", [theta(LINE[None], 3)[1], holt(LINE[None], 3)[1]], ids=["theta", "trend"])
def test_a_straight_line_goes_on(told: np.ndarray) -> None:
    assert told[0] == pytest.approx([40, 41, 42], abs=0.6)


def test_a_damped_trend_rises_ever_less() -> None:
    steps = np.diff(holt(LINE[None], 12)[0, 0])
    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all()


def test_growth_that_carries_over_by_half_fades_by_half() -> None:
    chance = np.random.default_rng(3)
    moves = [0.0]
    for shock in chance.normal(0, 1, 400):
        moves.append(0.5 * moves[-1] + shock)
    series = np.cumsum([*moves, 4.0])
    ahead = np.diff(autoregression(series[None], 4)[0, 0], prepend=series[-1])
    assert ahead == pytest.approx([2, 1, 0.5, 0.25], abs=0.5)


@pytest.mark.parametrize("length", [2, 3, 5])
def test_an_autoregression_of_too_few_changes_stays_where_it_is(length: int) -> None:
    series = np.arange(1.0, length + 1)
    assert autoregression(series[None], 3)[0, 0] == pytest.approx(np.full(3, length))


def test_a_season_is_found_and_noise_is_not_taken_for_one() -> None:
    chance = np.random.default_rng(1)
    seasonal = 100 * np.tile(YEAR, 5)
    assert pattern(seasonal[None], 12, multiplied=True)[0] == pytest.approx(YEAR / YEAR.mean(), abs=0.01)
    noise = chance.normal(100, 10, (50, 60))
    assert np.abs(pattern(noise, 12, multiplied=True) - 1).mean() < 0.02


def test_growth_with_a_season_goes_on() -> None:
    months = 100 * 1.02 ** np.arange(72) * np.tile(YEAR, 6)
    assert forecasts(months[None, :60], 12, 12)[0] == pytest.approx(months[60:], rel=0.15)


def test_each_series_is_forecast_as_if_it_were_alone() -> None:
    chance = np.random.default_rng(2)
    rows = chance.lognormal(3, 0.2, (4, 40))
    rows[1, :15] = np.nan  # begins later
    rows[2, 20] = 0  # has a zero: its season adds
    together = forecasts(rows, 4, 6)
    for n, row in enumerate(rows):
        begun = row[~np.isnan(row)]
        assert forecasts(begun[None], 4, 6)[0] == pytest.approx(together[n])


def test_a_missing_figure_is_passed_over() -> None:
    line = np.arange(10.0, 40.0)
    line[12] = np.nan
    assert forecasts(line[None], 1, 1)[0, 0] == pytest.approx(40, abs=1)


def test_figures_agree_more_with_the_forecast_of_their_sums_than_each_grain_alone() -> None:
    chance = np.random.default_rng(7)
    months = 100 * np.exp(np.cumsum(chance.normal(0, 0.02, (40, 72)), axis=1) + chance.normal(0, 0.15, (40, 72)))
    quarters = months.reshape(40, 24, 3).sum(axis=2)
    by_quarter = forecasts(quarters, 1, 4)
    apart = [np.abs(forecasts(months, s, 12).reshape(40, 4, 3).sum(axis=2) - by_quarter).mean() for s in (12, 1)]
    assert apart[0] < apart[1]  # without a season there is one grain
