"""The embedded analyst reads a music school that nobody described: question in, rows out, against gold SQL."""

from __future__ import annotations

import pytest

from assistant.session import Session
from tests.assistant.analyst.academy_questions import QUESTIONS, UNSURE
from tests.assistant.analyst.gold import check, check_reading


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(academy_session: Session, question: str, gold: str) -> None:
    check(academy_session, academy_session.ask(question, thread=question), gold)


@pytest.mark.parametrize(("question", "gold"), UNSURE)
def test_the_likeliest_reading_is_right_though_unsure(academy_session: Session, question: str, gold: str) -> None:
    check_reading(academy_session, question, gold)


@pytest.mark.parametrize(
    "question",
    [
        "how many instructors are not a pupil?",
        "what percentage of grants came with a title",
        "who bought the most lessons together with grants?",
    ],
)
def test_what_nothing_reads_is_not_left_out(academy_session: Session, question: str) -> None:
    assert academy_session.ask(question, thread=question).outcome != "answered"


CONVERSATIONS = [
    (["list the instructors of the Winds department", "which of those had the most lessons?"],
     "select instr_name from lessons join instructors using (instr_id) where dept_id = 2 group by instr_id, 1 order by count(*) desc limit 1"),
    (["lessons by subject", "show sittings instead of lessons"],
     "select subject, count(*) from sittings join lessons using (lesson_id) group by 1"),
    (["top 2 grant names by total amount", "make it the top 3"],
     "select grant_name, sum(amt_usd) from grants group by 1 order by 2 desc limit 3"),
    (["lessons by subject", "sort from lowest to highest"],
     "select subject, count(*) from lessons group by 1 order by 2"),
    (["lessons by subject", "start over: how many pupils are there?"], "select count(*) from pupils"),
]  # fmt: skip


@pytest.mark.parametrize(("turns", "gold"), CONVERSATIONS, ids=[" / ".join(turns) for turns, _ in CONVERSATIONS])
def test_follow_ups_edit_the_last_question(academy_session: Session, turns: list[str], gold: str) -> None:
    answers = [academy_session.ask(turn, thread=" / ".join(turns)) for turn in turns]
    assert [a.outcome for a in answers] == ["answered"] * len(turns), [a.text for a in answers]
    check(academy_session, answers[-1], gold)
