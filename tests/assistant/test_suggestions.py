"""Every question that Parley suggests is one that it can read, and takes the conversation further."""

from __future__ import annotations

import pytest

from assistant.analyst.chat_model import EmbeddedAnalyst
from assistant.analyst.plan import Plan
from assistant.session import Session
from assistant.suggestions import follow_ups, starters
from knowledge.model import Dataset, Metric, ModelField, SemanticModel
from knowledge.request import Request
from tests.assistant.analyst.questions import QUESTIONS


@pytest.fixture(scope="module")
def analyst(bikes_session: Session) -> EmbeddedAnalyst:
    return EmbeddedAnalyst(workspace=bikes_session.workspace)


def suggested(plan: Plan, session: Session) -> list[str]:
    assert plan.request is not None
    return follow_ups(plan.request, None, session.workspace.model, session.workspace.calendar)


def is_sure(plan: Plan) -> bool:
    return plan.kind == "query" and not plan.unread and plan.confidence >= 0.6


def test_what_is_suggested_after_each_question_can_be_read(bikes_session: Session, analyst: EmbeddedAnalyst) -> None:
    plans = [(q, plan) for q, _ in QUESTIONS if (plan := analyst.plan(q)).kind == "query"]
    for _ in range(2):  # the follow-ups, and theirs
        further = []
        for question, plan in plans:
            for text in suggested(plan, bikes_session):
                read = analyst.plan(text)
                assert is_sure(read), f"{text!r} after {question!r}"
                assert read.request != plan.request, f"{text!r} is what was asked"
                further.append((text, read))
        plans = list(dict(further).items())


def test_suggestions_are_few_and_no_two_are_the_same(bikes_session: Session, analyst: EmbeddedAnalyst) -> None:
    for question, _ in QUESTIONS:
        if (plan := analyst.plan(question)).kind == "query":
            texts = suggested(plan, bikes_session)
            assert 1 <= len(texts) <= 3, question
            assert len({t.casefold() for t in texts}) == len(texts)


def test_starters_can_be_read(bikes_session: Session, analyst: EmbeddedAnalyst) -> None:
    texts = starters(bikes_session.workspace.model, 12)
    assert len({t.casefold() for t in texts}) == len(texts) >= 6
    assert [t for t in texts if not is_sure(analyst.plan(t))] == []


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("total amount in 2024", ["Total amount by month in 2024", "Total amount in 2024 vs the previous period"]),
        ("number of orders by channel", ["Number of orders by month", "Number of orders by status"]),
        ("number of online orders", ["Number of orders for online by month"]),
        ("average list price", ["Average list price by category", "Average list price by brand"]),  # no time
    ],
)
def test_they_go_on_from_the_question(
    bikes_session: Session, analyst: EmbeddedAnalyst, question: str, texts: list[str]
) -> None:
    assert suggested(analyst.plan(question), bikes_session)[: len(texts)] == texts


def test_data_without_anything_to_ask_has_no_suggestions() -> None:
    assert starters(SemanticModel("empty", ())) == []


def test_what_has_no_label_goes_by_its_name() -> None:
    """A model from another tool names its columns, and labels none."""
    amount = ModelField("net_amount", "net_amount", "number", "measure", additivity="additive")
    region = ModelField("sales_region", "sales_region", "text", "category", distinct=5)
    lines = Dataset("order_line", "order_line", (amount, region))
    model = SemanticModel("m", (lines,), metrics=(Metric("avg_basket", "AVG(order_line.net_amount)"),))
    assert starters(model) == [
        "What is the average basket?",
        "How many order lines are there?",
        "Total net amount by sales region",
    ]


def test_records_lead_back_to_the_starters(bikes_session: Session) -> None:
    model, calendar = bikes_session.workspace.model, bikes_session.workspace.calendar
    assert follow_ups(Request(dataset="orders"), None, model, calendar) == starters(model, 3)
