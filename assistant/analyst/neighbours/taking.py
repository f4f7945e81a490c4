"""How long things take that no column says: from when they began to when they were done. "the average delivery time",
"how long do drivers stay"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.ended import end_of
from assistant.analyst.neighbours.money import amount_of, outstanding
from assistant.analyst.reduce.reads import MeasureRead
from assistant.analyst.schema import Schema
from knowledge.profile.sayings import deeds
from knowledge.request import Aggregate, Calc
from knowledge.words import lemma

_LENGTHS = frozenset(["time", "times", "duration", "durations", "length"])
_VERBS = frozenset(["take", "stay", "last", "work", "remain", "keep"])
_AGGREGATES = ("avg", "median", "max", "min")


def taking(items: list[Item], schema: Schema) -> list[Item]:
    """The words as the time from the usual date of the rows to the one at which they were done, on average."""
    for n, item in enumerate(items):
        words = item.text.lower().split()
        thing = items[n - 1] if n and items[n - 1].code == "d" and not item.before else None
        span = schema.span(str(thing.data)) if thing is not None and words in (["length"], ["duration"]) else None
        if span is not None and thing is not None and item.code in "f." and str(item.data) != span:
            link = Link("field", span, 0.95, True)
            said = replace(
                item, code="f", data=span, score=0.95, options=(link,), start=thing.start, before=thing.before
            )
            return [*items[: n - 1], said, *items[n + 1 :]]
        asked = n > 0 and items[n - 1].code == "D"
        mark = items[n - 1] if n and items[n - 1].code == "a" and items[n - 1].data in _AGGREGATES else None
        told = words[-1:] and words[-1] in _LENGTHS and items[n + 1 : n + 2] and items[n + 1].code == "y"
        if asked and item.code == "d" and (paid := _till_paid(items, n, schema)):
            return paid
        if item.code not in "fd." or not words or not (asked or mark is not None or told):
            continue
        after = items[n + 1] if n + 1 < len(items) and mark is not None and item.code == "f" else None
        follows = after is not None and after.text.lower() in _LENGTHS and not after.before
        if after is not None and follows and (schema.is_time(str(item.data)) or item.text.lower() in deeds()):
            item = replace(item, text=f"{item.text} {after.text}", end=after.end)  # "first answer time"
            items = [*items[:n], item, *items[n + 2 :]]
            words = item.text.lower().split()
        ends = _ends(words, items, schema) if not asked or len(words) == 1 else None
        if ends is None and mark is not None and item.code == "f" and words[-1] in _LENGTHS:
            ends = _since_the_start(str(item.data), schema)  # an average moment is no answer
        if ends is None and asked and item.code == "d" and schema.span(str(item.data)) is None:
            ends = _its_end(str(item.data), schema)
        if ends is None:
            continue
        base, start, end = ends
        dates = any(schema.field(t).type == "date" for t in (start, end))
        unit: Any = "days_between" if dates else "hours_between"
        agg: Any = mark.data if mark is not None else "avg"
        read = MeasureRead(Aggregate(agg=agg, of=Calc(op=unit, args=[start, end]), dataset=base), (base,))
        first = items[n - 1] if asked or mark is not None else item
        made = Item("M", first.start, item.end, item.text, read, before=first.before)
        rest = [i for i in items[n + 1 :] if not (i.code in "j." and lemma(i.text.lower()) in _VERBS)]
        return [*items[: items.index(first)], made, *rest]
    return items


def time_lost(items: list[Item], schema: Schema) -> list[Item]:
    """ "downtime by reason", "total overtime": how long it was, rather than how often."""
    made = list(items)
    for n, item in enumerate(items):
        word = item.text.lower().split()[-1] if item.text else ""
        if item.code != "d" or not word.endswith("time") or (n and items[n - 1].code in "cq"):
            continue
        fields = [f for f in schema.model.dataset(str(item.data)).fields if f.role == "measure" and not f.hidden]
        spans = [f for f in fields if f.unit in _SPANS or set((f.label or f.name).lower().split()) & _SPANS]
        if len(spans) == 1:
            total = Aggregate(agg="sum", of=f"{item.data}.{spans[0].name}")
            made[n] = replace(item, code="M", data=MeasureRead(total, (str(item.data),)), options=())
    return made


_SPANS = frozenset(["seconds", "minutes", "hours", "days"])


def _till_paid(items: list[Item], n: int, schema: Schema) -> list[Item] | None:
    """ "how many days do patients take to pay": from the bill to each payment of it, where these are kept apart."""
    verb = next((k for k in range(n + 1, len(items)) if items[k].code == "j" and items[k].text.lower() in _PAY), None)
    if verb is None:
        return None
    said = items[verb].dataset or schema.owner(str(items[verb].data))
    owing = [b.name for b in schema.model.datasets if outstanding(b.name, schema)]
    kept = [c for b in owing for c in schema.children(b) if schema.distance(c, b) == 1 and amount_of(c, schema)]
    for payment in dict.fromkeys([said, *kept] if said in {d.name for d in schema.model.datasets} else kept):
        bills = [b for b in schema.parents(payment)[1:] if schema.distance(payment, b) == 1 and outstanding(b, schema)]
        start, end = (schema.time_of(bills[0]), schema.time_of(payment)) if len(bills) == 1 else (None, None)
        if start and end:
            days = Aggregate(agg="avg", of=Calc(op="days_between", args=[start, end]), dataset=payment)
            mark = items[n - 1]
            made = Item("M", mark.start, items[verb].end, "days to pay", MeasureRead(days, (payment,)))
            return [*items[: n - 1], replace(made, before=mark.before), *items[verb + 1 :]]
    return None


_PAY = frozenset(["pay", "settle", "paying"])


def _ends(words: list[str], items: list[Item], schema: Schema) -> tuple[str, str, str] | None:
    """Of a "delivery time", or of deliveries, where one table says when things were delivered, and when they began."""
    done = deeds().get(lemma(words[0]))
    if done is None or (len(words) > 1 and words[1] not in _LENGTHS) or len(words) > 2:
        return None
    told = {str(i.data) for i in items if i.code == "d"} | {
        schema.owner(m.field) for i in items if i.code == "v" for m in i.data
    }
    found = [(d.name, t) for d in schema.model.datasets for t in schema.times(d.name) if done in schema.noun_of(t)]
    found = [(d, t) for d, t in found if d in told] or found
    if len(found) != 1:
        return None
    base, end = found[0]
    start = schema.time_of(base)
    return (base, start, end) if start and start != end and schema.owner(start) == base else None


def _since_the_start(time: str, schema: Schema) -> tuple[str, str, str] | None:
    """ "average first response time": from when the row began to then."""
    start = schema.time_of(schema.owner(time)) if schema.is_time(time) else None
    return (
        (schema.owner(time), start, time)
        if start and start != time and schema.owner(start) == schema.owner(time)
        else None
    )


def _its_end(dataset: str, schema: Schema) -> tuple[str, str, str] | None:
    start, end = schema.time_of(dataset), end_of(dataset, schema)
    if end is None:
        done = [t for t in schema.times(dataset) if t != start and schema.noun_of(t) & LISTS["done_at"]]
        end = done[0] if len(done) == 1 else None
    return (dataset, start, end) if start and end and start != end and schema.owner(start) == dataset else None
