"""A question in, an Answer out: at once as JSON, or with its steps as server-sent events."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import NAMESPACE_OID, uuid4, uuid5

from fastapi import APIRouter, Header, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import Answer
from assistant.channels.api import problems
from assistant.channels.api.answers import AnswerBody, as_json
from assistant.channels.api.kept import KeptAnswers
from assistant.channels.entrance import Entrance, needs
from assistant.desk import Desk
from assistant.events import Done, Event, Step, Token
from assistant.people.door import Asker

log = logging.getLogger("parley.api")
NAMES = r"^[A-Za-z0-9][A-Za-z0-9._:-]*$"
EVENTS = "text/event-stream"


class Question(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"question": "top 5 categories by net sales", "conversation": "monday-review"}]
        },
    )

    question: str = Field(max_length=20_000, description="In your own words.")
    conversation: str = Field(
        default_factory=lambda: uuid4().hex, max_length=200, pattern=NAMES,
        description="Questions of one conversation may refer to the ones before; without a name, a question is one of "
        "its own.",
    )  # fmt: skip


def routes(desk: Desk, entrance: Entrance, kept: KeptAnswers) -> APIRouter:
    router = APIRouter(tags=["questions"])
    allowed = needs(entrance, "ask")

    @router.post(
        "/ask", operation_id="ask", response_class=Response,
        responses={200: {"model": AnswerBody, "description": "The answer; or, as server-sent events, `step`s and "
                         "`token`s of its text, and then the `answer`.",
                         "content": {EVENTS: {"schema": {"type": "string"}}}}, **problems.response(503)},
    )  # fmt: skip
    async def ask(
        body: Question, asker: Asker = allowed, accept: Annotated[str, Header()] = "application/json"
    ) -> Response:
        """Ask a question. With `Accept: text/event-stream`, what is done for it is told while it is done."""
        thread = thread_of(asker, body.conversation)

        async def written(answer: Answer) -> str:
            mark = await desk.mark(asker, thread)
            return await run_in_threadpool(_kept, kept, asker, body, answer, mark)

        if EVENTS not in accept:
            answer = await desk.ask(asker, body.question, thread=thread)
            return Response(await written(answer), media_type="application/json")
        events = desk.stream(asker, body.question, thread=thread)
        first = await anext(events)  # what refuses the question refuses it here, with its status

        async def told() -> AsyncIterator[str]:
            yield _event(first, "")
            async for event in events:
                yield _event(event, await written(event.answer) if isinstance(event, Done) else "")

        return StreamingResponse(told(), media_type=EVENTS, headers={"Cache-Control": "no-store"})

    return router


def thread_of(asker: Asker, conversation: str) -> str:
    """What a person's conversation is called where it is kept: a UUID, as the web chat's are."""
    return str(uuid5(NAMESPACE_OID, f"api:{asker.person.seat}:{conversation}"))


def _kept(kept: KeptAnswers, asker: Asker, body: Question, answer: Answer, mark: str | None) -> str:
    """The answer as JSON, with the id under which it can be had again."""
    made = as_json(answer) | {"id": uuid4().hex, "conversation": body.conversation}
    try:
        kept.keep(made["id"], asker.person.seat, body.conversation, body.question, mark, made)
    except sqlite3.Error as error:  # a full disk must not cost the answer
        log.warning("an answer could not be kept: %s", error)
    return json.dumps(made, ensure_ascii=False, allow_nan=False)


def _event(event: Event, written: str) -> str:
    match event:
        case Step(label, detail):
            return f"event: step\ndata: {json.dumps({'label': label, 'detail': detail}, ensure_ascii=False)}\n\n"
        case Token(text):
            return f"event: token\ndata: {json.dumps({'text': text}, ensure_ascii=False)}\n\n"
        case _:
            return f"event: answer\ndata: {written}\n\n"
