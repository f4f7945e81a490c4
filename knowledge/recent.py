"""What was asked a moment ago, kept: its compiled SQL and, if they are few, its rows. Many people ask the same first
questions, and one question is compiled when it is read and again when it is run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any

from cachetools import LRUCache, TTLCache

from knowledge.compile import Compiled
from knowledge.request import Request

_REQUESTS = 512
_CELLS = 2_000
"""A result of more is not kept."""
_ALL_CELLS = 200_000
_SECONDS = 60.0
"""A view may look at the clock: what it gave is true for a while only, even where the data stays the same."""

Rows = tuple[list[tuple[Any, ...]], bool]
"""Rows, and whether there were more."""


class Recent:
    """Of one workspace, whose model and calendar stay. Safe to use from many threads: two that ask the same at the same
    time may both do the work."""

    def __init__(self) -> None:
        self._compiled: LRUCache[str, Compiled] = LRUCache(_REQUESTS)
        self._rows: TTLCache[Hashable, Rows] = TTLCache(_ALL_CELLS, _SECONDS, getsizeof=_cells)
        self._lock = threading.Lock()

    def compiled(self, request: Request, compile_it: Callable[[], Compiled]) -> Compiled:
        key = request.model_dump_json()
        with self._lock:
            kept = self._compiled.get(key)
        if kept is not None:
            return kept
        made = compile_it()
        with self._lock:
            self._compiled[key] = made
        return made

    def rows(self, key: Hashable, read: Callable[[], Rows]) -> Rows:
        """`key` says the query, and the state of the data that it reads."""
        with self._lock:
            kept = self._rows.get(key)
        if kept is None:
            kept = read()
            if _cells(kept) <= _CELLS:
                with self._lock:
                    self._rows[key] = kept
        return list(kept[0]), kept[1]


def _cells(rows: Rows) -> int:
    return 1 + sum(len(row) for row in rows[0])
