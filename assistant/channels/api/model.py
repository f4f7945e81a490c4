"""What can be asked about: metrics, dimensions, and questions to begin with; as the asker may see them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from assistant.channels.api.pages import Cursor, Limit, Page, after, page_of
from assistant.channels.entrance import Entrance, needs
from assistant.desk import Desk
from assistant.people.door import Asker


class MetricBody(BaseModel):
    name: str = Field(examples=["net_sales"])
    label: str = Field(examples=["Net sales"])
    description: str = ""
    synonyms: list[str] = []
    unit: str | None = None
    format: str = "number"


class DimensionBody(BaseModel):
    """A field to group or filter by."""

    name: str = Field(examples=["stores.city"])
    label: str = Field(examples=["City"])
    description: str = ""
    synonyms: list[str] = []
    type: str = Field(examples=["text"])
    role: str = Field(examples=["place"])
    unit: str | None = None
    values: list[Any] = Field([], description="Some of its values, the most frequent first.")


class Suggestions(BaseModel):
    questions: list[str] = Field(examples=[["What were net sales last month?"]])


def routes(desk: Desk, entrance: Entrance) -> APIRouter:
    router = APIRouter(tags=["model"])
    ask = needs(entrance, "ask")

    @router.get("/metrics", operation_id="listMetrics")
    async def metrics(limit: Limit = 50, cursor: Cursor = None, asker: Asker = ask) -> Page[MetricBody]:
        """The figures that have a definition."""
        known = (await desk.workspace(asker)).model.offered
        found = [
            MetricBody(name=m.name, label=m.label or m.name, description=m.description, synonyms=list(m.synonyms),
                       unit=m.unit, format=m.format)
            for m in known
        ]  # fmt: skip
        return page_of(found, after(cursor) or 0, limit)

    @router.get("/dimensions", operation_id="listDimensions")
    async def dimensions(limit: Limit = 50, cursor: Cursor = None, asker: Asker = ask) -> Page[DimensionBody]:
        """The fields that figures can be grouped and filtered by."""
        model = (await desk.workspace(asker)).model
        found = [
            DimensionBody(name=f"{d.name}.{f.name}", label=f.label or f.name, description=f.description,
                          synonyms=list(f.synonyms), type=f.type, role=f.role, unit=f.unit, values=list(f.samples))
            for d in model.datasets
            for f in d.fields
            if not f.hidden
        ]  # fmt: skip
        return page_of(found, after(cursor) or 0, limit)

    @router.get("/suggestions", operation_id="listSuggestions")
    async def suggestions(asker: Asker = ask) -> Suggestions:
        """Questions to begin with. Those to go on with come with each answer."""
        return Suggestions(questions=await desk.starters(asker))

    return router
