"""Topics of texts in several languages: the things that each of these has a known word for are told first, for no word
of one goes with a word of another in any clause; then those that are found in what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from tools.texts.tokens import qualities, things, words
from tools.texts.topics import Topic, topics

_LEAST = 2
_SAID_OF = 0.6
"""What so many of the clauses about a thing say of it is part of its name: "late delivery"."""


def shared_topics(clauses: Sequence[str], languages: Sequence[str | None]) -> list[Topic]:
    """The topics, that of most clauses first."""
    known, said_of = things(), qualities()
    said = [set(words(clause, code)) for clause, code in zip(clauses, languages, strict=True)]
    counts = Counter(word for one in said for word in one & known)
    made = []
    for thing, count in counts.items():
        if count < _LEAST:
            continue
        places = np.array([n for n, one in enumerate(said) if thing in one])
        common = Counter(word for n in places for word in said[n] & said_of).most_common(1)
        name = f"{common[0][0]} {thing}" if common and common[0][1] >= _SAID_OF * count else thing
        made.append(Topic(name, tuple(dict.fromkeys([thing, *(word for word, _ in common)])), places))
    rest = np.array([n for n, one in enumerate(said) if not one & known], dtype=int)
    for topic in topics([clauses[n] for n in rest], [languages[n] for n in rest]):
        made.append(Topic(topic.name, topic.words, rest[topic.clauses]))
    return sorted(made, key=lambda t: -len(t.clauses))
