"""Clusters of rows of figures: how many there are, which row is in which, and how sure that is.

k-means (Lloyd 1982, seeded as by Arthur & Vassilvitskii 2007) and Ward's hierarchical clustering (1963); the number is
chosen by the silhouette (Rousseeuw 1987) among those that come out alike when a part of the rows is left out (Ben-Hur,
Elisseeff & Guyon 2002), and whether there are any by the gap statistic (Tibshirani, Walther & Hastie 2001)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

MOST_CLUSTERS = 8
_FITTED, _JUDGED = 5_000, 1_500
"""Rows that clusters are fitted to, and that the silhouette is measured on."""
_STABLE = 0.75
_REFITS, _PART = 5, 0.7
_REFERENCES = 8
_SKEWED = 1.0
_CLOSE, _NEARLY = 0.01, 0.75
CLEAR = 0.5
"""The silhouette from which clusters are clearly apart (Kaufman & Rousseeuw 1990)."""

Scale = Literal["root", "log", "as skewed"]
"""How figures are compared: times waited by their root, amounts by their logarithm, others so if they are skewed."""


@dataclass(frozen=True)
class Clustering:
    labels: np.ndarray
    """Of each row, 0 for the largest cluster."""
    k: int
    silhouette: float
    """-1..1: how much nearer rows are to their own cluster than to the next."""
    stability: float
    """The mean adjusted Rand index of refits to 70% of the rows, against each other."""
    clear: bool
    """Whether there are clusters at all, by the gap statistic; else the rows are one cloud, cut in parts."""
    method: str
    agreement: float
    """The adjusted Rand index of k-means against Ward's clusters, on a sample."""


def scaled(columns: Sequence[np.ndarray], scales: Sequence[Scale]) -> np.ndarray:
    """Columns of figures as they are compared, each on its scale, with mean 0 and deviation 1; what is missing is the
    median. Columns that do not vary are all 0."""
    made = []
    for column, scale in zip(columns, scales, strict=True):
        values = np.where(np.isfinite(column), column, np.nanmedian(column[np.isfinite(column)]))
        if values.min() >= 0 and scale == "root":
            values = np.sqrt(values)
        elif values.min() >= 0 and (scale == "log" or (scale == "as skewed" and _skew(values) > _SKEWED)):
            values = np.log1p(values)
        deviation = values.std()
        made.append((values - values.mean()) / deviation if deviation > 1e-12 else np.zeros(len(values)))
    return np.column_stack(made)


def _skew(values: np.ndarray) -> float:
    deviation = values.std()
    return float(((values - values.mean()) ** 3).mean() / deviation**3) if deviation > 0 else 0.0


def clustered(points: np.ndarray, k: int | None = None, seed: int = 0) -> Clustering:
    """Clusters of the rows of an array of figures that can be compared (see `scaled`), `k` of them if given."""
    with threadpool_limits(1):  # each fit takes milliseconds: threads that wait for each other make it seconds
        return _clustered(points, k, seed)


def _clustered(points: np.ndarray, k: int | None, seed: int) -> Clustering:
    chance = np.random.default_rng(seed)
    fitted = points if len(points) <= _FITTED else points[chance.choice(len(points), _FITTED, replace=False)]
    judged = chance.choice(len(fitted), min(_JUDGED, len(fitted)), replace=False)
    different = len(np.unique(fitted.round(9), axis=0))
    most = min(MOST_CLUSTERS, different - 1, max(2, len(fitted) // 10))
    tried: dict[int, tuple[KMeans, float, float]] = {}
    for count in [k] if k else range(2, most + 1):
        model = _means(fitted, count, seed)
        tried[count] = (model, _silhouette(fitted[judged], model.labels_[judged]), _stability(fitted, count, chance))
    chosen = k or _chosen({n: t[1:] for n, t in tried.items()})
    model, silhouette, stability = tried[chosen]
    ward = AgglomerativeClustering(chosen).fit(fitted[judged]).labels_
    agreement = float(adjusted_rand_score(model.labels_[judged], ward))
    labels, method = model.predict(points), "k-means"
    better = _silhouette(fitted[judged], ward)
    if better > silhouette + _CLOSE and agreement < 0.95:
        centres = np.array([fitted[judged][ward == n].mean(axis=0) for n in range(chosen)])
        refined = KMeans(chosen, init=centres, n_init=1, random_state=seed).fit(fitted)
        if refined.inertia_ < model.inertia_:
            labels, method = refined.predict(points), "Ward's hierarchical clustering, refined by k-means"
            silhouette = _silhouette(fitted[judged], refined.labels_[judged])
    order = np.argsort(-np.bincount(labels, minlength=chosen), kind="stable")
    ranks = np.empty(chosen, dtype=int)
    ranks[order] = np.arange(chosen)
    return Clustering(
        ranks[labels], chosen, silhouette, stability, _gap(fitted, chosen, chance, seed), method, agreement
    )


def plane(points: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """The first two principal components: where each row lies, what they are made of (2 × columns), and the part of the
    variance that they show, 0..1."""
    pca = PCA(min(2, points.shape[1]), svd_solver="full").fit(points)
    at = pca.transform(points)
    if at.shape[1] == 1:
        at = np.column_stack([at, np.zeros(len(at))])
    return at, pca.components_, float(pca.explained_variance_ratio_.sum())


def _means(points: np.ndarray, k: int, seed: int, starts: int = 8) -> KMeans:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fewer different rows than clusters
        return KMeans(k, n_init=starts, random_state=seed).fit(points)


def _silhouette(points: np.ndarray, labels: np.ndarray) -> float:
    return float(silhouette_score(points, labels)) if 1 < len(set(labels.tolist())) < len(points) else 0.0


def _stability(points: np.ndarray, k: int, chance: np.random.Generator) -> float:
    """How alike the clusters are that come out where a part of the rows is left out."""
    found = []
    for n in range(_REFITS):
        part = chance.choice(len(points), int(_PART * len(points)), replace=False)
        found.append(_means(points[part], k, n, 3).predict(points))
    pairs = [(a, b) for a in range(_REFITS) for b in range(a)]
    return float(np.mean([adjusted_rand_score(found[a], found[b]) for a, b in pairs]))


def _chosen(tried: dict[int, tuple[float, float]]) -> int:
    """The number with the best silhouette among the stable ones; the larger of two that are as good, or nearly so where
    rows lie in one cloud: finer parts then say more."""
    stable = {n: s for n, (s, stability) in tried.items() if stability >= _STABLE} or {
        n: s for n, (s, _) in tried.items()
    }
    best = max(stable.values())
    least = best - _CLOSE if best >= CLEAR else _NEARLY * best
    return max(n for n, s in stable.items() if s >= least)


def _gap(points: np.ndarray, k: int, chance: np.random.Generator, seed: int) -> bool:
    """Whether so many clusters say more than one, against rows spread evenly over the same box."""
    sample = points if len(points) <= _JUDGED else points[chance.choice(len(points), _JUDGED, replace=False)]
    axes = PCA(svd_solver="full").fit(sample)
    turned = axes.transform(sample)
    low, high = turned.min(axis=0), turned.max(axis=0)

    def spread(rows: np.ndarray) -> tuple[float, float]:
        whole = float(((rows - rows.mean(axis=0)) ** 2).sum())
        return np.log(max(whole, 1e-12)), np.log(max(float(_means(rows, k, seed, 3).inertia_), 1e-12))

    one, many = spread(turned)
    references = np.array([spread(chance.uniform(low, high, turned.shape)) for _ in range(_REFERENCES)])
    gain = (references[:, 1].mean() - many) - (references[:, 0].mean() - one)
    error = references[:, 1].std() * np.sqrt(1 + 1 / _REFERENCES)
    return bool(gain > error)
