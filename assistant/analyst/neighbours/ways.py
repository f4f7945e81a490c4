"""Places and people that something refers to twice: "from Holm to Sand" of trips that have an origin and a destination,
"each airport pair", "depart from or arrive at JFK"."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.schema import Schema
from knowledge.model import Relationship
from knowledge.words import lemma, split

_PAIRS = frozenset(["pair", "pairs", "combination", "combinations", "route", "routes", "pairing", "pairings"])
_STARTS, _ENDS = LISTS["origins"], LISTS["destinations"]
_LEAVING, _COMING = LISTS["leaving"], LISTS["coming"]


def on_the_way(items: list[Item], schema: Schema) -> list[Item]:
    """ "from Holm to Sand": of the origin and of the destination of what is asked about."""
    made = list(items)
    about = [d for i in items if i.code in "dmfj" for d in linked_datasets(i, schema)[:1]]
    for n, item in enumerate(items):
        if item.code != "v" or not item.data:
            continue
        end = _end_said(items, n)
        if end is None:
            continue
        told = []
        for mention in item.data:
            way = _way(schema.owner(mention.field), end, about, schema)
            owner, _, name = mention.field.partition(".")
            told += [replace(mention, field=f"{owner}@{way.name}.{name}")] if way and "@" not in owner else []
        own = [m for m in item.data if _is_end(m.field, end, about, schema)]
        if told and not own:
            made[n] = replace(item, data=tuple(told))
    done = [m for m in range(len(items) - 1) if made[m + 1] is not items[m + 1] and not made[m + 1].before]
    return [i for m, i in enumerate(made) if m not in done or i.code != "f"]  # "leave Holm": where from is said


def pairs(items: list[Item], schema: Schema) -> list[Item]:
    """ "for each pier pair": by the pier at either end."""
    for n in range(1, len(items)):
        thing, mark = items[n - 1], items[n]
        if thing.code != "d" or mark.before or mark.text.lower() not in _PAIRS or mark.score > 0.8:
            continue
        about = [d for i in items if i is not thing for d in linked_datasets(i, schema)[:1]]
        for base in dict.fromkeys(about):
            ends = [r for r in schema.model.relationships if (r.many, r.one) == (base, thing.data)]
            if len(ends) != 2 or any(len(r.many_fields) > 1 for r in ends):
                continue
            told = [_field(r, thing, schema) for r in ends]
            both = [told[0], Item("&", mark.start, mark.start, "and"), replace(told[1], before="")]
            return [*items[: n - 1], *both, *items[n + 1 :]]
    return items


def _field(relation: Relationship, thing: Item, schema: Schema) -> Item:
    """An end of the way: the code that the row itself has, else the name of what an id refers to."""
    field = f"{relation.many}.{relation.many_fields[0]}"
    if schema.field(field).type != "text":
        field = schema.referred(field) or field
    link = Link("field", field, 0.95, True)
    return Item("f", thing.start, thing.end, f"{thing.text} code", field, 0.95, (link,), thing.before)


def _end_said(items: list[Item], n: int) -> str | None:
    """Whether a value is said to be where something starts, or where it ends."""
    last = items[n].before.split()[-1:] or [""]
    verb = next((lemma(i.text.lower()) for i in reversed(items[max(0, n - 2) : n]) if i.code in "fj."), "")
    left = lemma(items[n - 1].text.lower()) if n else ""
    if last[0] == "from" or (verb in _LEAVING and verb == left):
        return "start"
    if last[0] in ("to", "into") or (verb in _COMING and verb == left):
        return "end"
    return None


def _way(one: str, end: str, about: list[str], schema: Schema) -> Relationship | None:
    """Of two references to the same, by a row of what is asked about, the one that is that end."""
    for many in dict.fromkeys(about):
        ways = [r for r in schema.model.relationships if (r.many, r.one) == (many, one)]
        told = [r for r in ways if _words(r) & (_STARTS if end == "start" else _ENDS)]
        if len(ways) > 1 and len(told) == 1:
            return told[0]
    return None


def _is_end(field: str, end: str, about: list[str], schema: Schema) -> bool:
    """ "to ORD", where the trips themselves have the code of where they go."""
    return schema.owner(field) in about and bool(schema.noun_of(field) & (_STARTS if end == "start" else _ENDS))


def _words(relation: Relationship) -> set[str]:
    return {w for f in (relation.name, *relation.many_fields) for w in split(f)}
