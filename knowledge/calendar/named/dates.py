"""Days and months: 2024-03-05, 03/05/2024, 5 March 2024, the 5th of March, March 5th, March '24, 2024-03."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from knowledge.calendar.named.point import DIGITS, InYear, Point, Read, days, said_year, span, starts_with, yearly
from knowledge.calendar.words import MONTHS, UNSURE_MONTHS, Row, meanings

_THIS_MONTH = meanings({"of this month | of the month": 0, "of last month | of the previous month": -1})


@starts_with([DIGITS])
def _iso(row: Row, i: int) -> Read:
    word = row.at(i).text
    if match := re.fullmatch(r"(\d{4})[-/](\d\d?)[-/](\d\d?)", word):
        return span(date(*map(int, match.groups())), 1), i + 1
    if match := re.fullmatch(r"(\d{4})[-/](\d\d?)", word):
        return _month(int(match[1]), int(match[2])), i + 1
    if match := re.fullmatch(r"(\d{4})-w(\d\d?)", word):
        return span(date.fromisocalendar(int(match[1]), int(match[2]), 1), 7), i + 1
    if match := re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)[t ](\d\d?):(\d\d)(?::(\d\d))?(?:\.\d+)?z?", word):
        moment = datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]
        return Point(moment, moment), i + 1
    return None


@starts_with([DIGITS])
def _slashed(row: Row, i: int) -> Read:
    """Month first, as in the United States, unless the first number can't be a month; day first with dots."""
    word = row.at(i).text
    if match := re.fullmatch(r"(\d\d?)/(\d{4})", word):
        return _month(int(match[2]), int(match[1])), i + 1
    match = re.fullmatch(r"(\d\d?)([/.])(\d\d?)\2(\d{4}|\d\d)", word)
    if not match:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if first > 12 or match[2] == ".":
        first, second = second, first
    return span(date(year if year > 99 else 2000 + year, first, second), 1), i + 1


@starts_with([DIGITS])
def _day_first(row: Row, i: int) -> Read:
    """5 March 2024, the 5th of March, the 5th of this month, on the 5th"""
    day = day_number(row.at(i).text)
    if day is None:
        return None
    this = row.reads(i + 1, _THIS_MONTH)
    if this:
        first = row.calendar.today.replace(day=1) + relativedelta(months=this[0])
        return span(first.replace(day=day), 1), this[1]
    j = row.skip(i + 1, "of")
    month = MONTHS.get(row.at(j).text)
    if month is not None:
        return yearly(row, row.skip(j + 1, "."), _date_in(month, day))
    if row.at(i - 1).text == "the" and row.at(i - 2).text == "on" and not row.at(i).text.isdecimal():
        today = row.calendar.today
        first = today.replace(day=1) - relativedelta(months=0 if day <= today.day else 1)
        return span(first.replace(day=day), 1), i + 1
    return None


@starts_with(MONTHS)
def _month_first(row: Row, i: int) -> Read:
    """March, March 2024, Mar. '24, March 5th, March the 5th, March 5, 2024"""
    word = row.at(i)
    month = MONTHS[word.text]
    j = (
        row.skip(i + 1, ".")
        if len(word.text) < 5 and (said_year(row, i + 2) or day_number(row.at(i + 2).text))
        else i + 1
    )
    k = row.skip(j, "the")
    day = day_number(row.at(k).text)
    if day is not None and row.at(k + 1).text not in ("%", ":"):
        return yearly(row, k + 1, _date_in(month, day))
    return yearly(row, j, _month_in(month), sure=word.text not in UNSURE_MONTHS or word.capital)


def day_number(word: str) -> int | None:
    match = re.fullmatch(r"(\d\d?)(?:st|nd|rd|th)?", word)
    return int(match[1]) if match and 1 <= int(match[1]) <= 31 else None


def _date_in(month: int, day: int) -> InYear:
    return lambda year: (date(year, month, day), date(year, month, day) + timedelta(days=1))


def _month_in(month: int) -> InYear:
    return lambda year: (date(year, month, 1), date(year, month, 1) + relativedelta(months=1))


def _month(year: int, month: int) -> Point:
    return replace(days(*_month_in(month)(year)), year=year)
