"""Refreshes: have the data read from its source anew, and see what became of it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from assistant.channels.api import problems
from assistant.channels.api.pages import Cursor, Limit, Page, after, cursor_of
from assistant.channels.entrance import Entrance, needs
from assistant.desk import Desk
from assistant.people.door import Asker

RefreshId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", examples=["0f8fad5bd9cb469fa16570867728950e"])]


class RefreshBody(BaseModel):
    id: str
    person: str = Field(description="Who wanted it.", examples=["ida"])
    status: Literal["running", "finished", "failed"]
    started_at: str = Field(examples=["2026-11-26T09:30:00.000+00:00"])
    finished_at: str | None = None
    said: str = Field("", description="Why it failed, and what to do. What there was before still holds.")
    tables: int | None = Field(None, description="That there are since.")
    rows: int | None = None
    fresh_as_of: str | None = Field(None, description="The newest moment in the data, in the business's time.")


def routes(desk: Desk, entrance: Entrance) -> APIRouter:
    router = APIRouter(prefix="/refreshes", tags=["refreshes"])
    refresh, ask = needs(entrance, "refresh"), needs(entrance, "ask")

    @router.post("", status_code=202, operation_id="refresh", responses=problems.response(503))
    async def begin(asker: Asker = refresh) -> RefreshBody:
        """Begin to read the data from its source anew. Questions are answered meanwhile, from what there is; where it
        fails, that stays. While a refresh is under way, it is that one."""
        return RefreshBody.model_validate(await desk.refresh(asker), from_attributes=True)

    @router.get("", operation_id="listRefreshes")
    async def refreshes(limit: Limit = 20, cursor: Cursor = None, asker: Asker = ask) -> Page[RefreshBody]:
        """The refreshes of the data, newest first."""
        found = await run_in_threadpool(desk.refreshes.all, asker.person.workspace, after(cursor), limit + 1)
        items = [RefreshBody.model_validate(r, from_attributes=True) for r in found[:limit]]
        return Page(items=items, next=cursor_of(found[limit - 1].n) if len(found) > limit else None)

    @router.get("/{refresh}", operation_id="getRefresh", responses=problems.response(404))
    async def one(refresh: RefreshId, asker: Asker = ask) -> RefreshBody:
        """What became of a refresh."""
        found = await run_in_threadpool(desk.refreshes.find, refresh, asker.person.workspace)
        if found is None:
            raise HTTPException(404, "There is no such refresh.")
        return RefreshBody.model_validate(found, from_attributes=True)

    return router
