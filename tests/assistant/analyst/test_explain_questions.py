"""Questions that ask why a figure changed: how they are read, on the bicycle shop, asked on 31 December 2024."""

from __future__ import annotations

import pytest

from assistant.session import Session
from knowledge.request import Window


@pytest.mark.parametrize(
    ("question", "direction", "period"),
    [
        ("why did sales fall in November?", -1, "November 2024"),
        ("how come the number of orders went up in Q3", 1, "Q3 2024"),
        ("what caused the drop in orders in June?", -1, "June 2024"),
        ("explain the change in the number of orders from May to June", 0, "June 2024"),
        ("explanation of the number of orders in June", 0, "June 2024"),
        ("what happened to orders in March 2024?", 0, "March 2024"),
    ],
)
def test_a_question_why_is_an_explanation(bikes_session: Session, question: str, direction: int, period: str) -> None:
    plan = bikes_session._agent.analyst.plan(question)
    assert (plan.kind, plan.tool, plan.args) == ("query", "explain", {"direction": direction}), plan.text
    assert plan.request is not None
    window = plan.request.period
    assert isinstance(window, Window)
    assert bikes_session.workspace.calendar.label(window) == period


def test_why_after_a_comparison_is_about_that(bikes_session: Session) -> None:
    bikes_session.ask("number of orders in Q3 vs Q2")
    answer = bikes_session.ask("why?")
    assert answer.provenance.tool == "explain"
    assert "Q2 2024" in answer.text
    assert answer.reading.startswith("Explanation of number of orders")


@pytest.mark.parametrize("question", ["why is the sky blue?", "why do families order less?"])
def test_other_questions_why_are_declined(bikes_session: Session, question: str) -> None:
    assert bikes_session._agent.analyst.plan(question).kind == "cannot"
