"""What the rules make of items: measures, conditions, bounds, groups and orders, before they are put together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from assistant.analyst.items import Item
from assistant.analyst.schema import Schema
from knowledge.model import ModelField
from knowledge.request import Aggregate, Arithmetic, Comparator, Compare, Condition, Measure, MetricRef
from knowledge.words import plural, singular

Aggregation = str


@dataclass(frozen=True)
class Group:
    """A field, a dataset's rows ("by customer"), a time grain or a part of a time. `per`: said with "per" or "each";
    `as_id`: by its id or code, rather than as what that refers to; `in_each`: said with "for each", "in each"."""

    kind: str
    target: Any
    per: bool = False
    as_id: bool = False
    in_each: bool = False


@dataclass(frozen=True)
class MeasureRead:
    measure: Measure
    datasets: tuple[str, ...]
    counted: str | None = None
    """The dataset whose rows are counted."""
    averaged: bool = False
    """Said as an average of something that is already a total: "average orders per customer"."""
    total: Measure | None = None
    """What is averaged, where `measure` is the average itself ("average number of shares": of each row)."""
    share: bool = False
    growth: str | None = None
    running: str | None = None
    spread: str | None = None
    """An aggregate over the figures of things ("the median basket"), which `each` says when it is known."""
    each: Group | None = None


@dataclass(frozen=True)
class Cond:
    """A condition that may be about one of several fields; `options` are (field, condition), best first."""

    options: tuple[tuple[str | None, Condition], ...]
    negated: bool = False
    values: int = 0
    """How many stored values it names: two or more can be compared with each other."""
    sides: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    """What each value was called, and the stored values that it stands for (several, for a part of their names)."""
    split: bool = False
    """The values are to be told apart ("Brooklyn vs Queens")."""
    text: str = ""
    fuzzy: bool = False
    both: bool = False
    """Each of the values must be met, by rows of its own."""


@dataclass(frozen=True)
class HavingRead:
    measure: Measure | None
    """None: whatever the request measures."""
    op: Comparator
    value: float | None
    average: bool = False
    overall: bool = False
    """Against the measure over everything, rather than the average of the groups."""
    field: str | None = None
    """A numeric field that the bound may be about row by row."""
    dataset: str | None = None
    factor: float = 1.0
    money: bool = False
    over: Literal["avg", "median", "max", "min"] = "avg"
    """What it is an average of in that sense: the median of them, the most."""
    per: tuple[Group, ...] = ()
    """The groups whose own average it is: "the average of their department"."""


@dataclass(frozen=True)
class Top:
    n: int | None
    descending: bool
    about: str = ""
    measure: MeasureRead | None = None
    field: str | None = None
    nth: int = 1


_AS_ID = re.compile(r"\b(?:ids?|keys?|codes?|numbers?|no|identifiers?)\b", re.I)


def said_as_id(text: str) -> bool:
    """ "the user ids", "flight numbers": what identifies a row, rather than the row."""
    return _AS_ID.search(text) is not None


def merged(parts: list[Item], code: str, data: Any) -> Item:
    named = [p.score for p in parts if p.code in "mfdvMC"]
    dated = next(({"time": p.extra["time"]} for p in parts if "time" in p.extra), {})
    return Item(
        code, parts[0].start, parts[-1].end, " ".join(p.text for p in parts), data,
        score=sum(named) / len(named) if named else 1.0, before=parts[0].before,
        extra=dated,
    )  # fmt: skip


def rows_counted(dataset: str) -> MeasureRead:
    """How many rows a dataset has."""
    return MeasureRead(Aggregate(agg="count", dataset=dataset), (dataset,), counted=dataset)


def share_counted(dataset: str, wanted: Condition, among: list[Condition] | None = None) -> MeasureRead:
    """How many of a dataset's rows, or of those `among` which it is told, are as wanted, in percent."""
    part = Aggregate(agg="count", dataset=dataset, where=[wanted])
    whole = Aggregate(agg="count", dataset=dataset, where=among or [])
    return MeasureRead(Arithmetic(op="percent", left=part, right=whole), (dataset,))


def measure_of(
    item: Item, schema: Schema, agg: Aggregation | None = None, *, distinct: bool = False
) -> MeasureRead | None:
    """The measure that a name stands for: a metric, the count of a dataset's rows, or an aggregate of a field."""
    if item.code == "M":
        return item.data if isinstance(item.data, MeasureRead) else None
    if item.code == "m":
        metric = schema.model.metric(item.data)
        averaged = agg == "avg" and not metric.label.lower().startswith(("average", "avg", "mean"))
        datasets = tuple(schema.metric_datasets(metric))
        return MeasureRead(MetricRef(metric=item.data), datasets, schema.counted_by(metric), averaged)
    if item.code == "d":
        count = schema.count_metric(item.data)
        return MeasureRead(count, (item.data,), counted=item.data, averaged=agg == "avg")
    reference: str = item.data
    owner = schema.owner(reference)
    if (
        agg in ("count", "count_distinct")
        or (agg is None and not schema.is_number(reference))
        or (agg == "sum" and not schema.is_number(reference))
    ):
        entity = schema.points_to(reference)
        field = schema.field(reference)
        if schema.is_time(reference) and not distinct and field.name == schema.model.dataset(owner).default_time:
            return rows_counted(owner)  # "signups"
        if agg == "count" and schema.is_number(reference) and (field.label or field.name).lower().endswith("number"):
            return MeasureRead(Aggregate(agg="count", of=reference), (owner,))  # numbers that name, not that measure
        if (
            agg == "count"
            and schema.is_number(reference)
            and ((field.role == "measure" and field.additivity == "additive") or _is_of_many(field, item.text))
            and not distinct
        ):
            return MeasureRead(Aggregate(agg="sum", of=reference), (owner,))
        if field.role == "key" or field.name == schema.model.dataset(owner).name_field:
            return rows_counted(owner)
        if entity and not distinct:
            return rows_counted(entity)
        return MeasureRead(Aggregate(agg="count_distinct", of=reference), (owner,))
    if agg is None:
        agg = "sum" if schema.adds_up(reference) else "avg"
    if agg in ("avg", "sum", "median", "stddev", "variance") and not schema.is_number(reference):
        return None
    return MeasureRead(Aggregate(agg=agg, of=reference), (owner,))  # type: ignore[arg-type]


def _is_of_many(field: ModelField, said: str) -> bool:
    """ "the number of lockers", where each hall has so many."""
    last = (field.label or field.name).lower().split()[-1]
    return (
        field.type == "integer"
        and last == said.lower().split()[-1]
        and plural(singular(last)) == last != singular(last)
    )


def value_condition(reference: str, stored: list[Any], negated: bool) -> Condition:
    if len(stored) == 1:
        return Compare(field=reference, op="!=" if negated else "=", value=stored[0])
    return Compare(field=reference, op="not_in" if negated else "in", value=list(stored))
