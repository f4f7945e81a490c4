"""What Slack did not send, or sent twice, or sent long ago."""

from __future__ import annotations

import json
import queue
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.assistant.channels.slack.conftest import BOSS, Workspace, envelope

EVENT = json.dumps(envelope(BOSS, type="app_mention", channel="C1", text="<@UBOT> What is the turnover?", ts="1.1"))


def test_what_slack_did_not_sign_is_refused(workspace: Workspace) -> None:
    for forged in ("", "v0=" + "0" * 64, "v1=x"):
        assert workspace.post(EVENT, **{"X-Slack-Signature": forged}).status_code == 401
    odd = {"X-Slack-Signature": "v0=é".encode(), "X-Slack-Request-Timestamp": b"soon"}
    assert workspace.client.post("/slack/events", content=EVENT, headers=odd).status_code == 401
    assert workspace.client.post("/slack/events", content=EVENT).status_code == 401
    assert workspace.slack.calls.empty()


def test_what_slack_signed_long_ago_is_refused(workspace: Workspace) -> None:
    assert workspace.post(EVENT, at=time.time() - 600).status_code == 401
    assert workspace.slack.calls.empty()


def test_a_delivery_that_comes_again_is_answered_once(workspace: Workspace) -> None:
    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda _: workspace.post(EVENT).status_code, range(6)))
    assert statuses == [200] * 6
    assert (
        workspace.post(EVENT, **{"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}).status_code == 200
    )
    assert workspace.slack.next("chat.postMessage")["text"] == "Turnover: 108."
    with pytest.raises(queue.Empty):
        workspace.slack.next("chat.postMessage", timeout_s=2)


@pytest.mark.parametrize(
    ("body", "kind"),
    [("", "application/json"), ("{", "application/json"), ("[]", "application/json"), ("null", "application/json"), ("payload=%7B", "application/x-www-form-urlencoded"), ("{}", "application/json"), ('{"type":"event_callback","event":{"type":"app_mention"}}', "application/json"), ('{"type":"event_callback","event":7}', "application/json"), ("payload=%7B%22type%22%3A%22block_actions%22%7D", "application/x-www-form-urlencoded")],
)  # fmt: skip
def test_what_makes_no_sense_does_no_harm(workspace: Workspace, body: str, kind: str) -> None:
    assert workspace.post(body, kind).status_code in (200, 400, 401, 404)
    assert workspace.ask("What is the turnover?")["text"] == "Turnover: 108."


def test_bytes_that_are_no_text_are_refused(workspace: Workspace) -> None:
    assert workspace.client.post("/slack/events", content=b"\xff\xfe\x00").status_code == 401


def test_slack_is_told_that_it_has_the_right_address(workspace: Workspace) -> None:
    asked = json.dumps({"type": "url_verification", "challenge": "a riddle", "token": "x"})
    assert workspace.post(asked).json() == {"challenge": "a riddle"}


def test_a_request_is_acknowledged_whatever_the_work_takes(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = workspace.place.desk.ask

    async def slow(*args: object, **named: object) -> object:
        import asyncio

        await asyncio.sleep(4)
        return await ask(*args, **named)

    monkeypatch.setattr(workspace.place.desk, "ask", slow)
    began = time.monotonic()
    assert workspace.mention("What is the turnover?").status_code == 200
    assert time.monotonic() - began < 3
    assert workspace.slack.next("chat.postMessage")["text"] == "Turnover: 108."
