"""Windows with an open end: since X, after X, before X, until X (X included), more than 30 days ago."""

from __future__ import annotations

from collections.abc import Callable

from knowledge.calendar.named import Point, point
from knowledge.calendar.stretch import Read, Stretch, is_year
from knowledge.calendar.words import UNSURE_MONTHS, Row, meanings, phrases

_Make = Callable[[Point], Stretch]


def _since(p: Point) -> Stretch:
    return Stretch(p.since or p.start, None)


def _after(p: Point) -> Stretch:
    return Stretch(p.end, None)


def _before(p: Point) -> Stretch:
    return Stretch(None, p.since or p.start)


def _until(p: Point) -> Stretch:
    return Stretch(None, p.end)


_PHRASES: dict[str, _Make] = {
    "since | starting | starting in | starting from | starting on | beginning in | beginning on | beginning from"
    " | from | on or after | not before | no earlier than | >= | as from | since the start of | since the beginning of"
    " | from the start of | from the beginning of": _since,
    "after | later than | > | after the end of": _after,
    "before | prior to | earlier than | < | before the start of | before the beginning of": _before,
    "until | till | til | up to | up until | through | thru | by | on or before | no later than | not after | as of"
    " | <= | through the end of | until the end of | by the end of | up to the end of": _until,
}
_OPEN = meanings(_PHRASES)
_ONWARDS = phrases(
    "on | onwards | onward | forward | and later | until now | till now | until today | to today | to date | to now"
    " | until present | to present | up to now | up to today"
)
_LONG_AGO = meanings({"more than | over | longer than | at least": True, "less than | under | within": False})


def opened(row: Row, i: int) -> Read:
    best: Read = None
    for make, j in row.all_readings(i, _OPEN):
        read = _open(row, i, j, make)
        if read and (best is None or read[1] > best[1]):
            best = read
    return best or _long_ago(row, i)


def _open(row: Row, i: int, j: int, make: _Make) -> Read:
    read = point(row, j)
    if read is None:
        return None
    found, after = read
    word = row.at(j - 1).text
    onwards = row.skip_all(after, _ONWARDS)
    if word == "from" and row.at(i).text == "from":
        if onwards == after:
            return None  # "orders from 2023" are those of 2023
    elif found.bare_year and not is_year(row, j, j, after, led=False):
        return None
    if word == "by" and not found.year and row.at(j).text in UNSURE_MONTHS and not found.sure:
        return None
    return make(found), onwards if make is _since else after


def _long_ago(row: Row, i: int) -> Read:
    """more than 30 days ago, less than 2 weeks ago"""
    read = row.reads(i, _LONG_AGO)
    ago = point(row, read[1]) if read else None
    if not read or not ago or not ago[0].since:
        return None
    return (Stretch(None, ago[0].since) if read[0] else Stretch(ago[0].since, None)), ago[1]
