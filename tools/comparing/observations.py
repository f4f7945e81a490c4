"""What a figure of a group is made of: one value for each thing that is observed (an order, a household, a day)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import sqlglot.expressions as exp

from knowledge.compile import METRIC, metric_tree
from knowledge.formats import format_value
from knowledge.model import SemanticModel
from knowledge.request import Aggregate, FieldColumn, Measure, MeasureColumn, MetricRef, Request, Window
from knowledge.result import Result, ResultColumn
from knowledge.words import label, plural
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.explaining.parts import parts_of
from tools.times import measured_datasets, time_fields

_MOST_ROWS = 500_000


@dataclass(frozen=True)
class Sample:
    """A group: its observations, or how many of how many had something (`share`)."""

    name: str
    values: np.ndarray
    share: tuple[float, float] | None = None

    @property
    def figure(self) -> float:
        if self.share is not None:
            return 100 * self.share[0] / self.share[1] if self.share[1] else float("nan")
        return float(self.values.mean()) if len(self.values) else float("nan")

    @property
    def size(self) -> int:
        return int(self.share[1]) if self.share is not None else len(self.values)


@dataclass(frozen=True)
class Observed:
    samples: tuple[Sample, ...]
    unit: str
    """What one observation is: "order", "day"."""
    column: ResultColumn
    sql: str
    elapsed_ms: float
    caveats: tuple[str, ...]
    independent: bool
    """Each observation is by itself: none of several days, which follow each other, or of one customer's orders."""


@dataclass(frozen=True)
class _Way:
    """How observations are read: a column that tells them apart, and the value of each; `share` for things that have
    something or not."""

    unit: str
    key: FieldColumn | None
    value: MeasureColumn | FieldColumn
    share: tuple[Measure, Measure] | None = None


def observed(request: Request, workspace: Workspace, limits: Limits) -> Observed:
    """Raises CannotAnalyse where there are not two groups, and whatever a query raises."""
    measured = request.measures
    if not measured:
        raise CannotAnalyse("Name a figure, and the groups to compare: “average order of men vs women”.")
    if request.having or request.limit_per:
        raise CannotAnalyse("I can't test groups that were chosen by their figures: the choice makes the difference.")
    column = workspace.run(
        request.model_copy(update={"columns": measured[:1], "compare_to": None, "order": [], "limit": None}),
        timeout_s=limits.timeout_s,
    ).columns[0]  # fmt: skip
    fields = [c for c in request.fields if c.shown] or request.fields
    if len(measured) > 1 and not fields:
        alone = [request.model_copy(update={"columns": [c]}) for c in measured]
        splits = [(_named(c, workspace), one) for c, one in zip(measured, alone, strict=True)]
    elif request.compare_to is not None:
        splits = _periods(request.model_copy(update={"columns": measured[:1]}), workspace)
    else:
        splits = [("", request.model_copy(update={"columns": measured[:1]}))]
        if len(fields) != 1 or fields[0].grain:
            raise CannotAnalyse("Say which groups to compare: “is the difference between A and B significant?”")
    by = fields[0] if len(splits) == 1 else None
    found = [(name, *_read(one, by, workspace, limits)) for name, one in splits]
    samples = [s if by is not None else Sample(name, s.values, s.share) for name, many, _, _ in found for s in many]
    samples = [s for s in samples if s.size > 0]
    if not samples:
        raise CannotAnalyse(f"{column.label} has no value in any record of these groups: there is nothing to compare.")
    if len(samples) < 2:
        raise CannotAnalyse("There are not two groups with something measured to compare.")
    first, unit = found[0][3], found[0][2]
    several = _shared(by, unit, request, workspace)
    return Observed(
        tuple(samples), unit, column, first.sql, first.elapsed_ms, (*first.caveats, *several),
        independent=unit != "day" and not several,
    )  # fmt: skip


def _shared(by: FieldColumn | None, unit: str, request: Request, workspace: Workspace) -> tuple[str, ...]:
    """What to know where the groups are of something that has several observations: orders by kinds of customers."""
    if by is None or not isinstance(by.field, str) or unit == "day":
        return ()
    owner = workspace.model.resolve(by.field)[0].name
    thing = _thing(owner, workspace.model)
    if thing == unit or owner in measured_datasets(request, workspace):
        return ()
    return (
        f"Several {plural(unit)} may be of one {thing}; each counts as if it were by itself, which makes a difference "
        "look surer than it is.",
    )


def _named(column: MeasureColumn, workspace: Workspace) -> str:
    return workspace.compiled(Request(columns=[column])).columns[0].label


def _periods(request: Request, workspace: Workspace) -> list[tuple[str, Request]]:
    resolved = workspace.calendar.resolve(request)
    windows = [w for w in (resolved.period, resolved.compare_to) if isinstance(w, Window)]
    return [(w.text, request.model_copy(update={"period": w, "compare_to": None})) for w in windows]


def _read(
    request: Request, by: FieldColumn | None, workspace: Workspace, limits: Limits
) -> tuple[list[Sample], str, Result]:
    way, model = _way(request, by, workspace)
    view = replace(workspace, model=model)
    group = [by] if by is not None else []
    bare: dict[str, Any] = {"order": [], "limit": None, "across": None, "compare_to": None, "distinct": False}
    columns: list[Any] = [*group, *([way.key] if way.key else []), way.value]
    if way.share is not None:
        columns = [*group, *(MeasureColumn(measure=m, label=f"part {n}") for n, m in enumerate(way.share))]
    asked = request.model_copy(
        update={"columns": columns, "dataset": request.dataset or _dataset(request, workspace), **bare}
    )
    found = view.run(asked, max_rows=_MOST_ROWS, timeout_s=limits.timeout_s)
    if found.truncated:
        raise CannotAnalyse(f"That is more than {_MOST_ROWS:,} {way.unit}s. Ask about a shorter time or fewer groups.")
    gathered: dict[Any, list[Any]] = {}
    for row in found.rows:
        gathered.setdefault(row[0] if group else None, []).append(row[-2:] if way.share else row[-1])
    samples = []
    for name, values in gathered.items():
        said = format_value(name, found.columns[0]) if group and name is not None else "(none)"
        if name is None and group:
            continue
        if way.share is not None:
            top, bottom = (float(v or 0) for v in values[0])
            samples.append(Sample(said, np.array([]), (top, bottom)))
        else:
            samples.append(Sample(said, _numbers(values)))
    return samples, way.unit, found


def _numbers(values: list[Any]) -> np.ndarray:
    try:
        figures = np.array([float(v) for v in values if v is not None])
    except (TypeError, ValueError):
        raise CannotAnalyse(f"“{str(values[0])[:40]}” is no number: I can only test figures.") from None
    return figures[np.isfinite(figures)]


def _dataset(request: Request, workspace: Workspace) -> str | None:
    names = measured_datasets(request, workspace)
    return names[0] if names else None


def _way(request: Request, by: FieldColumn | None, workspace: Workspace) -> tuple[_Way, SemanticModel]:
    """How to observe what the request measures, and the model with the metrics that this names."""
    measure, model = request.measures[0].measure, workspace.model
    base = _dataset(request, workspace) or ""
    if request.across is None and isinstance(measure, Aggregate) and measure.agg in ("avg", "median") and measure.of:
        if measure.where:
            raise CannotAnalyse("I can't test averages of chosen rows only. Ask with the condition for all groups.")
        return _Way(_thing(base, model), None, FieldColumn(field=measure.of)), model
    parts, model = parts_of(request, model)
    if parts.bottom is not None:
        thing = _counted(parts.bottom, model)
        if thing is not None:
            return _Way(
                _thing(_owner(thing, model), model), FieldColumn(field=thing), MeasureColumn(measure=parts.top)
            ), model
        if isinstance(parts.bottom, Aggregate) and isinstance(parts.top, Aggregate):
            counts = parts.top.agg == parts.bottom.agg == "count" and parts.scale == 100
            if counts and parts.top.dataset == parts.bottom.dataset:
                return _Way(
                    _thing(base, model), None, MeasureColumn(measure=parts.top), (parts.top, parts.bottom)
                ), model
    elif by is not None and isinstance(by.field, str) and not by.part:
        owner, _, _ = model.resolve(by.field)
        own = {*owner.primary_key, owner.name_field}  # each names one thing alone: there is nothing to vary within it
        if owner.name != base and len(owner.primary_key) == 1 and by.field.rpartition(".")[2] not in own:
            key = f"{owner.name}.{owner.primary_key[0]}"
            return _Way(_thing(owner.name, model), FieldColumn(field=key), MeasureColumn(measure=parts.top)), model
    times = time_fields(request, workspace)
    if not times:
        raise CannotAnalyse("There is nothing to see how much that figure varies by: it is one number a group.")
    return _Way("day", FieldColumn(field=times[0], grain="day"), MeasureColumn(measure=measure)), model


def _counted(measure: Measure, model: SemanticModel) -> str | None:
    """The field whose different values are counted."""
    if isinstance(measure, Aggregate):
        return measure.of if measure.agg == "count_distinct" and isinstance(measure.of, str) else None
    if isinstance(measure, MetricRef) and not measure.where:
        metrics = {m.name: m for m in model.metrics}
        if measure.metric not in metrics:
            return None
        return _distinct(metric_tree(metrics[measure.metric]), model)
    return None


def _distinct(tree: exp.Expr, model: SemanticModel) -> str | None:
    if isinstance(tree, exp.Column) and tree.table == METRIC:
        return _distinct(metric_tree(model.metric(tree.name)), model)
    if isinstance(tree, exp.Count) and isinstance(tree.this, exp.Distinct) and len(tree.this.expressions) == 1:
        column = tree.this.expressions[0]
        if isinstance(column, exp.Column) and column.table:
            return f"{column.table}.{column.name}"
    return None


def _owner(field: str, model: SemanticModel) -> str:
    """The dataset that a key points to, or its own."""
    dataset, _, name = field.rpartition(".")
    return next((r.one for r in model.relationships if r.many == dataset and r.many_fields == (name,)), dataset)


def _thing(dataset: str, model: SemanticModel) -> str:
    entry = model.dataset(dataset)
    return (entry.label or label(entry.name)).lower()
