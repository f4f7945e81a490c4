"""A Request of one's own making: its rows, or a chart of them."""

from __future__ import annotations

import json
from typing import Any, Literal

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from assistant.channels.api import problems
from assistant.channels.api.answers import PICTURES, AnswerColumn, Pictured, pictured
from assistant.channels.entrance import Entrance, needs
from assistant.channels.web.card import table
from assistant.desk import Desk
from assistant.people.door import Asker
from knowledge.request import Request
from knowledge.result import Result

EXAMPLE: Any = {
    "columns": [
        {"kind": "field", "field": "stores.city"},
        {"kind": "measure", "measure": {"kind": "metric", "metric": "net_sales"}},
    ],
    "period": "last month",
    "limit": 5,
}


class Query(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"request": EXAMPLE, "max_rows": 100}]})

    request: Request
    max_rows: int = Field(1_000, ge=1, le=10_000)


class ChartQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"request": EXAMPLE, "format": "png"}]})

    request: Request
    title: str = Field("", max_length=200)
    format: Pictured = "spec"
    theme: Literal["light", "dark"] = "light"


class QueryResult(BaseModel):
    columns: list[AnswerColumn]
    rows: list[list[Any]]
    truncated: bool = Field(description="There were more rows.")
    sql: str
    caveats: list[str] = []
    elapsed_ms: float


def routes(desk: Desk, entrance: Entrance) -> APIRouter:
    router = APIRouter(tags=["queries"], responses=problems.response(503, 504))
    allowed = needs(entrance, "query")

    @router.post("/query", operation_id="query", response_class=Response, responses={200: {"model": QueryResult}})
    async def query(body: Query, asker: Asker = allowed) -> Response:
        """Run a Request over the metrics and dimensions of the model. No measure is ever counted twice."""
        result = await desk.run(asker, body.request, max_rows=body.max_rows)
        return Response(await run_in_threadpool(_written, result), media_type="application/json")

    @router.post("/charts", operation_id="chart", response_class=Response, responses={200: {"content": PICTURES}})
    async def chart(body: ChartQuery, asker: Asker = allowed) -> Response:
        """The chart that suits a Request's result, as a Vega-Lite spec or a picture. 422 where none does."""
        result = await desk.run(asker, body.request, max_rows=10_000)
        return await run_in_threadpool(_drawn, result, body)

    return router


def _written(result: Result) -> str:
    whole = table(result)
    named = [column | {"name": name} for column, name in zip(whole["columns"], result.names, strict=True)]
    made = {"columns": named, "rows": whole["rows"], "truncated": result.truncated, "sql": result.sql,
            "caveats": list(result.caveats), "elapsed_ms": result.elapsed_ms}  # fmt: skip
    return json.dumps(made, ensure_ascii=False, allow_nan=False)


def _drawn(result: Result, body: ChartQuery) -> Response:
    from assistant.charts import chart

    spec = chart(result, title=body.title)
    if spec is None:
        return problems.problem(422, "No chart suits this result: a table says it better. Group by one or two fields.")
    return pictured(spec, body.format, body.theme)
