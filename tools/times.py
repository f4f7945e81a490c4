"""Which field says when what a request measures happened."""

from __future__ import annotations

from knowledge.compile import datasets_of
from knowledge.model import SemanticModel, UnknownName
from knowledge.request import Aggregate, Arithmetic, Measure, MetricRef, Number, Request
from knowledge.workspace import Workspace


def time_fields(request: Request, workspace: Workspace) -> list[str]:
    """The qualified time fields of a request's datasets, the most telling first; empty where none of them is dated."""
    if request.time_field:
        return [request.time_field]
    model = workspace.model
    found: list[str] = []
    for column in request.measures:
        for part in figures_in(column.measure):
            if isinstance(part, MetricRef):
                try:
                    metric = model.metric(part.metric)
                except UnknownName:
                    continue
                found += [metric.time] if metric.time else []
    names = measured_datasets(request, workspace)
    names += [str(c.field).partition(".")[0].partition("@")[0] for c in request.fields]
    found += [time for name in names if (time := _time_of(name, model))]
    return list(dict.fromkeys(found))


def measured_datasets(request: Request, workspace: Workspace) -> list[str]:
    """The datasets of whose rows a request's measures are made."""
    names = [request.dataset] if request.dataset else []
    for column in request.measures:
        for part in figures_in(column.measure):
            if isinstance(part, Aggregate):
                names.append(part.dataset or str(part.of).partition(".")[0])
            elif part.metric in {m.name for m in workspace.model.metrics}:
                names += datasets_of(workspace.model.metric(part.metric), workspace.model)
    return list(dict.fromkeys(names))


def adds_over_time(request: Request, workspace: Workspace) -> bool:
    """Whether the figures of the days of a month add up to the month's: sums and counts do, averages, ratios and
    distinct counts don't."""
    measure, across = request.measures[0].measure, request.across
    return across is None and _adds(measure, workspace)


def _time_of(name: str, model: SemanticModel) -> str | None:
    """The default time of a dataset, or of the nearest one that its rows belong to: order lines have their order's."""
    by_name = {d.name: d for d in model.datasets}
    near, seen = [name], {name}
    while near:
        dataset = by_name.get(near.pop(0))
        if dataset is None:
            continue
        if dataset.default_time:
            return f"{dataset.name}.{dataset.default_time}"
        further = [r.one for r in model.relationships if r.many == dataset.name and r.one not in seen]
        near += further
        seen.update(further)
    return None


def _adds(measure: Measure, workspace: Workspace) -> bool:
    if isinstance(measure, MetricRef):
        return workspace.model.metric(measure.metric).additivity == "additive"
    if isinstance(measure, Aggregate):
        return measure.agg in ("sum", "count")
    if isinstance(measure, Arithmetic):
        return measure.op in ("+", "-") and _adds(measure.left, workspace) and _adds(measure.right, workspace)
    return False


def figures_in(measure: Measure) -> list[MetricRef | Aggregate]:
    """The figures of the data that a measure is made from."""
    if isinstance(measure, MetricRef | Aggregate):
        return [measure]
    if isinstance(measure, Arithmetic):
        return figures_in(measure.left) + figures_in(measure.right)
    return [] if isinstance(measure, Number) else figures_in(measure.of)
