"""How Slack and the server find each other: a socket, an installation, the checks of `parley doctor`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.channels.place import Place
from assistant.channels.slack.app import SCOPES
from assistant.channels.slack.mount import problems
from assistant.channels.slack.routes import routes
from assistant.channels.slack.settings import SlackSettings
from evals.channels.slack_server import APP, BOT, CLIENT_ID, CLIENT_SECRET, Slack, slack_server
from tests.assistant.channels.slack.conftest import BOSS, PUBLIC, SECRET, Workspace, envelope


@pytest.fixture
def slack() -> Iterator[Slack]:
    with slack_server() as server:
        server.scopes = ",".join(SCOPES)
        yield server


def served(place: Place, settings: SlackSettings, slack: Slack) -> TestClient:
    app = FastAPI()
    app.include_router(routes(place, settings, slack.client))
    return TestClient(app, base_url=PUBLIC, follow_redirects=False)


def test_by_socket_mode_it_needs_no_address(slack_place: Place, slack: Slack) -> None:
    with served(slack_place, SlackSettings(bot_token=BOT, app_token=APP), slack) as client:
        event = envelope(BOSS, type="app_mention", channel="C1", text="<@UBOT> What is the turnover?", ts="1.1")
        slack.envelopes.put(
            {"envelope_id": "e1", "type": "events_api", "payload": event, "accepts_response_payload": False}
        )
        assert slack.acknowledged.get(timeout=20) == {"envelope_id": "e1"}
        assert slack.next("chat.postMessage")["text"] == "Turnover: 108."
        assert client.post("/slack/events").status_code == 404


def test_a_workspace_installs_it_and_is_answered_with_its_own_token(slack_place: Place, slack: Slack) -> None:
    settings = SlackSettings(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, signing_secret=SECRET)
    with served(slack_place, settings, slack) as client:
        page = client.get("/slack/install")
        state = client.cookies["slack-app-oauth-state"]
        assert f"state={state}" in page.text
        done = client.get(f"/slack/oauth_redirect?code=1&state={state}")
        assert done.status_code == 200, done.text
        exchanged = slack.next("oauth.v2.access")
        assert exchanged["redirect_uri"] == f"{PUBLIC}/slack/oauth_redirect"
        for spent in (state, "another"):
            assert client.get(f"/slack/oauth_redirect?code=1&state={spent}").status_code == 400
        slack_place.door.identities.link(slack_place.door.directory.named("sam"), "slack", f"T2/{BOSS}")
        event = envelope(BOSS, type="app_mention", channel="C1", text="<@UBOT> What is the turnover?", ts="1.1")
        Workspace(slack_place, client, slack).post(json.dumps(event | {"team_id": "T2"}))
        assert slack.next("chat.postMessage")["text"] == "Turnover: 25."
    kept = slack_place.state / "slack" / "installations.sqlite"
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [({}, None), ({"BOT_TOKEN": BOT}, "PARLEY_SLACK_SIGNING_SECRET"), ({"SIGNING_SECRET": SECRET}, "PARLEY_SLACK_BOT_TOKEN"), ({"CLIENT_ID": "1", "SIGNING_SECRET": SECRET}, "PARLEY_SLACK_CLIENT_SECRET"), ({"BOT_TOKEN": BOT, "SIGNING_SECRET": SECRET}, ""), ({"BOT_TOKEN": BOT, "APP_TOKEN": APP}, ""), ({"BOT_TOKEN": "xoxb-old", "APP_TOKEN": APP}, "does not take PARLEY_SLACK_BOT_TOKEN (invalid_auth)"), ({"BOT_TOKEN": BOT, "APP_TOKEN": "xapp-old"}, "does not take PARLEY_SLACK_APP_TOKEN (invalid_auth)")],
)  # fmt: skip
async def test_the_doctor_says_what_is_missing(
    slack: Slack, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str | None
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"PARLEY_SLACK_{name}", value)
    found = await problems(PUBLIC, slack.client)
    if not said:
        assert found == (None if said is None else [])
    else:
        (one,) = found or []
        assert said in one


async def test_the_doctor_says_which_scopes_are_missing(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("PARLEY_SLACK_APP_TOKEN", APP)
    slack.scopes = ",".join(SCOPES[1:])
    (said,) = await problems(None, slack.client) or []
    assert f"add the scopes {SCOPES[0]} " in said


def test_the_manifest_asks_for_what_the_app_needs() -> None:
    manifest = yaml.safe_load((Path(__file__).parents[4] / "docs" / "slack-manifest.yaml").read_text(encoding="utf-8"))
    assert sorted(manifest["oauth_config"]["scopes"]["bot"]) == sorted(SCOPES)
    addresses = [
        manifest["settings"]["event_subscriptions"]["request_url"],
        manifest["settings"]["interactivity"]["request_url"],
        manifest["features"]["slash_commands"][0]["url"],
    ]
    assert {urlsplit(address).path for address in addresses} == {"/slack/events"}
