"""The embedded analyst reads a boat hire that nobody described: question in, rows out, against gold SQL."""

from __future__ import annotations

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.marina_questions import QUESTIONS


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(marina_session: Session, question: str, gold: str) -> None:
    check(marina_session, marina_session.ask(question, thread=question), gold)


def test_a_question_of_two_sentences_is_no_follow_up_to_itself(marina_session: Session) -> None:
    question = "how many rentals were there last month? how many of these were on weekends?"
    first, again = (marina_session.ask(question, thread="two sentences") for _ in range(2))
    assert first.reading == again.reading
    assert "weekends" in first.reading


def test_every_month_is_declined_rather_than_read_as_by_month(marina_session: Session) -> None:
    answer = marina_session.ask("how many members rented in every month of 2025", thread="every month")
    assert answer.outcome != "answered" or "every" in answer.reading


CONVERSATIONS = [
    (["amount by dock", "sort by dock"], "select docks.name, sum(amount) from rentals join boats using (boat_id) join docks using (dock_id) group by 1 order by 1"),
    (["number of rentals by kind", "as a percentage of the total"],
     "select kind, count(*), 100.0 * count(*) / sum(count(*)) over () from rentals join boats using (boat_id) group by 1"),
    (["total amount in 2025", "per member", "per boat"], "select sum(amount) / count(distinct boat_id) from rentals where year(start_ts) = 2025"),
    (["how many members from Bath rented in 2025", "what about York"],
     "select count(distinct member_id) from rentals join members using (member_id) where town = 'York' and year(start_ts) = 2025"),
    (["amount by kind in 2025", "compared to the year before", "which one grew the most"],
     "select kind from rentals join boats using (boat_id) group by 1 order by "
     "sum(amount) filter (year(start_ts) = 2025) / sum(amount) filter (year(start_ts) = 2024) desc limit 1"),
    (["top 2 boats by amount", "show all"], "select b.name, sum(amount) from rentals join boats b using (boat_id) group by boat_id, 1"),
    (["average amount by member", "above 150", "how many are there"],
     "select count(*) from (select member_id from rentals group by 1 having avg(amount) > 150)"),
]  # fmt: skip


@pytest.mark.parametrize(("turns", "gold"), CONVERSATIONS, ids=[" / ".join(turns) for turns, _ in CONVERSATIONS])
def test_follow_ups_edit_the_last_question(marina_session: Session, turns: list[str], gold: str) -> None:
    answers = [marina_session.ask(turn, thread=" / ".join(turns)) for turn in turns]
    assert [a.outcome for a in answers] == ["answered"] * len(turns), [a.text for a in answers]
    check(marina_session, answers[-1], gold)
