"""A moment of a row beside another of its, or of what it belongs to: "in the same month as they signed up", "within 30
days of joining", "less than two weeks after the order"."""

from __future__ import annotations

from typing import Any, Literal

from assistant.analyst.item import Item
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.request import All, Calc, Compare, Condition, Literal_
from knowledge.words import lemma

_GRAINS = {"hour", "day", "week", "month", "quarter", "year"}
_LONG: dict[str, tuple[Literal["plus_days", "plus_months"], int]] = {
    "day": ("plus_days", 1), "week": ("plus_days", 7), "month": ("plus_months", 1), "quarter": ("plus_months", 3),
    "year": ("plus_months", 12),
}  # fmt: skip
_AFTER = ("of", "after", "from", "following", "since")
_WITHIN = {"<", "<="}


def same_time(items: list[Item], schema: Schema) -> list[Item]:
    """ "gifts in the same month as they joined", "within the month that they joined"."""
    for n, item in enumerate(items):
        grain = _grain(item)
        said = item.before.split()
        if grain is None or "same" not in said:
            continue
        found = _moment(items, n + 1, schema)
        own = _happening(items, n, found[0], schema) if found else None
        if found is None or own is None:
            continue
        time, end = found
        sides = [Calc(op=grain, args=[field]) for field in (own, time)]  # type: ignore[arg-type]
        condition = Compare(field=sides[0], op="=", field_value=sides[1])
        return same_time(_told(items, n, end, own, condition), schema)
    return items


def soon_after(items: list[Item], schema: Schema) -> list[Item]:
    """ "within 30 days of joining", "in the first year after sign-up", "less than 2 weeks after they joined"."""
    for n, item in enumerate(items):
        grain = _grain(item)
        if grain not in _LONG:
            continue
        start, number, op = _span(items, n)
        link = items[n + 1] if n + 1 < len(items) else None
        if op is None or link is None:
            continue
        marked = link.code in "O.o" and link.text.lower() in (*_AFTER, "before")
        mark = link.text.lower() if marked else (link.before.split() or [""])[0]
        found = _moment(items, n + 2 if marked else n + 1, schema) if mark in (*_AFTER, "before") else None
        own = _happening(items, start, found[0], schema) if found else None
        if found is None or own is None:
            continue
        time, end = found
        unit, size = _LONG[grain]
        first, last = (own, time) if mark == "before" else (time, own)
        until = Calc(op=unit, args=[first, Literal_(value=int(number * size))])
        bounds: list[Condition] = [Compare(field=last, op=op, field_value=until)]
        if op in _WITHIN:
            bounds.insert(0, Compare(field=last, op=">=", field_value=first))
        return soon_after(_told(items, start, end, own, All(of=bounds)), schema)
    return items


def _grain(item: Item) -> str | None:
    word = lemma(item.text.lower())
    plain = item.code == "g" or (item.code == "f" and item.end - item.start == 1)
    return word if plain and word in _GRAINS else None


def _span(items: list[Item], n: int) -> tuple[int, float, Any]:
    """Where the length of time before a unit starts, how many of the unit it is, and how it bounds."""
    at, number = n, 1.0
    if at and items[at - 1].code == "n":
        at, number = at - 1, items[at - 1].data.value
    elif at and items[at - 1].code == "s" and items[at - 1].text == "first":
        at -= 1
        if "within" in items[at].before.split() or items[at].before in ("in the", "during the", "in their"):
            return at, number, "<="
        return at, number, None
    if "within" in items[at].before.split():
        return at, number, "<="
    if at and items[at - 1].code == "o" and items[at - 1].data != "=" and items[at].code == "n":
        return at - 1, number, items[at - 1].data
    return at, number, None


def _moment(items: list[Item], at: int, schema: Schema) -> tuple[str, int] | None:
    """The time that is named from an item on, and the item after it."""
    thing: str | None = None
    for n in range(at, min(at + 4, len(items))):
        item = items[n]
        if item.code in "fj":
            times = [o.target for o in item.options if o.kind == "field" and schema.is_time(o.target)]
            about = [thing] if thing else [str(i.data) for i in items if i.code == "d"]
            time = next((t for d in about for t in times if schema.owner(t) == d), next(iter(times), None))
            return (time, n + 1) if time else None
        if item.code == "d":
            thing = str(item.data)
        elif item.code not in "hqO":
            break
    return None


def _happening(items: list[Item], at: int, other: str, schema: Schema) -> str | None:
    """When it happened, of what is said just before: the nearest that has a time of its own and belongs to the other's
    rows, or another time of the same rows."""
    whose = schema.owner(other)
    for item in reversed(items[:at]):
        times = [o.target for o in item.options if o.kind == "field" and schema.is_time(o.target)]
        named = next((t for t in times if t != other and schema.belongs_to(schema.owner(t), whose)), None)
        if item.code in "fj" and named:
            return named
        thing = item.dataset if item.code in "dmj" else None
        if thing and thing != whose and schema.belongs_to(thing, whose) and schema.model.dataset(thing).default_time:
            verbs = [o.target for i in items[:at] if i.code in "fj" for o in i.options if o.kind == "field"]
            done = next((t for t in verbs if schema.owner(t) == thing and schema.is_time(t)), None)
            return done or f"{thing}.{schema.model.dataset(thing).default_time}"
    return None


def _told(items: list[Item], start: int, end: int, own: str, condition: Condition) -> list[Item]:
    text = " ".join(i.text for i in items[start:end])
    cond = Cond(((own, condition),), text=text)
    made = Item("C", items[start].start, items[end - 1].end, text, cond, 0.95)
    return [*items[:start], made, *items[end:]]
