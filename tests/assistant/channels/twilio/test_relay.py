"""Calls over a socket: a client that acts as Twilio's ConversationRelay."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect
from twilio.request_validator import RequestValidator

from assistant.channels.place import Place
from assistant.channels.twilio.attachments import Attachments
from assistant.channels.twilio.outbox import Outbox
from assistant.channels.twilio.routes import routes
from assistant.channels.twilio.settings import TwilioSettings
from evals.channels.twilio_server import SID, TOKEN, twilio_server
from tests.assistant.channels.twilio.conftest import BOSS, OURS, Line

CALL = "CA" + "9" * 32
PUBLIC = "wss://parley.example"


@pytest.fixture
def line(place: Place) -> Iterator[Line]:
    with twilio_server() as twilio:
        settings = TwilioSettings(account_sid=SID, auth_token=TOKEN, voice="relay")
        app = FastAPI()
        outbox = Outbox(SID, TOKEN, twilio.url)
        app.include_router(routes(place, settings, outbox, Attachments(place.desk, SID, TOKEN, None)))
        with TestClient(app) as client:
            yield Line(place, client, twilio)


def dial(line: Line) -> ElementTree.Element:
    form = {"AccountSid": SID, "CallSid": CALL, "From": BOSS, "To": OURS}
    relay = ElementTree.fromstring(line.post("/twilio/voice", form).text).find("Connect/ConversationRelay")
    assert relay is not None
    return relay


@contextmanager
def connected(line: Line, address: str, signature: str | None = None, **setup: str) -> Iterator[WebSocketTestSession]:
    made = RequestValidator(TOKEN).compute_signature(address, {}) if signature is None else signature
    path = address.removeprefix(PUBLIC)
    with line.client.websocket_connect(path, headers={"X-Twilio-Signature": made}) as socket:
        socket.send_json({"type": "setup", "accountSid": SID, "callSid": CALL, "from": BOSS, "to": OURS} | setup)
        yield socket


def prompt(words: str) -> dict[str, Any]:
    return {"type": "prompt", "voicePrompt": words, "lang": "en-US", "last": True}


def said(socket: WebSocketTestSession) -> str:
    """What is said until it is the caller's turn."""
    tokens = []
    while True:
        message = socket.receive_json()
        assert message["type"] == "text"
        tokens.append(message["token"])
        if message["last"] and not tokens[-1].startswith("One moment"):
            return "".join(tokens)


def test_the_caller_is_greeted_and_answered_a_sentence_at_a_time(line: Line) -> None:
    relay = dial(line)
    assert relay.attrib["welcomeGreeting"].startswith("Hello boss.")
    assert "turnover" in relay.attrib["hints"].casefold()
    with connected(line, relay.attrib["url"]) as socket:
        socket.send_json(prompt("What is the turnover?"))
        assert socket.receive_json() == {"type": "text", "token": "Turnover: 108. ", "last": False}
        assert said(socket).endswith("I will send you the details.")
        socket.send_json(prompt("turnover by city"))
        said(socket)
        socket.send_json(prompt("only Oslo"))
        assert "Oslo" in said(socket)


def test_whoever_interrupts_is_answered_and_what_was_asked_before_is_not(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = line.place.desk.ask

    async def slow(asker: Any, question: str, **named: Any) -> Any:
        await asyncio.sleep(1.5 if "city" in question else 0)
        return await ask(asker, question, **named)

    monkeypatch.setattr(line.place.desk, "ask", slow)
    with connected(line, dial(line).attrib["url"]) as socket:
        socket.send_json(prompt("turnover by city"))
        socket.send_json({"type": "interrupt", "utteranceUntilInterrupt": "", "durationUntilInterruptMs": 10})
        socket.send_json(prompt("What is the turnover?"))
        answer = said(socket)
        assert answer.startswith("Turnover: 108.")
        socket.send_json(prompt("How many sales are there?"))
        assert "Bari" not in said(socket)


def test_a_cough_does_not_cost_the_answer(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = line.place.desk.ask

    async def slow(*args: Any, **named: Any) -> Any:
        await asyncio.sleep(1)
        return await ask(*args, **named)

    monkeypatch.setattr(line.place.desk, "ask", slow)
    with connected(line, dial(line).attrib["url"]) as socket:
        socket.send_json(prompt("What is the turnover?"))
        socket.send_json({"type": "interrupt", "utteranceUntilInterrupt": "One", "durationUntilInterruptMs": 10})
        assert said(socket).startswith("Turnover: 108.")


def test_half_a_sentence_and_what_makes_no_sense_are_passed_over(line: Line) -> None:
    with connected(line, dial(line).attrib["url"]) as socket:
        socket.send_json(prompt("turnover by") | {"last": False})
        for odd in ("", "{", "[]", "null", '{"type": 7}', '{"type": "error", "description": "x"}'):
            socket.send_text(odd)
        socket.send_json(prompt("What is the turnover?"))
        assert said(socket).startswith("Turnover: 108.")


def test_a_call_ends_after_goodbye_was_said(line: Line) -> None:
    with connected(line, dial(line).attrib["url"]) as socket:
        socket.send_json(prompt("Goodbye"))
        assert said(socket) == "Thank you for calling. Goodbye."
        assert socket.receive_json() == {"type": "end"}


def test_the_socket_opens_once_for_the_call_that_twilio_was_told_of(line: Line) -> None:
    address = dial(line).attrib["url"]
    with pytest.raises(WebSocketDisconnect), connected(line, address, signature="x"):
        pass
    with pytest.raises(WebSocketDisconnect), connected(line, re.sub(r"ticket=.*", "ticket=made-up", address)):
        pass
    with connected(line, address) as socket:
        socket.send_json(prompt("What is the turnover?"))
        said(socket)
    with pytest.raises(WebSocketDisconnect), connected(line, address):
        pass
    with connected(line, dial(line).attrib["url"], callSid="CA1") as socket, pytest.raises(WebSocketDisconnect):
        socket.receive_json()
