"""History: what a request measures, period after period without a gap, for each of its groups."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from knowledge.calendar import Calendar, step
from knowledge.formats import format_value
from knowledge.request import Aggregate, FieldColumn, Grain, MeasureColumn, Request
from knowledge.result import ResultColumn
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.times import adds_over_time, time_fields

_MOST_ROWS = 500_000
_MISSING = 0.1
"""The part of the first period that may lie before the first record: nothing happens every day."""
_DAYS: dict[Grain, float] = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30.44, "quarter": 91.31, "year": 365.25}
SEASONS: dict[Grain, int] = {"hour": 24, "day": 7, "week": 52, "month": 12, "quarter": 4, "year": 1}
"""The periods after which a pattern recurs; 1: none does."""

Group = tuple[Any, ...]
"""A group's values of the fields that the request groups by; empty where it doesn't."""


@dataclass(frozen=True)
class Span:
    """The first and last moment that something was measured, and the end of what is known: the day after the last of
    the data, or after today where records lie in the future."""

    first: datetime
    last: datetime
    end: datetime

    def periods(self, grain: Grain) -> float:
        return (self.end - self.first) / timedelta(days=1) / _DAYS[grain]


@dataclass(frozen=True)
class History:
    grain: Grain
    starts: tuple[datetime, ...]
    """Of each whole period, oldest first, none left out."""
    groups: dict[Group, np.ndarray]
    """Each group's figure of every period; NaN where a figure that doesn't add up has no records to be made of."""
    measure: ResultColumn
    by: tuple[ResultColumn, ...]
    time: ResultColumn
    additive: bool
    """The figures of shorter periods add up to those of longer ones. A period without records is then a 0."""
    sql: str
    elapsed_ms: float
    caveats: tuple[str, ...] = ()

    @property
    def end(self) -> datetime:
        return after(self.starts[-1], self.grain)

    def name(self, group: Group, locale: str) -> str:
        """For people: "store 367 · online"."""
        return " · ".join(named(v, c, locale) for v, c in zip(group, self.by, strict=True))


def after(moment: datetime, grain: Grain, count: int = 1) -> datetime:
    """The start of the period that is `count` periods later."""
    return moment + step(grain, count)


def start_of(moment: datetime, grain: Grain, calendar: Calendar) -> datetime:
    """The start of the period that the moment is in."""
    if grain == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    return datetime.combine(calendar.start_of(moment.date(), grain), time.min)


def plain(request: Request) -> Request:
    """The request for figures alone: without order, limits and times to group by.

    Raises CannotAnalyse where it measures nothing, or groups by a part of time."""
    if not request.measures:
        raise CannotAnalyse("Name a figure to look at over time: sales, the number of orders, an average price.")
    if any(c.part for c in request.fields):
        raise CannotAnalyse("Days of the week and hours of the day recur: ask by day, week, month, quarter or year.")
    columns = [c for c in request.fields if c.grain is None] + request.measures[:1]
    bare: dict[str, Any] = {"order": [], "limit": None, "limit_per": [], "offset": 0, "having": [], "compare_to": None}
    return request.model_copy(update={"columns": columns, **bare})


def span(request: Request, workspace: Workspace, limits: Limits) -> Span:
    """When what a plain request measures happened.

    Raises CannotAnalyse where nothing says when, or nothing was measured; and whatever a query raises."""
    field = _time_field(request, workspace)
    ends = [MeasureColumn(measure=Aggregate(agg=agg, of=field)) for agg in ("min", "max")]
    found = workspace.run(
        request.model_copy(update={"columns": ends, "across": None, "every": None}), timeout_s=limits.timeout_s
    )
    first, last = (_moment(v) for v in found.rows[0])
    if first is None or last is None:
        raise CannotAnalyse("There is nothing to look at: no record matches.")
    if first == last:
        raise CannotAnalyse(f"All records are of one moment, {first:%-d %B %Y}: there is no history to look at.")
    known = max(last.date(), workspace.fresh_as_of.date()) if workspace.fresh_as_of else last.date()
    end = datetime.combine(min(known, workspace.calendar.today) + timedelta(days=1), time.min)
    if end <= first:
        raise CannotAnalyse(f"All records lie after today ({workspace.calendar.today:%-d %B %Y}): there is no history.")
    return Span(first, last, end)


def history(request: Request, grain: Grain, known: Span, workspace: Workspace, limits: Limits) -> History:
    """The figures of a plain request by whole periods: one that the data begins or ends within is left out.

    Raises CannotAnalyse where no whole period is left or there are too many figures, and whatever a query raises."""
    calendar, additive = workspace.calendar, adds_over_time(request, workspace)
    timed = FieldColumn(field=_time_field(request, workspace), grain=grain)
    asked = request.model_copy(update={"columns": [timed, *request.columns]})
    found = workspace.run(asked, max_rows=_MOST_ROWS, timeout_s=limits.timeout_s)
    if found.truncated:
        raise CannotAnalyse(f"That is more than {_MOST_ROWS:,} figures. Ask for fewer groups, or longer periods.")
    first = start_of(known.first, grain, calendar)
    if additive and known.first - first > _MISSING * (after(first, grain) - first):
        first = after(first, grain)
    last = start_of(known.end, grain, calendar)
    starts = []
    while first < last:
        starts.append(first)
        first = after(first, grain)
    if not starts:
        raise CannotAnalyse(
            f"There is no whole {grain} of data: it runs from {known.first:%-d %B %Y} to {known.last:%-d %B %Y}."
        )
    if not any(row[-1] is not None for row in found.rows):
        raise CannotAnalyse(f"{found.columns[-1].label} is empty in every record: there is nothing to look at.")
    at = {start: n for n, start in enumerate(starts)}
    empty = 0.0 if additive else np.nan
    groups: dict[Group, np.ndarray] = defaultdict(lambda: np.full(len(starts), empty))
    for moment, *group, value in found.rows:
        start = _moment(moment)
        if start in at and value is not None:
            groups[tuple(group)][at[start]] = _number(value, found.columns[-1])
    return History(
        grain, tuple(starts), dict(groups), found.columns[-1], found.columns[1:-1], found.columns[0], additive,
        found.sql, found.elapsed_ms, found.caveats,
    )  # fmt: skip


def while_it_came(figures: History) -> History:
    """Without the empty periods at the end of figures that add up, if there are so many more of them than ever before
    that the data must have ended."""
    empty = np.sum([np.nan_to_num(v) for v in figures.groups.values()], axis=0) == 0
    full = np.flatnonzero(~empty)
    if not figures.additive or not len(full):
        return figures
    longest, last = int(np.diff(full).max(initial=1)) - 1, int(full[-1]) + 1
    if len(empty) - last <= 2 * longest + 2:
        return figures
    ended = f"There is nothing after {figures.starts[last]:%-d %B %Y}: the data is taken to end there."
    groups = {g: v[:last] for g, v in figures.groups.items()}
    return replace(figures, starts=figures.starts[:last], groups=groups, caveats=(*figures.caveats, ended))


def gathered(figures: History, grain: Grain, calendar: Calendar) -> History:
    """The history of figures that add up, by longer periods; those that are not whole are left out."""
    starts = [start_of(s, grain, calendar) for s in figures.starts]
    whole = [s for s in dict.fromkeys(starts) if s >= figures.starts[0] and after(s, grain) <= figures.end]
    kept = [np.array([s == w for s in starts]) for w in whole]
    groups = {g: np.array([values[k].sum() for k in kept]) for g, values in figures.groups.items()}
    return replace(figures, grain=grain, starts=tuple(whole), groups=groups, time=replace(figures.time, grain=grain))


def named(value: Any, column: ResultColumn, locale: str) -> str:
    """A value as people say it: "store 367"."""
    if value is None:
        return "(none)"
    said = format_value(value, column, locale)
    if column.kind != "key" or not isinstance(value, int):  # a bare number says little
        return said
    return f"{re.sub(r' (number|id|key|code)$', '', column.label.lower())} {said}"


def _time_field(request: Request, workspace: Workspace) -> str:
    fields = time_fields(request, workspace)
    if not fields:
        raise CannotAnalyse("Nothing says when that happened: it has no time to look at it over.")
    return fields[0]


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime.combine(value, time.min) if isinstance(value, date) else None


def _number(value: Any, column: ResultColumn) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise CannotAnalyse(f"{column.label} is no number (“{str(value)[:40]}”).") from None
