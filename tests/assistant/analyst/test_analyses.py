"""A question that a tool beyond `query` answers: its own words are the tool's, the rest is read as data."""

from __future__ import annotations

from assistant.analyst.analyses import Call, repeated
from assistant.analyst.plan import Plan
from knowledge.request import Request


def test_a_follow_up_that_edits_the_data_asks_for_the_analysis_again() -> None:
    edited = Plan("query", Request(dataset="orders"), edits=True)
    last = Call(Request(), "forecast", {"horizon": 8})
    assert (repeated(edited, last).tool, repeated(edited, last).args) == ("forecast", {"horizon": 8})


def test_a_question_of_its_own_is_no_analysis() -> None:
    asked = Plan("query", Request(dataset="orders"))
    assert repeated(asked, Call(Request(), "forecast", {})).tool == "query"
    assert repeated(asked, None).tool == "query"
