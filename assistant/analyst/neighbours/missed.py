"""Who was expected and did not come: "who missed the most sessions", "missed appointments last month", where a state of
what people were booked on says "no-show"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.item import Item, rows_of
from assistant.analyst.schema import Schema
from knowledge.values import ValueMention

_MISSED = frozenset(["missed", "miss", "misses", "skipped", "skip", "skips"])
_ABSENT = re.compile(
    r"no[ _-]?shows?|noshow|absent|dna|did[ _-]?not[ _-]?(?:attend|come|arrive|show)|not[ _-]?attended", re.I
)
_COPULAS = frozenset(["is", "are", "was", "were", "been", "being", "get", "got", "gets"])


def missed(items: list[Item], schema: Schema) -> list[Item]:
    """The word as the state of the rows that tell it: those who missed something had no-shows, and what was missed are
    the bookings of it."""
    for n, item in enumerate(items):
        if item.text.lower() not in _MISSED or item.code not in "j.":
            continue
        passive = bool(set(item.before.split()) & _COPULAS)
        at = _object(items, n, passive=passive)
        if at is None:
            continue
        absence = _absence(str(items[at].data), item, schema)
        if absence is None:
            continue
        rows, state = absence
        if passive or not _by_somebody(items, n, schema):
            said = replace(item, code="v", data=(state,), score=state.score, options=())
            thing = rows_of(rows, items[at].start, items[at].end, items[at].text)
            return [said if i is item else replace(thing, before=i.before) if i is items[at] else i for i in items]
        had = replace(item, code="h", text="had", data=None, options=())
        absent = replace(items[at], code="v", text="no-shows", data=(state,), score=state.score, options=())
        counted = [rows_of(rows, absent.end, absent.end, rows)] if any(i.code == "n" for i in items[n:at]) else []
        return [*items[:n], had, *items[n + 1 : at], absent, *counted, *items[at + 1 :]]
    return items


def absence_as_stored(question: str, schema: Schema) -> str:
    """ "no-shows", where the data calls them otherwise: "DNA", "did not attend"."""
    if not _NO_SHOW.search(question) or (stored := schema.once(_stored)) is None:
        return question
    return _NO_SHOW.sub(stored, question)


def _stored(schema: Schema) -> str | None:
    """The one value of a state that says so, unless it says "no-show" itself."""
    fields = [f for d in schema.model.datasets for f in d.fields if f.role in ("category", "name")]
    told = {str(s) for f in fields for s in f.samples if _ABSENT.fullmatch(str(s))}
    return told.pop() if len(told) == 1 and not any(_NO_SHOW.fullmatch(s) for s in told) else None


_NO_SHOW = re.compile(r"\bno[ _-]?shows?\b", re.I)


def _object(items: list[Item], n: int, *, passive: bool) -> int | None:
    """What is missed: the noun before "were missed", else the next one after the word, with at most a number, or how
    many, between them."""
    if passive:
        return n - 1 if n and items[n - 1].code == "d" else None
    between = "".join(i.code for i in items[n + 1 : n + 4])
    found = re.match(r"(?:on|n|s)?d", between)
    return n + found.end() if found else None


def _by_somebody(items: list[Item], n: int, schema: Schema) -> bool:
    """ "members who missed …", rather than "how many missed …"."""
    left = [i for i in items[:n] if i.code not in "z"]
    if not left:
        return False
    people = left[-1].code == "d" and schema.is_person(str(left[-1].data))
    return people or (left[-1].code in "qh" and left[-1].text.lower().split()[0] in ("who", "that"))


def _absence(thing: str, item: Item, schema: Schema) -> tuple[str, ValueMention] | None:
    """That somebody did not come: of which rows, the thing's own or the nearest that belong to it, and the state, which
    may be listed in a table of its own."""
    near = sorted((thing, *schema.children(thing)), key=lambda d: schema.distance(d, thing) or 0)
    for rows in (d for d in dict.fromkeys(near) if schema.time_of(d)):
        states = [p for p in schema.parents(rows)[1:] if schema.distance(rows, p) == 1 and not schema.time_of(p)]
        for name in (rows, *states):
            for field in schema.model.dataset(name).fields:
                told = next((s for s in field.samples if _ABSENT.fullmatch(str(s))), None)
                if told is not None and field.role in ("category", "name"):
                    reference = f"{name}.{field.name}"
                    return rows, ValueMention(item.start, item.end, item.text, reference, told, 0.9, "fact")
    return None
