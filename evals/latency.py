"""How much time a turn takes beyond its SQL, how long the server takes to start, and how much memory it needs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb

from evals.report import percentile
from evals.served import served_demo
from evals.suite import Item, demo_suite

_WARM_UP = 10


def measure(state_dir: Path | None = None) -> str:
    """The figures, as text. Without `state_dir`, in a temporary one: then the first start makes the demo.

    A turn's overhead is the time of `Session.ask` less the time that its SQL alone takes on a plain connection to the
    same file (the faster of two runs), or took in the turn if that is less: a small result of the last minute is not
    read again. Turns without SQL count whole."""
    with tempfile.TemporaryDirectory() as scratch:
        state = state_dir or Path(scratch)
        with served_demo(state) as server:
            first_s = server.ready_s
        with served_demo(state) as server:
            server.wait_until_warm()
            page_s, ready_s, at_rest = server.page_s, server.ready_s, server.memory_mb()
            for item in demo_suite():
                if not item.turns:
                    server.ask(item.question, f"memory-{item.id}")
            after = server.memory_mb()
        overheads, wholes = _overheads(state, demo_suite())
    return "\n".join(
        [
            f"Turns asked: {len(wholes)}",
            _line("Whole turn", wholes),
            _line("Overhead over its SQL", overheads),
            f"First start (may make the demo): {first_s:.1f} s",
            f"Warm start: page after {page_s:.1f} s, data after {ready_s:.1f} s",
            f"Memory of the server: {at_rest:.0f} MiB at rest, {after:.0f} MiB after the suite",
        ]
    )


def _line(title: str, ms: Sequence[float]) -> str:
    return f"{title}: median {percentile(ms, 0.5):.0f} ms, p95 {percentile(ms, 0.95):.0f} ms, worst {max(ms):.0f} ms"


def _overheads(state: Path, items: Sequence[Item]) -> tuple[list[float], list[float]]:
    """Milliseconds of every turn beyond its SQL, and in all."""
    from assistant.session import open_session
    from knowledge.packs import load_demo

    path, _ = load_demo(state)
    session = open_session("demo", state_dir=state)
    overheads, wholes = [], []
    try:
        for item in items[:_WARM_UP]:
            session.ask(item.asked()[0].question, thread=f"warm-{item.id}-{time.time_ns()}")
        for item in items:
            thread = f"latency-{item.id}-{time.time_ns()}"
            for turn in item.asked():
                started = time.perf_counter()
                answer = session.ask(turn.question, thread=thread)
                whole = (time.perf_counter() - started) * 1000
                wholes.append(whole)
                read = answer.result.elapsed_ms if answer.result else 0.0
                overheads.append(
                    whole - (min(read, _alone(path, answer.provenance.sql)) if answer.provenance.sql else 0)
                )
    finally:
        session.close()
    return overheads, wholes


def _alone(path: Path, sql: str) -> float:
    from knowledge.warehouse.duckdb import connect

    con = connect(path)
    times = []
    for _ in range(2):
        started = time.perf_counter()
        try:
            con.execute(sql).fetchall()
        except duckdb.Error:
            return 0.0  # its failing is part of the turn
        times.append((time.perf_counter() - started) * 1000)
    return min(times)
