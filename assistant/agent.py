"""One turn of conversation: question in, Answer out. The embedded analyst and an LLM run in the same agent loop."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from pydantic import ValidationError

from assistant import guard
from assistant.analyst.chat_model import EmbeddedAnalyst, previous_requests
from assistant.analyst.reader import SURE
from assistant.answer import Answer, Choice, Outcome, Provenance
from assistant.charts import chart
from assistant.events import Event, Step
from assistant.llm import Budget, BudgetSpent, chat_model, system_prompt
from assistant.reading import describe_request
from assistant.settings import Settings
from assistant.suggestions import follow_ups, starters
from assistant.wording import word
from knowledge.request import Request
from knowledge.result import Result
from knowledge.workspace import Workspace
from tools import Limits, ToolFailure, load_tools

log = logging.getLogger("parley.agent")
LONGEST = 2_000
"""Characters of a question."""
Emit = Callable[[Event], None]


class Agent:
    """Answers the questions of one workspace. Built once; `turn` may run in many threads."""

    def __init__(self, workspace: Workspace, settings: Settings, llm: BaseChatModel | None = None):
        self.workspace, self.settings = workspace, settings
        self.analyst = EmbeddedAnalyst(workspace=workspace, locale=settings.locale)
        limits = Limits(settings.max_rows, settings.query_timeout_s)
        embedded_tools = [t for t in load_tools(workspace, limits) if t.name == "query"]
        self._embedded = create_agent(self.analyst, embedded_tools)
        self._llm: Any = None
        if settings.route != "embedded":
            llm_tools = load_tools(workspace, Limits(settings.max_rows, settings.query_timeout_s, settings.egress))
            self._llm = create_agent(
                llm or chat_model(settings),
                llm_tools,
                system_prompt=system_prompt(workspace),
                middleware=[Budget(settings)],
            )

    def turn(self, question: str, history: Sequence[BaseMessage], emit: Emit) -> Answer:
        """Answer one question; never raises: what breaks becomes an Answer that says so."""
        started = time.perf_counter()
        problem = _bounds(question)
        if problem:
            answer = Answer(outcome="cannot", text=problem, follow_ups=starters(self.workspace.model, 3))
        else:
            try:
                answer = self._answer(question.strip(), list(history), emit)
            except Exception:
                log.exception("a turn failed")
                answer = Answer(
                    outcome="failed", text="Something went wrong while answering. Ask again, or ask more simply."
                )
        answer.elapsed_ms = (time.perf_counter() - started) * 1000
        return answer

    def _answer(self, question: str, history: list[BaseMessage], emit: Emit) -> Answer:
        emit(Step("Reading the question"))
        if self._llm is not None and self._needs_llm(question, history):
            try:
                return self._by_llm(question, history, emit)
            except Exception as error:
                log.warning("the language model failed: %s", type(error).__name__)
                why = str(error) if isinstance(error, BudgetSpent) else "the language model did not answer"
                answer = self._by_analyst(question, history, emit)
                answer.caveats.append(f"Read without the language model: {why}.")
                return answer
        return self._by_analyst(question, history, emit)

    def _needs_llm(self, question: str, history: list[BaseMessage]) -> bool:
        if self.settings.route == "llm":
            return True
        plan = self.analyst.plan(question, previous_requests(history))
        return plan.kind in ("cannot", "ask") or plan.confidence < SURE

    # --- the embedded analyst ----------------------------------------------------------------------------------------

    def _by_analyst(self, question: str, history: list[BaseMessage], emit: Emit) -> Answer:
        messages = self._run(self._embedded, [*history, HumanMessage(question)], emit)
        final = messages[-1]
        assert isinstance(final, AIMessage)
        meta = final.response_metadata["parley"]
        artifact = next((m.artifact for m in reversed(messages) if isinstance(m, ToolMessage)), None)
        request = Request.model_validate(meta["request"]) if meta.get("request") else None
        answer = self._assembled(
            meta["outcome"],
            str(final.text),
            artifact if isinstance(artifact, Result) else None,
            request,
            meta["reading"],
        )
        answer.provenance.read_by = "embedded"
        answer.confidence = meta["confidence"]
        answer.choices = [Choice(**c) for c in meta["choices"]]
        answer.follow_ups = list(meta["follow_ups"]) or answer.follow_ups
        answer.caveats = [*meta["caveats"], *answer.caveats]
        return answer

    # --- an LLM ------------------------------------------------------------------------------------------------------

    def _by_llm(self, question: str, history: list[BaseMessage], emit: Emit) -> Answer:
        messages = self._run(self._llm, [*history, HumanMessage(question)], emit)
        results, request, reading, failure = _made(messages)
        text = str(messages[-1].text).strip()
        caveats: list[str] = []
        known = [str(m.text) for m in messages if isinstance(m, ToolMessage) and not isinstance(m.artifact, Result)]
        if (
            results
            and self.settings.egress != "rows"
            and (self.settings.egress == "schema" or not (request and request.measures))
        ):
            # The model has not seen the figures: they are worded here.
            text = word(results[-1], request or Request(), reading, locale=self.settings.locale)
        elif bad := guard.unsupported(text, results, question=question, allowed=known):
            emit(Step("Checking the figures"))
            again = f"Your answer has figures that no result supports: {', '.join(f.text for f in bad)}. Write it again without them."
            messages = self._run(self._llm, [*messages, HumanMessage(again)], emit)
            more, newer, newer_reading, failure = _made(messages)
            results, request, reading = [*results, *more], newer or request, newer_reading or reading
            text = str(messages[-1].text).strip()
            bad = guard.unsupported(text, results, question=question, allowed=known)
            if bad:
                text, caveat = guard.redact(text, bad)
                caveats.append(caveat)
        if not text and results:
            text = word(results[-1], request or Request(), reading, locale=self.settings.locale)
        if not text:
            raise BudgetSpent("the language model wrote nothing")
        outcome: Outcome = (
            "answered"
            if results
            else failure.outcome
            if failure
            else "ask"
            if text.rstrip().endswith("?")
            else "cannot"
        )
        if results and not results[-1].rows:
            outcome = "no_rows"
        answer = self._assembled(outcome, text, results[-1] if results else None, request, reading)
        answer.provenance.read_by, answer.provenance.model = "llm", self.settings.model
        answer.confidence = 0.7 if outcome == "answered" else 0.0
        answer.caveats += caveats
        return answer

    # --- both --------------------------------------------------------------------------------------------------------

    def _run(self, agent: Any, messages: list[BaseMessage], emit: Emit) -> list[BaseMessage]:
        """The messages of this turn: the question and what came after."""
        made: list[BaseMessage] = []
        for update in agent.stream({"messages": messages}, stream_mode="updates", config={"recursion_limit": 50}):
            for state in update.values():
                for message in (state or {}).get("messages", []):
                    made.append(message)
                    _tell(message, emit)
        return [messages[-1], *made]

    def _assembled(
        self, outcome: Outcome, text: str, result: Result | None, request: Request | None, reading: str
    ) -> Answer:
        workspace = self.workspace
        if request is not None and not reading:
            reading = describe_request(request, workspace.model, workspace.calendar)
        if outcome == "no_rows":
            text = _nothing(reading, workspace)
        shown = chart(result, title=reading, locale=self.settings.locale) if result and outcome == "answered" else None
        further = (
            follow_ups(request, result, workspace.model, workspace.calendar)
            if request and outcome == "answered"
            else []
        )
        return Answer(
            outcome=outcome,
            text=text,
            reading=reading,
            result=result,
            chart=shown,
            provenance=Provenance(
                sql=result.sql if result else None,
                request=request,
                source=workspace.model.label or workspace.name,
                fresh_as_of=workspace.fresh_as_of,
                row_count=len(result.rows) if result else 0,
            ),
            caveats=list(result.caveats) if result else [],
            follow_ups=further,
        )


def _tell(message: BaseMessage, emit: Emit) -> None:
    if isinstance(message, AIMessage):
        for call in message.tool_calls:
            label = {"query": "Asking the data", "sql": "Asking the data", "describe": "Looking up names"}.get(
                call["name"], call["name"]
            )
            emit(Step(label, str(call["args"].get("reading") or call["args"].get("words") or "")))
    elif isinstance(message, ToolMessage) and isinstance(message.artifact, Result):
        emit(Step(f"{len(message.artifact.rows):,} rows in {message.artifact.elapsed_ms:.0f} ms", message.artifact.sql))


def _made(messages: list[BaseMessage]) -> tuple[list[Result], Request | None, str, ToolFailure | None]:
    """What the tools of a turn came to: results, the last request that made one, its reading, the last failure."""
    results: list[Result] = []
    request: Request | None = None
    reading = ""
    failure: ToolFailure | None = None
    calls = {c["id"]: c for m in messages if isinstance(m, AIMessage) for c in m.tool_calls}
    for message in messages:
        if not isinstance(message, ToolMessage):
            continue
        args = calls.get(message.tool_call_id, {}).get("args", {})
        if isinstance(message.artifact, Result):
            results.append(message.artifact)
            reading = str(args.get("reading") or reading)
            try:
                request = Request.model_validate(args["request"]) if args.get("request") else None
            except ValidationError:
                request = None
        elif isinstance(message.artifact, ToolFailure):
            failure = message.artifact
    return results, request, reading, failure


def _nothing(reading: str, workspace: Workspace) -> str:
    text = f"Nothing matches: {reading[:1].lower() + reading[1:]}." if reading else "Nothing matches."
    if workspace.fresh_as_of:
        text += f" The data runs to {workspace.fresh_as_of:%-d %B %Y}."
    return text


def _bounds(question: str) -> str | None:
    """What is wrong with a question before it is read, if anything."""
    if not question.strip():
        return "There is no question to read. Ask something like one of these."
    if len(question) > LONGEST:
        return f"The question is {len(question):,} characters long; I read up to {LONGEST:,}. Ask it more shortly, or upload the text as a file."
    odd = sum(1 for c in question if (ord(c) < 32 and c not in "\n\r\t") or c == "\ufffd")
    if odd > 0.02 * len(question):
        return "That is not text that I can read. To ask about a file, upload it."
    return None
