"""Figures for each of something: "revenue per seat", "rent per square foot", "claims per thousand orders"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.reduce.measures import per_entity
from assistant.analyst.reduce.reads import MeasureRead, measure_of, rows_counted
from assistant.analyst.schema import Schema
from assistant.analyst.verbs import RELATIONS
from knowledge.request import Aggregate, Arithmetic
from knowledge.words import lemma

_TENS = (100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0)


def per_thousand(items: list[Item], _: Schema) -> list[Item]:
    """ "claims per 1,000 orders": per order, and so many times (see `fractions.per_so_many`)."""
    for n in range(1, len(items) - 1):
        number = items[n]
        if (
            number.code == "n"
            and items[n - 1].code == "y"
            and items[n + 1].code in "dmf"
            and number.data.value in _TENS
        ):
            return [*items[:n], replace(items[n + 1], before=""), *items[n + 2 :]]
    return items


def per_some(items: list[Item], schema: Schema) -> list[Item]:
    """ "no-shows per completed visit": some of the rows divided by others."""
    for n, item in enumerate(items):
        at = next((m for m in range(n + 1, len(items)) if items[m].code != "v"), None)
        left = next((i for i in reversed(items[:n]) if i.code != "v"), None)
        noun = items[at] if at is not None else None
        if item.code != "y" or item.text != "per" or noun is None or at is None or at == n + 1 or noun.code != "d":
            continue
        if left is not None and left.code == "M" and left.data.counted == noun.data:
            whole = MeasureRead(schema.count_metric(str(noun.data)), (str(noun.data),), counted=str(noun.data))
            right = replace(noun, code="M", data=whole, options=(), before="")
            mark = Item("/", item.start, item.end, "divided by")
            return [*items[:n], mark, right, *items[n + 1 : at], *items[at + 1 :]]
    return items


def figures_per(items: list[Item], schema: Schema) -> list[Item]:
    """ "labor cost per hour worked", "revenue per seat", "discount per unit": one figure divided by another."""
    made = list(items)
    for n in range(1, len(items) - 1):
        left, mark, right = made[n - 1 : n + 2]
        if mark.code != "y" or mark.text not in ("per", "for every") or left.code not in "mfd":
            continue
        if (each := _per_unit(left, right, schema)) is not None:  # "rent per square foot"
            first = n - 2 if n > 1 and made[n - 2].code == "a" and made[n - 2].data == "avg" else n - 1
            text = f"{left.text} per {right.text}"
            item = Item("M", made[first].start, right.end, text, each, before=made[first].before)
            return [*made[:first], item, *made[n + 2 :]]
        if not _is_added_up(right, schema):
            continue
        if left.code == "d":  # "patients per room"
            rows = str(left.data)
            if right.code != "f" or schema.owner(str(right.data)) == rows:
                continue
            count = rows_counted(rows)
            made[n - 1] = replace(left, code="M", data=count, options=())
        made[n] = Item("/", mark.start, mark.end, "divided by")
        added = _sum_of(left, schema)
        if left.code == "m" and not _adds_up(str(left.data), schema) and added is not None:
            made[n - 1] = replace(
                left.linked(added), options=(added,)
            )  # "average discount per unit": of the discounts, not of their rate
        if n > 1 and made[n - 2].code == "a" and made[n - 2].data == "avg":
            del made[n - 2]
        return made
    return made


def _per_unit(left: Item, right: Item, schema: Schema) -> MeasureRead | None:
    """What it comes to for each square foot, kilo or mile of the same rows."""
    both = left.code == right.code == "f" and schema.owner(str(left.data)) == schema.owner(str(right.data))
    field = schema.field(str(right.data)) if both else None
    if (
        field is None
        or not schema.is_number(str(left.data))
        or field.unit not in _UNITS
        or field.additivity == "additive"
    ):
        return None
    sums = [Aggregate(agg="sum", of=str(i.data)) for i in (left, right)]
    return MeasureRead(Arithmetic(op="/", left=sums[0], right=sums[1]), (schema.owner(str(left.data)),))


_UNITS = frozenset(["ft", "m", "sq ft", "kg", "lb", "g", "km", "miles", "t", "l", "gal", "cm", "mm", "in"])


def averages_per(items: list[Item], schema: Schema) -> list[Item]:
    """ "average discount per basket", where the average discount is a rate: the discounts, for each basket."""
    row = "".join(i.code for i in items)
    if (said := re.search("acmy[dm](?=[ygt])", row)) and items[said.end() - 2].text == "per":
        return [*items[: said.start()], *items[said.start() + 2 :]]  # "average number of items per visit by weekday"
    for n in range(1, len(items) - 1):
        left, mark, right = items[n - 1 : n + 2]
        first, _, rest = left.text.partition(" ")
        if left.code != "m" or mark.code != "y" or mark.text != "per" or first.lower() not in ("average", "mean"):
            continue
        added = _sum_of(left, schema)
        if right.dataset and added is not None and not _adds_up(str(left.data), schema):
            average = Item("a", left.start, left.start + 1, first, "avg", before=left.before)
            summed = replace(left.linked(added), start=left.start + 1, text=rest, options=(added,), before="")
            return [*items[: n - 1], average, summed, *items[n:]]
    return items


def _sum_of(figure: Item, schema: Schema) -> Link | None:
    """The metric that adds up what the figure is an average or a rate of."""
    added = next((o for o in figure.options if o.kind == "metric" and _adds_up(o.target, schema)), None)
    said = {lemma(w) for w in figure.text.lower().split()} - {"average", "mean"}
    for metric in schema.model.metrics if added is None else ():
        if said and said <= set(metric.label.lower().split()) and _adds_up(metric.name, schema):
            added = added or Link("metric", metric.name, 0.85, False)
    return added


def per_doer(items: list[Item], schema: Schema) -> list[Item]:
    """ "redemptions per redeeming household", "plays per listening account": for each that has any."""
    for n in range(1, len(items) - 2):
        left, mark, verb, right = items[n - 1 : n + 3]
        if left.code not in "md" or mark.code != "y" or mark.text != "per" or right.code not in "dm":
            continue
        read = measure_of(left, schema)
        if verb.code not in "j." or not right.dataset or read is None or not read.datasets:
            continue
        same = {o.target for o in verb.options} & {o.target for o in left.options}
        stem = verb.text.lower().removesuffix("ing")
        doing = stem != verb.text.lower() and bool({stem, f"{stem}e", stem[:-1]} & RELATIONS)
        if same or (doing and schema.belongs_to(read.datasets[0], right.dataset)):
            made = replace(left, code="M", data=per_entity(read, right.dataset, schema), end=right.end)
            first = n - 1
            while first and items[first - 1].code in "ac" and not made.before:
                first -= 1
                made = replace(made, before=items[first].before)
            return [*items[:first], made, *items[n + 3 :]]
    return items


def _is_added_up(item: Item, schema: Schema) -> bool:
    if item.code == "f":
        return schema.adds_up(str(item.data)) and schema.field(str(item.data)).role == "measure"
    counts = any(o.kind == "dataset" for o in item.options)
    return item.code == "m" and not counts and _adds_up(str(item.data), schema)


def _adds_up(metric: str, schema: Schema) -> bool:
    return schema.model.metric(metric).additivity == "additive"
