"""Tokens, and POSTs that are sent twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx

from tests.assistant.api.conftest import PASSWORD, Shop

API = "/api/v1"


def test_a_token_is_had_for_a_password_and_says_who_one_is(shop: Shop) -> None:
    with shop.client() as stranger:
        got = stranger.post(f"{API}/token", json={"name": "ida", "password": PASSWORD}).json()
        assert got["token_type"] == "Bearer"
        me = stranger.get(f"{API}/me", headers={"Authorization": f"Bearer {got['access_token']}"}).json()
    assert me == {
        "name": "ida",
        "role": "analyst",
        "workspace": "main",
        "workspaces": ["main"],
        "scopes": ["ask", "query", "refresh", "upload"],
    }


def test_a_wrong_password_is_refused_and_guessing_is_slow(shop: Shop) -> None:
    with shop.client() as stranger:
        tries = [stranger.post(f"{API}/token", json={"name": "sam", "password": f"wrong {n}"}) for n in range(12)]
    assert [t.status_code for t in tries][:10] == [401] * 10
    assert tries[-1].status_code == 429
    assert int(tries[-1].headers["Retry-After"]) > 0
    assert "wrong" not in tries[0].text


def test_a_post_that_is_sent_again_is_done_once(shop: Shop) -> None:
    boss, key = shop.client("boss"), {"Idempotency-Key": str(uuid4())}
    first = boss.post(f"{API}/ask", json={"question": "turnover by city"}, headers=key)
    again = boss.post(f"{API}/ask", json={"question": "turnover by city"}, headers=key)
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    other = boss.post(f"{API}/ask", json={"question": "turnover"}, headers=key)
    assert other.status_code == 422
    assert "another request" in other.json()["detail"]
    assert (
        "idempotent-replayed"
        not in shop.client("ida").post(f"{API}/ask", json={"question": "turnover by city"}, headers=key).headers
    )


def test_of_many_that_are_sent_at_once_one_is_done(shop: Shop) -> None:
    key = {"Idempotency-Key": str(uuid4())}

    def send(_: int) -> httpx.Response:
        return shop.client("boss").post(f"{API}/ask", json={"question": "turnover by city"}, headers=key)

    with ThreadPoolExecutor(6) as pool:
        got = list(pool.map(send, range(6)))
    assert {r.status_code for r in got} <= {200, 409}
    assert len({r.json()["id"] for r in got if r.status_code == 200}) == 1


def test_what_was_refused_for_a_passing_reason_may_be_sent_again(shop: Shop) -> None:
    key = {"Idempotency-Key": str(uuid4()), "Authorization": "Bearer nobody"}
    for _ in range(2):
        with shop.client() as stranger:
            refused = stranger.post(f"{API}/ask", json={"question": "turnover"}, headers=key)
        assert refused.status_code == 401
        assert "idempotent-replayed" not in refused.headers
