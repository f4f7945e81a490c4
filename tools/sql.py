"""sql: one guarded SELECT, for what a Request can't say."""

from __future__ import annotations

import time

from langchain_core.tools import BaseTool, tool

from knowledge.result import Result, ResultColumn
from knowledge.warehouse.guard import check_select, fan_out_risk
from knowledge.workspace import Workspace
from tools import Limits, ToolFailure
from tools.query import failure_of
from tools.shown import shown


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    @tool(response_format="content_and_artifact")
    def sql(statement: str, reading: str = "") -> tuple[str, Result | ToolFailure]:
        """Run one SELECT (DuckDB's SQL) when `query` can't express the question. It may only read the tables of the semantic
        model; a sum across a join that repeats rows is refused. `reading` is the question as you understood it."""
        try:
            result = run_sql(workspace, statement, limits)
        except Exception as error:
            failure = failure_of(error)
            if failure is None:
                raise
            return failure.text, failure
        return shown(result, limits.egress, grouped=False), result

    return sql


def run_sql(workspace: Workspace, statement: str, limits: Limits) -> Result:
    """Raises QueryRefused for SQL that isn't one safe SELECT over the model's tables, and the warehouse's errors."""
    allowed = {d.source.replace('"', "") for d in workspace.model.datasets}
    tree = check_select(statement, workspace.warehouse.dialect, allowed)
    fan_out_risk(tree, workspace.model)
    started = time.perf_counter()
    names, rows, more = workspace.warehouse.query(tree, max_rows=limits.max_rows, timeout_s=limits.timeout_s)
    columns = tuple(
        ResultColumn(name, name.replace("_", " ").capitalize(), _kind(rows, n)) for n, name in enumerate(names)
    )  # type: ignore[arg-type]
    text = tree.sql(workspace.warehouse.dialect, pretty=True)
    return Result(columns, rows, text, (time.perf_counter() - started) * 1000, more)


def _kind(rows: list[tuple[object, ...]], n: int) -> str:
    import datetime as dt
    import decimal

    value = next((r[n] for r in rows if r[n] is not None), None)
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float | decimal.Decimal):
        return "number"
    return "time" if isinstance(value, dt.date | dt.time) else "text"
