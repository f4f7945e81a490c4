"""The past of a figure and of what drives it: by week for each of the things that are sold, or by day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from knowledge.request import FieldColumn, Measure, MeasureColumn, Request
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.explaining.dimensions import dimensions
from tools.history import Span, history, plain, span
from tools.supposing.drivers import Driver
from tools.supposing.effect import Effect, of_panel, of_series
from tools.times import time_fields

_MOST_ROWS = 500_000
_LEAST_WEEKS, _LEAST_DAYS = 12, 42
_OFTEN = 0.7
"""The part of all weeks in which a thing must have been sold."""
_LATELY = 13


@dataclass(frozen=True)
class Learnt:
    effect: Effect | None
    level: float
    """What the driver was lately."""
    farthest: float
    """How far it was away from what is usual for the thing, 19 times in 20 less."""
    things: str
    """What the panel is of ("products"); "" for one series."""
    count: int
    periods: int
    grain: str
    sql: str
    elapsed_ms: float


def learnt(request: Request, driver: Driver, workspace: Workspace, limits: Limits) -> Learnt:
    """Raises CannotAnalyse where the past is too short, and whatever a query raises."""
    bare = plain(request).model_copy(update={"columns": request.measures[:1], "period": None})
    known = span(bare, workspace, limits)
    if not driver.own and known.periods("week") >= _LEAST_WEEKS:
        found = _panel(bare, driver, workspace, limits)
        if found is not None:
            return found
    return _series(bare, driver, known, workspace, limits)


def _measures(request: Request, driver: Driver) -> list[Measure]:
    return [request.measures[0].measure, driver.top, *([driver.bottom] if driver.bottom is not None else [])]


def _value(driver: Driver, top: np.ndarray, bottom: np.ndarray | None) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        value = top if bottom is None else np.where(bottom != 0, top / bottom, np.nan)
        return np.asarray(np.log(np.where(value > 0, value, np.nan)) if driver.kind == "price" else value)


def _panel(request: Request, driver: Driver, workspace: Workspace, limits: Limits) -> Learnt | None:
    """None where nothing tells things apart, or too few of them are sold often."""
    things = _things(request, driver, workspace, limits)
    if things is None:
        return None
    field, label = things
    columns: list[Any] = [
        FieldColumn(field=time_fields(request, workspace)[0], grain="week"), FieldColumn(field=field),
        *(MeasureColumn(measure=m, label=f"part {n}") for n, m in enumerate(_measures(request, driver))),
    ]  # fmt: skip
    found = workspace.run(
        request.model_copy(update={"columns": columns}), max_rows=_MOST_ROWS, timeout_s=limits.timeout_s
    )
    rows = [r for r in found.rows if r[0] is not None and r[1] is not None and all(v is not None for v in r[2:])]
    weeks = {w: n for n, w in enumerate(sorted({r[0] for r in rows}))}
    if found.truncated or len(weeks) < _LEAST_WEEKS + 2:
        return None
    rows = [r for r in rows if 0 < weeks[r[0]] < len(weeks) - 1]  # the first and the last may not be whole
    figures = np.array([[float(v) for v in r[2:]] for r in rows]).reshape(len(rows), -1)
    x = _value(driver, figures[:, 1], figures[:, 2] if driver.bottom is not None else None)
    kept = (figures[:, 0] > 0) & np.isfinite(x)
    names = np.array([str(r[1]) for r in rows], dtype=object)
    often = {n for n in set(names[kept]) if np.sum(names[kept] == n) >= _OFTEN * (len(weeks) - 2)}
    kept &= np.array([n in often for n in names], dtype=bool)
    if len(often) < 5 or kept.sum() < 100:
        return None
    y, x = np.log(figures[kept, 0]), x[kept]
    thing = np.unique(names[kept].astype(str), return_inverse=True)[1]
    week = np.array([weeks[r[0]] for r in rows])[kept] - 1
    size = np.bincount(thing, figures[kept, 0])
    weight = (size / np.bincount(thing))[thing]
    effect = of_panel(y, x, thing, week, weight / weight.mean())
    lately = week >= week.max() - _LATELY
    level = float(np.average(x[lately], weights=figures[kept, 0][lately]))
    usual = (np.bincount(thing, x) / np.bincount(thing))[thing]
    farthest = float(np.quantile(np.abs(x - usual), 0.95))
    return Learnt(effect, level, farthest, label, len(often), len(weeks) - 2, "week", found.sql, found.elapsed_ms)


def _things(request: Request, driver: Driver, workspace: Workspace, limits: Limits) -> tuple[str, str] | None:
    """The field that tells most about what the driver is: that of what is sold, not of where or to whom."""
    chosen, _ = dimensions(request, workspace)
    best: tuple[float, str, str] | None = None
    for dimension in chosen:
        if dimension.values < 5:
            continue
        measures = _measures(request, driver)
        columns: list[Any] = [FieldColumn(field=dimension.field)]
        columns += [MeasureColumn(measure=m, label=f"part {n}") for n, m in enumerate(measures)]
        found = workspace.run(
            request.model_copy(update={"columns": columns}), max_rows=5_000, timeout_s=limits.timeout_s
        )
        rows = np.array([[float(v or 0) for v in r[1:]] for r in found.rows if r[0] is not None])
        if len(rows) < 5:
            continue
        x = _value(driver, rows[:, 1], rows[:, 2] if driver.bottom is not None else None)
        good = np.isfinite(x) & (rows[:, 0] > 0)
        if good.sum() < 5:
            continue
        apart = float(np.average((x[good] - np.average(x[good], weights=rows[good, 0])) ** 2, weights=rows[good, 0]))
        if best is None or apart > best[0]:
            best = apart, dimension.field, dimension.label
    return best[1:] if best else None


def _series(request: Request, driver: Driver, known: Span, workspace: Workspace, limits: Limits) -> Learnt:
    if known.periods("day") < _LEAST_DAYS:
        raise CannotAnalyse(
            f"There are only {int(known.periods('day'))} days of history: too few to learn what {driver.label} does."
        )
    past = history(request, "day", known, workspace, limits)
    y, at = next(iter(past.groups.values())), {s: n for n, s in enumerate(past.starts)}
    x = np.full(len(y), np.nan)
    measures = [driver.top, *([driver.bottom] if driver.bottom is not None else [])]
    parts = []
    for m in measures:
        own = request.model_copy(update={"columns": [MeasureColumn(measure=m)]})
        if driver.own:
            own = Request(columns=[MeasureColumn(measure=m)])
        other = history(own, "day", replace(known), workspace, limits)
        figures = np.full(len(y), np.nan)
        for start, value in zip(other.starts, next(iter(other.groups.values()), ()), strict=False):
            if start in at:
                figures[at[start]] = value
        parts.append(figures)
    x = _value(driver, parts[0], parts[1] if len(parts) > 1 else None)
    kept = (y > 0) & np.isfinite(x)
    if kept.sum() < _LEAST_DAYS:
        raise CannotAnalyse(
            f"{driver.label.capitalize()} is known for only {int(kept.sum())} days: too few to learn from."
        )
    effect = of_series(np.log(y[kept]), x[kept], 7, 2)
    level = float(np.mean(x[kept][-7 * _LATELY :]))
    farthest = float(np.quantile(np.abs(x[kept] - np.mean(x[kept])), 0.95))
    return Learnt(effect, level, farthest, "", 1, int(kept.sum()), "day", past.sql, past.elapsed_ms)
