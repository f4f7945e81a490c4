"""What people did, to what is theirs or themselves: "how many people cancelled their policy in May" are those with a
policy that was cancelled in it; those who "joined in May and have a dog" joined in it, whenever they got the dog."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.request import Compare, Condition, InWindow
from knowledge.words import lemma

_THEIRS = frozenset(["their", "his", "her", "its"])


def done_to_theirs(items: list[Item], schema: Schema) -> list[Item]:
    """The deed as a condition on what it was done to: when that was, where it is kept, else its state."""
    for n in range(1, len(items) - 1):
        deed, thing = items[n], items[n + 1]
        who = next((i for i in reversed(items[:n]) if i.code not in "qh"), None)
        theirs = thing.code == "d" and bool(set(thing.before.split()) & _THEIRS)
        if deed.code not in "jv" or not theirs or who is None or who.code != "d" or who.data == thing.data:
            continue
        rows = str(thing.data)
        if not schema.is_person(str(who.data)) or not schema.belongs_to(rows, str(who.data)):
            continue
        when = items[n + 2] if n + 2 < len(items) and items[n + 2].code == "w" else None
        told = _done(deed.text.lower(), rows, when, schema)
        if told is None:
            continue
        having = Item("h", deed.start, deed.start, "with")
        made = replace(deed, code="C", data=Cond((told,), text=deed.text), score=0.95, options=(), before="")
        dated = when is not None and isinstance(told[1], InWindow)
        return [*items[:n], having, replace(thing, before=""), made, *items[n + 2 + dated :]]
    return items


def _done(deed: str, rows: str, when: Item | None, schema: Schema) -> tuple[str, Condition] | None:
    times = [t for t in schema.times(rows) if lemma(deed) in schema.forms_of(t) - LISTS["date_words"]]
    if times and when is not None and when.data.window is not None:
        return times[0], InWindow(field=times[0], window=when.data.window)
    if times and schema.field(times[0]).nulls > 0:
        return times[0], Compare(field=times[0], op="not_null")
    for field in schema.model.dataset(rows).fields:
        state = next((s for s in field.samples if lemma(str(s).lower()) == lemma(deed)), None)
        if field.role == "category" and state is not None:
            return f"{rows}.{field.name}", Compare(field=f"{rows}.{field.name}", op="=", value=state)
    return None


def came_then(items: list[Item], schema: Schema) -> list[Item]:
    """ "members who joined in 2025 and are still active": the period is that of their joining, and nothing else's."""
    for n in range(1, len(items) - 1):
        deed, when = items[n], items[n + 1]
        who = next((i for i in reversed(items[:n]) if i.code not in "qh"), None)
        if deed.code not in "jf" or when.code != "w" or when.data.window is None or who is None or who.code != "d":
            continue
        time, rows = str(deed.data), str(who.data)
        if time != schema.time_of(rows) or schema.owner(time) != rows or not schema.is_person(rows):
            continue
        rest = items[n + 2 :]
        states = [i for i in rest if i.code == "v" and all(schema.owner(m.field) != rows for m in i.data)]
        joined = len(rest) > 1 and rest[0].code == "&" and states
        if not joined or any(i.code in "wgxmM" for i in rest):
            continue
        inside = InWindow(field=time, window=when.data.window)
        made = replace(when, code="C", data=Cond(((time, inside),), text=when.text), options=(), before="")
        return [*items[:n], made, *rest]
    return items
