"""Many conversations at once, mixed over the channels: is every question answered, once, with its own figures?"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from evals.channels.api import Api, GraphQl, Mcp, Stream
from evals.channels.phone import Gather, Relay
from evals.channels.reached import Reached, reached
from evals.channels.said import Meant, Said, difference
from evals.channels.slack import InSlack
from evals.channels.texting import Sms, WhatsApp
from evals.channels.web import Web
from evals.report import percentile
from evals.suite import demo_suite

_WENT_WRONG = "went wrong"
_SCRIPTS, _QUESTIONS = 20, 12
_SETTLE_S = 3.0
"""After which nothing more should come."""
_NUMBERED = (InSlack, Sms, WhatsApp, Gather, Relay)
"""Ways in which each conversation has a number, or a user, of its own."""
WAYS: tuple[Any, ...] = (Web, Api, Stream, GraphQl, Mcp, InSlack, Sms, WhatsApp, Gather, Relay)


@dataclass(frozen=True)
class Turn:
    channel: str
    ms: float
    error: str = ""
    """What went wrong, if anything."""


Script = Sequence[tuple[str, Meant]]
"""Questions in the order in which a conversation asks them: some are understood by those before."""


async def scripts(world: Reached, pool: Sequence[str], count: int, questions: int) -> list[Script]:
    """Of so many questions each, drawn from the pool, with what the API answers to them."""
    made: list[Script] = []
    for n in range(count):
        api = Api(world)
        drawn = random.Random(n).sample(pool, questions)
        made.append([(question, Meant.of(await api.body(question))) for question in drawn])
    return made


async def converse_at_once(
    world: Reached, asked: Sequence[Script], *, conversations: int, seconds: float, pause_s: float
) -> tuple[list[Turn], int]:
    """The turns, and the number of messages that nobody had asked for. For so many seconds each of so many people goes
    through one script after the other, on one channel, with a pause of `pause_s` on average to read each answer."""
    ends = time.monotonic() + seconds
    everybody = (_person(world, asked, n, ends, pause_s) for n in range(conversations))
    turns = await asyncio.gather(*everybody)
    await asyncio.sleep(_SETTLE_S)
    return [turn for one in turns for turn in one], world.posted.left() + world.texted.left()


async def _person(world: Reached, asked: Sequence[Script], n: int, ends: float, pause_s: float) -> list[Turn]:
    drawn, turns, way = random.Random(n), [], WAYS[n % len(WAYS)]
    await asyncio.sleep(drawn.uniform(0, 2 * pause_s))  # nobody calls at the same moment
    first = n // len(WAYS)
    while time.monotonic() < ends:
        conversation = _made(world, way, n)
        try:
            await conversation.begin()
        except Exception as failure:
            turns.append(Turn(way.name, 0.0, f"{type(failure).__name__}: {failure} [at its beginning]"))
        else:
            turns += await _converse(conversation, asked[first % len(asked)], drawn, ends, pause_s)
        await conversation.end()
        first += 1
    return turns


def _made(world: Reached, way: Any, n: int) -> Any:
    make: Callable[..., Any] = partial(way, world, n) if way in _NUMBERED else partial(way, world)
    return make(pages=1) if issubclass(way, Sms) else make()


async def _converse(
    conversation: Any, script: Script, drawn: random.Random, ends: float, pause_s: float
) -> list[Turn]:  # fmt: skip
    turns = []
    for question, meant in script:
        if time.monotonic() > ends:
            break
        started = time.perf_counter()
        try:
            said = await conversation.ask(question, meant)
            error = _error(meant, said)
        except Exception as failure:  # whatever it is, it is no answer
            said, error = Said(None), f"{type(failure).__name__}: {failure}"
        if said is not None:
            ms = (time.perf_counter() - started) * 1000
            turns.append(Turn(conversation.name, ms, f"{error} [{question}]" if error else ""))
            await asyncio.sleep(drawn.uniform(0.5 * pause_s, 1.5 * pause_s))
    return turns


def _error(meant: Meant, said: Said | None) -> str:
    if said is None:
        return ""
    if _WENT_WRONG in (said.text or ""):
        return "it went wrong"
    differs = difference(meant, said)
    return "" if differs in ("", "a figure is missing") else f"{differs}: {said.text}"  # only a first page is read


def report(turns: Sequence[Turn], left: int, seconds: float) -> str:
    lines = [f"{'channel':<18}{'asked':>6}{'errors':>8}{'p50 ms':>9}{'p95 ms':>9}{'worst ms':>10}"]
    for channel in dict.fromkeys([*(way.name for way in WAYS), "all"]):
        mine = [t for t in turns if channel in (t.channel, "all")]
        times, errors = [t.ms for t in mine] or [0.0], sum(bool(t.error) for t in mine)
        lines.append(
            f"{channel:<18}{len(mine):>6}{errors:>8}{percentile(times, 0.5):>9.0f}{percentile(times, 0.95):>9.0f}"
            f"{max(times):>10.0f}"
        )
    lines.append(f"{len(turns) / seconds:.1f} answers a second; {left} messages that nobody had asked for")
    for error, count in Counter(f"{t.channel}: {t.error}" for t in turns if t.error).most_common(20):
        lines.append(f"{count:>4} × {error[:400]}")
    return "\n".join(lines)


def measure(conversations: int, seconds: float, pause_s: float, state_dir: Path | None = None) -> str:
    """The figures, as text. Who asks shares the machine with the server."""

    async def work(state: Path) -> str:
        async with reached(state, conversations) as world:
            world.server.wait_until_warm()
            pool = [item.question for item in demo_suite() if not item.turns]
            asked = await scripts(world, pool, _SCRIPTS, _QUESTIONS)
            turns, left = await converse_at_once(
                world, asked, conversations=conversations, seconds=seconds, pause_s=pause_s
            )
            return f"{report(turns, left, seconds)}\nMemory of the server: {world.server.memory_mb():.0f} MiB"

    with tempfile.TemporaryDirectory() as scratch:
        return asyncio.run(work(state_dir or Path(scratch)))
