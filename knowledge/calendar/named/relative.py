"""Times relative to today: last month, this fiscal year, yesterday, next Friday, last weekend, two weeks ago."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from knowledge.calendar.arithmetic import step
from knowledge.calendar.named.point import DIGITS, Point, Read, days, latest, point, span, starts_with
from knowledge.calendar.words import SMALL, TENS, UNITS, WEEKDAYS, Row, meanings, number, phrases
from knowledge.request import Grain

_SHIFT = {
    "last": -1, "past": -1, "previous": -1, "prior": -1, "preceding": -1, "this": 0, "current": 0, "next": 1,
    "coming": 1, "following": 1, "upcoming": 1,
}  # fmt: skip
_KIND = phrases("full | complete | completed | calendar | fiscal | financial | whole | full calendar | full fiscal")


@starts_with(_SHIFT)
def _relative(row: Row, i: int) -> Read:
    """last month, this fiscal year, the past week, last March, this Friday, last weekend, last year's Q3"""
    shift = _SHIFT[row.at(i).text]
    j = row.skip_all(i + 1, _KIND)
    what = row.at(j).text
    unit = UNITS.get(what)
    if unit and not what.endswith("s"):
        made = _unit(row, i, unit, calendar_year=row.at(j - 1).text == "calendar")
        inner = point(row, j + 1) if made.year else None
        if inner and made.year and inner[0].in_year and (inner[0].sure or row.at(j).possessive):
            return inner[0].of(made.year), inner[1]
        return made, j + 1
    if what == "weekend":
        return _weekend(row, shift), j + 1
    if what in WEEKDAYS and len(what) > 3:
        return _weekday(row, WEEKDAYS[what], shift), j + 1
    inner = point(row, j) if what != "the" else None
    if not inner or not inner[0].in_year:
        return None
    in_year, today = inner[0].in_year, row.calendar.today
    if shift < 0:
        return replace(latest(row, in_year, over=True), in_year=None), inner[1]
    if shift == 0:
        return replace(days(*in_year(today.year)), year=today.year), inner[1]
    coming = [in_year(year) for year in range(today.year, today.year + 3)]
    return days(*next(d for d in coming if d[0] > today)), inner[1]


def _unit(row: Row, i: int, unit: Grain, *, calendar_year: bool) -> Point:
    after = datetime.combine(row.calendar.today + timedelta(days=1), time.min)
    if unit == "hour":
        return Point(after - timedelta(hours=1), after)
    word = row.at(i).text
    spoken = word == "last" and row.at(i - 1).text == "the" and row.at(i - 2).text in ("in", "over", "within", "during")
    if unit in ("week", "month", "year") and (word == "past" or spoken):
        return Point(after - step(unit), after)
    return current(row, unit, _SHIFT[word], calendar_year=calendar_year)


def current(row: Row, unit: Grain, shift: int = 0, *, calendar_year: bool = False) -> Point:
    """The unit that today is in, or one before or after it."""
    today = row.calendar.today
    start = today.replace(month=1, day=1) if calendar_year and unit == "year" else row.calendar.start_of(today, unit)
    start += step(unit, shift)
    made = days(start, start + step(unit))
    return replace(made, year=start.year) if unit == "year" and start.month == 1 else made


def _weekend(row: Row, shift: int) -> Point:
    """Saturday and Sunday: of this week, the latest that are over, or the next to come."""
    today = row.calendar.today
    saturday = today - timedelta(days=today.weekday()) + timedelta(days=5)
    if row.calendar.week_start == "sunday" and today.isoweekday() == 7:
        saturday += timedelta(days=7)
    if shift < 0:
        saturday -= timedelta(days=7)
    elif shift > 0 and today.isoweekday() >= 6:
        saturday += timedelta(days=7)
    return span(saturday, 2)


def _weekday(row: Row, weekday: int, shift: int) -> Point:
    """The latest one before today; this week's; the next one after today."""
    today = row.calendar.today
    if shift == 0:
        return span(_of_week(row, weekday, 0), 1)
    if shift < 0:
        return span(today - timedelta(days=(today.isoweekday() - weekday) % 7 or 7), 1)
    return span(today + timedelta(days=(weekday - today.isoweekday()) % 7 or 7), 1)


def _of_week(row: Row, weekday: int, weeks: int) -> date:
    first = row.calendar.start_of(row.calendar.today, "week") + timedelta(weeks=weeks)
    return first + timedelta(days=(weekday - first.isoweekday()) % 7)


_OF_WEEK = meanings(
    {
        "last week | of last week | of the previous week": -1,
        "this week | of this week | of the week": 0,
        "next week | of next week": 1,
    }
)
_BEFORE_DATE = phrases(", | . | . , | the | , the")


@starts_with(WEEKDAYS)
def _named_weekday(row: Row, i: int) -> Read:
    """Monday; Monday, 5 March; Monday of last week"""
    word = row.at(i)
    weekday = WEEKDAYS[word.text]
    j = row.skip_all(i + 1, _BEFORE_DATE)
    dated = point(row, j)
    if dated and dated[0].is_day and dated[1] > j + 1 and (dated[0].in_year or dated[0].year):
        return dated
    week = row.reads(i + 1, _OF_WEEK)
    if week:
        return span(_of_week(row, weekday, week[0]), 1), week[1]
    return replace(_weekday(row, weekday, -1), sure=word.possessive and len(word.text) > 4), i + 1


_DAYS = meanings(
    {"today | now": 0, "yesterday": -1, "tomorrow": 1, "day before yesterday": -2, "day after tomorrow": 2}
)


@starts_with(["today", "now", "yesterday", "tomorrow", "day"])
def _today(row: Row, i: int) -> Read:
    read = row.reads(i, _DAYS)
    if read is None:
        return None
    made = span(row.calendar.today + timedelta(days=read[0]), 1)
    return replace(made, sure=row.at(i).text != "now"), read[1]


@starts_with([DIGITS, "a", "an", *SMALL, *TENS])
def _ago(row: Row, i: int) -> Read:
    """3 days ago, two weeks ago, a year ago: the hour, day, week, month, quarter or year that far back"""
    read = number(row, i) or ((1, i + 1) if row.at(i).text in ("a", "an") else None)
    if not read or row.at(read[1]).text not in UNITS or row.at(read[1] + 1).text not in ("ago", "back"):
        return None
    (count, j), today = read, row.calendar.today
    unit = UNITS[row.at(j).text]
    if unit == "hour":
        end = datetime.combine(today + timedelta(days=1), time.min) - timedelta(hours=count)
        return Point(end - timedelta(hours=1), end, since=end - timedelta(hours=1)), j + 2
    there = today - step(unit, count)
    start = row.calendar.start_of(there, unit)
    return replace(days(start, start + step(unit)), since=datetime.combine(there, time.min)), j + 2
