"""Semantic models to interchange files.

The file is first written without anything of Parley's, and read back: what is then missing goes into the extensions. So
`load(dump(model)) == model`, and nothing is said twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any, Literal

import yaml

from knowledge.model import Dataset, Metric, ModelField, Relationship, SemanticModel
from knowledge.osi.expressions import column_of, expanded, standard
from knowledge.osi.nodes import COMMON, KEPT, VENDOR, Node
from knowledge.osi.read import read_model

Version = Literal["0.1", "0.2", "1.0"]
_NUMBER = {"0.1": "0.1.1", "0.2": "0.2.0.dev0"}
_DATATYPES = {
    "text": "String", "integer": "Integer", "number": "Float", "boolean": "Boolean", "date": "Date", "time": "Time",
    "timestamp": "DateTime", "json": "Opaque",
}  # fmt: skip
_EARLY_DIALECTS = ("ANSI_SQL", "SNOWFLAKE", "MDX", "TABLEAU", "DATABRICKS")


def dump(model: SemanticModel, *, version: Version = "0.2", format: Literal["yaml", "json"] = "yaml") -> str:
    """The model as a file's text. `load(dump(model)) == model`."""
    if version not in ("0.1", "0.2", "1.0"):
        raise ValueError(f"There is no version {version!r} of the interchange spec to write: choose 0.1, 0.2 or 1.0.")
    body = _body(model, version)
    _extend_all(body, model, version)
    document: dict[str, Any] = {"version": _NUMBER[version]} if version in _NUMBER else {}
    document |= body if version == "0.2" else {"semantic_model": [body]}
    if format == "json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120))


def _body(model: SemanticModel, version: Version) -> dict[str, Any]:
    body: dict[str, Any] = {"name": model.name}
    _put(body, "description", model.description)
    if model.starters:
        body["ai_context"] = {"examples": list(model.starters)}
    body["datasets"] = [_dataset(d, version) for d in model.datasets]
    _put(body, "relationships", [_relationship(r, model, version) for r in model.relationships])
    _put(body, "metrics", [_metric(m, model, version) for m in model.metrics])
    _keep(body, model.extensions, version)
    return body


def _dataset(dataset: Dataset, version: Version) -> dict[str, Any]:
    is_query = dataset.source.startswith("(") and dataset.source.endswith(")")
    node: dict[str, Any] = {"name": dataset.name, "source": dataset.source[1:-1] if is_query else dataset.source}
    _put(node, "primary_key", [_column(dataset, name) for name in dataset.primary_key])
    _put(node, "description", dataset.description)
    _synonyms(node, dataset.synonyms)
    _put(node, "fields", [_field(f, version) for f in dataset.fields])
    _keep(node, dataset.extensions, version)
    return node


def _column(dataset: Dataset, name: str) -> str:
    """The column that a field is, as keys and joins of the spec name columns."""
    return (column_of(dataset.field(name).sql) if dataset.has(name) else None) or name


def _field(field: ModelField, version: Version) -> dict[str, Any]:
    node: dict[str, Any] = {"name": field.name, "expression": _dialects(field.sql)}
    if version == "0.2":
        node["datatype"] = _DATATYPES[field.type]
    if field.role not in ("measure",):
        node["dimension"] = {"is_time": field.role == "time"}
    _put(node, "label", field.label)
    _put(node, "description", field.description)
    _synonyms(node, field.synonyms)
    _keep(node, field.extensions, version)
    return node


def _relationship(relation: Relationship, model: SemanticModel, version: Version) -> dict[str, Any]:
    many, one = model.dataset(relation.many), model.dataset(relation.one)
    node: dict[str, Any] = {
        "name": relation.name, "from": relation.many, "to": relation.one,
        "from_columns": [_column(many, name) for name in relation.many_fields],
        "to_columns": [_column(one, name) for name in relation.one_fields],
    }  # fmt: skip
    _synonyms(node, relation.synonyms)
    _keep(node, relation.extensions, version)
    return node


def _metric(metric: Metric, model: SemanticModel, version: Version) -> dict[str, Any]:
    node: dict[str, Any] = {"name": metric.name, "expression": _dialects(expanded(metric.sql, model))}
    _put(node, "description", metric.description)
    _synonyms(node, metric.synonyms)
    _keep(node, metric.extensions, version)
    return node


def _dialects(sql: str) -> dict[str, Any]:
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": standard(sql)}]}


def _synonyms(node: dict[str, Any], synonyms: tuple[str, ...]) -> None:
    if synonyms:
        node["ai_context"] = {"synonyms": list(synonyms)}


def _put(node: dict[str, Any], key: str, value: Any) -> None:
    if value:
        node[key] = value


# --- extensions ------------------------------------------------------------------------------------------------------


def _keep(node: dict[str, Any], extensions: tuple[tuple[str, str], ...], version: Version) -> None:
    """What a file said that Parley has no word for, where it was; and other vendors' extensions."""
    others = [{"vendor_name": v, "data": _data(data, version)} for v, data in extensions if v != KEPT]
    kept: dict[str, Any] = next((json.loads(data) for vendor, data in extensions if vendor == KEPT), {})
    later: dict[str, Any] = {}
    for key, value in kept.items():
        if key == "ai_context":
            node["ai_context"] = node.get("ai_context", {}) | value
        elif key == "dialects":
            early = [e for e in value if version == "0.2" or e["dialect"] in _EARLY_DIALECTS]
            node["expression"]["dialects"] += early
            _put(later, "dialects", [e for e in value if e not in early])
        elif version == "0.2" or key == "unique_keys":
            node.setdefault(key, value)
        else:
            later[key] = value
    if later:
        others.append({"vendor_name": COMMON, "data": json.dumps({"ossie": later}, ensure_ascii=False)})
    _put(node, "custom_extensions", others)


def _data(data: str, version: Version) -> Any:
    """0.2 has extension data as a mapping, earlier drafts as JSON in a text."""
    if version != "0.2":
        return data
    try:
        return json.loads(data)
    except ValueError:
        return data


Item = SemanticModel | Dataset | ModelField | Relationship | Metric
_PARTS = ("datasets", "fields", "relationships", "metrics")


def _pairs(body: dict[str, Any], *models: SemanticModel) -> Iterator[tuple[dict[str, Any], tuple[Item, ...]]]:
    """Each node of the file with what it is in each of the models."""
    yield body, models
    for n, node in enumerate(body["datasets"]):
        datasets = tuple(m.datasets[n] for m in models)
        yield node, datasets
        for k, field in enumerate(node.get("fields", [])):
            yield field, tuple(d.fields[k] for d in datasets)
    for n, node in enumerate(body.get("relationships", [])):
        yield node, tuple(m.relationships[n] for m in models)
    for n, node in enumerate(body.get("metrics", [])):
        yield node, tuple(m.metrics[n] for m in models)


def _extend_all(body: dict[str, Any], model: SemanticModel, version: Version) -> None:
    """Our extensions where a node alone doesn't read as its item. What it leaves unsaid is inferred from others, so
    an extension can change how its neighbours read: repeated until nothing changes."""
    told = json.loads(json.dumps(body))
    for node, _ in _pairs(told, model):
        _say(node, {}, version)
    plain = read_model(Node(told))
    extended: set[int] = set()
    while True:
        read = read_model(Node(body))
        missing = [
            (node, item, base)
            for node, (item, base, found) in _pairs(body, model, plain, read)
            if id(node) not in extended and _own(item, found)
        ]
        if not missing:
            return
        for node, item, base in missing:
            extended.add(id(node))
            _say(node, _own(item, base), version)


def _own(item: Item, base: Item) -> dict[str, Any]:
    """The item's attributes that the other doesn't have alike."""
    own: dict[str, Any] = {}
    for entry in fields(item):
        value = getattr(item, entry.name)
        if entry.name not in (*_PARTS, "extensions") and value != getattr(base, entry.name):
            own[entry.name] = list(value) if isinstance(value, tuple) else value
    if "policies" in own:
        own["policies"] = [
            {key: list(v) if isinstance(v, tuple) else v for key, v in asdict(policy).items()}
            for policy in own["policies"]
        ]
    if "sql" in own:
        own["sql_of"] = base.sql  # type: ignore[union-attr]
    if "glossary" in own:
        own["glossary"] = [
            {"term": g.term, "meaning": g.meaning, "synonyms": list(g.synonyms)} for g in own["glossary"]
        ]
    return own


def _say(node: dict[str, Any], own: dict[str, Any], version: Version) -> None:
    data = own if version == "0.2" else json.dumps({"parley": own}, ensure_ascii=False)
    extension = {"vendor_name": VENDOR if version == "0.2" else COMMON, "data": data}
    node["custom_extensions"] = [extension, *node.get("custom_extensions", [])]
