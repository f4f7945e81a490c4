"""Limits: how often somebody may do something. Counted in this process, or in Redis for several servers."""

from __future__ import annotations

import logging
import time
from typing import Literal

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

log = logging.getLogger("parley.limits")
Deed = Literal["ask", "log_in", "code"]
_OFTEN: dict[Deed, str] = {"log_in": "10/minute", "code": "5/hour"}
"""Of what may be guessed at."""
_PATIENCE_S = 1.0
"""That the store may take."""
_REST_S = 10.0
"""After the store could not be reached, it is not asked again for so long: everybody would wait for it."""


class TooOften(Exception):
    """Somebody has to wait; the message says how long."""

    def __init__(self, seconds: int):
        super().__init__(f"That is too often. Try again in {seconds} second{'' if seconds == 1 else 's'}.")
        self.seconds = seconds


class RateLimits:
    """`asks`: how many questions a person, key or number may ask ("60/minute"). `store`: "memory://", or the address of
    a Redis; while that can't be reached, this process counts by itself. Raises ConfigurationError (of `limits`) for a
    store that can't be used."""

    def __init__(self, asks: str = "60/minute", store: str = "memory://"):
        self._shared = SlidingWindowCounterRateLimiter(_storage(store))
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._rests_until = 0.0
        self._often: dict[Deed, RateLimitItem] = {deed: parse(said) for deed, said in _OFTEN.items()}
        self._often["ask"] = parse(asks)

    def count(self, deed: Deed, who: str) -> None:
        """Once more. Raises TooOften."""
        if time.monotonic() >= self._rests_until:
            try:
                self._count(self._shared, deed, who)
                return
            except StorageError as error:
                self._rests_until = time.monotonic() + _REST_S
                log.warning("limits are counted by this server alone: %s", error.storage_error)
        self._count(self._own, deed, who)

    def _count(self, limiter: SlidingWindowCounterRateLimiter, deed: Deed, who: str) -> None:
        often = self._often[deed]
        if not limiter.hit(often, deed, who):
            until = limiter.get_window_stats(often, deed, who).reset_time
            raise TooOften(max(1, round(until - time.time())))


def _storage(store: str) -> Storage:
    if not store.startswith(("redis", "valkey")):
        return storage_from_string(store)  # type: ignore[return-value]
    patience = {"socket_timeout": _PATIENCE_S, "socket_connect_timeout": _PATIENCE_S}
    return storage_from_string(store, wrap_exceptions=True, **patience)  # type: ignore[return-value]
