"""The desk: where every channel takes its questions. Who asks, how often, what they may see, and what is written down
about it, is seen to here, so that no channel can forget it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from fastapi.concurrency import run_in_threadpool

from assistant.answer import Answer
from assistant.events import Done, Event
from assistant.people.audit import Audit
from assistant.people.door import Asker
from assistant.people.limits import RateLimits
from assistant.refreshes import Refresh, Refreshes
from assistant.uploads import Uploads
from assistant.webhooks.events import Events
from assistant.workspaces import AtHand, Workspaces

if TYPE_CHECKING:
    from assistant.insights import Insights
    from assistant.memory import Feedback
    from assistant.session import Session
    from knowledge.policies.viewer import Viewer
    from knowledge.request import Request
    from knowledge.result import Result
    from knowledge.workspace import Workspace
    from tools.analysis import Analysis

log = logging.getLogger("parley.desk")


class Desk:
    """`events` are told of what happens. What a person asks, is given and has kept is of the workspace that they are
    in, and of no other."""

    def __init__(
        self, workspaces: Workspaces, audit: Audit, limits: RateLimits, refreshes: Refreshes,
        events: Events | None = None,
    ):  # fmt: skip
        self._workspaces, self.audit, self._limits = workspaces, audit, limits
        self.refreshes, self._events = refreshes, events

    async def session(self, asker: Asker) -> Session:
        """The data of the asker's workspace, once it is open. Raises what opening it raises."""
        return await self._workspaces.session(asker.person.workspace)

    def uploads(self, asker: Asker) -> Uploads:
        """The files of the asker's workspace."""
        return self._workspaces.uploads(asker.person.workspace)

    async def stream(self, asker: Asker, question: str, *, thread: str) -> AsyncIterator[Event]:
        """Steps as they happen, the answer's text in pieces, and the Answer last. A conversation with uploaded files is
        asked of those.

        Raises TooOften, and what opening the data raises."""
        session, viewer, budget = await self._begun(asker, thread)
        told = {"time_zone": asker.time_zone, "locale": asker.locale}
        async for event in session.stream(question, thread=thread, viewer=viewer, budget=budget, **told):
            if isinstance(event, Done):
                await asyncio.to_thread(self._asked, asker, session, thread, question, event.answer)
            yield event

    async def ask(self, asker: Asker, question: str, *, thread: str) -> Answer:
        """The answer alone. Raises TooOften, and what opening the data raises."""
        session, viewer, budget = await self._begun(asker, thread)

        def work() -> Answer:
            answer = session.ask(
                question, thread=thread, viewer=viewer, budget=budget, time_zone=asker.time_zone, locale=asker.locale
            )
            self._asked(asker, session, thread, question, answer)
            return answer

        return await run_in_threadpool(work)

    async def _begun(self, asker: Asker, thread: str) -> tuple[Session, Viewer | None, float | None]:
        """The data that the conversation is about; who looks at it (of uploaded files, somebody sees their own); and
        what they may still spend on a language model today."""
        self.count(asker)
        uploads = self.uploads(asker)
        if uploads.files(thread):
            uploaded = await asyncio.to_thread(uploads.session, thread)
            if uploaded:
                return uploaded, None, await self._budget(asker, uploaded)
        session = await self.session(asker)
        return session, asker.person.viewer, await self._budget(asker, session)

    async def _budget(self, asker: Asker, session: Session) -> float | None:
        most = session.settings.max_cost_per_day
        return None if most is None else most - await asyncio.to_thread(self.audit.spent_today, asker.person.name)

    def count(self, asker: Asker) -> None:
        """Once more that the asker has the data asked. Raises TooOften."""
        self._limits.count("ask", asker.key or asker.person.id)

    async def workspace(self, asker: Asker) -> Workspace:
        """The data as the asker sees it. Raises BadPolicy."""
        session = await self.session(asker)
        return await asyncio.to_thread(session.view, asker.person.viewer)

    async def run(self, asker: Asker, request: Request, *, max_rows: int) -> Result:
        """The rows of a Request, as the asker sees the data. Raises TooOften, and what running it raises."""
        self.count(asker)
        session, workspace = await self.session(asker), await self.workspace(asker)

        def work() -> Result:
            result = workspace.run(request, max_rows=max_rows, timeout_s=session.settings.query_timeout)
            self.write(asker, "queried", sql=result.sql, rows=len(result.rows))
            return result

        return await run_in_threadpool(work)

    async def analyse(self, asker: Asker, tool: str, request: Request, **arguments: object) -> Analysis:
        """What an analysis (the name of a tool: "forecast") makes of a request, as the asker sees the data. Raises
        TooOften, and ToolFailed."""
        from tools import ToolFailed, load_tools
        from tools.analysis import Analysis

        self.count(asker)
        session, workspace = await self.session(asker), await self.workspace(asker)

        def work() -> Analysis:
            found = next(t for t in load_tools(workspace, session.limits) if t.name == tool)
            given = {"request": request, "reading": ""} | {k: v for k, v in arguments.items() if v is not None}
            made = found.invoke({"type": "tool_call", "id": tool, "name": tool, "args": given}).artifact
            if not isinstance(made, Analysis):
                raise ToolFailed(made)
            said = {k: v for k, v in given.items() if k not in ("request", "reading")}
            self.write(asker, "analysed", tool=tool, arguments=said, sql=made.sql, rows=len(made.rows))
            return made

        return await run_in_threadpool(work)

    async def insights(self, asker: Asker, window: str | None = None) -> Insights:
        """What is unusual in the data as the asker sees it. Raises TooOften, CannotAnalyse."""
        from assistant.insights import insights

        self.count(asker)
        session, workspace = await self.session(asker), await self.workspace(asker)

        def work() -> Insights:
            made = insights(workspace, session.limits, window)
            self.write(asker, "looked for insights", period=made.period, found=len(made.found))
            self._tell(lambda events: events.found(asker.person, made))
            return made

        return await run_in_threadpool(work)

    async def refresh(self, asker: Asker) -> Refresh:
        """Begin to read the data from its source anew; the refresh that is under way, where there is one."""
        session, person = await self.session(asker), asker.person

        def ended(refresh: Refresh) -> None:
            self.write(asker, f"refresh {refresh.status}", id=refresh.id, said=refresh.said or None)
            self._tell(lambda events: events.refreshed(session, refresh))

        return await run_in_threadpool(self.refreshes.start, session, person.workspace, person.name, ended)

    async def mark(self, asker: Asker, thread: str) -> str | None:
        """Of what the asker sees of the data that the conversation is about; None if it is their own files."""
        return None if self.uploads(asker).files(thread) else (await self.workspace(asker)).mark

    async def forget(self, asker: Asker, thread: str) -> None:
        """Drop what is known of a conversation of the asker's, and its files."""
        session = await self.session(asker)
        await asyncio.to_thread(session.threads.forget, thread)
        await asyncio.to_thread(self.uploads(asker).forget, thread)

    async def undo(self, asker: Asker, thread: str, question: str, since: float) -> None:
        """Forget that this was asked since then: its answer may never have been seen, and it will be asked anew."""
        session = await asyncio.to_thread(self.uploads(asker).session, thread) or await self.session(asker)
        await asyncio.to_thread(session.threads.undo, thread, question, since)

    async def starters(self, asker: Asker) -> list[str]:
        """Questions to begin with."""
        from assistant.suggestions import starters  # seconds of imports, when the page is up

        return list(starters((await self.workspace(asker)).model))

    async def rate(self, asker: Asker, *, thread: str, question: str, up: bool, comment: str = "") -> None:
        """Keep a thumb up or down."""
        session = await asyncio.to_thread(self.uploads(asker).session, thread) or await self.session(asker)
        await asyncio.to_thread(
            session.rate, thread=thread, question=question, up=up, comment=comment, user=asker.person.name
        )

    async def ratings(self, asker: Asker) -> list[Feedback]:
        """The asker's thumbs for answers of their workspace's data, oldest first."""
        session = await self.session(asker)
        return await asyncio.to_thread(session.memory.feedback, asker.person.name)

    async def unrate(self, asker: Asker, rating: Feedback) -> None:
        """Take a thumb of the asker's back."""
        session = await self.session(asker)
        await asyncio.to_thread(session.memory.unrate, rating.thread, rating.question, asker.person.name)
        self.write(asker, "took a rating back", thread=rating.thread, question=rating.question)

    def _asked(self, asker: Asker, session: Session, thread: str, question: str, answer: Answer) -> None:
        said, settings = answer.provenance, session.settings
        sent = {"sent_to": settings.model, "egress": settings.egress, "tokens": said.tokens, "cost": said.cost}
        self.write(
            asker, "asked", question=question, thread=thread, outcome=answer.outcome, sql=said.sql, rows=said.row_count,
            read_by=said.read_by, source=said.source, **(sent if said.tokens else {}),
        )  # fmt: skip
        self._tell(lambda events: events.answered(asker, question, answer))

    def _tell(self, tell: Callable[[Events], None]) -> None:
        try:
            if self._events is not None:
                tell(self._events)
        except Exception:  # it must not cost the answer
            log.exception("webhooks could not be told")

    def write(self, asker: Asker, deed: str, **detail: object) -> None:
        """An entry of the audit log."""
        person = asker.person
        self.audit.write(
            deed, person=person.name, channel=asker.channel, workspace=person.workspace, key=asker.key, **detail
        )


def alone(session: Session, name: str | None) -> tuple[Desk, Asker]:
    """A desk for one asker on this machine, who reads the state folder anyway: the person of that name in the main
    workspace, or the owner of the machine. Raises BadPerson."""
    from assistant.people.door import Door
    from assistant.people.person import local_owner

    state, settings = session.settings.state_dir, session.settings
    person = local_owner()
    if name:
        door = Door(state)
        person = door.directory.named(name)
        door.close()

    workspaces = Workspaces(state, AtHand(session), lambda files, place: session)
    limits = RateLimits(settings.rate_limit, settings.rate_store)
    refreshes = Refreshes(state / "refreshes.sqlite")
    return Desk(workspaces, Audit(state / "audit.sqlite"), limits, refreshes), Asker.of(person, "mcp")
