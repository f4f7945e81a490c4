"""Ranges: between X and Y, from X to Y, X to Y, 5–12 March 2024, Jan-Mar, 2019-2021. Both ends are included."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from knowledge.calendar.named import Point, point
from knowledge.calendar.named.dates import day_number
from knowledge.calendar.stretch import Read, Stretch, is_year
from knowledge.calendar.words import MONTHS, UNITS, Row, phrases

_LEADS = {"between", "from", "in", "during", "for", "over"}
_TO = phrases(
    "to | until | till | through | thru | up to | – | — | - | . . | .. | / | to the end of | until the end of"
)
_AND = phrases("and | and the end of | and the start of")
_INCLUSIVE = phrases("inclusive | ( inclusive ) | , inclusive")


def ranged(row: Row, i: int) -> Read:
    led = row.at(i).text in _LEADS
    start = i + 1 if led else i
    first_read = point(row, start)
    bare_day = None if first_read else day_number(row.at(row.skip(start, "the")).text)
    if first_read:
        first, j = first_read
    elif bare_day and row.at(row.skip(start, "the")).text:
        first, j = None, row.skip(start, "the") + 1
    else:
        return None
    k = row.after(row.skip(j, ","), _TO) or (row.after(j, _AND) if row.at(i).text == "between" else None)
    hyphen = k is None and row.at(j).glued
    if k is None and not hyphen:
        return None
    k = j if k is None else k
    if first is not None and first.is_day and row.at(row.skip(start, "the")).text in MONTHS:
        read = _to_day(row, first, k)
        if read:
            return read
    second_read = point(row, k)
    if second_read is None:
        return None
    second, after = second_read
    if first is None:
        return _from_day(bare_day or 0, second, after)
    if first.bare_year != second.bare_year:
        return None
    if first.bare_year and not is_year(row, i, after - 1, after, led=False) and not hyphen:
        return None
    if not (led or hyphen or first.sure or second.sure or second.year):
        return None
    return _stretch(*_shared_year(first, second), row.skip_all(after, _INCLUSIVE))


def _to_day(row: Row, first: Point, i: int) -> Read:
    """March 5-12, 2024: the month was said first."""
    i = row.skip(i, "the")
    last_day = day_number(row.at(i).text)
    if not last_day or row.at(row.skip(i + 1, "of")).text in {*MONTHS, *UNITS}:
        return None
    j = row.skip(i + 1, ",")
    year = row.at(j).text
    if len(year) == 4 and year.isdecimal() and year[:2] in ("19", "20"):
        first, i = first.of(int(year)), j
    try:
        last = first.start.replace(day=last_day)
    except ValueError:
        return None
    return _stretch(first, Point(last, last + timedelta(days=1)), i + 1)


def _from_day(day: int, second: Point, after: int) -> Read:
    """5 to 12 March 2024: the month is said last."""
    if not second.is_day:
        return None
    try:
        return _stretch(replace(second, start=second.start.replace(day=day)), second, after)
    except ValueError:
        return None


def _shared_year(first: Point, second: Point) -> tuple[Point, Point]:
    """A year said once holds for both ends; the first comes before the second."""
    if second.in_year and first.year:
        made = second.of(first.year)
        return first, (second.of(first.year + 1) if made.end <= first.start else made)
    if first.in_year and (second.year or second.in_year):
        year = second.year or second.start.year
        made = first.of(year)
        return (first.of(year - 1) if made.start >= second.end else made), second
    return first, second


def _stretch(first: Point, second: Point, after: int) -> Read:
    return (Stretch(first.start, second.end), after) if first.start < second.end else None
