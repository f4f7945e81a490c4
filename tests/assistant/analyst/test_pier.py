"""The embedded analyst reads a pier that nobody described: money said without saying of what, states that a time tells,
what people wrote. Question in, rows out, against gold SQL."""

from __future__ import annotations

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check

_SOLD = "tickets t join bookings b using (booking_id)"
QUESTIONS = [
    # money, of what is named; prices that were paid add up, and happen when their booking does
    ("ticket money taken this year", f"select sum(price_paid) from {_SOLD} where year(booked_at) = 2026"),
    ("money taken for tickets in May", f"select sum(price_paid) from {_SOLD} where month(booked_at) = 5 and year(booked_at) = 2026"),
    ("revenue by boat", "select boat, sum(price_paid) from tickets join trips using (trip_id) group by 1"),
    ("revenue by month", f"select date_trunc('month', booked_at), sum(price_paid) from {_SOLD} group by 1"),
    ("amount refunded in May", "select sum(refund_amount) from refunds where requested_on >= '2026-05-01' and requested_on < '2026-06-01'"),
    ("bills issued in May, total $", "select sum(total) from bills where issued_on >= '2026-05-01' and issued_on < '2026-06-01'"),
    # what is owed
    ("who owes us the most", "select first_name || ' ' || last_name, sum(total) from bills join guests using (guest_id) where paid_on is null group by guest_id, 1 order by 2 desc limit 1"),
    ("how much are we owed", "select sum(total) from bills where paid_on is null"),
    ("unpaid bills", "select count(*) from bills where paid_on is null"),
    ("unpaid bills total", "select sum(total) from bills where paid_on is null"),
    ("outstanding pledges", "select count(*) from gift_pledges where state = 'open'"),
    ("pledge money still outstanding", "select sum(amount_pledged) - sum(amount_received) from gift_pledges"),
    # states that a time tells
    ("how many animals are still alive", "select count(*) from animals where died_on is null"),
    ("how many otters died this year", "select count(*) from animals where species = 'otter' and year(died_on) = 2026"),
    ("helpers who have left, most recent leaver first", "select full_name from helpers where left_on is not null order by left_on desc"),
    ("helpers who quit this year", "select full_name from helpers where year(left_on) = 2026"),
    ("refund requests not decided yet", "select count(*) from refunds where approved is null"),
    # ages, pay, and whom not to bother
    ("helpers over 70", "select full_name from helpers where date_diff('year', birth_date, date '2026-06-30') - (strftime(birth_date, '%m%d') > '0630')::int > 70"),
    ("who earns the most of our helpers", "select full_name from helpers order by monthly_salary desc limit 1"),
    ("most tickets bought this year: who?", f"select first_name || ' ' || last_name, count(*) from {_SOLD} join guests using (guest_id) where year(booked_at) = 2026 group by guest_id, 1 order by 2 desc limit 1"),
    ("no. of guests we can't email", "select count(*) from guests where do_not_email"),
    # when what is talked of took place
    ("tickets for trips in May", "select count(*) from tickets join trips using (trip_id) where month(departs_at) = 5 and year(departs_at) = 2026"),
    ("how many tickets were sold for trips that took place in March", "select count(*) from tickets join trips using (trip_id) where month(departs_at) = 3 and year(departs_at) = 2026"),
    # what people wrote
    ("reviews that complain about parking", "select count(*) from reviews where body ilike '%parking%'"),
    ("how many reviews mention music or toilets", "select count(*) from reviews where body ilike '%music%' or body ilike '%toilet%'"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(pier_session: Session, question: str, gold: str) -> None:
    check(pier_session, pier_session.ask(question, thread=question), gold)


@pytest.mark.parametrize("question", ["longest rain cover", "outstanding reviews", "animals over 70"])
def test_words_of_sentences_and_of_other_things_are_no_conditions(pier_session: Session, question: str) -> None:
    assert pier_session.ask(question, thread=question).outcome in ("cannot", "ask")
