"""Whether an experiment can be stopped: when the best variant is surely better than each other, however often one has
looked; else how many more it would take."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from knowledge.words import plural
from tools.comparing.observations import Sample
from tools.comparing.tests import Verdict

_SURE, _POWER = 0.05, 0.8


def whether_to_stop(tested: Sequence[Verdict], unit: str, *, independent: bool) -> str:
    """A sentence or two. `tested`: the pairs, that of the highest first."""
    best = tested[0].one
    against = [v for v in tested if v.one is best]
    open_ones = [v for v in against if v.anytime is None or v.anytime >= _SURE]
    caution = "" if independent else " The observations are not independent, though: take it with care."
    if not open_ones:
        return (
            f"You can stop: **{best.name}** is ahead of every other by more than chance, however often you have looked "
            f"(always-valid p below 0.05).{caution}"
        )
    nearest = max(open_ones, key=lambda v: v.chance)
    more = _needed(nearest.one, nearest.other)
    if all(v.chance < _SURE for v in against):
        return (
            f"Stop only if this is your first look, at a size settled beforehand: **{best.name}** is ahead by the "
            f"ordinary test, not by the always-valid one, which allows for looking again and again.{caution}"
        )
    size = min(nearest.one.size, nearest.other.size)
    need = ""
    if more is not None:
        need = (
            f" If the difference between {nearest.one.name} and {nearest.other.name} is as it seems, one look would "
            f"show it with {100 * _POWER:.0f}% likelihood at about {more:,} {plural(unit)} each; now it is {size:,}."
        )
    first = f"**{best.name}** is first, but not surely ahead of {nearest.other.name}"
    return f"Not yet, if you want a winner: {first}.{need}{caution}"


def _needed(a: Sample, b: Sample) -> int | None:
    """Observations of each group at which a two-sided test at 5% finds a difference of this size four times in five."""
    (one, var_one), (other, var_other) = _moments(a), _moments(b)
    if one == other or var_one + var_other <= 0:
        return None
    z = float(stats.norm.ppf(1 - _SURE / 2) + stats.norm.ppf(_POWER))
    needed = z**2 * (var_one + var_other) / (one - other) ** 2
    return int(float(f"{np.ceil(needed):.2g}")) if needed < 1e8 else None


def _moments(sample: Sample) -> tuple[float, float]:
    if sample.share is None:
        return float(sample.values.mean()), float(sample.values.var(ddof=1))
    part = sample.share[0] / sample.share[1]
    return part, part * (1 - part)
