"""Superlatives inside others: "the heaviest parcel of the customer with the most parcels", "the label of the longest
track of the most common language". The inner one is a condition on the rows that the outer one ranks."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.reduce.reads import Cond, Top
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Compare, FieldColumn, Measure, Order, Request, SubResult

_OF = re.compile(r"\b(?:of|in|by|for|at|from|on|to|under|within) (?:the|our)$")
_PARTED = re.compile(r"(?:of|in|by|for|at|from|on|to|under|within)\b")


def nested(items: list[Item], schema: Schema) -> list[Item]:
    """The reduced items, with each superlative that is about something inside the question read as a condition; one
    that can't be read is left unread."""
    while True:
        last = next((n for n in range(len(items) - 1, -1, -1) if items[n].code == "N"), None)
        if last is None or not _is_inside(items, last):
            return items
        read = _with_the_most(items, last, schema) or _the_most(items, last, schema)
        if read is None:
            return [*items[:last], replace(items[last], code="."), *items[last + 1 :]]
        items = read


def _is_inside(items: list[Item], at: int) -> bool:
    """Another superlative is what the question asks for."""
    top: Top = items[at].data
    outer = [i for i in items[:at] if i.code == "N" and not (i.data.n is not None and i.data.measure is None)]
    plain = top.n is None and top.about in ("", "count", "time")
    listed = any(i.code in ";lK" for i in items[1:at])
    return bool(outer) and plain and not listed and not any(i.code == "B" for i in items)


def _with_the_most(items: list[Item], at: int, schema: Schema) -> list[Item] | None:
    """ "of the customer *with the most parcels*"."""
    head = "".join(i.code for i in items[:at])
    found = re.search(r"d[hjq]*$", head)
    thing = items[found.start()] if found else None
    if thing is None or found is None or not (_OF.search(thing.before) or items[found.start() - 1].code == "O"):
        return None
    top, end = items[at].data, at + 1
    by: Measure | None = top.measure.measure if top.measure else None
    if by is None and end < len(items) and items[end].code == "d" and not _PARTED.match(items[end].before):
        by, end = Aggregate(agg="count", dataset=str(items[end].data)), end + 1
    told = _first_of(str(thing.data), by, top, schema) if by is not None else None
    if told is None:
        return None
    start = found.start() - (items[found.start() - 1].code == "O")
    return [*items[:start], _as_condition(items[start:end], told), *items[end:]]


def _the_most(items: list[Item], at: int, schema: Schema) -> list[Item] | None:
    """ "of *the largest depot*", "of *the most common language*" of the rows that are ranked."""
    mark, end = items[at], at + 1
    if not (_OF.search(mark.before) or (_PARTED.match(mark.before) and mark.text.startswith("the "))
            or items[at - 1].code == "O"):  # fmt: skip
        return None
    where = []
    while end < len(items) and items[end].code == "C" and not items[end].data.negated:
        where.append(items[end])
        end += 1
    noun = items[end] if end < len(items) and items[end].code in "df" else None
    start = at - (items[at - 1].code == "O")
    if noun is None:
        return None
    if noun.code == "d" and mark.data.measure is not None:
        told = _first_of(str(noun.data), mark.data.measure.measure, mark.data, schema, rows=mark.data.field)
    elif noun.code == "f" and mark.data.about == "count":
        told = _most_common(str(noun.data), mark.data, schema, where)
    else:
        told = None
    return [*items[:start], _as_condition(items[start : end + 1], told), *items[end + 1 :]] if told else None


def _first_of(thing: str, by: Measure, top: Top, schema: Schema, rows: str | None = None) -> tuple[str, Compare] | None:
    """That a row is, or belongs to, the thing that comes first by a measure, or by a field of its own (`rows`)."""
    key = schema.key(thing)
    if key is None:
        return None
    own = rows is not None and schema.owner(rows) == thing
    order = Order(by=FieldColumn(field=rows) if own and rows else by, descending=top.descending)
    known = Compare(field=rows if own and rows else key, op="not_null")
    one = Request(
        columns=[FieldColumn(field=key)], dataset=thing if own else None, where=[known], order=[order], limit=1,
        offset=top.nth - 1,
    )  # fmt: skip
    return key, Compare(field=key, op="in", value=SubResult(request=one))


def _most_common(field: str, top: Top, schema: Schema, where: list[Item]) -> tuple[str, Compare]:
    owner = schema.owner(field)
    order = Order(by=Aggregate(agg="count", dataset=owner), descending=top.descending)
    told = [c for i in where for r, c in i.data.options[:1] if r and schema.belongs_to(owner, schema.owner(r))]
    one = Request(
        columns=[FieldColumn(field=field)], where=[Compare(field=field, op="not_null"), *told], order=[order], limit=1
    )
    return field, Compare(field=field, op="in", value=SubResult(request=one))


def _as_condition(said: list[Item], told: tuple[str, Compare]) -> Item:
    text = " ".join(i.text for i in said)
    return Item("C", said[0].start, said[-1].end, text, Cond(((told[0], told[1]),), text=text), 0.95)
