"""What a language model's turn came to: its results, the one that its text is about, and the text once its figures are
checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage

from assistant import guard
from assistant.allowance import ModelFailed
from assistant.answer import Choice, Outcome
from knowledge.model import SemanticModel
from knowledge.request import Request
from knowledge.result import Result
from tools import ToolFailure
from tools.analysis import Analysis, leaves
from tools.reply import Reply
from tools.request_schema import read_request
from tools.shown import may_read

_REPLIES: dict[str, Outcome] = {"ask": "ask", "cannot": "cannot", "explain": "answered"}


@dataclass(frozen=True)
class Found:
    """A result, the request or (None) the free SQL that made it, and whether the model read its rows."""

    result: Result
    request: Request | None
    reading: str
    readable: bool


@dataclass(frozen=True)
class Worked:
    messages: list[BaseMessage]
    found: tuple[Found, ...]
    text: str
    reply: Reply | None = None
    failure: ToolFailure | None = None
    looked_up: tuple[str, ...] = ()
    """What `describe` told: its figures may be repeated."""

    @classmethod
    def of(
        cls, messages: list[BaseMessage], model: SemanticModel, egress: Literal["schema", "aggregates", "rows"]
    ) -> Worked:
        """From the question's message and all that came after."""
        found: list[Found] = []
        failure: ToolFailure | None = None
        told: list[str] = []
        calls = {c["id"]: c["args"] for m in messages if isinstance(m, AIMessage) for c in m.tool_calls}
        for message in messages:
            if not isinstance(message, ToolMessage):
                continue
            artifact, args = message.artifact, calls.get(message.tool_call_id, {})
            if isinstance(artifact, Result):
                request = read_request(args["request"]) if "request" in args else None
                if isinstance(artifact, Analysis):
                    readable = leaves(artifact, egress)
                else:
                    readable = may_read(artifact, request, model, egress)
                found.append(Found(artifact, request, str(args.get("reading") or ""), readable))
            elif isinstance(artifact, ToolFailure):
                failure = artifact
            elif artifact is None:
                told.append(str(message.text))
        last = messages[-1]
        reply = last.artifact if isinstance(last, ToolMessage) and isinstance(last.artifact, Reply) else None
        return cls(messages, tuple(found), str(last.text).strip(), reply, failure, tuple(told))

    def followed_by(
        self, messages: list[BaseMessage], model: SemanticModel, egress: Literal["schema", "aggregates", "rows"]
    ) -> Worked:
        """With what the model did when it was asked again."""
        more = Worked.of(messages, model, egress)
        return replace(more, found=self.found + more.found, looked_up=self.looked_up + more.looked_up)

    @property
    def _about(self) -> Found | None:
        """What the text is about: the result that leaves fewest of its figures unexplained; the last, among equals."""
        if self.reply is not None:
            return None
        with_rows = [f for f in self.found if f.result.rows] or list(self.found)
        return min(reversed(with_rows), key=lambda f: len(guard.unsupported(self.text, [f.result])), default=None)

    @property
    def main(self) -> Result | None:
        return self._about.result if self._about else None

    @property
    def request(self) -> Request | None:
        return self._about.request if self._about else None

    @property
    def readable(self) -> bool:
        return bool(self._about and self._about.readable)

    @property
    def reading(self) -> str:
        """In the model's words: for free SQL, which nothing else can restate. Without it where it states a figure of
        its own."""
        about = self._about
        if about is None or guard.unsupported(about.reading, [about.result], allowed=[about.result.sql]):
            return ""
        return about.reading

    @property
    def sql(self) -> str:
        """The queries whose figures the text states."""
        about = self._about
        assert about is not None
        missing = {f.text for f in guard.unsupported(self.text, [about.result])}
        others = [
            f.result.sql
            for f in self.found
            if f is not about and missing - {b.text for b in guard.unsupported(self.text, [f.result])}
        ]
        return ";\n\n".join(dict.fromkeys([about.result.sql, *others]))

    @property
    def outcome(self) -> Outcome:
        if self.reply is not None:
            return _REPLIES[self.reply.kind]
        if self.main is not None:
            return "answered" if self.main.rows else "no_rows"
        if self.failure is not None:
            return self.failure.outcome
        return "ask" if self.text.endswith("?") else "cannot"

    @property
    def choices(self) -> list[Choice]:
        return [Choice(label=c.label, question=c.question) for c in self.reply.choices] if self.reply else []

    def unsupported(self, question: str) -> list[guard.Figure]:
        """Figures of the text that nothing the model read supports."""
        read = [f.result for f in self.found if f.readable]
        return guard.unsupported(self.text, read, question=question, allowed=self.looked_up)


def guarded(worked: Worked, question: str, again: Callable[[str], Worked]) -> tuple[Worked, str, str | None]:
    """The text with no figure that the data does not support, and a caveat if one was taken out. The model is asked
    once to write it again (`again`, with the complaint)."""
    bad = worked.unsupported(question)
    if not bad:
        return worked, worked.text, None
    try:
        worked = again(_complaint(bad))
        bad = worked.unsupported(question)
    except ModelFailed:
        pass  # what it wrote first is kept, without the figures
    if not bad:
        return worked, worked.text, None
    text, caveat = guard.redact(worked.text, bad)
    return worked, text.strip(), caveat


def _complaint(bad: Sequence[guard.Figure]) -> str:
    said = ", ".join(dict.fromkeys(f.text.strip() for f in bad))
    return f"No tool result supports these figures of your answer: {said}. Write the answer again without them."
