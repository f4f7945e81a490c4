"""The conversation in the browser: what happens when a person writes, uploads, resumes, or presses a thumb."""

from __future__ import annotations

import asyncio
import errno
import logging
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import chainlit as cl
from chainlit.types import Feedback, ThreadDict
from chainlit.utils import utc_now
from starlette.requests import cookie_parser

from assistant.answer import Answer
from assistant.channels.conversations import Conversations
from assistant.channels.entrance import Entrance
from assistant.channels.web.card import card, table
from assistant.desk import Desk
from assistant.events import Done, Step, Token
from assistant.people.door import Asker
from assistant.people.limits import TooOften
from assistant.people.person import LOCAL, Person
from assistant.people.wishes import time_zone

if TYPE_CHECKING:
    from assistant.session import Session

log = logging.getLogger("parley.web")
STARTERS = 6
ZONE_COOKIE = "parley_zone"
"""That public/parley.js sets."""
LOGGED_OUT = "You are logged out: what you may do here has changed. Load the page again, and log in."
UNKEPT = (
    "What is said here can't be saved now: the server's disk is full, or can't be written to. It is kept in memory "
    "until there is space again. Until then, a restart of the server loses it."
)


def register(desk: Desk, conversations: Conversations, entrance: Entrance) -> None:
    """Tell Chainlit what to do."""
    cl.data_layer(lambda: conversations)

    @cl.set_starters
    async def offer(user: cl.User | None = None) -> list[cl.Starter]:
        person = entrance.known_user(user)
        if person is None:
            return []
        try:
            offered = await asyncio.wait_for(asyncio.shield(desk.starters(Asker.of(person, "web"))), 5)
        except Exception:  # still opening, or it can't be opened: the first question says so
            return []
        return [cl.Starter(label=text, message=text) for text in offered[:STARTERS]]

    @cl.on_message
    async def receive(message: cl.Message) -> None:
        thread = cl.context.session.thread_id
        person = entrance.known_user(cl.context.session.user)
        if person is None:
            await tell(LOGGED_OUT)
            return
        asker = replace(Asker.of(person, "web"), channel_zone=_zone(cl.context.session.environ))
        files = [element for element in message.elements if getattr(element, "path", None)]
        try:
            if files and not await take(asker, thread, files, asked=bool(message.content.strip())):
                return
            if message.content.strip():
                await reply(asker, thread, message.content)
        except TooOften as error:
            await tell(str(error))
        except Exception as error:
            log.exception("A turn failed")
            await cl.Message(content=_apology(error)).send()

    async def reply(asker: Asker, thread: str, question: str) -> None:
        message = cl.Message(content="")
        trail = Trail()
        answer: Answer | None = None
        try:
            uploaded = await asyncio.to_thread(desk.uploads(asker).session, thread)
            opened = uploaded or await opened_data(asker, trail)
            async for event in desk.stream(asker, question, thread=thread):
                if isinstance(event, Step):
                    await trail.add(event)
                elif isinstance(event, Token):
                    await message.stream_token(event.text)
                elif isinstance(event, Done):
                    answer = event.answer
        except Exception:
            await message.remove()  # half a sentence is no answer
            raise
        finally:
            await trail.end("What was tried" if answer is None else "How this was answered")
        if answer is None:
            raise RuntimeError("The answer never came.")
        await show(asker, message, thread, question, answer, asker.locale or opened.settings.locale)

    async def opened_data(asker: Asker, trail: Trail) -> Session:
        opening = asyncio.ensure_future(desk.session(asker))
        if not (await asyncio.wait({opening}, timeout=0.3))[0]:
            await trail.add(Step("Opening the data", "once, after the server starts"))
        return await opening

    async def show(asker: Asker, message: cl.Message, thread: str, question: str, answer: Answer, locale: str) -> None:
        element = _element()
        downloads = ""
        if answer.result is not None and answer.result.rows:
            downloads = f"/conversations/{thread}/results/{element.id}"
            kept = table(answer.result, answer.reading or question, locale=locale)
            kept["mark"] = await desk.mark(asker, thread)
            await conversations.keep_result(thread, element.id, kept)
            if conversations.unkept:
                downloads = ""  # they are made of what was kept
        element.props = card(answer, downloads=downloads, locale=locale) | {"thread": thread, "id": element.id}
        message.content = answer.text
        message.metadata = {"question": question}
        message.elements = [element]  # type: ignore[list-item]
        await message.send()
        if conversations.unkept:
            await tell(UNKEPT)

    async def tell(text: str) -> None:
        """Say what holds only now: it is shown, and no part of the conversation that is kept."""
        await cl.context.emitter.send_step(cl.Message(content=text).to_dict())

    async def take(asker: Asker, thread: str, files: list[Any], *, asked: bool) -> bool:
        """Keep uploaded files and open them; say what they hold, unless a question came with them. False if one of them
        could not be read: what could stays open."""
        uploads, kept = desk.uploads(asker), list[Any]()
        opened: Session | None = None
        for file in files:
            try:
                await asyncio.to_thread(uploads.keep, thread, file.id, file.name, file.path)
                opened = await asyncio.to_thread(uploads.session, thread, reopen=True)
                kept.append(file)
                desk.write(asker, "uploaded", thread=thread, file=file.name)
            except Exception as error:
                await asyncio.to_thread(uploads.drop, thread, file.id)
                log.info("An upload could not be read: %s", error)
                await cl.Message(content=f"**{file.name}** could not be read: {_reason(error)}").send()
        if not asked:  # the files are all that the conversation can be called by
            title = ", ".join(file.name for file in kept or files)
            await conversations.update_thread(thread, name=title)
            await cl.context.emitter.emit("first_interaction", {"interaction": title, "thread_id": thread})
            if kept and opened is not None:
                await introduce(opened)
        return len(kept) == len(files)

    async def introduce(opened: Session) -> None:
        model = opened.workspace.model
        lines = []
        for data in model.datasets:
            rows = "" if data.row_count is None else f"{data.row_count:,} rows, "
            shown = [field.label or field.name for field in data.fields if not field.hidden]
            names = ", ".join(shown[:12]) + (f" and {len(shown) - 12} more" if len(shown) > 12 else "")
            lines.append(f"- **{data.label or data.name}**: {rows}{len(data.fields)} columns: {names}")
        text = "I have opened your data. Ask me about it.\n\n" + "\n".join(lines)
        from assistant.suggestions import starters  # seconds of imports, when the page is up

        questions = starters(model)[:4]
        element = _element()
        thread = cl.context.session.thread_id
        element.props = {"outcome": "answered", "followUps": questions, "thread": thread, "id": element.id}
        await cl.Message(content=text, elements=[element]).send()

    @cl.on_chat_resume
    async def resume(thread: ThreadDict) -> None:
        """Chainlit shows what was said; the session finds what it knows about the conversation by its id."""

    @cl.on_feedback
    async def thumb(feedback: Feedback) -> None:
        thread = feedback.threadId or cl.context.session.thread_id
        kept = await conversations.get_thread(thread)
        step = next((s for s in (kept["steps"] if kept else []) if s["id"] == feedback.forId), None)
        question = ((step or {}).get("metadata") or {}).get("question", "")
        person = entrance.known_user(cl.context.session.user)
        if person is not None:
            await desk.rate(
                Asker.of(person, "web"), thread=thread, question=question, up=bool(feedback.value),
                comment=feedback.comment or "",
            )  # fmt: skip

    if entrance.locked:

        @cl.password_auth_callback
        async def never(name: str, given: str) -> cl.User | None:
            """The log-in page asks for a password if there is this; `login.py` comes before what would call it."""
            return None

    else:

        @cl.header_auth_callback
        async def local(headers: Any) -> cl.User | None:
            return cl.User(identifier=LOCAL)


class Trail:
    """What is being done, as one line that changes while the answer is made and opens to all that was done."""

    def __init__(self) -> None:
        self._step: cl.Step | None = None
        self._lines: list[str] = []

    async def add(self, event: Step) -> None:
        self._lines.append(f"- **{event.label}**" + (f": {event.detail}" if event.detail else ""))
        if self._step is None:
            turn = cl.context.current_step
            self._step = cl.Step(name=event.label, type="tool", show_input=False, icon="list-checks")
            self._step.parent_id = turn.id if turn else None
            self._step.start = utc_now()
            self._step.output = "\n".join(self._lines)
            await self._step.send()
        else:
            self._step.name, self._step.output = event.label, "\n".join(self._lines)
            await self._step.update()

    async def end(self, name: str) -> None:
        if self._step is not None:
            self._step.name, self._step.end = name, utc_now()
            await self._step.update()


def as_user(person: Person) -> cl.User:
    """Known by what never changes, in a workspace; the name is for the page."""
    return cl.User(identifier=person.seat, display_name=person.name, metadata={"version": person.version})


def _zone(environ: dict[str, Any]) -> str | None:
    """The browser's time zone, which the page has put in a cookie."""
    return time_zone(unquote(cookie_parser(environ.get("HTTP_COOKIE", "")).get(ZONE_COOKIE, "")))


def _element() -> cl.CustomElement:
    """Its properties are kept with it. Without an address Chainlit writes a file too, which a full disk refuses."""
    return cl.CustomElement(name="AnswerCard", display="inline", url="/public/elements/AnswerCard.jsx")


def _is_full(error: BaseException) -> bool:
    """The disk is: said by the system, or by SQLite."""
    return (isinstance(error, OSError) and error.errno == errno.ENOSPC) or (
        isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
    )


def _reason(error: Exception) -> str:
    if _is_full(error):
        return "the disk is full. Free some space on the server and upload it again."
    return str(error) or type(error).__name__


def _apology(error: Exception) -> str:
    """For what should not happen: plain, without the program's inner words, which the log has."""
    if _is_full(error):
        return "The server's disk is full, so this could not be done. Free some space and ask again."
    return "Something went wrong while answering that. Ask again, or ask in another way."
