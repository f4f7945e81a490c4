"""Small worlds to compile requests in: tables written as text, a model of them, and a real DuckDB that holds them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb

from knowledge.compile import Compiled, compile_request
from knowledge.model import Dataset, Metric, ModelField, Relationship, SemanticModel
from knowledge.request import Aggregate, Compare, FieldColumn, MeasureColumn, MetricRef, Order, Request

TYPES = {"integer": "BIGINT", "number": "DOUBLE", "text": "VARCHAR", "date": "DATE", "timestamp": "TIMESTAMP"}


@dataclass
class World:
    model: SemanticModel
    connection: duckdb.DuckDBPyConnection

    def compile(self, *columns: Any, **request: Any) -> Compiled:
        return compile_request(Request(columns=[_column(c) for c in columns], **request), self.model)

    def ask(self, *columns: Any, **request: Any) -> list[tuple[Any, ...]]:
        """The rows of a request: columns are fields by name, or measures."""
        return self.connection.execute(self.compile(*columns, **request).sql).fetchall()


def _column(column: Any) -> Any:
    if isinstance(column, FieldColumn | MeasureColumn):
        return column
    return FieldColumn(field=column) if isinstance(column, str) else MeasureColumn(measure=column)


def world(text: str | None, links: dict[str, str] | None = None, **changes: Any) -> World:
    """A world of the tables in a text:

        orders: id | customer_id | amount
                1  | 1           | 10
                2  | -           | 20

    `-` is null. `id` is the primary key. `customer_id` belongs to `customers`; other links are named in `links`, as
    {"flights.origin": "airports"}, and are called by their column. Other arguments change the model.
    """
    tables = _tables(text or "")
    datasets = tuple(_dataset(name, header, rows) for name, (header, rows) in tables.items())
    relationships = []
    for name, (header, _) in tables.items():
        for column in header:
            one = (links or {}).get(f"{name}.{column}")
            if one is None and column.endswith("_id"):
                one = column.removesuffix("_id") + "s"
            if one in tables:
                called = column if f"{name}.{column}" in (links or {}) else f"{name}_{column.removesuffix('_id')}"
                relationships.append(Relationship(called, name, one, (column,), ("id",)))
    model = SemanticModel("test", datasets, tuple(relationships))
    connection = duckdb.connect()
    for dataset in datasets:
        fill(connection, dataset, tables[dataset.name][1])
    return World(replace(model, **changes), connection)


def fill(connection: duckdb.DuckDBPyConnection, dataset: Dataset, rows: list[tuple[Any, ...]]) -> None:
    columns = ", ".join(f'"{f.name}" {TYPES[f.type]}' for f in dataset.fields)
    connection.execute(f"CREATE TABLE {dataset.source} ({columns})")
    if rows:
        marks = ", ".join(f"({', '.join('?' * len(dataset.fields))})" for _ in rows)
        connection.execute(f"INSERT INTO {dataset.source} VALUES {marks}", [v for row in rows for v in row])


def _tables(text: str) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    tables: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
    name = None
    for line in text.splitlines():
        start = re.match(r"\s*(\w+): (.*\|.*|\w+\s*)$", line)
        if start:
            name = start[1]
            tables[name] = ([cell.strip() for cell in start[2].split("|")], [])
        elif name and line.strip():
            tables[name][1].append(tuple(_value(cell.strip()) for cell in line.split("|")))
        else:
            name = None
    return tables


def _value(cell: str) -> Any:
    if cell == "-":
        return None
    if re.fullmatch(r"-?\d+", cell):
        return int(cell)
    if re.fullmatch(r"-?\d+\.\d+", cell):
        return float(cell)
    return date.fromisoformat(cell) if re.fullmatch(r"\d{4}-\d\d-\d\d", cell) else cell


def _dataset(name: str, header: list[str], rows: list[tuple[Any, ...]]) -> Dataset:
    fields = []
    for i, column in enumerate(header):
        values = [row[i] for row in rows if row[i] is not None]
        kind = "text"
        for python, candidate in ((int, "integer"), (float, "number"), (date, "date")):
            if values and all(isinstance(value, python) for value in values):
                kind = candidate
        key = column == "id" or column.endswith("_id")
        role = "key" if column == "id" else "foreign_key" if key else "category"
        if kind in ("integer", "number") and not key:
            role = "measure"
        if kind == "date":
            role = "time"
        fields.append(
            ModelField(
                column, f'"{column}"', kind, role, additivity="additive" if role == "measure" else "non_additive"
            )
        )  # type: ignore[arg-type]
    time = next((f.name for f in fields if f.type == "date"), None)
    key = ("id",) if "id" in header else ()
    return Dataset(name, f"main.{name}", tuple(fields), key, default_time=time)


def count(dataset: str, **more: Any) -> Aggregate:
    return Aggregate(agg="count", dataset=dataset, **more)


def agg(kind: str, of: Any, **more: Any) -> Aggregate:
    return Aggregate(agg=kind, of=of, **more)  # type: ignore[arg-type]


def total(of: str, **more: Any) -> Aggregate:
    return agg("sum", of, **more)


def metric(name: str, **more: Any) -> MetricRef:
    return MetricRef(metric=name, **more)


def is_(field: str, value: Any) -> Compare:
    return Compare(field=field, op="=", value=value)


def most(measure: Any) -> Order:
    return Order(by=measure, descending=True)


def defined(name: str, sql: str, **more: Any) -> Metric:
    return Metric(name, sql, **more)
