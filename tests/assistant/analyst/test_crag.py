"""The embedded analyst reads climbing halls that nobody described: question in, rows out, against gold SQL."""

from __future__ import annotations

import pytest

from assistant.session import Session
from tests.assistant.analyst.crag_questions import QUESTIONS
from tests.assistant.analyst.gold import check


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(crag_session: Session, question: str, gold: str) -> None:
    check(crag_session, crag_session.ask(question, thread=question), gold)
