"""A window in words, which the calendar reads back as the same window."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from knowledge.calendar.arithmetic import months_between
from knowledge.request import Window

if TYPE_CHECKING:
    from knowledge.calendar.calendar import Calendar


def label(window: Window, calendar: Calendar) -> str:
    start, end = window.start, window.end
    if start is None and end is None:
        return "all time"
    if start is None:
        assert end is not None
        return f"before {_moment(end)}"
    if end is None:
        return f"since {_moment(start)}"
    if start.time() != time.min or end.time() != time.min:
        return f"from {_moment(start)} to {_moment(end)}"
    first, after = start.date(), end.date()
    return _units(first, after, calendar) or _days(first, after - timedelta(days=1), calendar)


def _units(first: date, after: date, calendar: Calendar) -> str | None:
    """The name of whole months, quarters or years."""
    months = months_between(first, after)
    last = after - timedelta(days=1)
    if not months:
        return None
    if months % 12 == 0 and first.month == calendar.fiscal_year_start:
        years = [str(calendar.fiscal_year_of(day)) for day in (first, last)]
        name = "FY" if calendar.fiscal_year_start > 1 else ""
        return f"{name}{years[0]}" if months == 12 else f"{name}{years[0]} to {name}{years[1]}"
    if months % 12 == 0 and first.month == 1:
        return str(first.year) if months == 12 else f"{first.year} to {last.year}"
    ahead = (first.month - calendar.fiscal_year_start) % 12
    if months == 3 and ahead % 3 == 0:
        name = "FY" if calendar.fiscal_year_start > 1 else ""
        return f"Q{ahead // 3 + 1} {name}{calendar.fiscal_year_of(first)}"
    if months == 1:
        return f"{first:%B %Y}"
    return f"{first:%B} to {last:%B %Y}" if first.year == last.year else f"{first:%B %Y} to {last:%B %Y}"


def _days(first: date, last: date, calendar: Calendar) -> str:
    if first == last:
        return _day(first)
    if (last - first).days == 6 and first == calendar.start_of(first, "week"):
        return f"the week of {_day(first)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%B %Y}"
    if first.year == last.year:
        return f"{first.day} {first:%B} – {last.day} {last:%B %Y}"
    return f"{_day(first)} – {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _moment(moment: datetime) -> str:
    return _day(moment) if moment.time() == time.min else f"{moment:%Y-%m-%d %H:%M:%S}"
