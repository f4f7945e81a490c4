"""Reasons that are written down: "the top reasons for cancelling this year" are those given most often for what was
cancelled in it."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.english import LISTS, Super
from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.ended import end_of
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.request import InWindow
from knowledge.words import lemma

_GIVEN = frozenset(["reason", "cause", "excuse"])
_STEM = 5


def reasons(items: list[Item], schema: Schema) -> list[Item]:
    """The reasons for a deed, where each is called so; the top ones are counted, rather than what they cost."""
    for n, item in enumerate(items):
        if item.code != "f" or lemma(item.text.lower().split()[-1]) not in _GIVEN:
            continue
        after = items[n + 1 : n + 3]
        named = after[1].text.lower() if "".join(i.code for i in after) in ("Oj", "Ov", "Od", "Of", "O.") else ""
        field = _reason_for(named, schema) if named and after[0].text == "for" else None
        if field is not None:
            link = Link("field", field, 0.95, True)
            items = [*items[:n], replace(item.linked(link), options=(link,)), *items[n + 3 :]]
        told = field or str(item.data)
        deed = named if field else next(iter(item.text.lower().split()[:-1]), "")  # "cancellation reasons"
        time = _time_of(deed, schema.owner(told), schema) if deed else None
        items = [_then(i, time) if time else i for i in items]
        if field is not None and n and items[n - 1].code == "a" and items[n - 1].data == "mode":
            items = [*items[: n - 1], replace(items[n - 1], code="s", data=Super(True, "count")), *items[n:]]
        at = n - 2 if n > 1 and items[n - 1].code == "n" else n - 1
        if at >= 0 and items[at].code == "T" and not any(i.code in "mM" for i in items):
            most = replace(items[at], code="s", data=Super(bool(items[at].data), "count"))
            items = [*items[:at], most, *items[at + 1 :]]
        return items
    return items


def _time_of(deed: str, owner: str, schema: Schema) -> str | None:
    """When that happened to the rows."""
    alike = next((t for t in schema.times(owner) if _alike(deed, t, schema)), None)
    return alike or (end_of(owner, schema) if lemma(deed) in LISTS["ends"] else None)


def _then(item: Item, time: str) -> Item:
    """A period as one in which that happened; months are those of when it did."""
    if "time" in item.extra:
        return item
    if item.code == "w" and item.data.window is not None:
        inside = InWindow(field=time, window=item.data.window)
        return replace(item, code="C", data=Cond(((time, inside),), text=item.text), options=(), before="")
    return replace(item, extra={**item.extra, "time": time}) if item.code in "gt" else item


def _reason_for(deed: str, schema: Schema) -> str | None:
    """The only field that gives reasons for it: "cancel reason" for cancelling."""
    fields = [f"{d.name}.{f.name}" for d in schema.model.datasets for f in d.fields if f.role in ("category", "text")]
    told = [f for f in fields if schema.forms_of(f) & _GIVEN and _alike(deed, f, schema)]
    return told[0] if len(told) == 1 else None


def _alike(deed: str, reference: str, schema: Schema) -> bool:
    """One is made of the other: cancelling, cancellation, cancel."""
    stem = lemma(deed)[:_STEM]
    return len(stem) == _STEM and any(word.startswith(stem) for word in schema.forms_of(reference))
