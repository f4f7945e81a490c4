"""What can be asked for over GraphQL."""

# No `from __future__ import annotations`: strawberry reads the annotations as they are.

from enum import Enum
from typing import Any

import strawberry
from strawberry.scalars import JSON
from strawberry.types import Info

from assistant.channels.api.graphql_analyses import Analyses, ColumnNode, said
from assistant.channels.web.card import table
from knowledge.model import SemanticModel
from knowledge.request import Compare, FieldColumn, MeasureColumn, MetricRef, Order, Request
from knowledge.result import Result

MOST_ROWS = 1_000


@strawberry.enum
class Grain(Enum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@strawberry.enum
class Operator(Enum):
    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    IN = "in"
    NOT_IN = "not_in"
    CONTAINS = "contains"
    IS_NULL = "is_null"
    NOT_NULL = "not_null"


@strawberry.input(description="A field to group by; a time, at its grain.")
class By:
    field: str
    grain: Grain | None = None


@strawberry.input(description="A condition on a field.")
class Where:
    field: str
    op: Operator = Operator.EQ
    value: JSON | None = None


@strawberry.input(name="OrderBy", description="Order by a metric or a field.")
class OrderBy:
    name: str
    descending: bool = False


@strawberry.type(name="Metric")
class MetricNode:
    name: str
    label: str
    description: str
    unit: str | None
    synonyms: list[str]


@strawberry.type(name="Dimension")
class DimensionNode:
    name: str
    label: str
    description: str
    type: str
    role: str
    unit: str | None
    synonyms: list[str]


@strawberry.type(name="Dataset")
class DatasetNode:
    name: str
    label: str
    description: str
    dimensions: list[DimensionNode]


@strawberry.type(name="Model", description="What can be asked about.")
class ModelNode:
    name: str
    label: str
    description: str
    metrics: list[MetricNode]
    datasets: list[DatasetNode]


@strawberry.type(name="Rows")
class RowsNode:
    columns: list[ColumnNode]
    values: JSON = strawberry.field(description="A list for each row.")
    truncated: bool
    sql: str
    caveats: list[str]


@strawberry.type
class Query(Analyses):
    @strawberry.field(description="What can be asked about, as you may see it.")
    async def model(self, info: Info) -> ModelNode:
        workspace = await info.context["desk"].workspace(info.context["asker"])
        return _model(workspace.model)

    @strawberry.field(description="Metrics, for groups; their names and those of the fields are as in `model`.")
    async def rows(
        self, info: Info, metrics: list[str], by: list[By] | None = None, where: list[Where] | None = None,
        period: str | None = None, order: list[OrderBy] | None = None, limit: int = 100,
    ) -> RowsNode:  # fmt: skip
        request = Request(
            columns=[
                *(FieldColumn(field=b.field, grain=b.grain.value if b.grain else None) for b in by or []),
                *(MeasureColumn(measure=MetricRef(metric=name)) for name in metrics),
            ],
            where=[_condition(w) for w in where or []],
            period=period,
            order=[_order(o) for o in order or []],
            limit=max(0, min(limit, MOST_ROWS)),
        )
        return await _run(info, request)

    @strawberry.field(description="The rows of a Request, as `POST /query` takes it.")
    async def query(self, info: Info, request: JSON) -> RowsNode:
        return await _run(info, Request.model_validate(request))


async def _run(info: Info, request: Request) -> RowsNode:
    with said():
        return _rows(await info.context["desk"].run(info.context["asker"], request, max_rows=MOST_ROWS))


def _condition(where: Where) -> Compare:
    value: Any = where.value
    return Compare(field=where.field, op=where.op.value, value=value)


def _order(by: OrderBy) -> Order:
    of: Any = FieldColumn(field=by.name) if "." in by.name else MetricRef(metric=by.name)
    return Order(by=of, descending=by.descending)


def _rows(result: Result) -> RowsNode:
    return RowsNode(
        columns=[ColumnNode(name=c.name, label=c.label, kind=c.kind, unit=c.unit) for c in result.columns],
        values=table(result)["rows"],
        truncated=result.truncated,
        sql=result.sql,
        caveats=list(result.caveats),
    )


def _model(model: SemanticModel) -> ModelNode:
    metrics = [
        MetricNode(name=m.name, label=m.label or m.name, description=m.description, unit=m.unit,
                   synonyms=list(m.synonyms))
        for m in model.offered
    ]  # fmt: skip
    datasets = [
        DatasetNode(
            name=d.name, label=d.label or d.name, description=d.description,
            dimensions=[
                DimensionNode(name=f"{d.name}.{f.name}", label=f.label or f.name, description=f.description,
                              type=f.type, role=f.role, unit=f.unit, synonyms=list(f.synonyms))
                for f in d.fields
                if not f.hidden
            ],
        )
        for d in model.datasets
    ]  # fmt: skip
    return ModelNode(
        name=model.name, label=model.label or model.name, description=model.description, metrics=metrics,
        datasets=datasets,
    )  # fmt: skip
