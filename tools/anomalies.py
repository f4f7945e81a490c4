"""anomalies: what is unusual in a figure over time, per group: spikes, dips, gaps, shifts of level, drifts;
and in several figures together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from langchain_core.tools import BaseTool
from pydantic import BaseModel

from knowledge.request import Grain, Request
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, Asked, analysis_tool, only_first, usual_figure
from tools.detection.words import search

_DESCRIPTION = """Find what is unusual in a figure over time: spikes, dips, gaps, shifts, drifts, with what was \
to be expected; a false-alarm rate is kept. `request` names one measure, and fields to look at it by, as for \
`query`, without times; several measures without fields are looked at together. `window`: the time ("last week"); all \
of it without. `grain`: the periods. `everything`: all figures beside it."""


class Arguments(BaseModel):
    window: str | None = None
    grain: Grain | None = None
    everything: bool = False


def asked(question: str, workspace: Workspace) -> Asked | None:
    wanted = search(question, workspace.calendar)
    if wanted is None:
        return None
    args: dict[str, Any] = {"window": wanted.window} if wanted.window else {}
    usual = usual_figure(workspace, "anomalies")
    when = f", {wanted.window}" if wanted.window else ""
    if wanted.everything:
        return Asked(usual, {**args, "everything": True}, f"What is unusual in all figures{when}", usual)
    return Asked(wanted.rest, args, f"What is unusual in {{}}{when}", usual)


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    def anomalies(request: Request, wanted: Arguments) -> Analysis:
        from tools.detection.answer import LOOKED_INTO, answered  # scipy: seconds, which no start should wait for
        from tools.detection.consists import consists
        from tools.detection.scan import scan
        from tools.detection.several import apart, everything, look
        from tools.detection.several_answer import several_answered

        requests = everything(request, workspace) if wanted.everything else apart(request)
        if len(requests) > 1 and not request.fields:
            return several_answered(look(requests, wanted.window, wanted.grain, workspace, limits), limits.locale)
        seen = scan(request, wanted.window, wanted.grain, workspace, limits)
        made_of = {f: consists(f, seen, request, workspace, limits) for f in seen.found[:LOOKED_INTO]}
        found = answered(seen, limits.locale, made_of)
        return replace(found, caveats=(*found.caveats, *only_first(request, found)))

    return analysis_tool("anomalies", _DESCRIPTION, Arguments, anomalies, workspace, limits)


def warm() -> None:
    """Import what the first search needs (scipy): a second that its asker would wait for."""
    import tools.detection.answer
    import tools.detection.consists
    import tools.detection.scan
    import tools.detection.several_answer  # noqa: F401
