"""Why one group's figure is higher than another's: which segments, which mix and which factors make the difference."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np

from knowledge.model import SemanticModel
from knowledge.request import Aggregate, Compare, FieldColumn, Grain, Measure, MeasureColumn, Request, Window
from knowledge.words import label, plural
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.events import event_of
from tools.explaining.cube import Cube, CubeReader, Segment
from tools.explaining.dimensions import Dimension, dimensions
from tools.explaining.effects import Changes, excess, log_mean, mix, unlike_zero
from tools.explaining.parts import Factor, Parts, parts_of
from tools.explaining.periods import Periods
from tools.explaining.said import Apart, Beside, Made, said
from tools.history import after, named, span, start_of
from tools.times import time_fields

_SURE = 0.01
"""How likely by chance what is named may be, over all segments together."""
_STRETCHES: tuple[Grain, ...] = ("month", "week", "day")
_ENOUGH = 6
_MOST = 400


def groups_of(request: Request) -> FieldColumn | None:
    """The field whose two values a request compares, where it compares two groups and no two periods."""
    fields = [c for c in request.fields if c.grain is None and c.part is None]
    if request.compare_to is not None or len(fields) != 1 or len(fields) != len(request.fields):
        return None
    return fields[0] if isinstance(fields[0].field, str) and len(_values(request, fields[0].field)) == 2 else None


def explained(
    request: Request, by: FieldColumn, workspace: Workspace, limits: Limits, first: str = ""
) -> Analysis:  # fmt: skip
    """`first`: the group that the question says has more.

    Raises CannotAnalyse, and whatever a query raises."""
    field = str(by.field)
    parts, model = parts_of(request.model_copy(update={"columns": request.measures[:1]}), workspace.model)
    parts = _per_owner(parts, field, model)
    view = replace(workspace, model=model)
    bare = Request(where=request.where, dataset=request.dataset, time_field=request.time_field)
    measures = [m for m in (parts.top, parts.bottom) if m is not None]
    whole = request.model_copy(update={"columns": request.measures[:1], "order": [], "limit": None})
    grouped = view.run(whole.model_copy(update={"columns": [by, *request.measures[:1]]}), timeout_s=limits.timeout_s)
    rows = sorted((r for r in grouped.rows if r[0] is not None and r[1] is not None), key=lambda r: -float(r[1]))
    if len(rows) != 2:
        there = ", ".join(str(r[0]) for r in rows) or "none of them"
        raise CannotAnalyse(f"I can compare two groups that both have a figure; here that is {there}.")
    (one, high), (other, low) = ((r[0], float(r[1])) for r in rows)
    if low == 0 or high == low:
        raise CannotAnalyse(f"There is no difference to explain: both are {high:g}, or one has nothing.")
    asked = bare.model_copy(update={"columns": [MeasureColumn(measure=m) for m in measures], "period": request.period})
    stretches = _stretches(asked, view, limits)
    fixed = asked.model_copy(update={"where": [*asked.where, Compare(field=field, op="=", value=one)]})
    chosen, large = dimensions(fixed, view)
    chosen = [d for d in chosen if d.field != field]
    cubes = [_read(bare, measures, stretches, field, value, chosen, view, limits) for value in (one, other)]
    names = (named(one, grouped.columns[0], limits.locale), named(other, grouped.columns[0], limits.locale))
    totals = [_totals(bare, parts, field, v, request, view, limits) for v in (one, other)]
    found = Apart(
        names, (high, low), grouped.columns[1], _beside(cubes, chosen, parts), _factors(parts, *totals),
        parts.bottom is not None, len(stretches.starts), stretches.grain, tuple(large), _sure(cubes, parts),
        _turned(first, names),
    )  # fmt: skip
    return said(found, grouped.sql, sum(c.elapsed_ms for c in cubes), tuple(cubes[0].caveats), limits.locale)


def _turned(first: str, names: tuple[str, ...]) -> bool:
    """The question says that the lower one has more."""
    high, low = (re.search(rf"\b{re.escape(n.lower())}", first.lower()) is not None for n in names)
    return low and not high


def _values(request: Request, field: str) -> list[Any]:
    for c in request.where:
        if isinstance(c, Compare) and c.field == field and c.op == "in" and isinstance(c.value, list | tuple):
            return list(c.value)
    return []


def _per_owner(parts: Parts, field: str, model: SemanticModel) -> Parts:
    """With how many there are of what the groups consist of (households), where rows belong to those."""
    owner, _, _ = model.resolve(field)
    base = next((m.dataset or str(m.of).partition(".")[0] for m in parts.measures if isinstance(m, Aggregate)), None)
    link = next((r for r in model.relationships if r.one == owner.name and r.many == base), None)
    own_key = owner.primary_key == (field.rpartition(".")[2],)
    if not parts.factors or base is None or link is None or len(link.many_fields) != 1 or own_key:
        return parts
    event = event_of(model.dataset(base), model)  # a basket is a household's, but of no product
    if event is not None and not any(r.one == owner.name and r.many == event.one for r in model.relationships):
        return parts
    owners = Aggregate(agg="count_distinct", of=f"{link.many}.{link.many_fields[0]}")
    first, *rest = parts.factors
    name, n = owner.label or label(owner.name), len(parts.measures)
    each = Factor(f"{first.name.removeprefix('the number of ')} per {name.lower()}", first.top, n)
    return replace(
        parts,
        measures=(*parts.measures, owners),
        factors=(Factor(f"the number of {plural(name.lower())}", n, None), each, *rest),
    )


def _stretches(asked: Request, workspace: Workspace, limits: Limits) -> Periods:
    """The months, weeks or days of the time asked about: how the difference varies over them says how sure it is."""
    known = span(asked, workspace, limits)
    period = workspace.calendar.resolve(asked).period
    only = period if isinstance(period, Window) else None
    made: Periods | None = None
    for grain in _STRETCHES:
        starts: list[datetime] = []
        moment = start_of(known.first, grain, workspace.calendar)
        while moment <= known.last and len(starts) < _MOST:
            starts.append(moment)
            moment = after(moment, grain)
        window = workspace.calendar.window(starts[0], moment)
        every = np.ones(len(starts), dtype=bool)
        made = Periods(window, window, grain, tuple(starts), every, every, None, 1, only)
        if len(starts) >= _ENOUGH:
            break
    assert made is not None
    return made


def _read(
    bare: Request, measures: list[Measure], stretches: Periods, field: str, value: Any, chosen: list[Dimension],
    workspace: Workspace, limits: Limits,
) -> Cube:  # fmt: skip
    """One group's figures by stretch, in all segments."""
    only = bare.model_copy(update={"where": [*bare.where, Compare(field=field, op="in", value=[value])]})
    timed = time_fields(only.model_copy(update={"columns": [MeasureColumn(measure=m) for m in measures]}), workspace)
    reader = CubeReader(only, measures, stretches, len(measures) > 1, workspace, limits, timed[0])
    cube = reader.total()
    reader.singles(chosen, cube)
    return cube


def _totals(
    bare: Request, parts: Parts, field: str, value: Any, request: Request, workspace: Workspace, limits: Limits
) -> list[float]:
    """What the factors are made of, for one group over the whole time: different things are counted once."""
    if not parts.factors:
        return []
    columns: list[Any] = [MeasureColumn(measure=m, label=f"part {n}") for n, m in enumerate(parts.measures)]
    where = [*bare.where, Compare(field=field, op="in", value=[value])]
    asked = bare.model_copy(update={"columns": columns, "where": where, "period": request.period})
    return [float(v or 0) for v in workspace.run(asked, timeout_s=limits.timeout_s).rows[0]]


def _factors(parts: Parts, one: list[float], other: list[float]) -> tuple[Made, ...]:
    """What each factor makes of the difference, by the logarithmic mean: they add up to it."""
    if not one or min(*one, *other) <= 0:
        return ()
    mean = log_mean(one[0], other[0])
    made = []
    for f in parts.factors:
        a, b = (side[f.top] / (1.0 if f.bottom is None else side[f.bottom]) for side in (one, other))
        made.append(Made(f.name, a, b, mean * float(np.log(a / b))))
    return tuple(made)


def _beside(cubes: list[Cube], chosen: list[Dimension], parts: Parts) -> tuple[Beside, ...]:
    """The segments of every dimension, side by side, those first that make most of the difference by themselves."""
    one, other = cubes
    found: list[Beside] = []
    ratio = parts.bottom is not None
    whole = _sides(one.total[None], other.total[None])
    for dimension in chosen:
        segments = sorted({s for c in cubes for s in c.segments if s[0][0] == dimension}, key=str)
        if len(segments) < 2 or not all(_adds_up(c, segments) for c in cubes):
            continue
        part = _sides(*(np.stack([_of(c, s) for s in segments]) for c in cubes))
        base = 1.0 if ratio else float(whole.before[0, 0, -1])
        mixed = mix(part) if ratio else None
        effects = mixed.own if mixed else excess(part, Changes(whole.after[0], whole.before[0]))
        chances = unlike_zero(effects[:, :-1])
        for n, segment in enumerate(segments):
            now, then = part.after[n, :, -1], part.before[n, :, -1]
            rate, shift = (float(a[n, -1]) * parts.scale for a in (mixed.rates, mixed.mixes)) if mixed else (0.0, 0.0)
            adds = rate + shift if ratio else parts.scale * float(now[0] - then[0])
            own = float(np.nan_to_num(effects[n, -1])) * (parts.scale if ratio else base)
            sure = float(chances[n]) * len(segments) * len(chosen) < _SURE
            one_side, other_side = _figure(now, ratio, parts.scale), _figure(then, ratio, parts.scale)
            found.append(Beside(dimension, segment[0][1], one_side, other_side, adds, own, rate, shift, sure))
    return tuple(sorted(found, key=lambda b: -abs(b.own)))


def _of(cube: Cube, segment: Segment) -> np.ndarray:
    return cube.segments.get(segment, np.zeros_like(cube.total))


def _adds_up(cube: Cube, segments: list[Segment]) -> bool:
    together = np.sum([_of(cube, s).sum(axis=-1) for s in segments], axis=0)
    return bool(np.allclose(together, cube.total.sum(axis=-1), rtol=0.01))


def _sides(one: np.ndarray, other: np.ndarray) -> Changes:
    """Stretch by stretch, and last the whole time."""
    return Changes(*(np.concatenate([v, v.sum(axis=-1, keepdims=True)], axis=-1) for v in (one, other)))


def _sure(cubes: list[Cube], parts: Parts) -> float:
    """How likely the difference of the whole is by chance, from stretch to stretch."""
    one, other = ((c.total[0] / c.total[1] if parts.bottom is not None else c.total[0]) for c in cubes)
    return float(unlike_zero((one - other)[None])[0])


def _figure(figures: np.ndarray, ratio: bool, scale: float) -> float | None:
    if not ratio:
        return float(figures[0]) * scale
    return scale * float(figures[0]) / float(figures[1]) if figures[1] else None
