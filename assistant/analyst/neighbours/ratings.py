"""Things by how they are rated: "the best rated products", "dishes rated below 3", where reviews say how many stars."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.neighbours.money import as_measure
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate

_RATED = frozenset(["rated", "reviewed", "scored"])
_RATINGS = frozenset(["rating", "star", "stars", "score", "ratings"])
_LEAST = frozenset(["worst", "lowest", "least", "bottom", "poorest"])


def rated_things(items: list[Item], schema: Schema) -> list[Item]:
    """The words as the average of their ratings, by which they are ranked or bounded; unread where nothing tells it."""
    for n, item in enumerate(items):
        mark = items[n - 1] if n else None
        after = items[n + 1] if n + 1 < len(items) else None
        if item.text.lower().split()[0] not in _RATED or item.code not in "jfv." or item.before:
            continue
        if mark is not None and mark.code in "Ts" and after is not None and after.code in "df" and not after.before:
            stars = _rating_of(after, schema)
            if stars is None:
                return [*items[:n], item.unread(), *items[n + 1 :]]
            top = replace(mark, code="T", data=mark.text.lower().split()[0] not in _LEAST)
            by = Item("y", after.end, after.end, "by")
            figure = as_measure(replace(item, start=after.end, end=after.end), Aggregate(agg="avg", of=stars))
            return [*items[: n - 1], top, after, by, figure, *items[n + 2 :]]
        if mark is not None and mark.code == "d" and after is not None and after.code == "o":
            stars = _rating_of(mark, schema)
            if stars is not None:
                having = Item("h", item.start, item.start, "with")
                return [*items[:n], having, as_measure(item, Aggregate(agg="avg", of=stars)), *items[n + 1 :]]
    return items


def _rating_of(thing: Item, schema: Schema) -> str | None:
    """How good something is: a number of its own, or of what is said of it."""
    owner = str(thing.data) if thing.code == "d" else schema.owner(str(thing.data))
    for dataset in (owner, *(c for c in schema.children(owner) if c != owner)):
        fields = [f"{dataset}.{f.name}" for f in schema.model.dataset(dataset).fields if not f.hidden]
        rated = [f for f in fields if schema.is_number(f) and schema.noun_of(f) & _RATINGS]
        if len(rated) == 1:
            return rated[0]
    return None
