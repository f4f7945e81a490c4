"""Which date a row happened on."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.model import ModelField
from knowledge.words import lemma, listed

_MOSTLY_EMPTY, _FEW = 0.5, 0.01
_OFTEN_LATER = 0.1
_PLANNED = frozenset(
    ["promise", "promised", "due", "plan", "planned", "expect", "expected", "schedule", "scheduled", "estimate",
     "estimated", "target", "forecast", "valid", "expire", "expiry", "birth"]
)  # fmt: skip
_STARTS, _ENDS = frozenset(["start", "begin"]), frozenset(["end", "finish", "stop"])
_HELD = frozenset(
    ["appointment", "session", "class", "lesson", "shift", "meeting", "event", "trip", "ride", "tour", "performance",
     "show", "game", "match", "treatment", "visit", "lecture", "workshop", "course", "rehearsal", "concert"]
)  # fmt: skip
"""What takes place when it starts, whenever it was booked."""
_LEAVES, _COMES = frozenset(["departure", "depart", "leave"]), frozenset(["arrival", "arrive"])


def default_time(fields: Sequence[ModelField], thing: Sequence[str], rows: int) -> str | None:
    """The name of the date or timestamp that says when a row happened: the date of the thing itself (an order's order
    date) over a creation date, over any other; never a birth, an end or a change, unless nothing else dates the row."""
    times = [f for f in fields if f.type in ("date", "timestamp")]
    lasts = any(_kinds(f) & _ENDS for f in times)
    trips = any(_kinds(f) & _LEAVES for f in times)
    scored = [
        (_score(f, thing, rows, lasts=lasts) - (trips and bool(_kinds(f) & _COMES)), -f.nulls, -n, f)
        for n, f in enumerate(times)
    ]  # a trip happens when it leaves
    if not scored:
        return None
    score, _, _, best = max(scored)
    if score > 0:
        always = [f for s, *_, f in scored if s > 0 and not f.nulls and not _kinds(f) & _PLANNED]
        if rows and best.nulls > _OFTEN_LATER and always and not set(thing) & _kinds(best):
            return always[0].name  # what is paid or shipped later happens when it comes in
        return best.name
    changed = [f for *_, f in scored if set(_words(f)) & listed("times", "changed") and f.nulls < _MOSTLY_EMPTY]
    return changed[0].name if len(times) == len(changed) == 1 else None


def _words(field: ModelField) -> list[str]:
    return field.label.lower().split()


def _kinds(field: ModelField) -> set[str]:
    words = _words(field)
    return set(words) | {lemma(w) for w in words}


def _is_deed_of(noun: str, verb: str) -> bool:
    """ "deliver" of a delivery, "register" of a registration."""
    return noun != verb and len(verb) >= _STEM and noun.startswith(verb) and noun.endswith(_DEEDS)


_STEM = 4
_DEEDS = ("y", "ation", "tion", "ion", "ment", "ance", "al", "ing", "ure")


def _score(field: ModelField, thing: Sequence[str], rows: int, *, lasts: bool) -> float:
    kinds = _kinds(field)
    starts = bool(kinds & _STARTS) and (lasts or not _HELD.isdisjoint(thing))
    score = 1.0
    if starts:
        score = 2.7  # what has a start and an end happens when it starts, whenever it was booked
    elif kinds & listed("times", "happened"):
        score = 2.6
    elif kinds <= listed("times", "plain") | {"of", "the"}:
        score = 2.4
    elif kinds & listed("times", "began"):
        score = 2.1
    own = {lemma(w) for w in _words(field)} - listed("times", "plain") - {"on", "at"}
    done = any(_is_deed_of(word, kind) for word in thing for kind in kinds) or (bool(own) and own <= set(thing))
    if field.nulls < _FEW and done:
        score, kinds = 3.4, set()  # when a delivery was delivered, and a return slip returned
    if set(thing) & kinds:
        if kinds - set(thing) <= listed("times", "plain"):
            score = max(score, 2.6)  # the "bill date" of bills, whenever they are paid
        score += 0.8
    if "created" in kinds or "create" in kinds or "creation" in kinds:
        score -= 0.2
    if kinds & (listed("times", "ended") | {"last", "next", "first"}) and not starts and not kinds & {"created"}:
        score -= 3.0
    if kinds & (listed("times", "changed") | listed("times", "never")):
        score -= 4.0
    if kinds & listed("roles", "load_marks"):
        score -= 4.0
    if rows and field.nulls > _MOSTLY_EMPTY:
        score -= 1.5 if field.nulls < 1 else 3.5
    return score
