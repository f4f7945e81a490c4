"""What is said more than in the period before, on a spa's reviews: of May's, one in three complains about a cold room, of
June's one in three about the booking app, that none mentioned before; one in four of both complains about parking."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from assistant.session import Session
from tests.tools.texts.test_text import ask, opened, rows
from tools.texts.words import wish

APP = ["The booking app crashed, terrible", "Booking app is awful, it crashed again"]
COLD = ["The room was cold, disappointing", "A cold room and a horrible smell"]
PARKING = ["Parking was a nightmare", "Terrible parking, really annoying"]
LIKED = ["Wonderful therapist, so relaxing", "I loved it, excellent"]


@pytest.fixture(scope="module")
def spa(tmp_path_factory: pytest.TempPathFactory) -> Session:
    path: Path = tmp_path_factory.mktemp("spa") / "spa.duckdb"
    con = duckdb.connect(str(path))
    con.execute("create table reviews(id integer primary key, review_text varchar, posted_on date)")
    made = []
    for n in range(240):
        day = date(2026, 5, 1) + timedelta(days=n // 4)
        kinds = [APP if day.month == 6 else COLD, PARKING, LIKED, LIKED]
        kind = kinds[0] if n % 12 in (0, 3, 6, 9) else kinds[1] if n % 12 in (1, 4, 8) else LIKED
        made.append((n, kind[n // 12 % 2], day))
    con.executemany("insert into reviews values (?, ?, ?)", made)
    con.close()
    return opened(path)


@pytest.mark.parametrize(
    "question",
    [
        "what do customers complain about more than last month?",
        "new complaints this month",
        "which complaints are growing this month?",
        "how have complaints changed since last month?",
    ],
)
def test_what_is_complained_about_more_than_the_month_before(spa: Session, question: str) -> None:
    answer = ask(spa, question)
    first, *_, last = rows(answer)
    assert "app" in str(first[0])
    assert first[4:6] == (38, 0)
    assert "against none" in answer.text
    assert "room" in str(last[0]) or "cold" in str(last[0])


def test_what_is_as_frequent_as_before_is_not_said_to_rise(spa: Session) -> None:
    answer = ask(spa, "what do customers complain about more than last month?")
    parking = next(r for r in rows(answer) if "parking" in str(r[0]))
    assert parking[6] == 1
    assert "parking" not in answer.text


def test_a_period_with_too_few_texts_is_said(spa: Session) -> None:
    answer = spa.ask("what do customers complain about more than last year?", thread="year")
    assert answer.outcome == "cannot"
    assert "0 reviews with a text" in answer.text


@pytest.mark.parametrize("question", ["new orders this month", "new tickets this month", "what changed this month?"])
def test_other_news_is_left_alone(question: str) -> None:
    assert wish(question) is None
