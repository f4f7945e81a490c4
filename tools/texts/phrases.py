"""The phrases that texts use most, and those that they use for given classes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.embeddings import embedded
from tools.texts.tokens import clauses, runs, words

_CONTAINED = 0.6
_LEAST = 2
_ALIKE = 0.3
"""The cosine from which on a clause is about a class."""


@dataclass(frozen=True)
class Phrase:
    """`texts`: the places of the texts that have it."""

    phrase: str
    texts: tuple[int, ...]


def phrases(texts: Sequence[str], languages: Sequence[str | None], most: int = 25) -> list[Phrase]:
    """Those in most texts first; a phrase that is mostly found within a longer one is left out."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for n, (text, code) in enumerate(zip(texts, languages, strict=True)):
        for run in set(runs(text, code)):
            found[run].append(n)
    kept = {run: places for run, places in found.items() if len(places) >= _LEAST}
    inside: Counter[tuple[str, ...]] = Counter()
    for run, places in kept.items():
        for size in range(1, len(run)):
            for at in range(len(run) - size + 1):
                part = run[at : at + size]
                inside[part] = max(inside[part], len(places))
    told = [run for run in kept if inside[run] < _CONTAINED * len(kept[run])]
    told.sort(key=lambda run: (-len(kept[run]) * (1 + 0.25 * (len(run) - 1)), run))
    return [Phrase(" ".join(run), tuple(kept[run])) for run in told[:most]]


def classified(texts: Sequence[str], classes: Sequence[str], languages: Sequence[str | None]) -> list[str | None]:
    """Of each text, the class that one of its clauses is most about; None where it is about none of them. A clause
    that has a word of a class's name is about it; else the English one with the nearest meaning is."""
    named = [set(words(name, "en")) | {name.lower()} for name in classes]
    parts = [(n, clause) for n, text in enumerate(texts) for clause in clauses(text)]
    if not parts:
        return [None] * len(texts)
    near = embedded([clause for _, clause in parts]) @ embedded(list(classes)).T
    best: list[tuple[float, str | None]] = [(_ALIKE, None)] * len(texts)
    for (n, clause), alike in zip(parts, near, strict=True):
        code = languages[n]
        said = set(words(clause, code)) | set(clause.lower().split())
        meant = alike if code == "en" else np.zeros(len(classes))
        scores = np.array([1.0 + a if names & said else a for names, a in zip(named, meant, strict=True)])
        at = int(scores.argmax())
        if scores[at] > best[n][0]:
            best[n] = (float(scores[at]), classes[at])
    return [name for _, name in best]
