"""Questions that ask for a forecast: how they are read, on the bicycle shop, asked on 31 December 2024."""

from __future__ import annotations

import pytest

from assistant.answer import Answer
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


TARGETS = [
    ("will we reach 50 orders next month?", 50, False),
    ("Will sales exceed $2.5m next quarter?", 2.5e6, False),
    ("how likely is it that we sell 5,000 bikes in May?", 5000, False),
    ("will the number of orders stay below 1k next year?", 1000, True),
]


@pytest.mark.parametrize(("question", "target", "at_most"), TARGETS)
def test_a_target_is_read(bikes_session: Session, question: str, target: float, at_most: bool) -> None:
    plan = bikes_session._agent.analyst.plan(question)
    assert plan.tool == "forecast", plan.text
    assert (plan.args["target"], plan.args.get("at_most", False)) == (target, at_most)


def test_a_conversation_about_the_future(bikes_session: Session) -> None:
    def ask(question: str) -> Answer:
        return bikes_session.ask(question, thread="future")

    first = ask("how many orders will we get next month?")
    assert first.outcome == "answered"
    assert first.chart is not None
    assert "off on average" in (first.provenance.method or "")
    chance = ask("will we hit 20?")
    assert "%" in chance.text
    assert "January 2025" in chance.text
    longer = ask("and for 8 weeks")
    assert longer.provenance.arguments["periods"] == 8
    by_channel = ask("by channel")
    assert by_channel.provenance.tool == "forecast"
    assert {r[0] for r in by_channel.result.rows} == {"online", "in store", "phone"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "question",
    [
        "what do you think sales will look like in January?",
        "How many orders should we expect next week?",
        "tell me what sales will be tomorrow",
        "which channel will have the most orders next month?",
        "will sales grow next year?",
        "give me a 6 month forecast of sales by store",
    ],
)
def test_other_ways_to_ask_of_the_future(bikes_session: Session, question: str) -> None:
    answer = bikes_session.ask(question, thread=question)
    assert answer.provenance.tool == "forecast", answer.text


@pytest.mark.parametrize(
    "question", ["What song should I put on that people will love?", "list orders in the next 30 days"]
)
def test_not_every_will_asks_for_a_forecast(bikes_session: Session, question: str) -> None:
    assert bikes_session._agent.analyst.plan(question).tool == "query"


def test_who_asks_for_the_first_few_wants_to_see_them(bikes_session: Session) -> None:
    thread = "the first few after a forecast"
    assert bikes_session.ask("forecast number of orders next month", thread=thread).provenance.tool == "forecast"
    assert bikes_session.ask("by channel", thread=thread).provenance.tool == "forecast"
    shown = bikes_session.ask("top 2 channels in May 2024", thread=thread)
    assert (shown.outcome, shown.provenance.tool, len(shown.result.rows)) == ("answered", "query", 2)
