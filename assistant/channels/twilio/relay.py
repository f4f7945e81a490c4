"""Calls over a socket (ConversationRelay): Twilio sends what is said as text, and says the text that it is sent, a
sentence at a time. Whoever speaks in between is listened to at once."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
import time
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from twilio.request_validator import RequestValidator

from assistant.channels.twilio.call import Call, Reply
from assistant.channels.twilio.spoken import seconds

log = logging.getLogger("parley.twilio")
_PATIENCE_S = 2.0
_TICKET_S = 60
_LONGEST = 4_000
"""Characters of a message: what somebody says in one breath, and a little."""


class Tickets:
    """Each lets one call in, once, within a minute: the signature of a socket's address would be good for ever."""

    def __init__(self, public_url: str):
        self._public_url = re.sub(r"^http", "ws", public_url)
        self._calls: dict[str, tuple[Call, str, float]] = {}

    def address(self, call: Call, sid: str) -> str:
        """Where Twilio opens the socket of the call."""
        now = time.monotonic()
        self._calls = {t: c for t, c in self._calls.items() if c[2] > now}
        ticket = secrets.token_urlsafe(24)
        self._calls[ticket] = (call, sid, now + _TICKET_S)
        return f"{self._public_url}/twilio/relay?ticket={ticket}"

    def take(self, ticket: str) -> tuple[Call, str] | None:
        call, sid, until = self._calls.pop(ticket, (None, "", 0.0))
        return (call, sid) if call is not None and until > time.monotonic() else None

    def signed_address(self, query: str) -> str:
        return f"{self._public_url}/twilio/relay?{query}"


def routes(account_sid: str, auth_token: str, tickets: Tickets) -> APIRouter:
    """The socket at /twilio/relay; closed at once for what Twilio did not sign."""
    router = APIRouter()
    validator = RequestValidator(auth_token)

    @router.websocket("/twilio/relay")
    async def relay(socket: WebSocket) -> None:
        address = tickets.signed_address(socket.url.query)
        shown = socket.headers.get("x-twilio-signature", "")
        taken = None
        if validator.validate(address, {}, shown):
            taken = tickets.take(socket.query_params.get("ticket", ""))
        if taken is None:
            await socket.close(1008)
            return
        call, sid = taken
        await socket.accept()
        line = _Line(socket, call)
        try:
            setup = await _received(socket)
            if setup.get("type") == "setup" and (setup.get("accountSid"), setup.get("callSid")) == (account_sid, sid):
                while not line.over:
                    await line.take(await _received(socket))
            await socket.close(1008 if not line.over else 1000)
        except (WebSocketDisconnect, RuntimeError):
            log.info("a call ended")
        finally:
            line.stop()

    return router


class _Line:
    """One call's socket: at most one turn is under way, the latest."""

    def __init__(self, socket: WebSocket, call: Call):
        self._socket, self._call = socket, call
        self._turn: asyncio.Task[None] | None = None
        self.over = False

    async def take(self, message: dict[str, Any]) -> None:
        """A message of Twilio's. Of the others none needs an answer: where somebody interrupts, Twilio has stopped
        speaking, and what they say comes next; a cough must not cost them the answer that they wait for."""
        kind = message.get("type")
        if kind == "prompt" and message.get("last", True):
            self._begin(words=str(message.get("voicePrompt", ""))[:_LONGEST])
        elif kind == "dtmf":
            self._begin(digits=str(message.get("digit", ""))[:1])
        elif kind == "error":
            log.warning("Twilio could not use what it was sent: %s", message.get("description"))

    def stop(self) -> None:
        if self._turn is not None:
            self._turn.cancel()

    def _begin(self, *, words: str = "", digits: str = "") -> None:
        self.stop()
        self._turn = asyncio.create_task(self._answer(words, digits))

    async def _answer(self, words: str, digits: str) -> None:
        work = asyncio.ensure_future(self._call.heard(words, digits))
        if not (await asyncio.wait({work}, timeout=_PATIENCE_S))[0]:
            await self._say("One moment.")
        reply: Reply = await work
        await self._say(reply.text)
        if reply.over:
            await asyncio.sleep(seconds(reply.text))  # an end cuts off what is still being said
            self.over = True
            await self._socket.send_json({"type": "end"})

    async def _say(self, text: str) -> None:
        sentences = re.split(r"(?<=[.?!])\s+", text)
        for n, sentence in enumerate(sentences, 1):
            last = n == len(sentences)
            await self._socket.send_json({"type": "text", "token": sentence if last else f"{sentence} ", "last": last})


async def _received(socket: WebSocket) -> dict[str, Any]:
    """A message; {} for what is none."""
    with suppress(ValueError, KeyError):
        message = json.loads(await socket.receive_text())
        if isinstance(message, dict):
            return message
    return {}
