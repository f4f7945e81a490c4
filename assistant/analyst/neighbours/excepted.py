"""Those that are left out: "show all huts except for huts with a booking in May"."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.schema import Schema

_OUT = ("except", "excluding", "other than", "apart from")


def the_same_ones(items: list[Item], _: Schema) -> list[Item]:
    """The noun said again is what is left out: the huts without a booking in May."""
    for n in range(1, len(items) - 2):
        mark, noun, link = items[n : n + 3]
        if mark.code != "z" or not mark.text.lower().startswith(_OUT) or noun.code != "d" or link.code not in "hqj":
            continue
        if any(i.code == "d" and i.data == noun.data for i in items[:n]):
            return [*items[:n], replace(mark, text="not"), *items[n + 2 :]]
    return items
