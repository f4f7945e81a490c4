"""One figure of a row against another of its, or against what all rows come to: "delivered after the promised date",
"results above the limit", "more than 1.5 times the median limit", "taller than the average route"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.analyst.elapsed import moment_said
from assistant.analyst.english import LISTS
from assistant.analyst.fields import SPANS
from assistant.analyst.item import Item
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.request import Calc, Compare, Literal_, Operand
from knowledge.words import lemma

_AFTER = {
    "after": ">", "later than": ">", "past": ">", "before": "<", "earlier than": "<", "by": "<=",
    "on or after": ">=", "on or before": "<=", "no later than": "<=",
}  # fmt: skip
_BOUNDS = (">", "<", ">=", "<=")
_OVER = ("avg", "median", "max", "min")


def compared_fields(items: list[Item], schema: Schema) -> list[Item]:
    """ "spend over budget", "delivered after the due date", "results over 1.5 times the upper limit": one field of a
    row against another, of the row or of what it belongs to."""
    for n in range(1, len(items) - 1):
        at = n - 1 if items[n - 1].code in "fvjd" or n < 2 else n - 2
        last, factor = _multiplied(items, n + 1)
        if last >= len(items) or items[at].code not in "fvjdM" or items[last].code != "f" or items[at] is items[last]:
            continue
        follows = items[last + 1].code if last + 1 < len(items) else ""
        pair = _sides(items[at], items[n], items[last], factor, items, schema) if follows not in ("n", "v") else None
        if pair is None:
            continue
        one, op, other = pair
        right: Operand = other if factor == 1 else Calc(op="*", args=[other, Literal_(value=factor)])
        condition = Compare(field=one, op=op, field_value=right)
        said = [items[at], *items[n : last + 1]]
        kept = items[: at + 1] if items[at].code in "dM" else items[:at]
        cond = Cond(((one, condition),), text=" ".join(i.text for i in said))
        made = Item(
            "C", items[n].start if kept is not items[:at] else items[at].start, items[last].end, cond.text, cond
        )
        rest = items[last + 1 :]
        if [i.code for i in rest[:2]] == ["O", "d"] and schema.owner(other) == rest[1].data:
            rest = rest[2:]  # "above the limit *of their substance*"
        if items[at].code in "dM":
            return compared_fields([*items[:n], made, *rest], schema)
        made = replace(made, start=items[at].start, before=items[at].before)
        return compared_fields([*items[:at], *items[at + 1 : n], made, *rest], schema)
    return items


def _multiplied(items: list[Item], at: int) -> tuple[int, float]:
    """Where the field after a comparison stands, and how many times it is taken."""
    times = at + 1 < len(items) and items[at].code == "n" and items[at + 1].code == "i"
    return (at + 2, float(items[at].data.value)) if times else (at, 1.0)


def _sides(
    left: Item, mark: Item, right: Item, factor: float, items: list[Item], schema: Schema
) -> tuple[str, Any, str] | None:
    """The two fields that are compared, and how."""
    if right.before.split()[:1] == ["by"] or left.code in "dM":
        base = left.dataset if left.code == "d" else left.data.counted if left.code == "M" else None
        one = (schema.amount(base) or _only_figure(base, schema)) if base else None
        if one is not None and right.code == "f" and _is_span(one, schema) != _is_span(str(right.data), schema):
            return None  # days are over no limit of credit
        other = _seen_from(base, one, right, items, schema) if base and one else None
        alone = left.code == "d" and (mark.before or " ".join(mark.text.split()[:1])) and mark.data in _BOUNDS
        return (one, mark.data, other) if one and other and alone else None
    other = str(right.data)
    named = moment_said(left, [schema.owner(other)], schema) if schema.is_time(other) else None
    named = named or (_moment_of(left, other, schema) if schema.is_time(other) else None)
    one = named or str(left.data)
    if (left.code != "f" and named is None) or one == other:
        return None
    if schema.is_time(one) and schema.is_time(other):
        op: Any = _AFTER.get(mark.text.lower())
    else:
        op = mark.data if mark.code == "o" else None
        if not (schema.is_number(one) and schema.is_number(other)) or len(_units(one, other, schema)) > 1:
            return None
    seen = schema.owner(one) == schema.owner(other) or (
        factor != 1 and schema.belongs_to(*map(schema.owner, (one, other)))
    )
    return (one, op, other) if op is not None and seen else None


def _seen_from(base: str, one: str, right: Item, items: list[Item], schema: Schema) -> str | None:
    """Of the numbers that the words may mean, that of the row or of what it belongs to: of what is named, else of the
    nearest; in the same unit, where both have one."""
    named = {str(i.data) for i in items if i.code == "d"}
    own = [o.target for o in right.options if o.kind == "field" and schema.is_number(o.target) and o.target != one]
    parents = schema.parents(base)
    own = [o for o in own if schema.owner(o) in parents and len(_units(one, o, schema)) < 2]
    return min(own, key=lambda o: (schema.owner(o) not in named, parents.index(schema.owner(o))), default=None)


def _units(one: str, other: str, schema: Schema) -> set[str]:
    return {unit for f in (one, other) if (unit := schema.field(f).unit)}


def _moment_of(verb: Item, other: str, schema: Schema) -> str | None:
    """The time at which what a verb says happened, by another word for the same: "arrived", of a delivery date."""
    word = lemma(verb.text.lower())
    alike = next((set(group.split(",")) for group in LISTS["same_moment"] if word in group.split(",")), None)
    if alike is None or verb.code not in "jv.f":
        return None
    times = [t for t in schema.times(schema.owner(other)) if t != other]
    return next((t for t in times if alike & {lemma(w) for w in schema.noun_of(t)}), None)


def _only_figure(dataset: str, schema: Schema) -> str | None:
    """The one field of a dataset that measures something: the value of a result."""
    fields = [f for f in schema.model.dataset(dataset).fields if f.role == "measure" and not f.hidden]
    return f"{dataset}.{fields[0].name}" if len(fields) == 1 else None


def _is_span(reference: str, schema: Schema) -> bool:
    return schema.field(reference).unit in SPANS


def than_all(items: list[Item], schema: Schema) -> list[Item]:
    """ "longer than the average", "taller than the average route of that kind", "at least twice the median limit": than
    they come to over all."""
    made: list[Item] = []
    skip = 0
    for n, item in enumerate(items):
        if skip:
            skip -= 1
            continue
        at, factor = _multiplied(items, n + 1)
        mean = items[at] if at < len(items) else None
        if item.code != "o" or item.data not in _BOUNDS or mean is None or mean.code != "a" or mean.data not in _OVER:
            made.append(item)
            continue
        of = items[at + 1] if at + 1 < len(items) else None
        same = of is not None and not of.before and _said_before(of, items[:n], schema)
        if of is not None and of.code in "mfMcdv" and not same:
            made.append(item)
            continue
        if mean.data != "avg" and not same:
            made.append(item)
            continue
        skip = at - n + same
        text = f"{item.text} {mean.text}"
        made.append(replace(item, code="L", end=mean.end, text=text, extra={**item.extra, "agg": mean.data}))
        made += items[n + 1 : n + 3] if factor != 1 else []
    return made


def _said_before(item: Item, before: list[Item], schema: Schema) -> bool:
    """It has been named already: "claims over the average *claim*", "limits over the median *limit*"."""
    if item.code == "d":
        return any(_thing(i) == item.data for i in before if i.code in "dm")
    said = {str(i.data) for i in before if i.code in "fm"}
    return item.code in "fm" and bool(said & {str(item.data), *(o.target for o in item.options)})


def the_average_one(items: list[Item], schema: Schema) -> list[Item]:
    """ "departments that sell more than the average department": than departments do on average."""
    made: list[Item] = []
    for item in items:
        same = made and made[-1].code == "L" and item.code in "dfm" and not item.before
        if same and any(_thing(i) == _thing(item) for i in items if i is not item and i.code in "dfm"):
            continue
        made.append(item)
    return made


def _thing(item: Item) -> str | None:
    return item.dataset if item.code == "m" else str(item.data)
