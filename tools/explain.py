"""explain: why a figure changed between two periods, or differs between two groups: the segment, the combination, the
mix or the factor behind it."""

from __future__ import annotations

from langchain_core.tools import BaseTool
from pydantic import BaseModel

from knowledge.request import Request
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, Asked, analysis_tool
from tools.explaining.between import between
from tools.explaining.words import wish

_DESCRIPTION = """Explain why a figure changed: which segment, combination of two, shift of the mix, or factor \
(number, quantity, price) the change comes from, tested against how much each varies by itself, or that nothing \
explains it. `request` names one measure and the period, as for `query`, with `compare_to` where it is not the \
period before. To explain why one group has more than another, name the field and, with `in`, its two values instead."""


class Arguments(BaseModel):
    direction: int = 0
    """1: the figure is said to have risen; -1: to have fallen; 0: neither is said."""
    first: str = ""
    """The group that is said to have more, if any."""


def asked(question: str, workspace: Workspace) -> Asked | None:
    if (groups := between(question, workspace.calendar)) is not None:
        return Asked(groups.rest, {"first": groups.first}, "Explanation of the difference in {}")
    wanted = wish(question, workspace.calendar)
    if wanted is None:
        return None
    return Asked(wanted.rest, {"direction": wanted.direction}, "Explanation of {}")


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    def explain(request: Request, wanted: Arguments) -> Analysis:
        from tools.explaining import groups  # scipy: seconds, which no start should wait for
        from tools.explaining.explained import explained

        if (by := groups.groups_of(request)) is not None:
            return groups.explained(request, by, workspace, limits, wanted.first)
        return explained(request, wanted.direction, workspace, limits)

    return analysis_tool("explain", _DESCRIPTION, Arguments, explain, workspace, limits)
