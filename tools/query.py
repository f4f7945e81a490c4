"""query: one Request, run on the data."""

from __future__ import annotations

from typing import Any

from langchain_core.tools import BaseTool, StructuredTool

from knowledge.request import Request
from knowledge.result import Result
from knowledge.workspace import Workspace
from tools import Limits, ToolFailure
from tools.failures import failure_of
from tools.missing import missing
from tools.request_schema import read_request, request_schema
from tools.shown import may_read, shown

_DESCRIPTION = """Answer a question from the business's data. Prefer this tool to `sql`: it joins and aggregates \
without counting anything twice.

`request` says what is wanted, in the names that `describe` gives ("table.field", metric names):
- columns: {"kind": "field", "field": "stores.city"} groups (a time field with "grain": "month"; "part": \
"day_of_week"); {"kind": "measure", "measure": M} computes. Without measures it lists records.
- M: {"kind": "metric", "metric": "net_sales"}; {"kind": "aggregate", "agg": "sum", "of": "orders.amount"}; {"kind": \
"aggregate", "agg": "count", "dataset": "orders"}; {"kind": "arithmetic", "op": "/", "left": M, "right": M}; {"kind": \
"share" | "growth" | "running" | "rank", "of": M}. A metric or aggregate may have its own "where".
- where: {"kind": "compare", "field": "stores.city", "op": "=", "value": "York"}; {"kind": "exists", "dataset": \
"orders", "where": [...], "negated": true} for what has none; "any", "all", "not" with "of".
- having: {"measure": M, "op": ">", "value": 100}. period: in words, "last month", "Q3 2024", "since March". \
compare_to: "previous_period" or "previous_year". order: [{"by": M or a field column, "descending": true}], limit, \
limit_per (top N of each group).
`reading` is the question as you understood it, in one plain phrase: it is shown to the person.

Net sales by city last month, the top 5:
{"columns": [{"kind": "field", "field": "stores.city"}, {"kind": "measure", "measure": {"kind": "metric", "metric": \
"net_sales"}}], "period": "last month", "order": [{"by": {"kind": "metric", "metric": "net_sales"}, "descending": \
true}], "limit": 5}"""


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    def query(request: Any, reading: str = "") -> tuple[str, Result | ToolFailure]:
        try:
            asked = request if isinstance(request, Request) else read_request(request)
        except ValueError as error:
            failure = ToolFailure("cannot", str(error))
            return failure.text, failure
        return run(workspace, asked, limits)

    parameters = request_schema()
    return StructuredTool.from_function(
        query,
        name="query",
        description=_DESCRIPTION,
        args_schema={
            "type": "object",
            "properties": {
                "request": {"$ref": parameters["$ref"]},
                "reading": {"type": "string"},
            },
            "required": ["request", "reading"],
            "$defs": parameters["$defs"],
        },
        response_format="content_and_artifact",
    )


def run(workspace: Workspace, request: Request, limits: Limits) -> tuple[str, Result | ToolFailure]:
    """What the model that called may read of the result, and the result."""
    try:
        result = workspace.run(request, max_rows=limits.max_rows, timeout_s=limits.timeout_s)
    except Exception as error:
        failure = failure_of(error, workspace.model, limits.egress)
        if failure is None:
            raise
        return failure.text, failure
    text = shown(result, may_read(result, request, workspace.model, limits.egress))
    if not result.rows and limits.egress == "rows":
        text += f"\n{missing(request, workspace).text}"
    return text, result
