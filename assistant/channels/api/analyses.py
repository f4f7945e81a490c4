"""Analyses of a Request's figure: what it will be, what is unusual in it, why it changed."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from assistant.channels.api import problems
from assistant.channels.api.answers import AnswerColumn
from assistant.channels.entrance import Entrance, needs
from assistant.channels.web.card import table
from assistant.desk import Desk
from assistant.people.door import Asker
from knowledge.request import Grain, Request
from tools.analysis import Analysis

NET_SALES: Any = {"columns": [{"kind": "measure", "measure": {"kind": "metric", "metric": "net_sales"}}]}
Figure = Annotated[Request, Field(description="One measure, and the fields to look at it by, without times.")]
Time = Annotated[str | None, Field(max_length=200, description="“next quarter”, “December 2025”, “last week” …")]


class ForecastWish(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"request": NET_SALES, "periods": 8, "grain": "week"}]}
    )

    request: Figure
    periods: int | None = Field(None, ge=1, le=1_000, description="How many periods ahead, of `grain`.")
    grain: Grain | None = None
    window: Time = None
    target: float | None = Field(None, description="How likely is it that the total is at least so much?")
    at_most: bool = Field(False, description="Of `target`: at most so much.")


class AnomaliesWish(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"request": NET_SALES, "window": "last month"}]}
    )

    request: Figure
    window: Time = Field(None, description="The time to look at; all of it without.")
    grain: Grain | None = None


class ExplanationWish(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"request": NET_SALES | {"period": "November 2017"}, "direction": -1}]},
    )

    request: Request = Field(description="One measure and the period; `compare_to` where it is not the one before.")
    direction: int = Field(0, ge=-1, le=1, description="1: the figure is said to have risen; -1: to have fallen.")


class AnalysisBody(BaseModel):
    """What an analysis found."""

    text: str = Field(examples=["Net sales should come to about **$96,200** over the next 8 weeks."])
    method: str = Field(description="What was fitted or tested, on how much data, and how good it is.")
    columns: list[AnswerColumn]
    rows: list[list[Any]]
    chart: dict[str, Any] | None = Field(None, description="A Vega-Lite spec.")
    sql: str = Field(description="The query that the figures were computed from.")
    caveats: list[str] = []
    follow_ups: list[str] = []


def routes(desk: Desk, entrance: Entrance) -> APIRouter:
    router = APIRouter(tags=["analyses"], responses=problems.response(503))
    allowed = needs(entrance, "query")

    async def made(asker: Asker, tool: str, body: ForecastWish | AnomaliesWish | ExplanationWish) -> Response:
        given = {name: getattr(body, name) for name in type(body).model_fields if name != "request"}
        found = await desk.analyse(asker, tool, body.request, **given)
        return Response(await run_in_threadpool(_written, found), media_type="application/json")

    @router.post(
        "/forecasts", operation_id="forecast", response_class=Response, responses={200: {"model": AnalysisBody}}
    )
    async def forecast(body: ForecastWish, asker: Asker = allowed) -> Response:
        """What a figure will be, with an 80% range, and how far such forecasts were off on the past."""
        return await made(asker, "forecast", body)

    @router.post(
        "/anomalies", operation_id="findAnomalies", response_class=Response, responses={200: {"model": AnalysisBody}}
    )
    async def anomalies(body: AnomaliesWish, asker: Asker = allowed) -> Response:
        """What is unusual in a figure over time: spikes, dips, gaps, shifts of level, drifts."""
        return await made(asker, "anomalies", body)

    @router.post(
        "/explanations", operation_id="explain", response_class=Response, responses={200: {"model": AnalysisBody}}
    )
    async def explain(body: ExplanationWish, asker: Asker = allowed) -> Response:
        """Why a figure changed: the segment, the mix or the factor behind it, or that nothing explains it."""
        return await made(asker, "explain", body)

    return router


def as_json(found: Analysis) -> dict[str, Any]:
    """An analysis as `AnalysisBody` describes it."""
    from assistant.charts import chart

    whole = table(found)
    named = [column | {"name": name} for column, name in zip(whole["columns"], found.names, strict=True)]
    return {"text": found.text, "method": found.method, "columns": named, "rows": whole["rows"], "chart": chart(found),
            "sql": found.sql, "caveats": list(found.caveats), "follow_ups": list(found.follow_ups)}  # fmt: skip


def _written(found: Analysis) -> str:
    return json.dumps(as_json(found), ensure_ascii=False, allow_nan=False)
