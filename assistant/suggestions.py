"""The next questions worth asking, in words that the embedded analyst reads."""

from __future__ import annotations

from assistant.analyst.spans import default_grain
from assistant.reading import describe_measure
from knowledge.calendar import Calendar
from knowledge.model import Dataset, ModelField, SemanticModel
from knowledge.request import Compare, FieldColumn, MeasureColumn, Request, Window
from knowledge.result import Result
from knowledge.words import plural

_MOST_VALUES = 60
_LONGEST_NAME = 48
"""A measure that takes more characters to say makes no short question."""


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
    used = {c.field for c in request.columns if isinstance(c, FieldColumn)}
    grained = any(isinstance(c, FieldColumn) and c.grain for c in request.columns)
    limits = _conditions(request, model)
    found: list[str] = []
    if not grained:
        window = request.period if isinstance(request.period, Window) else None
        found.append(f"{name}{limits} by {default_grain(window)}{period}")
    if request.period is not None and request.compare_to is None and not request.fields:
        found.append(f"{name}{limits}{period} vs the previous period")
    for reference, label in _dimensions(request, model):
        if reference not in used and len(found) < limit + 2:
            found.append(f"{name}{limits} by {label}{period}")
    if request.fields and not grained and request.limit is None:
        found.append(f"share of {name}{limits} by {_label(str(request.fields[0].field), model)}{period}")
    seen: list[str] = []
    for text in found:
        text = text[:1].upper() + text[1:]
        if text not in seen:
            seen.append(text)
    return seen[:limit]


def starters(model: SemanticModel, limit: int = 6) -> list[str]:
    """Questions to open with, for data that nobody described."""
    if model.starters:
        return list(model.starters[:limit])
    found: list[str] = []
    facts = sorted(model.datasets, key=lambda d: (bool(d.default_time), d.row_count or 0), reverse=True)
    for metric in model.metrics[:2]:
        found.append(f"What is the {metric.label.lower()}?")
    for dataset in facts[:3]:
        things = plural(dataset.label or dataset.name)
        found.append(f"How many {things} are there?")
        measure = next((f for f in dataset.fields if f.role == "measure" and f.additivity == "additive"), None)
        group = _category(dataset)
        if measure and group:
            found.append(f"Total {measure.label} by {group.label}")
        elif group:
            found.append(f"Number of {things} by {group.label}")
        if measure and dataset.default_time:
            found.append(f"Total {measure.label} by month")
        elif dataset.default_time:
            found.append(f"Number of {things} by month")
    return list(dict.fromkeys(found))[:limit]


def _category(dataset: Dataset) -> ModelField | None:
    return next(
        (f for f in dataset.fields if f.role in ("category", "place") and 2 <= (f.distinct or 0) <= _MOST_VALUES), None
    )


def _dimensions(request: Request, model: SemanticModel) -> list[tuple[str, str]]:
    """Categories near what was asked, those with few values first."""
    found: list[tuple[int, str, str]] = []
    named = {str(c.field).partition(".")[0] for c in request.columns if isinstance(c, FieldColumn)}
    for dataset in model.datasets:
        for field in dataset.fields:
            if field.role in ("category", "place") and not field.hidden and 2 <= (field.distinct or 0) <= _MOST_VALUES:
                away = 0 if dataset.name in named else 1
                found.append((away, f"{dataset.name}.{field.name}", field.label or field.name))
    labels = [label for _, _, label in found]
    return [(r, label) for _, r, label in sorted(found, key=lambda f: f[0]) if labels.count(label) == 1]


def _label(reference: str, model: SemanticModel) -> str:
    dataset, field, _ = model.resolve(reference)
    return (dataset.label or dataset.name) if field.role in ("name", "key") else (field.label or field.name)


def _said(period: Window | str | None) -> str:
    text = period if isinstance(period, str) else period.text if period else ""
    if not text:
        return ""
    return f" {text}" if text.startswith(("since", "before", "until")) else f" in {text}"


def _conditions(request: Request, model: SemanticModel) -> str:
    said = []
    for condition in request.where:
        if isinstance(condition, Compare) and condition.op == "=" and isinstance(condition.value, str):
            said.append(condition.value)
    return " for " + " and ".join(said) if said else ""
