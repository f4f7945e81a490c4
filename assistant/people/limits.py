"""Limits: how often somebody may do something. Counted in this process, or in Redis for several servers."""

from __future__ import annotations

import time
from typing import Literal

from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

Deed = Literal["ask", "log_in", "code"]
_OFTEN: dict[Deed, str] = {"log_in": "10/minute", "code": "5/hour"}
"""Of what may be guessed at."""


class TooOften(Exception):
    """Somebody has to wait; the message says how long."""

    def __init__(self, seconds: int):
        super().__init__(f"That is too often. Try again in {seconds} second{'' if seconds == 1 else 's'}.")
        self.seconds = seconds


class RateLimits:
    """`asks`: how many questions a person, key or number may ask ("60/minute"). `store`: "memory://", or the address of
    a Redis. Raises ConfigurationError (of `limits`) for a store that can't be used."""

    def __init__(self, asks: str = "60/minute", store: str = "memory://"):
        self._limiter = SlidingWindowCounterRateLimiter(storage_from_string(store))
        self._often: dict[Deed, RateLimitItem] = {deed: parse(said) for deed, said in _OFTEN.items()}
        self._often["ask"] = parse(asks)

    def count(self, deed: Deed, who: str) -> None:
        """Once more. Raises TooOften."""
        often = self._often[deed]
        if not self._limiter.hit(often, deed, who):
            until = self._limiter.get_window_stats(often, deed, who).reset_time
            raise TooOften(max(1, round(until - time.time())))
