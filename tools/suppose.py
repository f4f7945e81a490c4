"""suppose: what a figure would be if a price, a promotion, the weather were otherwise, learnt from when they were."""

from __future__ import annotations

from langchain_core.tools import BaseTool
from pydantic import BaseModel

from knowledge.request import Request
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, Asked, analysis_tool, usual_figure
from tools.supposing.words import wish

_DESCRIPTION = """Say what a figure would be in a time to come if something that drives it were otherwise (a price, a \
promotion, a discount, the weather), by a regression on the past, with its error; says so where the past shows no \
effect. `request` names one measure (a sum or a count). `driver`: what is otherwise, in words; `percent` or `plus`: by \
how much (neither: there is none of it, or it is so `always`); `window`: when ("next month")."""


class Arguments(BaseModel):
    driver: str
    percent: float | None = None
    plus: float | None = None
    always: bool = False
    """It is so all the time ("if it rains"): for what is so or not."""
    window: str | None = None


def asked(question: str, workspace: Workspace) -> Asked | None:
    wanted = wish(question, workspace.calendar)
    if wanted is None:
        return None
    args = {"driver": wanted.driver, "percent": wanted.percent, "plus": wanted.plus, "window": wanted.window}
    args |= {"always": True} if wanted.always else {}
    args = {k: v for k, v in args.items() if v is not None}
    how = "all the time" if wanted.always else "none"
    if wanted.percent is not None or wanted.plus is not None:
        how = f"{wanted.percent:+g}%" if wanted.percent is not None else f"{wanted.plus:+g}"
    usual = usual_figure(workspace)
    return Asked(wanted.rest, args, f"{{}}, supposing {wanted.driver} {how}", usual, plainly=True)


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    def suppose(request: Request, wanted: Arguments) -> Analysis:
        from tools.supposing.answer import Case, supposed  # scipy: seconds, which no start should wait for

        case = Case(wanted.driver, wanted.percent, wanted.plus, wanted.always)
        return supposed(request, case, wanted.window, workspace, limits)

    return analysis_tool("suppose", _DESCRIPTION, Arguments, suppose, workspace, limits)
