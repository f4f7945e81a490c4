"""Several figures looked at for what is unusual: each by itself, and all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.compile import datasets_of
from knowledge.request import Grain, MeasureColumn, MetricRef, Request
from knowledge.workspace import Workspace
from tools import Limits, ToolFailed
from tools.analysis import CannotAnalyse
from tools.detection.joint import Together, together
from tools.detection.scan import Found, Scan, scan
from tools.detection.unusual import FALSE_ALARMS

_MOST = 6
"""Figures that are looked at where all are asked for."""


@dataclass(frozen=True)
class Several:
    scans: tuple[Scan, ...]
    """Of each figure, by the same periods."""
    found: tuple[tuple[Scan, Found], ...]
    """What is unusual in a figure by itself, the most significant first."""
    together: tuple[Together, ...]
    """Periods that are unusual in how the figures go together alone; of each, `at` is among the first's periods."""
    left_out: tuple[str, ...]
    """Why figures were left out."""


def look(
    requests: Sequence[Request], window: str | None, grain: Grain | None, workspace: Workspace, limits: Limits
) -> Several:  # fmt: skip
    """Of the stated rate of false alarms, each figure has its part, and so has what they are together. Raises
    CannotAnalyse where no figure can be looked at, and whatever a query raises."""
    rate = FALSE_ALARMS / (len(requests) + 1)
    scans, left_out, failed = [], [], None
    for request in requests:
        try:
            scans.append((request, scan(request, window, grain, workspace, limits, rate)))
        except (CannotAnalyse, ToolFailed) as error:
            failed = error
            left_out.append(str(error))
    if not scans:
        raise failed or CannotAnalyse("There is no figure to look at over time.")
    longest = max((s.past.grain for _, s in scans), key=("hour", "day", "week", "month", "quarter", "year").index)
    same = [
        s if s.past.grain == longest else scan(r, window, longest, workspace, limits, rate) for r, s in scans
    ]  # fmt: skip
    found = sorted(((s, f) for s in same for f in s.found), key=lambda pair: -abs(pair[1].finding.score))
    joint = _together(same, rate) if len(same) > 1 else []
    own = {_moment(s, f.finding.start) for s, f in found}
    alone = tuple(t for t in joint if _moment(same[0], t.at) not in own)
    return Several(tuple(same), tuple(found), alone, tuple(dict.fromkeys(left_out)))


def everything(request: Request, workspace: Workspace) -> list[Request]:
    """A request for each of the figures that are looked at where all are asked for: its own first, then the others
    that are offered and happen at a time, those that add up before others."""
    model = workspace.model
    timed = [
        m for m in model.offered if (own := datasets_of(m, model)) and all(model.dataset(d).default_time for d in own)
    ]
    timed.sort(key=lambda m: m.additivity != "additive")
    columns = {m.sql: MeasureColumn(measure=MetricRef(metric=m.name)) for m in reversed(timed)}
    others = [c for c in reversed(columns.values()) if c not in request.columns]
    return [*apart(request), *(Request(columns=[c], period=request.period) for c in others)][:_MOST]


def apart(request: Request) -> list[Request]:
    """A request for each figure."""
    return [request.model_copy(update={"columns": [m], "order": []}) for m in request.measures]


def _moment(seen: Scan, n: int) -> object:
    return seen.past.starts[n]


def _together(scans: Sequence[Scan], rate: float) -> list[Together]:
    """Of figures without groups, over the periods that all have."""
    judged = [s.judged.get(()) for s in scans]
    if any(j is None for j in judged):
        return []
    first = scans[0].past.starts
    columns = []
    for seen, one in zip(scans, judged, strict=True):
        assert one is not None
        at = dict(zip(seen.past.starts, one.left, strict=True))
        columns.append([at.get(start, np.nan) for start in first])
    found = together(np.array(columns).T, rate)
    return [t for t in found if scans[0].inside[t.at]]
