"""forecast: what a figure will be, per group, with its likely range and how good such forecasts were in the past."""

from __future__ import annotations

from collections.abc import Mapping

from langchain_core.tools import BaseTool
from pydantic import BaseModel, Field

from knowledge.request import Grain, Request
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, Asked, analysis_tool
from tools.forecasting.words import wish

_DESCRIPTION = """Forecast a figure: what it will be in the periods to come, with an 80% range, the error of such \
forecasts on the past, and a chart. `request` names one measure, and fields to forecast it by, as for `query`, without \
times. Say how far: `periods` of a `grain`, or a `window` to come ("next quarter", "December 2025")."""


class Arguments(BaseModel):
    periods: int | None = Field(None, ge=1, le=1000)
    grain: Grain | None = None
    window: str | None = None


def asked(question: str, workspace: Workspace) -> Asked | None:
    wanted = wish(question, workspace.calendar)
    if wanted is None:
        return None
    args = {"periods": wanted.periods, "grain": wanted.grain, "window": wanted.window}
    return Asked(wanted.rest, {k: v for k, v in args.items() if v is not None}, f"Forecast of {{}}{_how_far(args)}")


def _how_far(args: Mapping[str, object]) -> str:
    if args["window"]:
        return f", {args['window']}"
    return f", {args['periods']} {args['grain']}s ahead" if args["periods"] else ""


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    def forecast(request: Request, wanted: Arguments) -> Analysis:
        from tools.forecasting.answer import answered  # scipy: seconds, which no start should wait for
        from tools.forecasting.plan import planned

        plan = planned(request, wanted.periods, wanted.grain, wanted.window, workspace, limits)
        return answered(plan, limits.locale)

    return analysis_tool("forecast", _DESCRIPTION, Arguments, forecast, workspace, limits)
