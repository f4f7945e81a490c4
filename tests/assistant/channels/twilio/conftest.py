"""The chain of shops of tests/knowledge/policies/chain.py, asked over Twilio, which is a loopback server."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from twilio.request_validator import RequestValidator

from assistant.channels.place import Place
from assistant.channels.twilio.attachments import Attachments
from assistant.channels.twilio.outbox import Outbox
from assistant.channels.twilio.routes import routes
from assistant.channels.twilio.settings import TwilioSettings
from assistant.session import Session
from evals.channels.twilio_server import SID, TOKEN, Twilio, twilio_server
from tests.assistant.channels.places import place_of

PUBLIC = "https://parley.example"
ANA, BOSS, STRANGER, OURS = "+4790000001", "+4790000002", "+4790000003", "+15550001111"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Line:
    """`ana` (a viewer of the North) and `boss` (an owner) are linked to a number on every channel; `STRANGER` is not."""

    place: Place
    client: TestClient
    twilio: Twilio

    def text(self, body: str, sender: str = ANA, channel: str = "sms", **fields: str) -> httpx.Response:
        """A message to the assistant, signed as Twilio signs."""
        prefix = "whatsapp:" if channel == "whatsapp" else ""
        form = {
            "MessageSid": f"SM{next(_numbers):032d}", "AccountSid": SID, "From": prefix + sender, "To": prefix + OURS,
            "Body": body, "NumMedia": "0",
        }  # fmt: skip
        return self.post(f"/twilio/{channel}", form | fields)

    def post(self, path: str, form: dict[str, str], signature: str | None = None) -> httpx.Response:
        made = RequestValidator(TOKEN).compute_signature(PUBLIC + path, form)
        return self.client.post(
            path, data=form, headers={"X-Twilio-Signature": made if signature is None else signature}
        )

    def ask(self, body: str, sender: str = ANA, channel: str = "sms", **fields: str) -> str:
        """What is sent back for a message."""
        assert self.text(body, sender, channel, **fields).status_code == 200
        while (said := self.twilio.said().get("Body", "Working on it")).startswith("Working on it"):
            pass  # a busy machine, or a picture that came after an earlier answer
        return said


@pytest.fixture
def line(tmp_path: Path, place: Place) -> Iterator[Line]:
    with twilio_server() as twilio, TestClient(app_of(place, twilio)) as client:
        yield Line(place, client, twilio)


def app_of(place: Place, twilio: Twilio) -> FastAPI:
    settings = TwilioSettings(account_sid=SID, auth_token=TOKEN)
    attachments = Attachments(place.desk, SID, TOKEN, None, twilio.url)
    app = FastAPI()
    app.include_router(routes(place, settings, Outbox(SID, TOKEN, twilio.url), attachments))
    return app


@contextmanager
def reopened(line: Line) -> Iterator[TestClient]:
    """The channels as a later process opens them, over the same files; until all is answered that was left."""
    with TestClient(app_of(line.place, line.twilio)) as client:
        yield client


@pytest.fixture
def place(chain_session: Session, tmp_path: Path) -> Iterator[Place]:
    with place_of(chain_session, tmp_path / "state", public_url=PUBLIC) as made:
        for name, number in (("ana", ANA), ("boss", BOSS)):
            for channel in ("sms", "whatsapp", "phone"):
                made.door.identities.link(made.door.directory.named(name), channel, number)
        yield made
