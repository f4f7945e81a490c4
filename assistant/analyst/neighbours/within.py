"""How long it took until something was done, where only two dates are kept: "invoices that took more than 14 days to
be paid", "parcels delivered within 2 days", "which insurer is the slowest to pay"."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from assistant.analyst.english import LISTS, Super
from assistant.analyst.item import Item
from assistant.analyst.neighbours.money import amount_of
from assistant.analyst.reduce.reads import Cond, MeasureRead
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Calc, Comparator, Compare, Literal_
from knowledge.words import lemma

_SPANS: dict[str, tuple[int, Literal["days_between", "hours_between"]]] = {
    "day": (1, "days_between"),
    "week": (7, "days_between"),
    "hour": (1, "hours_between"),
}
_TOOK = frozenset(["take", "last", "need"])
_PAY = frozenset(["pay", "settle"])
_BEGAN = frozenset(["book", "reserve", "create", "register", "order", "place", "request", "open", "start", "begin"])
_SLOW = {"slowest": True, "longest": True, "fastest": False, "quickest": False, "soonest": False, "shortest": False}
_PAYMENTS = frozenset(["payment", "receipt", "remittance", "settlement", "repayment", "collection"])


def within(items: list[Item], schema: Schema) -> list[Item]:
    """ "took more than 14 days to be paid", "paid within 30 days": a bound on the days from the first date of a row to
    the one at which that was done. Where no such date is kept the number is left unread, so that it is declined."""
    for n in range(1, len(items)):
        number = items[n]
        unit = items[n + 1] if n + 1 < len(items) else None
        span = _SPANS.get(unit.text.lower().removesuffix("s")) if unit is not None else None
        if number.code != "n" or unit is None or span is None or unit.before:
            continue
        first, last, verb, op = _bound(items, n)
        thing = next((str(i.data) for i in reversed(items[:first]) if i.code == "d"), None)
        if op is None or verb is None or thing is None:
            continue
        ends = till_done(thing, verb, schema)
        if ends is None:
            took = lemma(items[first].text.lower()) in _TOOK
            return [*items[:n], number.unread(), *items[n + 1 :]] if took else items
        (start, end), (times, between) = ends, span
        size = Literal_(value=number.data.value * times)
        took_so_long = Compare(field=Calc(op=between, args=[start, end]), op=op, field_value=size)
        text = f"{verb.text} {items[first].text} {number.text} {unit.text}"
        cond = Cond(((end, took_so_long),), text=text)
        made = Item("C", items[first].start, items[last].end, text, cond, 0.95)
        return [*items[:first], made, *items[last + 1 :]]
    return items


def _bound(items: list[Item], n: int) -> tuple[int, int, Item | None, Comparator | None]:
    """Where the words begin and end, the verb, and how it is bounded: "took more than 14 days to be paid", "paid within
    30 days", "paid in under 30 days"."""
    mark = items[n - 1]
    after = items[n + 2] if n + 2 < len(items) else None
    if mark.code == "o" and n > 1 and lemma(items[n - 2].text.lower()) in _TOOK:
        if after is not None and after.code in "jfv" and after.before.split()[:1] == ["to"]:
            return n - 2, n + 2, after, mark.data
        return n, n, None, None
    verb = items[n - 2] if mark.code == "o" and n > 1 and mark.before.split()[-1:] == ["in"] else mark
    inside = items[n].before.split()[-1:] == ["within"] if verb is mark else True
    if verb.code not in "jfv" or not inside or not verb.text.lower().endswith(("ed", "id", "nt", "wn", "en")):
        return n, n, None, None
    return items.index(verb), n + 1, verb, "<=" if verb is mark else mark.data


def till_done(thing: str, verb: Item, schema: Schema) -> tuple[str, str] | None:
    """From the usual date of the rows to that at which the verb was done: their own, or that of rows made of them."""
    start, stem = schema.time_of(thing), lemma(verb.text.lower())
    if start is None or schema.owner(start) != thing or stem in _BEGAN or schema.forms_of(start) & {stem}:
        return None
    own = [t for t in schema.times(thing) if t != start and schema.owner(t) == thing and stem in schema.forms_of(t)]
    own = [t for t in own if not schema.forms_of(t) & LISTS["due"]] or own
    if len(own) == 1:
        return start, own[0]
    near = [c for c in schema.children(thing) if schema.distance(c, thing) == 1 and (t := schema.time_of(c))]
    below = [t for c in near if (t := str(schema.time_of(c))).startswith(f"{c}.")]
    below = [t for t in below if stem in schema.forms_of(t) | schema.noun(schema.owner(t)) | _deed(t, schema)]
    return (start, below[0]) if not own and len(below) == 1 else None


def _deed(time: str, schema: Schema) -> frozenset[str]:
    return _PAY if schema.noun(schema.owner(time)) & _PAYMENTS else frozenset()


def slowest_to_pay(items: list[Item], schema: Schema) -> list[Item]:
    """ "which insurer is the slowest to pay", "who takes the longest to pay": by the days to its payment."""
    for n in range(1, len(items) - 1):
        mark, rest = items[n], items[n + 1 :]
        slow = _SLOW.get(mark.text.lower().split()[-1]) if mark.code == "s" and mark.text else None
        verb = rest[0]
        if slow is None or lemma(verb.text.lower()) not in _PAY or verb.code not in "jvf" or len(rest) > 1:
            continue
        left = [i for i in items[:n] if lemma(i.text.lower()) not in _TOOK]
        who = next((str(i.data) for i in left if i.code == "d"), "")
        days = next((d for d in schema.once(days_to_pay) if who and schema.belongs_to(str(d.dataset), who)), None)
        if days is None:
            return [*items[: n + 1], verb.unread()]
        most = replace(mark, data=Super(descending=slow, nth=mark.data.nth))
        read = MeasureRead(days, (str(days.dataset),))
        return [*left, most, Item("M", verb.start, verb.end, "days to pay", read)]
    return items


def days_to_pay(schema: Schema) -> list[Aggregate]:
    """On average, for each kind of bills that has a date of its own and one at which it was paid, in its row or in
    those of its payments."""
    paid = Item("j", 0, 0, "paid")
    bills = [d.name for d in schema.model.datasets if schema.amount(d.name) or amount_of(d.name, schema)]
    found = [ends for b in bills if not schema.noun(b) & _PAYMENTS and (ends := till_done(b, paid, schema))]
    return [
        Aggregate(agg="avg", of=Calc(op="days_between", args=[start, end]), dataset=schema.owner(end))
        for start, end in found
    ]
