"""The chain of shops of tests/knowledge/policies/chain.py, asked in Slack, which is a loopback server."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from slack_sdk.signature import SignatureVerifier
from starlette.testclient import TestClient

from assistant.channels.place import Place
from assistant.channels.slack.routes import routes
from assistant.channels.slack.settings import SlackSettings
from assistant.session import Session
from evals.channels.slack_server import BOT, Slack, slack_server
from tests.assistant.channels.places import place_of

PUBLIC, SECRET = "https://parley.example", "Slack's signing secret"
ANA, BOSS, STRANGER = "UANA", "UBOSS", "USTRANGER"
_ids = itertools.count(1)


@dataclass(frozen=True)
class Workspace:
    """Where `ana` (a viewer of the North) and `boss` (an owner) are linked, and a stranger is not."""

    place: Place
    client: TestClient
    slack: Slack

    def post(
        self, body: str, kind: str = "application/json", at: float | None = None, **headers: str
    ) -> httpx.Response:
        """Signed as Slack signs, now or at another time."""
        stamp = str(int(at or time.time()))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
        signed = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
        return self.client.post("/slack/events", content=body.encode(), headers=signed | headers)

    def event(self, user: str = BOSS, **event: Any) -> httpx.Response:
        return self.post(json.dumps(envelope(user, **event)))

    def mention(self, text: str, user: str = BOSS, thread: str | None = None) -> httpx.Response:
        said = {"type": "app_mention", "channel": "C1", "text": f"<@UBOT> {text}", "ts": f"17{next(_ids):08d}.000100"}
        return self.event(user, **said, **({"thread_ts": thread} if thread else {}))

    def ask(self, text: str, user: str = BOSS, thread: str | None = None) -> dict[str, Any]:
        """The message that is posted for a question."""
        assert self.mention(text, user, thread).status_code == 200
        return self.slack.next("chat.postMessage")

    def interact(self, user: str = BOSS, **payload: Any) -> httpx.Response:
        body = {
            "team": {"id": "T1"}, "user": {"id": user}, "api_app_id": "A1", "trigger_id": f"{next(_ids)}.trigger",
            "response_url": f"{self.slack.url}/respond/1",
        }  # fmt: skip
        return self.post(urlencode({"payload": json.dumps(body | payload)}), "application/x-www-form-urlencoded")

    def press(self, message: dict[str, Any], action: dict[str, Any], user: str = BOSS) -> httpx.Response:
        """A button below a message."""
        shown = {"ts": "1700000000.000200", "thread_ts": message.get("thread_ts"), "text": message["text"]}
        return self.interact(
            user, type="block_actions", actions=[action | {"block_id": "b", "action_ts": "1"}], message=shown,
            channel={"id": message["channel"]}, container={"type": "message", "is_ephemeral": False},
        )  # fmt: skip

    def command(self, text: str, user: str = BOSS) -> httpx.Response:
        form = {
            "command": "/parley", "text": text, "team_id": "T1", "user_id": user, "channel_id": "C1", "api_app_id": "A1",
            "trigger_id": f"{next(_ids)}.trigger", "response_url": f"{self.slack.url}/respond/1",
        }  # fmt: skip
        return self.post(urlencode(form), "application/x-www-form-urlencoded")


def envelope(user: str, **event: Any) -> dict[str, Any]:
    return {
        "type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": f"Ev{next(_ids)}",
        "event": {"user": user, "event_ts": "1.1", **event},
    }  # fmt: skip


@pytest.fixture
def slack_place(chain_session: Session, tmp_path: Path) -> Iterator[Place]:
    with place_of(chain_session, tmp_path / "slack", PUBLIC) as made:
        for name, user in (("ana", ANA), ("boss", BOSS)):
            made.door.identities.link(made.door.directory.named(name), "slack", f"T1/{user}")
        yield made


@pytest.fixture
def workspace(slack_place: Place) -> Iterator[Workspace]:
    with slack_server() as slack:
        settings = SlackSettings(bot_token=BOT, signing_secret=SECRET)
        app = FastAPI()
        app.include_router(routes(slack_place, settings, slack.client))
        with TestClient(app) as client:
            yield Workspace(slack_place, client, slack)
