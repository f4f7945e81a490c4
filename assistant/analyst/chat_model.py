"""The embedded analyst as a LangChain chat model: it plans a tool call, reads its result, and words the answer, in the
same agent loop that an LLM gets."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from pydantic import ConfigDict, PrivateAttr, SkipValidation

from assistant.analyst.analyses import Call
from assistant.analyst.plan import Plan
from assistant.analyst.reader import Reader
from assistant.wording import word
from knowledge.request import Request
from knowledge.result import Result
from knowledge.workspace import Workspace
from tools import ToolFailure


class EmbeddedAnalyst(BaseChatModel):
    """Reads questions without an LLM. On a human message it emits one call of a tool, or the final text;
    after the tool's message (its artifact is a Result) the worded answer. What it thought is in
    `response_metadata["parley"]`: outcome, reading, confidence, choices, follow_ups, caveats, unread, request."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    workspace: SkipValidation[Workspace]
    locale: str = "en_US"
    _reader: Reader = PrivateAttr()

    def model_post_init(self, context: Any) -> None:
        super().model_post_init(context)
        self._reader = Reader(self.workspace)

    @property
    def _llm_type(self) -> str:
        return "parley-embedded"

    def plan(self, question: str, before: Sequence[Call] = (), instructions: str | None = None) -> Plan:
        """What to do about a question after those calls of the conversation, the last one last."""
        return self._reader.plan(question, [c.request for c in before], instructions, before[-1] if before else None)

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[Any, AIMessage]:
        return self  # it knows the tools it calls

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        asked = max(n for n, m in enumerate(messages) if isinstance(m, HumanMessage))
        answered = [m for m in messages[asked:] if isinstance(m, ToolMessage)]
        made = self._worded(messages, answered[-1]) if answered else self._planned(messages, asked)
        return ChatResult(generations=[ChatGeneration(message=made)])

    def _planned(self, messages: list[BaseMessage], asked: int) -> AIMessage:
        instructions = messages[asked].additional_kwargs.get("instructions")
        plan = self.plan(str(messages[asked].text), previous_calls(messages[:asked]), instructions)
        return message_of(plan)

    def _worded(self, messages: list[BaseMessage], answered: ToolMessage) -> AIMessage:
        planned = next(m for m in reversed(messages) if isinstance(m, AIMessage) and m.tool_calls)
        meta = dict(planned.response_metadata.get("parley", {}))
        result = answered.artifact
        if not isinstance(result, Result):
            meta["outcome"] = result.outcome if isinstance(result, ToolFailure) else "failed"
            return AIMessage(content=str(answered.text), response_metadata={"parley": meta})
        meta["outcome"] = "answered" if result.rows else "no_rows"
        text = word(result, Request.model_validate(meta["request"]), meta.get("reading", ""), locale=self.locale)
        return AIMessage(content=text, response_metadata={"parley": meta})


def message_of(plan: Plan) -> AIMessage:
    """The plan as the message of a chat model: a tool call for a query, else its text."""
    outcome = {"query": "answered", "say": "answered", "ask": "ask", "cannot": "cannot"}[plan.kind]
    meta: dict[str, Any] = {
        "outcome": outcome,
        "reading": plan.reading,
        "confidence": plan.confidence,
        "choices": [c.model_dump() for c in plan.choices],
        "follow_ups": list(plan.follow_ups),
        "caveats": list(plan.caveats),
        "unread": list(plan.unread),
        "request": plan.request.model_dump(mode="json") if plan.request else None,
    }
    if plan.kind == "query":
        call = {
            "name": plan.tool,
            "args": {"request": meta["request"], "reading": plan.reading, **plan.args},
            "id": f"call_{uuid.uuid4().hex[:12]}",
            "type": "tool_call",
        }
        return AIMessage(content="", tool_calls=[call], response_metadata={"parley": meta})
    return AIMessage(content=plan.text, response_metadata={"parley": meta})


def previous_calls(messages: Sequence[BaseMessage]) -> list[Call]:
    """The calls of a conversation so far that name data, oldest first, whoever made them; none from before a question
    of its own that could not be read: "and by region?" after it is about that one."""
    found: list[Call] = []
    for message in messages:
        if isinstance(message, AIMessage):
            if message.response_metadata.get("parley_unread"):
                found.clear()
            for call in message.tool_calls:
                args = dict(call["args"])
                request = args.pop("request", None)
                args.pop("reading", None)
                if isinstance(request, dict):
                    try:
                        found.append(Call(Request.model_validate(request), call["name"], args))
                    except ValueError:
                        continue
    return found
