"""The embedded analyst reads a chain of kennels that nobody described: question in, rows out, against gold SQL."""

from __future__ import annotations

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.kennel_questions import QUESTIONS


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(kennel_session: Session, question: str, gold: str) -> None:
    check(kennel_session, kennel_session.ask(question, thread=question), gold)


@pytest.mark.parametrize("question", ["how many nights are left?", "how many owners left us in 2024?"])
def test_what_nothing_reads_is_not_left_out(kennel_session: Session, question: str) -> None:
    assert kennel_session.ask(question, thread=question).outcome != "answered"
