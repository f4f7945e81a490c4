"""Webhooks: where they may go, how they are signed, and how often they are tried."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from assistant.people.person import local_owner
from assistant.webhooks.address import BadAddress, checked
from assistant.webhooks.delivery import Sender
from assistant.webhooks.hooks import WAITS, Hooks
from tests.assistant.webhooks.receiver import Receiver, receiver

__all__ = ["receiver"]


@pytest.fixture
def hooks(tmp_path: Path) -> Iterator[Hooks]:
    made = Hooks(tmp_path / "webhooks.sqlite")
    yield made
    made.close()


async def sent(hooks: Hooks, count: int, receiver: Receiver) -> None:
    """Send until the receiver had so many."""
    sender = Sender(hooks, inside=True)
    sender.start()
    for _ in range(200):
        if len(receiver.came) >= count and not hooks.due(1):
            break
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.1)
    await sender.close()


async def test_an_event_is_sent_once_and_its_signature_can_be_verified(hooks: Hooks, receiver: Receiver) -> None:
    hook = hooks.add(local_owner(), receiver.url, ["answer.given"])
    assert hooks.waiting("answer.given", "main") == [hook]
    assert hooks.waiting("answer.given", "another workspace") == []
    hooks.send(hook, "answer.given", {"text": "net sales were 7 €"})
    await sent(hooks, 1, receiver)
    [(headers, body)] = receiver.came
    assert json.loads(body)["data"] == {"text": "net sales were 7 €"}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(hook.secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert [d.status for d in hooks.deliveries(hook, 10)] == ["delivered"]


async def test_what_is_not_taken_is_tried_again_with_the_same_id(hooks: Hooks, receiver: Receiver) -> None:
    hook = hooks.add(local_owner(), receiver.url, ["answer.given"])
    receiver.statuses = [500]
    hooks.send(hook, "answer.given", {})
    await sent(hooks, 1, receiver)
    [first] = hooks.deliveries(hook, 10)
    assert (first.status, first.tries, first.said) == ("waiting", 1, "status 500")
    assert not hooks.due(1)
    with time_machine.travel(datetime.now(UTC).timestamp() + WAITS[0] + 1):
        await sent(hooks, 2, receiver)
    assert receiver.came[0][0]["webhook-id"] == receiver.came[1][0]["webhook-id"]
    assert hooks.deliveries(hook, 10)[0].status == "delivered"


def test_it_is_given_up_after_the_last_try(hooks: Hooks) -> None:
    hook = hooks.add(local_owner(), "https://example.com", ["answer.given"])
    hooks.send(hook, "answer.given", {})
    for _ in range(len(WAITS) + 1):
        hooks.tried(hooks.deliveries(hook, 1)[0], taken=False, said="status 500")
    assert hooks.deliveries(hook, 1)[0].status == "given_up"
    with time_machine.travel(datetime.now(UTC).timestamp() + 86_400):
        assert not hooks.due(1)


async def test_a_receiver_that_is_gone_gets_nothing_more(hooks: Hooks, receiver: Receiver) -> None:
    hook = hooks.add(local_owner(), receiver.url, ["answer.given"])
    receiver.statuses = [410]
    hooks.send(hook, "answer.given", {})
    await sent(hooks, 1, receiver)
    assert hooks.waiting("answer.given", "main") == []
    assert "410" in (hooks.all(local_owner())[0].off or "")


@pytest.mark.parametrize(
    "url",
    ["http://example.com", "https://127.0.0.1/x", "https://localhost", "https://10.0.0.1", "https://169.254.169.254/",
     "https://[::1]/", "https://0.0.0.0", "https://2130706433", "ftp://example.com", "https://", "example.com",
     "https://a:b@93.184.215.14/", "https://[::ffff:127.0.0.1]/", "file:///etc/passwd", "https://x.invalid"],
)  # fmt: skip
def test_a_webhook_goes_to_the_world_alone(url: str) -> None:
    with pytest.raises(BadAddress):
        checked(url, inside=False)


def test_a_webhook_may_go_to_an_address_of_the_world() -> None:
    assert checked("https://93.184.215.14/hook", inside=False)
    assert checked("http://127.0.0.1:8080/hook", inside=True)
