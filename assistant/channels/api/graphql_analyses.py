"""Analyses, insights and refreshes over GraphQL."""

# No `from __future__ import annotations`: strawberry reads the annotations as they are.

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import strawberry
from strawberry.scalars import JSON
from strawberry.types import Info

from assistant.channels.api import analyses, insights, refreshes
from assistant.channels.api.problems import of_data
from assistant.people.limits import TooOften
from knowledge.request import Request


@strawberry.type(name="Column")
class ColumnNode:
    name: str
    label: str
    kind: str
    unit: str | None


@strawberry.type(name="Analysis")
class AnalysisNode:
    text: str
    method: str
    columns: list[ColumnNode]
    values: JSON = strawberry.field(description="A list for each row.")
    chart: JSON | None = strawberry.field(description="A Vega-Lite spec.")
    sql: str
    caveats: list[str]
    follow_ups: list[str]


@strawberry.type(name="Insight")
class InsightNode:
    kind: str
    text: str
    figure: str
    group: JSON
    start: str
    end: str
    actual: float
    expected: float
    score: float
    request: JSON


@strawberry.type(name="Refresh")
class RefreshNode:
    id: str
    person: str
    status: str
    started_at: str
    finished_at: str | None
    said: str
    tables: int | None
    rows: int | None
    fresh_as_of: str | None


@strawberry.type
class Analyses:
    @strawberry.field(description="What a figure will be, as `POST /forecasts` says it.")
    async def forecast(
        self, info: Info, request: JSON, periods: int | None = None, grain: str | None = None,
        window: str | None = None, target: float | None = None, at_most: bool = False,
    ) -> AnalysisNode:  # fmt: skip
        wish = {"periods": periods, "grain": grain, "window": window, "target": target, "at_most": at_most}
        return await _analysed(info, "forecast", analyses.ForecastWish.model_validate({"request": request, **wish}))

    @strawberry.field(description="What is unusual in a figure, as `POST /anomalies` says it.")
    async def anomalies(
        self, info: Info, request: JSON, window: str | None = None, grain: str | None = None
    ) -> AnalysisNode:
        wish = {"request": request, "window": window, "grain": grain}
        return await _analysed(info, "anomalies", analyses.AnomaliesWish.model_validate(wish))

    @strawberry.field(description="Why a figure changed, as `POST /explanations` says it.")
    async def explanation(self, info: Info, request: JSON, direction: int = 0) -> AnalysisNode:
        wish = {"request": request, "direction": direction}
        return await _analysed(info, "explain", analyses.ExplanationWish.model_validate(wish))

    @strawberry.field(description="What is unusual lately in all figures, the least probable first.")
    async def insights(self, info: Info, window: str | None = None) -> list[InsightNode]:
        wish = insights.InsightsWish(window=window)
        with said():
            found = await info.context["desk"].insights(info.context["asker"], wish.window)
        items = insights.as_body(found).model_dump(mode="json")["items"]
        return [InsightNode(**item) for item in items]

    @strawberry.field(description="The refreshes of the data, newest first.")
    async def refreshes(self, info: Info, limit: int = 20) -> list[RefreshNode]:
        desk, workspace = info.context["desk"], info.context["asker"].person.workspace
        return [_refresh(r) for r in desk.refreshes.all(workspace, None, max(1, min(limit, 100)))]


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Begin to read the data from its source anew. It needs the scope `refresh`.")
    async def refresh(self, info: Info) -> RefreshNode:
        if "refresh" not in info.context["asker"].scopes:
            raise ValueError("That needs the scope 'refresh'.")
        return _refresh(await info.context["desk"].refresh(info.context["asker"]))


@contextmanager
def said() -> Iterator[None]:
    """What the data says to a query that it can't or won't run is an error's whole message."""
    try:
        yield
    except TooOften:
        raise
    except Exception as error:
        known = of_data(error)
        if known is None:
            raise
        raise ValueError(str(known.detail)) from None


async def _analysed(info: Info, tool: str, wish: Any) -> AnalysisNode:
    request: Request = wish.request
    given = {name: getattr(wish, name) for name in type(wish).model_fields if name != "request"}
    with said():
        found = await info.context["desk"].analyse(info.context["asker"], tool, request, **given)
    made = analyses.as_json(found)
    columns = [ColumnNode(**column) for column in made.pop("columns")]
    return AnalysisNode(columns=columns, values=made.pop("rows"), **made)


def _refresh(refresh: Any) -> RefreshNode:
    return RefreshNode(**refreshes.RefreshBody.model_validate(refresh, from_attributes=True).model_dump())
