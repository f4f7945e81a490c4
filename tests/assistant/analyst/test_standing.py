"""A question that says all that it asks is read as it would be on its own, whatever was asked before."""

from __future__ import annotations

from itertools import count

import pytest

from assistant.session import Session

_THREADS = count()
BEFORE = ["number of bookings by month for Own website", "average nightly rate by kennel in 2024"]


def read(session: Session, *turns: str) -> str:
    thread = f"standing-{next(_THREADS)}"
    answers = [session.ask(turn, thread=thread) for turn in turns]
    assert answers[-1].outcome == "answered", answers[-1].text
    return answers[-1].reading


@pytest.mark.parametrize("first", BEFORE)
@pytest.mark.parametrize(
    "question",
    [
        "top 2 kennels by number of bookings",
        "top 2 kennels per channel by number of bookings",
        "compare bookings in 2024 and 2025",
        "number of bookings last month vs the month before by kennel",
        "in 2025, how many bookings did each kennel have?",
        "list the 5 largest charges",
        "which kennel got the most bookings?",
        "by what channel do most bookings come?",
    ],
)
def test_what_stands_alone_keeps_nothing_of_the_last_question(
    kennel_session: Session, first: str, question: str
) -> None:
    assert read(kennel_session, first, question) == read(kennel_session, question)


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("by kennel", "Own website"),
        ("in 2025", "Own website"),
        ("and in Rome?", "Own website"),
        ("top 3", "Own website"),
        ("how many of those were in 2025?", "Own website"),
        ("only North Paws", "Own website"),
    ],
)
def test_what_hangs_on_the_last_question_keeps_it(kennel_session: Session, question: str, kept: str) -> None:
    assert kept in read(kennel_session, BEFORE[0], question)
