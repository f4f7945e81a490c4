"""Figures made of two: "the ratio of open shops to closed shops", "the difference in price between A and B", "the share
of flights with stops". Each side is a noun with conditions of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from assistant.analyst.filters import Filters, bound_on_rows, conditions_on, with_where
from assistant.analyst.item import Item
from assistant.analyst.reduce import Cond, MeasureRead, measure_of, value_condition
from assistant.analyst.schema import Schema
from knowledge.request import Arithmetic, Compare, Condition, Measure, Number, Share

_ENDS = ";BNKYwgx"
"""Where a side ends: at what is about the whole."""


def compose(items: list[Item], schema: Schema) -> list[Item]:
    """The reduced items, with what makes up a ratio or a difference read as one measure."""
    for n, item in enumerate(items):
        if item.code == "/" or (item.code == "V" and re.search("difference|gap", item.text)):
            made = _ratio(items, n, schema) if item.code == "/" else _difference(items, n, schema)
            if made is not None:
                measure, end = made
                text = " ".join(i.text for i in items[n:end])
                whole = Item("M", item.start, items[end - 1].end, text, measure, before=item.before)
                return [*items[:n], whole, *items[end:]]
    return items


def _until(items: list[Item], at: int) -> int:
    return next((m for m in range(at, len(items)) if items[m].code in _ENDS), len(items))


def _ratio(items: list[Item], n: int, schema: Schema) -> tuple[MeasureRead, int] | None:
    end = _until(items, n + 1)
    if (of_all := _of_all(items, n)) is not None:
        return of_all
    span = items[n + 1 : end]
    cut = next(
        (m for m, i in enumerate(span) if m and re.search(r"\b(to|over|versus|against)$", i.before)),
        next((m for m, i in enumerate(span) if m and i.code in "&V"), None),
    )
    if cut is None:
        return None
    left, right = _sides(span[:cut], span[cut:], schema)
    if left is None or right is None:
        return None
    op: Any = "percent" if re.search("percent|%|share", items[n].text) else "/"
    made = Arithmetic(op=op, left=left.measure, right=right.measure)
    return MeasureRead(made, tuple(dict.fromkeys((*left.datasets, *right.datasets)))), end


def _of_all(items: list[Item], n: int) -> tuple[MeasureRead, int] | None:
    """ "the ratio of shops in each state to the total number of shops": each group's part of the whole, as a ratio."""
    group = next((m for m in range(n + 2, min(n + 4, len(items))) if items[m].code == "B"), None)
    if group is None or group + 1 >= len(items):
        return None
    part, whole = items[group - 1], items[group + 1]
    if part.code != "M" or whole.code != "M" or not whole.before.endswith("to"):
        return None
    if part.data.measure != whole.data.measure:
        return None
    ratio = Arithmetic(op="/", left=Share(of=part.data.measure), right=Number(value=100))
    del items[group + 1]
    return replace(part.data, measure=ratio, counted=None), group


def _difference(items: list[Item], n: int, schema: Schema) -> tuple[MeasureRead, int] | None:
    end = _until(items, n + 1)
    span = [i for i in items[n + 1 : end] if i.code != "b"]
    two = next((i for i in span if i.code == "C" and len(i.data.sides) == 2), None)
    if two is not None:
        noun = next((i for i in span if i.code in "mMfdj"), None)
        read = _measured(noun, schema)
        reference = two.data.options[0][0]
        if read is None or reference is None:
            return None
        sides = [with_where(read.measure, [value_condition(reference, list(v), False)]) for _, v in two.data.sides]
        if any(s is None for s in sides):
            return None
        first, second = (s for s in sides if s is not None)
        return MeasureRead(Arithmetic(op="-", left=first, right=second), read.datasets), end
    cut = next((m for m, i in enumerate(span) if m and i.code in "&V"), None)
    if cut is None or not any(i.code in "mMfd" for i in span):
        return None
    left, right = _sides(span[:cut], span[cut + 1 :], schema)
    if left is None or right is None:
        return None
    made = Arithmetic(op="-", left=left.measure, right=right.measure)
    return MeasureRead(made, tuple(dict.fromkeys((*left.datasets, *right.datasets)))), end


def _sides(
    left: list[Item], right: list[Item], schema: Schema
) -> tuple[MeasureRead | None, MeasureRead | None]:
    """Both sides; one that has no noun of its own shares the other's ("private to national sales")."""
    nouns = [next((i for i in side if i.code in "mMdf"), None) for side in (left, right)]
    shared = nouns[0] or nouns[1]
    return _side(left, nouns[0] or shared, schema), _side(right, nouns[1] or shared, schema)


def _measured(noun: Item | None, schema: Schema) -> MeasureRead | None:
    if noun is None:
        return None
    if noun.code == "j":
        link = next((o for o in noun.options if o.kind == "metric"), None)
        return measure_of(noun.linked(link), schema) if link else None
    return measure_of(noun, schema, "sum" if noun.code == "f" and schema.is_number(noun.data) else None)


def _side(items: list[Item], noun: Item | None, schema: Schema) -> MeasureRead | None:
    read = _measured(noun, schema)
    if read is None or not read.datasets:
        return None
    base = read.counted or read.datasets[0]
    conditions: list[Cond] = [i.data for i in items if i.code == "C"]
    where, _, cost = conditions_on(Filters(conditions=conditions), base, schema)
    if cost >= 2:
        return None
    for item in items:
        if item.code == "H":
            bound = bound_on_rows(item.data, base, schema)
            if bound is None:
                return None
            where.append(bound)
        elif item.code == "d" and item is not noun:
            present = _belonging(base, str(item.data), schema)
            where += [present] if present is not None else []
    measure: Measure | None = read.measure
    if where and read.counted:
        measure = measure_of(Item("d", 0, 0, "", read.counted), schema).measure  # type: ignore[union-attr]
    measure = with_where(measure, where) if where and measure is not None else measure
    return replace(read, measure=measure) if measure is not None else None


def _belonging(base: str, other: str, schema: Schema) -> Condition | None:
    """ "publications presented in conferences": those that have one."""
    reference = next(
        (
            f"{base}.{r.many_fields[0]}"
            for r in schema.model.relationships
            if r.many == base and r.one == other and len(r.many_fields) == 1
        ),
        None,
    )
    return Compare(field=reference, op="not_null") if reference else None
