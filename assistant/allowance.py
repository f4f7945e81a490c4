"""What a turn of the language model may cost, and how its calls are retried: steps, tokens, money, time."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.tools import BaseTool

from assistant.settings import Settings
from tools import as_function

log = logging.getLogger("parley.llm")
_CALLS = 4
"""Tool calls of one message; more are dropped."""
_LONGEST_WAIT = 20.0
_CHARS = 4
"""Characters a token, roughly: for servers that don't count."""
_LAST = "This was your last look at the data. Answer now from the results above, or say what is missing."


class ModelFailed(Exception):
    """The language model gave no usable answer; the message says why, in words for a reader, without secrets."""


class BudgetSpent(ModelFailed):
    """The turn used up its steps, tokens, cost or time; the message says which."""


class CutOff(Exception):
    """An answer that ends in the middle."""


@dataclass(eq=False)
class Allowance(BaseCallbackHandler):
    """What one turn has used. As a callback it stops a call that streams for too long or writes too much."""

    settings: Settings
    budget: float | None = None
    """Dollars that the asker may still spend; None: as much as a turn may cost."""
    steps: int = 0
    sent: int = 0
    written: int = 0

    def __post_init__(self) -> None:
        self.raise_error = True
        self._pieces = 0
        self._until = time.monotonic() + self.settings.turn_timeout

    @property
    def seconds_left(self) -> float:
        return self._until - time.monotonic()

    @property
    def cost(self) -> float:
        """Dollars."""
        return (self.sent * self.settings.price_in + self.written * self.settings.price_out) / 1e6

    def check(self) -> None:
        """Raises BudgetSpent."""
        settings = self.settings
        if self.seconds_left <= 0:
            raise BudgetSpent(f"the language model took longer than {settings.turn_timeout:g} seconds")
        if self.steps > settings.max_steps:
            raise BudgetSpent(f"the language model took {settings.max_steps} steps without coming to an answer")
        if self.sent + self.written > settings.max_tokens_per_turn:
            raise BudgetSpent(f"the language model used more than {settings.max_tokens_per_turn:,} tokens")
        if self.budget is not None and self.cost > self.budget:
            raise BudgetSpent("what you may spend on the language model a day is spent")
        if self.cost > settings.max_cost_per_turn:
            raise BudgetSpent(f"the language model cost more than ${settings.max_cost_per_turn:.2f}")

    def on_llm_new_token(self, token: Any, **kwargs: Any) -> None:
        self._pieces += 1
        self.written += 1
        self.check()

    def spend(self, sent: Sequence[BaseMessage], fixed: int, got: AIMessage) -> None:
        """Count a call: as the server counted, else by the length of what was sent (`fixed`: characters of the prompt
        and the tools) and written. Pieces that were counted as they came are not counted again."""
        usage = got.usage_metadata
        chars = fixed + sum(len(str(m.content)) for m in sent)
        self.sent += usage["input_tokens"] if usage else chars // _CHARS
        written = len(str(got.content)) + sum(len(json.dumps(c["args"], default=str)) for c in got.tool_calls)
        self.written += (usage["output_tokens"] if usage else written // _CHARS) - self._pieces
        self._pieces = 0
        self.check()


class Calls(AgentMiddleware[AgentState[Any], Allowance]):
    """Each call of the model, within the turn's allowance (the run's context): tried again after passing failures,
    waiting as long as the server asks. Raises ModelFailed."""

    def __init__(self, retries: int):
        super().__init__()
        self.retries = retries
        self._functions: dict[str, dict[str, Any]] = {}

    def wrap_model_call(
        self, request: ModelRequest[Allowance], handler: Callable[[ModelRequest[Allowance]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        allowance = request.runtime.context
        allowance.steps += 1
        allowance.check()
        functions = [self._function(t) for t in request.tools]
        if allowance.steps == allowance.settings.max_steps > 1:
            request = request.override(tools=[], messages=[*request.messages, HumanMessage(_LAST)])
        else:
            request = request.override(tools=list(functions))
        fixed = len(request.system_prompt or "") + sum(len(json.dumps(f)) for f in functions)
        for attempt in range(self.retries + 1):
            try:
                response = handler(request)
                message = response.result[-1]
                assert isinstance(message, AIMessage)
                allowance.spend(request.messages, fixed, message)
                _check_whole(message)
            except ModelFailed:
                raise
            except Exception as error:
                wait = _wait(error, attempt)
                if wait is None or attempt == self.retries or wait > allowance.seconds_left:
                    log.warning("the model call failed: %s %s", type(error).__name__, _status(error) or "")
                    raise ModelFailed(_reason(error, allowance.settings)) from error
                time.sleep(wait)
                continue
            if len(message.tool_calls) > _CALLS:
                response.result[-1] = message.model_copy(update={"tool_calls": message.tool_calls[:_CALLS]})
            return response
        raise AssertionError("every try returns or raises")

    def _function(self, tool: BaseTool | dict[str, Any]) -> dict[str, Any]:
        if isinstance(tool, dict):
            return tool
        return self._functions.setdefault(tool.name, as_function(tool))


def _check_whole(message: AIMessage) -> None:
    """Raises CutOff for half an answer: a stream that just ends raises nothing of itself."""
    meta = message.response_metadata
    ending = meta.get("finish_reason") or meta.get("stop_reason")
    if message.invalid_tool_calls and not message.tool_calls:
        raise CutOff("the arguments of a tool call were not JSON")
    if (meta.get("model_provider") == "openai" and not ending) or ending in ("length", "max_tokens"):
        raise CutOff("the answer was cut off")
    if not message.tool_calls and not str(message.text).strip():
        raise CutOff("the answer was empty")


def _status(error: Exception) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _wait(error: Exception, attempt: int) -> float | None:
    """Seconds until the next try; None when another try would not help."""
    name, status = type(error).__name__, _status(error)
    if "Timeout" in name:
        return None  # it has had its time
    if status is not None and status not in (408, 409, 425, 429) and status < 500:
        return None
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    asked = headers.get("retry-after", "")
    try:
        return max(0.0, float(asked))
    except ValueError:
        return float(min(_LONGEST_WAIT, 0.5 * 2**attempt) * random.uniform(0.75, 1.25))


def _reason(error: Exception, settings: Settings) -> str:
    status = _status(error)
    if "Timeout" in type(error).__name__:
        return f"the language model said nothing for {settings.llm_timeout:g} seconds"
    if status in (401, 403):
        return "the language model's server refused the key (check PARLEY_API_KEY)"
    if status == 404:
        return "the language model's server does not have that model (check PARLEY_MODEL and PARLEY_BASE_URL)"
    if status == 429:
        return "the language model is too busy"
    if status is not None:
        return f"the language model's server answered with error {status}"
    if "Connection" in type(error).__name__:
        return "the language model's server can't be reached"
    return "the language model's answer could not be read"
