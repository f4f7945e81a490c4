"""Messages that an earlier process left without an answer."""

from __future__ import annotations

import pytest

from assistant.channels.deliveries import Deliveries
from assistant.channels.twilio.numbers import Numbers
from assistant.channels.twilio.texting import Incoming
from assistant.people.door import Asker
from tests.assistant.channels.twilio.conftest import BOSS, OURS, STRANGER, Line, reopened


def leave(line: Line, text: str, sender: str = BOSS, *, answering: bool = False) -> None:
    """As a process does that is killed after it took the message; or while it sent the answer."""
    deliveries = Deliveries(line.place.state / "twilio" / "deliveries.sqlite")
    taken = deliveries.take("sms", "SM" + "f" * 32, Incoming("sms", sender, OURS, text).written())
    if answering:
        deliveries.answering(taken)
    deliveries.close()


async def test_a_question_that_was_asked_already_is_not_understood_by_itself(line: Line) -> None:
    line.ask("turnover in January 2024", BOSS)
    asker = Asker.of(line.place.door.directory.named("boss"), "sms")
    numbers = Numbers(line.place.state / "twilio" / "numbers.sqlite")
    leave(line, "what about the month before?")
    thread = numbers.talk("sms", BOSS, asker.person.id).conversation
    meant = await line.place.desk.ask(asker, "what about the month before?", thread=thread)
    with reopened(line):
        assert f"Read as: {meant.reading}" in line.twilio.said()["Body"]
    assert "December 2023" in meant.reading


@pytest.mark.parametrize(
    ("text", "sender", "told"),
    [("What is the turnover?", BOSS, True), ("STOP", BOSS, False), ("What is the turnover?", STRANGER, False)],
)
def test_who_may_have_an_answer_is_told_unless_they_want_or_may_have_none(
    line: Line, text: str, sender: str, told: bool
) -> None:
    leave(line, text, sender, answering=True)
    with reopened(line):
        pass  # when it ends, all is said that was owed
    said = [line.twilio.messages.get()["Body"] for _ in range(line.twilio.messages.qsize())]
    interrupted = "I was interrupted at “What is the turnover?”. If you have no answer to it, send it again."
    assert said == ([interrupted] if told else [])
