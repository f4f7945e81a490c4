"""New people beside those who came before: "new vs returning customers last month", "our repeat rate"."""

from __future__ import annotations

from assistant.analyst.item import Item
from assistant.analyst.neighbours.people import served, what_they_do
from assistant.analyst.reduce.reads import MeasureRead
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Arithmetic, Condition, Exists, InWindow, Window

_NEW = frozenset(["new", "first-time", "new ones"])
_BACK = frozenset(["returning", "repeat", "existing", "recurring", "old", "regular", "return"])
_RATES = frozenset(["rate", "ratio", "percentage", "share"])


def new_and_returning(items: list[Item], schema: Schema) -> list[Item]:
    """ "new vs returning patients last month": those who came in it for the first time, and those who had before."""
    for n in range(len(items) - 3):
        first, mark, second, who, when = (*items[n : n + 4], items[n + 4] if n + 4 < len(items) else None)
        said = {first.text.lower(), second.text.lower()}
        paired = len(said & _NEW) == 1 == len(said & _BACK) and mark.code in "V&"
        if not paired or who.code != "d" or not schema.is_person(str(who.data)):
            continue
        person = str(who.data)
        doing = None if schema.is_staff(person) else what_they_do(person, schema)
        window = when.data.window if when is not None and when.code == "w" else None
        if doing is None or window is None or window.start is None or when is None:
            return items
        there = _within(doing, window, schema)
        counts = {
            True: Aggregate(agg="count", dataset=person, where=[there, _before(doing, window, schema, negated=True)]),
            False: Aggregate(agg="count", dataset=person, where=[there, _before(doing, window, schema, negated=False)]),
        }
        made = [
            Item("M", i.start, i.end, i.text, MeasureRead(counts[i.text.lower() in _NEW], (person,)))
            for i in (first, second)
        ]
        also = Item("&", mark.start, mark.end, "and")
        asked = items[: n - 1] if n and items[n - 1].code in "cq" else items[:n]
        return [*asked, made[0], also, made[1], *items[n + 5 :]]
    return items


def repeat_rate(items: list[Item], schema: Schema) -> list[Item]:
    """ "our repeat rate", "repeat customer rate": of those who ever came, how many did more than once, in percent."""
    for n, item in enumerate(items):
        if item.text.lower() not in ("repeat", "return") or item.code not in ".j":
            continue
        rest = items[n + 1 :]
        who = str(rest[0].data) if rest[:1] and rest[0].code == "d" else None
        rate = rest[1] if who is not None and len(rest) > 1 else rest[0] if rest else None
        if rate is None or rate.text.lower() not in _RATES or rate.before:
            continue
        person = who if who is not None and schema.is_person(who) else schema.once(served)
        doing = what_they_do(person, schema) if person and not schema.is_staff(person) else None
        if doing is None or person is None:
            return items
        again = Aggregate(agg="count", dataset=person, where=[Exists(dataset=doing, at_least=2)])
        ever = Aggregate(agg="count", dataset=person, where=[Exists(dataset=doing)])
        read = MeasureRead(Arithmetic(op="percent", left=again, right=ever), (person,))
        made = Item("M", item.start, rate.end, "repeat rate", read, before=item.before)
        return [*items[:n], made, *rest[rest.index(rate) + 1 :]]
    return items


def _within(rows: str, window: Window, schema: Schema) -> Condition:
    return Exists(dataset=rows, where=[InWindow(field=str(schema.time_of(rows)), window=window)])


def _before(rows: str, window: Window, schema: Schema, *, negated: bool) -> Condition:
    earlier = InWindow(field=str(schema.time_of(rows)), window=Window(end=window.start))
    return Exists(dataset=rows, where=[earlier], negated=negated)
