"""What an owner asks in the middle of a conversation and means by itself, and words that must not be passed over."""

from __future__ import annotations

from itertools import count

import pytest

from assistant.answer import Answer
from assistant.session import Session
from tests.assistant.analyst.gold import check

_THREADS = count()
_SOLD = "order_lines join orders using (order_id) join products p using (product_id)"


def turns(session: Session, *questions: str) -> Answer:
    thread = f"whole-{next(_THREADS)}"
    return [session.ask(q, thread=thread) for q in questions][-1]


@pytest.mark.parametrize(
    ("question", "gold"),
    [
        ("how many helmets did we sell in 2024", f"select sum(quantity) from {_SOLD} where category = 'Helmets' and year(ordered_at) = 2024"),
        ("How many bikes were sold?", f"select sum(quantity) from {_SOLD} where category = 'Bikes'"),
        ("how many bikes were sold by store", f"select s.name, sum(quantity) from {_SOLD} join stores s using (store_id) where category = 'Bikes' group by 1"),
        ("how many accessories did each store sell in 2024", f"select s.name, sum(quantity) from {_SOLD} join stores s using (store_id) where category = 'Accessories' and year(ordered_at) = 2024 group by 1"),
        ("total amount june vs may", f"select sum(amount) filter (month(ordered_at) = 6), sum(amount) filter (month(ordered_at) = 5) from {_SOLD} where year(ordered_at) = 2024"),
        ("which customers stopped ordering", "select name from customers where customer_id not in (select customer_id from orders where ordered_at >= date '2024-10-03')"),
    ],
)  # fmt: skip
def test_what_was_sold_is_counted_in_pieces_and_months_in_lower_case_are_months(
    bikes_session: Session, question: str, gold: str
) -> None:
    check(bikes_session, turns(bikes_session, question), gold)


@pytest.mark.parametrize(
    "question", ["How much did we sell in 2024?", "who are our best customers", "how are we doing this year"]
)
def test_a_sentence_of_its_own_things_is_no_follow_up(bikes_session: Session, question: str) -> None:
    after = turns(bikes_session, "total amount by category for Boston", question)
    assert after.reading == turns(bikes_session, question).reading


def test_a_follow_up_compares_the_later_period_with_the_earlier(bikes_session: Session) -> None:
    answer = turns(bikes_session, "total amount by store", "compare May 2024 with June 2024")
    assert "June 2024, compared with May 2024" in answer.reading


def test_a_period_is_not_compared_with_itself(bikes_session: Session) -> None:
    answer = turns(bikes_session, "total amount in the summer of 2024", "compared with last summer")
    assert "year before" in answer.reading


@pytest.mark.parametrize("question", ["what is our most profitable product", "who are the least profitable customers"])
def test_profit_that_is_not_in_the_data_is_not_taken_for_sales(bikes_session: Session, question: str) -> None:
    answer = turns(bikes_session, question)
    assert answer.outcome == "cannot"
    assert "profit" in answer.text


def test_those_with_and_those_without_are_compared_per_head(bikes_session: Session) -> None:
    answer = turns(bikes_session, "do customers with an order in 2024 spend more?")
    assert answer.outcome != "answered" or "per customer" in answer.reading


@pytest.mark.parametrize("question", ["does any store sell more in winter?", "are helmets cheaper"])
def test_more_than_nothing_said_is_not_passed_over(bikes_session: Session, question: str) -> None:
    answer = turns(bikes_session, question)
    assert answer.outcome == "cannot"
    assert "than what?" in answer.text


def test_what_is_compared_among_groups_keeps_what_is_bought(bikes_session: Session) -> None:
    answer = turns(bikes_session, "do racers buy more helmets than commuters")
    assert answer.outcome != "answered" or "Helmets" in answer.reading
