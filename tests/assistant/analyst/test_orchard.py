"""The embedded analyst reads a fruit growers' cooperative that nobody described: question in, rows out, against gold
SQL; and definitions in plain English that come with a question."""

from __future__ import annotations

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.orchard_questions import INSTRUCTED, QUESTIONS


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(orchard_session: Session, question: str, gold: str) -> None:
    check(orchard_session, orchard_session.ask(question, thread=question), gold)


@pytest.mark.parametrize(("question", "told", "gold"), INSTRUCTED, ids=[q for q, *_ in INSTRUCTED])
def test_definitions_that_come_with_a_question_are_honoured(
    orchard_session: Session, question: str, told: str, gold: str
) -> None:
    check(orchard_session, orchard_session.ask(question, thread=question, instructions=told), gold)
