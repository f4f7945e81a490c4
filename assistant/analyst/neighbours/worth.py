"""What rows are worth: "the average deal size", "loan amount by branch", "the average donation"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.money import as_measure
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate
from knowledge.words import lemma, singular

_WORTH = frozenset(["size", "value", "worth", "amount", "amounts", "values", "sizes"])


def worth_of_rows(items: list[Item], schema: Schema) -> list[Item]:
    """Words for what rows are worth as the field that says it; unread, where it would be what other rows are worth."""
    for n, item in enumerate(items):
        thing = items[n - 1] if n and items[n - 1].code == "d" and not item.before else None
        if thing is None or item.text.lower() not in _WORTH or item.code not in ".mf":
            continue
        mark = items[n - 2] if n > 1 and items[n - 2].code == "a" else None
        each = mark is not None and mark.data in ("avg", "median") and item.code == "m"  # of an order, not of them all
        if item.code in "mf" and str(thing.data) in _rows_of(item, schema) and not each:
            continue
        amount = schema.amount(str(thing.data))
        if amount is not None:
            field = _as_field(item, amount)
            return [*items[: n - 1], replace(field, start=thing.start, before=thing.before), *items[n + 1 :]]
        if item.code == "m" and not each:
            return [*items[:n], item.unread(), *items[n + 1 :]]
    return items


def _rows_of(item: Item, schema: Schema) -> list[str]:
    if item.code == "f":
        return [schema.owner(str(item.data))]
    return schema.metric_datasets(schema.model.metric(str(item.data)))


def worth_of_each(items: list[Item], schema: Schema) -> list[Item]:
    """ "the average loan by branch": its amount, where nothing else is said to be averaged."""
    for n, item in enumerate(items[1:], 1):
        averaged = items[n - 1].code == "a" and items[n - 1].data in ("avg", "median")
        after = items[n + 1] if n + 1 < len(items) else None
        if not averaged or item.code != "d" or item.before or item.text.lower() != singular(item.text.lower()):
            continue
        alone = after is None or after.code in "wgC" or (after.code == "y" and after.text == "by") or after.before
        amount = schema.amount(str(item.data))
        if alone and amount is not None and not any(i.code in "fmMD" for i in (after,) if i is not None):
            return [*items[:n], _as_field(item, amount), *items[n + 1 :]]
    return items


def worth_of_deeds(items: list[Item], schema: Schema) -> list[Item]:
    """ "how much did we lend per client", "how much did we refund": what was lent, where that is kept, or the amount
    that is called after what was done."""
    asks = items[0].code == "q" and items[0].data == "much"
    if not asks or any(i.code in "mMf" for i in items):
        return items
    per = any(i.code == "y" and i.text == "per" for i in items)
    for n, item in enumerate(items[1:], 1):
        amount = schema.amount(item.dataset) if per and item.code == "j" and item.dataset else None
        if amount is None and item.code == "." and _BY_US.search(item.before):
            amount = amount_called(item.text, schema)
        if amount is not None:
            return [*items[:n], as_measure(item, Aggregate(agg="sum", of=amount)), *items[n + 1 :]]
    return items


_BY_US = re.compile(r"\b(?:did|do|have|has|was|were)(?: (?:we|i|they))?$", re.I)


def amount_called(done: str, schema: Schema) -> str | None:
    """The only amount that is called after what was done: a "refund amount"."""
    fields = [f"{d.name}.{f.name}" for d in schema.model.datasets if d.default_time for f in d.fields]
    word = lemma(done.lower())
    called = [f for f in fields if word in schema.forms_of(f) and schema.is_number(f) and schema.adds_up(f)]
    return called[0] if len(called) == 1 else None


def _as_field(item: Item, field: str) -> Item:
    link = Link("field", field, 0.95, True)
    return replace(item, code="f", data=field, score=0.95, options=(link,))
