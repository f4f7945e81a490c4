"""What is the same as somebody else's: "customers in the same country as Ann", "who works in Bo's department"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.reduce.measures import different_in_each
from assistant.analyst.reduce.reads import Cond, MeasureRead
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Compare, Condition, Exists, FieldColumn, Request, SubResult
from knowledge.words import lemma


def same_as(items: list[Item], schema: Schema) -> list[Item]:
    """A condition on what is the same as that of a named one. Any other "same" is left unread: it changes the answer,
    and nothing else reads it."""
    made: list[Item] = []
    skip = False
    for n, item in enumerate(items):
        if skip:
            skip = False
            continue
        if "same" not in item.before.split():
            made.append(item)
            continue
        after = items[n + 1] if n + 1 < len(items) else None
        condition = _like(item, after, schema) if after is not None and after.before.split()[:1] == ["as"] else None
        if condition is None or after is None:
            made += [Item(".", item.start, item.start, "the same", None, 0.0), item]
            continue
        about = str(condition.field) if isinstance(condition, Compare) else None
        cond = Cond(((about, condition),), text=f"the same {item.text} as {after.text}")
        made.append(Item("C", item.start, after.end, cond.text, cond))
        skip = True
    return made


def _tied_alike(base: str, item: Item, other: Item, schema: Schema) -> Exists | None:
    """That a row is tied to one of the things that those which have a value are tied to: "with the same theme as"."""
    thing = str(item.data) if item.code == "d" else schema.owner(str(item.data))
    ties = [
        (own, far)
        for own in schema.model.relationships
        for far in schema.model.relationships
        if own.one == base and far.many == own.many and far.one == thing and thing != base
        if len(own.many_fields) == len(far.many_fields) == 1
    ]
    if len(ties) != 1:
        return None
    _own, far = ties[0]
    tie = f"{far.many}.{far.many_fields[0]}"
    field, stored = other.data[0].field, list({m.value: None for m in other.data if m.field == other.data[0].field})
    theirs = Request(
        columns=[FieldColumn(field=tie)],
        dataset=far.many,
        where=[Compare(field=field, op="in", value=stored), Compare(field=tie, op="not_null")],
        distinct=True,
    )
    return Exists(dataset=far.many, where=[Compare(field=tie, op="in", value=SubResult(request=theirs))])


def _like(item: Item, other: Item, schema: Schema) -> Compare | Exists | None:
    """That a field, or what a row belongs to, is among those of the rows that have a value."""
    field = str(item.data) if item.code == "f" else schema.key(str(item.data)) if item.code == "d" else None
    if field is None or other.code != "v" or not other.data:
        return None
    mention = other.data[0]
    base = schema.owner(mention.field)
    if not schema.belongs_to(base, schema.owner(field)):
        return _tied_alike(base, item, other, schema)
    theirs = Request(
        columns=[FieldColumn(field=field)],
        dataset=base,
        where=[Compare(field=mention.field, op="=", value=mention.value), Compare(field=field, op="not_null")],
        distinct=True,
    )
    return Compare(field=field, op="in", value=SubResult(request=theirs))


def both_things(items: list[Item], _: Schema) -> list[Item]:
    """ "authors with both books and articles": nothing reads that yet, so it is left unread."""
    for n in range(len(items) - 2):
        if "both" in items[n].before.split() and [i.code for i in items[n : n + 3]] == ["d", "&", "d"]:
            return [*items[:n], Item(".", items[n].start, items[n].start, "both", None, 0.0), *items[n:]]
    return items


def different_ones(items: list[Item], schema: Schema) -> list[Item]:
    """ "customers who bought more than 3 different products": of each customer's happenings, so many products. Where
    nothing tells how many of what, "different" is left unread."""
    for n in range(2, len(items) - 1):
        mark, noun = items[n], items[n + 1]
        if mark.code != "u" or noun.code not in "dv" or [i.code for i in items[n - 2 : n]] != ["o", "n"]:
            continue
        things = str(noun.data) if noun.code == "d" else schema.owner(noun.data[0].field)
        subject = next((str(i.data) for i in items[:n] if i.code == "d" and i.data != things), None)
        each = different_in_each(things, subject, schema) if subject else None
        if each is None:
            return [*items[:n], replace(mark, code="."), *items[n + 1 :]]
        read = replace(each, spread=None, each=None)
        kind = [replace(noun, before="")] if noun.code == "v" else []
        return [*items[:n], replace(noun, code="M", data=read, options=(), before=""), *kind, *items[n + 2 :]]
    return items


def different_done(items: list[Item], schema: Schema) -> list[Item]:
    """ "how many different products were sold": of those, not of all that there are; "how many different coupons were
    redeemed": the coupons, not how often."""
    codes = "".join(i.code for i in items)
    match = re.match(r"[a&]*cu([dm])(?:[hf]?)j", codes)
    if match is None:
        return items
    noun, verb = items[match.start(1)], items[match.end() - 1]
    thing = str(noun.data) if noun.code == "d" else noun.dataset
    deeds = [o.target for o in verb.options if o.kind == "dataset"]
    deeds += [
        d for o in verb.options if o.kind == "metric" for d in schema.metric_datasets(schema.model.metric(o.target))
    ]
    deed = thing if thing in deeds else next(iter(deeds), None)
    if thing is None or deed is None:
        return items
    if thing != deed and schema.belongs_to(deed, thing) and (key := schema.key(thing)):
        link = next((r for r in schema.model.relationships if r.many == deed and r.one == thing), None)
        of = f"{deed}.{link.many_fields[0]}" if link is not None and len(link.many_fields) == 1 else key
        read = MeasureRead(Aggregate(agg="count_distinct", of=of, dataset=deed), (deed,))
    elif thing == deed and (named := _called(noun.text, deed, schema)):
        read = MeasureRead(Aggregate(agg="count_distinct", of=named), (deed,))
    else:
        return items
    text = " ".join(i.text for i in items[: match.start(1) + 1])
    made = Item("M", items[0].start, noun.end, text, read)
    rest = [i for i in items[match.start(1) + 1 :] if i.code != "f" or i.start > verb.start]
    return [made, *rest]


def _called(word: str, dataset: str, schema: Schema) -> str | None:
    """The field of a happening that tells which of the things that the word names it was about."""
    stem = lemma(word.lower().split()[-1])
    fields = schema.model.dataset(dataset).fields
    key = schema.model.dataset(dataset).primary_key
    own = key[0] if len(key) == 1 else None
    named = (f for f in fields if f.role in ("key", "foreign_key", "code", "name") and f.name != own)
    return next((f"{dataset}.{f.name}" for f in named if stem == lemma((f.label or f.name).lower().split()[0])), None)


def with_or_without(items: list[Item], schema: Schema) -> list[Item]:
    """ "orders with a coupon vs without a coupon": both of them."""
    for n in range(1, len(items) - 4):
        codes = "".join(i.code for i in items[n : n + 5])
        base = next((d for i in items[:n] if i.code in "dm" for d in linked_datasets(i, schema)[:1]), None)
        thing = str(items[n + 1].data)
        if codes != "hdVzd" or items[n + 4].data != thing or base is None or base == thing:
            continue
        pair = _with_and_without(base, thing, schema)
        if pair is None:
            continue
        said = [(items[n + 1], "with", pair[0]), (items[n + 4], "without", pair[1])]
        some, none = (
            Item("C", noun.start, noun.end, word, Cond(((None, condition),), text=f"{word} {noun.text}", split=True))
            for noun, word, condition in said
        )
        return [*items[:n], some, items[n + 2], none, *items[n + 5 :]]
    return items


def _with_and_without(base: str, thing: str, schema: Schema) -> tuple[Condition, Condition] | None:
    key = next((r for r in schema.model.relationships if r.many == base and r.one == thing), None)
    if key is not None and len(key.many_fields) == 1:
        field = f"{base}.{key.many_fields[0]}"
        return Compare(field=field, op="not_null"), Compare(field=field, op="is_null")
    if schema.belongs_to(thing, base):
        return Exists(dataset=thing), Exists(dataset=thing, negated=True)
    return None
