"""What is taken once, and kept until it is answered."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import time_machine

from assistant.channels.deliveries import Deliveries, Delivery


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deliveries.sqlite"


def left(path: Path) -> list[Delivery]:
    """What the next process finds."""
    opened = Deliveries(path)
    found = opened.left()
    opened.close()
    return found


def test_each_is_taken_once(path: Path) -> None:
    deliveries = Deliveries(path)
    assert deliveries.take("sms", "1", "a") == Delivery("sms", "1", "a")
    assert deliveries.take("sms", "1", "a") is None
    assert deliveries.first("slack", "1")
    assert not deliveries.first("slack", "1")


def test_what_waits_is_taken_up_once_and_then_lost(path: Path) -> None:
    deliveries = Deliveries(path)
    for n in ("1", "2", "3"):
        deliveries.take("sms", n, f"body {n}")
    deliveries.done(Delivery("sms", "2"))
    assert [(d.id, d.body, d.lost, d.since is not None) for d in left(path)] == [
        ("1", "body 1", False, True), ("3", "body 3", False, True),
    ]  # fmt: skip
    assert [(d.id, d.body, d.lost) for d in left(path)] == [("1", "body 1", True), ("3", "body 3", True)]
    assert left(path) == []


def test_what_may_have_been_answered_is_lost_and_so_is_what_nobody_waits_for_any_more(path: Path) -> None:
    with time_machine.travel("2026-01-01", tick=False) as clock:
        deliveries = Deliveries(path)
        taken = deliveries.take("sms", "1", "a")
        deliveries.answering(taken)
        assert [d.lost for d in left(path)] == [True]
        deliveries.take("sms", "2", "b")
        clock.shift(2 * 3600)
        assert [(d.id, d.lost) for d in left(path)] == [("2", True)]


def test_a_file_of_an_older_version_is_read(path: Path) -> None:
    with sqlite3.connect(path) as old:
        old.execute(
            "CREATE TABLE deliveries (channel TEXT NOT NULL, id TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (channel, id))"
        )
        old.execute("INSERT INTO deliveries VALUES ('sms', '1', strftime('%s') + 0.0)")
    old.close()
    assert left(path) == []
    assert Deliveries(path).take("sms", "1", "a") is None
