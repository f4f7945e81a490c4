"""The served demo, reached as the world reaches it: Slack and Twilio are loopback servers, and one person is known to
every channel."""

from __future__ import annotations

import asyncio
import json
import queue
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import aiohttp

from assistant.people.door import Door
from evals.channels.slack_server import BOT, Slack, slack_server
from evals.channels.slack_server import Call as SlackCall
from evals.channels.twilio_server import SID, TOKEN, Twilio, twilio_server
from evals.served import Server, served

PUBLIC = "https://parley.example"
"""What the server believes to be its address: what is signed names it."""
SIGNING_SECRET, PASSWORD = "Slack's signing secret", "a password of some length"
PATIENCE_S = 60.0
T = TypeVar("T")


class NoAnswer(RuntimeError):
    """Nothing came, or something else than an answer."""


@dataclass
class Mail(Generic[T]):
    """What a peer was sent, handed to whom it is for."""

    taken: queue.Queue[T]
    whose: Callable[[T], str | None]
    boxes: dict[str, asyncio.Queue[T]] = field(default_factory=lambda: defaultdict(asyncio.Queue))

    async def hand_out(self) -> None:
        while True:
            try:
                item = self.taken.get_nowait()
            except queue.Empty:
                await asyncio.sleep(0.005)
                continue
            if (who := self.whose(item)) is not None:
                self.boxes[who].put_nowait(item)

    def left(self) -> int:
        """How many nobody has asked for."""
        return sum(box.qsize() for box in self.boxes.values())

    async def next(self, who: str) -> T:
        """Raises NoAnswer."""
        try:
            return await asyncio.wait_for(self.boxes[who].get(), PATIENCE_S)
        except TimeoutError as error:
            raise NoAnswer(f"nothing came in {PATIENCE_S:.0f} s") from error


@dataclass(frozen=True)
class Reached:
    """`key` is of an owner, to whom `numbers` (on every channel of Twilio's) and Slack's `users` are linked."""

    server: Server
    key: str
    numbers: tuple[str, ...]
    users: tuple[str, ...]
    http: aiohttp.ClientSession
    posted: Mail[SlackCall]
    texted: Mail[dict[str, str]]

    def at(self, address: str) -> str:
        """An address of the server, as the world knows it or as a path, where it really is."""
        return self.server.url + address.removeprefix(PUBLIC)

    async def post_json(self, path: str, body: Any, **headers: str) -> dict[str, Any]:
        """As the owner. Raises NoAnswer for anything but 200."""
        async with self.http.post(self.at(path), json=body, headers=self.authorized | headers) as reply:
            if reply.status != 200:
                raise NoAnswer(f"{reply.status}: {(await reply.text())[:200]}")
            made: dict[str, Any] = json.loads(await reply.text())
            return made

    @property
    def authorized(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


@contextmanager
def peopled(
    data: Sequence[str], state: Path, people: int, slack: Slack, twilio: Twilio
) -> Iterator[tuple[Server, str]]:  # fmt: skip
    """`parley serve` with both peers, and the key of an owner to whom so many numbers and users are linked."""
    door = Door(state)
    try:
        owner = door.directory.find("boss") or door.directory.add("boss", "owner")
        door.passwords.set(owner, PASSWORD)
        for n in range(people):
            for channel in ("sms", "whatsapp", "phone"):
                door.identities.link(owner, channel, number(n))
            door.identities.link(owner, "slack", f"T1/{user(n)}")
        key, _ = door.keys.create(door.directory.named("boss"), label="eval")
    finally:
        door.close()
    with served(
        data, state, PARLEY_RATE_LIMIT="1000000/minute", PARLEY_PUBLIC_URL=PUBLIC, PARLEY_EGRESS="rows",
        PARLEY_SLACK_BOT_TOKEN=BOT, PARLEY_SLACK_SIGNING_SECRET=SIGNING_SECRET,
        PARLEY_SLACK_API_URL=f"{slack.url}/api/", PARLEY_TWILIO_ACCOUNT_SID=SID, PARLEY_TWILIO_AUTH_TOKEN=TOKEN,
        PARLEY_TWILIO_API_URL=twilio.url,
    ) as server:  # fmt: skip
        yield server, key


@asynccontextmanager
async def reached(state: Path, people: int = 1, data: Sequence[str] = ("--demo",)) -> AsyncIterator[Reached]:
    """`data`: what `parley serve` is told to serve. Raises DidNotStart."""
    with (
        slack_server() as slack, twilio_server() as twilio,
        peopled(data, state, people, slack, twilio) as (server, key),
    ):  # fmt: skip
        async with connected(server, key, people, slack, twilio) as world:
            handing = [asyncio.create_task(mail.hand_out()) for mail in (world.posted, world.texted)]
            yield world
            for task in handing:
                task.cancel()


@asynccontextmanager
async def connected(server: Server, key: str, people: int, slack: Slack, twilio: Twilio) -> AsyncIterator[Reached]:
    """Whose mail is not handed out."""
    posted = Mail(slack.calls, lambda call: str(call.given.get("thread_ts")) if "post" in call.method else None)
    texted = Mail(twilio.messages, lambda message: message["To"] if message.get("Body") else None)
    connector, timeout = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(total=2 * PATIENCE_S)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as http:
        numbers, users = tuple(map(number, range(people))), tuple(map(user, range(people)))
        yield Reached(server, key, numbers, users, http, posted, texted)


def number(n: int) -> str:
    return f"+4790{n:06d}"


def user(n: int) -> str:
    return f"U{n:06d}"


def stamp() -> str:
    """A time as Slack writes it, never twice the same."""
    return f"{time.time_ns() / 1e9:.6f}{time.time_ns() % 1000:03d}"
