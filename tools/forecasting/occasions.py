"""Days that recur and move a figure (holidays, events): what each does, learnt from the past, and whether it helps.

A day's effect is what it was over what such days usually are: the median of the same weekday in the four weeks before
and after. Effects of one kind (public holidays, the days before them) are drawn to their mean and that to none, as far
as chance could have made them differ (an empirical Bayes estimate, after Efron and Morris 1975), so that a holiday that
was seen once, or never, counts as others do.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

_NEAR = 4
"""Such days before and after that tell what is usual."""
_ORDINARY = 120
"""Days without an occasion that tell how much such days vary by chance."""
_PRIOR = 0.3
"""The standard deviation of the mean effect of a kind, before anything is known."""
_LEAST_TESTS, _SURE, _GAIN = 4, 2.0, 0.1
"""Tests it takes, standard errors by which they must speak for the occasions, and the part of the error they must take
off."""
_TELLING = 0.02
_CLEAR = 2.5
"""Standard errors by which a day that is like no other must differ from a usual one."""
_PLAIN = 4.0
"""Standard deviations off, each of fewer tests speaks for the occasions too, if they take half of it off."""
_LEAST_PAST = 56
"""Days of the past before the first test."""


@dataclass(frozen=True)
class Occasions:
    source: str
    """For people: "public holidays of Germany"."""
    names: tuple[str, ...]
    kinds: np.ndarray
    """Of each name: those of one kind are alike; -1: it is alone."""
    at: np.ndarray
    """Of each period of the past and of the time to forecast, which of the names it is; -1: none."""
    usual_every: int
    """Periods after which a day is of the same sort: 7 of days."""

    def until(self, count: int) -> np.ndarray:
        return self.at[:count]


@dataclass(frozen=True)
class Tested:
    """How forecasts of the occasions did with and without what was known of them before."""

    days: int
    gain: float
    """The part of the error that knowing them takes off."""
    helps: bool


def effects(rows: np.ndarray, occasions: Occasions, prior: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """What each occasion makes of a usual day, as a factor: rows × names; and the rows with usual days in its place.

    `rows` has a series a row, oldest figure first. `prior`: the effects that those of the rows are drawn to, instead of
    what the rows say on the whole (those of the total, for its parts)."""
    count, length = rows.shape
    at, names = occasions.until(length), len(occasions.names)
    days = np.flatnonzero(at >= 0)
    expected = prior if prior is not None else np.ones(names)
    if not len(days):
        return np.tile(expected, (count, 1)), rows
    ordinary = np.where(at < 0, rows, np.nan)
    usual = _usual(ordinary, days, occasions.usual_every)
    ratio = _ratio(rows[:, days], usual)
    plain = np.flatnonzero(at < 0)
    plain = plain[np.linspace(0, len(plain) - 1, min(_ORDINARY, len(plain))).astype(int)] if len(plain) else plain
    noise = _spread(_ratio(rows[:, plain], _usual(ordinary, plain, occasions.usual_every)))
    seen = np.array([np.sum(~np.isnan(ratio[:, at[days] == n]), axis=1) for n in range(names)]).T
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of occasions that were not seen yet
        means = np.array([np.nanmean(ratio[:, at[days] == n], axis=1) for n in range(names)]).T
    found = np.ones((count, names))
    for row in range(count):
        found[row] = _drawn(means[row], seen[row], noise[row], occasions.kinds, prior)
    cleaned = rows.copy()
    cleaned[:, days] = np.where(np.isnan(ratio), rows[:, days], usual)
    return found, cleaned


def weighed(row: np.ndarray, occasions: Occasions) -> Tested:
    """Each occasion in the second half of the history is forecast from what was known a usual interval before it (a
    week before a day): as a usual day, and with the effect that was learnt by then."""
    every, length = occasions.usual_every, len(row)
    at = occasions.until(length)
    plain, told = [], []
    for day in np.flatnonzero(at >= 0):
        known = day - every
        if day < max(length // 2, _LEAST_PAST // 7 * every) or np.isnan(row[day]):
            continue
        before = np.where(at[: known + 1] < 0, row[: known + 1], np.nan)[known::-every][:_NEAR]
        if np.isnan(before).all() or not np.nanmedian(before) > 0:
            continue
        usual = float(np.nanmedian(before))
        factor = effects(row[None, : known + 1], occasions)[0][0, at[day]]
        if abs(factor - 1) > _TELLING:
            plain.append(abs(row[day] - usual) / usual)
            told.append(abs(row[day] - factor * usual) / usual)
    if not np.sum(plain):
        return Tested(len(plain), 0.0, False)
    better = np.array(plain) - np.array(told)
    gain = float(better.sum() / np.sum(plain))
    if len(plain) < _LEAST_TESTS:
        ordinary = np.where(at < 0, row, np.nan)[None]
        days = np.flatnonzero(at < 0)
        chance = np.sqrt(_spread(_ratio(ordinary[:, days], _usual(ordinary, days, every)))[0])
        return Tested(len(plain), gain, gain > 0.5 and min(plain) > _PLAIN * chance)
    error = float(np.std(better, ddof=1)) / np.sqrt(len(better))
    return Tested(len(plain), gain, gain >= _GAIN and float(better.mean()) > _SURE * error)


def joined(some: list[Occasions]) -> Occasions | None:
    """All of them; where two are on one day, the first counts."""
    if len(some) < 2:
        return some[0] if some else None
    first, rest = some[0], joined(some[1:])
    assert rest is not None
    shift = len(first.names)
    at = np.where(first.at >= 0, first.at, np.where(rest.at >= 0, rest.at + shift, -1))
    kinds = np.append(first.kinds, np.where(rest.kinds >= 0, rest.kinds + 10, -1))
    return Occasions(f"{first.source} and {rest.source}", (*first.names, *rest.names), kinds, at, first.usual_every)


def _usual(ordinary: np.ndarray, days: np.ndarray, every: int) -> np.ndarray:
    """What each of these days is usually: rows × days."""
    steps = every * np.array([k for k in range(-_NEAR, _NEAR + 1) if k])
    near = days[:, None] + steps
    inside = (near >= 0) & (near < ordinary.shape[1])
    around = np.where(inside, ordinary[:, np.clip(near, 0, ordinary.shape[1] - 1)], np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of days without any such day near
        return np.asarray(np.nanmedian(around, axis=2))


def _ratio(actual: np.ndarray, usual: np.ndarray) -> np.ndarray:
    return np.divide(actual, usual, out=np.full_like(usual, np.nan), where=usual > 0)


def _spread(ratio: np.ndarray) -> np.ndarray:
    """The variance by chance of what a day is over what is usual, of each row; not moved by a few odd days."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        low, high = np.nanquantile(ratio, [0.16, 0.84], axis=1)
    return np.nan_to_num(np.maximum((high - low) / 2, 0.01), nan=1.0) ** 2


def _drawn(
    means: np.ndarray, seen: np.ndarray, noise: float, kinds: np.ndarray, prior: np.ndarray | None
) -> np.ndarray:
    """The effects on one row, as far as they are no chance. `noise`: the variance of one day."""
    found = prior.copy() if prior is not None else np.ones(len(means))
    for kind in np.unique(kinds):
        own = kinds == kind
        known = own & (seen > 0)
        if not known.any():
            continue
        chance = noise / seen[known]
        if prior is None and kind >= 0:
            middle = float(np.mean(means[known]))
            apart = max(0.0, float(np.mean((means[known] - middle) ** 2 - chance)))
            unsure = (apart + float(np.mean(chance))) / known.sum()
            found[own] = 1 + (middle - 1) * _PRIOR**2 / (_PRIOR**2 + unsure)
        apart = max(0.0, float(np.mean((means[known] - found[known]) ** 2 - chance)))
        moved = (means[known] - found[known]) * apart / (apart + chance)
        if prior is None and kind < 0:  # most such days are like any other: those that clearly are not count
            moved = np.where(np.abs(means[known] - 1) > _CLEAR * np.sqrt(chance), moved, 0.0)
        found[known] += moved
    return np.maximum(found, 0.0)
