"""Texts made up with topics and names in them: how well `text` finds them again."""

from __future__ import annotations

import time
from random import Random

import numpy as np

from tools.texts.mentions import mentions
from tools.texts.tokens import clauses
from tools.texts.topics import topics

_TOPICS = {
    "late delivery": [
        "the delivery took three weeks",
        "delivery was late again",
        "my delivery came a week late",
        "no news of my delivery",
    ],
    "rude staff": [
        "the staff were rude",
        "rude staff at the counter",
        "staff ignored me",
        "unfriendly staff who did not care",
    ],
    "broken zip": [
        "the zip broke on day one",
        "zip broke after a week",
        "a broken zip on arrival",
        "cheap zip that broke",
    ],
    "wrong size": [
        "the size was far too small",
        "wrong size and no exchange",
        "sizes run small",
        "ordered my size and it was small",
    ],
    "no refund": [
        "still waiting for my refund",
        "they refused a refund",
        "a refund was promised and never came",
        "refund took months",
    ],
    "long queue": [
        "the queue was endless",
        "an hour in the queue",
        "queue out of the door",
        "queue at every till",
    ],
    "noisy room": [
        "the room was noisy all night",
        "noisy room above the bar",
        "room next to a noisy street",
        "could not sleep in that noisy room",
    ],
    "cold food": [
        "the food was cold",
        "cold food on a cold plate",
        "food came out cold",
        "tasteless cold food",
    ],
}
_OPENINGS = ["", "I came here in May. ", "Second visit. ", "Bought online. ", "For my mother. ", "Went with friends. "]
_PRODUCTS = [f"{a} {b}" for a in ("Alpine", "Summit", "Ridge", "Glow") for b in ("Boots", "Lamp", "Tent")]
_NAMES = {name.lower(): (name, "product") for name in _PRODUCTS}
_OTHERS = ["A tent in the rain.", "The lamp is fine.", "On the ridge again."]


def found_topics(count: int = 30) -> list[str]:
    """Of sets of 300 to 1,500 texts with three to eight topics: how many are found again, with an F1 of 0.8 at least
    between its texts and those of the nearest topic found."""
    found = planted = 0
    scores, took = [], []
    for n in range(count):
        chance = Random(n)
        chosen = chance.sample(sorted(_TOPICS), 3 + n % 6)
        about = [chance.choice(chosen) for _ in range(300 + 40 * n)]
        texts = [chance.choice(_OPENINGS) + chance.choice(_TOPICS[a]).capitalize() + "." for a in about]
        parts = [(i, part) for i, text in enumerate(texts) for part in clauses(text)]
        began = time.perf_counter()
        made = topics([part for _, part in parts], ["en"] * len(parts))
        took.append(time.perf_counter() - began)
        for topic in chosen:
            own = {i for i, a in enumerate(about) if a == topic}
            best = max((_f1(own, {parts[c][0] for c in t.clauses}) for t in made), default=0.0)
            planted += 1
            found += best >= 0.8
            scores.append(best)
    return [
        f"topics: {found} of {planted} planted ones found (F1 of 0.8 at least), mean F1 {np.mean(scores):.3f}, "
        f"{np.median(took):.2f} s for 300 to 1,500 texts"
    ]


def found_mentions(count: int = 2_000) -> list[str]:
    """Of texts of which a third name a product, in other words, too: precision and recall."""
    chance = Random(1)
    names = sorted(v for v, _ in _NAMES.values())
    texts, truth = [], []
    for n in range(count):
        named = chance.choice(names) if n % 3 == 0 else None
        said = f"I took the {named} along." if named else chance.choice(_OTHERS)
        texts.append(f"{said} {chance.choice(_OPENINGS)}")
        truth.append(named)
    found = {(n, m.name) for m in mentions(texts, _NAMES) if m.kind == "product" for n in m.texts}
    planted = {(n, name) for n, name in enumerate(truth) if name}
    both = len(found & planted)
    precision, recall = both / max(1, len(found)), both / len(planted)
    return [f"mentions: precision {precision:.3f}, recall {recall:.3f} on {count:,} texts"]


def _f1(one: set[int], other: set[int]) -> float:
    both = len(one & other)
    return 2 * both / (len(one) + len(other)) if both else 0.0
