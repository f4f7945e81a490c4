"""A workspace in which words mean what they are said to: each meaning has a made-up name of its own, a metric, a field
or a stored value, which the reader reads like any other; a request that names it is put in what it means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from knowledge.compile import CannotCompile, Compiled
from knowledge.model import Dataset, Metric, ModelField, SemanticModel
from knowledge.request import Condition, Measure, Operand, Request
from knowledge.values import ValueIndex, ValueMention
from knowledge.workspace import Workspace

KIND = "told_kind"


class NotHere(Exception):
    """A request uses a meaning in a place where it can't stand."""


@dataclass(frozen=True)
class Figure:
    """One number for a group of rows."""

    name: str
    measure: Measure
    percent: bool = False


@dataclass(frozen=True)
class PerRow:
    """A value of each row of a dataset, and which rows have it."""

    name: str
    dataset: str
    value: Operand
    where: tuple[Condition, ...] = ()
    adds_up: bool = True
    unit: str | None = None


@dataclass(frozen=True)
class Kind:
    """Rows of a dataset for which conditions hold."""

    name: str
    dataset: str
    where: tuple[Condition, ...]


Told = Figure | PerRow | Kind


@dataclass(frozen=True)
class _Values:
    """The value index, with the names of kinds as values."""

    known: ValueIndex
    kinds: dict[str, str]

    def scan(self, question: str) -> list[ValueMention]:
        made = []
        for name, dataset in self.kinds.items():
            at = question.find(name)
            while at >= 0:
                end = at + len(name)
                made.append(ValueMention(at, end, name, f"{dataset}.{KIND}", name, 1.0, "exact"))
                at = question.find(name, end)
        inside = [(m.start, m.end) for m in made]
        others = [m for m in self.known.scan(question) if not any(m.start < e and s < m.end for s, e in inside)]
        return made + others

    def __getattr__(self, name: str) -> Any:
        return getattr(self.known, name)


@dataclass(frozen=True)
class Overlay(Workspace):
    """The workspace that a question with meanings is read in."""

    told: tuple[Told, ...] = ()
    plain: Workspace | None = None

    def compiled(self, request: Request) -> Compiled:
        assert self.plain is not None
        try:
            return self.plain.compiled(in_plain(request, self.told))
        except NotHere as error:
            raise CannotCompile("unsupported", str(error)) from None


def overlaid(workspace: Workspace, told: tuple[Told, ...]) -> Overlay:
    plain = workspace.plain if isinstance(workspace, Overlay) and workspace.plain else workspace
    kinds = {t.name: t.dataset for t in told if isinstance(t, Kind)}
    return Overlay(
        name=plain.name,
        warehouse=plain.warehouse,
        model=_model(plain.model, told),
        values=_Values(plain.values, kinds),  # type: ignore[arg-type]
        calendar=plain.calendar,
        fresh_as_of=plain.fresh_as_of,
        mark=plain.mark,
        told=told,
        plain=plain,
    )


def _model(model: SemanticModel, told: tuple[Told, ...]) -> SemanticModel:
    metrics = tuple(
        Metric(t.name, _sql(t.measure, model), t.name, additivity="non_additive" if t.percent else "additive",
               format="percent" if t.percent else "number")
        for t in told if isinstance(t, Figure)
    )  # fmt: skip
    return replace(
        model,
        metrics=(*model.metrics, *metrics),
        datasets=tuple(_dataset(d, told) for d in model.datasets),
    )


def _dataset(dataset: Dataset, told: tuple[Told, ...]) -> Dataset:
    fields = []
    for t in told:
        if isinstance(t, PerRow) and t.dataset == dataset.name:
            fields.append(
                ModelField(
                    t.name, dataset.fields[0].sql, "number", "measure" if t.adds_up else "number", t.name,
                    additivity="additive" if t.adds_up else "non_additive", unit=t.unit,
                )
            )  # fmt: skip
    kinds = tuple(t.name for t in told if isinstance(t, Kind) and t.dataset == dataset.name)
    if kinds:
        sql = dataset.fields[0].sql
        fields.append(ModelField(KIND, sql, "text", "category", "toldkind", distinct=len(kinds), samples=kinds))
    return replace(dataset, fields=(*dataset.fields, *fields)) if fields else dataset


def _sql(measure: Measure, model: SemanticModel) -> str:
    """An expression over the same datasets as the measure, for what needs to know only these."""
    from assistant.analyst.schema import Schema

    read = Schema(model).datasets_of(measure)
    return " + ".join(f"COUNT({name}.{model.dataset(name).fields[0].name})" for name in dict.fromkeys(read))


# --- in what it means ------------------------------------------------------------------------------------------------


def in_plain(request: Request, told: tuple[Told, ...]) -> Request:
    """The request in terms of the data. Raises NotHere."""
    named: dict[str, Told] = {t.name: t for t in told}
    made: Any = request.model_dump(mode="json")
    for _ in range(4):  # a meaning may use another
        before, made = made, _put(made, named)
        if made == before:
            break
    plain = Request.model_validate(made)
    text = plain.model_dump_json()
    if KIND in text or any(f'"{name}"' in text or f".{name}" in text for name in named):
        raise NotHere("What is defined can't be grouped by or shown here.")
    return plain


def _put(node: Any, named: dict[str, Told]) -> Any:
    if isinstance(node, list):
        return [_put(v, named) for v in node]
    if isinstance(node, str):
        last = named.get(node.rpartition(".")[2]) if "." in node else None
        if isinstance(last, PerRow):
            if "@" in node:
                raise NotHere("What is defined can't be reached that way.")
            value = last.value
            return value.model_dump(mode="json") if isinstance(value, BaseModel) else value
        return node
    if not isinstance(node, dict):
        return node
    if node.get("kind") == "metric" and isinstance(known := named.get(node["metric"]), Figure):
        where = _put(node.get("where") or [], named)
        return limited(known.measure.model_dump(mode="json"), where)
    if node.get("kind") == "compare" and str(node.get("field")).endswith("." + KIND):
        return _kind(node, named)
    made = {k: _put(v, named) for k, v in node.items()}
    if node.get("kind") == "aggregate" and isinstance(node.get("of"), str):
        per_row = named.get(node["of"].rpartition(".")[2])
        if isinstance(per_row, PerRow):
            made["dataset"] = per_row.dataset
            made["where"] = [*(made.get("where") or []), *(c.model_dump(mode="json") for c in per_row.where)]
    if node.get("columns") is not None and not _has_measures(node):
        used = [t for t in named.values() if isinstance(t, PerRow) and f".{t.name}" in str(node)]
        made["where"] = [*made["where"], *(c.model_dump(mode="json") for t in used for c in t.where)]
    return made


def _has_measures(node: dict[str, Any]) -> bool:
    return any(c.get("kind") == "measure" for c in node["columns"])


def _kind(node: dict[str, Any], named: dict[str, Told]) -> dict[str, Any]:
    values = node["value"] if isinstance(node["value"], list) else [node["value"]]
    found = [named.get(str(v)) for v in values]
    if not all(isinstance(k, Kind) for k in found) or node["op"] not in ("=", "!=", "in", "not_in"):
        raise NotHere("What is defined can't be compared that way.")
    held = [_all([c.model_dump(mode="json") for c in k.where]) for k in found if isinstance(k, Kind)]
    one = held[0] if len(held) == 1 else {"kind": "any", "of": held}
    return {"kind": "not", "of": one} if node["op"] in ("!=", "not_in") else one


def _all(conditions: list[dict[str, Any]]) -> dict[str, Any]:
    return conditions[0] if len(conditions) == 1 else {"kind": "all", "of": conditions}


def limited(measure: dict[str, Any], where: list[dict[str, Any]]) -> dict[str, Any]:
    """The measure over the rows for which conditions hold, too."""
    if not where:
        return measure
    if measure["kind"] in ("aggregate", "metric"):
        return {**measure, "where": [*measure.get("where", []), *where]}
    return {
        k: limited(v, where) if k in ("left", "right", "of") and isinstance(v, dict) else v for k, v in measure.items()
    }
