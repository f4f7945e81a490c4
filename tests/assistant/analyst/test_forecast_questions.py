"""Questions that ask for a forecast: how they are read, on the bicycle shop, asked on 31 December 2024."""

from __future__ import annotations

import pytest

from assistant.session import Session

QUESTIONS = [
    ("what will sales be next quarter?", {"window": "next quarter"}),
    ("forecast the number of orders for 8 weeks", {"periods": 8, "grain": "week"}),
    ("forecast orders by channel for the next three months", {"periods": 3, "grain": "month"}),
    ("how many orders will we get next month?", {"window": "next month"}),
    ("number of orders next year", {"window": "next year"}),
    ("projected orders in March", {"window": "in March"}),
]


@pytest.mark.parametrize(("question", "args"), QUESTIONS)
def test_a_question_about_the_future_is_a_forecast(
    bikes_session: Session, question: str, args: dict[str, object]
) -> None:
    plan = bikes_session._agent.analyst.plan(question)
    assert (plan.kind, plan.tool, plan.args) == ("query", "forecast", args), plan.text


@pytest.mark.parametrize("question", ["number of orders last month", "orders by month in 2024", "who ordered most?"])
def test_a_question_about_the_past_is_none(bikes_session: Session, question: str) -> None:
    assert bikes_session._agent.analyst.plan(question).tool == "query"
