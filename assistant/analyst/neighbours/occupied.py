"""Who or what is in a place: "vacant units", "occupied rooms", "occupancy rate" of today, "guests who stayed in May",
where leases, stays or hires say from when to when each is taken."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item, rows_of
from assistant.analyst.neighbours.standing import is_void, standing
from assistant.analyst.reduce.reads import Cond, share_counted
from assistant.analyst.schema import Schema
from knowledge.request import Compare, Condition, Exists, InWindow, Not
from knowledge.words import lemma

_FREE = frozenset(["vacant", "unoccupied", "empty", "unlet", "unrented", "void"])
_TAKEN = frozenset(["occupied", "let", "rented", "leased", "tenanted", "taken"])
_STAYS = frozenset(
    ["lease", "tenancy", "stay", "booking", "reservation", "rental", "hire", "occupancy", "let", "contract"]
)
_BEGINS = frozenset(["start", "begin", "from", "checkin", "in", "arrival", "arrive", "pickup"])
_NIGHTS = frozenset(["checkout", "out", "departure", "depart"])
"""Whoever leaves on a day is not there for its night."""
_ENDS = frozenset(["end", "until", "checkout", "departure", "depart", "return", "expiry", "out"])


def occupied(items: list[Item], schema: Schema) -> list[Item]:
    """The words as whether a stay covers today; as of another day nothing is said."""
    for n, item in enumerate(items):
        word, after = item.text.lower(), items[n + 1] if n + 1 < len(items) else None
        rate = word == "occupancy" and after is not None and after.text.lower() in ("rate", "rates", "percentage")
        if item.code not in ".jfv" or not (rate or word in _FREE | _TAKEN) or any(i.code in "wgx" for i in items):
            continue
        beside = after is not None and after.code == "d" and not after.before
        if not (rate or beside or set(item.before.split()) & LISTS["copulas"]):
            continue  # "who rented the most"
        near = [*items[n + 1 : n + 2], *reversed(items[:n])]
        told = [str(i.data) for i in near if i.code == "d" and not schema.is_person(str(i.data))]
        places = [p for p in told if _stay(p, schema)] or ([] if told and not rate else _places(schema))
        if len(set(places)) != 1:
            continue
        place = places[0]
        if rate:
            share = share_counted(place, _taken_now(place, schema))
            made = replace(item, code="M", text="occupancy rate", data=share, options=())
            return [*items[:n], made, *items[n + 2 :]]
        if item.code == "v" and any(schema.owner(m.field) == place for m in item.data):
            continue  # the place says so itself
        cond = Cond(((None, _taken_now(place, schema, free=word in _FREE)),), text=word)
        made = replace(item, code="C", data=cond, score=0.9, options=(), before="")
        noun = [] if told else [rows_of(place, item.end, item.end, place)]
        return [*items[:n], made, *noun, *items[n + 1 :]]
    return items


_OVER_BY_NOW = re.compile(r"\b(?:last|previous|yesterday|ago)\b", re.I)
_NO_SHOW = re.compile(r"no[ _-]?shows?|did not (?:arrive|come)", re.I)


def _came(name: str, schema: Schema, *, undone: bool) -> list[tuple[str, Condition]]:
    """That a stay was neither cancelled nor missed; `undone`: said of those who have none, by what it then is."""
    found: list[tuple[str, Condition]] = []
    for field in schema.model.dataset(name).fields:
        reference = f"{name}.{field.name}"
        void = [s for s in field.samples if is_void(s) or _NO_SHOW.fullmatch(str(s))]
        if field.role == "category" and void and len(void) < len(field.samples):
            told: list[Any] = [s for s in field.samples if s not in void] if undone else void
            found.append((reference, Compare(field=reference, op="in" if undone else "not_in", value=told)))
    return found


def _places(schema: Schema) -> list[str]:
    return [d.name for d in schema.model.datasets if not schema.is_person(d.name) and _stay(d.name, schema)]


def _stay(place: str, schema: Schema) -> tuple[str, str, str, list[str]] | None:
    """The dataset of stays in a place, with when one begins and ends, and what may end it early."""
    for name in schema.children(place):
        if schema.distance(name, place) != 1 or not schema.noun(name) & _STAYS:
            continue
        times = schema.times(name)
        span = _span(name, schema)
        over = [t for t in times if t not in (span or ()) and schema.field(t).nulls > 0 and schema.forms_of(t) & _OVER]
        if span is not None:
            return name, *span, over
    return None


def _span(name: str, schema: Schema) -> tuple[str, str] | None:
    """When one begins, which is not when it was booked, and when it ends."""
    times = schema.times(name)
    told = [t for t in times if schema.forms_of(t) & _BEGINS]
    begin = told[0] if len(told) == 1 else schema.time_of(name)
    ends = [t for t in times if t != begin and schema.forms_of(t) & _ENDS]
    return (str(begin), ends[0]) if begin in times and len(ends) == 1 else None


def stayed(items: list[Item], schema: Schema) -> list[Item]:
    """ "guests who stayed in May", "families who haven't stayed this year": by when the stay began, whenever it was
    booked; what was cancelled was none."""
    for n, item in enumerate(items):
        if item.code != "j" or lemma(item.text.lower()) != "stay" or item.before.endswith("to"):
            continue
        spans = {
            d.name: s for d in schema.model.datasets if schema.noun(d.name) & _STAYS and (s := _span(d.name, schema))
        }
        if n > 1 and items[n - 2].code == "c" and items[n - 1].code == "v":
            return [
                *items[: n - 1],
                replace(items[n - 1], code="."),
                *items[n:],
            ]  # "how many families stayed", of rooms
        if len(spans) != 1 or not any(i.code in "wgt" for i in items[n + 1 :]):
            return items
        ((name, (begin, _)),) = spans.items()
        if begin != schema.time_of(name):
            items = [replace(i, extra={**i.extra, "time": begin}) if i.code in "wgt" else i for i in items]
        kept = _came(name, schema, undone=any(i.code == "z" for i in items[:n]))
        if not any(_OVER_BY_NOW.search(i.text) for i in items[n + 1 :] if i.code == "w"):
            kept.append((begin, InWindow(field=begin, window="until today")))  # who is still to come has not stayed
        said = [Item("C", item.end, item.end, item.text, Cond((made,), text=item.text)) for made in kept]
        return [*items[: n + 1], *said, *items[n + 1 :]]
    return items


_OVER = frozenset(["terminate", "terminated", "cancel", "cancelled", "leave", "left", "vacate", "vacated"])


def _taken_now(place: str, schema: Schema, *, free: bool = False) -> Exists:
    stay = _stay(place, schema)
    assert stay is not None
    name, begin, end, over = stay
    nights = bool(schema.forms_of(end) & _NIGHTS)
    until = InWindow(field=end, window="until today" if nights else "before today")
    covers: list[Condition] = [InWindow(field=begin, window="until today"), Not(of=until), *standing(name, schema)]
    covers += [Compare(field=t, op="is_null") for t in over]
    return Exists(dataset=name, where=covers, negated=free)
