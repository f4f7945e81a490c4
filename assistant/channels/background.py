"""Work that goes on after a request was acknowledged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger("parley.channels")
_FINISH_S = 20.0
"""That work under way gets when the server stops."""


class Background:
    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("what was to be done after a request failed", exc_info=task.exception())

    async def finish(self) -> None:
        """Wait for what is under way; what takes too long is left."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_FINISH_S)
            for task in late:
                task.cancel()
