"""The embedded analyst reads a ferry line that nobody described: question in, rows out, against gold SQL."""

from __future__ import annotations

import pytest

from assistant.session import Session
from tests.assistant.analyst.ferry_questions import INSTRUCTED, QUESTIONS, UNSURE
from tests.assistant.analyst.gold import check, check_reading


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(ferry_session: Session, question: str, gold: str) -> None:
    check(ferry_session, ferry_session.ask(question, thread=question), gold)


@pytest.mark.parametrize(("question", "gold"), UNSURE)
def test_the_likeliest_reading_is_right_though_unsure(ferry_session: Session, question: str, gold: str) -> None:
    check_reading(ferry_session, question, gold)


@pytest.mark.parametrize("question", ["How many riders rented in 2024?", "Which riders never borrowed?"])
def test_what_nothing_tells_of_is_not_answered(ferry_session: Session, question: str) -> None:
    assert ferry_session.ask(question, thread=question).outcome != "answered"


@pytest.mark.parametrize(("question", "instructions", "gold"), INSTRUCTED, ids=[q for q, *_ in INSTRUCTED])
def test_instructions_are_honoured(ferry_session: Session, question: str, instructions: str, gold: str) -> None:
    check(ferry_session, ferry_session.ask(question, thread=question, instructions=instructions), gold)
