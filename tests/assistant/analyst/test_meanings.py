"""What words are said to mean, in what comes with a question: formulas, kinds of things, and which rows count."""

from __future__ import annotations

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.toolhire_questions import FIGURES, KINDS, LIMITS


@pytest.mark.parametrize(("question", "told", "gold"), FIGURES, ids=[q for q, *_ in FIGURES])
def test_a_figure_is_worked_out_as_it_is_defined(
    toolhire_session: Session, question: str, told: str, gold: str
) -> None:
    check(toolhire_session, toolhire_session.ask(question, thread=question, instructions=told), gold)


@pytest.mark.parametrize(("question", "told", "gold"), KINDS, ids=[q for q, *_ in KINDS])
def test_things_are_of_a_kind_as_it_is_defined(toolhire_session: Session, question: str, told: str, gold: str) -> None:
    check(toolhire_session, toolhire_session.ask(question, thread=question, instructions=told), gold)


@pytest.mark.parametrize(("question", "told", "gold"), LIMITS, ids=[f"{q} {t}" for q, t, _ in LIMITS])
def test_only_the_rows_that_are_said_to_count_do(
    toolhire_session: Session, question: str, told: str, gold: str
) -> None:
    check(toolhire_session, toolhire_session.ask(question, thread=question, instructions=told), gold)
