"""The test that suits the data, how sure it is, and how large the difference is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy import stats

from tools.comparing.observations import Sample
from tools.comparing.peeking import always_valid

_SMALL, _SKEWED = 30, 2.0
_LEAST = 3
"""Observations a group must have."""


@dataclass(frozen=True)
class Verdict:
    """`effect` is Hedges' g (a difference in standard deviations), the rank-biserial correlation, or for shares the
    difference of arcsines, Cohen's h; all are called small below 0.5 and large from 0.8, the rank-biserial below 0.3
    and from 0.5."""

    one: Sample
    other: Sample
    test: str
    chance: float
    effect: float
    measure: str
    size: str
    anytime: float | None = None
    """The chance that holds however often one has looked; None where there is too little to tell."""


@dataclass(frozen=True)
class Together:
    """Whether several groups differ at all."""

    test: str
    chance: float


def verdicts(samples: tuple[Sample, ...]) -> list[Verdict]:
    """Every two groups against each other, their chances corrected for how many there are (Holm)."""
    found = [tested(a, b) for a, b in combinations(sorted(samples, key=lambda s: -s.figure), 2)]
    corrected = holm([v.chance for v in found])
    anytime = [always_valid(v.one, v.other) for v in found]
    known = iter(holm([p for p in anytime if p is not None]))
    return [
        replace(v, chance=chance, anytime=None if p is None else next(known))
        for v, chance, p in zip(found, corrected, anytime, strict=True)
    ]


def together(samples: tuple[Sample, ...]) -> Together:
    """Whether three groups or more differ at all: Welch's (1951) analysis of variance, which lets groups vary
    unequally; by ranks (Kruskal-Wallis) where they are small or skewed; chi-square for shares."""
    if all(s.share is not None for s in samples):
        table = np.array([[s.share[0], s.share[1] - s.share[0]] for s in samples if s.share is not None])
        if (table.sum(axis=0) == 0).any():
            return Together("no variation", 1.0)
        return Together("chi-square test", float(stats.chi2_contingency(table, correction=False).pvalue))
    values = [s.values for s in samples]
    if all(v.std() == 0 for v in values):
        return Together("no variation", float(len({float(v[0]) for v in values}) == 1))
    if any(v.std() == 0 for v in values) or by_ranks(*values):
        return Together("Kruskal-Wallis test", float(stats.kruskal(*values).pvalue))
    return Together("Welch's analysis of variance", _welch(values))


def _welch(groups: list[np.ndarray]) -> float:
    """The p-value of Welch's F (1951, "On the comparison of several mean values"); each group varies."""
    count, sizes = len(groups), np.array([len(g) for g in groups])
    means, weights = np.array([g.mean() for g in groups]), sizes / np.array([g.var(ddof=1) for g in groups])
    share = weights / weights.sum()
    lack = float(((1 - share) ** 2 / (sizes - 1)).sum()) / (count**2 - 1)
    between = float((weights * (means - (share * means).sum()) ** 2).sum()) / (count - 1)
    return float(stats.f.sf(between / (1 + 2 * (count - 2) * lack), count - 1, 1 / (3 * lack)))


def enough(sample: Sample) -> bool:
    return sample.size >= _LEAST


def tested(a: Sample, b: Sample) -> Verdict:
    """Two groups, by the test that suits them; the chance is not corrected."""
    return _shares(a, b) if a.share is not None and b.share is not None else _values(a, b)


def _values(a: Sample, b: Sample) -> Verdict:
    x, y = a.values, b.values
    if x.std() == 0 and y.std() == 0:
        return Verdict(a, b, "no variation", float(x.mean() == y.mean()), 0.0, "g", "")
    if by_ranks(x, y):
        found = stats.mannwhitneyu(x, y, alternative="two-sided")
        effect = 2 * float(found.statistic) / (len(x) * len(y)) - 1
        return Verdict(a, b, "Mann-Whitney U test", float(found.pvalue), effect, "r", _size(effect, 0.1, 0.3, 0.5))
    found = stats.ttest_ind(x, y, equal_var=False)
    pooled = np.sqrt(((len(x) - 1) * x.var(ddof=1) + (len(y) - 1) * y.var(ddof=1)) / (len(x) + len(y) - 2))
    effect = float((x.mean() - y.mean()) / pooled * (1 - 3 / (4 * (len(x) + len(y)) - 9)))
    return Verdict(a, b, "Welch's t-test", float(found.pvalue), effect, "g", _size(effect, 0.2, 0.5, 0.8))


def by_ranks(*groups: np.ndarray) -> bool:
    """Too few, or too skewed for how few they are, to compare their means."""
    least = min(len(g) for g in groups)
    return least < _SMALL or (least < 10 * _SMALL and max(abs(_skew(g)) for g in groups) > _SKEWED)


def _shares(a: Sample, b: Sample) -> Verdict:
    assert a.share is not None
    assert b.share is not None
    table = np.array([[top, bottom - top] for top, bottom in (a.share, b.share)])
    if (table.sum(axis=0) == 0).any():
        return Verdict(a, b, "no variation", 1.0, 0.0, "h", "")
    if stats.contingency.expected_freq(table).min() < 5:
        test, chance = "Fisher's exact test", float(stats.fisher_exact(table.round().astype(int))[1])
    else:
        test, chance = "chi-square test", float(stats.chi2_contingency(table, correction=False).pvalue)
    angles = [2 * np.arcsin(np.sqrt(np.clip(top / bottom, 0, 1))) for top, bottom in (a.share, b.share)]
    effect = float(angles[0] - angles[1])
    return Verdict(a, b, test, chance, effect, "h", _size(effect, 0.2, 0.5, 0.8))


def _size(effect: float, least: float, middle: float, large: float) -> str:
    size = abs(effect)
    return "negligible" if size < least else "small" if size < middle else "medium" if size < large else "large"


def _skew(values: np.ndarray) -> float:
    return float(stats.skew(values)) if values.std() > 0 else 0.0


def holm(chances: list[float]) -> list[float]:
    """Holm (1979): the smallest of n chances counts n times, the next n - 1 times …

    >>> holm([0.01, 0.04])
    [0.02, 0.04]
    """
    corrected = list(chances)
    least = 0.0
    for n, i in enumerate(sorted(range(len(chances)), key=chances.__getitem__)):
        least = max(least, min(1.0, chances[i] * (len(chances) - n)))
        corrected[i] = least
    return corrected
