"""Calendar: reads, compares and names periods, relative to one day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel

from knowledge.calendar.arithmetic import months_between, moved, start_of, step
from knowledge.calendar.find import find_mentions, read_window
from knowledge.calendar.labels import label
from knowledge.calendar.mention import Mention
from knowledge.model import SemanticModel
from knowledge.request import Grain, InWindow, Request, Window

_YEAR = relativedelta(years=1)
_GRAINS: tuple[Grain, ...] = ("week", "month", "quarter", "year")


class UnknownPeriod(ValueError):
    """A period that could not be read, or compared; `text` is what was said."""

    def __init__(self, text: str, why: str = ""):
        examples = "“last month”, “Q3 2024”, “since March” or “2024-01-05 to 2024-02-03”"
        super().__init__(why or f"I can't read the period {text!r}. Say it like {examples}.")
        self.text = text


@dataclass(frozen=True)
class Calendar:
    """`today` is the clock's day or the last day of the data: the caller's choice. Windows are naive datetimes
    [start, end) as a clock in `time_zone` shows them."""

    today: date
    week_start: Literal["monday", "sunday"] = "monday"
    fiscal_year_start: int = 1
    """The month in which the business's year starts, 1..12."""
    time_zone: str = "UTC"

    @classmethod
    def for_model(cls, model: SemanticModel, *, today: date) -> Calendar:
        return cls(today, model.week_start, model.fiscal_year_start, model.time_zone)

    # --- reading -----------------------------------------------------------------------------------------------------

    def find(self, text: str) -> list[Mention]:
        """Every mention of a time in a question, left to right, never overlapping."""
        return find_mentions(text, self)

    def read(self, text: str) -> Window | None:
        """The window that the whole text names ("last month", "Q3 2024", "since March"), or None."""
        return read_window(text, self)

    def resolve(self, request: Request) -> Request:
        """The request with every period that is text, at any depth, made a window.

        A comparison with the previous period or year of a request without a period is one of this month, or this year.
        Raises UnknownPeriod."""
        return self._resolved(request)

    # --- arithmetic --------------------------------------------------------------------------------------------------

    def start_of(self, day: date, grain: Grain) -> date:
        """The first day of the week, month, quarter or (fiscal) year that the day is in."""
        return start_of(day, grain, self.week_start, self.fiscal_year_start)

    def fiscal_year_of(self, day: date) -> int:
        """The name of the fiscal year that the day is in: the calendar year in which it ends."""
        return day.year + (1 if self.fiscal_year_start > 1 and day.month >= self.fiscal_year_start else 0)

    def window(self, start: date | None, end: date | None) -> Window:
        """[start, end) with its label; a date is its midnight."""
        made = Window(start=_moment(start), end=_moment(end))
        return made.model_copy(update={"text": self.label(made)})

    def label(self, window: Window) -> str:
        """ "November 2017", "Q3 2024", "1–14 March 2024", "since 1 March 2024": `read` reads it as the same window."""
        return label(window, self)

    def previous(self, window: Window) -> Window:
        """The period just before: as many months before whole months, the same length before anything else.

        Before a unit that is not over, or "to date", it is the same days of the unit before. An open end ends today.
        Raises UnknownPeriod for a window without a start: nothing lies before it."""
        if window.start is None:
            raise UnknownPeriod(window.text, f"Nothing lies before {self.label(window)!r}: give the period a start.")
        window, unit = self._elapsed(window)
        start, end = window.start, window.end
        assert start is not None
        assert end is not None
        if unit is not None:
            first, after = moved(start.date(), end.date(), step(unit, -1))
            return self.window(first, min(after, start.date()))
        months = months_between(start.date(), end.date()) if _whole_days(start, end) else 0
        return (
            self.window(start - relativedelta(months=months), start)
            if months
            else self.window(start - (end - start), start)
        )

    def year_ago(self, window: Window) -> Window:
        """The same days a year before, as far as a unit that is not over has come; for whole weeks, 52 weeks before.

        Raises UnknownPeriod for all time."""
        if window.start is None and window.end is None:
            raise UnknownPeriod(
                window.text, "All time can't be compared with a year before: give the period a start or an end."
            )
        if window.start is not None:
            window, _ = self._elapsed(window)
        start, end = window.start, window.end
        if start is None or end is None or not _whole_days(start, end):
            return self.window(start - _YEAR if start else None, end - _YEAR if end else None)
        weeks = (end - start).days % 7 == 0 and start.date() == self.start_of(start.date(), "week")
        if weeks and not months_between(start.date(), end.date()):
            return self.window(start - timedelta(weeks=52), end - timedelta(weeks=52))
        return self.window(*moved(start.date(), end.date(), -_YEAR))

    def _elapsed(self, window: Window) -> tuple[Window, Grain | None]:
        """The window up to today if it is a whole unit that is not over, or open; and the unit that it is a part of."""
        tomorrow = datetime.combine(self.today, time.min) + timedelta(days=1)
        start, end = window.start, window.end
        assert start is not None
        if end is None:
            return self.window(start, max(tomorrow, start + timedelta(days=1))), None
        if start.time() != time.min or not start < tomorrow <= end:
            return window, None
        starting = [g for g in _GRAINS if self.start_of(start.date(), g) == start.date()]
        if tomorrow < end:
            unit = next((g for g in starting if start + step(g) == end), None)
            return (self.window(start, tomorrow), unit) if unit else (window, None)
        said = re.search(r"\((\w+) to date\)$", window.text)
        fits = [g for g in starting if start + step(g) >= end]
        return window, next((g for g in fits if said and g == said[1]), fits[0] if fits else None)

    # --- requests ----------------------------------------------------------------------------------------------------

    def _resolved(self, node: Any) -> Any:
        if isinstance(node, list):
            made = [self._resolved(item) for item in node]
            return made if any(a is not b for a, b in zip(made, node, strict=True)) else node
        if not isinstance(node, BaseModel):
            return node
        changed = {}
        for name in type(node).model_fields:
            value = getattr(node, name)
            new = self._resolved(value)
            if new is not value:
                changed[name] = new
        if isinstance(node, InWindow) and isinstance(node.window, str):
            changed["window"] = self._read(node.window)
        if isinstance(node, Request):
            changed |= self._periods(node)
        return node.model_copy(update=changed) if changed else node

    def _periods(self, request: Request) -> dict[str, Window]:
        period, compare = request.period, request.compare_to
        changed: dict[str, Window] = {}
        if isinstance(period, str):
            period = changed["period"] = self._read(period)
        if compare in ("previous_period", "previous_year"):
            if period is None:
                unit = "year" if compare == "previous_year" else "month"
                period = changed["period"] = self._read(f"this {unit}")
            changed["compare_to"] = self.previous(period) if compare == "previous_period" else self.year_ago(period)
        elif isinstance(compare, str):
            changed["compare_to"] = self._read(compare)
        return changed

    def _read(self, text: str) -> Window:
        window = self.read(text)
        if window is None:
            raise UnknownPeriod(text)
        return window


def _moment(day: date | None) -> datetime | None:
    return day if day is None or isinstance(day, datetime) else datetime.combine(day, time.min)


def _whole_days(start: datetime, end: datetime) -> bool:
    return start.time() == time.min and end.time() == time.min
