"""The embedded analyst reads a dog salon that nobody described: question in, rows out, against gold SQL."""

from __future__ import annotations

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.salon_questions import QUESTIONS


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(salon_session: Session, question: str, gold: str) -> None:
    check(salon_session, salon_session.ask(question, thread=question), gold)


@pytest.mark.parametrize(
    "question",
    [
        "owners who registered in the same month as their first appointment",
        "groomers with both complaints and bills",
        "how many groomers have more than 2 different complaints of the same kind",
        "what is the total fee amount of payments",
    ],
)
def test_what_nothing_reads_is_not_left_out(salon_session: Session, question: str) -> None:
    assert salon_session.ask(question, thread=question).outcome != "answered"


CONVERSATIONS = [
    (["completed visits by team", "sort by it ascending"],
     "select team, count(*) from appts join groomers using (groomer_id) where status = 'completed' group by 1 order by 2"),
    (["bills by bill state", "as a bar chart"], "select bill_state, count(*) from bills group by 1"),
    (["average fee by billing cycle", "median instead"], "select billing_cycle, median(fee) from memberships group by 1"),
    (["top 3 groomers by appointments", "with their team"],
     "select full_name, team, count(*) from appts join groomers using (groomer_id) group by groomer_id, 1, 2 order by 3 desc limit 3"),
    (["completed visits by visit type", "on Mondays"],
     "select visit_type, count(*) from appts where status = 'completed' and isodow(planned_start) = 1 group by 1"),
    (["top 2 groomers by appointments", "what is their total billed", "how many appointments do they have"],
     "select full_name, count(*) from appts join groomers using (groomer_id) group by groomer_id, 1 order by 2 desc limit 2"),
    (["number of appointments by team", "sorted alphabetically"],
     "select team, count(*) from appts join groomers using (groomer_id) group by 1 order by 1"),
    (["top 3 groomers by appointments", "what's the total of those?"],
     "select sum(n) from (select count(*) as n from appts join groomers using (groomer_id) group by groomer_id order by 1 desc limit 3)"),
    (["how many appointments were cancelled in 2025?", "list them"],
     "select appt_id from appts where status = 'cancelled' and year(planned_start) = 2025"),
    (["how many owners are from Leeds?", "who are they?"], "select first_name || ' ' || last_name from owners where town = 'Leeds'"),
]  # fmt: skip


@pytest.mark.parametrize("said", ["thanks!", "ok, great", "perfect, thank you"])
def test_thanks_are_no_question(salon_session: Session, said: str) -> None:
    salon_session.ask("bills by bill state", thread=said)
    assert salon_session.ask(said, thread=said).text == "You're welcome."


def test_whether_a_figure_is_good_depends(salon_session: Session) -> None:
    salon_session.ask("how many appointments were there in 2025?", thread="judged")
    answer = salon_session.ask("is that good?", thread="judged")
    assert "compared with" in answer.text
    assert "compared with the period before" in answer.follow_ups


@pytest.mark.parametrize(("turns", "gold"), CONVERSATIONS, ids=[" / ".join(turns) for turns, _ in CONVERSATIONS])
def test_follow_ups_edit_the_last_question(salon_session: Session, turns: list[str], gold: str) -> None:
    answers = [salon_session.ask(turn, thread=" / ".join(turns)) for turn in turns]
    assert [a.outcome for a in answers] == ["answered"] * len(turns), [a.text for a in answers]
    check(salon_session, answers[-1], gold)
