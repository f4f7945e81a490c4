"""Which rows a model is trained on and tested on: never on what was not known then, never on the same thing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

from tools.predicting.table import Table

Split = tuple[np.ndarray, np.ndarray]
"""The places of the rows to train on, and of those to test on."""
_BLOCKS = 5
_LEAST = 30


def held_out(table: Table) -> list[Split]:
    """The outer loop, whose test rows are for the final score only: of dated rows, those of the last moment; of few
    others, a quarter four times, so that each row is tested once; of many, one quarter."""
    dated = _dated(table)
    if dated:
        return dated[-1:]
    every = _random(table, 4, seed=1)
    return every if len(table) <= 3000 else every[:1]


def inner(table: Table) -> list[Split]:
    """The inner loop, in which models are tuned and compared."""
    dated = _dated(table)
    if dated:
        return dated[-3:]
    return _random(table, 5 if len(table) <= 5000 else 3, seed=2)


def _dated(table: Table) -> list[Split]:
    """For each moment, those before whose outcome was known by then; dates are gathered into five blocks where there
    are many. Empty where rows have no time, or too few."""
    if table.moments is None:
        return []
    moments = table.moments
    starts = np.unique(moments)
    if len(starts) > 3 * _BLOCKS:
        starts = np.unique(np.quantile(moments, np.linspace(0, 1, _BLOCKS + 1)[:-1]))
    known = table.known if table.known is not None else moments
    found = []
    for n, start in enumerate(starts[1:], 1):
        end = starts[n + 1] if n + 1 < len(starts) else np.inf
        train, test = np.flatnonzero(known <= start), np.flatnonzero((moments >= start) & (moments < end))
        train = train[moments[train] < start]
        if len(train) >= _LEAST and len(test) >= _LEAST and _told_apart(table, train) and _told_apart(table, test):
            found.append((train, test))
    return found


def _told_apart(table: Table, rows: np.ndarray) -> bool:
    return not table.classes or len(np.unique(table.target[rows])) > 1


def _random(table: Table, parts: int, seed: int) -> list[Split]:
    return list(_drawn(table, parts, seed))


def _drawn(table: Table, parts: int, seed: int) -> Iterator[Split]:
    grouped = table.units is not None and len(np.unique(table.units)) < len(table)
    if table.classes:
        least = int(np.bincount(table.target.astype(int), minlength=1).min())
        parts = max(2, min(parts, least)) if least else parts
        kind = StratifiedGroupKFold if grouped else StratifiedKFold
        yield from kind(parts, shuffle=True, random_state=seed).split(table.features, table.target, table.units)
    elif grouped:
        yield from GroupKFold(parts, shuffle=True, random_state=seed).split(table.features, groups=table.units)
    else:
        yield from KFold(parts, shuffle=True, random_state=seed).split(table.features)
