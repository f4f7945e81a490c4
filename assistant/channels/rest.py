"""REST: a question in, an Answer out, as JSON."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from assistant.answer import Answer
from assistant.channels.entrance import Entrance, needs, too_often
from assistant.channels.web.card import table
from assistant.desk import Desk
from assistant.people.door import Asker
from assistant.people.limits import TooOften

MAX_ROWS = 1_000


class Question(BaseModel):
    question: str = Field(max_length=20_000)
    conversation: str = Field(default_factory=lambda: uuid4().hex, max_length=200)
    """Questions of one conversation may refer to the ones before; without a name, a question is one of its own."""


def routes(desk: Desk, entrance: Entrance) -> APIRouter:
    router = APIRouter(prefix="/api/v1")

    @router.post("/ask")
    async def ask(body: Question, asker: Asker = Depends(needs(entrance, "ask"))) -> Response:  # noqa: B008
        try:
            answer = await desk.ask(asker, body.question, thread=f"rest:{asker.person.id}:{body.conversation}")
        except TooOften as error:
            raise too_often(error) from error

        def written() -> str:
            return json.dumps(
                as_json(answer) | {"conversation": body.conversation}, ensure_ascii=False, allow_nan=False
            )

        return Response(await run_in_threadpool(written), media_type="application/json")

    return router


def as_json(answer: Answer, max_rows: int = MAX_ROWS) -> dict[str, Any]:
    """An Answer for JSON: its result as `columns` (label, kind, unit) and at most `max_rows` of `rows`."""
    body = answer.model_dump(mode="json", exclude={"result"})
    if answer.result is not None:
        whole = table(answer.result)
        body["columns"] = [
            column | {"name": name} for column, name in zip(whole["columns"], answer.result.names, strict=True)
        ]
        body["rows"] = whole["rows"][:max_rows]
        body["truncated"] = answer.result.truncated or len(whole["rows"]) > max_rows
    return body
