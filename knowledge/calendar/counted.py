"""Counted units: the last 3 months, past 30 days, next 2 weeks, 12 months ending March, 3 weeks before Christmas."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal

from knowledge.calendar.arithmetic import step
from knowledge.calendar.named import Point, point
from knowledge.calendar.stretch import PREPOSITIONS, Read, Stretch
from knowledge.calendar.words import UNITS, Row, meanings, number, phrases, vocabulary
from knowledge.request import Grain

_Tail = Literal["", "excluding", "including", "ago", "today"]

_DIRECTION = meanings(
    {
        "last | past | previous | prior | trailing | latest | preceding | most recent | rolling": -1,
        "next | coming | following | upcoming": 1,
    }
)
_RECENT = phrases("most recent | latest | previous | last | past")
_STRICT = phrases(
    "full | complete | completed | whole | closed | full calendar | complete calendar | completed calendar"
)
_CALENDAR = phrases("calendar | fiscal | financial")
_AVERAGED = vocabulary("average mean avg sum total")


def counted(row: Row, i: int) -> Read:
    j = row.skip(row.skip(i, *PREPOSITIONS), "the")
    j = row.skip(j, "all")
    j = row.skip(row.skip(j, "of"), "the") if row.at(j - 1).text == "all" else j
    leading = number(row, j) or ((1, j) if row.at(j + 1).text in ("ended", "ending") else None)
    if leading:
        recent = row.after(leading[1], _RECENT)
        if recent is None:
            return _beside(row, j)
        if leading[0] > 1 and not row.at(row.skip_all(row.after(recent, _STRICT) or recent, _CALENDAR)).text.endswith(
            "s"
        ):
            return None  # "store 367 last month": the number is the store's
        direction, rolling, count, k = -1, False, leading[0], recent
    else:
        found = row.reads(j, _DIRECTION)
        read = number(row, found[1]) if found else None
        if not found or not read:
            return None
        direction, rolling, (count, k) = found[0], row.at(j).text == "rolling", read
    strict = row.after(k, _STRICT)
    k = row.skip_all(strict or k, _CALENDAR)
    read_unit = _unit(row, k)
    if read_unit is None or count < 1:
        return None
    unit, times = read_unit
    count, k = count * times, k + 1
    if direction > 0:
        return _ahead(row, unit, count), k
    if rolling and row.at(k).text in _AVERAGED:
        return None
    ending = _ending(row, k)
    if ending:
        return Stretch(ending[0] - step(unit, count), ending[0]), ending[1]
    tail, k = _tail(row, k)
    return _back(row, unit, count, tail or ("today" if rolling else "excluding" if strict else "")), k


def _unit(row: Row, i: int) -> tuple[Grain, int] | None:
    word = row.at(i).text
    if word in ("fortnight", "fortnights"):
        return "week", 2
    return (UNITS[word], 1) if word in UNITS else None


def _ahead(row: Row, unit: Grain, count: int) -> Stretch:
    today = row.calendar.today
    if unit in ("hour", "day"):
        start = datetime.combine(today, time.min) + timedelta(days=1)
    else:
        start = datetime.combine(row.calendar.start_of(today, unit), time.min) + step(unit)
    return Stretch(start, start + step(unit, count))


def _back(row: Row, unit: Grain, count: int, tail: _Tail) -> Stretch:
    today = datetime.combine(row.calendar.today, time.min)
    tomorrow = today + timedelta(days=1)
    if tail == "ago":
        return Stretch(today - step(unit, count), None)
    if unit in ("hour", "day"):
        end = today if tail == "excluding" else tomorrow
        return Stretch(end - step(unit, count), end)
    if tail == "today":
        return Stretch(tomorrow - step(unit, count), tomorrow)
    here = datetime.combine(row.calendar.start_of(row.calendar.today, unit), time.min)
    if tail == "including":
        return Stretch(here - step(unit, count - 1), tomorrow)
    if not tail and here + step(unit) == tomorrow:
        here = tomorrow  # the unit is complete on its last day
    return Stretch(here - step(unit, count), here)


# --- what follows ----------------------------------------------------------------------------------------------------

_ENDING = phrases(
    "ending in | ending on | ending with | ending | ended | up to and including | up to | until | to"
    " | through | ending at"
)


def _ending(row: Row, i: int) -> tuple[datetime, int] | None:
    """ "… ending March 2024", "… up to yesterday": the end, and the place after it."""
    for phrase, j in row.all_readings(i, _ENDING):
        read = point(row, j)
        if read and row.at(j).text not in ("today", "now") and (_is_sure(read[0]) or phrase.startswith("end")):
            return read[0].end, read[1]
    return None


def _is_sure(found: Point) -> bool:
    return not found.bare_year and (found.sure or found.year is not None)


_ITSELF = [
    f"{which} {unit}".strip()
    for which in ("this", "the current", "current")
    for unit in ("one", "day", "week", "month", "quarter", "year", "period", "")
] + ["today", "now"]
_TAILS = meanings(
    [
        (f"{verb} {itself}", meaning)
        for verbs, meaning in (
            ("excluding | not including | without | not counting | except | excl | before", "excluding"),
            ("including | inclusive of | with | and | incl | counting | plus", "including"),
            ("ending | up to | until | through | to | till", "today"),
        )
        for verb in verbs.split(" | ")
        for itself in _ITSELF
        if meaning != "today" or itself in ("today", "now")
    ]
    + [("inclusive", "including"), ("exclusive", "excluding"), ("to date", "today")]
)


def _tail(row: Row, i: int) -> tuple[_Tail, int]:
    """ "excluding this one", "(inclusive)": what it says of the current unit, and the place after it."""
    j = row.skip(row.skip(i, ","), "(")
    ago = number(row, j + 2) if row.at(j).text == "inclusive" and row.at(j + 1).text == "of" else None
    if ago and row.at(ago[1]).text in UNITS and row.at(ago[1] + 1).text == "ago":
        return "ago", row.skip(ago[1] + 2, ")")
    read = row.reads(j, _TAILS)
    return (read[0], row.skip(read[1], ")")) if read else ("", i)  # type: ignore[return-value]


_BESIDE = meanings(
    {
        "before | prior to | leading up to": "before",
        "after | following": "after",
        "starting | starting in | starting on | starting from | beginning | from": "from",
    }
)


def _beside(row: Row, i: int) -> Read:
    """12 months ending March 2024, the year ended March, 30 days to 5 March, 3 weeks before Christmas"""
    read = number(row, i) or ((1, i) if row.at(i).text in ("year", "quarter", "month") else None)
    unit_read = _unit(row, read[1]) if read else None
    if not read or not unit_read:
        return None
    size = step(unit_read[0], read[0] * unit_read[1])
    ending = _ending(row, read[1] + 1)
    if ending:
        return Stretch(ending[0] - size, ending[0]), ending[1]
    side = row.reads(read[1] + 1, _BESIDE)
    found = point(row, side[1]) if side else None
    if not side or not found or not _is_sure(found[0]) or found[0].since:
        return None
    anchor, after = found
    if side[0] == "before":
        return Stretch(anchor.start - size, anchor.start), after
    start = anchor.end if side[0] == "after" else anchor.start
    return Stretch(start, start + size), after
