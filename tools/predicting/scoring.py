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
    found = []
    for _ in range(draws):
        drawn = rng.integers(0, len(target), len(target))
        value = score(target[drawn], predicted[drawn])
        if np.isfinite(value):
            found.append(value)
    if not found:
        return float("nan"), float("nan")
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)
