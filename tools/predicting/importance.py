"""What a model looks at: how much worse it gets when a theme's figures are shuffled among the rows it was tested on
(permutation importance, Breiman 2001; Fisher, Rudin and Dominici 2019), and which way it moves the prediction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tools.predicting.scoring import score
from tools.predicting.search import Model, sample
from tools.predicting.table import Column, Table

_ROWS, _REPEATS = 1500, 3


@dataclass(frozen=True)
class Driver:
    theme: str
    lost: float
    """Of the score, when it is not known."""
    column: str
    """The label of the column of the theme that moves the prediction most."""
    low: float
    high: float
    """The mean prediction where that column is small (its 20th percentile), and large (its 80th); of a category, where
    it has the value that goes with least, and with most."""
    values: tuple[str, str] | None = None
    """Those values of a category."""


def drivers(model: Model, held: Table, seed: int = 3) -> list[Driver]:
    """The themes that the model gets worse without, the most important first."""
    rows, rng = sample(held, _ROWS, seed), np.random.default_rng(seed)
    whole = score(rows.target, model.of(rows.features))
    themes: dict[str, list[Column]] = {}
    for column in model.columns:
        themes.setdefault(column.about, []).append(column)
    found = []
    for theme, columns in themes.items():
        lost = []
        for _ in range(_REPEATS):
            mixed = rows.features.copy()
            order = rng.permutation(len(mixed))
            for column in columns:
                mixed[column.name] = rows.features[column.name].to_numpy()[order]
            lost.append(whole - score(rows.target, model.of(mixed)))
        if float(np.mean(lost)) > max(0.0005, float(np.std(lost))):
            moved = [_moved(model, rows, column, theme, float(np.mean(lost))) for column in columns]
            found.append(max(moved, key=lambda d: abs(d.high - d.low)))
    return sorted(found, key=lambda d: -d.lost)


def _moved(model: Model, rows: Table, column: Column, theme: str, lost: float) -> Driver:
    values = rows.features[column.name]
    if column.kind == "number":
        ends: tuple[object, ...] = (
            tuple(np.nanquantile(values.astype(float), [0.2, 0.8])) if values.notna().any() else (0, 0)
        )
        low, high = (_mean(model, rows, column, v) for v in ends)
        return Driver(theme, lost, column.label, low, high)
    common = list(values.value_counts().index[:8])
    means = sorted((_mean(model, rows, column, v), str(v)) for v in common)
    if not means:
        return Driver(theme, lost, column.label, 0, 0)
    return Driver(theme, lost, column.label, means[0][0], means[-1][0], (means[0][1], means[-1][1]))


def _mean(model: Model, rows: Table, column: Column, value: object) -> float:
    said = model.of(rows.features.assign(**{column.name: pd.Series([value] * len(rows), index=rows.features.index)}))
    return float((said[:, -1] if said.ndim == 2 else said).mean())
