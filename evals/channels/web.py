"""Asking in the web chat, by the socket that its page opens."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import socketio

from evals.channels.reached import PASSWORD, PATIENCE_S, NoAnswer, Reached
from evals.channels.said import Meant, Said

_cookies: dict[str, str] = {}
"""Of the log-ins, by the server's address: a person logs in once."""


async def _cookie(world: Reached) -> str:
    if world.server.url not in _cookies:
        form = {"username": "boss", "password": PASSWORD}
        async with world.http.post(world.at("/login"), data=form) as reply:
            if reply.status != 200:
                raise NoAnswer(f"the log-in was answered {reply.status}")
            _cookies[world.server.url] = "; ".join(f"{name}={m.value}" for name, m in reply.cookies.items())
    return _cookies[world.server.url]


class Web:
    """A conversation on the page."""

    name = "web chat"

    def __init__(self, world: Reached):
        self._world = world
        self._socket: socketio.AsyncClient | None = None
        self._shown: dict[str, Any] = {}
        self._over = asyncio.Event()

    async def begin(self) -> None:
        self._socket = await self._opened()

    async def ask(self, question: str, meant: Meant | None = None) -> Said | None:
        assert self._socket is not None
        self._shown, self._over = {}, asyncio.Event()
        at = datetime.now(UTC).isoformat()
        message = {"id": str(uuid.uuid4()), "name": "boss", "type": "user_message", "output": question, "createdAt": at}
        await self._socket.emit("client_message", {"message": message, "fileReferences": []})
        try:
            await asyncio.wait_for(self._over.wait(), PATIENCE_S)
        except TimeoutError as error:
            raise NoAnswer(f"nothing was shown in {PATIENCE_S:.0f} s") from error
        if not self._shown.get("props"):
            raise NoAnswer(f"no answer was shown: {self._shown}")
        table = self._shown["props"].get("table")
        return Said(self._shown["text"], cells=table["cells"] if table else None)

    async def _opened(self) -> socketio.AsyncClient:
        socket = socketio.AsyncClient(reconnection=False, http_session=self._world.http)
        ready = asyncio.Event()

        async def told(step: dict[str, Any]) -> None:
            if step.get("type") == "assistant_message":
                self._shown["text"] = step.get("output", "")

        async def element(made: dict[str, Any]) -> None:
            if made.get("name") == "AnswerCard":
                self._shown["props"] = made.get("props") or {"outcome": ""}

        socket.on("new_message", told)
        socket.on("update_message", told)
        socket.on("element", element)

        async def ended(*_: Any) -> None:
            ready.set()
            if self._shown:
                self._over.set()

        socket.on("task_end", ended)
        session = str(uuid.uuid4())
        auth = {"sessionId": session, "clientType": "webapp", "userEnv": "{}", "chatProfile": "", "threadId": ""}
        cookie = await _cookie(self._world)
        await socket.connect(
            self._world.server.url, headers={"Cookie": cookie}, auth=auth, socketio_path="/ws/socket.io",
            transports=["websocket"], wait_timeout=int(PATIENCE_S),
        )  # fmt: skip
        await socket.emit("connection_successful")
        await asyncio.wait_for(ready.wait(), PATIENCE_S)
        return socket

    async def end(self) -> None:
        if self._socket is not None:
            with suppress(Exception):
                await self._socket.emit("clear_session")
                await self._socket.disconnect()
