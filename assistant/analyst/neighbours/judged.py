"""Only some of the rows, by a judgement that the data may not make: "bad reviews", "big bookings"."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.schema import Schema

_JUDGED = frozenset(["bad", "good", "great", "nice", "big", "large", "small", "bigger", "larger", "smaller"])
_ASKED = frozenset(["how", "as", "so", "too", "any", "of"])


def judged(items: list[Item], _: Schema) -> list[Item]:
    """The word just before the rows is left unread, rather than passed over: all of them would be too many."""
    for n, item in enumerate(items):
        if item.code == "d" and item.text.lower() in _JUDGED:  # "good" is no goods
            return [*items[:n], item.unread(), *items[n + 1 :]]
        *left, word = item.before.lower().split() or [""]
        if item.code != "d" or word not in _JUDGED or set(left[-1:]) & _ASKED:
            continue
        unread = Item(".", item.start, item.start, word, word, before=" ".join(item.before.split()[:-1]))
        return [*items[:n], unread, replace(item, before=""), *items[n + 1 :]]
    return items
