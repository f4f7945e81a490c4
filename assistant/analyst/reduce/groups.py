"""Rules of what to group and to order by: "by region and month", "the top 5", "the highest sales"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.english import Super
from assistant.analyst.items import Item
from assistant.analyst.reduce.reads import Group, Top, measure_of, merged, said_as_id
from assistant.analyst.schema import Schema

_PLACED = re.compile(r"(?:in|from|of|on|within)\b")
_IN_EACH = re.compile(r"(?:for|in|within|of|at|under|on) (?:each|every)\b")
_PER = re.compile(r"(?:per|each|a|every|for each|for every)\b")


def top(parts: list[Item], schema: Schema) -> list[Item] | None:
    number = next((p for p in parts if p.code == "n"), None)
    mark = next(p for p in parts if p.code in "sT")
    if number is not None and (number.data.percent or number.data.money or number.data.value != int(number.data.value)):
        return None
    n = int(number.data.value) if number is not None else None
    if mark.code == "T":
        about, descending, nth = "", bool(mark.data), 1
    else:
        assert isinstance(mark.data, Super)
        about, descending, nth = mark.data.about, mark.data.descending, mark.data.nth
    return [merged(parts, "N", Top(n, descending, about, nth=nth))]


def top_measure(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "the highest sales", "the most orders": what the order is by (if there is a subject, `assemble` decides)."""
    top, noun = parts[0].data, parts[-1]
    if noun.code == "d" or top.about == "time" or top.measure:
        return None
    if noun.code == "f":
        if not schema.is_number(noun.data) or top.about:
            return None
        return [merged(parts, "N", replace(top, field=noun.data, measure=measure_of(noun, schema)))]
    read = measure_of(noun, schema)
    return [merged(parts, "N", replace(top, measure=read))] if read else None


def group_of_some(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "each gold customer": the condition, and the group after it."""
    return [*parts[1:], parts[0]]


def group(parts: list[Item], schema: Schema) -> list[Item] | None:
    kinds = {"f": "field", "d": "dataset", "g": "grain", "t": "part"}
    limited = next((n for n, p in enumerate(parts) if p.code == "t" and getattr(p.data, "values", None)), None)
    if limited is not None:  # "by hour on Saturdays": some of a time, which limits rather than groups
        hours = [replace(p, code="t", data="hour_of_day") if p.code == "g" and p.data == "hour" else p for p in parts]
        made = group(hours[:limited], schema) if limited > 1 else parts[:limited]
        return [*(made or []), *parts[limited:]] if limited > 1 else None
    apart = next((n for n, p in enumerate(parts) if n > 1 and p.code == "d" and _PLACED.match(p.before)), None)
    if apart is not None:  # "by pier *in the tariffs* table"
        return [*(group(parts[:apart], schema) or []), *parts[apart:]]
    parts = [replace(p, data=p.data.part) if hasattr(p.data, "part") else p for p in parts]
    groups, per, each = [], False, False
    for part in parts:
        if part.code == "y" or part.text.startswith(("by ", "per ", "each ")):
            per, each = bool(_PER.match(part.text)), bool(_IN_EACH.match(part.text))
        if part.code == "f" and not said_as_id(part.text) and (who := schema.referred(str(part.data))):
            groups.append(Group("field", who, per, in_each=each))  # "each guide", by a guide_id: who that is
        if part.code in kinds:
            groups.append(Group(kinds[part.code], part.data, per, in_each=each))
    return [merged(parts, "B", groups)]


def order_mark(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "by sales": quantities are not grouped by; they order, or are measured too."""
    noun = parts[-1]
    if noun.code == "f" and not schema.adds_up(noun.data):
        return None
    return [merged(parts, "Y", noun)]
