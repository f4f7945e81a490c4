"""A server that is killed while it answers (SIGKILL): after the restart every message has one answer, or its sender is
told; none has two."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from evals.channels.reached import connected, number, peopled
from evals.channels.slack import InSlack
from evals.channels.slack_server import Slack, slack_server
from evals.channels.texting import Sms, WhatsApp
from evals.channels.twilio_server import Twilio, twilio_server
from evals.served import Server
from tests.assistant.analyst import marina

PEOPLE = 8


@dataclass
class World:
    """The marina, served with loopback peers that stay when the server ends."""

    data: Path
    state: Path
    slack: Slack
    twilio: Twilio

    @contextmanager
    def served(self) -> Iterator[tuple[Server, str]]:
        with peopled(["--db", str(self.data)], self.state, PEOPLE, self.slack, self.twilio) as started:
            yield started

    async def ask_and_kill(self, started: tuple[Server, str], people: int, *, once_sent: bool = False) -> list[str]:
        """Ask for each of so many people on each channel, and kill the server once all was acknowledged, or once all was
        sent; who waits for an answer."""
        waiting = []
        async with connected(*started, PEOPLE, self.slack, self.twilio) as world:
            for n in range(people):
                for way in (Sms(world, n), WhatsApp(world, n)):
                    await way.text("How many boats are there?")
                    waiting.append(way.prefix + number(n))
                thread = InSlack(world, n)
                await thread.mention("How many boats are there?")
                waiting.append(thread.thread)
            sent = self.sent(waiting) if once_sent else {}
            os.kill(started[0].pid, signal.SIGKILL)
        for who, texts in sent.items():
            assert len(texts) == 1, (who, texts)
        return waiting

    def hold(self, holding: bool) -> None:
        """Have Slack and Twilio take messages without saying that they did."""
        self.slack.holding = self.twilio.holding = holding

    def sent(self, waiting: list[str], settle_s: float = 0) -> dict[str, list[str]]:
        """What was sent, by whom it is for, once all of these have something; and in the seconds after."""
        found: dict[str, list[str]] = {}
        deadline = time.monotonic() + 30
        while set(waiting) - found.keys() and time.monotonic() < deadline:
            self._take(found)
            time.sleep(0.02)
        time.sleep(settle_s)
        self._take(found)
        return found

    def _take(self, found: dict[str, list[str]]) -> None:
        while not self.twilio.messages.empty():
            message = self.twilio.messages.get()
            found.setdefault(message["To"], []).append(message["Body"])
        while not self.slack.calls.empty():
            call = self.slack.calls.get()
            if call.method == "chat.postMessage":
                found.setdefault(call.given["thread_ts"], []).append(call.given["text"])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    data = marina.build(tmp_path / "marina.duckdb")
    with slack_server() as slack, twilio_server() as twilio:
        yield World(data, tmp_path / "state", slack, twilio)


async def test_each_message_has_one_answer_or_its_sender_is_told(world: World) -> None:
    with world.served() as first:
        waiting = await world.ask_and_kill(first, PEOPLE)
    before = world.sent([])
    with world.served() as second:
        after = world.sent([who for who in waiting if who not in before], settle_s=1)
        assert after, "everything was answered before the server was killed"
        for who in waiting:
            texts = before.get(who, []) + after.get(who, [])
            answers = [text for text in texts if text.replace("*", "").startswith("Number of boats: 24.")]
            told = [text for text in texts if text.startswith("I was interrupted at “How many boats are there?”")]
            assert len(answers) <= 1, texts
            assert len(answers) + len(told) >= 1, texts
        world.hold(True)
        unsure = await world.ask_and_kill(second, 1, once_sent=True)
        world.hold(False)
    with world.served():
        said = world.sent(unsure, settle_s=1)
    assert set(said) == set(unsure), "a second restart finds nothing else to do"
    for texts in said.values():  # nobody can know whether Slack and Twilio have sent the first answer
        assert [text.partition(".")[0] for text in texts] == ["I was interrupted at “How many boats are there?”"]
