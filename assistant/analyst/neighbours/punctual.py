"""Late and on time, where a row says by when something was due and when it was done: "late deliveries", "bills paid on
time", "overdue loans"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item, rows_of
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.money import amount_of, as_measure, still_owed, told_unpaid
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.neighbours.standing import standing
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.profile.sayings import deeds
from knowledge.request import Aggregate, All, Calc, Comparator, Compare, Condition, InWindow, Literal_
from knowledge.words import lemma

_LATE = re.compile(r"late|too late|delayed|behind schedule|past (?:the )?(?:due|deadline)", re.I)
_ON_TIME = re.compile(r"on[- ]time|punctual(?:ly)?|in time|on schedule|within (?:the )?deadline", re.I)
_EARLY = re.compile(r"early|ahead of (?:time|schedule)", re.I)
_OVERDUE = re.compile(r"overdue|past[- ]due", re.I)
_DUE = LISTS["due"]
_DONE = LISTS["done_at"]
_ASKED = frozenset(["request", "requested"])
"""By when something was asked for, unless that is when it was asked."""


def punctual(items: list[Item], schema: Schema) -> list[Item]:
    """What was done after it was due is late; what is not done though it was due is overdue."""
    for n, item in enumerate(items):
        said = item.text.lower()
        if said.startswith("time ") and item.code == "f" and item.before.split()[-1:] == ["on"]:
            rest = said.removeprefix("time ")  # "on-time return rate"
            on, deed = replace(item, text="time", end=item.start + 1), replace(item, text=rest, start=item.start + 1)
            return punctual([*items[:n], on, replace(deed, before=""), *items[n + 1 :]], schema)
        if said == "time" and item.before.split()[-1:] in (["on"], ["in"]):
            said = f"{item.before.split()[-1]} time"
        elif not (item.code in ".j" or _by_chance(item, items, n, schema)):
            continue
        if not any(p.fullmatch(said) for p in (_LATE, _ON_TIME, _EARLY, _OVERDUE)):
            continue
        after = items[n + 1] if n + 1 < len(items) else None
        if after is not None and after.code == "d" and _is_deed(after) and lemma(after.text.lower()) not in _COMES:
            continue  # early terminations are no early payments
        places = _things(items, n, schema)
        if _OVERDUE.fullmatch(said) and not any(i.code in "dmM" for i in items):
            return _bills_overdue(items, n, schema) or items
        under = dict.fromkeys(c for d in places for c in schema.children(d) if c not in places)
        below = [c for c in under if _condition(c, said, None, schema)]
        if len(below) > 1 and _OVERDUE.fullmatch(said):
            below = [c for c in below if schema.amount(c)]  # who is overdue is so with bills
        by = [str(b.data) for a, b in pairwise(items) if a.code == "y" and b.code == "d"]
        for dataset in (*places, *(below if len(below) == 1 else ())):
            if not all(schema.belongs_to(dataset, group) for group in by):
                continue
            near = [i for i in items[max(0, n - 2) : n + 2] if i is not item]
            verb = next((i for i in near if i.code == "j" or (i.code == "f" and schema.is_time(str(i.data)))), None)
            told = _condition(dataset, said, verb, schema)
            if told is None:
                continue
            cond = Cond((told,), text=said)
            made = replace(item, code="C", data=cond, score=0.95, options=(), before="")
            tail = [i for i in items[n + 1 :] if i is not verb or i.code != "f"]
            if tail and tail[0].code == "d" and tail[0].data != dataset and _is_deed(tail[0]):
                link = Link("dataset", dataset, 0.9, True)  # a supplier's deliveries
                tail[0] = replace(tail[0].linked(link), options=(link,))
            return [*items[:n], made, *tail]
        if said == "on time":  # no column of that name is meant, nor nothing at all
            return [*items[:n], item.unread(), *items[n + 1 :]]
    return items


def days_late(items: list[Item], schema: Schema) -> list[Item]:
    """ "average days late", "the most days late of deliveries": of what was done after it was due, by how much."""
    for n in range(len(items) - 1):
        unit, late = items[n], items[n + 1]
        if unit.text.lower() not in _UNITS or not _LATE.fullmatch(late.text) or late.before:
            continue
        if n and items[n - 1].code == "n":
            continue  # "more than 5 days late": see `late_by`
        near = _things([*items[:n], *items[n + 1 :]], n, schema)  # of what, if not of all that can be late
        every = [d.name for d in schema.model.datasets]
        known = {d: told for d in every if (told := _condition(d, "late", None, schema))}
        found = [(d, known[d]) for d in near if d in known] or list(known.items())
        if len({d for d, _ in found}) != 1:
            continue
        (dataset, (_, condition)), mark = found[0], items[n - 1] if n else None
        if not isinstance(condition, Compare) or condition.field_value is None:
            continue
        agg: Any = mark.data if mark is not None and mark.code == "a" else "avg"
        span = Calc(op=_UNITS[unit.text.lower()], args=[condition.field_value, str(condition.field)])
        measure = Aggregate(agg=agg, of=span, dataset=dataset, where=[condition])
        first = n - 1 if mark is not None and mark.code == "a" else n
        made = replace(as_measure(unit, measure, dataset), start=items[first].start, end=late.end, text="days late")
        rest = items[n + 2 :]
        if rest[:1] and rest[0].code == "O" and rest[1:2] and rest[1].data == dataset:
            rest = rest[2:]
        return [*items[:first], made, *rest]
    return items


_UNITS: dict[str, Any] = {"days": "days_between", "hours": "hours_between", "minutes": "minutes_between"}


def _bills_overdue(items: list[Item], n: int, schema: Schema) -> list[Item] | None:
    """ "what's overdue?", "how much is overdue by town?": the only rows that can be, or what they come to."""
    found = [(d.name, told) for d in schema.model.datasets if (told := _condition(d.name, "overdue", None, schema))]
    if len(found) > 1:
        found = [(d, told) for d, told in found if amount_of(d, schema)]
    if len(found) != 1:
        return None
    (dataset, told), item = found[0], items[n]
    amount, rows = amount_of(dataset, schema), rows_of(dataset, item.end, item.end, dataset)
    if items[0].text.lower() == "how much":
        if amount is None:
            return None
        rows = as_measure(rows, amount)
    cond = replace(item, code="C", data=Cond((told,), text=item.text), score=0.95, options=(), before="")
    return [*items[:n], cond, rows, *items[n + 1 :]]


def overdue_by(items: list[Item], _: Schema) -> list[Item]:
    """ "overdue by more than 30 days": due so long ago."""
    for n in range(len(items) - 3):
        tail = [i for i in items[n + 1 : n + 6] if i.code not in "yMd"]
        if (
            items[n].code != "C"
            or not _OVERDUE.fullmatch(items[n].data.text)
            or [i.code for i in tail[:2]] != ["o", "n"]
        ):
            continue
        unit = tail[2].text.lower().removesuffix("s") if len(tail) > 2 else ""
        (reference, condition), *_rest = items[n].data.options
        if unit not in ("day", "week", "month") or not isinstance(condition, All) or tail[0].data not in (">", ">="):
            continue
        ago = f"before {tail[1].data.value:g} {unit}s ago"
        due = [c.model_copy(update={"window": ago}) if isinstance(c, InWindow) else c for c in condition.of]
        text = f"overdue by {tail[0].text} {tail[1].text} {tail[2].text}"
        cond = Cond(((reference, All(of=due)),), text=text)
        at = items.index(tail[2]) + 1
        kept = [i for i in items[n + 1 : at] if i.code in "Md"]
        return [*items[:n], replace(items[n], data=cond, text=text), *kept, *items[at:]]
    return items


def late_by(items: list[Item], schema: Schema) -> list[Item]:
    """ "bills paid more than 5 days late": so long after they were due."""
    for n, item in enumerate(items):
        if item.code != "C" or not _LATE.fullmatch(item.data.text) or n < 3:
            continue
        start = n - 3 if items[n - 3].code == "o" else n - 2
        words = "".join(i.code for i in items[start:n])
        unit = items[n - 1].text.lower().removesuffix("s")
        (reference, condition), *_rest = item.data.options
        plain = isinstance(condition, Compare) and isinstance(condition.field_value, str)
        if words not in ("ong", "onf", "ng") or unit not in _DAYS or not plain:
            continue
        op: Comparator = items[start].data if words != "ng" else ">="
        size = int(items[n - 2].data.value * _DAYS[unit])
        due = Calc(op="plus_days", args=[str(condition.field_value), Literal_(value=size)])
        late = Compare(field=reference, op=op, field_value=due)
        bounds: list[Condition] = [late] if op in (">", ">=") else [condition, late]
        text = f"{items[start].text} {items[n - 2].text} {items[n - 1].text} late"
        cond = Cond(((reference, All(of=bounds)),), text=text)
        return [*items[:start], replace(item, data=cond, text=text), *items[n + 1 :]]
    return items


_DAYS = {"day": 1, "week": 7}


def _by_chance(item: Item, items: list[Item], n: int, schema: Schema) -> bool:
    """The word was read as something that only has it in its name: a late fee, what is called late of other rows."""
    if item.code == "v":
        return _of_others(item, items, n, schema)
    return item.code == "f" and schema.is_number(str(item.data)) and len(schema.noun_of(str(item.data))) > 1


def _of_others(item: Item, items: list[Item], n: int, schema: Schema) -> bool:
    """The word is a part of stored values, or a value of other rows than those it is said of: of "late parcels", rather
    than of claims made because a parcel was late."""
    said_of = [str(i.data) for i in [*reversed(items[:n]), *items[n + 1 :]] if i.code == "d"][:1]
    owners = {schema.owner(m.field) for m in item.data if m.kind != "part"}
    return not owners or (bool(said_of) and said_of[0] not in owners)


_COMES = frozenset(
    ["payment", "delivery", "shipment", "arrival", "receipt", "departure", "return", "dispatch", "completion"]
)


def _is_deed(item: Item) -> bool:
    return lemma(item.text.lower()) in deeds()


def _things(items: list[Item], n: int, schema: Schema) -> list[str]:
    near = [*items[n + 1 : n + 2], *reversed(items[:n]), *items[n + 2 :]]
    return list(dict.fromkeys(d for i in near if i.code in "dmfMj" for d in _rows(i, schema)))


def _rows(item: Item, schema: Schema) -> list[str]:
    return list(item.data.datasets) if item.code == "M" else linked_datasets(item, schema)[:1]


def _condition(dataset: str, said: str, verb: Item | None, schema: Schema) -> tuple[str, Condition] | None:
    times = schema.times(dataset)
    due = [t for t in times if schema.forms_of(t) & _DUE]
    due = [t for t in due if t != schema.time_of(dataset) or not schema.forms_of(t) & _ASKED]
    due = [t for t in due if "first" not in schema.forms_of(t)]  # when the first of several parts is due
    done = [t for t in times if t not in due and schema.forms_of(t) & _DONE]
    if len(due) > 1 and verb is not None:  # "shipped late": after it was to be shipped
        due = [t for t in due if lemma(verb.text.lower()) in schema.forms_of(t)] or due
    done = [t for t in done if not schema.forms_of(t) & {"start", "started"}] or done
    actual = [t for t in done if "actual" in schema.forms_of(t)] or done
    if not due and len(actual) == 1:  # payments are late by when their bills are due
        above = [p for p in schema.parents(dataset)[1:] if schema.distance(dataset, p) == 1]
        due = [t for p in above for t in schema.times(p) if schema.forms_of(t) & _DUE]
    if verb is not None:
        actual = [t for t in done if lemma(verb.text.lower()) in schema.forms_of(t)] or actual
    if len(due) > 1:
        due = [t for t in due if actual and (schema.forms_of(t) - _DUE) & schema.forms_of(actual[0])] or due
    if len(due) == 1 and not actual and _OVERDUE.fullmatch(said):
        owing = told_unpaid(dataset, schema) or still_owed(dataset, schema)
        if owing is not None:
            return due[0], All(of=[owing[1], InWindow(field=due[0], window="before today")])
    if len(due) != 1 or len(actual) != 1:
        return None
    if _OVERDUE.fullmatch(said):
        if schema.field(actual[0]).nulls == 0:
            return None  # a payment that was made is not overdue: its bill would be
        undone: list[Condition] = [
            Compare(field=actual[0], op="is_null"),
            InWindow(field=due[0], window="before today"),
        ]
        return actual[0], All(of=[*undone, *standing(dataset, schema)])
    op: Comparator = ">" if _LATE.fullmatch(said) else "<" if _EARLY.fullmatch(said) else "<="
    return actual[0], Compare(field=actual[0], op=op, field_value=due[0])
