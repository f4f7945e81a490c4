"""query: one Request, run on the data."""

from __future__ import annotations

from typing import Any

from langchain_core.tools import BaseTool, tool

from knowledge.calendar import UnknownPeriod
from knowledge.compile import CannotCompile
from knowledge.model import UnknownName
from knowledge.request import Request
from knowledge.result import Result
from knowledge.warehouse import QueryFailed, QueryRefused, QueryTimeout, WarehouseGone
from knowledge.workspace import Workspace
from tools import Limits, ToolFailure
from tools.shown import shown


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    @tool(response_format="content_and_artifact")
    def query(request: Request, reading: str = "") -> tuple[str, Result | ToolFailure]:
        """Answer a question of the business's data. Prefer this tool: it joins and aggregates without double counting.

        `request` says what is wanted in the names of the semantic model (see `describe`): columns (fields group, measures
        are computed), where, having, period ("last month", "Q3 2024", "since March"), compare_to ("previous_period",
        "previous_year"), order, limit. `reading` is the question as you understood it, in one plain phrase.

        Net sales by city last month, the top 5:
        {"columns": [{"kind": "field", "field": "stores.city"}, {"kind": "measure", "measure": {"kind": "metric", "metric":
        "net_sales"}}], "period": "last month", "order": [{"by": {"kind": "metric", "metric": "net_sales"},
        "descending": true}], "limit": 5}
        """
        return run(workspace, request, limits)

    return query


def run(workspace: Workspace, request: Request, limits: Limits) -> tuple[str, Result | ToolFailure]:
    """The result, and what of it the model may read."""
    try:
        result = workspace.run(request, max_rows=limits.max_rows, timeout_s=limits.timeout_s)
    except Exception as error:
        failure = failure_of(error)
        if failure is None:
            raise
        return failure.text, failure
    return shown(result, limits.egress, grouped=bool(request.measures)), result


def failure_of(error: Exception) -> ToolFailure | None:
    """What a tool says of an error that it knows; None for one it doesn't."""
    kinds: list[tuple[Any, str]] = [
        (UnknownName, "cannot"),
        (UnknownPeriod, "cannot"),
        (QueryRefused, "not_allowed"),
        (QueryTimeout, "failed"),
        (QueryFailed, "failed"),
        (WarehouseGone, "failed"),
    ]
    if isinstance(error, CannotCompile):
        return ToolFailure("ask" if getattr(error, "kind", "") == "ambiguous_path" else "cannot", str(error))
    for kind, outcome in kinds:
        if isinstance(error, kind):
            return ToolFailure(outcome, str(error))  # type: ignore[arg-type]
    return None
