"""Semantic models as files of the open semantic interchange spec (OSI, now Apache Ossie), YAML or JSON.

Reads the 0.1 drafts (models in a `semantic_model` list), 0.2 (the same, or one model at the top) and 1.0; writes the one
asked for. What the spec lacks travels in `custom_extensions` of the vendor PARLEY; other vendors' are kept as they came.
Source: https://github.com/apache/ossie, core-spec/spec.md and ossie-schema.json.
"""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal

import sqlglot
import yaml
from sqlglot.errors import SqlglotError

from knowledge.model import DataType, Dataset, GlossaryTerm, Metric, ModelField, Relationship, SemanticModel

VENDOR = "PARLEY"
Version = Literal["0.1", "0.2", "1.0"]
_VERSIONS = {"0.1": "0.1.1", "0.2": "0.2.0.dev0", "1.0": "1.0.0"}
_READ_AS = {"DUCKDB": "duckdb", "ANSI_SQL": "duckdb", "OSSIE_SQL_2026": "duckdb", "SNOWFLAKE": "snowflake", "DATABRICKS": "databricks", "BIGQUERY": "bigquery"}  # fmt: skip
_TYPES: dict[str, DataType] = {
    "String": "text", "Integer": "integer", "Decimal": "number", "Float": "number", "Boolean": "boolean", "Date": "date",
    "Time": "time", "DateTime": "timestamp", "DateTimeTz": "timestamp", "Opaque": "json",
}  # fmt: skip
_DATATYPES = {"text": "String", "integer": "Integer", "number": "Float", "boolean": "Boolean", "date": "Date", "time": "Time", "timestamp": "DateTime", "json": "Opaque"}  # fmt: skip


class BadModel(ValueError):
    """A file that is no semantic model; `place` is where in it: "datasets[2].fields[0].expression"."""

    def __init__(self, place: str, problem: str):
        super().__init__(f"{place or 'The file'}: {problem}")
        self.place = place


# --- reading ---------------------------------------------------------------------------------------------------------


def load(source: Path | str) -> SemanticModel:
    """A model from a file, or from its text. Raises BadModel, OSError."""
    text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    try:
        document = yaml.safe_load(text)  # JSON is YAML
    except yaml.YAMLError as error:
        raise BadModel("", f"it is neither YAML nor JSON ({str(error).splitlines()[0]})") from error
    if not isinstance(document, dict):
        raise BadModel("", "it should be a mapping with `version` and `datasets` (or `semantic_model`)")
    place = ""
    if "semantic_model" in document:
        models = document["semantic_model"]
        models = models if isinstance(models, list) else [models]
        if not models:
            raise BadModel("semantic_model", "it is empty")
        document, place = models[0], "semantic_model[0]."
    return _model(document, place)


def _model(node: dict[str, Any], place: str) -> SemanticModel:
    own = _own(node, place)
    datasets = tuple(_dataset(d, f"{place}datasets[{n}]") for n, d in enumerate(_list(node, "datasets", place)))
    if not datasets:
        raise BadModel(f"{place}datasets", "there is none: add at least one table")
    names = {d.name for d in datasets}
    relationships = tuple(
        _relationship(r, names, f"{place}relationships[{n}]") for n, r in enumerate(_list(node, "relationships", place))
    )
    metrics = tuple(_metric(m, f"{place}metrics[{n}]") for n, m in enumerate(_list(node, "metrics", place)))
    glossary = tuple(
        GlossaryTerm(g["term"], g["meaning"], tuple(g.get("synonyms", ()))) for g in own.pop("glossary", [])
    )
    examples = _context(node).get("examples", [])
    extra = {k: tuple(v) if isinstance(v, list) else v for k, v in own.items() if k in _FIELDS[SemanticModel]}
    if examples and "starters" not in extra:
        extra["starters"] = tuple(examples)
    return SemanticModel(
        name=_text(node, "name", place), datasets=datasets, relationships=relationships, metrics=metrics, glossary=glossary,
        **{"description": str(node.get("description") or ""), **extra, **_foreign(node)},
    )  # fmt: skip


def _dataset(node: dict[str, Any], place: str) -> Dataset:
    own = _own(node, place)
    made = tuple(_field(f, f"{place}.fields[{n}]") for n, f in enumerate(_list(node, "fields", place)))
    extra = {k: v for k, v in own.items() if k in _FIELDS[Dataset]}
    key = node.get("primary_key") or []
    return Dataset(
        name=_text(node, "name", place), source=_text(node, "source", place), fields=made, primary_key=tuple(key),
        **{"description": str(node.get("description") or ""), "synonyms": _synonyms(node), **extra, **_foreign(node)},
    )  # fmt: skip


def _field(node: dict[str, Any], place: str) -> ModelField:
    own = _own(node, place)
    extra = {k: tuple(v) if isinstance(v, list) else v for k, v in own.items() if k in _FIELDS[ModelField]}
    is_time = bool((node.get("dimension") or {}).get("is_time"))
    kind: DataType = _TYPES.get(str(node.get("datatype")), "timestamp" if is_time else "text")
    extra.setdefault("type", kind)
    extra.setdefault("role", "time" if is_time or extra["type"] in ("date", "timestamp") else "category")
    return ModelField(
        name=_text(node, "name", place), sql=_expression(node, place),
        **{"label": str(node.get("label") or ""), "description": str(node.get("description") or ""), "synonyms": _synonyms(node), **extra, **_foreign(node)},
    )  # fmt: skip


def _relationship(node: dict[str, Any], names: set[str], place: str) -> Relationship:
    own = _own(node, place)
    many, one = _text(node, "from", place), _text(node, "to", place)
    for side in (many, one):
        if side not in names:
            raise BadModel(place, f"it names the dataset {side!r}, which is not in the file")
    left, right = node.get("from_columns") or [], node.get("to_columns") or []
    if not left or len(left) != len(right):
        raise BadModel(place, "from_columns and to_columns must name as many columns, at least one each")
    extra = {k: v for k, v in own.items() if k in _FIELDS[Relationship]}
    return Relationship(
        _text(node, "name", place),
        many,
        one,
        tuple(left),
        tuple(right),
        **{"synonyms": _synonyms(node), **extra, **_foreign(node)},
    )


def _metric(node: dict[str, Any], place: str) -> Metric:
    own = _own(node, place)
    extra = {k: v for k, v in own.items() if k in _FIELDS[Metric]}
    extra.setdefault("sql", _expression(node, place))
    return Metric(
        name=_text(node, "name", place),
        **{"description": str(node.get("description") or ""), "synonyms": _synonyms(node), **extra, **_foreign(node)},
    )


def _expression(node: dict[str, Any], place: str) -> str:
    said = node.get("expression")
    if isinstance(said, str):  # 0.1 drafts allowed a bare string
        return said
    dialects = (said or {}).get("dialects") if isinstance(said, dict) else None
    if not dialects:
        raise BadModel(f"{place}.expression", "it needs `dialects` with at least one dialect and expression")
    by_name = {str(d.get("dialect")).upper(): str(d.get("expression")) for d in dialects}
    for name, dialect in _READ_AS.items():
        if name in by_name:
            if dialect == "duckdb":
                return by_name[name]
            try:
                return sqlglot.transpile(by_name[name], read=dialect, write="duckdb")[0]
            except SqlglotError as error:
                raise BadModel(
                    f"{place}.expression", f"the {name} expression can't be read: {str(error).splitlines()[0]}"
                ) from error
    raise BadModel(f"{place}.expression", f"none of its dialects can be read ({', '.join(by_name)}): add ANSI_SQL")


def _own(node: dict[str, Any], place: str) -> dict[str, Any]:
    """Our own attributes, from the PARLEY extension (its data as JSON, or written out as a mapping)."""
    if not isinstance(node, dict):
        raise BadModel(place.rstrip("."), "it should be a mapping")
    found: dict[str, Any] = {}
    for n, extension in enumerate(_list(node, "custom_extensions", place)):
        if extension.get("vendor_name") == VENDOR:
            data = extension.get("data") or {}
            try:
                found |= json.loads(data) if isinstance(data, str) else data
            except ValueError as error:
                raise BadModel(f"{place}custom_extensions[{n}].data", f"it is not JSON ({error})") from error
    for key in ("synonyms", "many_fields", "one_fields", "primary_key"):
        if key in found:
            found[key] = tuple(found[key])
    return found


def _foreign(node: dict[str, Any]) -> dict[str, Any]:
    others = tuple(
        (str(e["vendor_name"]), str(e["data"]))
        for e in node.get("custom_extensions") or []
        if e.get("vendor_name") != VENDOR
    )
    return {"extensions": others} if others else {}


def _context(node: dict[str, Any]) -> dict[str, Any]:
    context = node.get("ai_context")
    return context if isinstance(context, dict) else {}


def _synonyms(node: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(s) for s in _context(node).get("synonyms") or ())


def _list(node: dict[str, Any], key: str, place: str) -> list[Any]:
    found = node.get(key) or []
    if not isinstance(found, list):
        raise BadModel(f"{place}{key}", "it should be a list")
    return found


def _text(node: dict[str, Any], key: str, place: str) -> str:
    if not node.get(key):
        raise BadModel(f"{place}.{key}".lstrip("."), "it is missing")
    return str(node[key])


# --- writing ---------------------------------------------------------------------------------------------------------


def dump(model: SemanticModel, *, version: Version = "0.2", format: Literal["yaml", "json"] = "yaml") -> str:
    """The model as a file's text. `load(dump(model)) == model`."""
    body: dict[str, Any] = {"name": model.name}
    _put(body, "description", model.description)
    if model.starters:
        body["ai_context"] = {"examples": list(model.starters)}
    body["datasets"] = [_dataset_node(d) for d in model.datasets]
    _put(body, "relationships", [_relationship_node(r) for r in model.relationships])
    _put(body, "metrics", [_metric_node(m, model) for m in model.metrics])
    own = _extra(
        model, {"name", "description", "datasets", "relationships", "metrics", "starters", "glossary", "extensions"}
    )
    if model.glossary:
        own["glossary"] = [{"term": g.term, "meaning": g.meaning, "synonyms": list(g.synonyms)} for g in model.glossary]
    _extend(body, own, model.extensions)
    flat = version != "0.1"
    document = (
        {"version": _VERSIONS[version], **body} if flat else {"version": _VERSIONS[version], "semantic_model": [body]}
    )
    if format == "json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120))


def _dataset_node(dataset: Dataset) -> dict[str, Any]:
    node: dict[str, Any] = {"name": dataset.name, "source": dataset.source}
    _put(node, "primary_key", list(dataset.primary_key))
    _put(node, "description", dataset.description)
    if dataset.synonyms:
        node["ai_context"] = {"synonyms": list(dataset.synonyms)}
    node["fields"] = [_field_node(f) for f in dataset.fields]
    _extend(
        node,
        _extra(dataset, {"name", "source", "primary_key", "description", "synonyms", "fields", "extensions"}),
        dataset.extensions,
    )
    return node


def _field_node(field: ModelField) -> dict[str, Any]:
    node: dict[str, Any] = {"name": field.name, "expression": _dialects(field.sql), "datatype": _DATATYPES[field.type]}
    node["dimension"] = {"is_time": field.role == "time"}
    _put(node, "label", field.label)
    _put(node, "description", field.description)
    if field.synonyms:
        node["ai_context"] = {"synonyms": list(field.synonyms)}
    own = _extra(field, {"name", "sql", "label", "description", "synonyms", "extensions"})
    own |= {"type": field.type, "role": field.role}
    _extend(node, own, field.extensions)
    return node


def _relationship_node(relation: Relationship) -> dict[str, Any]:
    node: dict[str, Any] = {
        "name": relation.name, "from": relation.many, "to": relation.one,
        "from_columns": list(relation.many_fields), "to_columns": list(relation.one_fields),
    }  # fmt: skip
    if relation.synonyms:
        node["ai_context"] = {"synonyms": list(relation.synonyms)}
    _extend(
        node,
        _extra(relation, {"name", "many", "one", "many_fields", "one_fields", "synonyms", "extensions"}),
        relation.extensions,
    )
    return node


def _metric_node(metric: Metric, model: SemanticModel) -> dict[str, Any]:
    whole = expanded(metric.sql, model)
    node: dict[str, Any] = {"name": metric.name, "expression": _dialects(whole)}
    _put(node, "description", metric.description)
    if metric.synonyms:
        node["ai_context"] = {"synonyms": list(metric.synonyms)}
    own = _extra(metric, {"name", "sql", "description", "synonyms", "extensions"})
    if whole != metric.sql:
        own["sql"] = metric.sql
    _extend(node, own, metric.extensions)
    return node


def expanded(sql: str, model: SemanticModel, depth: int = 0) -> str:
    """A metric's expression with the metrics that it names written out."""
    if depth > 20:
        return sql
    known = {m.name: m.sql for m in model.metrics}
    return re.sub(
        r"\{(\w+)\}", lambda m: f"({expanded(known[m[1]], model, depth + 1)})" if m[1] in known else m[0], sql
    )


def _dialects(sql: str) -> dict[str, Any]:
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": sql}]}


def _extra(item: Any, standard: set[str]) -> dict[str, Any]:
    """Our attributes that differ from their defaults."""
    assert is_dataclass(item)
    own: dict[str, Any] = {}
    for entry in fields(item):
        value = getattr(item, entry.name)
        if entry.name not in standard and (entry.default is MISSING or value != entry.default):
            own[entry.name] = list(value) if isinstance(value, tuple) else value
    return own


def _extend(node: dict[str, Any], own: dict[str, Any], others: tuple[tuple[str, str], ...]) -> None:
    made = [{"vendor_name": VENDOR, "data": json.dumps(own, ensure_ascii=False, default=str)}] if own else []
    made += [{"vendor_name": vendor, "data": data} for vendor, data in others]
    _put(node, "custom_extensions", made)


def _put(node: dict[str, Any], key: str, value: Any) -> None:
    if value:
        node[key] = value


_FIELDS = {kind: {f.name for f in fields(kind)} for kind in (SemanticModel, Dataset, ModelField, Relationship, Metric)}
