"""Many people asking a served demo at once."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from evals.report import percentile
from evals.served import Server, served_demo
from evals.suite import demo_suite


@dataclass(frozen=True)
class Asked:
    ms: float
    outcome: str
    """An Answer's outcome, or the name of the error."""


def measure(people: int = 50, questions: int = 4, state_dir: Path | None = None) -> str:
    """The figures, as text: each person, in a conversation of their own, asks the next question as soon as the last is
    answered. The people are threads of this process and share the machine with the server."""
    with tempfile.TemporaryDirectory() as scratch, served_demo(state_dir or Path(scratch)) as server:
        server.wait_until_warm()
        started = time.perf_counter()
        asked = ask_at_once(server, people, questions)
        took = time.perf_counter() - started
        memory = server.memory_mb()
    times = [a.ms for a in asked]
    outcomes = Counter(a.outcome for a in asked)
    errors = sum(n for outcome, n in outcomes.items() if outcome not in _OUTCOMES)
    return "\n".join(
        [
            f"{people} people, {len(asked)} questions in {took:.1f} s: {len(asked) / took:.0f} a second",
            f"Errors: {errors}",
            f"Time to answer: median {percentile(times, 0.5):.0f} ms, p95 {percentile(times, 0.95):.0f} ms, "
            f"worst {max(times):.0f} ms",
            f"Outcomes: {', '.join(f'{outcome} {n}' for outcome, n in outcomes.most_common())}",
            f"Memory of the server: {memory:.0f} MiB",
        ]
    )


_OUTCOMES = ("answered", "ask", "cannot", "no_rows", "not_allowed")


def ask_at_once(server: Server, people: int, questions: int) -> list[Asked]:
    """Everybody's questions, drawn from the demo suite (the same ones in every run)."""
    pool = [item.question for item in demo_suite() if not item.turns]

    def person(n: int) -> list[Asked]:
        return [_ask(server, q, f"load-{time.time_ns()}-{n}") for q in random.Random(n).sample(pool, questions)]

    with ThreadPoolExecutor(people) as everybody:
        return [asked for one in everybody.map(person, range(people)) for asked in one]


def _ask(server: Server, question: str, conversation: str) -> Asked:
    started = time.perf_counter()
    try:
        outcome = str(server.ask(question, conversation)["outcome"])
    except (OSError, KeyError, ValueError) as error:
        outcome = f"{type(error).__name__} ({error})"
    return Asked((time.perf_counter() - started) * 1000, outcome)
