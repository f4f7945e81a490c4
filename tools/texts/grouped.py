"""What texts say, group by group; and labels that are learnt from those that have one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Group = tuple[Any, ...]
_MOST_GROUPS, _EACH, _LEAST = 20, 3, 10
_LEARNT_FROM, _OF_A_LABEL, _MOST_LABELS, _MOST_LEARNT = 40, 5, 50, 10_000


@dataclass(frozen=True)
class Learnt:
    """`labels`: of each text, its own or the one it is given; `right`: the part of the labelled ones that is told right
    in cross-validation; `usual`: that part if all had the most frequent one."""

    labels: tuple[str, ...]
    right: float
    usual: float
    known: int


def by_group(
    items: Sequence[tuple[str, Sequence[int]]], groups: Sequence[Group], whole: Sequence[int], timed: bool
) -> tuple[list[tuple[Any, ...]], int]:
    """The three largest of the items (a name, the texts that have it) in each group: (*group, name, texts, percent of
    the group's texts); and how many groups are left out, for there are too many or they have too few texts. `whole`:
    the texts that percentages are of."""
    sizes = Counter(groups[n] for n in whole)
    kept = [g for g, count in sizes.most_common(_MOST_GROUPS) if count >= _LEAST]
    if timed:
        kept.sort(key=lambda g: tuple((v is None, v) for v in g[:1]))
    counts = [(name, Counter(groups[n] for n in set(texts))) for name, texts in items]
    rows: list[tuple[Any, ...]] = []
    for group in kept:
        own = sorted(counts, key=lambda c: -c[1][group])[:_EACH]
        rows += [(*group, name, c[group], 100 * c[group] / sizes[group]) for name, c in own if c[group]]
    return rows, len(sizes) - len(kept)


def learnt(texts: Sequence[str], labels: Sequence[str | None]) -> Learnt | None:
    """By a logistic regression on the words of the texts that have a label; None where these are too few."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline

    counts = Counter(label for label in labels if label)
    kept = {label for label, count in counts.items() if count >= _OF_A_LABEL}
    having = [n for n, label in enumerate(labels) if label in kept]
    if len(having) < _LEARNT_FROM or not 2 <= len(kept) <= _MOST_LABELS:
        return None
    if len(having) > _MOST_LEARNT:
        having = sorted(np.random.default_rng(7).choice(having, _MOST_LEARNT, replace=False).tolist())
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=20_000),
        LogisticRegression(C=10, max_iter=500),
    )
    x, y = [texts[n] for n in having], np.array([labels[n] for n in having])
    try:
        right = float((cross_val_predict(model, x, y, cv=5) == y).mean())
        model.fit(x, y)
    except ValueError:  # no word is in two texts
        return None
    made = [label or "" for label in labels]
    missing = [n for n, label in enumerate(labels) if not label]
    if missing:
        for n, guess in zip(missing, model.predict([texts[n] for n in missing]), strict=True):
            made[n] = str(guess)
    return Learnt(tuple(made), right, max(counts[k] for k in kept) / sum(counts[k] for k in kept), len(having))
