"""Session: one business's data, open for questions."""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from langchain_core.messages import HumanMessage

from assistant.agent import Agent
from assistant.answer import Answer
from assistant.events import Done, Event, Token
from assistant.memory import Memory
from assistant.opening import choose, chosen, open_workspace
from assistant.settings import Settings
from assistant.starters import with_starters
from assistant.threads import Threads
from knowledge import values
from knowledge.calendar import Calendar
from knowledge.compile import datasets_of
from knowledge.formats import format_value
from knowledge.policies.conditions import BadPolicy
from knowledge.policies.view import view_of
from knowledge.policies.viewer import Viewer
from knowledge.result import ResultColumn
from knowledge.workspace import Workspace
from tools import Limits

log = logging.getLogger("parley.session")
__all__ = ["Session", "choose", "chosen", "open_session"]
_AT_ONCE = 64
"""Turns that are streamed at a time; each waits for its data or its LLM in a thread of its own."""
_NARROWED = 32
_VIEWS = 256
_UNPOLICED = (
    "What you may see of this data can't be told, so you can't be shown any. Ask an owner of the data to correct its "
    "policies: the server's log says what is wrong."
)
_UNSAVED = "This conversation could not be saved (is the disk full?): follow-ups may not see this question."


class Session:
    """Asks and remembers. `ask` and `stream` may be called from many threads at once."""

    def __init__(
        self, workspace: Workspace, settings: Settings, *, dated: bool = False,
        reopen: Callable[[], Workspace] | None = None,
    ):  # fmt: skip
        """`dated`: the workspace's day is given, and stays; else it moves with the clock. `reopen` reads the data from
        its source anew."""
        self.workspace, self.settings = workspace, settings
        self._reopen = reopen or (lambda: workspace)
        self.threads = Threads(settings.state_dir / "threads.sqlite")
        self.memory = Memory(settings.state_dir / "memory.sqlite")
        self._dated = dated or workspace.model.today == "data"
        self._agent = Agent(workspace, settings)
        self._agents: OrderedDict[tuple[frozenset[str], str, date, str, int], Agent] = OrderedDict()
        """Of those who see less, or have another day or locale: by the tables in sight, the mark of what is seen, the
        day, the locale, and how often the data was read anew."""
        self._views: OrderedDict[Viewer, Workspace] = OrderedDict()
        self._lock, self._looking, self._reading = threading.Lock(), threading.Lock(), threading.Lock()
        self._refreshes = 0
        self._left: list[tuple[threading.Timer, Workspace]] = []
        """What the data was before it was read anew, open for the turns that began with it."""
        self._turns = ThreadPoolExecutor(_AT_ONCE, "turn")
        self._turns.submit(self._warm)

    def ask(
        self, question: str, *, thread: str = "default", instructions: str | None = None, tables: list[str] | None =
        None, viewer: Viewer | None = None, budget: float | None = None, time_zone: str | None = None,
        locale: str | None = None, emit: Callable[[Event], None] = lambda event: None,
    ) -> Answer:  # fmt: skip
        """Answer a question of a conversation. `instructions`: definitions in words, to honour. `tables`: look only at
        these. `viewer`: who asks, to the policies of the data; None sees everything. `budget`: dollars that they may
        still spend on a language model. `time_zone`: in which it is their "today"; None: the business's. `locale`: in
        which figures are written; None: the settings'. Never raises."""
        unsaved = False
        question = question.encode("utf-8", "replace").decode()  # half a surrogate pair can't be kept or sent
        try:
            history = self.threads.history(thread)
        except sqlite3.Error as error:
            log.warning("the conversation could not be read: %s", error)
            history, unsaved = [], True
        try:
            agent = self._agent_for(tables, viewer, time_zone, locale)
        except BadPolicy as error:
            log.error("%s", error)
            return Answer(outcome="not_allowed", text=_UNPOLICED)
        answer = agent.turn(question, history, emit, instructions=instructions, budget=budget)
        try:
            self.threads.append(thread, question, answer)
        except sqlite3.Error as error:  # a full disk must not cost the answer
            log.warning("the turn could not be remembered: %s", error)
            unsaved = True
        if unsaved:
            answer.caveats.append(_UNSAVED)
        return answer

    async def stream(self, question: str, **asked: Any) -> AsyncIterator[Event]:
        """Steps as they happen, the checked text in pieces, and the answer last. The pieces together are its text.
        `asked` is as `ask` takes it."""
        queue: asyncio.Queue[Event | BaseException] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def put(event: Event | BaseException) -> None:
            try:
                loop.call_soon_threadsafe(queue.put_nowait, event)
            except RuntimeError:
                log.info("nobody waits for this answer any more")

        def work() -> None:
            try:
                answer = self.ask(question, **asked, emit=put)
                for piece in re.findall(r"(?:\s*\S+\s*){1,4}", answer.text):  # of some words: each is sent by itself
                    put(Token(piece))
                put(Done(answer))
            except BaseException as error:
                put(error)

        self._turns.submit(work)
        while True:
            event = await queue.get()
            if isinstance(event, BaseException):
                raise event
            yield event
            if isinstance(event, Done):
                return

    def rate(self, *, thread: str, question: str, up: bool, comment: str = "", user: str | None = None) -> None:
        """Keep a thumb up or down, with what the question was taken to mean."""
        outcome, request = self.threads.last(thread, question) or (None, None)
        self.memory.rate(thread, question, up, comment, outcome=outcome, request=request, user=user)

    def _warm(self) -> None:
        """What the first question would otherwise wait for: the locale's data, the loop's first run, and the reader's
        patterns."""
        format_value(1234.5, ResultColumn("n", "n", "number"), self.settings.locale)
        self._agent.analyst.invoke([HumanMessage("help")])
        if things := self.workspace.model.datasets:
            self._agent.analyst.plan(f"how many {things[0].label or things[0].name} by month last year?")

    @property
    def limits(self) -> Limits:
        """Of an analysis that is read here, by the person who asked for it."""
        return Limits(self.settings.max_rows, self.settings.query_timeout, locale=self.settings.locale)

    def view(self, viewer: Viewer | None) -> Workspace:
        """The workspace as somebody sees it. Blocks while what they see is looked at, once. Raises BadPolicy."""
        with self._lock:
            self._follow_the_clock()
            whole = self.workspace
            known = self._views.get(viewer) if viewer else whole
        if known is not None:
            return known
        assert viewer is not None
        with self._looking:  # at the data, which may take seconds: nobody else waits for it
            made = view_of(whole, viewer, self.settings.state_dir)
        with self._lock:
            if self.workspace is whole:
                self._views[viewer] = made
                _keep(self._views, _VIEWS)
        return made

    def refresh(self) -> Workspace:
        """Read the data from its source anew. Turns that have begun end on the data that they began with, and so do
        all others where this raises: what opening the data raises."""
        with self._reading:
            made = self._reopen()
            agent = Agent(made, self.settings)
            with self._lock:
                old, self.workspace, self._agent = self.workspace, made, agent
                self._refreshes += 1
                self._views.clear()
                self._agents.clear()
            if old.warehouse is not made.warehouse:
                patience = self.settings.turn_timeout + 2 * self.settings.query_timeout
                timer = threading.Timer(patience, self._let_go, [old])
                timer.daemon = True
                timer.start()
                self._left = [(t, w) for t, w in self._left if t.is_alive()] + [(timer, old)]
            return made

    def _let_go(self, old: Workspace) -> None:
        """Of data that was read anew since: its file too, where it is our own copy of the source."""
        old.warehouse.close()
        path, now = (getattr(w.warehouse, "path", None) for w in (old, self.workspace))
        if path is not None and path != now and path.parent == self.settings.state_dir / "sources":
            path.unlink(missing_ok=True)

    def _agent_for(
        self, tables: list[str] | None, viewer: Viewer | None, time_zone: str | None, locale: str | None
    ) -> Agent:  # fmt: skip
        refreshes = self._refreshes  # before the data is looked at: an agent of older data is never kept as a newer one
        workspace = self.view(viewer)
        day = workspace.calendar.today if self._dated or not time_zone else today(time_zone)
        locale = locale or self.settings.locale
        with self._lock:
            own = day == workspace.calendar.today and locale == self.settings.locale
            if own and not tables and workspace is self.workspace:
                return self._agent
            key = (frozenset(tables or ()), workspace.mark, day, locale, refreshes)
            if key not in self._agents:
                seen = narrowed(workspace, key[0]) if tables else workspace
                if day != seen.calendar.today:
                    seen = seen.as_of(Calendar.for_model(seen.model, today=day))
                settings = self.settings.model_copy(update={"locale": locale})
                self._agents[key] = Agent(seen, settings, indexed=not tables)
                _keep(self._agents, _NARROWED)
            self._agents.move_to_end(key)
            return self._agents[key]

    def _follow_the_clock(self) -> None:
        """A server that runs past midnight asks on the new day."""
        model = self.workspace.model
        if self._dated or self.workspace.calendar.today == today(model.time_zone):
            return
        self.workspace = self.workspace.as_of(Calendar.for_model(model, today=today(model.time_zone)))
        self._agent = Agent(self.workspace, self.settings)
        self._views.clear()

    def close(self) -> None:
        self._turns.shutdown(wait=False, cancel_futures=True)
        self.threads.close()
        self.memory.close()
        for timer, old in self._left:
            timer.cancel()
            self._let_go(old)
        self.workspace.warehouse.close()


def _keep(known: OrderedDict[Any, Any], most: int) -> None:
    """Those that were used last."""
    while len(known) > most:
        known.popitem(last=False)


def today(time_zone: str) -> date:
    """The clock's day where the business is."""
    return datetime.now(ZoneInfo(time_zone)).date()


def narrowed(workspace: Workspace, tables: frozenset[str]) -> Workspace:
    """The same data, with only some of its tables in sight."""
    model = workspace.model
    wanted = {t.casefold() for t in tables}
    datasets = tuple(
        d for d in model.datasets if wanted & {d.name.casefold(), d.source.rpartition(".")[2].strip('"').casefold()}
    )
    names = {d.name for d in datasets}
    seen = replace(
        model,
        datasets=datasets,
        relationships=tuple(r for r in model.relationships if {r.many, r.one} <= names),
        metrics=tuple(m for m in model.metrics if names.issuperset(datasets_of(m, model))),
        state_times=tuple(s for s in model.state_times if s.dataset in names),
        conformed=tuple(pair for pair in model.conformed if names.issuperset(f.partition(".")[0] for f in pair)),
    )
    entries = [e for e in workspace.values.entries if e.field.partition(".")[0] in names]
    return replace(workspace, model=seen, values=values.ValueIndex.of(entries))


def open_session(
    source: str | None = None, *, model: Path | None = None, as_of: date | None = None, state_dir: Path | None = None,
    settings: Settings | None = None, progress: Callable[[str, float], None] = lambda label, part: None,
) -> Session:  # fmt: skip
    """Open data for questions: a file (DuckDB, CSV, Parquet, Excel, JSON, SQLite) or folder, else what `parley use`
    chose, else the retail demo ("demo" asks for it by name). `as_of` sets today.

    Raises BadSource, WarehouseGone or BadModel, whose messages say what to do."""
    settings = settings or Settings()
    if state_dir is not None:
        settings = settings.model_copy(update={"state_dir": state_dir})
    wanted, state = source or chosen(settings.state_dir), settings.state_dir
    industry = settings.industry

    def opened() -> Workspace:
        return open_workspace(wanted, state, model, as_of, industry=industry)

    workspace = open_workspace(wanted, state, model, as_of, progress, industry=industry)
    return Session(with_starters(workspace), settings, dated=as_of is not None, reopen=lambda: with_starters(opened()))
