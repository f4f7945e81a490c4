"""Asking on the phone, as Twilio carries a call: by turns (its TwiML is followed), or over a socket."""

from __future__ import annotations

import itertools
import time
from contextlib import suppress
from typing import Any
from xml.etree import ElementTree

import aiohttp
from twilio.request_validator import RequestValidator

from evals.channels.reached import PATIENCE_S, PUBLIC, NoAnswer, Reached
from evals.channels.said import Meant, Said
from evals.channels.spoken import in_figures
from evals.channels.texting import OURS, post
from evals.channels.twilio_server import SID, TOKEN

_WAIT = "One moment."
_calls = itertools.count(time.time_ns())


class Gather:
    """A call of `who` of the numbers, which hears by turns."""

    name = "phone, by turns"

    def __init__(self, world: Reached, who: int = 0):
        self._world, self._number, self._call = world, world.numbers[who], f"CA{next(_calls):032d}"
        self._next = ""

    async def begin(self) -> None:
        await self._follow("/twilio/voice?by=gather", {})

    async def ask(self, question: str, meant: Meant | None = None) -> Said | None:
        said = await self._follow(self._next, {"SpeechResult": question, "Confidence": "0.9"})
        return Said(in_figures(said), spoken=True)

    async def _follow(self, path: str, fields: dict[str, str]) -> str:
        """All that is said until it is the caller's turn."""
        call = {"CallSid": self._call, "From": self._number, "To": OURS, "CallStatus": "in-progress"}
        said: list[str] = []
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            root = ElementTree.fromstring(await post(self._world, path.removeprefix(PUBLIC), call | fields))
            said += [node.text or "" for node in root.iter("Say") if node.text != _WAIT]
            gather, redirect = root.find("Gather"), root.find("Redirect")
            if redirect is not None:
                path, fields = str(redirect.text), {}
                continue
            if gather is None:
                raise NoAnswer(f"the call was ended: {' '.join(said)}")
            self._next = gather.attrib["action"]
            return " ".join(said)
        raise NoAnswer(f"nothing was said in {PATIENCE_S:.0f} s")

    async def end(self) -> None:
        pass


class Relay:
    """A call over a socket (ConversationRelay)."""

    name = "phone, relayed"

    def __init__(self, world: Reached, who: int = 0):
        self._world, self._number, self._call = world, world.numbers[who], f"CA{next(_calls):032d}"
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    async def begin(self) -> None:
        self._socket = await self._dialled()

    async def ask(self, question: str, meant: Meant | None = None) -> Said | None:
        socket = self._socket
        assert socket is not None
        await socket.send_json({"type": "prompt", "voicePrompt": question, "lang": "en-US", "last": True})
        tokens: list[str] = []
        while True:
            message: dict[str, Any] = await socket.receive_json(timeout=PATIENCE_S)
            if message["type"] != "text":
                raise NoAnswer(f"the call was ended: {''.join(tokens)}")
            if message["token"] != _WAIT:
                tokens.append(message["token"])
                if message["last"]:
                    return Said(in_figures("".join(tokens)), spoken=True)

    async def _dialled(self) -> aiohttp.ClientWebSocketResponse:
        call = {"CallSid": self._call, "From": self._number, "To": OURS}
        root = ElementTree.fromstring(await post(self._world, "/twilio/voice?by=relay", call))
        relay = root.find("Connect/ConversationRelay")
        if relay is None:
            raise NoAnswer("the call was not connected")
        address = relay.attrib["url"]
        signature = RequestValidator(TOKEN).compute_signature(address, {})
        there = self._world.at(address.replace("wss://", "https://"))
        socket = await self._world.http.ws_connect(there, headers={"X-Twilio-Signature": signature})
        known = {"accountSid": SID, "callSid": self._call, "from": self._number, "to": OURS}
        await socket.send_json({"type": "setup", "sessionId": "VX1", **known})
        return socket

    async def end(self) -> None:
        if self._socket is not None:
            with suppress(aiohttp.ClientError):
                await self._socket.close()
