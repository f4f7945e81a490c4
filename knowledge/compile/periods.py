"""Periods as the compiler needs them before any SQL runs: where one starts, and how far back another lies."""

from __future__ import annotations

from datetime import datetime, timedelta

from knowledge.model import SemanticModel
from knowledge.request import Grain


def floor(moment: datetime, grain: Grain, model: SemanticModel) -> datetime:
    """The start of the period that a moment lies in, by the business's weeks and fiscal year.

    >>> floor(datetime(2024, 5, 17), "quarter", SemanticModel("shop", ()))
    datetime.datetime(2024, 4, 1, 0, 0)
    """
    if grain == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if grain == "day":
        return midnight
    if grain == "week":
        days = midnight.weekday() if model.week_start == "monday" else (midnight.weekday() + 1) % 7
        return midnight - timedelta(days=days)
    first = midnight.replace(day=1)
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    return months_back(first, (first.month - model.fiscal_year_start) % months)


def back(moment: datetime, count: int, unit: str) -> datetime:
    """A moment earlier by a number of HOURs, DAYs or MONTHs."""
    if unit == "MONTH":
        return months_back(moment, count)
    return moment - (timedelta(hours=count) if unit == "HOUR" else timedelta(days=count))


def months_back(moment: datetime, months: int) -> datetime:
    """The same day of an earlier month, or that month's last day.

    >>> months_back(datetime(2024, 3, 31), 1)
    datetime.datetime(2024, 2, 29, 0, 0)
    """
    index = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(index, 12)
    following = datetime(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
