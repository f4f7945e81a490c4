"""A question has the same figures wherever it is asked: by SMS, WhatsApp, in Slack and on the phone."""

from __future__ import annotations

import re

import pytest

from assistant.channels.markup import plain
from assistant.channels.twilio.spoken import speech
from assistant.people.door import Asker
from tests.assistant.channels.slack.conftest import BOSS as SLACK_BOSS
from tests.assistant.channels.slack.conftest import Workspace, slack_place, workspace  # noqa: F401
from tests.assistant.channels.twilio.conftest import BOSS, Line, line, place  # noqa: F401
from tests.assistant.channels.twilio.test_voice import Phone

QUESTIONS = (
    "What is the turnover?", "turnover by city", "How many sales are there?", "average amount of sales", "top 2 cities by turnover",
    "What is the payroll?", "turnover in the first week of January 2024", "highest salary", "turnover of Oslo", "turnover by month",
    "sales without a shop", "what is love?",
)  # fmt: skip


def figures(text: str) -> list[str]:
    """The numbers of the first sentence, which every channel says whole."""
    return re.findall(r"\d+(?:\.\d+)?", sentence(text).replace(",", ""))


def sentence(text: str) -> str:
    return re.split(r"[.;](?:\s|$)", plain(text).replace("*", "").splitlines()[0])[0]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_the_same_figures(line: Line, workspace: Workspace, question: str) -> None:  # noqa: F811
    asker = Asker.of(line.place.door.directory.named("boss"), "test")
    meant = (await line.place.desk.ask(asker, question, thread="test")).text
    said = {
        "sms": line.ask(question, BOSS),
        "whatsapp": line.ask(question, BOSS, "whatsapp"),
        "slack": workspace.ask(question, SLACK_BOSS)["text"],
    }
    assert {channel: figures(text) for channel, text in said.items()} == dict.fromkeys(said, figures(meant))
    phone = Phone(line, BOSS, "CA" + "b" * 32)
    phone.dial()
    assert phone.say(question).startswith(speech(sentence(meant)))
