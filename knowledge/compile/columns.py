"""What each column of a result is called and means."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from knowledge.compile.errors import CannotCompile
from knowledge.compile.values import INTERVALS, references
from knowledge.model import Dataset, Direction, Metric, ModelField, SemanticModel
from knowledge.request import (
    Aggregate,
    Arithmetic,
    Calc,
    Compare,
    Condition,
    FieldColumn,
    Growth,
    InWindow,
    Measure,
    MetricRef,
    Number,
    Rank,
    Running,
    Share,
)
from knowledge.result import ColumnKind, ResultColumn

_CURRENCY = re.compile(r"[A-Z]{3}")
_VAGUE = {"name", "id", "code", "key", "title", "description", "type", "status", "label", "number"}
_PARTS = {
    "hour_of_day": "Hour of day",
    "day_of_week": "Day of week",
    "kind_of_day": "Kind of day",
    "day_of_month": "Day of month",
    "week_of_year": "Week of year",
    "month_of_year": "Month of year",
    "quarter_of_year": "Quarter",
}
_AGGREGATES = {
    "sum": "Total",
    "avg": "Average",
    "median": "Median",
    "min": "Lowest",
    "max": "Highest",
    "stddev": "Standard deviation of",
    "variance": "Variance of",
    "first": "First",
    "last": "Last",
    "mode": "Most common",
}


@dataclass(frozen=True)
class Meaning:
    """Of a measure: what to call it, and what its numbers are."""

    label: str
    kind: ColumnKind = "number"
    unit: str | None = None
    direction: Direction = "neutral"
    role: str = "value"

    def column(self, name: str, label: str | None = None) -> ResultColumn:
        return ResultColumn(
            name=name,
            label=label or self.label,
            kind=self.kind,
            measure=True,
            unit=self.unit,
            direction=self.direction,
            role=self.role,  # type: ignore[arg-type]
        )


def words(name: str) -> str:
    """ "unit_price" -> "Unit price"."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|_+", " ", name).strip()
    return spaced[:1].upper() + spaced[1:]


def field_label(dataset: Dataset, model_field: ModelField) -> str:
    """The field's own label, after its dataset's where it alone says too little ("Name" -> "Customer name")."""
    label = model_field.label or words(model_field.name)
    if label.lower() in _VAGUE:
        return f"{dataset_label(dataset)} {label.lower()}"
    return label[:1].upper() + label[1:]


def dataset_label(dataset: Dataset) -> str:
    return words(dataset.label or _singular(dataset.name))


def _singular(name: str) -> str:
    for ending, single in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if name.endswith(ending) and not name.endswith("ss"):
            return name[: -len(ending)] + single
    return name


def plural(noun: str) -> str:
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(s|x|z|ch|sh)$", noun) else "s")


def field_column(model: SemanticModel, column: FieldColumn, name: str) -> ResultColumn:
    """What a column of field values is. Its label may be the same as another's: the caller tells them apart."""
    if not isinstance(column.field, str):
        label = column.label or _calc_label(model, column.field)
        op: str = column.field.op if isinstance(column.field, Calc) else ""
        grain: str | None = column.grain or (op if op in INTERVALS else None)
        return ResultColumn(name=name, label=label, kind="time" if grain else _calc_kind(column.field), grain=grain)
    dataset, model_field, _ = model.resolve(column.field)
    if column.grain or column.part:
        label = column.grain.capitalize() if column.grain else _PARTS[column.part or ""]
        kind: ColumnKind = "time" if column.grain else "category"
        return ResultColumn(name=name, label=column.label or label, kind=kind, grain=column.grain or column.part)
    label = column.label or field_label(dataset, model_field)
    if column.stored and model_field.stored:
        return ResultColumn(name=name, label=label, kind="text")
    kind = field_kind(model_field)
    unit = model_field.unit if kind in ("currency", "number", "integer") else None
    if column.bin:
        return ResultColumn(name=name, label=column.label or f"{label} (from)", kind=kind, unit=unit)
    days = "day" if kind == "time" and model_field.type == "date" else None
    return ResultColumn(name=name, label=label, kind=kind, unit=unit, grain=days)


def _calc_label(model: SemanticModel, operand: object) -> str:
    if isinstance(operand, str):
        dataset, model_field, _ = model.resolve(operand)
        return field_label(dataset, model_field)
    if isinstance(operand, Calc):
        parts = [_calc_label(model, arg) for arg in operand.args]
        if operand.op.endswith("_between"):
            return f"{operand.op.removesuffix('_between').capitalize()} from {parts[0].lower()} to {parts[1].lower()}"
        if operand.op.startswith("plus_"):
            return f"{parts[0]} plus {parts[1]} {operand.op.removeprefix('plus_')}"
        if operand.op in INTERVALS:
            return operand.op.capitalize()
        if operand.op in ("+", "-", "*", "/") and len(parts) > 1:
            return f" {operand.op} ".join([parts[0], *(part.lower() for part in parts[1:])])
        return (
            f"{words(operand.op)} of {parts[0].lower()}"
            if operand.op not in ("coalesce", "lower", "round")
            else parts[0]
        )
    return str(getattr(operand, "value", "value"))


def _calc_kind(operand: object) -> ColumnKind:
    if isinstance(operand, Calc):
        if operand.op in INTERVALS or operand.op.startswith("plus_"):
            return "time"
        whole = ("length", "days_between", "seconds_between", "years_between")
        return "integer" if operand.op in whole else "text" if operand.op in ("lower", "coalesce") else "number"
    return "text"


def field_kind(model_field: ModelField) -> ColumnKind:
    if model_field.type in ("date", "timestamp", "time") or (model_field.unit or "").startswith("epoch_"):
        return "time"
    if model_field.type == "boolean":
        return "flag"
    if model_field.role in ("key", "foreign_key"):
        return "key"
    if model_field.type in ("integer", "number"):
        if model_field.unit == "percent":
            return "percent"
        if _CURRENCY.fullmatch(model_field.unit or ""):
            return "currency"
        if model_field.role == "code":
            return "category"
        return "integer" if model_field.type == "integer" else "number"
    return "category" if model_field.role in ("category", "place", "name", "flag", "code") else "text"


def measure_meaning(model: SemanticModel, measure: Measure) -> Meaning:
    """What a measure is called and in what it counts. Raises UnknownName."""
    match measure:
        case MetricRef():
            return _with_where(_metric(model, model.metric(measure.metric)), measure.where)
        case Aggregate():
            return _with_where(_aggregate(model, measure), measure.where)
        case Number():
            return Meaning(f"{measure.value:g}")
        case Arithmetic():
            return _arithmetic(model, measure)
        case Share():
            of = measure_meaning(model, measure.of)
            return Meaning(f"Share of {_lower(of.label)}", "percent", role="share", direction=of.direction)
        case Growth():
            of = measure_meaning(model, measure.of)
            since = "a year ago" if measure.over == "year_ago" else "the period before"
            label = f"Change in {_lower(of.label)} from {since}"
            if measure.form == "percent":
                return Meaning(label, "percent", direction=of.direction, role="change_pct")
            return replace(of, label=label, role="change")
        case Running():
            of = measure_meaning(model, measure.of)
            word = "Average" if measure.agg == "avg" else "Total"
            over = f", last {measure.window}" if measure.window else " so far"
            return replace(
                of, label=f"{word} {_lower(of.label)}{over}" if measure.window else f"{of.label}{over}", role="running"
            )
        case Rank():
            of = measure_meaning(model, measure.of)
            return Meaning(f"Rank by {_lower(of.label)}", "integer", role="rank")
    raise CannotCompile("bad_request", f"{measure!r} is not a measure.")


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _metric(model: SemanticModel, metric: Metric) -> Meaning:
    unit = metric.unit or (model.currency if metric.format == "currency" else None)
    return Meaning(metric.label or words(metric.name), metric.format, unit, metric.direction)


def _aggregate(model: SemanticModel, measure: Aggregate) -> Meaning:
    of = measure.of
    if of is None:
        noun = _lower(dataset_label(model.dataset(measure.dataset))) if measure.dataset else "row"
        return Meaning(f"Number of {plural(noun)}", "integer")
    if not isinstance(of, str):
        label, kind, unit, key_of = _calc_label(model, of), _calc_kind(of), _calc_unit(model, of), None
    else:
        dataset, model_field, _ = model.resolve(of)
        label, kind = field_label(dataset, model_field), field_kind(model_field)
        unit = model_field.unit if kind in ("currency", "number", "integer") else None
        key_of = dataset if model_field.role == "key" or (model_field.name,) == dataset.primary_key else None
    if measure.agg in ("count", "count_distinct"):
        noun = _lower(dataset_label(key_of) if key_of else label)
        return Meaning(f"Number of {plural(noun)}", "integer")
    name = (
        f"{round((measure.p or 0) * 100)}th percentile of" if measure.agg == "percentile" else _AGGREGATES[measure.agg]
    )
    if unit and _CURRENCY.fullmatch(unit):
        kind = "currency"
    if measure.agg in ("sum", "avg", "median", "stddev", "variance", "percentile"):
        whole = kind in ("integer", "flag", "key") and measure.agg == "sum"
        kind = kind if kind in ("currency", "percent") else "integer" if whole else "number"
        if measure.agg == "variance":
            kind, unit = "number", None
    if isinstance(of, str) and kind == "time" and measure.agg in ("min", "max"):
        name = "First" if measure.agg == "min" else "Last"
    if isinstance(of, str) and measure.agg == "sum" and label.lower().split()[:1] == ["total"]:
        thing = plural(_lower(dataset_label(model.resolve(of)[0])))
        return Meaning(f"Total of {thing}" if label.lower() == "total" else label, kind, unit)
    return Meaning(f"{name} {_lower(label)}", kind, unit)


def _calc_unit(model: SemanticModel, operand: Calc | object) -> str | None:
    """A currency survives arithmetic with plain numbers; durations have the unit they are asked in."""
    if isinstance(operand, Calc):
        if operand.op.endswith("_between"):
            return operand.op.removesuffix("_between")
        units = {model.resolve(name)[1].unit for name in references(operand)} - {None}
        unit = units.pop() if len(units) == 1 else None
        return unit if unit and (operand.op != "/" or model.resolve(references(operand)[-1])[1].unit is None) else None
    return None


def _arithmetic(model: SemanticModel, measure: Arithmetic) -> Meaning:
    left, right = measure_meaning(model, measure.left), measure_meaning(model, measure.right)
    a, b = left.label, _lower(right.label)
    match measure.op:
        case "percent":
            return Meaning(f"{a} as % of {b}", "percent", direction=left.direction)
        case "percent_change":
            return Meaning(f"{a} against {b}", "percent", direction=left.direction, role="change_pct")
        case "/":
            if left.kind == "currency" and right.kind != "currency":
                return Meaning(f"{a} per {_per(b)}", "currency", left.unit, left.direction)
            return Meaning(f"{a} per {_per(b)}", "number", direction=left.direction)
        case "*":
            money = next((side for side in (left, right) if side.kind == "currency"), None)
            return Meaning(f"{a} × {b}", money.kind if money else "number", money.unit if money else None)
        case _:
            same = left if (left.kind, left.unit) == (right.kind, right.unit) or right.label.isdigit() else Meaning("")
            return Meaning(f"{a} {'−' if measure.op == '-' else '+'} {b}", same.kind, same.unit, left.direction)


def _per(label: str) -> str:
    return _singular(label.removeprefix("number of "))


def _with_where(meaning: Meaning, where: list[Condition]) -> Meaning:
    names = []
    for condition in where:
        if isinstance(condition, Compare) and condition.op in ("=", "in") and condition.value is not None:
            values = condition.value if isinstance(condition.value, list) else [condition.value]
            names += [str(value) for value in values if isinstance(value, bool | int | float | str)]
        elif isinstance(condition, InWindow) and not isinstance(condition.window, str) and condition.window.text:
            names.append(condition.window.text)
    return replace(meaning, label=f"{meaning.label} ({', '.join(names)})") if names else meaning


def told_apart(columns: list[ResultColumn], owners: list[str]) -> list[ResultColumn]:
    """Labels made different by their dataset's name, then by a number."""
    labels = [column.label for column in columns]
    result: list[ResultColumn] = []
    for i, column in enumerate(columns):
        label = column.label
        if labels.count(label) > 1 and owners[i] and not label.lower().startswith(owners[i].lower()):
            label = f"{owners[i]} {_lower(label)}"
        while any(label == done.label for done in result):
            match = re.fullmatch(r"(.*) (\d+)", label)
            label = f"{match[1]} {int(match[2]) + 1}" if match else f"{label} 2"
        result.append(replace(column, label=label))
    return result
