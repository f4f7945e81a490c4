"""Semantic models to datasets and relationships."""

from __future__ import annotations

import re
from dataclasses import replace

import sqlglot
import sqlglot.expressions as exp
from sqlglot.errors import SqlglotError

from knowledge.dbt.spec import Dimension, Entity, Measure, Semantic
from knowledge.model import Dataset, DataType, ModelField, Relationship, Role
from knowledge.osi.expressions import column_of, quoted
from knowledge.osi.nodes import BadModel

_TYPES: tuple[tuple[str, DataType], ...] = (
    (r"bool", "boolean"), (r"timestamp|datetime", "timestamp"), (r"^date$", "date"), (r"^time$", "time"),
    (r"int$|^int|^number\(\d+, ?0\)$|serial", "integer"), (r"num|dec|float|double|real", "number"),
    (r"json|variant|struct|object", "json"), (r"char|text|string", "text"),
)  # fmt: skip


def read_type(said: str, default: DataType) -> DataType:
    """The type that a warehouse calls by this name."""
    return next((kind for pattern, kind in _TYPES if re.search(pattern, said.lower())), default) if said else default


def dataset_of(semantic: Semantic, dialect: str) -> Dataset:
    """A dataset with a field for each entity and dimension, and a hidden one for each other column that a measure uses.

    Raises BadModel."""
    made: dict[str, ModelField] = {}
    for entity in semantic.entities:
        entry = _key(entity, semantic, dialect)
        known = made.get(entry.name)
        if known is None or known.role != "key":
            made[entry.name] = replace(entry, synonyms=(*(known.synonyms if known else ()), *entry.synonyms))
    for dimension in semantic.dimensions:
        entry = _group(dimension, semantic, dialect)
        known = made.get(entry.name)
        made[entry.name] = replace(known, description=known.description or entry.description) if known else entry
    for measure in semantic.measures:
        for column in _columns(measure, semantic, dialect):
            made.setdefault(column, _summed(column, measure, semantic))
        whole = made.get(measure.expr)
        if whole is not None and measure.level_over:
            made[measure.expr] = replace(whole, additivity="semi_additive")
    primary = tuple(field_name(e, dialect) for e in semantic.entities if e.type == "primary")
    time = next((d.name for d in semantic.dimensions if d.name == semantic.time), None)
    if semantic.time and time is None:
        known_names = ", ".join(d.name for d in semantic.dimensions if d.type == "time") or "none"
        raise BadModel(
            f"{semantic.place}.agg_time_dimension", f"there is no time dimension {semantic.time!r} here: {known_names}"
        )
    row = semantic.primary_entity or next((e.name for e in semantic.entities if e.type == "primary"), "")
    return Dataset(
        name=semantic.name, source=quoted(semantic.table), fields=tuple(made.values()), primary_key=primary[:1],
        label=semantic.label or row, description=semantic.description, default_time=time,
    )  # fmt: skip


def field_name(entity: Entity, dialect: str) -> str:
    """A key's field is called as its column; one that is computed, as its entity."""
    return column_of(sql_of(entity.expr, dialect)) or entity.name


def sql_of(expr: str, dialect: str) -> str:
    """An expression in DuckDB's SQL. Raises SqlglotError."""
    tree = sqlglot.parse_one(expr, read=dialect)
    try:
        if sqlglot.parse_one(expr, read="duckdb") == tree:
            return expr
    except SqlglotError:
        pass
    return tree.sql("duckdb")


def _checked(expr: str, dialect: str, semantic: Semantic, what: str) -> str:
    if "{{" in expr:
        raise BadModel(f"{semantic.place}", f"the expression of {what} has Jinja in it, which only dbt can fill in")
    try:
        return sql_of(expr, dialect)
    except SqlglotError as error:
        why = str(error).splitlines()[0]
        raise BadModel(semantic.place, f"the expression of {what} can't be read: {why}") from error


def _key(entity: Entity, semantic: Semantic, dialect: str) -> ModelField:
    sql = _checked(entity.expr, dialect, semantic, f"the entity {entity.name!r}")
    name = column_of(sql) or entity.name
    role: Role = "key" if entity.type == "primary" else "foreign_key" if entity.type == "foreign" else "code"
    return ModelField(
        name=name, sql=sql, type=read_type(semantic.types.get(name, ""), "text"), role=role, label=entity.label,
        description=entity.description, synonyms=(entity.name,) if entity.name != name else (),
    )  # fmt: skip


def _group(dimension: Dimension, semantic: Semantic, dialect: str) -> ModelField:
    sql = _checked(dimension.expr, dialect, semantic, f"the dimension {dimension.name!r}")
    is_time = dimension.type == "time"
    fine = dimension.grain in ("", "hour", "minute", "second", "millisecond", "day")
    kind = read_type(
        semantic.types.get(column_of(sql) or "", ""), ("timestamp" if fine else "date") if is_time else "text"
    )
    role: Role = "time" if is_time else "flag" if kind == "boolean" else "category"
    return ModelField(
        name=dimension.name, sql=sql, type=kind, role=role, label=dimension.label, description=dimension.description
    )


def _columns(measure: Measure, semantic: Semantic, dialect: str) -> list[str]:
    sql = "1" if measure.expr == "*" else _checked(measure.expr, dialect, semantic, f"the measure {measure.name!r}")
    return [column.name for column in sqlglot.parse_one(sql, read="duckdb").find_all(exp.Column)]


def _summed(column: str, measure: Measure, semantic: Semantic) -> ModelField:
    """A column that only a measure names: a quantity, if it is what the measure adds up."""
    whole = measure.expr == column and measure.agg in ("sum", "average", "avg", "median", "percentile", "max", "min")
    return ModelField(
        name=column, sql=quoted(column),
        type=read_type(semantic.types.get(column, ""), "number" if whole else "text"),
        role="measure" if whole else "code",
        additivity="additive" if whole and measure.agg == "sum" else "non_additive",
        hidden=not whole,
    )  # fmt: skip


def relationships(semantics: list[Semantic], dialect: str) -> tuple[list[Relationship], list[str]]:
    """Where one model's foreign entity is another's primary or unique one; and what can't be joined, in words."""
    made: list[Relationship] = []
    unsaid: list[str] = []
    for many in semantics:
        for entity in many.entities:
            if entity.type == "natural":
                unsaid.append(
                    f"{many.name}: rows that hold for a stretch of time (the natural entity {entity.name!r}) can't be "
                    "joined by their dates; give Parley a view with one row each."
                )
            if entity.type not in ("foreign", "primary"):
                continue
            for one in semantics:
                key = next((e for e in one.entities if e.name == entity.name and e.type in ("primary", "unique")), None)
                if key is None or one is many or (entity.type == "primary" and (many.name >= one.name)):
                    continue
                made.append(
                    Relationship(
                        entity.name,
                        many.name,
                        one.name,
                        (field_name(entity, dialect),),
                        (field_name(key, dialect),),
                        one_to_one=entity.type == "primary",
                    )
                )
    names = [r.name for r in made]
    return [replace(r, name=f"{r.many}_{r.name}" if names.count(r.name) > 1 else r.name) for r in made], unsaid
