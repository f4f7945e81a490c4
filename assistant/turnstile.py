"""A turnstile: so many at a time, first come, first served.

When fifty people ask at once, a plain semaphore (or none) answers some at once and lets others wait for seconds, since
a thread that comes round again is quicker than one that must first be woken. In turn, all wait about as long.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turnstile:
    """At most `slots` inside. Who has waited `patience` seconds goes in all the same: slow queries inside must not
    hold up everybody else."""

    def __init__(self, slots: int, patience: float = 5.0):
        self._free, self._patience = slots, patience
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def entered(self) -> Iterator[None]:
        admitted = self._wait()
        try:
            yield
        finally:
            if admitted:
                self._leave()

    def _wait(self) -> bool:
        """Whether a slot was taken."""
        with self._lock:
            if self._free > 0:
                self._free -= 1
                return True
            ticket = threading.Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        if ticket.acquire(timeout=self._patience):
            return True
        with self._lock:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                return False
        return True  # it was called just then

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1
