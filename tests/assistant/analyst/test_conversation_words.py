"""Words of a conversation: filters taken off, "each type" of what was just shown, "the top 5" of what."""

from __future__ import annotations

from itertools import count

import pytest

from assistant.answer import Answer
from assistant.session import Session
from knowledge.warehouse.duckdb import connect

_THREADS = count()


def turns(session: Session, *questions: str) -> Answer:
    thread = f"words-{next(_THREADS)}"
    return [session.ask(q, thread=thread) for q in questions][-1]


@pytest.mark.parametrize(
    "said", ["drop the filter on city", "remove the city filter", "forget the restriction on city"]
)
def test_a_filter_is_taken_off(kennel_session: Session, said: str) -> None:
    answer = turns(kennel_session, "bookings by channel in Rome in 2025", said)
    assert "Rome" not in answer.reading
    assert "2025" in answer.reading


def test_a_period_is_taken_off(kennel_session: Session) -> None:
    answer = turns(kennel_session, "bookings by channel in Rome in 2025", "remove the filter on the date")
    assert "Rome" in answer.reading
    assert "2025" not in answer.reading


def test_a_filter_that_is_not_there_is_not_made_into_one(kennel_session: Session) -> None:
    answer = turns(kennel_session, "bookings by channel", "drop the filter on weather")
    assert answer.outcome == "cannot"
    assert "weather" in answer.text


def test_the_top_of_nothing_is_asked_about(kennel_session: Session) -> None:
    answer = turns(kennel_session, "top 5 by total charges")
    assert answer.outcome == "ask"
    assert answer.choices
    assert turns(kennel_session, answer.choices[0].question).outcome == "answered"


def test_the_top_ones_are_several(kennel_session: Session) -> None:
    answer = turns(kennel_session, "top owners by number of bookings")
    assert answer.result is not None
    assert len(answer.result.rows) == 10


def test_how_many_different_ones_of_those_that_were(kennel_session: Session) -> None:
    answer = turns(kennel_session, "how many different owners booked in 2025?")
    assert answer.result is not None
    con = connect(kennel_session.workspace.warehouse.path)  # type: ignore[attr-defined]
    booked = con.execute("select count(distinct owner_id) from bkg where year(booked_dt) = 2025").fetchone()
    assert answer.result.rows == [booked]
