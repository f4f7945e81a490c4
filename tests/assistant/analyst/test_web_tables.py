"""The embedded analyst reads single tables copied from web pages: question in, rows out, against gold SQL."""

from __future__ import annotations

import pytest

from assistant.session import Session
from evals.score import same_rows
from knowledge.warehouse.duckdb import connect
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.web_table_questions import NOBODY, QUESTIONS, UNANSWERABLE


@pytest.mark.parametrize(("table", "question", "gold"), QUESTIONS, ids=[q for _, q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(web_session: Session, table: str, question: str, gold: str) -> None:
    check(web_session, web_session.ask(question, thread=question, tables=[table]), gold)


@pytest.mark.parametrize(("table", "question", "gold"), NOBODY, ids=[q for _, q, _ in NOBODY])
def test_a_value_that_no_cell_is_stays_a_condition(web_session: Session, table: str, question: str, gold: str) -> None:
    answer = web_session.ask(question, thread=question, tables=[table])
    assert answer.outcome in ("answered", "no_rows"), answer.text
    assert answer.result is not None
    wanted = connect(web_session.workspace.warehouse.path).execute(gold).fetchall()  # type: ignore[attr-defined]
    assert same_rows(wanted, answer.result.rows), (answer.reading, answer.result.rows[:3])


@pytest.mark.parametrize(("table", "question"), UNANSWERABLE, ids=[q for _, q in UNANSWERABLE])
def test_what_a_table_does_not_hold_is_declined(web_session: Session, table: str, question: str) -> None:
    assert web_session.ask(question, thread=question, tables=[table]).outcome == "cannot"
