"""Dates by the unit: where a week, month, quarter or year starts, and the same days of another one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

from knowledge.request import Grain

_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}


def step(grain: Grain, count: int = 1) -> relativedelta:
    """The length of `count` units."""
    if grain in _MONTHS:
        return relativedelta(months=count * _MONTHS[grain])
    return relativedelta(**{grain + "s": count})


def start_of(day: date, grain: Grain, week_start: Literal["monday", "sunday"], fiscal_year_start: int) -> date:
    """The first day of the week, month, quarter or year that the day is in.

    >>> start_of(date(2024, 5, 17), "quarter", "monday", 2)
    datetime.date(2024, 5, 1)
    """
    if grain in ("hour", "day"):
        return day
    if grain == "week":
        return day - timedelta(days=day.weekday() if week_start == "monday" else day.isoweekday() % 7)
    first = day.replace(day=1)
    return first - relativedelta(months=(first.month - fiscal_year_start) % _MONTHS[grain])


def moved(start: date, end: date, by: relativedelta) -> tuple[date, date]:
    """The days [start, end) moved by months or years: whole months stay whole, other spans keep their days.

    >>> moved(date(2024, 2, 1), date(2024, 3, 1), relativedelta(years=-1))
    (datetime.date(2023, 2, 1), datetime.date(2023, 3, 1))
    >>> moved(date(2024, 3, 1), date(2024, 3, 31), relativedelta(months=-1))
    (datetime.date(2024, 2, 1), datetime.date(2024, 3, 1))
    """
    if end.day == 1:
        return start + by, end + by
    # By its last day, not by the day after: 29 February a year ago is 28 February, and no more.
    return start + by, end - timedelta(days=1) + by + timedelta(days=1)


def months_between(start: date, end: date) -> int:
    """How many whole months [start, end) is, from the first of one; 0 if it isn't."""
    if start.day != 1 or end.day != 1:
        return 0
    return max(0, (end.year - start.year) * 12 + end.month - start.month)
