"""Adjectives of size and what they measure: "the tallest tower", "longer than 2 hours", "the oldest patient"."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from assistant.analyst.english import Super, read_lists
from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.reduce.reads import MeasureRead, Top
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, MetricRef
from knowledge.words import lemma

_SPANS = frozenset(["seconds", "minutes", "hours", "days", "weeks"])
_BIRTHS = frozenset(["birth", "born"])
_PLAIN_SIZES = frozenset(["tall", "heavy", "deep", "wide", "thick"])
"""Of bodies only, never of sales."""


def extremes(items: list[Item], schema: Schema) -> list[Item]:
    """ "the 3 tallest towers", "the oldest patient": by the field that says how tall, or when they were born."""
    made: list[Item] = []
    for n, item in enumerate(items):
        made.append(item)
        adjective = _ADJECTIVES.get(item.text.lower().split()[-1]) if item.code == "s" else None
        worth = _worth_of(items, n, schema) if item.code == "s" and item.data.about == "value" else None
        if worth is not None:
            count = made.pop(-2) if n and items[n - 1].code == "n" and not item.before else None
            made[-1] = _ranked(item, count, worth, schema)
            continue
        follows = items[n + 1].code if n + 1 < len(items) else ""
        thing = _thing_of(items, n, schema) if adjective is not None else None
        if adjective is None or thing is None or follows in tuple("mfMac"):
            continue
        field = None if adjective == "big" and _is_worth(thing, schema) else _field(thing, adjective, schema)
        if field is not None:
            count = made.pop(-2) if n and items[n - 1].code == "n" and not item.before else None
            made[-1] = _ranked(item, count, field, schema)
        elif adjective in _PLAIN_SIZES:  # nothing says how tall anything is
            made[-1] = replace(item, code=".", data=item.text, score=0.0)
    return made


def of_least_value(items: list[Item], schema: Schema) -> list[Item]:
    """ "the town with the minimum height", "which mule has the maximum load": the first by it, not all of them."""
    for n in range(1, len(items) - 1):
        link, mark, figure = items[n - 1], items[n], items[n + 1]
        if [i.code for i in (link, mark, figure)] != ["h", "a", "f"] or mark.data not in ("max", "min"):
            continue
        has = link.text.lower() in ("with", "has", "have", "had", "having")
        asked = any(i.code in "df" for i in items[: n - 1]) and not any(i.code in "mMay" for i in items[: n - 1])
        if has and asked and schema.is_number(str(figure.data)):
            most = Super(mark.data == "max")
            ranked = _ranked(replace(mark, code="s", data=most), None, str(figure.data), schema)
            return [*items[:n], ranked, *items[n + 2 :]]
    return items


def bounds(items: list[Item], schema: Schema) -> list[Item]:
    """ "routes longer than 2 minutes", "taller than average": a bound on the field that says how long, how tall."""
    made: list[Item] = []
    for n, item in enumerate(items):
        adjective = _ADJECTIVES.get(item.text.lower().split()[0]) if item.code in "oL" else None
        left = items[n - 1] if n else None
        said = left is not None and (left.code in "mM" or (left.code == "f" and schema.is_number(str(left.data))))
        if adjective is not None and not said:
            thing = next((i.dataset for i in reversed(items[:n]) if i.code in "dm" and i.dataset), None)
            field = _field(thing, adjective, schema) if thing else None
            if field is not None and not _is_birth(field, schema):
                link = Link("field", field, 0.95, True)
                made.append(Item("f", item.start, item.start, adjective, field, 0.95, (link,), item.before))
                item = replace(item, before="")
        made.append(item)
    return made


def bounds_said_first(items: list[Item], schema: Schema) -> list[Item]:
    """ "guides above age 40": whose age is above 40."""
    made = list(items)
    for n in range(len(items) - 2):
        bound, figure, number = items[n : n + 3]
        if [i.code for i in (bound, figure, number)] == ["o", "f", "n"] and schema.is_number(str(figure.data)):
            made[n], made[n + 1] = replace(figure, before=bound.before), replace(bound, before="")
    return made


def measured_by(thing: str, word: str, schema: Schema) -> str | None:
    """The field of a thing that "longest", "taller" is about."""
    return _field(thing, _ADJECTIVES[word], schema) if word in _ADJECTIVES else None


def _thing_of(items: list[Item], n: int, schema: Schema) -> str | None:
    """What a superlative is said of: the noun after it, or the kind of thing that stands for one, else that before."""
    for item in items[n + 1 :]:
        if item.code == "v" and item.data:
            return schema.owner(item.data[0].field)
        if item.code in "dm":
            return item.dataset
        if item.code not in "vC.":
            break
    return next((i.dataset for i in reversed(items[:n]) if i.code in "dm" and i.dataset), None)


def _ranked(mark: Item, count: Item | None, field: str, schema: Schema) -> Item:
    """The first ones by a field's greatest or least value: the oldest are those born first, or of the greatest age."""
    most: bool = mark.data.descending
    if mark.data.about == "time" and not _is_birth(field, schema):
        most = not most
    agg: Literal["max", "min"] = "max" if most else "min"
    dated = schema.is_time(field)
    read = None if dated else MeasureRead(Aggregate(agg=agg, of=field), (schema.owner(field),))
    top = Top(int(count.data.value) if count else None, most, "time" if dated else "", read, field, mark.data.nth)
    first = count or mark
    return replace(mark, code="N", data=top, start=first.start, before=first.before)


def _field(thing: str, adjective: str, schema: Schema) -> str | None:
    """The field of a thing that an adjective is about; of a player, who is a person elsewhere, that of the person."""
    who = schema.who_it_is(thing)
    fields = [f"{d}.{f.name}" for d in (thing, who) if d for f in schema.model.dataset(d).fields if not f.hidden]
    numbers = [f for f in fields if schema.is_number(f)]
    for field in fields:
        said = {lemma(w) for w in schema.noun_of(field)} & _MEASURES[adjective]
        if said and (field in numbers or (schema.is_time(field) and said & _BIRTHS)):
            return field
    lasting = [f for f in numbers if schema.field(f).unit in _SPANS and schema.field(f).role in ("measure", "number")]
    return lasting[0] if adjective == "long" and len(lasting) == 1 else None


def _worth_of(items: list[Item], n: int, schema: Schema) -> str | None:
    """The field that says what "the most valuable" things are worth, each."""
    thing = _thing_of(items, n, schema)
    fields = [f"{thing}.{f.name}" for f in schema.model.dataset(thing).fields if not f.hidden] if thing else []
    return next((f for f in fields if schema.is_number(f) and schema.noun_of(f) & {"value", "worth"}), None)


def _is_worth(thing: str, schema: Schema) -> bool:
    """Whole dealings ("the biggest check") are as big as the money that they bring, where that is known."""
    usual = schema.usual_measure(thing) if schema.is_visit(thing) else None
    return isinstance(usual, MetricRef) and schema.model.metric(usual.metric).format == "currency"


def _is_birth(field: str, schema: Schema) -> bool:
    return bool({lemma(w) for w in schema.noun_of(field)} & _BIRTHS)


def _forms(adjective: str) -> set[str]:
    """Comparative and superlative: big, bigger, biggest; heavy, heavier, heaviest."""
    stem = adjective[:-1] + "i" if adjective.endswith("y") else adjective.removesuffix("e")
    return {f"{said}{end}" for said in (stem, adjective + adjective[-1]) for end in ("er", "est")}


_OPPOSITES = {"short": "long", "young": "old", "light": "heavy", "small": "big", "large": "big", "slow": "fast",
              "shallow": "deep", "narrow": "wide", "thin": "thick", "near": "far", "cold": "hot"}  # fmt: skip
_MEASURES = read_lists("dimensions.txt")
_ADJECTIVES = {form: _OPPOSITES.get(word, word) for word in (*_MEASURES, *_OPPOSITES) for form in _forms(word)}
