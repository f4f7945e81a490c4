"""The embedded analyst reads a dog salon that nobody described: question in, rows out, against gold SQL."""

from __future__ import annotations

import pytest

from assistant.session import Session
from evals.score import same_rows
from knowledge.warehouse.duckdb import connect
from tests.assistant.analyst.salon_questions import QUESTIONS


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(salon_session: Session, question: str, gold: str) -> None:
    answer = salon_session.ask(question, thread=question)
    assert answer.outcome == "answered", answer.text
    assert answer.result is not None
    wanted = connect(salon_session.workspace.warehouse.path).execute(gold).fetchall()  # type: ignore[attr-defined]
    assert wanted, "a gold without rows tests nothing"
    assert same_rows(wanted, answer.result.rows), (answer.reading, answer.result.rows[:3], wanted[:3])


@pytest.mark.parametrize(
    "question",
    [
        "owners who registered in the same month as their first appointment",
        "groomers with both complaints and bills",
        "how many groomers have more than 2 different complaints of the same kind",
        "what is the total fee amount of payments",
    ],
)
def test_what_nothing_reads_is_not_left_out(salon_session: Session, question: str) -> None:
    assert salon_session.ask(question, thread=question).outcome != "answered"
