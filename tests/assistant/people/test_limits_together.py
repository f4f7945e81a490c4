"""Limits that several servers count together in a Redis; and what happens while that is away."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from assistant.people import limits as module
from assistant.people.limits import RateLimits, TooOften
from evals.served import served
from tests.assistant.people.redis_server import Redis, redis

__all__ = ["redis"]


def let_through(store: str, tries: int) -> int:
    limits, through = RateLimits("30/minute", store), 0
    for _ in range(tries):
        try:
            limits.count("ask", "ana")
            through += 1
        except TooOften:
            pass
    return through


def test_two_servers_count_together(redis: Redis) -> None:
    one, other = RateLimits("3/minute", redis.url), RateLimits("3/minute", redis.url)
    for limits in (one, other, one):
        limits.count("ask", "ana")
    with pytest.raises(TooOften, match="Try again in") as refused:
        other.count("ask", "ana")
    assert 1 <= refused.value.seconds <= 60
    other.count("ask", "ben")
    other.count("log_in", "ana")


def test_what_many_let_through_at_once_is_no_more_than_one_would(redis: Redis) -> None:
    with ThreadPoolExecutor(8) as pool:
        through = list(pool.map(let_through, [redis.url] * 8, [20] * 8))
    assert sum(through) == 30


def test_while_it_is_away_each_server_counts_by_itself_and_together_again_after(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_REST_S", 0.0)
    one, other = RateLimits("2/minute", redis.url), RateLimits("2/minute", redis.url)
    one.count("ask", "ana")
    redis.stop()
    for limits in (one, other):
        limits.count("ask", "ana")
        limits.count("ask", "ana")
        with pytest.raises(TooOften):
            limits.count("ask", "ana")
    redis.start()
    one.count("ask", "ana")
    other.count("ask", "ana")
    with pytest.raises(TooOften):
        one.count("ask", "ana")


def test_one_that_hangs_holds_up_a_single_question(redis: Redis) -> None:
    limits = RateLimits("100/minute", redis.url)
    limits.count("ask", "ana")
    redis.hang()
    began = time.monotonic()
    for _ in range(20):
        limits.count("ask", "ana")
    assert time.monotonic() - began < 20 * module._PATIENCE_S


def test_a_server_can_be_started_before_its_redis(redis: Redis) -> None:
    redis.stop()
    limits = RateLimits("1/minute", redis.url)
    limits.count("ask", "ana")
    with pytest.raises(TooOften):
        limits.count("ask", "ana")


def test_a_minute_later_they_may_again(redis: Redis) -> None:
    limits = RateLimits("1/second", redis.url)
    limits.count("ask", "ana")
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            limits.count("ask", "ana")
            return
        except TooOften:
            time.sleep(0.1)
    raise AssertionError("never let through again")


def test_two_served_parleys_refuse_together(redis: Redis, tmp_path: Path) -> None:
    (tmp_path / "cups.csv").write_text("cup,size\nMug,3\nJar,8\n", encoding="utf-8")
    common = {"PARLEY_RATE_LIMIT": "4/hour", "PARLEY_RATE_STORE": redis.url}
    with served(["--db", str(tmp_path / "cups.csv")], tmp_path / "one", **common) as one, served(["--db", str(tmp_path / "cups.csv")], tmp_path / "two", **common) as two:  # fmt: skip
        statuses = [
            httpx.post(f"{server.url}/api/v1/ask", json={"question": "total size"}, timeout=60).status_code
            for server in (one, two, one, two, one, two)
        ]
    assert statuses == [200, 200, 200, 200, 429, 429]
