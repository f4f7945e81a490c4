"""The row of readings of spans that explains the words of a question best, and the next best rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.analyst.english import STOP
from assistant.analyst.item import Item
from assistant.analyst.tokens import Token

_UNREAD = 0.5
"""What it costs to leave a word unread."""
_FAR = 1.0
"""A row that explains this much less than the best one is no reading of the question."""
_OTHERS = 4


@dataclass(frozen=True)
class Candidate:
    """One way to read a span, and how much it explains."""

    item: Item
    weight: float


Candidates = Mapping[int, Sequence[Candidate]]
"""By the token that they start at."""


@dataclass(frozen=True)
class Row:
    items: list[Item]
    """From left to right; words of no use are left out, unread ones are "." items."""
    lost: float = 0.0
    """How much less it explains than the best row."""


def rows(tokens: Sequence[Token], candidates: Candidates) -> list[Row]:
    """The best row first; then those in which one of its spans is read otherwise, without leaving more words unread."""
    best, most = _best(tokens, candidates)
    unread = _count_unread(best)
    others: list[Row] = []
    for banned in _contested(best, candidates):
        items, explained = _best(tokens, candidates, banned)
        lost = most - explained
        if lost <= _FAR and _count_unread(items) <= unread and all(items != o.items for o in others):
            others.append(Row(items, max(lost, 0.01)))
    others.sort(key=lambda row: row.lost)
    return [Row(best), *others[:_OTHERS]]


def is_content(token: Token) -> bool:
    """Whether a word has to be read for the question to be."""
    if token.kind == "mark":
        return False
    return token.lower not in STOP and token.lemma not in STOP and token.lower.rstrip(".") not in STOP


def _contested(items: Sequence[Item], candidates: Candidates) -> Iterator[Item]:
    """The items that some other candidate overlaps; not "the largest", whatever is called large."""
    every = [c.item for own in candidates.values() for c in own]
    for item in items:
        if item.code != "s" and any(o is not item and o.start < item.end and item.start < o.end for o in every):
            yield item


def _best(tokens: Sequence[Token], candidates: Candidates, banned: Item | None = None) -> tuple[list[Item], float]:
    """The row that explains most, without the item that is banned, and how much that is."""
    count = len(tokens)
    best = [0.0] * (count + 1)
    step: list[Candidate | None] = [None] * (count + 1)
    for at in range(count - 1, -1, -1):
        best[at] = best[at + 1] - (_UNREAD if is_content(tokens[at]) else 0.0)
        for candidate in candidates.get(at, ()):
            total = candidate.weight + best[candidate.item.end]
            if total > best[at] + 1e-9 and candidate.item is not banned:
                best[at], step[at] = total, candidate
    items, at = [], 0
    while at < count:
        chosen = step[at]
        if chosen:
            items.append(chosen.item)
            at = chosen.item.end
        else:
            if is_content(tokens[at]):
                items.append(Item(".", at, at + 1, tokens[at].text, tokens[at].lemma, 0.0))
            at += 1
    return items, best[0]


def _count_unread(items: Sequence[Item]) -> int:
    return sum(item.code == "." for item in items)
