"""Years and their parts: 2024, FY24, Q3 2024, the third quarter, H1, the second half of last year, week 12, the 1990s.

Quarters and halves are those of the business's own year, unless "calendar" is said.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from knowledge.calendar.named.point import (
    DIGITS,
    InYear,
    Point,
    Read,
    days,
    point,
    said_year,
    span,
    starts_with,
    yearly,
)
from knowledge.calendar.words import ORDINALS, Row, meanings, number, phrases

_SPELT = [word for word in ORDINALS if word[0].isalpha()]
_OWN_YEAR = meanings(
    {
        "of last year | last year | of the previous year": -1,
        "of the last fiscal year | of last fiscal year | last fiscal year": -1,
        "of this year | this year | of the year | of the fiscal year | of this fiscal year | this fiscal year": 0,
    }
)


@starts_with([DIGITS])
def _year(row: Row, i: int) -> Read:
    """2024; 2024 Q3; 2024 week 12; the 1990s"""
    word, following = row.at(i).text, row.at(i + 1).text
    if match := re.fullmatch(r"((?:19|20)\d)0s", word):
        start = int(match[1]) * 10
        return days(date(start, 1, 1), date(start + 10, 1, 1)), i + 1
    if match := re.fullmatch(r"(\d{4})-?([qh])([1-4])", word):
        return _part_of(row, match[2], int(match[3]), int(match[1])), i + 1
    if not re.fullmatch(r"(?:19|20)\d\d|2100", word):
        return None
    year = int(word)
    if match := re.fullmatch(r"([qh])([1-4])", following):
        return _part_of(row, match[1], int(match[2]), year), i + 2
    week = number(row, i + 2) if following == "week" else None
    if week:
        return _week_number(row, year, week[0]), week[1]
    return replace(days(date(year, 1, 1), date(year + 1, 1, 1)), year=year, sure=False, bare_year=True), i + 1


@starts_with(["q", "h", "fiscal", "financial", "calendar", "fy", "quarter", "qtr", DIGITS, *_SPELT])
def _quarter(row: Row, i: int) -> Read:
    """Q3 2024, third quarter of 2024, quarter 3, H1 FY2024, the first half of last year, fiscal Q2, calendar Q2"""
    start = 1 if row.at(i).text == "calendar" else row.calendar.fiscal_year_start
    j = row.skip(i, "fiscal", "financial", "fy", "calendar")
    word, following = row.at(j).text, row.at(j + 1).text
    if match := re.fullmatch(r"([qh])([1-4])", word):
        letter, n, j = match[1], int(match[2]), j + 1
    elif word in ORDINALS and following in ("quarter", "qtr", "half"):
        letter, n, j = following[0], ORDINALS[word], j + 2
        if n < 0 and row.at(j).text not in ("of", "in"):
            return None  # "last quarter" is the one before this
    elif word in ("quarter", "qtr") and re.fullmatch(r"[1-4]", following):
        letter, n, j = "q", int(following), j + 2
    else:
        return None
    months = 3 if letter in "q" else 6
    n = n if n > 0 else 12 // months
    if n * months > 12:
        return None
    in_year = _nth(start, months, n)
    fiscal = _fiscal_name(row, row.skip(j, ",", "of", "-"))
    if fiscal:
        return replace(days(*in_year(fiscal[0])), year=fiscal[0]), fiscal[1]
    own = row.reads(j, _OWN_YEAR)
    if own:
        today = row.calendar.today
        year = own[0] + (row.calendar.fiscal_year_of(today) if start > 1 else today.year)
        return replace(days(*in_year(year)), year=year), own[1]
    if ORDINALS.get(word, 0) < 0 and not said_year(row, j):
        return None
    return yearly(row, j, in_year, sure=letter == "q" or word[0] == "h")


def _part_of(row: Row, letter: str, n: int, year: int) -> Point:
    months = 3 if letter == "q" else 6
    if n * months > 12:
        raise ValueError(n)
    return replace(days(*_nth(row.calendar.fiscal_year_start, months, n)(year)), year=year)


def _nth(start_month: int, months: int, n: int) -> InYear:
    """The n-th quarter, half or whole of the year that starts in that month."""

    def find(year: int) -> tuple[date, date]:
        first = date(year - (start_month > 1), start_month, 1) + relativedelta(months=months * (n - 1))
        return first, first + relativedelta(months=months)

    return find


@starts_with(["fiscal", "financial", "fy"])
def _fiscal_year(row: Row, i: int) -> Read:
    read = _fiscal_name(row, i)
    if read is None:
        return None
    part = re.fullmatch(r"([qh])([1-4])", row.at(read[1]).text)
    if part:
        return _part_of(row, part[1], int(part[2]), read[0]), read[1] + 1
    return replace(days(*_nth(row.calendar.fiscal_year_start, 12, 1)(read[0])), year=read[0]), read[1]


def _fiscal_name(row: Row, i: int) -> tuple[int, int] | None:
    """FY2024, FY24, FY '24, fiscal 2024, fiscal year 2024"""
    word = row.at(i).text
    if word in ("fy", "fiscal", "financial"):
        i = row.skip(i + 1, "year")
        word = "fy" + row.at(i).text.lstrip("'")
    match = re.fullmatch(r"fy(\d\d|(?:19|20)\d\d)", word)
    return (int(match[1]) + (2000 if len(match[1]) == 2 else 0), i + 1) if match else None


_OF_ITS_KIND = meanings({"calendar year | calendar | year of | year | cy": 12, "month of": 1, "quarter of": 3})


@starts_with(["calendar", "year", "month", "quarter", "cy"])
def _of_its_kind(row: Row, i: int) -> Read:
    """the year 2024, calendar year 2024, the month of March"""
    for months, after in row.all_readings(i, _OF_ITS_KIND):
        read = point(row, after)
        if read and (read[0].year or read[0].in_year):  # "the best month of last year" names no month
            start, end = read[0].start, read[0].end
            if (end.year - start.year) * 12 + end.month - start.month == months:
                return replace(read[0], sure=True, bare_year=False), read[1]
    return None


# --- weeks -----------------------------------------------------------------------------------------------------------

_NUMBER = phrases("number | no | no . | #")
_WEEK_OF = phrases(
    "of | beginning | starting | commencing | ending | ended | containing | beginning on | starting on | ending on"
)


@starts_with(["week", "wk", "w", "cw", "kw"])
def _week(row: Row, i: int) -> Read:
    """week 12 of 2024, W12, the week of 4 March, the week ending 10 March"""
    if match := re.fullmatch(r"(?:w|wk|cw|kw)(\d\d?)", row.at(i).text):
        return _week_in(row, i + 1, int(match[1]))
    if row.at(i).text not in ("week", "wk"):
        return None
    n = re.fullmatch(r"#?(\d\d?)", row.at(row.skip_all(i + 1, _NUMBER)).text)
    if n:
        return _week_in(row, row.skip_all(i + 1, _NUMBER) + 1, int(n[1]))
    verb = row.reads(i + 1, _WEEK_OF)
    read = point(row, verb[1]) if verb else None
    if not verb or not read or not read[0].is_day:
        return None
    day = read[0].start.date()
    if verb[0].startswith("end"):
        return span(day - timedelta(days=6), 7), read[1]
    return span(row.calendar.start_of(day, "week") if verb[0] in ("of", "containing") else day, 7), read[1]


def _week_in(row: Row, i: int, n: int) -> Read:
    def find(year: int) -> tuple[date, date]:
        start = _week_number(row, year, n).start.date()
        return start, start + timedelta(days=7)

    return yearly(row, i, find)


def _week_number(row: Row, year: int, n: int) -> Point:
    """By ISO where weeks start on Monday; where they start on Sunday, week 1 is the one with 1 January."""
    if row.calendar.week_start == "monday":
        return span(date.fromisocalendar(year, n, 1), 7)
    if not 1 <= n <= 53:
        raise ValueError(n)
    return span(row.calendar.start_of(date(year, 1, 1), "week") + timedelta(weeks=n - 1), 7)
