"""What things are compared by to find their kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from knowledge.compile.columns import field_label
from knowledge.request import Aggregate, FieldColumn, MeasureColumn, MetricRef, Request
from knowledge.result import ResultColumn
from knowledge.words import plural
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.segmenting.behaviour import MOST_THINGS, behaviour
from tools.segmenting.things import Things, conditions

_MOST_FIGURES = 12
_DAYS = ResultColumn("days", "Days since last seen", "number", measure=True)


@dataclass(frozen=True)
class Feature:
    """A figure of each thing. `high` and `low` say what a thing with much or little of it is: before its name
    ("frequent"), or, with a "with ", after it."""

    column: ResultColumn
    values: np.ndarray
    high: str
    low: str
    scale: Literal["root", "log", "as skewed"] = "as skewed"
    """See `tools.segmenting.clusters`."""


@dataclass(frozen=True)
class Compared:
    keys: tuple[Any, ...]
    names: tuple[str, ...]
    features: tuple[Feature, ...]
    worth: np.ndarray | None
    """Of all that each thing did; None where there is no such figure."""
    worth_column: ResultColumn | None
    sql: str
    elapsed_ms: float
    caveats: tuple[str, ...]


def compared(request: Request, things: Things, workspace: Workspace, limits: Limits) -> Compared:
    """By the figures that the request names beside the things; else by their behaviour; else by their own figures.

    Raises CannotAnalyse where there is nothing to compare them by, and whatever a query raises."""
    named = _named(request, things, workspace, limits)
    if named is not None:
        return named
    if things.events is None:
        return _own(request, things, workspace, limits)
    found = behaviour(request, things, workspace, limits)
    event = things.events.label
    often = ResultColumn("count", f"{_upper(plural(event))} each", "number", measure=True)
    features = [
        Feature(_DAYS, np.floor(found.recency), "less recent", "recent", "root"),
        Feature(often, found.count, "frequent", "infrequent", "log"),
    ]
    if found.worth is not None and found.column is not None:
        each = ResultColumn(
            "each", f"{found.column.label} per {event}", found.column.kind, measure=True, unit=found.column.unit
        )
        features.append(
            Feature(
                each, found.worth / found.count, f"with large {plural(event)}", f"with small {plural(event)}", "log"
            )
        )
    caveats = list(found.caveats)
    if found.never:
        caveats.append(f"{found.never:,} {things.plural} without any {event} are left out.")
    return Compared(
        found.keys, found.names, tuple(features), found.worth, found.column, found.sql, found.elapsed_ms, tuple(caveats)
    )


def _named(request: Request, things: Things, workspace: Workspace, limits: Limits) -> Compared | None:
    """By figures that the request groups by the things ("sales and returns by store"), or fields that it counts them
    by ("customers by age")."""
    measures = [m for m in request.measures if not _counts(m, things)]
    fields = [
        c
        for c in request.fields
        if isinstance(c.field, str)
        and not c.grain
        and workspace.model.resolve(c.field)[1].role in ("measure", "number")
    ]
    by_thing = any(
        isinstance(c.field, str) and c.field.rpartition(".")[0] == things.key.rpartition(".")[0] and c not in fields
        for c in request.fields
    )
    if fields and things.dataset is not None:
        columns: list[Any] = [
            FieldColumn(field=things.key),
            *(MeasureColumn(measure=Aggregate(agg="avg", of=str(c.field))) for c in fields),
        ]
    elif measures and by_thing:
        columns = [FieldColumn(field=things.key), *measures]
    else:
        return None
    asked = Request(columns=columns, where=conditions(request), period=request.period, time_field=request.time_field)
    labels = [field_label(*workspace.model.resolve(str(c.field))[:2]) for c in fields]
    return _figures(asked, labels, things, workspace, limits)


def _own(request: Request, things: Things, workspace: Workspace, limits: Limits) -> Compared:
    own = things.dataset
    fields = [
        f
        for f in (own.fields if own else ())
        if f.role in ("measure", "number") and f.type in ("integer", "number") and not f.hidden and f.distinct != 1
    ][:_MOST_FIGURES]
    if own is None or not fields:
        raise CannotAnalyse(
            f"There is nothing to tell {things.plural} apart by: no records of what they did, and no figures of their "
            f"own."
        )
    columns = [MeasureColumn(measure=Aggregate(agg="avg", of=f"{own.name}.{f.name}")) for f in fields]
    asked = Request(columns=[FieldColumn(field=things.key), *columns], where=request.where, period=request.period)
    return _figures(asked, [field_label(own, f) for f in fields], things, workspace, limits)


def _figures(asked: Request, labels: list[str], things: Things, workspace: Workspace, limits: Limits) -> Compared:
    """The figures of each thing, under their fields' labels where there are such."""
    found = workspace.run(asked, max_rows=MOST_THINGS, timeout_s=limits.timeout_s)
    if found.truncated:
        raise CannotAnalyse(f"There are more than {MOST_THINGS:,} {things.plural}. Ask about some of them.")
    rows = [r for r in found.rows if r[0] is not None]
    features, empty = [], []
    for n, column in enumerate(found.columns[1:], 1):
        said = labels[n - 1] if labels else column.label
        values = np.array([_number(r[n], said) for r in rows])
        known = np.isfinite(values)
        if not len(rows) or known.mean() < 0.5 or np.nanstd(values) == 0:
            empty.append(said)
            continue
        shown = ResultColumn(column.name, said, column.kind, measure=True, unit=column.unit)
        features.append(Feature(shown, values, f"with high {_lower(said)}", f"with low {_lower(said)}"))
    if not features:
        raise CannotAnalyse(
            f"There is nothing to tell {things.plural} apart by: {', '.join(empty) or 'every figure'} is missing, or "
            f"the same for all."
        )
    left = (f"Left out, for being missing or the same for all: {', '.join(empty)}.",) if empty else ()
    names = tuple(f"{things.label} {r[0]}" if isinstance(r[0], int) else str(r[0]) for r in rows)
    return Compared(
        tuple(r[0] for r in rows),
        names,
        tuple(features),
        None,
        None,
        found.sql,
        found.elapsed_ms,
        (*found.caveats, *left),
    )


def _counts(column: MeasureColumn, things: Things) -> bool:
    measure = column.measure
    if isinstance(measure, Aggregate):
        own = things.dataset.name if things.dataset else ""
        return (measure.agg == "count" and measure.dataset == own) or measure.of == things.key
    return isinstance(measure, MetricRef) and measure.metric in (f"{things.plural}", f"{things.key.partition('.')[0]}")


def _number(value: Any, said: str) -> float:
    if value is None:
        return float("nan")
    try:
        return float(value)
    except (TypeError, ValueError):
        raise CannotAnalyse(f"{said} is no number (“{str(value)[:40]}”).") from None


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
