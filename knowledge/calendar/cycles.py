"""Grains and parts of a time: "by month", "weekly", "month over month"; "on weekends", "by hour of day", "at 3pm"."""

from __future__ import annotations

import re
from typing import Any

from knowledge.calendar.words import ADVERBS, MONTHS, ORDINALS, UNITS, WEEKDAYS, Row, meanings, phrases
from knowledge.request import Grain, Part

Read = tuple[dict[str, Any], int] | None
"""The fields of a Mention, `kind` included, and the place after it."""

_BY = phrases(
    "by | per | each | every | across | for each | for every | in each | in every | within each | over each | on each"
    " | of each | of every | broken down by | grouped by | split by | during each | at each | on every | at every"
)
_BY_KIND = phrases("the | calendar | individual | fiscal | single | the calendar | the fiscal")
_OVER = {"yoy": "year", "qoq": "quarter", "mom": "month", "wow": "week", "dod": "day"}
_FINENESS: tuple[Grain, ...] = ("hour", "day", "week", "month", "quarter", "year")


def grain(row: Row, i: int) -> Read:
    word = row.at(i).text
    if word in ADVERBS:
        return {"kind": "grain", "grain": ADVERBS[word]}, i + 1
    return _over(row, i) or _by(row, i) or _a_unit(row, i)


def _over(row: Row, i: int) -> Read:
    """month over month, yoy, Y/Y; month by month"""
    word = row.at(i).text
    if word in _OVER and (word != "mom" or row.at(i + 1).text not in ("and", "'")):
        return {"kind": "grain", "grain": _OVER[word], "growth": True}, i + 1
    unit = UNITS.get(word) or {"y": "year", "q": "quarter", "m": "month", "w": "week"}.get(word)
    link = row.at(i + 1).text
    if unit is None or row.at(i + 2).text != word or word.endswith("s"):
        return None
    if link in ("over", "on", "to", "/", "o") and (link == "/" or len(word) > 1 or link == "o"):
        return {"kind": "grain", "grain": unit, "growth": True}, i + 3
    return ({"kind": "grain", "grain": unit}, i + 3) if link == "by" and len(word) > 1 else None


_OF_THE = phrases("of the | of week | of year | of month | number")


def _by(row: Row, i: int) -> Read:
    """by month, per week, for each day, every quarter, by month and year"""
    j = row.after(i, _BY)
    if j is None:
        return None
    if row.at(j).text == "of" and row.at(j - 1).text in ("each", "every"):
        return _each_of(row, j + 1)
    j = row.skip_all(j, _BY_KIND)
    word, following = row.at(j).text, row.at(j + 1)
    unit: Grain | None = "day" if word in ("date", "dates") else UNITS.get(word)
    if unit is None or following.glued or row.after(j + 1, _OF_THE):
        return None
    if following.text in ("to", "over", "ago", "before", "on", "after", "since"):
        return None
    k = row.skip(j + 1, "and", "/", ",", "within")
    other = UNITS.get(row.at(k).text)
    if k > j + 1 and other and not row.at(k + 1).glued:
        unit, j = min(unit, other, key=_FINENESS.index), k
    return {"kind": "grain", "grain": unit}, j + 1


def _each_of(row: Row, i: int) -> Read:
    """ "for each of | the last 6 months": the grain is the unit of the window that follows."""
    for j in range(i, min(i + 6, len(row.words))):
        word = row.at(j).text
        if (
            word in UNITS
            and word.endswith("s")
            and row.at(row.skip(i, "the")).text in ("last", "past", "previous", "next", "first")
        ):
            return {"kind": "grain", "grain": UNITS[word]}, i
    return None


def _a_unit(row: Row, i: int) -> Read:
    """how many orders a day"""
    if row.at(i).text not in ("a", "an") or row.at(i + 1).text not in UNITS or row.at(i + 1).text.endswith("s"):
        return None
    before = {row.at(j).text for j in range(i)}
    near, following = row.at(i - 1).text, row.at(i + 2).text
    if not before & {"many", "much", "average", "avg", "often", "times", "mean", "typical"} or row.at(i + 2).glued:
        return None
    if near in (
        "in",
        "for",
        "within",
        "once",
        "half",
        "of",
        "per",
        "after",
        "every",
        "is",
        "what",
        "than",
        "over",
        "by",
        "such",
        "as",
    ):
        return None
    if following in ("ago", "before", "earlier", "when", "that", "where", "after", "later", "of", "or", "with", "back"):
        return None
    return {"kind": "grain", "grain": UNITS[row.at(i + 1).text]}, i + 2


# --- parts -----------------------------------------------------------------------------------------------------------

_PARTS: dict[str, Part] = {
    "day of the week | day of week | days of the week | days of week": "day_of_week",
    "weekday | weekdays | week day": "day_of_week",
    "hour of the day | hour of day | hours of the day | time of the day | time of day": "hour_of_day",
    "day of the month | day of month | days of the month": "day_of_month",
    "month of the year | month of year | months of the year": "month_of_year",
    "week of the year | week of year | week number": "week_of_year",
    "quarter of the year | quarter of year": "quarter_of_year",
}
_GROUPS = meanings(_PARTS)
_HOURS = {
    "morning": range(6, 12), "afternoon": range(12, 18), "evening": range(18, 23), "night": (22, 23, 0, 1, 2, 3, 4, 5),
}  # fmt: skip
_CLOCK = re.compile(r"(\d\d?)(?:(am|pm))?")


def part(row: Row, i: int) -> Read:
    return _longest(_grouped(row, i), _weekdays(row, i), _hours(row, i), _months(row, i))


def _longest(*reads: Read) -> Read:
    return max((r for r in reads if r), key=lambda r: r[1], default=None)


def _values(part: Part, values: tuple[int, ...], after: int) -> Read:
    return {"kind": "part", "part": part, "values": values}, after


def _grouped(row: Row, i: int) -> Read:
    """by day of the week, per weekday, which hour of the day"""
    j = i + 1 if row.at(i).text in ("which", "what") else row.after(i, _BY)
    read = row.reads(row.skip(j, "the"), _GROUPS) if j else None
    return ({"kind": "part", "part": read[0]}, read[1]) if read else None


_ON = phrases("on | during | over | in | for | at | every | each | on every | on each | on a | on any | a | any")
_BUSINESS = phrases("business days | working days | work days | workdays")


def _weekdays(row: Row, i: int) -> Read:
    """on weekends, on Mondays and Fridays, every Monday, Monday to Friday, on a weekday, on business days"""
    led = row.after(i, _ON)
    j = row.skip(led or i, "the")
    word = row.at(j).text
    if word in ("weekend", "weekends") and row.at(i - 1).text not in ("last", "this", "next"):
        return _values("day_of_week", (6, 7), j + 1)
    if word == "weekdays" or (word == "weekday" and row.at(j - 1).text in ("on", "a", "any")):
        return _values("day_of_week", (1, 2, 3, 4, 5), j + 1)
    business = row.after(j, _BUSINESS)
    if business and led:
        return _values("day_of_week", (1, 2, 3, 4, 5), business)
    return _listed_weekdays(row, i, j)


_AND = phrases("and | or | & | , | , and | , or")


def _listed_weekdays(row: Row, i: int, j: int) -> Read:
    days: list[int] = []
    many = row.at(j - 1).text in ("every", "each", "a", "any") and j > i
    first, end = j, j
    while True:
        word = row.at(j).text
        name = word.removesuffix("s") if word not in WEEKDAYS else word
        if name not in WEEKDAYS or len(name) < 3 or (len(name) < 6 and not days and not row.at(j + 1).glued):
            break
        many = many or (word != name)
        days.append(WEEKDAYS[name])
        end = j + 1
        to = row.skip(end, "to", "through", "thru", "–", "-")
        last = row.at(to).text.removesuffix("s")
        if (
            (to > end or row.at(end).glued)
            and last in WEEKDAYS
            and len(days) == 1
            and row.at(i).text not in ("from", "between")
        ):
            days = [(days[0] + n - 1) % 7 + 1 for n in range((WEEKDAYS[last] - days[0]) % 7 + 1)]
            return _values("day_of_week", tuple(days), to + 1)
        j = row.skip_all(end, _AND)
        if j == end:
            break
    return _values("day_of_week", tuple(days), end) if many and end > first else None


def _hours(row: Row, i: int) -> Read:
    """in the morning, at night, at 3pm, between 9am and 5pm, after 6pm"""
    word = row.at(i).text
    if word in ("in", "during", "at", "every", "each", "over"):
        j = row.skip(i + 1, "the")
        name = row.at(j).text.removesuffix("s")
        if name in _HOURS and (word != "at" or name == "night") and (name != "night" or word != "in" or j > i + 1):
            return _values("hour_of_day", tuple(_HOURS[name]), j + 1)
    if word not in ("at", "between", "from", "after", "before", "until", "since"):
        return None
    first = _clock(row, i + 1)
    if first is None:
        return None
    hour, j, sure = first
    if word in ("between", "from") and row.at(j).text in ("and", "to", "until", "till", "-", "–"):
        second = _clock(row, j + 1)
        if second is None or not second[2]:
            return None
        until = second[0]
        if not sure and hour < 12 <= until and hour + 12 < until:
            hour += 12  # "between 1 and 5pm"
        return _values("hour_of_day", tuple((hour + n) % 24 for n in range((until - hour) % 24 or 24)), second[1])
    if not sure:
        return None
    if word == "at":
        return _values("hour_of_day", (hour,), j)
    if word in ("after", "since", "from"):
        return _values("hour_of_day", tuple(range(hour, 24)), j)
    return _values("hour_of_day", tuple(range(hour)), j) if hour else None


def _clock(row: Row, i: int) -> tuple[int, int, bool] | None:
    """An hour of the day, the place after it, and whether it is surely one ("3pm", "noon")."""
    word = row.at(i).text
    if word in ("noon", "midday"):
        return 12, i + 1, True
    if word == "midnight":
        return 0, i + 1, True
    match = _CLOCK.fullmatch(word)
    if not match or int(match[1]) > 23:
        return None
    hour, j = int(match[1]), i + 1
    if row.at(j).text == ":" and row.at(j + 1).text[:2] == "00":
        suffix = row.at(j + 1).text[2:]
        j, word = j + 2, "00"
        match = _CLOCK.fullmatch(f"{hour}{suffix}") or match
    half = match[2]
    if not half and row.at(j).text in ("am", "pm"):
        half, j = row.at(j).text, j + 1
    if half:
        if not 1 <= hour <= 12:
            return None
        return hour % 12 + (12 if half == "pm" else 0), j, True
    return hour, j, word == "00"


_EVERY = phrases("in every | in each | every | each | during every | for every | of every")
_OF_MONTHS = phrases("of each month | of every month | of the month")


def _months(row: Row, i: int) -> Read:
    """every December, in each March; on the 1st of each month"""
    j = row.after(i, _EVERY)
    if j and row.at(j).text in MONTHS and (len(row.at(j).text) > 3 or row.at(j).capital):
        return _values("month_of_year", (MONTHS[row.at(j).text],), j + 1)
    j = row.skip(i, "on")
    if row.at(j).text != "the":
        return None
    word = row.at(j + 1).text
    after = row.after(row.skip(j + 2, "day"), _OF_MONTHS)
    match = re.fullmatch(r"(\d\d?)(?:st|nd|rd|th)", word)
    day = int(match[1]) if match else ORDINALS.get(word, 0)
    return _values("day_of_month", (day,), after) if after and 1 <= day <= 31 else None
