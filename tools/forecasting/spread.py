"""How far a forecast may be off, learnt from tests on the past."""

from __future__ import annotations

import numpy as np

_GROWTH, _WEIGHT = 0.6, 10.0
"""How the error grows with the number of blocks ahead, as a power of it, where tests say nothing: between an error that
each block makes anew (0.5) and one that goes on (1); and what that counts for against the tests."""
_PER_TEST = 5
"""Figures in a row are alike: so many count as one test in the degrees of freedom."""
_FEWEST, _MOST = 3.0, 30.0
_ALIKE = 0.5
"""The correlation of the errors of two blocks, where no test covers all of them."""


def spreads(errors: np.ndarray) -> np.ndarray:
    """The standard deviation of a series' error, per block ahead. `errors` are tests × blocks, NaN where unknown.

    The root mean square of all of them, grown by a power of the number of blocks ahead that is fitted to them; tests
    of one block ahead are many, those of the last few."""
    ahead = np.arange(1, errors.shape[1] + 1)
    known = np.sum(~np.isnan(errors), axis=0)
    there = known > 0
    growth = _GROWTH
    if there.sum() > 1:
        size = np.log(np.maximum(np.sqrt(np.nanmean(errors[:, there] ** 2, axis=0)), 1e-12))
        far, weight = np.log(ahead[there]), np.sqrt(known[there])
        off = far - np.average(far, weights=weight)
        held = np.sum(weight * off**2)
        growth = float(np.clip((np.sum(weight * off * size) + _GROWTH * _WEIGHT) / (held + _WEIGHT), 0, 1))
    return float(np.sqrt(np.nanmean((errors / ahead**growth) ** 2))) * ahead**growth


def spread_of_sum(errors: np.ndarray, each: np.ndarray) -> float:
    """The standard deviation of the error of the sum of some blocks. `errors` are theirs, tests × blocks, and `each`
    the standard deviation of each one's."""
    if len(each) == 1:
        return float(each[0])
    sums = errors.sum(axis=1)
    sums = sums[~np.isnan(sums)]
    apart = float(np.sum(each**2))
    supposed = np.sqrt(apart + _ALIKE * (np.sum(each) ** 2 - apart))
    return float(np.sqrt(np.mean(sums**2))) if len(sums) > 3 else float(supposed)


def degrees_of_freedom(tested: int, block: float) -> float:
    """Of Student's t that the errors follow: how much the tests tell. `tested` figures, in blocks of `block`."""
    return float(np.clip(tested / block / _PER_TEST, _FEWEST, _MOST))
