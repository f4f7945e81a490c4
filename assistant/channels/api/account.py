"""Tokens, who somebody is, and the audit log."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from assistant.channels.api import problems
from assistant.channels.api.pages import Cursor, Limit, Page, after, cursor_of
from assistant.channels.entrance import Entrance, needs
from assistant.desk import Desk
from assistant.people.door import Asker
from assistant.people.tokens import SECONDS


class LogIn(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "ana", "password": "correct horse battery"}]}
    )

    name: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[SecretStr, Field(max_length=256)]
    workspace: Annotated[str | None, Field(max_length=40)] = Field(
        None, description="The token is good in this one; else in the first of yours."
    )


class Token(BaseModel):
    access_token: str
    token_type: str = "Bearer"
    expires_in: int = Field(description="Seconds.")


class Me(BaseModel):
    name: str = Field(examples=["ana"])
    role: str = Field(examples=["viewer"])
    workspace: str = Field(examples=["main"], description="What you are asking in.")
    workspaces: list[str] = Field(examples=[["main", "lab"]], description="All that you may ask in, each with its key.")
    scopes: list[str] = Field(examples=[["ask", "upload"]])


class AuditEntry(BaseModel):
    n: int
    at: str
    person: str
    channel: str
    deed: str = Field(examples=["asked"])
    detail: dict[str, Any]


def routes(desk: Desk, entrance: Entrance) -> APIRouter:
    router = APIRouter(tags=["account"])
    ask, audit = needs(entrance, "ask"), needs(entrance, "audit")

    @router.post("/token", operation_id="logIn", responses=problems.response(401))
    async def log_in(body: LogIn) -> Token:
        """A token for a name and password, good for an hour: `Authorization: Bearer …`."""
        password = body.password.get_secret_value()
        person = await entrance.log_in(body.name, password, "api", body.workspace)
        if person is None:
            raise HTTPException(401, "That name and password do not belong together.")
        return Token(access_token=entrance.door.tokens.issue(person, person.scopes), expires_in=SECONDS)

    @router.get("/me", operation_id="whoAmI")
    async def me(asker: Asker = ask) -> Me:
        """Who you are here, and what you may do."""
        person = asker.person
        places = [p.workspace for p in await run_in_threadpool(entrance.door.directory.places, person.id)]
        return Me(
            name=person.name, role=person.role, workspace=person.workspace, workspaces=places or [person.workspace],
            scopes=sorted(asker.scopes),
        )  # fmt: skip

    @router.get("/audit", operation_id="listAudit")
    async def entries(limit: Limit = 50, cursor: Cursor = None, asker: Asker = audit) -> Page[AuditEntry]:
        """Who did what in the workspace, and what ran for it: oldest first."""

        def read() -> list[AuditEntry]:
            found = desk.audit.entries(after(cursor) or 0, limit + 1, asker.person.workspace)
            return [AuditEntry.model_validate(entry, from_attributes=True) for entry in found]

        items = await run_in_threadpool(read)
        return Page(items=items[:limit], next=cursor_of(items[limit - 1].n) if len(items) > limit else None)

    @router.get(
        "/audit/export", operation_id="exportAudit", response_class=StreamingResponse,
        responses={200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}},
    )  # fmt: skip
    async def export(asker: Asker = audit) -> StreamingResponse:
        """The workspace's whole log, as JSON lines, with the hashes of the entries."""
        desk.write(asker, "audit exported")
        return StreamingResponse(desk.audit.export(asker.person.workspace), media_type="application/x-ndjson")

    return router
