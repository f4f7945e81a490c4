"""How good a model is on what it has never seen: the whole search runs again without the rows that it is scored on."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from tools.predicting.folds import held_out
from tools.predicting.scoring import accuracy, by_chance, calibration_error, score, spread
from tools.predicting.search import Compared, Model, compared, fitted
from tools.predicting.table import Table


@dataclass(frozen=True)
class Assessed:
    """Figures of rows that were held out."""

    score: float
    """AUC or R²."""
    low: float
    high: float
    """The 95% interval of the score."""
    rows: int
    target: np.ndarray
    predicted: np.ndarray
    accuracy: float | None = None
    baseline: float | None = None
    """How often always naming the commonest class would be right."""
    calibration: float | None = None
    calibration_by_chance: float | None = None
    """The error that sampling alone would show."""
    error: float | None = None
    """Of numbers: the mean absolute error."""
    error_of_mean: float | None = None
    """That of always naming the mean of the training rows."""


@dataclass(frozen=True)
class Trained:
    model: Model
    """Trained on all rows."""
    tested: Model
    """Trained without the held-out rows; of several such, the last."""
    held: Table
    """The rows that `tested` was not trained on."""
    compared: Compared
    assessed: Assessed
    seconds: float


def trained(table: Table, seconds: float) -> Trained:
    """Search, score on held-out rows, and train on all, in about so many seconds."""
    started = time.perf_counter()
    splits = held_out(table)
    each = seconds / (len(splits) + (len(splits) > 1))
    targets, said, means = [], [], []
    for train, test in splits:
        found = compared(table.rows(train), each)
        tested = fitted(table.rows(train), found)
        held = table.rows(test)
        targets.append(held.target)
        said.append(tested.of(held.features))
        means.append(np.full(len(test), table.target[train].mean()))
    if len(splits) > 1:
        found = compared(table, each)
    assessed = _assessed(table, np.concatenate(targets), np.concatenate(said), np.concatenate(means))
    return Trained(fitted(table, found), tested, held, found, assessed, time.perf_counter() - started)


def _assessed(table: Table, target: np.ndarray, said: np.ndarray, means: np.ndarray) -> Assessed:
    value, (low, high) = score(target, said), spread(target, said)
    if not table.classes:
        errors = float(np.abs(said - target).mean()), float(np.abs(means - target).mean())
        return Assessed(value, low, high, len(target), target, said, error=errors[0], error_of_mean=errors[1])
    commonest = float(np.bincount(target.astype(int)).max() / len(target))
    return Assessed(
        value, low, high, len(target), target, said, accuracy(target, said), commonest,
        calibration_error(target, said), by_chance(said),
    )  # fmt: skip
