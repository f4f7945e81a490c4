"""Idempotency: a POST with a header `Idempotency-Key` that is sent again is not done again: its first response is given
once more, for a day. A key that comes with something else is refused.

The header is that of the IETF's draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
import threading
import time
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.channels.api.problems import problem
from assistant.threads import open_database

_SECONDS = 24 * 3600
_UNFINISHED_SECONDS = 300
_LONGEST = 255
_LARGEST = 4 * 1024 * 1024
"""Bytes of a response that is kept."""
_PASSING = frozenset({401, 403, 429})
"""Statuses that say nothing of what was asked for: sent again, it may go well."""
_TABLES = """
CREATE TABLE IF NOT EXISTS responses (
    key BLOB PRIMARY KEY, request BLOB NOT NULL, at REAL NOT NULL, status INTEGER, headers TEXT, body BLOB
);
"""


class Idempotency:
    """ASGI middleware. `path` is where the responses are kept."""

    def __init__(self, app: ASGIApp, path: Path):
        self.app = app
        self._connection = open_database(path, _TABLES)
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope.get("headers", []))
        key = headers.get(b"idempotency-key")
        files = headers.get(b"content-type", b"").startswith(b"multipart/")  # too large to be held and compared
        if scope["type"] != "http" or scope["method"] != "POST" or key is None or files:
            await self.app(scope, receive, send)
            return
        if not key or len(key) > _LONGEST:
            refusal = problem(400, f"An Idempotency-Key has 1 to {_LONGEST} characters: a UUID is a good one.")
            await refusal(scope, receive, send)
            return
        body, whole = await _read(receive)
        if not whole:
            return  # the sender has gone
        who = headers.get(b"authorization", b"") + b"\n" + headers.get(b"cookie", b"")
        name = hashlib.sha256(b"\n".join((who, key))).digest()
        request = hashlib.sha256(b"\n".join((scope["path"].encode(), scope["query_string"], body))).digest()
        known = await asyncio.to_thread(self._begin, name, request)
        if known is not None:
            await self._again(known, request, scope, receive, send)
            return
        await self._first(name, body, scope, receive, send)

    async def _again(self, known: sqlite3.Row, request: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        kept_request, status, headers, kept = known
        if kept_request != request:
            await problem(422, "This Idempotency-Key came with another request before. Take a new one.")(
                scope, receive, send
            )
        elif status is None:
            await problem(409, "The first request with this Idempotency-Key is still being done.")(scope, receive, send)
        else:
            raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in json.loads(headers)]
            raw.append((b"idempotent-replayed", b"true"))
            await send({"type": "http.response.start", "status": status, "headers": raw})
            await send({"type": "http.response.body", "body": kept})

    async def _first(self, name: bytes, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        pieces: list[bytes] = []
        read = False

        async def again() -> Message:
            nonlocal read
            if read:
                return await receive()
            read = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def heard(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                pieces.append(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, again, heard)
        finally:
            status, kept = start.get("status", 500), b"".join(pieces)
            if status >= 500 or status in _PASSING or len(kept) > _LARGEST:
                await asyncio.to_thread(self._drop, name)
            else:
                headers = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in start.get("headers", [])]
                await asyncio.to_thread(self._end, name, status, json.dumps(headers), kept)

    def _begin(self, name: bytes, request: bytes) -> sqlite3.Row | None:
        """What is known of the key: the request it came with, and its response. None the first time."""
        now = time.time()
        with self._lock:
            self._connection.execute(
                "DELETE FROM responses WHERE at < ? OR (status IS NULL AND at < ?)",
                (now - _SECONDS, now - _UNFINISHED_SECONDS),
            )
            made = self._connection.execute(
                "INSERT OR IGNORE INTO responses (key, request, at) VALUES (?, ?, ?)", (name, request, now)
            )
            if made.rowcount:
                return None
            found: sqlite3.Row = self._connection.execute(
                "SELECT request, status, headers, body FROM responses WHERE key = ?", (name,)
            ).fetchone()
            return found

    def _end(self, name: bytes, status: int, headers: str, body: bytes) -> None:
        with self._lock:
            self._connection.execute(
                "UPDATE responses SET status = ?, headers = ?, body = ? WHERE key = ?", (status, headers, body, name)
            )

    def _drop(self, name: bytes) -> None:
        with self._lock:
            self._connection.execute("DELETE FROM responses WHERE key = ?", (name,))


async def _read(receive: Receive) -> tuple[bytes, bool]:
    """The request's body, and whether it came whole."""
    pieces = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"", False
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(pieces), True
