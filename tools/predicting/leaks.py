"""Leaks: what would give the answer away in training, and is not known when it counts.

A model that has seen the answer looks excellent and is useless (Kaufman et al., 2012). Features that Parley makes
itself end at the moment of prediction; what a business keeps beside its things (a status, a total, a date) is as known
today, and is tested here against what happened after that moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.model_selection import cross_val_predict
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tools.predicting.scoring import score
from tools.predicting.table import Column, Table

_PERFECT = 0.985
"""AUC or R² of one column alone from which it is taken to be the answer, or made of it."""
_PURE, _LEAST = 0.995, 20
_CHANCE = 1e-6
_MOST_KINDS = 50
_OF_FUTURE = 0.6
_LATER = 0.01


@dataclass(frozen=True)
class Leak:
    name: str
    label: str
    why: str

    def said(self) -> str:
        return f"{self.label} ({self.why})"


def settles(table: Table, columns: Sequence[Column], *, dated: bool = True) -> list[Leak]:
    """Columns that give the answer, or nearly, by themselves: a copy of it, a code for it, a sum over it. Where rows
    are `dated`, also kinds (a status) of which some value goes with one outcome only, more often than chance would have
    it: it may have been written down after the outcome.
    """
    found = []
    for column in columns:
        values = table.features[column.name]
        if column.kind == "category":
            pure = _pure(values, table) if dated and values.nunique() <= _MOST_KINDS else None
            codes = values.astype("object").where(values.notna(), "(none)")
            alone = _alone(pd.DataFrame({"v": pd.factorize(codes)[0]}), table, codes)
        else:
            pure = None
            alone = _alone(pd.DataFrame({"v": values, "none": values.isna().astype(float)}), table, None)
        if alone >= _PERFECT:
            found.append(Leak(column.name, column.label, "by itself it all but settles the answer"))
        elif pure is not None:
            why = f"“{pure}” goes with one outcome only, as what is written down after it does"
            found.append(Leak(column.name, column.label, why))
    return found


def _alone(frame: pd.DataFrame, table: Table, codes: pd.Series | None) -> float:
    """The score of a small tree on the column alone, in cross-validation."""
    filled = frame.fillna(-1e18)
    if codes is not None:  # categories in the order of what they go with, learnt on one half and tried on the other
        half = np.arange(len(frame)) % 2 == 0
        means = pd.Series(table.target[half], dtype=float).groupby(codes[half].to_numpy()).mean()
        filled = pd.DataFrame({"v": codes.map(means).astype(float).fillna(float(np.mean(table.target)))})
        rows = ~half
    else:
        rows = np.ones(len(frame), dtype=bool)
    target = table.target[rows]
    least = int(np.bincount(target.astype(int)).min()) if table.classes else len(target)
    if least < 4 or filled[rows].nunique().max() < 2:
        return 0.0
    tree = (DecisionTreeClassifier if table.classes else DecisionTreeRegressor)(max_depth=6, min_samples_leaf=5)
    way = "predict_proba" if table.classes else "predict"
    said = cross_val_predict(tree, filled[rows], target, cv=3, method=way)
    return score(target, said)


def _pure(values: pd.Series, table: Table) -> str | None:
    if len(table.classes) != 2:
        return None
    rate = float(table.target.mean())
    if not 0 < rate < 1:
        return None
    tests = max(1, values.nunique())
    for value, rows in pd.Series(table.target).groupby(values.to_numpy()):
        size, share = len(rows), float(rows.mean())
        for part, base in ((share, rate), (1 - share, 1 - rate)):
            if size >= _LEAST and part >= _PURE and tests * base**size < _CHANCE and base < 0.9:
                return str(value)
    return None


def _figures(values: pd.Series | np.ndarray) -> np.ndarray:
    """As floats, whatever kind of number they came as (decimals)."""
    return np.asarray(values, dtype=float)


def sums_future(figures: pd.Series, before: np.ndarray, after: np.ndarray) -> bool:
    """Whether a figure that is kept beside a thing counts what came after the moment of prediction: beyond what had
    happened before, it goes with what happened after (partial correlation of the logs)."""
    kept = figures.notna().to_numpy()
    if kept.sum() < 50:
        return False
    x, past, future = (
        np.sign(v[kept]) * np.log1p(np.abs(v[kept])) for v in (_figures(figures), _figures(before), _figures(after))
    )
    if min(x.std(), future.std()) == 0:
        return False
    if past.std() > 0:
        design = np.column_stack([np.ones(len(past)), past, past**2])
        x = x - design @ np.linalg.lstsq(design, x, rcond=None)[0]
        future = future - design @ np.linalg.lstsq(design, future, rcond=None)[0]
        if min(x.std(), future.std()) < 1e-9:
            return False
    found = stats.spearmanr(x, future)
    return float(found.statistic) >= _OF_FUTURE and float(found.pvalue) < _CHANCE


def later(moments: np.ndarray, cutoffs: np.ndarray) -> bool:
    """Whether dates lie after the moments of prediction that they would be used at (datetime64, NaT where missing)."""
    kept = ~np.isnat(moments)
    return bool(kept.any()) and float(np.mean(moments[kept] >= cutoffs[kept])) > _LATER
