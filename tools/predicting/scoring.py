"""How good predictions are: ranking, error, calibration."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import r2_score, roc_auc_score

BINS = 10


def score(target: np.ndarray, predicted: np.ndarray, weights: np.ndarray | None = None) -> float:
    """AUC for chances (one-vs-rest, averaged over the classes that occur, where there are more than two), R² for
    numbers. `predicted`: n figures, or n × k chances. NaN where only one class occurs."""
    if predicted.ndim == 1:
        return float(r2_score(target, predicted, sample_weight=weights))
    if predicted.shape[1] == 2:
        if len(np.unique(target)) < 2:
            return float("nan")
        return float(roc_auc_score(target, predicted[:, 1], sample_weight=weights))
    found = [
        roc_auc_score(target == k, predicted[:, k], sample_weight=weights)
        for k in range(predicted.shape[1])
        if 0 < np.sum(target == k) < len(target)
    ]
    return float(np.mean(found)) if found else float("nan")


def accuracy(target: np.ndarray, chances: np.ndarray) -> float:
    """The part of rows whose likeliest class is the true one, 0..1."""
    return float(np.mean(chances.argmax(axis=1) == target))


def calibration_error(target: np.ndarray, chances: np.ndarray) -> float:
    """Expected calibration error, 0..1: over ten bins of equally many rows, how far the mean chance is from the part
    that came true. With more than two classes, of the likeliest one (Guo et al., 2017)."""
    if chances.shape[1] == 2:
        said, true = chances[:, 1], (target == 1).astype(float)
    else:
        said, true = chances.max(axis=1), (chances.argmax(axis=1) == target).astype(float)
    order = np.argsort(said, kind="stable")
    bins = np.array_split(order, min(BINS, max(1, len(order) // 5)))
    return float(sum(len(b) * abs(said[b].mean() - true[b].mean()) for b in bins if len(b)) / max(len(order), 1))


def by_chance(chances: np.ndarray, draws: int = 200, seed: int = 0) -> float:
    """The calibration error that chances would show on so many rows if they were exactly right."""
    rng = np.random.default_rng(seed)
    said = chances[:, 1] if chances.shape[1] == 2 else chances.max(axis=1)
    both = np.column_stack([1 - said, said])
    return float(np.mean([calibration_error((rng.random(len(said)) < said).astype(int), both) for _ in range(draws)]))


def spread(target: np.ndarray, predicted: np.ndarray, draws: int = 200, seed: int = 0) -> tuple[float, float]:
    """The 95% bootstrap interval of the score."""
    rng = np.random.default_rng(seed)
    if predicted.ndim == 2 and predicted.shape[1] == 2 and len(target):
        return _ends(
            _areas(target, predicted[:, 1], rng.multinomial(len(target), [1 / len(target)] * len(target), draws))
        )
    found = []
    for _ in range(draws):
        drawn = rng.integers(0, len(target), len(target))
        value = score(target[drawn], predicted[drawn])
        if np.isfinite(value):
            found.append(value)
    return _ends(np.array(found))


def _areas(target: np.ndarray, chances: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The AUC of each draw, all at once: `counts` (draws × rows) says how often a draw has each row."""
    order = np.argsort(chances, kind="stable")
    edges = np.flatnonzero(np.diff(chances[order], prepend=-np.inf))
    positive = (target[order] == 1).astype(float)
    wins = np.add.reduceat(counts[:, order] * positive, edges, axis=1)
    losses = np.add.reduceat(counts[:, order] * (1 - positive), edges, axis=1)
    below = np.cumsum(losses, axis=1) - losses / 2
    pairs = wins.sum(axis=1) * losses.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((wins * below).sum(axis=1) / pairs)


def _ends(found: np.ndarray) -> tuple[float, float]:
    known = found[np.isfinite(found)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)
