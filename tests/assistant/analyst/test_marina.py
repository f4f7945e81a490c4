"""The embedded analyst reads a boat hire that nobody described: question in, rows out, against gold SQL."""

from __future__ import annotations

import pytest

from assistant.session import Session
from evals.score import same_rows
from knowledge.warehouse.duckdb import connect
from tests.assistant.analyst.marina_questions import QUESTIONS


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(marina_session: Session, question: str, gold: str) -> None:
    answer = marina_session.ask(question, thread=question)
    assert answer.outcome == "answered", answer.text
    assert answer.result is not None
    wanted = connect(marina_session.workspace.warehouse.path).execute(gold).fetchall()  # type: ignore[attr-defined]
    assert same_rows(wanted, answer.result.rows), (answer.reading, answer.result.rows[:3], wanted[:3])


def test_a_question_of_two_sentences_is_no_follow_up_to_itself(marina_session: Session) -> None:
    question = "how many rentals were there last month? how many of these were on weekends?"
    first, again = (marina_session.ask(question, thread="two sentences") for _ in range(2))
    assert first.reading == again.reading
    assert "weekends" in first.reading


def test_every_month_is_declined_rather_than_read_as_by_month(marina_session: Session) -> None:
    answer = marina_session.ask("how many members rented in every month of 2025", thread="every month")
    assert answer.outcome != "answered" or "every" in answer.reading
