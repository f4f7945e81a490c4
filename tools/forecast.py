"""forecast: what a figure will be, per group, with its likely range and how good such forecasts were in the past."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from langchain_core.tools import BaseTool
from pydantic import BaseModel, Field

from knowledge.request import Grain, Request
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, Asked, analysis_tool, only_first, usual_figure
from tools.forecasting.words import wish

_DESCRIPTION = """Forecast a figure: what it will be in the periods to come, with an 80% range, the error of such \
forecasts on the past, and a chart. `request` names one measure, and fields to forecast it by, as for `query`, without \
times. Say how far: `periods` of a `grain`, or a `window` to come ("next quarter", "December 2025"). `target`: how \
likely it is that the total over that time is at least so much (with `at_most`: at most)."""


_OTHER_TIME = re.compile(
    r"^\W*(?:and|now|ok|what about|how about|make (?:it|that)|extend (?:it|that) to)*\W*(?:for|over|in|to)?\s*"
    r"(?:the\s+)?(?:(?:next\s+)?(?P<count>\d{1,3})\s+(?P<unit>hour|day|week|month|quarter|year)s?(?:\s+ahead)?|"
    r"(?P<window>next\s+(?:day|week|month|quarter|year)))\W*$",
    re.I,
)


class Arguments(BaseModel):
    periods: int | None = Field(None, ge=1, le=1000)
    grain: Grain | None = None
    window: str | None = None
    target: float | None = None
    at_most: bool = False


def asked(question: str, workspace: Workspace) -> Asked | None:
    newest = workspace.fresh_as_of
    planned = newest is not None and newest.date() > workspace.calendar.today
    wanted = wish(question, workspace.calendar, planned=planned)
    if wanted is None:
        return None
    args = {k: v for k, v in asdict(wanted).items() if k != "rest" and v}
    usual = usual_figure(workspace)
    return Asked(wanted.rest, args, f"Forecast of {{}}{_how_far(args)}", usual)


def again(question: str, args: dict[str, Any]) -> dict[str, Any] | None:
    """The arguments of the forecast before, looking another time ahead: "and for 12 weeks?"."""
    found = _OTHER_TIME.match(question)
    if found is None:
        return None
    further = {"window": found["window"]} if found["window"] else {}
    if found["count"]:
        further = {"periods": int(found["count"]), "grain": found["unit"].lower()}
    return {k: v for k, v in args.items() if k not in ("periods", "grain", "window")} | further


def _how_far(args: Mapping[str, object]) -> str:
    if "window" in args:
        return f", {args['window']}"
    return f", {args['periods']} {args['grain']}s ahead" if "periods" in args else ""


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    def forecast(request: Request, wanted: Arguments) -> Analysis:
        from tools.forecasting.answer import answered  # scipy: seconds, which no start should wait for
        from tools.forecasting.plan import planned

        plan = planned(request, wanted.periods, wanted.grain, wanted.window, workspace, limits)
        found = answered(plan, limits.locale, wanted.target, at_most=wanted.at_most)
        return replace(found, caveats=(*found.caveats, *only_first(request, found)))

    return analysis_tool("forecast", _DESCRIPTION, Arguments, forecast, workspace, limits)


def warm() -> None:
    """Import what the first forecast needs (scipy, holidays): two seconds that its asker would wait for."""
    import holidays  # noqa: F401

    import tools.forecasting.answer  # noqa: F401
