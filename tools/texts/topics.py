"""What texts are about: topics found in their clauses, each named by a phrase that its texts use.

Non-negative matrix factorisation of the clauses' words, weighted by how telling they are (Lee & Seung 1999); how many
topics, by how often the leading words of each are found together (normalised pointwise mutual information: Röder,
Both & Hinneburg 2015)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from tools.texts.tokens import runs, words

_NUMBERS = (2, 3, 4, 5, 6, 8, 10, 12)
_CLAUSES_EACH = 8
_FITTED = 3_000
_LEADING = 5
_LEAST_SHARE = 0.35
"""A clause is about the topic that makes up so much of it."""
_NAMED = 0.12
_ALONE = 0.6
_ONE_LANGUAGE = 0.9
"""A topic of which so many clauses are in one language is called by the words of that."""
_LEAST_WORDS = 4
"""Fewer different words than this make no topics."""


@dataclass(frozen=True)
class Topic:
    """`clauses`: the places of those that are about it."""

    name: str
    words: tuple[str, ...]
    clauses: np.ndarray


def topics(clauses: Sequence[str], languages: Sequence[str | None], count: int | None = None) -> list[Topic]:
    """The topics, that of most clauses first; none where the clauses have too little in common. `languages`: of each
    clause; what several languages have a word for that is known is one topic."""
    said = [words(clause, code) for clause, code in zip(clauses, languages, strict=True)]
    table, vocabulary = _table(said)
    if len(vocabulary) < _LEAST_WORDS or table.shape[0] < 2 * _CLAUSES_EACH:
        return []
    chance = np.random.default_rng(7)
    filled = np.flatnonzero(table.getnnz(axis=1))
    sample = np.sort(chance.choice(filled, min(_FITTED, len(filled)), replace=False))
    most = min(len(filled) // _CLAUSES_EACH, len(vocabulary) - 1)
    numbers = [count] if count else [n for n in _NUMBERS if n <= most] or [min(2, most)]
    parts = _factored(table[sample], numbers, said, sample, vocabulary)
    weights = _loaded(table, parts)
    found = []
    leader, share = weights.argmax(axis=1), weights.max(axis=1) / np.maximum(weights.sum(axis=1), 1e-12)
    for n, part in enumerate(parts):
        own = np.flatnonzero((leader == n) & (share >= _LEAST_SHARE) & (weights.max(axis=1) > 0))
        leading = tuple(vocabulary[i] for i in part.argsort()[::-1][:_LEADING] if part[i] > 0)
        if len(own) and leading:
            called = _name([clauses[int(i)] for i in own], [languages[int(i)] for i in own], leading)
            found.append(Topic(called, leading, own))
    return sorted(_merged(found), key=lambda t: -len(t.clauses))


def _table(said: Sequence[Sequence[str]]) -> tuple[Any, list[str]]:
    """The clauses' words, each weighted by how few clauses have it (tf-idf), rows of length 1; and the words."""
    from scipy.sparse import csr_matrix, diags

    in_clauses = Counter(word for clause in said for word in set(clause))
    least, most = max(2, round(0.002 * len(said))), 0.6 * len(said)
    vocabulary = sorted(w for w, n in in_clauses.items() if least <= n <= max(most, least))
    places = {w: n for n, w in enumerate(vocabulary)}
    pairs = [(row, places[w]) for row, clause in enumerate(said) for w in set(clause) if w in places]
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    idf = np.log((1 + len(said)) / (1 + np.array([in_clauses[w] for w in vocabulary], dtype=float))) + 1
    table = csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=(len(said), len(vocabulary))) @ diags(idf)
    norms = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return diags(1 / np.where(norms > 0, norms, 1)) @ table, vocabulary


def _factored(
    table: Any, numbers: Sequence[int], said: Sequence[Sequence[str]], sample: np.ndarray, vocabulary: Sequence[str]
) -> np.ndarray:
    """The parts (topics × words) of the number of topics whose leading words go together most."""
    import warnings

    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    sets = [frozenset(said[i]) for i in sample]
    best: tuple[float, np.ndarray] | None = None
    for number in numbers:
        model = NMF(number, init="nndsvda", max_iter=200, random_state=7, tol=1e-3)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            warnings.simplefilter("ignore", RuntimeWarning)  # the root of an error that rounding made negative
            weights = model.fit_transform(table)
        leading = [
            [vocabulary[i] for i in part.argsort()[::-1][:_LEADING] if part[i] > 0] for part in model.components_
        ]
        apart = len({w for words in leading for w in words}) / max(1, sum(len(words) for words in leading))
        told = float((weights.max(axis=1) > 0.05).mean())
        score = apart * told * float(np.mean([_coherence(words, sets) for words in leading]) + 1)
        if best is None or score > best[0] + 1e-9:
            best = (score, model.components_)
    assert best is not None
    return best[1]


def _coherence(leading: Sequence[str], sets: Sequence[frozenset[str]]) -> float:
    """The mean normalised pointwise mutual information of the pairs, -1 to 1."""
    total, scores = len(sets), []
    counts = {w: sum(w in s for s in sets) for w in leading}
    for one, other in combinations(leading, 2):
        both = sum(one in s and other in s for s in sets)
        if not both:
            scores.append(-1.0)
            continue
        chance = counts[one] * counts[other] / total**2
        scores.append(float(np.log(both / total / chance) / max(-np.log(both / total), 1e-9)))
    return float(np.mean(scores)) if scores else 0.0


def _loaded(table: Any, parts: np.ndarray) -> np.ndarray:
    """How much of each topic (clauses × topics) is in each clause."""
    unit = parts / np.maximum(np.linalg.norm(parts, axis=1, keepdims=True), 1e-12)
    return np.asarray(table @ unit.T)


def _name(clauses: Sequence[str], languages: Sequence[str | None], leading: Sequence[str]) -> str:
    """The pair of words with a leading one that most of the clauses have, where many do; else their leading words. What
    is said in several languages is called by the words that stand for both."""
    said = [words(clause, code) for clause, code in zip(clauses, languages, strict=True)]
    alone = sum(leading[0] in one for one in said)
    usual = leading[0] if alone >= _ALONE * len(clauses) else " / ".join(leading[:2])
    main, most_said = Counter(languages).most_common(1)[0]
    if most_said < _ONE_LANGUAGE * len(clauses):
        return usual
    counts: Counter[tuple[str, ...]] = Counter()
    for clause, code in zip(clauses, languages, strict=True):
        counts.update(set(runs(clause, code, 2)))
    first = set(leading[:2])
    pairs = []
    for run, count in counts.items():
        own = {w for word in run for w in words(word, main)}
        if len(run) == 2 and first & own:
            pairs.append((count * (1 + 0.5 * (len(own & set(leading)) == 2)), run, count))
    _, pair, most = max(pairs, default=(0, (), 0))
    return " ".join(pair) if most >= max(2, _NAMED * len(clauses)) else usual


def _merged(found: Sequence[Topic]) -> list[Topic]:
    """Topics that are led by the same words are one, called as the larger is."""
    made: list[Topic] = []
    for topic in sorted(found, key=lambda t: -len(t.clauses)):
        same = next((n for n, t in enumerate(made) if t.name == topic.name or t.words[0] in topic.words[:2]), None)
        same = (
            same if same is not None else next((n for n, t in enumerate(made) if topic.words[0] in t.words[:2]), None)
        )
        if same is None:
            made.append(topic)
            continue
        larger = made[same]
        places = np.sort(np.concatenate([larger.clauses, topic.clauses]))
        made[same] = Topic(larger.name, tuple(dict.fromkeys(larger.words + topic.words)), places)
    return made
