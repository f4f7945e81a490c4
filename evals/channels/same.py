"""Whether a question's figures are the same in every channel: the demo suite, asked through each."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.channels.api import Api, GraphQl, Mcp, Stream
from evals.channels.phone import Gather, Relay
from evals.channels.reached import Reached, reached
from evals.channels.said import Meant, difference
from evals.channels.slack import InSlack
from evals.channels.texting import Sms, WhatsApp
from evals.channels.web import Web
from evals.report import percentile
from evals.suite import Item, demo_suite, turn_id

WAYS: tuple[Any, ...] = (Api, Stream, GraphQl, Mcp, Web, InSlack, Sms, WhatsApp, Gather, Relay)
"""Of asking; each has a `name`, is made of a Reached, and can `begin`, `ask` and `end`."""


@dataclass(frozen=True)
class Heard:
    """What came of a question in a channel: `how` is "same", "different", "failed", or "" where it can't be asked."""

    id: str
    channel: str
    how: str
    why: str
    ms: float


async def ask_everywhere(world: Reached, items: Sequence[Item], ways: Sequence[Any] = WAYS) -> list[Heard]:
    """Each item is a conversation in every channel; all of an item's at once."""
    heard = []
    for item in items:
        reference = Api(world)
        conversations = [way(world) for way in ways]
        for conversation in conversations:
            await conversation.begin()
        for n, turn in enumerate(item.asked()):
            meant = Meant.of(await reference.body(turn.question))
            name = turn_id(item, n)
            heard += await asyncio.gather(*(_asked(c, name, turn.question, meant) for c in conversations))
        for conversation in conversations:
            await conversation.end()
    return heard


async def _asked(conversation: Any, name: str, question: str, meant: Meant) -> Heard:
    started = time.perf_counter()
    try:
        said = await conversation.ask(question, meant)
    except Exception as error:  # whatever it is, it is no answer
        return Heard(name, conversation.name, "failed", f"{type(error).__name__}: {error}", 0.0)
    ms = (time.perf_counter() - started) * 1000
    if said is None:
        return Heard(name, conversation.name, "", "", 0.0)
    differs = difference(meant, said)
    if not differs:
        return Heard(name, conversation.name, "same", "", ms)
    why = f"{differs}\n    asked: {question}\n    meant: {meant.text}\n    said:  {said.text}"
    if differs == "other rows":
        why += f"\n    rows:  {meant.rows[:3]} / {(said.rows or said.cells or [])[:3]}"
    return Heard(name, conversation.name, "different", why, ms)


def report(heard: Sequence[Heard]) -> str:
    """A line a channel, and what was not the same."""
    lines = [f"{'channel':<18}{'asked':>6}{'same':>6}{'different':>11}{'failed':>8}{'p50 ms':>9}{'p95 ms':>9}"]
    for channel in dict.fromkeys(h.channel for h in heard):
        mine = [h for h in heard if h.channel == channel and h.how]
        times, count = [h.ms for h in mine if h.how != "failed"] or [0.0], Counter(h.how for h in mine)
        lines.append(
            f"{channel:<18}{len(mine):>6}{count['same']:>6}{count['different']:>11}{count['failed']:>8}"
            f"{percentile(times, 0.5):>9.0f}{percentile(times, 0.95):>9.0f}"
        )
    for h in heard:
        if h.why:
            lines += ["", f"{h.id} in {h.channel}: {h.why}"]
    return "\n".join(lines)


def measure(state_dir: Path | None = None, limit: int | None = None) -> str:
    """The figures, as text."""

    async def work(state: Path) -> list[Heard]:
        async with reached(state) as world:
            world.server.wait_until_warm()
            return await ask_everywhere(world, demo_suite()[:limit])

    with tempfile.TemporaryDirectory() as scratch:
        return report(asyncio.run(work(state_dir or Path(scratch))))
