"""Idempotency: a POST with a header `Idempotency-Key` that is sent again is not done again: its first response is given
once more, for a day. A key that comes with something else is refused.

The header is that of the IETF's draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import sqlite3
import tempfile
import threading
import time
from pathlib import Path
from typing import IO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.channels.api.problems import problem
from assistant.threads import open_database

_SECONDS = 24 * 3600
_UNFINISHED_SECONDS = 300
_LONGEST = 255
_IN_MEMORY = 1024 * 1024
"""Bytes of a request from which on it is held on the disk, while it is being done."""
_PIECE = 256 * 1024
_BOUNDARY = re.compile(rb'boundary="?([^";,\s]{1,200})')
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
        if scope["type"] != "http" or scope["method"] != "POST" or key is None:
            await self.app(scope, receive, send)
            return
        if not key or len(key) > _LONGEST:
            refusal = problem(400, f"An Idempotency-Key has 1 to {_LONGEST} characters: a UUID is a good one.")
            await refusal(scope, receive, send)
            return
        who = headers.get(b"authorization", b"") + b"\n" + headers.get(b"cookie", b"")
        name = hashlib.sha256(b"\n".join((who, key))).digest()
        mark = Mark(headers.get(b"content-type", b""))
        mark.add(scope["path"].encode() + b"\n" + scope["query_string"] + b"\n")
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body:
            if not await _read(receive, body, mark):
                return  # the sender has gone
            request = mark.digest()
            known = await asyncio.to_thread(self._begin, name, request)
            if known is not None:
                await self._again(known, request, scope, receive, send)
            else:
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

    async def _first(self, name: bytes, body: IO[bytes], scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        pieces: list[bytes] = []
        left = body.tell()
        body.seek(0)
        read = False

        async def again() -> Message:
            nonlocal left, read
            if read:
                return await receive()
            piece = await asyncio.to_thread(body.read, _PIECE)
            left -= len(piece)
            read = left == 0
            return {"type": "http.request", "body": piece, "more_body": not read}

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


class Mark:
    """Of a request, so that another one shows. A form with files is parted by a boundary that is drawn anew each time
    it is sent: it is left out.

    >>> sent = Mark(b"multipart/form-data; boundary=abc"), Mark(b'multipart/form-data; boundary="-x-"')
    >>> for mark, pieces in zip(sent, ([b"--abc one --a", b"bc--"], [b"---x- one ---x---"])):
    ...     for piece in pieces:
    ...         mark.add(piece)
    >>> sent[0].digest() == sent[1].digest()
    True
    """

    def __init__(self, content_type: bytes):
        found = _BOUNDARY.search(content_type) if content_type.startswith(b"multipart/") else None
        self._boundary = found[1] if found else b""
        self._hash, self._tail = hashlib.sha256(), b""

    def add(self, piece: bytes) -> None:
        if not self._boundary:
            self._hash.update(piece)
            return
        *parts, rest = (self._tail + piece).split(self._boundary)
        for part in parts:
            self._hash.update(part + b"\0")
        kept = len(self._boundary) - 1  # of the rest, what may be the beginning of a boundary
        self._hash.update(rest[: len(rest) - kept] if len(rest) > kept else b"")
        self._tail = rest[-kept:] if kept else b""

    def digest(self) -> bytes:
        self._hash.update(self._tail)
        return self._hash.digest()


async def _read(receive: Receive, body: IO[bytes], mark: Mark) -> bool:
    """Write the request's body down. Whether it came whole."""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return False
        piece = message.get("body", b"")
        await asyncio.to_thread(_written, piece, body, mark)
        if not message.get("more_body"):
            return True


def _written(piece: bytes, body: IO[bytes], mark: Mark) -> None:
    mark.add(piece)
    body.write(piece)
