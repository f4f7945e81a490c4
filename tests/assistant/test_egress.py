"""What of a conversation leaves the machine."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from assistant.egress import sendable


def conversation() -> list[BaseMessage]:
    """ "sales in brookln" was read as the stored value "Brooklyn", and answered."""
    where = [{"kind": "compare", "field": "stores.city", "op": "=", "value": "Brooklyn"}]
    call: Any = {"name": "query", "args": {"request": {"where": where}, "reading": "Sales in Brooklyn"}, "id": "1"}
    return [
        HumanMessage("sales in brookln"),
        AIMessage("", tool_calls=[call]),
        ToolMessage("(the result was shown)", tool_call_id="1"),
        AIMessage("Sales in Brooklyn: 4.2 million."),
    ]


def test_all_of_it_where_records_may_leave() -> None:
    assert sendable(conversation(), "rows") == conversation()


def test_no_earlier_figure_where_only_aggregates_may() -> None:
    asked, called, _, said = sendable(conversation(), "aggregates")
    assert asked.content == "sales in brookln"
    assert isinstance(called, AIMessage)
    assert called.tool_calls[0]["args"]["request"]["where"][0]["value"] == "Brooklyn"
    assert "4.2" not in str(said.content)


def test_no_stored_value_where_only_the_schema_may() -> None:
    sent = sendable(conversation(), "schema")
    assert "Brooklyn" not in str(sent)
    assert "stores.city" in str(sent)


def test_a_value_that_the_person_wrote_is_theirs_to_send() -> None:
    said = [HumanMessage("sales in Brooklyn"), *conversation()[1:]]
    called = sendable(said, "schema")[1]
    assert isinstance(called, AIMessage)
    assert called.tool_calls[0]["args"]["request"]["where"][0]["value"] == "Brooklyn"
