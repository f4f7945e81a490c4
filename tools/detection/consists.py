"""What an unusual figure consists of: the segment that most of the difference lies in, if one stands out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from knowledge.request import Compare, FieldColumn, Request
from knowledge.result import ResultColumn
from knowledge.workspace import Workspace
from tools import Limits
from tools.detection.scan import Found, Scan
from tools.explaining.dimensions import dimensions
from tools.history import SEASONS, after, plain
from tools.times import time_fields

_DIMENSIONS, _VALUES = 6, 200
_BEFORE = 6
"""Like periods before (the same weekday) that tell what is usual of a segment."""
_LASTING = 8
"""Periods of a shift or drift that are looked at."""
_SHARE, _MORE = 0.5, 0.25
"""The part of the difference that a segment must make up, and by how much that must exceed its usual part of all."""
_CLEAR = 3.0
"""Standard deviations of the segment's own periods by which it must differ."""


@dataclass(frozen=True)
class Part:
    column: ResultColumn
    value: Any
    actual: float
    """Of the segment, a period; so is what is usual."""
    usual: float
    share: float
    """Of the whole difference, 0..1 or more, where others went the other way."""


@dataclass(frozen=True)
class Consists:
    part: Part | None
    """None: no segment stands out."""
    looked_at: tuple[str, ...]
    """The labels of the dimensions."""


def consists(found: Found, scan: Scan, request: Request, workspace: Workspace, limits: Limits) -> Consists | None:
    """None where the figure does not add up over segments, nothing tells its rows apart, or it has no past to compare
    with. Raises whatever a query raises."""
    past, finding = scan.past, found.finding
    if not past.additive or past.grain == "hour":
        return None
    bare = plain(request).model_copy(update={"period": None})
    where = [Compare(field=str(f.field), op="=", value=v) for f, v in zip(bare.fields, found.group, strict=True)]
    if finding.kind == "swings" or any(v is None for v in found.group):
        return None
    season = SEASONS[past.grain] if past.grain == "day" else 1
    first = finding.start if finding.kind in ("spike", "dip", "shift") else finding.end
    last = first if finding.kind in ("spike", "dip") else min(first + _LASTING, len(past.starts)) - 1
    before = [n for k in range(1, _BEFORE + 1) if (n := finding.start - k * season) >= 0]
    if len(before) < 3:
        return None
    only = bare.model_copy(update={"where": [*bare.where, *where], "columns": bare.measures[:1]})
    some = [d for d in dimensions(only, workspace)[0] if d.values <= _VALUES][:_DIMENSIONS]
    window = workspace.calendar.window(past.starts[before[-1]], after(past.starts[last], past.grain))
    parts = []
    for dimension in some:
        columns: list[Any] = [
            FieldColumn(field=time_fields(only, workspace)[0], grain=past.grain),
            FieldColumn(field=dimension.field),
        ]
        asked = only.model_copy(update={"columns": [*columns, *only.measures], "period": window})
        told = workspace.run(asked, max_rows=50_000, timeout_s=limits.timeout_s)
        if not told.truncated:
            parts += _parts(told.rows, told.columns[1], past.starts, before, range(first, last + 1))
    best = max(parts, key=lambda p: p[0], default=None)
    return Consists(best[1] if best else None, tuple(d.label for d in some)) if some else None


def _parts(
    rows: Sequence[tuple[Any, ...]],
    column: ResultColumn,
    starts: tuple[datetime, ...],
    before: list[int],
    inside: range,
) -> list[tuple[float, Part]]:
    """The segments that stand out, with by how much their part of the difference exceeds their usual part."""
    figures: dict[Any, dict[datetime, float]] = defaultdict(dict)
    for moment, value, figure in rows:
        at = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
        figures[value][at.replace(tzinfo=None)] = float(figure or 0)
    usual = {v: np.array([f.get(starts[n], 0.0) for n in before]) for v, f in figures.items()}
    now = {v: float(np.mean([f.get(starts[n], 0.0) for n in inside])) for v, f in figures.items()}
    whole = sum(float(np.median(u)) for u in usual.values())
    difference = sum(now.values()) - whole
    if difference == 0 or len(figures) < 2 or whole <= 0:
        return []
    found = []
    for value, own in usual.items():
        level = float(np.median(own))
        share = (now[value] - level) / difference
        more = share - level / whole
        clear = abs(now[value] - level) > _CLEAR * float(np.std(own, ddof=1))
        if share >= _SHARE and more >= _MORE and clear:
            found.append((more, Part(column, value, now[value], level, share)))
    return found
