"""What words are said to mean, in what comes with a question: formulas, kinds of things, and which rows count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.analyst.reader import Reader
from assistant.session import Session
from knowledge.model import GlossaryTerm
from knowledge.request import Compare
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.toolhire_questions import FIGURES, KINDS, LIMITS, UNREADABLE


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


@pytest.mark.parametrize(("question", "told"), UNREADABLE, ids=[t for _, t in UNREADABLE])
def test_what_can_not_be_read_is_named_and_declined(toolhire_session: Session, question: str, told: str) -> None:
    answer = toolhire_session.ask(question, thread=told, instructions=told)
    assert answer.outcome == "cannot", answer.reading
    assert any(word in answer.text.lower() for word in told.lower().rstrip(".").split() if len(word) > 3)


def test_the_glossary_defines_words_too(toolhire_session: Session) -> None:
    workspace = toolhire_session.workspace
    terms = (
        GlossaryTerm("long hire", "A hire of more than 7 days.", ("marathon",)),
        GlossaryTerm("churn", "Who left."),
    )
    described = replace(workspace, model=replace(workspace.model, glossary=terms))
    for question in ("number of long hires by channel", "How many marathons were there per channel?"):
        plan = Reader(described).plan(question)
        assert plan.kind == "query", plan.text
        assert plan.request is not None
        held = plan.request.where[0]
        assert held == Compare(field="hires.days", op=">", value=7.0)
    assert Reader(described).plan("What does long hire mean?").kind == "say"


def test_words_that_the_question_does_not_use_change_nothing(toolhire_session: Session) -> None:
    told = "UR = utilisation = magic / moonlight. A unicorn is a hire by a dragon. Unicorns never count."
    plain = toolhire_session.ask("number of hires by channel", thread="plain")
    answer = toolhire_session.ask("number of hires by channel", thread="told", instructions=told)
    assert (answer.outcome, answer.reading) == ("answered", plain.reading)
