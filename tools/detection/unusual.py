"""What is unusual in one series: its season taken out, its effects found, and what was to be expected instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from scipy.special import log_ndtr, ndtri, stdtr, stdtrit
from scipy.stats import norm
from scipy.stats import t as student

from tools.detection.effects import Effect, explain, median, noise_of
from tools.detection.stream import alarms, usual
from tools.detection.swings import swing

FALSE_ALARMS = 0.05
"""Of series with nothing unusual, the part in which something is found all the same."""
LEAST = 12
"""Figures that it takes to tell the unusual from the usual."""
SPARSE = 0.3
"""Of the figures, the part that may be zero: where nothing is usual, nothing is unusual."""
_RARE = 0.1
"""Of the figures, the part that may be zero in a series that is modelled by percentages."""
_NOTHING = 0.05
"""What is less, as a part of the usual, counts as so much: a logarithm of nothing is none."""
_NO_NOISE = 1e-9
_MANY = 30
"""Counts vary by their square root; beyond so many, percentages serve as well."""
_ROUNDS = 3
_WANDERS = 0.8
"""The correlation of neighbours from which a series has no level to be near."""
_SWINGS = 1.95
"""Kolmogorov's statistic that chance passes once in 1,000."""
_DEGREES = np.array([2.5, 3, 3.5, 4, 5, 6, 8, 11, 16, 30, np.inf])
_HELD_BACK, _HELD_BACK_LEAST = 0.01, 1
"""Of the figures, the part that is farthest out, and may be what is unusual: how far tells nothing of tails."""
_SURE = 1.0
"""By how much the logarithm of the likelihood must favour heavy tails before normal ones are given up."""

Kind = Literal["spike", "dip", "shift", "drift", "pattern", "swings"]


@dataclass(frozen=True)
class Finding:
    kind: Kind
    start: int
    """The first figure that is unusual."""
    end: int
    """The last one: of a spike or dip, and of a drift while it moves; of a shift, the first."""
    actual: float
    expected: float
    """At `start` of a spike or dip; else the level after, and before. Of swings, how far a figure usually is from what
    was expected, after and before."""
    score: float
    """How many standard deviations of chance it is."""


@dataclass(frozen=True)
class Judged:
    findings: tuple[Finding, ...]
    """The most significant first."""
    expected: np.ndarray
    """Each figure as it would be without spikes and dips."""
    low: np.ndarray
    high: np.ndarray
    """Where it would lie, but for the stated rate of false alarms."""
    left: np.ndarray
    """How far each figure is from what was to be expected, in standard deviations of chance; of a series that wanders,
    its change."""


def judge(values: np.ndarray, season: int, false_alarms: float = FALSE_ALARMS) -> Judged:
    """Look at a series, oldest figure first, NaN where one is missing. A series that never, or seldom, falls to zero is
    modelled by percentages, another that is never negative by its square root (as counts vary), the rest as it is."""
    count = len(values)
    if np.sum(~np.isnan(values)) < LEAST:
        nothing = np.full(count, np.nan)
        return Judged((), nothing, nothing, nothing, nothing)
    chance = false_alarms / (4 * count)
    seen, back = _scaled(values)
    seasonal, spent = _season(seen - _smooth(seen, season), season, by_median=True)
    if noise_of(np.nan_to_num(seen - seasonal), ~np.isnan(seen), spent)[1] > _WANDERS:
        return _judged_by_changes(values, seen - seasonal, seasonal, chance, back)
    critical, before = float(-ndtri(chance)), None
    empty = (values == 0) & (back is np.exp)  # of percentages, nothing is as far out as one chooses: it shows no tail
    for _ in range(_ROUNDS):  # what is found first must not pass for a season, nor heavy tails for what is unusual
        found = explain(seen - seasonal, critical, spent)
        moments = {(e.kind, e.start) for e in found.effects}
        if moments == before:
            break
        before = moments
        pulses, lasting = (
            sum((e.over(count) for e in found.effects if (e.kind == "pulse") == is_pulse), np.zeros(count))
            for is_pulse in (True, False)
        )
        seasonal, spent = _season(seen - found.usual - lasting - pulses, season)
        left = seen - found.usual - seasonal - lasting
        critical = _critical(np.where(empty, np.nan, left), chance)
    expected = found.usual + seasonal + lasting
    margin = critical * found.noise
    told = [_finding(e, values, back(expected), back(expected - seasonal)) for e in found.effects]
    told += _swings(values, seen - expected, back(expected), [e.start for e in found.effects if e.kind == "pulse"])
    left = (seen - expected) / max(found.noise, _NO_NOISE)
    return Judged(tuple(told), back(expected), back(expected - margin), back(expected + margin), left)


def judge_as_it_came(values: np.ndarray, season: int) -> Judged:
    """The alarms that would have been raised figure by figure; the range is all that was seen before."""
    expected = usual(values, season)
    seen = np.concatenate([[np.nan], values[:-1]])
    low, high = np.fmin.accumulate(seen), np.fmax.accumulate(seen)
    kinds: dict[str, Kind] = {"high": "spike", "low": "dip", "pattern": "pattern"}
    told = [
        Finding(kinds[a.kind], a.at, a.at, float(values[a.at]), float(expected[a.at]), a.excess)
        for a in sorted(alarms(values, season), key=lambda a: -a.excess)
    ]
    return Judged(tuple(told), expected, low, high, np.full(len(values), np.nan))


def _judged_by_changes(
    values: np.ndarray, level: np.ndarray, seasonal: np.ndarray, chance: float, back: Callable[[np.ndarray], np.ndarray]
) -> Judged:
    """A series that wanders, as the number of subscribers does: only a change that is larger than others is unusual."""
    changes = np.diff(level)
    critical = _critical(changes - np.nanmedian(changes), chance)
    found = explain(changes, critical, kinds=("pulse",))
    expected = np.append(level[0], level[:-1] + found.usual) + seasonal
    margin = critical * found.noise
    told = [
        Finding(
            "shift", e.start + 1, e.start + 1, float(values[e.start + 1]), float(back(expected)[e.start + 1]), e.score
        )
        for e in found.effects
    ]
    left = (level + seasonal - expected) / max(found.noise, _NO_NOISE)
    return Judged(tuple(told), back(expected), back(expected - margin), back(expected + margin), left)


def _critical(left: np.ndarray, chance: float) -> float:
    """How many standard deviations of the middle of the figures chance goes beyond so rarely, on either side: by
    Student's t with the degrees of freedom that are likeliest, given where half of the figures lie. The farthest
    figures are censored, as what is unusual would make any tail heavy."""
    there = left[~np.isnan(left)]
    off = np.sort(np.abs(there - median(there)))
    middle = median(off)
    if not middle:
        return float(-ndtri(chance))
    held = max(_HELD_BACK_LEAST, int(_HELD_BACK * len(off)))
    off = off[:-held] / middle
    likely = _densities(off) + held * _logs_beyond(float(off[-1]))
    best = int(np.argmax(likely))
    if likely[best] - likely[-1] < _SURE:
        return float(-ndtri(chance))
    degrees = float(_DEGREES[best])
    return float(-stdtrit(degrees, chance) * _quartiles()[-1] / _quartiles()[best])


def _densities(off: np.ndarray) -> np.ndarray:
    """Of each of the degrees, the logarithm of the likelihood of figures that lie so many times the median distance
    from the middle."""
    quartiles, degrees = _quartiles(), _DEGREES[:-1]
    sizes = np.log1p((off * quartiles[:-1, None]) ** 2 / degrees[:, None]).sum(axis=1)
    heavy = len(off) * (_at_zero()[:-1] + np.log(quartiles[:-1])) - (degrees + 1) / 2 * sizes
    usual = len(off) * (_at_zero()[-1] + np.log(quartiles[-1])) - np.sum((off * quartiles[-1]) ** 2) / 2
    return np.append(heavy, usual)


def _logs_beyond(off: float) -> np.ndarray:
    """Of each of the degrees, the logarithm of the chance of lying farther out, on either side."""
    far = off * _quartiles()
    return np.log(2) + np.append(np.log(stdtr(_DEGREES[:-1], -far[:-1])), log_ndtr(-far[-1]))


def _swings(values: np.ndarray, left: np.ndarray, expected: np.ndarray, pulses: list[int]) -> list[Finding]:
    left = left.copy()
    left[pulses] = np.nan
    found = swing(left, _SWINGS)
    if found is None:
        return []
    off = np.abs(values - expected)
    off[pulses] = np.nan
    after, before = float(np.nanmean(off[found.at :])), float(np.nanmean(off[: found.at]))
    # A score beside those of effects, which count standard deviations: by how rare chance makes it.
    rare = float(-ndtri(max(np.exp(-2 * found.score**2), 1e-300)))
    return [Finding("swings", found.at, found.at, after, before, float(np.copysign(rare, found.score)))]


@cache
def _quartiles() -> np.ndarray:
    """The upper quartile of Student's t with each of the degrees."""
    return np.append(student.ppf(0.75, _DEGREES[:-1]), norm.ppf(0.75))


@cache
def _at_zero() -> np.ndarray:
    """The logarithm of its density in the middle."""
    return np.append(student.logpdf(0, _DEGREES[:-1]), norm.logpdf(0))


def _finding(effect: Effect, values: np.ndarray, expected: np.ndarray, level: np.ndarray) -> Finding:
    start, last = effect.start, min(effect.start + effect.length, len(values)) - 1
    if effect.kind == "pulse":
        kind: Kind = "spike" if effect.size > 0 else "dip"
        return Finding(kind, start, start, float(values[start]), float(expected[start]), effect.score)
    before, after = float(level[max(0, start - 1)]), float(level[last])
    return Finding("shift" if effect.kind == "step" else "drift", start, last, after, before, effect.score)


def _scaled(values: np.ndarray) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """The figures on a scale on which chance makes them vary alike, and the way back."""
    there = values[~np.isnan(values)]
    if (there < 0).any():
        return values, np.asarray
    if np.mean(there == 0) <= _RARE and (np.median(there) > _MANY or (there % 1).any()):
        return np.log(
            np.maximum(values, 0.05 * np.median(there))
        ), np.exp  # what is nearly nothing is a 20th of the usual
    return np.sqrt(values), lambda roots: np.maximum(roots, 0.0) ** 2


def _season(left: np.ndarray, season: int, by_median: bool = False) -> tuple[np.ndarray, float]:
    """What the place in the season adds to each figure, drawn to zero as far as chance could have made it; and how many
    figures' worth was spent on it."""
    count = len(left)
    if season == 1 or count < 2 * season:
        return np.zeros(count), 0.0
    padded = np.append(left, np.full(-count % season, np.nan)).reshape(-1, season)
    known = ~np.isnan(padded)
    figures = np.maximum(known.sum(axis=0), 1)
    average = np.where(known, padded, 0.0).sum(axis=0) / figures
    means = np.nan_to_num(_medians(padded.T)) if by_median else average
    variance = (np.where(known, padded - average, 0.0) ** 2).sum(axis=0) / np.maximum(figures - 1, 1)
    errors = (variance / figures)[known.sum(axis=0) > 1]
    means -= means.mean()
    spread = float(np.mean(means**2))
    kept = 1 - min(1.0, float(np.mean(errors)) / spread) if spread > 0 and len(errors) else 0.0
    return kept * means[np.arange(count) % season], kept * (season - 1)


def _smooth(values: np.ndarray, season: int) -> np.ndarray:
    """The median over a season around each figure."""
    half = max(season, 5) // 2
    padded = np.concatenate([np.full(half, np.nan), values, np.full(half, np.nan)])
    return _medians(np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1))


def _medians(rows: np.ndarray) -> np.ndarray:
    """Of each row, without what is missing; NaN of a row of which all is."""
    sorted_, known = np.sort(rows, axis=1), np.sum(~np.isnan(rows), axis=1)  # what is missing comes last
    at = np.arange(len(rows))
    return (sorted_[at, (known - 1) // 2] + sorted_[at, known // 2]) / 2
