"""Questions that ask for more than a query: a tool says that one is its own, and what is left of it, the data that it
is about, is read like any other question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from assistant.analyst.figured import figured
from assistant.analyst.plan import Plan
from assistant.answer import Choice
from knowledge.request import Request
from knowledge.workspace import Workspace
from tools import modules
from tools.analysis import Asked


@dataclass(frozen=True)
class Call:
    """A tool that was called, with its arguments beside the request."""

    request: Request
    tool: str = "query"
    args: dict[str, Any] | None = None


def analysis(
    question: str, workspace: Workspace, read: Callable[[str], Plan], last: Call | None,
    describe: Callable[[Request], str],
) -> Plan | None:  # fmt: skip
    """The plan for a question that asks for an analysis; None for one that doesn't. `read` reads the data it is about.
    A question that names none ("and the forecast?") is about that of the call before."""
    claims = [(m, m.asked(question, workspace)) for m in modules() if hasattr(m, "asked")]
    found = [(m, a) for m, a in claims if a is not None]
    found.sort(key=lambda claim: (not _goes_on(claim[0], claim[1], last), not claim[1].plainly))
    if not found:
        return None
    module, asked = found[0]
    return _planned(module.__name__.rpartition(".")[2], asked, workspace, read, last, describe)


def _goes_on(module: ModuleType, asked: Asked, last: Call | None) -> bool:
    """It is about what the tool itself said last: "what if prices rise?" after a prediction."""
    return last is not None and not asked.rest.strip() and module.__name__.rpartition(".")[2] == last.tool


def again(question: str, last: Call, describe: Callable[[Request], str]) -> Plan | None:
    """The plan for a follow-up that changes only an argument of the last analysis: "for 8 weeks"; None for others."""
    for module in modules():
        if module.__name__.rpartition(".")[2] == last.tool and hasattr(module, "again"):
            args = module.again(question, last.args or {})
            if args is not None:
                return Plan("query", last.request, describe(last.request), 0.85, tool=last.tool, args=args)
    return None


def repeated(plan: Plan, last: Call | None) -> Plan:
    """A follow-up that edits the data of an analysis asks for the analysis of the edited data; but who asks for the
    first few of something ("top 3 stores in May") wants to see them."""
    if last is None or last.tool == "query" or not plan.edits or plan.kind != "query":
        return plan
    if plan.request is not None and plan.request.limit not in (None, last.request.limit):
        return plan
    return replace(plan, tool=last.tool, args=last.args or {})


def _planned(
    tool: str, asked: Asked, workspace: Workspace, read: Callable[[str], Plan], last: Call | None,
    describe: Callable[[Request], str],
) -> Plan:  # fmt: skip
    unsaid = not asked.rest.strip(" ?!.,;:")
    if unsaid and last is None and not asked.usual:
        return Plan("cannot", text="Of what? Name a figure, and the period if it matters.")
    if unsaid and last is not None:
        args = {**(last.args or {}), **asked.args} if last.tool == tool else asked.args
        reading = asked.reading.format(_inner(describe(last.request)))
        return Plan("query", last.request, reading, 0.85, tool=tool, args=args)
    plan = read(asked.usual if unsaid else asked.rest)
    if plan.kind != "query":
        asks = (Choice(label=c.label, question=asked.reading.format(c.question)) for c in plan.choices)
        return replace(plan, choices=tuple(asks))
    plan = figured(plan, tool, asked.args.get("about"), workspace.model)
    if plan.kind != "query":
        return plan
    inner = _inner(plan.reading)
    # What the tool orders by is its own to say.
    inner = inner.removeprefix("number of ").replace(", highest first", "") if asked.things else inner
    return replace(plan, tool=tool, args=asked.args, reading=asked.reading.format(inner))


def _inner(reading: str) -> str:
    """As it stands in the middle of a sentence."""
    return reading if reading[1:2].isupper() else reading[:1].lower() + reading[1:]
