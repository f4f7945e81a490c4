"""The embedded analyst reads a tool library that nobody described: late and on time, people marked by a flag, rates of
what was done, times of the things themselves. Question in, rows out, against gold SQL."""

from __future__ import annotations

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check

QUESTIONS = [
    # late, on time, overdue: two times of a row
    ("how many loans were returned late", "select count(*) from loans where returned_on > due_on"),
    ("late loans by kind of tool", "select kind, count(*) from loans join tools using (tool_id) where returned_on > due_on group by 1"),
    ("overdue loans", "select count(*) from loans where returned_on is null and due_on < date '2026-06-30'"),
    ("on-time return rate", "select 100.0 * count(*) filter (returned_on <= due_on) / count(returned_on) from loans"),
    ("average days between due date and return date for loans that were returned late", "select avg(returned_on - due_on) from loans where returned_on > due_on"),
    # people marked by a flag
    ("how many lenders are suspended", "select count(*) from people where is_lender and account_state = 'suspended'"),
    ("how many left-handed lenders do we have", "select count(*) from people where is_lender and dominant_hand = 'left'"),
    # what is worth most; what happened when it is called after it
    ("the 3 most valuable tools", "select tool_name from tools order by market_value desc limit 3"),
    ("number of deliveries in May", "select count(*) from deliveries where delivered_at >= '2026-05-01' and delivered_at < '2026-06-01'"),
    ("denial rate", "select 100.0 * count(*) filter (claim_state = 'denied') / count(*) from claims"),
    # what was given, and since when
    ("how much was given in each month of 2026?", "select date_trunc('month', given_on), sum(amount) from gifts where year(given_on) = 2026 group by 1"),
    ("total gifts in the past 6 months, inclusive of 6 months ago", "select sum(amount) from gifts where given_on >= '2025-12-30'"),
    # an appointment happens when it starts; what was charged is what came in, whatever was sold beside it
    ("appointments per month this year", "select date_trunc('month', starts_at), count(*) from appointments where year(starts_at) = 2026 group by 1"),
    ("takings in May", "select sum(charged) from appointments where starts_at >= '2026-05-01' and starts_at < '2026-06-01'"),
    ("what's the busiest hour on Saturdays", "select hour(starts_at), count(*) from appointments where isodow(starts_at) = 6 group by 1 order by 2 desc, 1 limit 1"),
    ("who had the most no-shows", "select username, count(*) from appointments join people using (person_id) where state = 'no-show' group by 1 order by 2 desc, 1 limit 1"),
    ("how many joinery lessons did we give in May", "select count(*) from appointments join lessons using (lesson_id) where kind = 'joinery' and starts_at >= '2026-05-01' and starts_at < '2026-06-01'"),
    # what we spend is what is paid out
    ("how much did we spend on energy this year", "select sum(amount) from supplier_bills where category = 'energy' and year(billed_on) = 2026"),
    ("how much do we still owe Timber Ltd", "select sum(amount) from supplier_bills where settled_on is null"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(toolshed_session: Session, question: str, gold: str) -> None:
    check(toolshed_session, toolshed_session.ask(question, thread=question), gold)


def test_each_thing_is_not_counted_by_itself(toolshed_session: Session) -> None:
    answer = toolshed_session.ask("number of loans by loan id", thread="itself")
    assert answer.outcome != "answered" or "Number of loans by loan" not in answer.reading
