"""Drift: whether a model's inputs are still what they were, and whether it is still as good.

Every input is tested (Kolmogorov-Smirnov for numbers, chi-square for kinds), at 5% for all of them together (Holm), and
counts as changed only where it also changed by enough to matter: a population stability index of 0.1 and more
(Siddiqi, 2006). So of 100 looks at inputs that did not change, 5 at most say that one did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from tools.predicting.scoring import score, spread
from tools.predicting.table import Column

ALARMS = 0.05
_MATTERS = 0.1
_BINS = 10
_NEW = 0.01
_Z = float(stats.norm.ppf(1 - ALARMS / 2))
"""Half of the alarms that are allowed: the errors are a little too small, and at 5% about 6 of 100 looks at a model
that is as good as ever would raise one."""


@dataclass(frozen=True)
class Shift:
    """How an input changed."""

    column: Column
    psi: float
    chance: float
    """That it would look so different by chance, corrected for the number of inputs."""
    unseen: tuple[str, ...] = ()
    """Values that were not there before, and are in 1% of rows or more."""

    @property
    def changed(self) -> bool:
        return self.chance < ALARMS and (self.psi >= _MATTERS or bool(self.unseen))


def shifts(columns: Sequence[Column], before: pd.DataFrame, now: pd.DataFrame) -> list[Shift]:
    """Of each input, the largest change first."""
    tested = [_tested(c, before[c.name], now[c.name]) for c in columns]
    order = sorted(range(len(tested)), key=lambda n: tested[n][1])
    corrected, worst = [1.0] * len(tested), 0.0
    for rank, n in enumerate(order):  # Holm
        worst = max(worst, min(1.0, tested[n][1] * (len(tested) - rank)))
        corrected[n] = worst
    found = [
        Shift(c, psi, corrected[n], unseen) for n, (c, (psi, _, unseen)) in enumerate(zip(columns, tested, strict=True))
    ]
    return sorted(found, key=lambda s: (not s.changed, -s.psi))


def lost(held: float, interval: tuple[float, float], target: np.ndarray, predicted: np.ndarray) -> tuple[float, bool]:
    """The score on outcomes that came in since, and whether it is lower than that on held-out rows by more than chance
    would make: at most 5 false alarms in 100 looks."""
    now = score(target, predicted)
    if not np.isfinite(now):
        return now, False
    low, high = spread(target, predicted)
    error = np.hypot((interval[1] - interval[0]) / 3.92, (high - low) / 3.92)
    return now, bool(held - now > _Z * error and held - now > 0.01)


def _tested(column: Column, before: pd.Series, now: pd.Series) -> tuple[float, float, tuple[str, ...]]:
    if column.kind == "number":
        old, new = before.to_numpy(dtype=float), now.to_numpy(dtype=float)
        gaps = np.isnan(old), np.isnan(new)
        edges = (
            np.unique(np.nanquantile(old, np.linspace(0, 1, _BINS + 1)[1:-1])) if not gaps[0].all() else np.array([0.0])
        )
        parts = [
            np.append(np.bincount(np.searchsorted(edges, v[~g], side="left"), minlength=len(edges) + 1), g.sum())
            for v, g in ((old, gaps[0]), (new, gaps[1]))
        ]
        chances = [_chi(*parts)] if min((~gaps[0]).sum(), (~gaps[1]).sum()) < 2 else [
            float(stats.ks_2samp(old[~gaps[0]], new[~gaps[1]]).pvalue), _gap_chance(*gaps)
        ]  # fmt: skip
        return _psi(*parts), min(1.0, len(chances) * min(chances)), ()
    values = list(dict.fromkeys([*before.fillna("(none)"), *now.fillna("(none)")]))
    counts = [v.fillna("(none)").value_counts().reindex(values).fillna(0).to_numpy(dtype=float) for v in (before, now)]
    unseen = [str(v) for v, b, n in zip(values, *counts, strict=True) if b == 0 and n >= max(5, _NEW * len(now))]
    return _psi(*counts), _chi(*counts), tuple(unseen)


def _psi(before: np.ndarray, now: np.ndarray) -> float:
    p, q = ((v + 0.5) / (v.sum() + 0.5 * len(v)) for v in (before, now))
    return float(np.sum((q - p) * np.log(q / p)))


def _chi(before: np.ndarray, now: np.ndarray) -> float:
    rows = np.array([before, now])
    rows = rows[:, rows.sum(axis=0) > 0]
    common = rows.sum(axis=0) >= 10
    if (~common).any():  # rare values together, or the approximation does not hold
        rows = np.column_stack([rows[:, common], rows[:, ~common].sum(axis=1)])
    if rows.shape[1] < 2 or rows.sum(axis=1).min() == 0:
        return 1.0
    return float(stats.chi2_contingency(rows).pvalue)


def _gap_chance(before: np.ndarray, now: np.ndarray) -> float:
    return _chi(*(np.array([g.sum(), (~g).sum()], dtype=float) for g in (before, now)))
