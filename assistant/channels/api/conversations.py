"""What was asked before over the API, what was thought of it, and files to ask about."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path as FilePath
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, HTTPException, Path, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from assistant.channels.api import problems
from assistant.channels.api.answers import AnswerBody, AnswerId, own
from assistant.channels.api.ask import NAMES, thread_of
from assistant.channels.api.kept import KeptAnswers
from assistant.channels.api.pages import Cursor, Limit, Page, after, cursor_of
from assistant.channels.entrance import Entrance, needs
from assistant.desk import Desk
from assistant.people.door import Asker

Name = Annotated[str, Path(max_length=200, pattern=NAMES, examples=["monday-review"])]


class ConversationBody(BaseModel):
    name: str
    title: str = Field(description="Its first question.")
    answers: int
    started_at: str = Field(examples=["2026-11-26T09:30:00.000Z"])
    updated_at: str = Field(examples=["2026-11-26T09:31:00.000Z"])


class Asked(BaseModel):
    """A question, and what it came to."""

    question: str
    at: str
    answer: AnswerBody | None = Field(description="Null where what you may see of the data has changed since.")


class Thumb(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"up": False, "comment": "I meant gross"}]}
    )

    up: bool
    comment: str = Field("", max_length=2_000)


class FileTable(BaseModel):
    name: str
    rows: int | None
    columns: list[str]


class FileBody(BaseModel):
    id: str
    name: str
    tables: list[FileTable] = Field(description="What the conversation's files hold, together.")


def routes(desk: Desk, entrance: Entrance, kept: KeptAnswers) -> APIRouter:
    router = APIRouter(tags=["conversations"])
    ask, upload = needs(entrance, "ask"), needs(entrance, "upload")

    @router.get("/conversations", operation_id="listConversations")
    async def conversations(limit: Limit = 20, cursor: Cursor = None, asker: Asker = ask) -> Page[ConversationBody]:
        """Your conversations over the API, newest first."""
        found = await run_in_threadpool(kept.conversations, asker.person.seat, after(cursor), limit + 1)
        items = [ConversationBody.model_validate(c, from_attributes=True) for c in found[:limit]]
        return Page(items=items, next=cursor_of(found[limit - 1].last) if len(found) > limit else None)

    @router.get("/conversations/{name}", operation_id="getConversation", responses=problems.response(404))
    async def conversation(name: Name, limit: Limit = 20, cursor: Cursor = None, asker: Asker = ask) -> Page[Asked]:
        """What was asked and answered in a conversation, oldest first."""
        found = await run_in_threadpool(kept.of_conversation, asker.person.seat, name, after(cursor) or 0, limit + 1)
        if not found and not cursor:
            raise HTTPException(404, "There is no such conversation of yours.")
        mark = (await desk.workspace(asker)).mark
        items: list[Any] = [
            {"question": a.question, "at": a.at, "answer": a.body if a.mark in (None, mark) else None}
            for a in found[:limit]
        ]
        return Page(items=items, next=cursor_of(found[limit - 1].n) if len(found) > limit else None)

    @router.delete(
        "/conversations/{name}", status_code=204, operation_id="deleteConversation", responses=problems.response(404)
    )
    async def forget(name: Name, asker: Asker = ask) -> Response:
        """Drop a conversation, with its files."""
        thread = thread_of(asker, name)
        files = desk.uploads(asker).files(thread)
        dropped = await run_in_threadpool(kept.forget, asker.person.seat, name)
        await desk.forget(asker, thread)
        if not dropped and not files:
            raise HTTPException(404, "There is no such conversation of yours.")
        return Response(status_code=204)

    @router.post(
        "/answers/{answer}/feedback", status_code=204, operation_id="rateAnswer", responses=problems.response(404, 410)
    )
    async def rate(answer: AnswerId, body: Thumb, asker: Asker = ask) -> Response:
        """Say whether an answer was right."""
        found = await own(desk, kept, asker, answer)
        thread = thread_of(asker, found.conversation)
        await desk.rate(asker, thread=thread, question=found.question, up=body.up, comment=body.comment)
        return Response(status_code=204)

    @router.post(
        "/conversations/{name}/files", status_code=201, operation_id="uploadFile",
        responses=problems.response(413, 422),
    )  # fmt: skip
    async def take(name: Name, file: UploadFile, asker: Asker = upload) -> FileBody:
        """Send a file (CSV, Excel, Parquet, JSON, SQLite): the conversation's questions are then about its files."""
        called = FilePath(file.filename or "file").name
        thread, made, uploads = thread_of(asker, name), str(uuid4()), desk.uploads(asker)
        with tempfile.NamedTemporaryFile() as held:
            while piece := await file.read(1 << 20):
                await asyncio.to_thread(held.write, piece)
            held.flush()
            await asyncio.to_thread(uploads.keep, thread, made, called, FilePath(held.name))
        try:
            opened = await asyncio.to_thread(uploads.session, thread, reopen=True)
            assert opened is not None
        except Exception as error:
            await asyncio.to_thread(uploads.drop, thread, made)
            raise HTTPException(422, f"{called} could not be read: {error}") from error
        desk.write(asker, "uploaded", thread=thread, file=called)
        tables = [
            FileTable(name=d.label or d.name, rows=d.row_count, columns=[f.label or f.name for f in d.fields])
            for d in opened.workspace.model.datasets
        ]
        return FileBody(id=made, name=called, tables=tables)

    return router
