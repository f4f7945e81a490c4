"""text, beside what people said: sentiment on sentences that people labelled and that its training never saw, topics
and mentions on texts made up with them, and speed.

Training uses VADER's rated sentences only; the three test sets are others' (see `evals.labelled`); sentences that are
in both are left out of the training."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from evals.labelled import lexicons, rated, sentences
from tools.texts import sentiment
from tools.texts.sentiment import Weights, counts, english, grams, meaning, ruled

_HELD = Path(sentiment.__file__).parent
_CLEAR = 0.5
"""A sentence whose rating is nearer to 0 says neither: it counts as half favourable and half unfavourable."""
_LEAST, _C = 3, 3.0
"""How many sentences have a word that is learnt, and the inverse regularisation."""


def train(folder: Path, *, write: bool) -> str:
    """Train the English weights, and take over the other languages' lexicons; `write` keeps them in the package."""
    tests = sentences(folder)
    seen = {_plain(text) for items in tests.values() for text, _ in items}
    known = [(t, r) for t, r in rated(folder) if _plain(t) not in seen]
    weights = fitted([t for t, _ in known], np.array([r for _, r in known]))
    lines = [
        f"trained on {len(known):,} sentences, {len(weights.vocabulary):,} words and pairs of words",
        *accuracy(tests, weights),
    ]
    if write:
        _keep(weights)
        (_HELD / "lexicons.json").write_text(
            json.dumps(lexicons(folder), ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n",
            encoding="utf-8",
        )
        lines.append(f"kept in {_HELD}")
    return "\n".join(lines)


def fitted(texts: list[str], ratings: np.ndarray) -> Weights:
    """Weights of a logistic regression on sentences with their ratings, -4 to 4; a clearer one counts more."""
    from scipy.sparse import csr_matrix, hstack

    in_texts = Counter(g for text in texts for g in set(grams(text)))
    vocabulary = {g: n for n, g in enumerate(sorted(g for g, count in in_texts.items() if count >= _LEAST))}
    idf = np.log((1 + len(texts)) / (1 + np.array([in_texts[g] for g in vocabulary]))) + 1
    said = counts(texts, vocabulary)
    said.data = 1 + np.log(said.data)
    said = said.multiply(idf).tocsr()
    norms = np.sqrt(said.multiply(said).sum(axis=1)).A1
    said = said.multiply(1 / np.where(norms > 0, norms, 1)[:, None]).tocsr()
    table = hstack([said, csr_matrix(np.hstack([meaning(texts), ruled(texts)]))]).tocsr()
    clear = np.abs(ratings) > _CLEAR
    rows = np.concatenate([np.flatnonzero(clear), np.flatnonzero(~clear), np.flatnonzero(~clear)])
    good = np.concatenate([ratings[clear] > 0, np.ones((~clear).sum(), bool), np.zeros((~clear).sum(), bool)])
    weights = np.concatenate([np.minimum(np.abs(ratings[clear]), 2), np.full(2 * (~clear).sum(), 0.5)])
    model = LogisticRegression(C=_C, max_iter=3000).fit(table[rows], good, weights)
    coefficients = model.coef_[0]
    size = len(vocabulary)
    return Weights(
        vocabulary, idf, coefficients[:size], coefficients[size : size + 256], coefficients[size + 256 :],
        float(model.intercept_[0]),
    )  # fmt: skip


def accuracy(tests: dict[str, list[tuple[str, bool]]], weights: Weights | None = None) -> list[str]:
    """By set, how many are told right: by Parley, and by VADER alone."""
    plain = SentimentIntensityAnalyzer()
    lines, total = ["set       sentences  right   VADER alone"], [0.0, 0.0, 0]
    for name, items in tests.items():
        texts, truth = [t for t, _ in items], np.array([good for _, good in items])
        ours = (english(texts, weights) if weights else sentiment.scored(texts, "en")) > 0
        theirs = np.array([plain.polarity_scores(t)["compound"] > 0 for t in texts])
        right, rule = float((ours == truth).mean()), float((theirs == truth).mean())
        lines.append(f"{name:<10}{len(items):>9,}  {right:6.1%}  {rule:6.1%}")
        total = [total[0] + right * len(items), total[1] + rule * len(items), total[2] + len(items)]
    lines.append(f"{'all':<10}{total[2]:>9,}  {total[0] / total[2]:6.1%}  {total[1] / total[2]:6.1%}")
    return lines


def measure(folder: Path) -> str:
    """The table of results."""
    from evals.written import found_mentions, found_topics

    tests = sentences(folder)
    texts = [t for items in tests.values() for t, _ in items]
    sentiment.scored(texts[:10], "en")
    began = time.perf_counter()
    sentiment.scored(texts, "en")
    speed = len(texts) / (time.perf_counter() - began)
    return "\n".join(
        [*accuracy(tests), f"speed: {speed:,.0f} sentences a second", "", *found_topics(), "", *found_mentions()]
    )


def _keep(weights: Weights) -> None:
    small: dict[str, Any] = {n: getattr(weights, n).astype(np.float16) for n in ("idf", "said", "meant", "ruled")}
    np.savez_compressed(
        _HELD / "sentiment.npz",
        grams=np.array(list(weights.vocabulary)),
        intercept=np.float32(weights.intercept),
        **small,
    )


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()
