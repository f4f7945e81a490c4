"""Interchange files to semantic models."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import yaml
from pydantic import TypeAdapter, ValidationError
from sqlglot.errors import SqlglotError

from knowledge.model import Dataset, DataType, GlossaryTerm, Metric, ModelField, Relationship, Role, SemanticModel
from knowledge.osi.expressions import expression, qualified
from knowledge.osi.inferred import Columns, declare, inferred, joined
from knowledge.osi.nodes import KEPT, BadModel, Node, json_text, near
from knowledge.policies.conditions import BadPolicy, check_policies

_TYPES: dict[str, DataType] = {
    "String": "text", "Integer": "integer", "Decimal": "number", "Float": "number", "Boolean": "boolean",
    "Date": "date", "Time": "time", "DateTime": "timestamp", "DateTimeTz": "timestamp", "Opaque": "json",
}  # fmt: skip


def load(source: Path | str, *, model: str | None = None) -> SemanticModel:
    """A model from a file, or from its text; `model` names one of several.

    Raises BadModel with the place in the file, and OSError."""
    if isinstance(source, str) and "\n" not in source and source.endswith((".yaml", ".yml", ".json")):
        source = Path(source)
    text = source.read_text(encoding="utf-8-sig") if isinstance(source, Path) else source
    return read_model(_chosen(_parsed(text), model))


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadModel("", f"it is neither YAML nor JSON: line {line}, {error.problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadModel("", f"it is neither YAML nor JSON: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict):
        raise BadModel("", "it should be a mapping with `version`, `name` and `datasets` (or `semantic_model`)")
    return document


def _chosen(document: dict[str, Any], name: str | None) -> Node:
    """The one model of the document, or the one of that name."""
    top = Node(document)
    if isinstance(document.get("semantic_model"), dict):
        nodes = [Node(document["semantic_model"], "semantic_model")]
    elif "semantic_model" in document:
        nodes = list(top.nodes("semantic_model"))
    elif "datasets" in document:
        nodes = [top]
    elif "semantic_models" in document or "models" in document:
        raise BadModel("", "this looks like dbt's semantic layer: import it with `knowledge.dbt.load_dbt`")
    else:
        raise BadModel("", "it has neither `datasets` nor `semantic_model`")
    names = [node.text("name") for node in nodes]
    if name is not None:
        if name not in names:
            raise BadModel("semantic_model", f"it has no model {name!r}, only {', '.join(names)}.{near(name, names)}")
        return nodes[names.index(name)]
    if len(nodes) != 1:
        said = f"it has {len(nodes)} models ({', '.join(names)}): say which one" if nodes else "it is empty"
        raise BadModel("semantic_model", said)
    return nodes[0]


def read_model(node: Node) -> SemanticModel:
    name = node.needed("name")
    nodes = list(node.nodes("datasets"))
    if not nodes:
        raise BadModel(node.at("datasets"), "there is none: add at least one table")
    datasets = _unique({n.place: _dataset(n) for n in nodes}, "dataset")
    metrics = [(n, _metric(n)) for n in node.nodes("metrics")]
    for dataset, owner in zip(datasets, nodes, strict=True):
        metrics += [(n, _within(_metric(n), dataset, n)) for n in owner.nodes("metrics")]
    _unique({n.place: metric for n, metric in metrics}, "metric")
    relations = [(n, _relationship(n)) for n in node.nodes("relationships")]
    _unique({n.place: relation for n, relation in relations}, "relationship")
    columns = Columns(datasets)
    keyed = [replace(d, primary_key=columns.named(d.name, d.primary_key)) for d in columns.datasets]
    columns.datasets = keyed
    joins = tuple(joined(n, relation, columns) for n, relation in relations)
    for n, metric in metrics:
        declare(n, metric, columns)
    described = {n.text("name") for n in nodes if n.own() is not None}
    told = {f"{d.text('name')}.{f.text('name')}" for d in nodes for f in d.nodes("fields") if f.own() is not None}
    measured = [metric for _, metric in metrics]
    final = tuple(inferred(d, joins, measured, described, told, nodes) for d in columns.datasets)
    context = Node(node.context(), node.at("ai_context"))
    attributes = _attributes(SemanticModel, node)
    attributes.setdefault("starters", context.texts("examples"))
    others = node.others("version", "name", "description", "datasets", "relationships", "metrics")
    model = SemanticModel(
        name=name, datasets=final, relationships=joins, metrics=tuple(measured), glossary=_glossary(node),
        **{"description": node.text("description"), "extensions": _without_examples(others), **attributes},
    )  # fmt: skip
    try:
        check_policies(model)
    except BadPolicy as error:
        raise BadModel(node.at("datasets"), str(error)) from error
    return model


# --- parts -----------------------------------------------------------------------------------------------------------


def _dataset(node: Node) -> Dataset:
    parsed = {n.place: _field(n) for n in node.nodes("fields")}
    others = node.others("name", "source", "primary_key", "description", "fields", "metrics")
    return Dataset(
        name=node.needed("name"), fields=tuple(_unique(parsed, "field")),
        **{"source": _source(node), "primary_key": node.texts("primary_key"), "description": node.text("description"),
           "synonyms": node.synonyms(), "extensions": others, **_attributes(Dataset, node)},
    )  # fmt: skip


def _source(node: Node) -> str:
    """A table's name, or a SELECT in parentheses, from the forms that the drafts give a source."""
    said = node.content.get("source")
    if isinstance(said, dict):
        inner = Node(said, node.at("source"))
        if said.get("kind") == "file" or "locations" in said:
            raise BadModel(node.at("source"), "files can't be read in place: load them first (`parley use FILE`)")
        if isinstance(said.get("object"), dict):
            said = expression(Node({"expression": said["object"]}, node.at("source.object")))[0]
        else:
            said = next(
                (str(said[k]) for k in ("object", "identifier", "query") if said.get(k)), inner.needed("object")
            )
    else:
        said = node.needed("source")
    is_query = said.lstrip().lower().startswith(("select ", "with ", "select\n", "with\n", "from "))
    return f"({said.strip().rstrip(';')})" if is_query else said


def _field(node: Node) -> ModelField:
    sql, alternatives = expression(node)
    dimension = Node(node.mapping("dimension"), node.at("dimension"))
    kind = _TYPES.get(node.text("datatype"))
    is_time = bool(dimension.content.get("is_time", kind in ("date", "timestamp", "time")))
    kind = kind or ("timestamp" if dimension.content.get("is_time") else "text")
    role: Role = "time" if is_time and kind in ("date", "timestamp", "time") else "category"
    others = node.others("name", "expression", "label", "description", "datatype", "dimension")
    attributes = _attributes(ModelField, node, sql)
    return ModelField(
        name=node.needed("name"),
        **{"sql": sql, "type": kind, "role": role, "label": node.text("label"), "description": node.text("description"),
           "synonyms": node.synonyms(), "extensions": _with_dialects(others, alternatives), **attributes},
    )  # fmt: skip


def _relationship(node: Node) -> Relationship:
    left, right = node.texts("from_columns"), node.texts("to_columns")
    if not left or len(left) != len(right):
        raise BadModel(node.place, "from_columns and to_columns must name as many columns, at least one each")
    others = node.others("name", "from", "to", "from_columns", "to_columns")
    return Relationship(
        name=node.needed("name"), many=node.needed("from"), one=node.needed("to"),
        **{"many_fields": left, "one_fields": right, "synonyms": node.synonyms(), "extensions": others,
           **_attributes(Relationship, node)},
    )  # fmt: skip


def _metric(node: Node) -> Metric:
    sql, alternatives = expression(node)
    attributes = _attributes(Metric, node, sql)
    others = node.others("name", "expression", "description")
    return Metric(
        name=node.needed("name"),
        **{"sql": sql, "description": node.text("description"), "synonyms": node.synonyms(),
           "extensions": _with_dialects(others, alternatives), **attributes},
    )  # fmt: skip


def _within(metric: Metric, dataset: Dataset, node: Node) -> Metric:
    """A metric that a dataset holds: its bare columns are that dataset's."""
    try:
        return replace(metric, sql=qualified(metric.sql, dataset.name))
    except SqlglotError as error:
        raise BadModel(node.at("expression"), f"it can't be read: {str(error).splitlines()[0]}") from error


def _glossary(node: Node) -> tuple[GlossaryTerm, ...]:
    terms = Node({"glossary": (node.own() or {}).get("glossary")}, node.at("custom_extensions"))
    return tuple(
        GlossaryTerm(t.needed("term"), t.needed("meaning"), t.texts("synonyms")) for t in terms.nodes("glossary")
    )


_NOT_ATTRIBUTES = ("sql_of", "glossary")
_NOT_OURS = ("name", "datasets", "fields", "relationships", "metrics", "glossary", "extensions")


def _attributes(kind: type, node: Node, sql: str = "") -> dict[str, Any]:
    """Our attributes of the kind; without an SQL of ours for an expression that is not `sql` any more: it was changed
    since, by somebody who does not know of ours. Raises BadModel."""
    own, place = node.own() or {}, node.at("custom_extensions")
    known = [f.name for f in fields(kind) if f.name not in _NOT_OURS]
    made = {}
    for name, value in own.items():
        if name in known:
            try:
                made[name] = _type_of(kind, name).validate_python(value)
            except ValidationError as error:
                why = error.errors()[0]["msg"].removeprefix("Value error, ")
                raise BadModel(f"{place}.{name}", f"{value!r} won't do: {why}") from None
        elif name not in _NOT_ATTRIBUTES:
            raise BadModel(place, f"there is no attribute {name!r}.{near(name, known)}")
    if own.get("sql_of", sql) != sql:
        made.pop("sql", None)
    return made


@cache
def _type_of(kind: type, attribute: str) -> TypeAdapter[Any]:
    return TypeAdapter(get_type_hints(kind, include_extras=True)[attribute])


def _unique(items: dict[str, Any], kind: str) -> list[Any]:
    names = Counter(item.name for item in items.values())
    for place, item in items.items():
        if names[item.name] > 1:
            raise BadModel(f"{place}.name", f"two {kind}s are called {item.name!r}: rename one")
    return list(items.values())


def _with_dialects(others: tuple[tuple[str, str], ...], entries: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    if not entries:
        return others
    kept: dict[str, Any] = next((json.loads(data) for vendor, data in others if vendor == KEPT), {})
    kept["dialects"] = [*entries, *kept.get("dialects", [])]
    return (*(o for o in others if o[0] != KEPT), (KEPT, json_text(kept, sort=True)))


def _without_examples(others: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The model's examples are its starters."""
    found = []
    for vendor, data in others:
        if vendor == KEPT:
            kept = json.loads(data)
            kept.get("ai_context", {}).pop("examples", None)
            kept = {k: v for k, v in kept.items() if v != {} or k != "ai_context"}
            if not kept:
                continue
            data = json_text(kept, sort=True)
        found.append((vendor, data))
    return tuple(found)
