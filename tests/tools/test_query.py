"""The query tool: what a model writes, what it reads back, and what stays here."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain_core.messages import ToolMessage
from langchain_core.tools import BaseTool

from knowledge.result import Result
from knowledge.workspace import Workspace
from tools import Limits, ToolFailure, as_function, load_tools

COUNT = {"kind": "measure", "measure": {"kind": "aggregate", "agg": "count", "dataset": "orders"}}


def field(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "field", "field": name, **more}


def tool(shop: Workspace, name: str = "query", **limits: Any) -> BaseTool:
    return next(t for t in load_tools(shop, Limits(**limits)) if t.name == name)


def use(made: BaseTool, **args: Any) -> ToolMessage:
    message = made.invoke({"type": "tool_call", "id": "1", "name": made.name, "args": args})
    assert isinstance(message, ToolMessage)
    return message


def test_every_file_with_a_tool_is_found(shop: Workspace) -> None:
    assert {"describe", "forecast", "query", "reply", "sql"} <= {t.name for t in load_tools(shop, Limits())}
    assert all(len(t.description) > 80 for t in load_tools(shop, Limits()))


def test_a_request_comes_back_as_rows_between_marks(shop: Workspace) -> None:
    message = use(tool(shop), request={"columns": [field("orders.channel"), COUNT]}, reading="orders by channel")
    assert isinstance(message.artifact, Result)
    text = str(message.content)
    assert text.startswith("3 rows; columns: channel")
    block = text[text.index("<data>\n") + 7 : text.index("\n</data>")]
    assert sorted(json.loads(line)[0] for line in block.splitlines()) == ["in store", "online", "phone"]


@pytest.mark.parametrize(
    "request_",
    [
        {"columns": [{"field": "orders.channel"}, {"measure": {"agg": "count", "dataset": "orders"}}]},
        '{"columns": [{"field": "orders.channel"}, {"measure": {"agg": "count", "dataset": "orders"}}]}',
    ],
    ids=["kinds left out", "as text"],
)
def test_what_can_mean_only_one_thing_is_understood(shop: Workspace, request_: Any) -> None:
    result = use(tool(shop), request=request_, reading="").artifact
    assert isinstance(result, Result)
    assert len(result.rows) == 3


def test_conditions_without_their_kind_are_understood(shop: Workspace) -> None:
    request = {
        "columns": [{"measure": {"agg": "count", "dataset": "customers"}}],
        "where": [
            {"dataset": "orders", "where": [{"field": "orders.channel", "op": "=", "value": "online"}], "negated": True}
        ],
    }
    full = {
        "columns": [{**COUNT, "measure": {"kind": "aggregate", "agg": "count", "dataset": "customers"}}],
        "where": [
            {
                "kind": "exists", "dataset": "orders", "negated": True,
                "where": [{"kind": "compare", "field": "orders.channel", "op": "=", "value": "online"}],
            }
        ],
    }  # fmt: skip
    short, long = (use(tool(shop), request=r, reading="").artifact for r in (request, full))
    assert isinstance(short, Result)
    assert short.rows == long.rows


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"columns": [field("orders.chanel")]}, "Did you mean 'orders.channel'"),
        ({"columns": [COUNT], "period": "the day the music died"}, "“last month”"),
        ({"columns": [COUNT], "colour": "red"}, "colour: Extra inputs are not permitted"),
        ({"columns": [{"kind": "measure", "measure": {"kind": "metric", "metric": "profit"}}]}, "no metric 'profit'"),
        ("{not json", "is not JSON"),
        ([1], "must be an object"),
        ({}, ""),
    ],
)
def test_a_mistake_comes_back_as_what_to_do_next(shop: Workspace, request_: Any, said: str) -> None:
    message = use(tool(shop), request=request_, reading="")
    assert isinstance(message.artifact, ToolFailure)
    assert message.artifact.outcome == "cannot"
    assert said in str(message.content)
    assert "pydantic.dev" not in str(message.content)


def test_rows_are_bounded(shop: Workspace) -> None:
    message = use(tool(shop, max_rows=100), request={"columns": [field("orders.order_id")]}, reading="")
    assert isinstance(message.artifact, Result)
    assert len(message.artifact.rows) == 100
    assert message.artifact.truncated
    assert "more exist" in str(message.content)
    assert str(message.content).count("\n[") == 50  # and what a model reads of them, further


# --- what may leave the machine --------------------------------------------------------------------------------------

GROUPS = {"columns": [field("orders.channel"), COUNT]}
MONTHS = {"columns": [field("orders.ordered_at", grain="month"), COUNT]}
TOTAL = {"columns": [COUNT]}
RECORDS = {"columns": [field("customers.name"), field("customers.city")]}
BY_CUSTOMER = {"columns": [field("customers.email"), COUNT]}
ONE_RECORDS_NAME = {
    "columns": [{"kind": "measure", "measure": {"kind": "aggregate", "agg": "max", "of": "customers.name"}}]
}
ONE_RECORDS_VALUE = {
    "columns": [{"kind": "measure", "measure": {"kind": "aggregate", "agg": "last", "of": "order_lines.amount"}}]
}


@pytest.mark.parametrize(
    ("request_", "aggregates"),
    [
        (GROUPS, True), (MONTHS, True), (TOTAL, True), (RECORDS, False), (BY_CUSTOMER, False),
        (ONE_RECORDS_NAME, False), (ONE_RECORDS_VALUE, False),
    ],
    ids=["groups", "months", "total", "records", "by customer", "a name", "one value"],
)  # fmt: skip
def test_what_a_model_reads_of_a_result(shop: Workspace, request_: dict[str, Any], aggregates: bool) -> None:
    """Names of columns; with aggregates, the figures of groups but nothing of one record; with rows, all."""
    for egress, readable in (("schema", False), ("aggregates", aggregates), ("rows", True)):
        message = use(tool(shop, egress=egress), request=request_, reading="")
        assert isinstance(message.artifact, Result)
        assert ("<data>" in str(message.content)) == readable
        values = [str(v) for row in message.artifact.rows for v in row if isinstance(v, str)]
        assert any(v in str(message.content) for v in values) == (readable and bool(values))


def test_a_database_error_does_not_quote_records(shop: Workspace) -> None:
    statement = "SELECT CAST(email AS INTEGER) FROM customers"
    here, outside = (str(use(tool(shop, "sql", egress=e), statement=statement).content) for e in ("rows", "aggregates"))
    assert "@example.com" in here
    assert "@example.com" not in outside
    assert outside


def test_the_schema_is_what_function_calling_accepts(shop: Workspace) -> None:
    """No oneOf, const or discriminator; every reference is defined; no texts; and it ends."""
    function = as_function(tool(shop))["function"]
    text = json.dumps(function["parameters"])
    assert not {"oneOf", "discriminator", "const", "title", "default"} & _keywords(function["parameters"])
    used = {part.split('"')[0] for part in text.split("#/$defs/")[1:]}
    assert used == set(function["parameters"]["$defs"])
    assert len(text) < 14_000
    assert as_function(tool(shop, "sql"))["function"]["parameters"]["required"] == ["statement"]


def _keywords(schema: Any, *, names: bool = False) -> set[str]:
    if isinstance(schema, list):
        return set().union(*(_keywords(s) for s in schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    found = set() if names else set(schema)
    return found.union(
        *(_keywords(v, names=not names and k in ("properties", "$defs")) for k, v in schema.items()), set()
    )
