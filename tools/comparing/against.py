"""Many groups: whether they differ at all, and which of them differ from all the others taken together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from tools.comparing.observations import Sample
from tools.comparing.tests import by_ranks, holm, tested


@dataclass(frozen=True)
class Against:
    """`chance`: that the group is as far from all the others by chance, corrected for how many groups are looked at
    (Holm); `above`: the group is higher than they are."""

    group: Sample
    above: bool
    chance: float


def against_others(samples: Sequence[Sample]) -> tuple[list[Against], str]:
    """Of each group, that of the highest figure first, and the test: Welch's; Mann-Whitney's by ranks where groups are
    small or skewed, in its normal approximation with corrections for ties and continuity; for shares chi-square or
    Fisher's."""
    ordered = sorted(samples, key=lambda s: -s.figure)
    if all(s.share is not None for s in ordered):
        found, test = [_share(s, ordered) for s in ordered], "chi-square or Fisher's exact test"
    elif by_ranks(*(s.values for s in ordered)):
        found, test = _ranked(ordered), "Mann-Whitney U test"
    else:
        found, test = _means(ordered), "Welch's t-test"
    chances = holm([chance for _, chance in found])
    return [Against(s, above, p) for s, (above, _), p in zip(ordered, found, chances, strict=True)], test


def _share(sample: Sample, samples: Sequence[Sample]) -> tuple[bool, float]:
    shares = np.array([s.share for s in samples if s.share is not None])
    assert sample.share is not None
    top, bottom = shares.sum(axis=0) - np.array(sample.share)
    verdict = tested(sample, Sample("the others", np.array([]), (float(top), float(bottom))))
    return verdict.one.figure > verdict.other.figure, verdict.chance


def _means(samples: Sequence[Sample]) -> list[tuple[bool, float]]:
    sizes = np.array([s.size for s in samples], dtype=float)
    means = np.array([s.values.mean() for s in samples])
    spreads = np.array([s.values.var() * s.size for s in samples])
    total, whole = sizes.sum(), float((sizes * means).sum())
    rest = total - sizes
    rest_means = (whole - sizes * means) / rest
    # What the others vary by: within their groups, and between these.
    squares = spreads.sum() - spreads + (sizes * means**2).sum() - sizes * means**2 - rest * rest_means**2
    noise, rest_noise = spreads / (sizes - 1) / sizes, np.maximum(squares, 0) / (rest - 1) / rest
    both = noise + rest_noise
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (means - rest_means) / np.sqrt(both)
        freedom = both**2 / (noise**2 / (sizes - 1) + rest_noise**2 / (rest - 1))
    chances = np.where(both > 0, 2 * stats.t.sf(np.abs(t), freedom), (means == rest_means).astype(float))
    return list(zip((means > rest_means).tolist(), chances.tolist(), strict=True))


def _ranked(samples: Sequence[Sample]) -> list[tuple[bool, float]]:
    everything = np.concatenate([s.values for s in samples])
    ranks, total = stats.rankdata(everything), len(everything)
    _, ties = np.unique(everything, return_counts=True)
    tied = float((ties.astype(float) ** 3 - ties).sum()) / (total * (total - 1.0))
    found, at = [], 0
    for s in samples:
        rest = total - s.size
        u = float(ranks[at : at + s.size].sum()) - s.size * (s.size + 1) / 2
        at += s.size
        middle, spread = s.size * rest / 2, float(np.sqrt(s.size * rest / 12 * (total + 1 - tied)))
        z = (abs(u - middle) - 0.5) / spread if spread > 0 else 0.0
        found.append((u > middle, float(min(1.0, 2 * stats.norm.sf(max(z, 0.0))))))
    return found
