"""Rolling-origin tests: forecasts made in the past, from what was known then, against what came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.forecasting.ensemble import forecasts
from tools.forecasting.occasions import Occasions, effects

LEAST = 7
"""Figures that a forecast is made from, at least."""
_MOST_TESTS = 12
_MOST_ROWS = 4_000
"""Series × tests, beyond which there are fewer tests of each."""


@dataclass(frozen=True)
class Tests:
    """`errors` and `naive` are what came minus what was forecast, by the ensemble and by taking the last season again:
    tests × series × blocks, NaN where nothing has come yet, or there was too little to forecast from. `actual` is what
    came."""

    errors: np.ndarray
    naive: np.ndarray
    actual: np.ndarray
    tested: int
    """The figures that lie after the first test's forecast: neighbouring tests share most of them."""


def backtest(rows: np.ndarray, season: int, blocks: list[int], occasions: Occasions | None = None) -> Tests:
    """Tests of forecasts of the next blocks (of so many figures each), at moments spread over the second half of the
    history. `rows` is as for `forecasts`. What `occasions` do is learnt anew from what was known at each moment."""
    count, length = rows.shape
    least = max(LEAST, 2 * season if season > 1 and 8 * season <= 3 * length else length // 2)
    wanted = int(np.clip(_MOST_ROWS // count, 2, _MOST_TESTS))
    newest, oldest = length - blocks[0], max(least, length // 2)
    moments = np.unique(np.linspace(min(oldest, newest), newest, wanted if newest >= least else 0).astype(int))
    steps = sum(blocks)
    past = np.full((len(moments), count, length), np.nan)
    came = np.full((len(moments), count, steps), np.nan)
    factors = np.ones_like(came)
    for n, moment in enumerate(moments):
        known = rows[:, :moment]
        if occasions is not None:
            known, factors[n] = adjusted(known, occasions, steps)
        past[n, :, length - moment :] = known
        came[n, :, : min(steps, length - moment)] = rows[:, moment : moment + steps]
    flat = past.reshape(-1, length)
    enough = np.sum(~np.isnan(flat), axis=1) >= LEAST
    told, last = np.full((len(flat), steps), np.nan), np.full((len(flat), steps), np.nan)
    if enough.any():
        told[enough] = forecasts(flat[enough], season, steps) * factors.reshape(-1, steps)[enough]
        last[enough] = flat[enough][:, length - season + np.arange(steps) % season]
    told, last, actual = (summed(a.reshape(came.shape), blocks) for a in (told, last, came))
    tested = length - int(moments[0]) if len(moments) else 0
    return Tests(actual - told, actual - last, actual, tested)


def adjusted(rows: np.ndarray, occasions: Occasions, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows with usual days in the place of occasions, and the factors of the next steps: rows × steps. The effects
    on each of several rows are drawn to those on all of them together."""
    length = rows.shape[1]
    if len(rows) == 1:
        found, cleaned = effects(rows, occasions)
    else:
        whole = np.nansum(rows, axis=0, keepdims=True)
        found, cleaned = effects(rows, occasions, effects(whole, occasions)[0][0])
    ahead = occasions.at[length : length + steps]
    return cleaned, np.where(ahead >= 0, found[:, np.maximum(ahead, 0)], 1.0)


def summed(figures: np.ndarray, blocks: list[int]) -> np.ndarray:
    """The sums of blocks of so many figures each, along the last axis."""
    return np.add.reduceat(figures, np.cumsum([0, *blocks[:-1]]), axis=-1)
