"""The embedded analyst reads a chain of bicycle workshops that nobody described: question in, rows out, against gold
SQL."""

from __future__ import annotations

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.workshop_questions import QUESTIONS


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(workshop_session: Session, question: str, gold: str) -> None:
    check(workshop_session, workshop_session.ask(question, thread=question), gold)
