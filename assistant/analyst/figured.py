"""A bare field asked about by an analysis of figures: "forecast temperature" is of its mean, "anomalies in the fee" of
its sum; a field that holds no numbers is told of."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from assistant.analyst.plan import Plan
from knowledge.compile.columns import dataset_label, field_label
from knowledge.model import Dataset, ModelField, SemanticModel
from knowledge.request import Aggregate, Column, Compare, FieldColumn, MeasureColumn, Request
from knowledge.words import plural

_OF_FIGURES = frozenset(["forecast", "anomalies", "explain", "suppose", "compare"])
_NUMBERS = ("measure", "number")


def figured(plan: Plan, tool: str, about: str | None, model: SemanticModel) -> Plan:
    """The plan with its fields summed, or averaged where they don't add up. Correlated are the records' own values,
    where both are of one kind of record. `about`: which of its analyses a tool makes."""
    request = plan.request
    related = tool == "compare" and about == "relation"
    if request is None or request.measures or not (related or tool in _OF_FIGURES):
        return plan
    bare = [c for c in request.fields if isinstance(c.field, str) and not (c.grain or c.part)]
    known = [(c, *model.resolve(str(c.field))[:2]) for c in bare]
    if not known:
        return plan
    figures = [(c, d, f) for c, d, f in known if f.role in _NUMBERS]
    things = list(dict.fromkeys(d.name for _, d, f in known if f.role == "key"))
    if tool == "anomalies" and len(things) == len(known) > 1:  # "entries and sales" are how many there are of each
        counts: list[Column] = [MeasureColumn(measure=Aggregate(agg="count", dataset=name)) for name in things]
        counted = request.model_copy(update={"columns": counts, "distinct": False, "order": [], "limit": None})
        labels = [plural(dataset_label(model.dataset(name)).lower()) for name in things]
        return replace(plan, request=counted, reading=" and ".join(f"number of {label}" for label in labels))
    told = next((t for _, d, f in known if (t := _nothing_in(d, f, figures=bool(figures)))), None)
    if told is not None:
        return Plan("cannot", text=told)
    if not figures or (related and len(figures) < 2):
        return plan
    if related and len({d.name for _, d, _ in figures}) == 1:
        pair = [FieldColumn(field=c.field) for c, _, _ in figures[:2]]
        names = " and ".join(field_label(d, f).lower() for _, d, f in figures[:2])
        reading = f"{names} of each {dataset_label(figures[0][1]).lower()}"
        bare_request = request.model_copy(update={"columns": pair, "distinct": False, "order": [], "limit": None})
        return replace(plan, request=bare_request, reading=reading)
    kept: list[Column] = [c for c in request.columns if c not in [one for one, _, _ in figures]]
    if tool == "compare" and not kept:
        named = [w.field for w in request.where if isinstance(w, Compare) and _of_two(w)]
        kept = [FieldColumn(field=f) for f in named[:1]]
    measured = [_measured(d, f) for _, d, f in figures]
    made = request.model_copy(update={"columns": [*kept, *measured], "distinct": False, "order": []})
    return replace(plan, request=made, reading=_reading(made, figures, plan.reading))


def _nothing_in(dataset: Dataset, field: ModelField, *, figures: bool) -> str | None:
    """Why nothing can be told of the field; None where something can, or another field is the figure."""
    label = field_label(dataset, field)
    label = label[:1].upper() + label[1:]
    if field.nulls >= 1 and (dataset.row_count or 0) > 0:
        return f"{label} is empty in every {dataset_label(dataset).lower()}: there is nothing to look at."
    if figures or field.role not in ("category", "code", "text", "flag", "place"):
        return None
    rows = plural(dataset_label(dataset).lower())
    return f"{label} is no figure: it can be counted by, not added up. Ask for the number of {rows} by {label.lower()}."


def _of_two(condition: Compare) -> bool:
    """It names groups: "between Ines and Tom"."""
    value = condition.value
    return condition.op == "in" and isinstance(value, list) and len(value) > 1 and isinstance(condition.field, str)


def _measured(dataset: Dataset, field: ModelField) -> MeasureColumn:
    agg: Literal["avg", "sum"] = "avg" if field.additivity == "non_additive" else "sum"
    return MeasureColumn(measure=Aggregate(agg=agg, of=f"{dataset.name}.{field.name}"))


def _reading(request: Request, figures: list[tuple[FieldColumn, Dataset, ModelField]], said: str) -> str:
    names = [
        f"{'average' if f.additivity == 'non_additive' else 'total'} {field_label(d, f).lower()}" for _, d, f in figures
    ]
    _, comma, rest = said.partition(", ")
    where = f", {rest}" if comma and (request.where or request.period) else ""
    return " and ".join(names) + where
