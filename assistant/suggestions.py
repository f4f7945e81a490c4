"""The next questions worth asking, in words that the embedded analyst reads."""

from __future__ import annotations

import re

from assistant.reading import describe_measure
from knowledge.calendar import Calendar
from knowledge.calendar.spans import default_grain
from knowledge.compile import datasets_of
from knowledge.model import Dataset, Metric, ModelField, SemanticModel
from knowledge.request import (
    Aggregate,
    Arithmetic,
    Calc,
    Compare,
    FieldColumn,
    Measure,
    MeasureColumn,
    MetricRef,
    Number,
    Operand,
    Request,
    Share,
    Window,
)
from knowledge.result import Result
from knowledge.words import label, plural

_MOST_VALUES = 60
_LONGEST_NAME = 48
"""A measure that takes more characters to say makes no short question."""

_SAYABLE = re.compile(r"[\w\s&'’.\-]{1,40}")


def follow_ups(
    request: Request, result: Result | None, model: SemanticModel, calendar: Calendar, *, limit: int = 3
) -> list[str]:
    """Questions that take the last one further: by another dimension, over time, against the time before, the
    leader."""
    measures = [c for c in request.columns if isinstance(c, MeasureColumn)]
    if not measures:
        return starters(model, limit)
    try:
        name = describe_measure(measures[0].measure, model, calendar)
    except KeyError:
        return []
    if len(name) > _LONGEST_NAME:
        return starters(model, limit)
    period = _said(request.period)
    used = {c.field for c in request.columns if isinstance(c, FieldColumn) and isinstance(c.field, str)}
    grained = any(isinstance(c, FieldColumn) and c.grain for c in request.columns)
    limits = _conditions(request)
    found: list[str] = []
    reached = _reached(measures[0].measure, model)
    if not grained and any(model.dataset(d).default_time for d in reached):
        window = request.period if isinstance(request.period, Window) else None
        found.append(f"{name}{limits} by {default_grain(window)}{period}")
    if request.period is not None and request.compare_to is None and not request.fields:
        found.append(f"{name}{limits}{period} vs the previous period")
    for reference, said in _dimensions(reached, model):
        if reference not in used and len(found) < limit + 2:
            found.append(f"{name}{limits} by {said}{period}")
    shared = any(isinstance(c.measure, Share) for c in measures)
    whole = _adds_up(measures[0].measure, model)
    if request.fields and not grained and request.limit is None and whole and not shared:
        found.append(f"share of {name}{limits} by {_label(str(request.fields[0].field), model)}{period}")
    seen: list[str] = []
    for text in found:
        text = text[:1].upper() + text[1:]
        if text not in seen:
            seen.append(text)
    return seen[:limit]


def dimensions_of(measure: Measure, model: SemanticModel) -> list[str]:
    """The categories that a measure can be grouped by ("stores.city"), the nearest first."""
    return [reference for reference, _ in _dimensions(_reached(measure, model), model)]


def starters(model: SemanticModel, limit: int = 6) -> list[str]:
    """Questions to open with, for data that nobody described."""
    if model.starters:
        return list(model.starters[:limit])
    found: list[str] = []
    facts = sorted(model.datasets, key=lambda d: (bool(d.default_time), d.row_count or 0), reverse=True)
    for metric in model.offered[:2]:
        found.append(f"What is the {_name(metric).lower()}?")
    for dataset in facts[:3]:
        things = plural(_name(dataset))
        found.append(f"How many {things} are there?")
        summed = (f for f in dataset.fields if f.role == "measure" and f.additivity == "additive" and not f.hidden)
        measure = next(summed, None)
        group = _category(dataset)
        if measure and group:
            found.append(f"Total {_name(measure)} by {_name(group)}")
        elif group:
            found.append(f"Number of {things} by {_name(group)}")
        if measure and dataset.default_time:
            found.append(f"Total {_name(measure)} by month")
        elif dataset.default_time:
            found.append(f"Number of {things} by month")
    return list(dict.fromkeys(found))[:limit]


def _adds_up(measure: Measure, model: SemanticModel) -> bool:
    """Its groups are parts of a whole: no average, no rate."""
    if isinstance(measure, MetricRef):
        return model.metric(measure.metric).additivity != "non_additive"
    return not isinstance(measure, Aggregate) or measure.agg in ("sum", "count", "count_distinct")


def _name(item: Metric | Dataset | ModelField) -> str:
    return item.label or label(item.name)


def _category(dataset: Dataset) -> ModelField | None:
    groups = (f for f in dataset.fields if f.role in ("category", "place") and not f.hidden)
    return next((f for f in groups if 2 <= (f.distinct or 0) <= _MOST_VALUES), None)


def _dimensions(reached: dict[str, int], model: SemanticModel) -> list[tuple[str, str]]:
    """Categories that a measure can be grouped by, the nearest first. Two of one name are left out: which is meant?"""
    found: list[tuple[int, str, str]] = []
    for dataset in model.datasets:
        for field in dataset.fields:
            if field.role in ("category", "place") and not field.hidden and 2 <= (field.distinct or 0) <= _MOST_VALUES:
                away = reached.get(dataset.name, -1)
                found.append((away, f"{dataset.name}.{field.name}", _name(field)))
    names = [name for _, _, name in found]
    return [(r, name) for far, r, name in sorted(found, key=lambda f: f[0]) if far >= 0 and names.count(name) == 1]


def _reached(measure: Measure, model: SemanticModel) -> dict[str, int]:
    """The datasets that every row of a measure belongs to, and how far they are."""
    reached: dict[str, int] | None = None
    for base in _bases(measure, model):
        far, edge = {base: 0}, [base]
        while edge:
            here = edge.pop(0)
            for relation in model.relationships:
                if relation.many == here and relation.one not in far:
                    far[relation.one] = far[here] + 1
                    edge.append(relation.one)
        reached = far if reached is None else {d: max(n, far[d]) for d, n in reached.items() if d in far}
    return reached or {}


def _bases(measure: Measure, model: SemanticModel) -> set[str]:
    """The datasets whose rows a measure is computed over."""
    if isinstance(measure, MetricRef):
        return set(datasets_of(model.metric(measure.metric), model))
    if isinstance(measure, Aggregate):
        return {measure.dataset} if measure.dataset else _owners(measure.of)
    if isinstance(measure, Arithmetic):
        return _bases(measure.left, model) | _bases(measure.right, model)
    return set() if isinstance(measure, Number) else _bases(measure.of, model)


def _owners(operand: Operand | None) -> set[str]:
    if isinstance(operand, Calc):
        return {owner for arg in operand.args for owner in _owners(arg)}
    return {operand.rpartition(".")[0].partition("@")[0]} if isinstance(operand, str) else set()


def _label(reference: str, model: SemanticModel) -> str:
    dataset, field, _ = model.resolve(reference)
    return _name(dataset) if field.role in ("name", "key") else _name(field)


def _said(period: Window | str | None) -> str:
    text = period if isinstance(period, str) else period.text if period else ""
    if not text:
        return ""
    if text.startswith(("since", "before", "until")):
        return f" {text}"
    return f" on {text}" if re.fullmatch(r"\d{1,2} [A-Z]\w+ \d{4}", text) else f" in {text}"


def _conditions(request: Request) -> str:
    """The value that the question was limited to, where it can be said as words: "250K+" can't. Of several, the first:
    two values without the words around them may be of two things each."""
    said = [c.value for c in request.where if isinstance(c, Compare) and c.op == "=" and isinstance(c.value, str)]
    return f" for {said[0]}" if said and all(_SAYABLE.fullmatch(text) for text in said) else ""
