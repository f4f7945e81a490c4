"""One turn of conversation: question in, Answer out. The embedded analyst and an LLM run in the same agent loop."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence
from typing import Any

import langsmith
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from assistant.allowance import Allowance, Calls, ModelFailed
from assistant.analyst.chat_model import EmbeddedAnalyst, previous_calls
from assistant.answer import Answer, Choice, Outcome, Provenance
from assistant.charts import chart
from assistant.egress import sendable
from assistant.events import Event, Step
from assistant.llm import chat_model, system_prompt
from assistant.reading import describe_request
from assistant.routing import needs_llm
from assistant.settings import Settings
from assistant.suggestions import follow_ups, starters
from assistant.turnstile import Turnstile
from assistant.wording import word
from assistant.worked import Worked, guarded
from knowledge.request import Request
from knowledge.result import Result
from knowledge.workspace import Workspace
from tools import Limits, load_tools
from tools.analysis import Analysis
from tools.missing import missing

log = logging.getLogger("parley.agent")
# LangChain would send every message, with the data in it, to a tracing service that the environment names.
langsmith.configure(enabled=False)
for _name in ("LANGCHAIN_TRACING", "LANGCHAIN_HANDLER"):  # these old ones make every run fail while tracing is off
    os.environ.pop(_name, None)
LONGEST = 2_000
"""Characters of a question."""
_BY_REQUEST, _BY_SQL = 0.75, 0.6
"""How often an LLM's answer is taken to be right until a run of `parley eval` with that model says better."""
_LABELS = {"query": "Asking the data", "sql": "Asking the data", "describe": "Looking up names", "reply": "Replying"}
_LLMS = ("sql", "describe", "reply")
"""Tools for a language model alone."""
_GATE = Turnstile(os.cpu_count() or 1, patience=2.5)
"""Turns that are read on this machine at a time: in all sessions, since they share its cores."""
Emit = Callable[[Event], None]


class Agent:
    """Answers the questions of one workspace. Built once; `turn` may run in many threads at a time."""

    def __init__(self, workspace: Workspace, settings: Settings, *, indexed: bool = True):
        self.workspace, self.settings = workspace, settings
        self.analyst = EmbeddedAnalyst(workspace=workspace, locale=settings.locale)
        limits = Limits(settings.max_rows, settings.query_timeout, locale=settings.locale, state_dir=settings.state_dir)
        self._embedded = create_agent(self.analyst, [t for t in load_tools(workspace, limits) if t.name not in _LLMS])
        self._llm: Any = None
        if settings.route != "embedded":
            try:
                self._llm = self._with_llm(indexed)
            except Exception as error:  # a missing key or package: what else is there still works
                why = str(error) if isinstance(error, ImportError) else type(error).__name__
                log.warning("the language model can't be used (%s): check PARLEY_MODEL and PARLEY_API_KEY", why)

    def _with_llm(self, indexed: bool) -> Any:
        settings, workspace = self.settings, self.workspace
        index = settings.state_dir / "index" / f"{workspace.name}{workspace.mark}" if indexed else None
        return create_agent(
            chat_model(settings),
            load_tools(
                workspace,
                Limits(
                    settings.max_rows,
                    settings.query_timeout,
                    settings.egress,
                    settings.locale,
                    index,
                    settings.state_dir,
                ),
            ),
            system_prompt=system_prompt(workspace, settings),
            middleware=[Calls(settings.llm_retries)],
            context_schema=Allowance,
        )

    def turn(
        self, question: str, history: Sequence[BaseMessage], emit: Emit, *, instructions: str | None = None,
        budget: float | None = None,
    ) -> Answer:  # fmt: skip
        """Answer one question; never raises: what breaks becomes an Answer that says so. `budget`: the dollars that the
        asker may still spend on a language model; None: as much as a turn may cost."""
        started = time.perf_counter()
        problem = unreadable(question)
        if problem:
            answer = Answer(outcome="cannot", text=problem, follow_ups=starters(self.workspace.model, 3))
        else:
            try:
                answer = self._answer(question.strip(), list(history), emit, instructions, budget)
            except Exception:
                log.exception("a turn failed")
                text = "Something went wrong while answering. Nothing is lost: ask again, or ask it in another way."
                answer = Answer(outcome="failed", text=text)
        answer.elapsed_ms = (time.perf_counter() - started) * 1000
        return answer

    def _answer(
        self, question: str, history: list[BaseMessage], emit: Emit, instructions: str | None, budget: float | None
    ) -> Answer:
        emit(Step("Reading the question"))
        if self.settings.route == "embedded" or not self._routed_to_llm(question, history, instructions):
            return self._by_analyst(question, history, emit, instructions)
        allowance = Allowance(self.settings, budget=budget)
        answer = self._with_allowance(question, history, emit, instructions, allowance)
        answer.provenance.tokens, answer.provenance.cost = allowance.sent + allowance.written, allowance.cost
        return answer

    def _with_allowance(
        self, question: str, history: list[BaseMessage], emit: Emit, instructions: str | None, allowance: Allowance
    ) -> Answer:
        """By the language model; or, if that gives no usable answer, by the embedded analyst."""
        try:
            if self._llm is None:
                raise ModelFailed("it can't be reached as it is set up (check PARLEY_MODEL and PARLEY_API_KEY)")
            if allowance.budget is not None and allowance.budget <= 0:
                raise ModelFailed("what you may spend on it a day is spent")
            return self._by_llm(question, history, emit, instructions, allowance)
        except Exception as error:
            if not isinstance(error, ModelFailed):
                log.exception("the language model's turn failed")
            why = str(error) if isinstance(error, ModelFailed) else "the language model's turn failed"
            emit(Step("Reading without the language model", why))
            answer = self._by_analyst(question, history, emit, instructions)
            answer.caveats.append(f"Read without the language model: {why}.")
            return answer

    def _routed_to_llm(self, question: str, history: list[BaseMessage], instructions: str | None) -> bool:
        if self.settings.route == "llm":
            return True
        return needs_llm(self.analyst.plan(question, previous_calls(history), instructions), self.settings)

    # --- the embedded analyst ----------------------------------------------------------------------------------------

    def _by_analyst(self, question: str, history: list[BaseMessage], emit: Emit, instructions: str | None) -> Answer:
        asked = HumanMessage(question, additional_kwargs={"instructions": instructions} if instructions else {})
        with _GATE.entered():
            return self._read_here([*history, asked], emit)

    def _read_here(self, asked: list[BaseMessage], emit: Emit) -> Answer:
        messages = self._run(self._embedded, asked, emit)
        final = messages[-1]
        assert isinstance(final, AIMessage)
        meta = final.response_metadata["parley"]
        found = next((m.artifact for m in reversed(messages) if isinstance(m, ToolMessage)), None)
        result = found if isinstance(found, Result) else None
        request = Request.model_validate(meta["request"]) if meta.get("request") else None
        answer = self._assembled(meta["outcome"], str(final.text), result, request, meta["reading"])
        answer.provenance.read_by = "embedded"
        _say_the_tool(answer, messages)
        answer.confidence = meta["confidence"]
        answer.choices = [Choice(**c) for c in meta["choices"]]
        answer.follow_ups = list(meta["follow_ups"]) or answer.follow_ups
        answer.caveats = [*meta["caveats"], *answer.caveats]
        return answer

    # --- an LLM ------------------------------------------------------------------------------------------------------

    def _by_llm(
        self, question: str, history: list[BaseMessage], emit: Emit, instructions: str | None, allowance: Allowance
    ) -> Answer:
        """Raises ModelFailed."""
        settings = self.settings
        asked = question if not instructions else f"{question}\n\nDefinitions to honour:\n{instructions}"
        sent = [*sendable(history, settings.egress), HumanMessage(asked)]
        worked = Worked.of(self._run(self._llm, sent, emit, allowance), self.workspace.model, settings.egress)
        text, caveat = worked.text, None
        if worked.main is not None and not worked.readable:
            # The model has not seen these figures: they are worded here.
            text = word(worked.main, worked.request or Request(), worked.reading, locale=settings.locale)
        else:

            def again(complaint: str) -> Worked:
                emit(Step("Checking the figures"))
                more = self._run(self._llm, [*sent, *worked.messages[1:], HumanMessage(complaint)], emit, allowance)
                return worked.followed_by(more, self.workspace.model, settings.egress)

            worked, text, caveat = guarded(worked, f"{question} {instructions or ''}", again)
            if not text and worked.main is not None:
                text = word(worked.main, worked.request or Request(), worked.reading, locale=settings.locale)
        if not text:
            raise ModelFailed("the language model's figures were not in the data")
        answer = self._assembled(worked.outcome, text, worked.main, worked.request, worked.reading)
        if worked.main is not None:
            answer.provenance.sql = worked.sql
        answer.provenance.read_by, answer.provenance.model = "llm", settings.model
        _say_the_tool(answer, worked.messages)
        answer.confidence = (_BY_REQUEST if worked.request else _BY_SQL) if answer.outcome == "answered" else 0.0
        answer.choices = worked.choices
        if answer.outcome in ("cannot", "not_allowed"):
            answer.follow_ups = starters(self.workspace.model, 3)
        answer.caveats += [caveat] if caveat else []
        return answer

    # --- both --------------------------------------------------------------------------------------------------------

    def _run(
        self, agent: Any, messages: list[BaseMessage], emit: Emit, allowance: Allowance | None = None
    ) -> list[BaseMessage]:
        """The messages of this turn: the question and what came after."""
        made: list[BaseMessage] = [messages[-1]]
        config = {"recursion_limit": 200, "callbacks": [allowance] if allowance else []}
        for update in agent.stream({"messages": messages}, config, context=allowance, stream_mode="updates"):
            for state in update.values():
                for message in (state or {}).get("messages", []):
                    made.append(message)
                    _tell(message, emit)
        return made

    def _assembled(
        self, outcome: Outcome, text: str, result: Result | None, request: Request | None, reading: str
    ) -> Answer:
        workspace = self.workspace
        analysed = result if isinstance(result, Analysis) else None
        if request is not None and analysed is None:
            reading = describe_request(request, workspace.model, workspace.calendar) or reading
        if result is not None and analysed is None and outcome in ("answered", "no_rows"):
            why = self._why_empty(result, request)
            if why is not None:
                outcome, text = "no_rows", " ".join(filter(None, (_nothing_matches(reading), why)))
        answer = Answer(
            outcome=outcome,
            text=text,
            reading=reading,
            result=result,
            caveats=list(result.caveats) if result else [],
            provenance=Provenance(
                sql=result.sql if result else None,
                request=request,
                method=analysed.method if analysed else None,
                source=workspace.model.label or workspace.name,
                fresh_as_of=workspace.fresh_as_of,
                row_count=len(result.rows) if result else 0,
            ),
        )
        if result is not None and outcome == "answered":
            answer.chart = _or_none(lambda: chart(result, title=reading, locale=self.settings.locale))
            if analysed is not None:
                answer.follow_ups = list(analysed.follow_ups)
            elif request is not None:
                further = _or_none(lambda: follow_ups(request, result, workspace.model, workspace.calendar))
                answer.follow_ups = further or []
        return answer

    def _why_empty(self, result: Result, request: Request | None) -> str | None:
        """What there is instead of what was asked for, if nothing was found; None for an answer. One row of nothing but
        nulls says that nothing was found; one of zeros does when the data can't hold what was named: a count of no
        orders in a year that the data does not cover is no zero."""
        if result.rows and (len(result.rows) > 1 or not all(c.measure for c in result.columns)):
            return None
        said = [v for row in result.rows for v in row if v is not None]
        if any(said):
            return None
        why = missing(request, self.workspace).text if request else ""
        if said and not why:
            return None
        fresh = self.workspace.fresh_as_of
        return why or (f"The data runs to {fresh.day} {fresh:%B %Y}." if fresh else "")


def unreadable(question: str) -> str | None:
    """What is wrong with a question before it is read, if anything."""
    if not question.strip():
        return "There is no question to read. Ask something like one of these."
    if len(question) > LONGEST:
        return (
            f"The question is {len(question):,} characters long; I read up to {LONGEST:,}. Ask it in fewer words, or "
            "upload the text as a file."
        )
    odd = sum(1 for c in question if (ord(c) < 32 and c not in "\n\r\t") or c == "\ufffd")
    if odd > 0.02 * len(question):
        return "That is not text that I can read. To ask about a file, upload it."
    return None


def _nothing_matches(reading: str) -> str:
    return f"Nothing matches: {reading[:1].lower() + reading[1:]}." if reading else "Nothing matches."


def _say_the_tool(answer: Answer, messages: Sequence[BaseMessage]) -> None:
    called = [c for c in previous_calls(messages) if c.request == answer.provenance.request]
    if called:
        answer.provenance.tool, answer.provenance.arguments = called[-1].tool, called[-1].args or {}


def _tell(message: BaseMessage, emit: Emit) -> None:
    if isinstance(message, AIMessage):
        for call in message.tool_calls:
            about = call["args"].get("reading") or call["args"].get("words") or ""
            emit(Step(_LABELS.get(call["name"], call["name"]), str(about)))
    elif isinstance(message, ToolMessage) and isinstance(message.artifact, Result):
        result = message.artifact
        rows = f"{len(result.rows):,} row{'' if len(result.rows) == 1 else 's'}"
        emit(Step(f"{rows} in {result.elapsed_ms:.0f} ms", result.sql))


def _or_none(make: Callable[[], Any]) -> Any:
    """A chart or a suggestion that can't be made must not cost the answer."""
    try:
        return make()
    except Exception:
        log.exception("left out of an answer")
        return None
