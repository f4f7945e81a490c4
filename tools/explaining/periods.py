"""Which two periods are compared, and the shorter ones that show how much figures vary by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np

from knowledge.calendar import Calendar
from knowledge.calendar.spans import grain_of
from knowledge.request import Grain, Request, Window
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.history import Span, after, plain, span, start_of

_FINER: tuple[Grain, ...] = ("year", "quarter", "month", "week", "day")
_ENOUGH = 5
"""Changes from one stretch to the next that it takes to know how much is usual."""
_MOST = 400
"""Stretches looked at."""


@dataclass(frozen=True)
class Periods:
    now: Window
    then: Window
    grain: Grain
    """Of the stretches that the two periods and the time before consist of."""
    starts: tuple[datetime, ...]
    """Of every stretch, oldest first."""
    in_now: np.ndarray
    """True for each stretch that lies in `now`; `in_then` likewise."""
    in_then: np.ndarray
    ends: datetime | None
    """When the data ends, where that is before the end of `now`."""
    lag: int
    """A stretch is compared with the one so many before it: days with the same weekday of the week before."""
    only: Window | None = None
    """Nothing outside of it is read, where the stretches reach further."""

    @property
    def whole(self) -> Window:
        return self.only or Window(start=self.starts[0], end=after(self.starts[-1], self.grain))

    def usual(self) -> list[tuple[int, int]]:
        """Pairs of stretches (later, earlier) between which nothing but the usual variation is expected."""
        pairs = ((n, n - self.lag) for n in range(self.lag, len(self.starts)))
        return [(a, b) for a, b in pairs if self.in_now[a] == self.in_now[b]]


def periods(request: Request, workspace: Workspace, limits: Limits, *, long: bool = False) -> Periods:
    """The stretches are as long as leaves enough of them; `long`: as long as the periods allow.

    Raises CannotAnalyse where there is nothing before to compare with, and whatever a query raises."""
    calendar = workspace.calendar
    bare = plain(request).model_copy(update={"across": None})
    known = span(bare.model_copy(update={"period": None}), workspace, limits)
    now, then = _compared(request, known, calendar)
    assert now.start is not None
    assert now.end is not None
    assert then.start is not None
    assert then.end is not None
    if then.end <= known.first or now.start >= known.end:
        raise CannotAnalyse(
            f"There is nothing to compare {now.text} with: the data runs from {known.first:%-d %B %Y} to "
            f"{known.last:%-d %B %Y}."
        )
    units = grain_of(now), grain_of(then)
    unit = units[0] if units[0] == units[1] and units[0] is not None and _aligned(now, units[0], calendar) else "day"
    options = [g for g in _FINER[_FINER.index(unit) :] if _aligned(now, g, calendar) and _aligned(then, g, calendar)]
    if long:
        return _stretches(now, then, options[0], known, calendar)
    if not options:
        raise CannotAnalyse(f"{now.text} and {then.text} are no whole days: ask why by day, week, month or longer.")
    made = [_stretches(now, then, g, known, calendar) for g in options]
    best = next((m for m in made if len(m.usual()) >= _ENOUGH), None)
    return best or max(made, key=lambda m: len(m.usual()))


def _compared(request: Request, known: Span, calendar: Calendar) -> tuple[Window, Window]:
    resolved = calendar.resolve(request)
    now, then = resolved.period, resolved.compare_to
    grain = next((c.grain for c in request.fields if c.grain), None)
    if now is None or grain is not None:
        grain = grain or ("month" if known.periods("month") >= 2 else "week" if known.periods("week") >= 2 else "day")
        end = known.end if not isinstance(now, Window) or now.end is None else min(now.end, known.end)
        start = start_of(end, grain, calendar)
        before = _before(start, grain, calendar)
        if before < known.first.replace(hour=0, minute=0, second=0, microsecond=0) and grain != "day":
            raise CannotAnalyse(
                f"There is too little history to compare one {grain} with the {grain} before: it runs from "
                f"{known.first:%-d %B %Y} to {known.last:%-d %B %Y}."
            )
        now, then = calendar.window(before, start), None
    assert isinstance(now, Window)
    if now.start is None or (now.end is None and now.start >= known.end):
        raise CannotAnalyse("Say which two periods to compare: “why did sales fall in November?”")
    tomorrow = datetime.combine(calendar.today + timedelta(days=1), time.min)
    end = known.end if now.end is None else min(now.end, tomorrow) if now.start < tomorrow else now.end
    if not isinstance(then, Window) or then.start is None or then.end is None:
        then = calendar.year_ago(now) if then == "previous_year" else calendar.previous(now)
    return calendar.window(now.start, end), then


def _before(start: datetime, grain: Grain, calendar: Calendar) -> datetime:
    return start_of(after(start, grain, -1), grain, calendar)


def _aligned(window: Window, grain: Grain, calendar: Calendar) -> bool:
    return all(edge is not None and start_of(edge, grain, calendar) == edge for edge in (window.start, window.end))


def _stretches(now: Window, then: Window, grain: Grain, known: Span, calendar: Calendar) -> Periods:
    assert now.start is not None
    assert now.end is not None
    assert then.start is not None
    assert then.end is not None
    first = start_of(known.first, grain, calendar)
    if first < known.first.replace(hour=0, minute=0, second=0, microsecond=0):
        first = after(first, grain)
    first = min(first, then.start)
    starts: list[datetime] = []
    moment = max(now.end, then.end)
    while (moment > first and len(starts) < _MOST) or moment > min(then.start, now.start):
        moment = _before(moment, grain, calendar)
        starts.append(moment)
    starts.reverse()
    in_now = np.array([now.start <= s < now.end for s in starts])
    in_then = np.array([then.start <= s < then.end for s in starts])
    lag = 7 if grain == "day" and len(starts) >= 21 else 1
    ends = known.last if known.last.date() < (now.end - timedelta(days=1)).date() else None
    return Periods(now, then, grain, tuple(starts), in_now, in_then, ends, lag)
