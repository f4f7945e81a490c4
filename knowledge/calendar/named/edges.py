"""Parts of another time: the first week of May, the last 3 days of March, the second half of Q3, the end of a year."""

from __future__ import annotations

from knowledge.calendar.arithmetic import months_between, step
from knowledge.calendar.named.point import DIGITS, Point, Read, point, starts_with
from knowledge.calendar.named.relative import current
from knowledge.calendar.words import ORDINALS, UNITS, Row, number


def _whole(row: Row, i: int) -> Read:
    """A point, or "the year": the current one."""
    word = row.at(i + 1).text
    if row.at(i).text == "the" and word in ("year", "quarter", "month", "week"):
        return point(row, i) or (current(row, UNITS[word]), i + 2)
    return point(row, i)


@starts_with(["beginning", "start", "end", "close"])
def _end_of(row: Row, i: int) -> Read:
    """Its first or last month, week or day, whichever is the next smaller unit; "since the end" is after it."""
    read = _whole(row, i + 2) if row.at(i + 1).text == "of" else None
    if not read:
        return None
    (whole, after), length = read, (read[0].end - read[0].start).days
    size = step("day" if length <= 7 else "week" if length <= 31 else "month")
    if row.at(i).text in ("end", "close"):
        return Point(whole.end - size, whole.end, since=whole.end), after
    return Point(whole.start, whole.start + size), after


@starts_with([DIGITS, *(word for word in ORDINALS if word[0].isalpha())])
def _nth(row: Row, i: int) -> Read:
    """the first week of May, the first 90 days of 2024, the last 3 days of March, the second half of March"""
    nth = ORDINALS.get(row.at(i).text)
    count, j = number(row, i + 1) or (None, i + 1)
    unit, half = UNITS.get(row.at(j).text), row.at(j).text == "half" and count is None
    if nth is None or (unit is None and not half) or row.at(j + 1).text not in ("of", "in"):
        return None
    read = _whole(row, j + 2)
    if not read or (count and nth > 1):
        return None
    start, end, after = read[0].start, read[0].end, read[1]
    if unit is None:
        months = months_between(start.date(), end.date())
        middle = start + (
            step("day", (end - start).days // 2) if months % 2 or not months else step("month", months // 2)
        )
        return (Point(start, middle) if nth == 1 else Point(middle, end)), after
    if nth < 0:
        return Point(max(start, end - step(unit, count or 1)), end), after
    begin = start + step(unit, nth - 1)
    return (Point(begin, min(begin + step(unit, count or 1), end)), after) if begin < end else None
