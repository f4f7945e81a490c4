"""The calendar: periods of time relative to a given day, in a business's own weeks, fiscal years and time zone.

"Today" is injected: the clock's day, or the last day of data that has stopped. Windows are naive local datetimes in the
business's time zone, [start, end).

Conventions, as most BI tools have them:
- "last month" is the whole calendar month before this one; "this month" runs from its first day through today.
- "last 3 months", "past 3 months" are the 3 complete months before this one; "including this one" adds the current one.
- "last 30 days" and "past 30 days" are the 30 days ending today, today included; "last 24 hours" the same way.
- a month without a year is the latest one that has begun; a weekday without a date the latest one before today.
- a fiscal year that does not start in January is named by the calendar year in which it ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel

from knowledge.model import SemanticModel
from knowledge.periods import Mention, find_mentions
from knowledge.request import Grain, InWindow, Request, Window


class UnknownPeriod(ValueError):
    """A period that could not be read; `text` is what was said."""

    def __init__(self, text: str):
        super().__init__(
            f"I can't read the period {text!r}. Say it like “last month”, “Q3 2024”, “since March” or “2024-01-05 to 2024-02-03”."
        )
        self.text = text


@dataclass(frozen=True)
class Calendar:
    today: date
    week_start: Literal["monday", "sunday"] = "monday"
    fiscal_year_start: int = 1
    time_zone: str = "UTC"

    @classmethod
    def for_model(cls, model: SemanticModel, *, today: date) -> Calendar:
        return cls(today, model.week_start, model.fiscal_year_start, model.time_zone)

    # --- reading -----------------------------------------------------------------------------------------------------

    def find(self, text: str) -> list[Mention]:
        """Every mention of a time in a question, left to right, never overlapping."""
        return find_mentions(text, self)

    def read(self, text: str) -> Window | None:
        """The window that the whole text names, or None."""
        whole = text.strip().rstrip(".?!")
        for prefix in ("", "in ", "on "):
            for mention in self.find(prefix + whole):
                covered = mention.end - mention.start
                if mention.kind == "window" and covered >= len(prefix + whole) - len(prefix) - 4:
                    return mention.window
        return None

    def resolve(self, request: Request) -> Request:
        """The request with every period that is text, at any depth, made a window. Raises UnknownPeriod."""
        return self._resolved(request)

    def _resolved(self, node: Any) -> Any:
        if isinstance(node, Request):
            made = self._fields(node)
            period, compare = made.period, made.compare_to
            if isinstance(period, str):
                period = self._window(period)
            if compare in ("previous_period", "previous_year"):
                if period is None:
                    period = self.read("this year" if compare == "previous_year" else "this month")
                assert period is not None
                compare = self.previous(period) if compare == "previous_period" else self.year_ago(period)
            elif isinstance(compare, str):
                compare = self._window(compare)
            if period is made.period and compare is made.compare_to:
                return made
            return made.model_copy(update={"period": period, "compare_to": compare})
        if isinstance(node, InWindow) and isinstance(node.window, str):
            return node.model_copy(update={"window": self._window(node.window)})
        if isinstance(node, BaseModel):
            return self._fields(node)
        if isinstance(node, list):
            made_list = [self._resolved(item) for item in node]
            return made_list if any(a is not b for a, b in zip(made_list, node, strict=True)) else node
        return node

    def _fields(self, node: Any) -> Any:
        changed = {}
        for name in type(node).model_fields:
            value = getattr(node, name)
            if isinstance(value, BaseModel | list):
                made = self._resolved(value)
                if made is not value:
                    changed[name] = made
        return node.model_copy(update=changed) if changed else node

    def _window(self, text: str) -> Window:
        window = self.read(text)
        if window is None:
            raise UnknownPeriod(text)
        return window

    # --- arithmetic --------------------------------------------------------------------------------------------------

    def start_of(self, day: date, grain: Grain) -> date:
        """The first day of the week, month, quarter or year that the day is in; fiscal where the business's year is."""
        if grain == "week":
            return day - timedelta(days=(day.weekday() if self.week_start == "monday" else (day.weekday() + 1) % 7))
        if grain == "month":
            return day.replace(day=1)
        if grain == "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        if grain == "year":
            return day.replace(month=1, day=1)
        return day

    def fiscal_year(self, year: int) -> Window:
        """The fiscal year that is called `year`."""
        start = date(year if self.fiscal_year_start == 1 else year - 1, self.fiscal_year_start, 1)
        return self.window(start, start + relativedelta(years=1), f"FY{year}")

    def unit(self, day: date, grain: Grain) -> Window:
        """The whole unit that the day is in."""
        start = self.start_of(day, grain)
        return self.window(start, start + step(grain), "")

    def to_date(self, grain: Grain) -> Window:
        """From the start of the current unit through today."""
        return self.window(self.start_of(self.today, grain), self.today + timedelta(days=1), "")

    def window(self, start: date | None, end: date | None, text: str) -> Window:
        made = Window(start=_midnight(start), end=_midnight(end))
        return made.model_copy(update={"text": text or self.label(made)})

    def previous(self, window: Window) -> Window:
        """The window just before: the unit before for whole units, the same days of the unit before for "to date",
        else as many days."""
        if window.start is None or window.end is None:
            return window
        start, end = window.start.date(), window.end.date()
        for grain in ("day", "week", "month", "quarter", "year"):
            count = self._units(start, end, grain)
            if count:
                return self.window(start - step(grain) * count, start, "")
        if end == self.today + timedelta(days=1):
            for grain in ("year", "quarter", "month", "week"):
                if start == self.start_of(self.today, grain):
                    return self.window(start - step(grain), min(end - step(grain), start), "")
        return self._moved(window, -(window.end - window.start))

    def year_ago(self, window: Window) -> Window:
        """The same days a year before."""
        year = relativedelta(years=1)
        start = window.start - year if window.start else None
        end = window.end - year if window.end else None
        return self._labelled(start, end)

    def _units(self, start: date, end: date, grain: Grain) -> int:
        """How many whole units the days make; 0 if they don't."""
        if (
            start != self.start_of(start, grain)
            or end != self.start_of(end, grain)
            or (grain == "day" and (end - start).days != 1)
        ):
            return 0
        if grain in ("day", "week"):
            return (end - start).days // (7 if grain == "week" else 1)
        months = (end.year - start.year) * 12 + end.month - start.month
        per = {"month": 1, "quarter": 3, "year": 12}[grain]
        # 12 months are better called a year, 3 a quarter: only the last grain that fits names them, but all step alike.
        return months // per if months % per == 0 else 0

    def _moved(self, window: Window, by: timedelta) -> Window:
        assert window.start is not None
        assert window.end is not None
        return self._labelled(window.start + by, window.end + by)

    def _labelled(self, start: datetime | None, end: datetime | None) -> Window:
        made = Window(start=start, end=end)
        return made.model_copy(update={"text": self.label(made)})

    # --- saying ------------------------------------------------------------------------------------------------------

    def label(self, window: Window) -> str:
        """ "November 2017", "Q3 2024", "1–14 March 2024", "since 1 March 2024"."""
        start, end = window.start, window.end
        if start is None and end is None:
            return "all time"
        if start is None:
            assert end is not None
            return f"before {_day(end)}"
        if end is None:
            return f"since {_day(start)}"
        if start.time() != time.min or end.time() != time.min:
            return f"{_day(start)} {start:%H:%M} to {_day(end)} {end:%H:%M}"
        first, last = start.date(), end.date() - timedelta(days=1)
        if first == last:
            return _day(start)
        if self._units(first, end.date(), "year") == 1:
            return str(first.year)
        if self._units(first, end.date(), "quarter") == 1:
            return f"Q{(first.month + 2) // 3} {first.year}"
        if self._units(first, end.date(), "month") == 1:
            return f"{first:%B %Y}"
        if first.day == 1 and end.day == 1:
            return f"{first:%B} to {last:%B %Y}" if first.year == last.year else f"{first:%B %Y} to {last:%B %Y}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{last.day} {last:%B %Y}"
        if first.year == last.year:
            return f"{first.day} {first:%B} – {last.day} {last:%B %Y}"
        return f"{_day(first)} – {_day(last)}"


def step(grain: Grain) -> relativedelta:
    """One unit of the grain."""
    if grain == "quarter":
        return relativedelta(months=3)
    return relativedelta(**{grain + "s": 1})  # type: ignore[arg-type]


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min) if day else None


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


__all__ = ["Calendar", "Mention", "UnknownPeriod", "step"]
