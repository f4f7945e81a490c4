"""sql: one guarded SELECT, for what a Request can't say."""

from __future__ import annotations

import time
from datetime import date, datetime
from datetime import time as clock
from decimal import Decimal

import sqlglot.expressions as exp
from langchain_core.tools import BaseTool, tool

from knowledge.result import ColumnKind, Result, ResultColumn
from knowledge.warehouse.guard import check_select, fan_out_risk
from knowledge.warehouse.policed import told
from knowledge.workspace import Workspace
from tools import Limits, ToolFailure
from tools.failures import failure_of
from tools.shown import may_read, shown


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    @tool(response_format="content_and_artifact")
    def sql(statement: str, reading: str = "") -> tuple[str, Result | ToolFailure]:
        """Run one SELECT (DuckDB's SQL) when `query` can't express the question. It may read only the tables that
        `describe`
        lists, and no files, settings or system tables; a sum across a join that repeats rows is refused. `reading` is
        the question as you understood it, in one plain phrase: it is shown to the person."""
        try:
            result = run_sql(workspace, statement, limits)
        except Exception as error:
            failure = failure_of(error, workspace.model, limits.egress)
            if failure is None:
                raise
            return failure.text, failure
        return shown(result, may_read(result, None, workspace.model, limits.egress)), result

    return sql


def run_sql(workspace: Workspace, statement: str, limits: Limits) -> Result:
    """Raises QueryRefused for SQL that isn't one safe SELECT over the model's tables, and the warehouse's errors."""
    dialect = workspace.warehouse.dialect
    allowed = {d.source.replace('"', "") for d in workspace.model.datasets}
    tree = check_select(statement, dialect, allowed)
    fan_out_risk(tree, workspace.model)
    started = time.perf_counter()
    names, rows, more = workspace.warehouse.query(tree, max_rows=limits.max_rows, timeout_s=limits.timeout_s)
    took = (time.perf_counter() - started) * 1000
    computed = _computed(tree, names)
    columns = tuple(
        ResultColumn(
            name,
            name.replace("_", " ").strip().capitalize() or f"Column {n + 1}",
            kind := _kind(rows, n),
            measure=computed[n] and kind in ("integer", "number"),
        )
        for n, name in enumerate(names)
    )
    return Result(columns, rows, tree.sql(dialect, pretty=True), took, more, told(workspace.warehouse, tree))


def _computed(tree: exp.Expression, names: list[str]) -> list[bool]:
    """For each column, whether it is an aggregate over groups."""
    selects = tree.selects if isinstance(tree, exp.Query) else []
    if len(selects) != len(names):  # SELECT *
        return [False] * len(names)
    return [s.find(exp.AggFunc) is not None for s in selects]


def _kind(rows: list[tuple[object, ...]], n: int) -> ColumnKind:
    value = next((r[n] for r in rows if r[n] is not None), None)
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float | Decimal):
        return "number"
    return "time" if isinstance(value, date | datetime | clock) else "text"
