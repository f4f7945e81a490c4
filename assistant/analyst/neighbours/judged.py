"""Only some of the rows, by a judgement that the data may not make: "bad reviews", "big bookings"."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.schema import Schema

_JUDGED = frozenset(["bad", "good", "great", "nice", "big", "large", "small", "bigger", "larger", "smaller"])
_ASKED = frozenset(["how", "as", "so", "too", "any", "of"])


def judged(items: list[Item], schema: Schema) -> list[Item]:
    """The word just before the rows is left unread, rather than passed over: all of them would be too many."""
    for n, item in enumerate(items):
        if item.code == "d" and item.text.lower() in _JUDGED:  # "good" is no goods
            return [*items[:n], item.unread(), *items[n + 1 :]]
        *left, word = item.before.lower().split() or [""]
        said = word in _JUDGED and not set(left[-1:]) & _ASKED
        other = word == "another" and any(_is_of(i, str(item.data), schema) for i in items[:n])
        if item.code == "d" and (said or other):  # "their shop … another shop"
            unread = Item(".", item.start, item.start, word, word, before=" ".join(item.before.split()[:-1]))
            return [*items[:n], unread, replace(item, before=""), *items[n + 1 :]]
    return items


def _is_of(item: Item, dataset: str, schema: Schema) -> bool:
    """One of the same things, by name or as such."""
    named = item.code == "v" and bool(item.data) and schema.owner(item.data[0].field) == dataset
    return named or (item.code == "d" and item.data == dataset)
