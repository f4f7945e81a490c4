"""Windows of time in a question: `window` reads the longest one at a place, its preposition included.

Here are those that name a time (in March, for the year 2023), those to date and all time; ranges, open ends and counted
units have files of their own.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from knowledge.calendar.arithmetic import step
from knowledge.calendar.counted import counted
from knowledge.calendar.named import point
from knowledge.calendar.opened import opened
from knowledge.calendar.ranges import ranged
from knowledge.calendar.stretch import PREPOSITIONS, Read, Stretch, is_year
from knowledge.calendar.words import UNITS, Row, meanings, phrases
from knowledge.request import Grain


def window(row: Row, i: int, *, alone: bool = False) -> Read:
    """`alone`: the words are known to be a period, so that "may" and "2017" are times."""
    reads = (
        _to_date(row, i),
        ranged(row, i),
        opened(row, i),
        counted(row, i),
        _all_time(row, i),
        _named(row, i, alone),
    )
    return max((read for read in reads if read), key=lambda read: read[1], default=None)


_COURSE = phrases(
    "the course of | the whole of | all of | the period of | the period | the full | the whole | the entire"
)
_ONWARDS = phrases("onwards | onward | forward")


def _named(row: Row, i: int, alone: bool) -> Read:
    """March 2024; in March; for the year 2023; over the course of last week"""
    led = row.at(i).text in PREPOSITIONS
    j = row.skip_all(i + 1, _COURSE) if led else i
    read = point(row, j)
    if read is None or read[0].start == read[0].end:
        return None
    found, after = read
    if found.bare_year:
        if not alone and not is_year(row, i, j, after, led=led):
            return None
    elif not (led or alone or found.sure):
        return None
    onwards = row.after(after, _ONWARDS)
    if onwards:
        return Stretch(found.start, None), onwards
    return Stretch(found.start, found.end, point=found), after


_ALL_TIME = phrases(
    "all time | all of time | the entire period | the whole period | since inception | since the beginning"
    " | all periods | all dates"
)


def _all_time(row: Row, i: int) -> Read:
    after = row.after(row.skip(i, "of", "for", "over", "across"), _ALL_TIME)
    return (Stretch(None, None), after) if after and row.at(after).text != "of" else None


_UNITS: tuple[Grain, ...] = ("year", "quarter", "month", "week")
_TO_DATE = meanings(
    [
        (phrase.format(unit), unit)
        for unit in _UNITS
        for phrase in (
            "{0} to date | this {0} to date | the {0} to date | current {0} to date | fiscal {0} to date | {0} so far",
            "this {0} so far | so far this {0} | the {0} so far | current {0} so far | so far in the {0}",
            "since the start of the {0} | since the beginning of the {0} | since the start of this {0}",
            "since the beginning of this {0} | this {0} until now | this {0} until today | this {0} up to now",
        )
    ]
    + [("ytd | fytd | fiscal ytd", "year"), ("qtd", "quarter"), ("mtd", "month"), ("wtd", "week")]
)


def _to_date(row: Row, i: int) -> Read:
    j = row.skip(i, "in", "for", "during", "over", "of")
    j = row.skip(j, "the") if row.at(j + 1).text not in UNITS else j
    read = row.reads(j, _TO_DATE)
    if read is None:
        return None
    (name, after), today = read, row.calendar.today
    unit: Grain = name
    start = row.calendar.start_of(today, unit)
    year = re.fullmatch(r"(?:19|20)\d\d", row.at(after).text)
    if unit == "year" and year and start.month == 1:
        years = step("year", int(year[0]) - today.year)
        start, today, after = start + years, today + years, after + 1
    end = datetime.combine(today + timedelta(days=1), time.min)
    return Stretch(datetime.combine(start, time.min), end, f"{unit} to date"), after
