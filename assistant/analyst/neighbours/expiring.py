"""What runs out and what falls due, by the date on which it does: "whose licence has expired", "contracts up for
renewal next month", "vans that need a service this week"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.neighbours.who import named
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.request import All, Condition, InWindow
from knowledge.words import lemma

_EXPIRED = re.compile(r"expired|lapsed|run out|ran out|out of date", re.I)
_EXPIRES = re.compile(r"expir(?:e|es|ing|y)|laps(?:e|es|ing)|run(?:s|ning)? out", re.I)
_ENDS = frozenset(["expiry", "expire", "expires", "expired", "expiration", "until", "renewal", "renew"])
_DUE = frozenset(["next", "due", *_ENDS])
_FALLS = ("due", "overdue", "late")
_NEEDS = re.compile(
    r"(?:\b(?:need|needs|needing|due|up|ready|booked|scheduled|waiting|want|wants)\b.*\b(?:an?|their|its|for|the|to)?)$",
    re.I,
)


def expiring(items: list[Item], schema: Schema) -> list[Item]:
    """What "has expired" did so before today; what "expires before June" has not done so yet."""
    for n, item in enumerate(items):
        over, runs = _EXPIRED.fullmatch(item.text), _EXPIRES.fullmatch(item.text)
        told = item.code == "v" and runs and any(i.code == "w" for i in items[n + 1 :])  # of no state that it is in yet
        if not (over or runs) or not (item.code in "jf." or told):
            continue
        at, time = _what_ends(items, n, schema)
        if time is None:
            continue
        when = next((i for i in items[n + 1 :] if i.code == "w"), None)
        made = _within(time, when, over=bool(over))
        if made is None:
            continue
        condition = replace(
            item, code="C", data=Cond(((time, made),), text=item.text), score=0.95, options=(), before=""
        )
        rest = [condition if i is item else i for k, i in enumerate(items) if k != at and i is not when]
        return _of_their_owners(rest, schema.owner(time), schema)
    return items


def falling_due(items: list[Item], schema: Schema) -> list[Item]:
    """ "vans that need a service in the next 30 days", "tools due for inspection": by the day of the next one."""
    for n in range(1, len(items)):
        item = items[n]
        thing = next((str(i.data) for i in reversed(items[:n]) if i.code == "d"), None)
        said = item.before or (items[n - 1].text if items[n - 1].code in "jh." else "")
        due = items[n - 1].code == "O" and items[n - 2].text.lower() in _FALLS and n > 2  # "due for a service"
        said = "due for" if due else said
        if thing is None or item.code not in "fdj." or not _NEEDS.search(said):
            continue
        words = {lemma(w) for w in item.text.lower().split()}
        times = [t for t in schema.times(thing) if (label := schema.forms_of(t)) >= words and label & _DUE]
        if len(times) != 1:
            continue
        when = next((i for i in items[n + 1 :] if i.code == "w"), None)
        if when is not None:
            made: Condition = InWindow(field=times[0], window=when.data.window)
        else:
            over = due and items[n - 2].text.lower() != "due"
            made = InWindow(field=times[0], window="before today" if over else "until today")
        condition = replace(
            item, code="C", data=Cond(((times[0], made),), text=item.text), score=0.95, options=(), before=""
        )
        first = items[: n - 2] if due else items[:n]
        return [*first, condition, *(i for i in items[n + 1 :] if i is not when)]
    return items


def _what_ends(items: list[Item], n: int, schema: Schema) -> tuple[int | None, str | None]:
    """The date by which it does, and where in the question what ends is said, if apart from whose it is."""
    said = [(k, i) for k, i in enumerate(items) if i.code in "fd." and k != n]
    told = [d for _, i in said if i.code == "d" for d in linked_datasets(i, schema)[:1]]
    times = [t for d in schema.model.datasets for t in schema.times(d.name) if schema.forms_of(t) & _ENDS]
    for k, item in said:
        words = {lemma(w) for w in item.text.lower().split()} - {*told}
        of_it = [t for t in times if words and item.code != "d" and words & (schema.forms_of(t) - _ENDS)]
        of_it = [t for t in of_it if not told or schema.owner(t) in told] or of_it
        if len(of_it) == 1:
            return k, of_it[0]
    theirs = [t for t in times if schema.owner(t) in told]
    if not theirs:  # a lease expires when it ends
        theirs = [t for d in dict.fromkeys(told) for t in schema.times(d) if schema.forms_of(t) & {"end", "ends"}]
    return None, theirs[0] if len(theirs) == 1 else None


def _within(time: str, when: Item | None, *, over: bool) -> Condition | None:
    if when is None:
        return InWindow(field=time, window="before today") if over else None
    inside = InWindow(field=time, window=when.data.window)
    if over or when.data.window.start is not None:
        return inside
    return All(of=[InWindow(field=time, window="since today"), inside])


def _of_their_owners(items: list[Item], owner: str, schema: Schema) -> list[Item]:
    """ "whose licence": of the drivers, who have it."""
    if any(i.code == "d" for i in items):
        return items
    asked = items[0].code in "qlc"
    whose = items[0].code == "h" and items[0].text.lower() == "whose"
    first = [items[0]] if asked else [replace(items[0], code="q", text="which", data="which")] if whose else []
    return [*first, named(owner, items[0].end, schema), *items[len(first) :]]
