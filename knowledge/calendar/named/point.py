"""Point: the days that a name of a time covers, and the search for the longest name.

A rule reads one kind of name: it takes a row of words and a place, and returns a Point and the place after it, or None.
Rules say which words they start with; a rule may raise ValueError for days that don't exist (31 February).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from knowledge.calendar.words import Row, meanings, phrases

InYear = Callable[[int], tuple[date, date]]


@dataclass(frozen=True)
class Point:
    """The stretch [start, end). `year` is the one that was said; `in_year` gives its days in any year if none was."""

    start: datetime
    end: datetime
    year: int | None = None
    in_year: InYear | None = None
    sure: bool = True
    """It reads as a time without a preposition before it."""
    since: datetime | None = None
    """Where "since" starts, if not at the start: "since two years ago" starts on that day, not with that year."""
    bare_year: bool = False

    def of(self, year: int) -> Point:
        """The same in a year that was said elsewhere."""
        if self.in_year is None:
            return self
        try:
            return replace(days(*self.in_year(year)), year=year)
        except ValueError:  # 29 February
            return self

    @property
    def is_day(self) -> bool:
        return self.end - self.start == timedelta(days=1)


Read = tuple[Point, int] | None
Rule = Callable[[Row, int], Read]
_RULES: dict[str, list[Rule]] = {}
DIGITS = "0"
"""What rules that start with a number are registered under."""


def starts_with(words: Iterable[str]) -> Callable[[Rule], Rule]:
    """Registers a rule under the words it may start with (digits at the end of a word are left out: "q" for q3)."""

    def register(rule: Rule) -> Rule:
        for word in words:
            _RULES.setdefault(word, []).append(rule)
        return rule

    return register


def point(row: Row, i: int) -> Read:
    """The longest name of a time at `i`, and the place after it."""
    i = row.skip(i, "the")
    word = row.at(i).text
    if not word:
        return None
    rules = _RULES[DIGITS] if word[0].isdigit() else _RULES.get(word) or _RULES.get(word.rstrip("0123456789"), [])
    best: Read = None
    for rule in rules:
        try:
            read = rule(row, i)
        except (ValueError, OverflowError):  # 31 February, the year 0
            continue
        if read and (best is None or read[1] > best[1]):
            best = read
    return best


# --- making points ---------------------------------------------------------------------------------------------------


def days(start: date, end: date) -> Point:
    return Point(datetime.combine(start, time.min), datetime.combine(end, time.min))


def span(start: date, count: int) -> Point:
    """`count` days from the start."""
    return days(start, start + timedelta(days=count))


_OF = phrases(", | of | in | of the | - | /")
_YEARS = meanings(
    {
        "last year | previous year | the previous year": -1,
        "this year | the current year | current year": 0,
        "next year": 1,
    }
)


def said_year(row: Row, i: int) -> tuple[int, int] | None:
    """ "2024", "'24", "of last year": a year said after what it belongs to, and the place after it."""
    i = row.skip_all(i, _OF)
    word = row.at(i).text
    if re.fullmatch(r"(?:19|20)\d\d", word):
        return int(word), i + 1
    if re.fullmatch(r"'\d\d", word):
        return 2000 + int(word[1:]), i + 1
    relative = row.reads(i, _YEARS)
    return (row.calendar.today.year + relative[0], relative[1]) if relative else None


def yearly(row: Row, i: int, in_year: InYear, *, sure: bool = True) -> Read:
    """Something of every year, with the year said at `i`, or else the latest that has begun."""
    said = said_year(row, i)
    if said:
        return replace(days(*in_year(said[0])), year=said[0]), said[1]
    return replace(latest(row, in_year), sure=sure), i


def latest(row: Row, in_year: InYear, *, over: bool = False) -> Point:
    """The latest one that has begun, or is over."""
    today = row.calendar.today
    for year in range(today.year + 1, today.year - 9, -1):
        try:
            start, end = in_year(year)
        except ValueError:  # 29 February
            continue
        if (end if over else start) <= today:
            return replace(days(start, end), in_year=in_year)
    raise ValueError("no such day")
