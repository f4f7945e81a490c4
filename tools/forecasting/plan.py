"""What to forecast from what: the history, the periods asked for, and the shorter periods they are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from knowledge.calendar.spans import grain_of
from knowledge.packs.template import Ahead
from knowledge.request import Grain, Request, Window
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.forecasting.known_days import candidates
from tools.forecasting.occasions import Occasions
from tools.forecasting.words import coming
from tools.history import SEASONS, History, Span, after, gathered, history, plain, span, start_of, while_it_came
from tools.times import adds_over_time

_ENOUGH: dict[Grain, int] = {"hour": 72, "day": 42, "week": 40, "month": 24, "quarter": 12, "year": 8}
"""Periods of history with which a forecast is made from figures of that grain, if shorter ones would do as well."""
_LEAST = 9
_FINER: dict[Grain, tuple[Grain, ...]] = {
    "year": ("quarter", "month", "day"), "quarter": ("month", "day"), "month": ("day",), "week": ("day",), "day": (),
    "hour": (),
}  # fmt: skip
_MOST_STEPS = 1000
_HISTORY = 3
"""So many times as long as what is forecast the history must be."""
_NEARLY = 0.8
"""The part of a period after which it counts as over, where the next ones are asked for."""


@dataclass(frozen=True)
class Block:
    """A period to forecast: what is known of it already, and how many of the history's periods are still to come."""

    start: datetime
    known: int
    """How many of the history's last periods lie in it."""
    steps: int
    wanted: bool
    """It lies in the window that was asked for, not on the way to it."""


@dataclass(frozen=True)
class Planned:
    past: History
    """What the models see."""
    shown: History
    """The past by the periods that are asked for."""
    blocks: tuple[Block, ...]
    window: Window
    season: int
    days: tuple[Occasions, ...] = ()
    """What may move the figures, if tests on the past bear it out."""
    limit: int | None = None
    """Of the groups, the number to tell of: those with the largest totals, or the smallest."""
    largest: bool = True

    @property
    def seasonal(self) -> bool:
        """The history is long enough to have shown a season twice."""
        return 1 < 2 * self.season <= len(self.past.starts)


def planned(
    request: Request, periods: int | None, grain: Grain | None, window: str | None, workspace: Workspace, limits: Limits
) -> Planned:
    """Raises CannotAnalyse, and whatever a query raises."""
    calendar = workspace.calendar
    grain = grain or next((c.grain for c in request.fields if c.grain), None)
    bare = plain(request)
    if request.limit is not None and request.limit < 1:
        raise CannotAnalyse(f"The {request.limit} largest groups are none. Say a limit of at least 1, or none.")
    known = span(bare, workspace, limits)
    until = None
    if window is not None:
        rest = re.match(r"(?:the )?rest of (.+)", window, re.I)
        read = calendar.read(rest[1] if rest else window)
        if read is None or read.end is None:
            raise CannotAnalyse(
                f"I can't read “{window}” as a time to come. Say it like “next quarter” or “for 8 weeks”."
            )
        until = coming(read, calendar, dated=re.search(r"\d{4}", window) is not None)
        assert until.end is not None
        if until.end <= known.end:
            raise CannotAnalyse(f"{until.text} is over: ask what it was.")
        if rest:
            until = calendar.window(known.end, until.end)
    ahead = workspace.template.forecast if workspace.template is not None else None
    grain = grain or (_unit(until, known) if until else _default(known, ahead))
    base = _base(grain, known, adds_over_time(bare, workspace))
    past = while_it_came(history(bare, base, known, workspace, limits))
    shown = gathered(past, grain, calendar) if base != grain else past
    start = start_of(past.end, grain, calendar)
    if until is None:
        first = start
        if past.end - start > _NEARLY * (after(start, grain) - start):
            first = after(start, grain)
        until = calendar.window(first, after(first, grain, periods or _ahead(grain, known, ahead)))
    assert until.end is not None
    blocks = _blocks(past, grain, start, until)
    steps = sum(b.steps for b in blocks)
    if steps > min(_MOST_STEPS, 2 * len(past.starts)):
        raise CannotAnalyse(
            f"{until.text} is too far ahead: the data covers {len(past.starts)} {base}s, to {known.last:%-d %B %Y}, "
            f"and that would be {steps} more."
        )
    largest = not request.order or request.order[0].descending
    days = tuple(candidates(past, steps, bare, workspace, limits))
    return Planned(past, shown, tuple(blocks), until, SEASONS[base], days, request.limit, largest)


def _unit(window: Window, known: Span) -> Grain:
    unit = grain_of(window)
    if unit:
        return unit
    start = max(window.start or known.end, known.end)
    assert window.end is not None
    days = (window.end - start).days
    return "day" if days <= 21 else "week" if days <= 60 else "month"


def _default(known: Span, usual: Ahead | None) -> Grain:
    """As is usual in the industry, where there is history enough for it."""
    if usual is not None and known.periods(usual.grain) >= _HISTORY * usual.periods:
        return usual.grain
    return "month" if known.periods("day") >= 240 else "week" if known.periods("day") >= 84 else "day"


def _ahead(grain: Grain, known: Span, template: Ahead | None) -> int:
    """How many periods are forecast where nobody says: a third of the history at most."""
    if template is not None and grain == template.grain and known.periods(grain) >= _HISTORY * template.periods:
        return template.periods
    usual: dict[Grain, int] = {"hour": 24, "day": 14, "week": 8, "month": 6, "quarter": 4, "year": 2}
    return max(1, min(usual[grain], int(known.periods(grain) / 3)))


def _base(grain: Grain, known: Span, additive: bool) -> Grain:
    options = (grain, *_FINER[grain]) if additive else (grain,)
    for option in options:
        if known.periods(option) >= _ENOUGH[option]:
            return option
    best = max(options, key=lambda o: known.periods(o) / _ENOUGH[o])
    if known.periods(best) < _LEAST:
        days = int(known.periods("day"))
        raise CannotAnalyse(
            f"There is too little history to forecast from: {days} day{'s' * (days != 1)}, from "
            f"{known.first:%-d %B %Y} to {known.last:%-d %B %Y}. It takes at least {_LEAST} {best}s."
        )
    return best


def _blocks(past: History, grain: Grain, start: datetime, until: Window) -> list[Block]:
    assert until.end is not None
    blocks, moment = [], past.end
    while start < until.end:
        end, steps = after(start, grain), 0
        while moment < end:
            moment, steps = after(moment, past.grain), steps + 1
        known = int(np.sum([s >= start for s in past.starts]))
        blocks.append(Block(start, known, steps, until.start is None or start >= until.start))
        start = end
    return [b for b in blocks if b.steps]
