from __future__ import annotations

import pytest

from assistant.people.limits import RateLimits, TooOften


def test_each_asks_so_often_and_hears_how_long_to_wait() -> None:
    limits = RateLimits("3/minute")
    for _ in range(3):
        limits.count("ask", "ana")
    with pytest.raises(TooOften, match="Try again in") as refused:
        limits.count("ask", "ana")
    assert 1 <= refused.value.seconds <= 60
    limits.count("ask", "ben")
    limits.count("log_in", "ana")


def test_a_code_can_not_be_guessed() -> None:
    limits = RateLimits()
    for _ in range(5):
        limits.count("code", "+4712345678")
    with pytest.raises(TooOften):
        limits.count("code", "+4712345678")
