"""Insights: what is unusual lately in the figures that the asker sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from assistant.channels.api import problems
from assistant.channels.entrance import Entrance, needs
from assistant.channels.web.card import plain
from assistant.desk import Desk
from assistant.insights import Insights
from assistant.people.door import Asker

_MOST = 100


class InsightsWish(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"window": "last week"}]})

    window: str | None = Field(None, max_length=200, description="The time to look at; else the last 7 days of data.")


class InsightBody(BaseModel):
    """Something unusual."""

    kind: str = Field(examples=["dip"])
    text: str = Field(examples=["**Baskets** was unusually high on Nov 22, 2017: **643**, where 304 to 496 was …"])
    figure: str = Field(examples=["Baskets"])
    group: dict[str, Any] = Field({}, description="Of which part of the figure it is.", examples=[{"Region": "North"}])
    start: datetime = Field(description="The start of the first period that is unusual.")
    end: datetime = Field(description="The start of the last one.")
    actual: float
    expected: float
    score: float = Field(description="How many standard deviations of chance it is.")
    request: dict[str, Any] = Field(description="The figure, as `POST /query` takes it.")


class InsightsBody(BaseModel):
    items: list[InsightBody] = Field(description=f"The least probable first, at most {_MOST}.")
    period: str = Field(description="The time that was looked at.", examples=["25–31 December 2017"])
    looked_at: int = Field(description="Figures that were looked at, in whole and by a category.")
    left_out: list[str] = Field(description="What could not be looked at, and why.")


def routes(desk: Desk, entrance: Entrance) -> APIRouter:
    router = APIRouter(tags=["analyses"], responses=problems.response(503))
    allowed = needs(entrance, "query")

    @router.post("/insights", operation_id="findInsights")
    async def insights(body: InsightsWish, asker: Asker = allowed) -> InsightsBody:
        """Look at every figure for what is unusual. It takes up to half a minute. Webhooks of yours that wait for
        `alert.raised` are told of what they were not told before."""
        return as_body(await desk.insights(asker, body.window))

    return router


def as_body(found: Insights) -> InsightsBody:
    items = [
        InsightBody(
            kind=i.kind, text=i.text, figure=i.figure, group={k: plain(v) for k, v in i.group.items()}, start=i.start,
            end=i.end, actual=i.actual, expected=i.expected, score=i.score,
            request=i.request.model_dump(mode="json"),
        )
        for i in found.found[:_MOST]
    ]  # fmt: skip
    return InsightsBody(items=items, period=found.period, looked_at=found.looked_at, left_out=list(found.left_out))
