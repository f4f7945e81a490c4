"""The sql tool: one guarded SELECT over the model's tables."""

from __future__ import annotations

import pytest

from knowledge.result import Result
from knowledge.workspace import Workspace
from tests.tools.test_query import tool, use
from tools import ToolFailure


def test_a_select_runs_and_its_aggregates_are_measures(shop: Workspace) -> None:
    statement = "SELECT channel, count(*) AS n FROM orders GROUP BY 1 ORDER BY 2 DESC"
    result = use(tool(shop, "sql"), statement=statement, reading="orders by channel").artifact
    assert isinstance(result, Result)
    assert [(c.name, c.kind, c.measure) for c in result.columns] == [("channel", "text", False), ("n", "integer", True)]
    assert sum(row[1] for row in result.rows) == 900
    assert "SELECT" in result.sql


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM orders",
        "SELECT 1; DROP TABLE orders",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM 'secrets.parquet'",
        "SELECT * FROM duckdb_settings()",
        "SELECT getenv('HOME')",
        "ATTACH 'other.duckdb'",
        "PRAGMA database_list",
        "not sql at all",
        "",
    ],
)
def test_what_is_not_one_safe_select_is_refused_with_a_reason(shop: Workspace, statement: str) -> None:
    failure = use(tool(shop, "sql"), statement=statement).artifact
    assert isinstance(failure, ToolFailure)
    assert failure.outcome == "not_allowed"
    assert len(failure.text) > 20


def test_a_mistake_in_the_sql_comes_back_to_be_corrected(shop: Workspace) -> None:
    failure = use(tool(shop, "sql"), statement="SELECT chanel FROM orders").artifact
    assert isinstance(failure, ToolFailure)
    assert failure.outcome == "failed"
    assert "channel" in failure.text  # the database's own "did you mean"


def test_a_sum_over_repeated_rows_is_refused(shop: Workspace) -> None:
    statement = "SELECT sum(p.list_price) FROM products p JOIN order_lines l ON l.product_id = p.product_id"
    failure = use(tool(shop, "sql"), statement=statement).artifact
    assert isinstance(failure, ToolFailure)
    assert "several times" in failure.text


def test_a_query_that_runs_too_long_is_stopped(shop: Workspace) -> None:
    statement = "SELECT max(a.amount + b.amount * c.amount) FROM order_lines a, order_lines b, order_lines c"
    failure = use(tool(shop, "sql", timeout_s=0.3), statement=statement).artifact
    assert isinstance(failure, ToolFailure)
    assert failure.outcome == "failed"
    assert "stopped" in failure.text


def test_what_free_sql_finds_leaves_only_where_records_may(shop: Workspace) -> None:
    for egress, leaves in (("schema", False), ("aggregates", False), ("rows", True)):
        message = use(tool(shop, "sql", egress=egress), statement="SELECT name FROM customers LIMIT 5")
        assert ("Ada" in str(message.content)) == leaves
