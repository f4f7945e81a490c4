"""Who asks over HTTP, and what they get to see."""

from __future__ import annotations

import httpx
import pytest

from assistant.people.audit import Audit
from assistant.people.door import Door
from tests.assistant.api.conftest import PASSWORD, Shop

ASK = "/api/v1/ask"
NORTH = 49
"""The turnover of the shops of the North: every other two of 0 7 1 8 2 9 3 10 4 11 …"""


def turnover(client: httpx.Client) -> float:
    answer = client.post(ASK, json={"question": "What is the turnover?"}).json()
    assert answer["outcome"] == "answered", answer
    return float(answer["rows"][0][0])


def test_the_same_question_has_each_persons_own_answer(shop: Shop) -> None:
    north, south, both, all_of_it = (turnover(shop.client(name)) for name in ("ana", "sam", "ida", "boss"))
    assert (north, south, both, all_of_it) == (NORTH, 25, 74, 108)
    assert north + south == both < all_of_it


def test_an_answer_says_that_it_is_of_a_part(shop: Shop) -> None:
    said = shop.client("ana").post(ASK, json={"question": "turnover by city"}).json()
    assert {row[0] for row in said["rows"]} == {"Oslo", "Umea"}
    assert any("Only what you may see" in caveat for caveat in said["caveats"])


def test_what_is_masked_is_not_allowed_rather_than_not_there(shop: Shop) -> None:
    question = {"question": "total salary"}
    assert shop.client("ana").post(ASK, json=question).json()["outcome"] == "not_allowed"
    assert shop.client("boss").post(ASK, json=question).json()["outcome"] == "answered"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer parley_000000000000_" + "A" * 43,
        "Bearer a.b.c",
        "Basic Ym9zczpib3Nz",
        "bearer x",
    ],
)
def test_a_stranger_gets_nothing(shop: Shop, header: str | None) -> None:
    with shop.client() as stranger:
        refused = stranger.post(ASK, json={"question": "turnover"}, headers={"Authorization": header} if header else {})
    assert refused.status_code == 401
    assert "Bearer" in refused.headers["WWW-Authenticate"]


def test_a_log_in_of_the_page_is_good_for_the_api(shop: Shop) -> None:
    with shop.client() as page:
        wrong = page.post("/login", data={"username": "ana", "password": "something else"})
        assert wrong.status_code == 401
        page.post("/login", data={"username": "ana", "password": PASSWORD})
        assert turnover(page) == NORTH
        assert page.get("/user").json()["display_name"] == "ana"


def test_whoever_is_shut_out_is_out_at_once(shop: Shop) -> None:
    door = Door(shop.state)
    tom = door.directory.add("tom", "viewer", attributes={"region": ["North"]})
    door.passwords.set(tom, PASSWORD)
    key, _ = door.keys.create(tom, "")
    with shop.client() as page, httpx.Client(base_url=shop.url, headers={"Authorization": f"Bearer {key}"}) as keyed:
        page.post("/login", data={"username": "tom", "password": PASSWORD})
        assert (turnover(page), turnover(keyed)) == (NORTH, NORTH)
        door.directory.change(door.directory.named("tom"), enabled=False)
        assert page.post(ASK, json={"question": "turnover"}).status_code == 401
        assert keyed.post(ASK, json={"question": "turnover"}).status_code == 401
    door.close()


def test_conversations_of_one_name_are_different_peoples(shop: Shop) -> None:
    def ask(person: str, question: str) -> dict[str, object]:
        body = {"question": question, "conversation": "shared"}
        return shop.client(person).post(ASK, json=body).json()

    ask("boss", "turnover by city")
    followed = ask("ana", "and only the top 1?")
    assert "Rome" not in str(followed)
    assert "Bari" not in str(followed)


def test_everything_asked_is_in_the_audit_log(shop: Shop) -> None:
    turnover(shop.client("sam"))
    log = Audit(shop.state / "audit.sqlite")
    last = [entry for entry in log.entries() if entry.person == "sam"][-1]
    assert (last.deed, last.channel) == ("asked", "api")
    assert last.detail["question"] == "What is the turnover?"
    assert "SUM" in last.detail["sql"]
    assert {"logged in", "log-in refused"} <= {entry.deed for entry in log.entries()}
    assert log.broken() is None
    assert not any(secret in str(list(log.export())) for secret in (PASSWORD, *shop.keys.values()))
    log.close()
