"""How a question in plain words asks for a forecast, and what is left of it: the data that it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from knowledge.calendar import Calendar, Mention
from knowledge.request import Grain, Window
from tools.forecasting.targets import target

_NOUN = r"(?:forecast|prediction|projection|outlook|prognosis|extrapolation)s?"
_ASKS = re.compile(
    rf"^\W*(?:(?:please|now|and|so|ok|can you|could you|would you|will you|i want|i need|i'd like|we need|give me|"
    rf"show me|show|make|run|get|create|do|what is|what's|what are|how is|let's)\s+)*"
    r"(?:me\s+)?(?:(?:a|an|the|our|your)\s+)?"
    rf"(?:{_NOUN}(?:\s+(?:of|for|on|about))?|(?:forecast|predict|project|extrapolate|estimate|anticipate)"
    rf"(?:\s+(?:of|for|how|what))?)\s+(?:(?:the|our|my|future)\s+)?",
    re.I,
)
_NAMED = re.compile(
    rf"\b(?:the\s+)?{_NOUN}\b|\b(?:forecast|predict|project|expect)ed\b|"
    r"\b(?:should|can|do|may)\s+(?:we|i|you)\s+expect\b",
    re.I,
)
_POLITE = re.compile(r"^\W*(?:(?:can\s+you\s+)?tell\s+me|do\s+you\s+know|let\s+me\s+know|i\s+wonder)\s+", re.I)
_THINK = re.compile(r"\bdo\s+you\s+(?:think|expect|reckon)\s+(.+?)\s+will\b", re.I)
_WHAT_BE = re.compile(r"^\W*what\s+(?P<what>(?!will\b).+?)\s+(?:will|would)\s+(?:be|look\s+like)\b", re.I)
_IS = (
    r"(?:will|shall|would|might|(?:is|are|am)\s+(?:\w+\s+){0,3}?(?:going|expected|likely|projected|predicted)\s+to|'ll)"
)
_WHAT_WILL = re.compile(
    rf"^\W*(?:and\s+|so\s+|ok\s+)?(?P<ask>what|how\s+(?:high|low|big|large|many|much))\s+{_IS}\s+(?:be\s+)?(?P<what>.+?)"
    r"(?:\s+(?:be|look\s+like|come\s+to|amount\s+to|total|reach))?(?=\s+(?:in|on|by|for|over|next|during|this|tomorrow)\b|\W*$)",
    re.I,
)
_HOW_WILL = re.compile(
    rf"^\W*(?:and\s+|so\s+)?(?:how|where)\s+{_IS}\s+(?P<what>.+?)\s+(?:look|develop|evolve|do|go|perform|be|change|trend|"
    r"move|fare|grow|be\s+doing)\b",
    re.I,
)
_DEED = re.compile(
    r"^\W*(?:and\s+|so\s+)?(?P<who>(?:how\s+(?:many|much)|which|what)\b[^.?!,]{0,60}?|)\s*\b"
    r"(?:will|shall|(?:are|is)\s+going\s+to|(?:are|is)\s+(?:expected|likely)\s+to)\b",
    re.I,
)
_LISTS = re.compile(r"^\W*(?:list|return|find|who|whom|whose|show\s+me\s+(?:all|the\s+\w+s\s+that))\b", re.I)
_UNIT: dict[str, Grain] = {
    "hour": "hour", "day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year",
}  # fmt: skip
_UNITS = "|".join(_UNIT)
_NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_AHEAD = re.compile(
    rf"\b(?:for|over|in|during|within)?\s*(?:the\s+)?(?:next|coming|following|upcoming)?\s*"
    rf"(?P<count>\d{{1,3}}|an?|{'|'.join(_NUMBERS)})\s+(?P<unit>{_UNITS})s?(?P<out>\s+(?:out|ahead|from\s+now|forward))?\b",
    re.I,
)
_REST_OF = re.compile(
    rf"\b(?:for|over|in|during)?\s*(?:the\s+)?(?:rest|remainder|balance|end)\s+of\s+(?:the|this)\s+(?P<unit>{_UNITS})\b",
    re.I,
)
_SPARE = re.compile(r"\b(?:in\s+the\s+future|from\s+now\s+on|going\s+forward|ahead|please)\b", re.I)


_SUPPOSES = re.compile(r"\bwould\b.*\b(?:without|excluding|except|if)\b", re.I)
"""What figures would be otherwise is no forecast."""


_DATED_AHEAD = re.compile(
    r"\b(?:due|expir\w+|laps(?:e|es|ing)|renew\w*|matur(?:e|es|ing)|scheduled|booked|planned|promised|"
    r"needs?\s+(?:an?|their|its))\b",
    re.I,
)
"""What is to happen on a day that is known: "bills due next week" are in the data."""


@dataclass(frozen=True)
class Wish:
    """What a question wants of a forecast."""

    rest: str
    periods: int | None = None
    grain: Grain | None = None
    window: str | None = None
    target: float | None = None
    at_most: bool = False


def wish(question: str, calendar: Calendar, *, planned: bool = False) -> Wish | None:
    """None for a question that asks for no forecast. `planned`: the data holds what is to come (bookings), so that a
    time to come alone does not ask for one."""
    asked = question.strip()
    if _SUPPOSES.search(asked):
        return None
    if reach := target(asked):
        return replace(_when(reach.rest, calendar), target=reach.value, at_most=reach.at_most)
    rest = _data(asked)
    named = (
        not planned
        and not _LISTS.match(asked)
        and not _DATED_AHEAD.search(asked)
        and any(_coming(m, calendar) and _named_next(m) for m in calendar.find(asked))
    )
    if rest is None and not named:
        return None
    return _when(rest if rest is not None else asked, calendar)


def _data(question: str) -> str | None:
    """The question without the words that ask for a forecast; None where there are none."""
    question = _THINK.sub(r"will \1", _POLITE.sub("", question))
    if found := _WHAT_BE.match(question):
        return f"{found['what']} {question[found.end() :]}"
    if found := _ASKS.match(question):
        return question[found.end() :] if found.end() > 0 else None
    if found := _HOW_WILL.match(question):
        return f"{found['what']} {question[found.end() :]}"
    if found := _WHAT_WILL.match(question):
        how = found["ask"].lower()
        head = f"{how} did " if how.startswith("how m") and not re.search(r"\bbe\b", found[0], re.I) else ""
        return f"{head}{found['what']} {question[found.end() :]}"
    if found := _DEED.match(question):
        return f"{found['who']} did {question[found.end() :]}"
    if _NAMED.search(question):
        return re.sub(r"\s+", " ", _NAMED.sub(" ", question))
    return None


def _when(rest: str, calendar: Calendar) -> Wish:
    if found := _REST_OF.search(rest):
        return Wish(_cut(rest, *found.span()), window=f"rest of this {found['unit'].lower()}")
    ahead = _AHEAD.search(rest)
    if ahead and (ahead["unit"] or ahead["out"]):
        said = ahead["count"].lower()
        count = int(said) if said.isdigit() else 1 if said in ("a", "an") else _NUMBERS.index(said) + 1
        data, unit = _cut(rest, *ahead.span()), _UNIT[ahead["unit"].lower()]
        if any(m.kind == "grain" for m in calendar.find(data)):  # "daily orders for two weeks"
            return Wish(data, window=f"next {count} {unit}s")
        return Wish(data, count, unit)
    for mention in calendar.find(rest):
        if mention.kind == "window" and _coming(mention, calendar):
            return Wish(_cut(rest, mention.start, mention.end), window=mention.text)
    return Wish(_SPARE.sub(" ", rest).strip())


def coming(window: Window, calendar: Calendar, *, dated: bool) -> Window:
    """The window as it is meant of the future: a month without a year is the next one of its name. `dated`: its words
    name a year."""
    now = datetime.combine(calendar.today + timedelta(days=1), time.min)
    while not dated and window.end is not None and window.end <= now:
        year = relativedelta(years=1)
        start = window.start + year if window.start else None
        window = calendar.window(start, window.end + year)
    return window


def _coming(mention: Mention, calendar: Calendar) -> bool:
    """It reaches past today, or would in a year to come."""
    if mention.window is None or mention.window.end is None:
        return False
    now = datetime.combine(calendar.today + timedelta(days=1), time.min)
    named = re.search(r"\b(?:last|past|previous|prior|ago|yesterday|since|\d{4})\b", mention.text, re.I)
    return mention.window.end > now or not named


def _named_next(mention: Mention) -> bool:
    return re.search(r"\b(?:next|coming|upcoming|following|tomorrow)\b", mention.text, re.I) is not None


def _cut(text: str, start: int, end: int) -> str:
    return re.sub(r"\s+", " ", f"{text[:start]} {text[end:]}").strip()
