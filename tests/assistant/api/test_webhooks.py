"""Webhooks over the API: added, told of an answer, and taken away; on the chain of shops."""

from __future__ import annotations

import json
import time

from tests.assistant.api.conftest import Shop
from tests.assistant.webhooks.receiver import Receiver, receiver

__all__ = ["receiver"]
API = "/api/v1"


def test_an_answer_is_told_of(shop: Shop, receiver: Receiver) -> None:
    boss = shop.client("boss")
    made = boss.post(f"{API}/webhooks", json={"url": receiver.url, "events": ["answer.given"]}).json()
    assert made["secret"].startswith("whsec_")
    assert "secret" not in boss.get(f"{API}/webhooks").json()[0]
    boss.post(f"{API}/webhooks/{made['id']}/test")
    boss.post(f"{API}/ask", json={"question": "What is the turnover?"})
    shop.client("ana").post(f"{API}/ask", json={"question": "turnover by city"})
    for _ in range(100):
        if len(receiver.came) >= 2:
            break
        time.sleep(0.1)
    told = {json.loads(body)["type"]: json.loads(body)["data"] for _, body in receiver.came}
    assert set(told) == {"webhook.tested", "answer.given"}
    assert told["answer.given"]["question"] == "What is the turnover?", "and not of what others ask"
    assert {d["status"] for d in boss.get(f"{API}/webhooks/{made['id']}/deliveries").json()} <= {"delivered", "waiting"}
    assert boss.delete(f"{API}/webhooks/{made['id']}").status_code == 204
    assert boss.get(f"{API}/webhooks/{made['id']}/deliveries").status_code == 404


def test_webhooks_are_for_owners_and_need_an_address(shop: Shop) -> None:
    wish = {"url": "https://example.com", "events": ["answer.given"]}
    assert shop.client("ida").post(f"{API}/webhooks", json=wish).status_code == 403
    boss = shop.client("boss")
    assert boss.post(f"{API}/webhooks", json=wish | {"url": "nowhere"}).status_code == 422
    assert boss.post(f"{API}/webhooks", json=wish | {"events": []}).status_code == 422
