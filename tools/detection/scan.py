"""Every group of a request looked at for what is unusual in a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from knowledge.request import Grain, Request, Window
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.detection.unusual import FALSE_ALARMS, LEAST, SPARSE, Finding, Judged, judge, judge_as_it_came
from tools.history import SEASONS, Group, History, Span, history, plain, span

_MOST = 1_000
_LONGER: dict[Grain, Grain] = {"hour": "day", "day": "week", "week": "month"}


@dataclass(frozen=True)
class Found:
    group: Group
    finding: Finding


@dataclass(frozen=True)
class Scan:
    past: History
    window: Window | None
    """The time that was asked about; None: all of it."""
    inside: np.ndarray
    """Which periods lie in it."""
    judged: dict[Group, Judged]
    found: tuple[Found, ...]
    """What is unusual in it, the most significant first."""
    left_out: int
    """Groups with too little history to judge, or so sparse that nothing is usual."""


def scan(
    request: Request, window: str | None, grain: Grain | None, workspace: Workspace, limits: Limits,
    false_alarms: float = FALSE_ALARMS,
) -> Scan:  # fmt: skip
    """Raises CannotAnalyse, and whatever a query raises."""
    calendar = workspace.calendar
    grain = grain or next((c.grain for c in request.fields if c.grain), None)
    asked = calendar.read(window) if window else request.period
    if isinstance(asked, str):
        asked = calendar.read(asked)
    if window and asked is None:
        raise CannotAnalyse(f"I can't read “{window}” as a time. Say it like “last week” or “in March 2024”.")
    bare = plain(request).model_copy(update={"period": None})
    known = span(bare, workspace, limits)
    grain = grain or _grain(asked, known)
    past = history(bare, grain, known, workspace, limits)
    if len(past.groups) > _MOST:
        kinds = " and ".join(c.label.lower() for c in past.by)
        raise CannotAnalyse(
            f"There are {len(past.groups):,} groups by {kinds}; I look at up to {_MOST:,} at a time. Ask for fewer: "
            f"filter to those that matter, or group by something larger."
        )
    judged = _judged(past, false_alarms)
    if not judged and grain in _LONGER:  # where most days are empty, weeks may not be
        return scan(request, window, _LONGER[grain], workspace, limits, false_alarms)
    if not judged and len(past.starts) < LEAST:
        raise CannotAnalyse(
            f"There is too little history to tell the unusual from the usual: {len(past.starts)} {grain}s. It takes at "
            f"least {LEAST}."
        )
    if not judged:
        raise CannotAnalyse(f"There are so few records that no {grain} is usual: there is no pattern to differ from.")
    inside = _inside(past, asked)
    if not inside.any():
        assert asked is not None
        raise CannotAnalyse(
            f"There is no whole {grain} of data in {asked.text}: it runs from {known.first:%-d %B %Y} to "
            f"{known.last:%-d %B %Y}."
        )
    found = [Found(g, f) for g, j in judged.items() for f in j.findings if inside[f.start : f.end + 1].any()]
    found.sort(key=lambda f: -abs(f.finding.score))
    return Scan(past, asked, inside, judged, tuple(found), len(past.groups) - len(judged))


def _judged(past: History, false_alarms: float) -> dict[Group, Judged]:
    """Each group that has figures enough to judge."""
    judged = {}
    rate, season = false_alarms / max(1, len(past.groups)), SEASONS[past.grain]
    for group, values in past.groups.items():
        begun = np.flatnonzero(np.nan_to_num(values))
        own = values[begun[0] :] if len(begun) else values[:0]
        if np.sum(~np.isnan(own)) >= LEAST and np.mean(own == 0) <= SPARSE:
            one = judge_as_it_came(own, season) if past.grain == "hour" else judge(own, season, rate)
            judged[group] = _moved(one, len(values) - len(own))
    return judged


def _grain(window: Window | None, known: Span) -> Grain:
    """The periods to look at: some 5 to 100 of them in the window, and enough in all."""
    end = min(window.end or known.end, known.end) if window else known.end
    start = max((window.start if window else None) or known.first, known.first)
    days = (end - start).days
    grain: Grain = "day" if days <= 120 or (window is None and days <= 400) else "week" if days <= 1500 else "month"
    while known.periods(grain) < LEAST and grain != "day":
        grain = "week" if grain == "month" else "day"
    return grain


def _inside(past: History, window: Window | None) -> np.ndarray:
    if window is None:
        return np.ones(len(past.starts), dtype=bool)
    ends = [*past.starts[1:], past.end]
    return np.array([
        (window.end is None or start < window.end) and (window.start is None or end > window.start)
        for start, end in zip(past.starts, ends, strict=True)
    ])  # fmt: skip


def _moved(own: Judged, by: int) -> Judged:
    """The judgement of a series that begins later, by the periods of all."""
    before = np.full(by, np.nan)
    findings = tuple(replace(f, start=f.start + by, end=f.end + by) for f in own.findings)
    return Judged(findings, *(np.concatenate([before, a]) for a in (own.expected, own.low, own.high, own.left)))
