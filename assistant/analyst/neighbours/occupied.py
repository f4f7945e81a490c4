"""Who or what is in a place today: "vacant units", "occupied rooms", "occupancy rate", where leases, stays or hires say
from when to when each is taken."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.reduce.reads import Cond, share_counted
from assistant.analyst.schema import Schema
from knowledge.request import Compare, Condition, Exists, InWindow

_FREE = frozenset(["vacant", "unoccupied", "empty", "unlet", "unrented", "void"])
_TAKEN = frozenset(["occupied", "let", "rented", "leased", "tenanted", "taken"])
_STAYS = frozenset(
    ["lease", "tenancy", "stay", "booking", "reservation", "rental", "hire", "occupancy", "let", "contract"]
)
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
        noun = [] if told else [Item("d", item.end, item.end, place, place, 0.9, (Link("dataset", place, 0.9, True),))]
        return [*items[:n], made, *noun, *items[n + 1 :]]
    return items


def _places(schema: Schema) -> list[str]:
    return [d.name for d in schema.model.datasets if not schema.is_person(d.name) and _stay(d.name, schema)]


def _stay(place: str, schema: Schema) -> tuple[str, str, str, list[str]] | None:
    """The dataset of stays in a place, with when one begins and ends, and what may end it early."""
    for name in schema.children(place):
        if schema.distance(name, place) != 1 or not schema.noun(name) & _STAYS:
            continue
        begin, times = schema.time_of(name), schema.times(name)
        ends = [t for t in times if t != begin and schema.forms_of(t) & _ENDS]
        over = [
            t for t in times if t not in (begin, *ends) and schema.field(t).nulls > 0 and schema.forms_of(t) & _OVER
        ]
        if begin in times and len(ends) == 1:
            return name, str(begin), ends[0], over
    return None


_OVER = frozenset(["terminate", "terminated", "cancel", "cancelled", "leave", "left", "vacate", "vacated"])


def _taken_now(place: str, schema: Schema, *, free: bool = False) -> Exists:
    stay = _stay(place, schema)
    assert stay is not None
    name, begin, end, over = stay
    covers: list[Condition] = [InWindow(field=begin, window="until today"), InWindow(field=end, window="since today")]
    covers += [Compare(field=t, op="is_null") for t in over]
    return Exists(dataset=name, where=covers, negated=free)
