"""Questions over REST, their answers again, conversations, feedback and files; over HTTP, on the chain of shops."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from assistant.people.door import Door
from tests.assistant.api.conftest import Shop

API = "/api/v1"


@pytest.fixture
def boss(shop: Shop) -> httpx.Client:
    return shop.client("boss")


def ask(client: httpx.Client, question: str, **more: str) -> dict[str, Any]:
    got = client.post(f"{API}/ask", json={"question": question, **more})
    assert got.status_code == 200, got.text
    answer: dict[str, Any] = got.json()
    return answer


def test_an_answer_can_be_had_again_with_its_rows_and_chart(boss: httpx.Client) -> None:
    answer = ask(boss, "turnover by city")
    again = f"{API}/answers/{answer['id']}"
    assert boss.get(again).json() == answer
    assert boss.get(f"{again}/rows?format=csv").text.splitlines()[1].startswith("Bari,")
    assert boss.get(f"{again}/rows?format=xlsx").content.startswith(b"PK")
    assert boss.get(f"{again}/chart").json()["mark"]
    assert boss.get(f"{again}/chart?format=png").content.startswith(b"\x89PNG")
    assert "<svg" in boss.get(f"{again}/chart?format=svg&theme=dark").text


@pytest.mark.parametrize("number", ["ab", "a%0Ab", "%0A"])
def test_what_is_no_number_of_an_answer_is_told_as_a_problem(boss: httpx.Client, number: str) -> None:
    got = boss.get(f"{API}/answers/{number}/chart")
    assert got.status_code == 422
    assert got.headers["content-type"] == "application/problem+json"


def test_an_answer_is_its_askers_alone(shop: Shop, boss: httpx.Client) -> None:
    answer = ask(boss, "turnover by city")
    for path in ("", "/rows", "/chart"):
        assert shop.client("ana").get(f"{API}/answers/{answer['id']}{path}").status_code == 404
    assert shop.client("ana").post(f"{API}/answers/{answer['id']}/feedback", json={"up": True}).status_code == 404


def test_an_answer_is_gone_when_its_asker_may_see_less(shop: Shop) -> None:
    door = Door(shop.state)
    eva = door.directory.add("eva", "viewer", attributes={"region": ["North", "South"]})
    key, _ = door.keys.create(eva, "")
    with httpx.Client(base_url=shop.url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        answer = ask(client, "turnover by city", conversation="mine")
        assert len(answer["rows"]) == 3
        door.directory.change(eva, attributes={"region": ["South"]})
        for path in ("", "/rows", "/chart"):
            assert client.get(f"{API}/answers/{answer['id']}{path}").status_code == 410
        kept = client.get(f"{API}/conversations/mine").json()["items"]
        assert [item["answer"] for item in kept] == [None]
    door.close()


def test_the_steps_and_the_text_come_as_events(boss: httpx.Client) -> None:
    with boss.stream(
        "POST", f"{API}/ask", json={"question": "turnover by city"}, headers={"Accept": "text/event-stream"}
    ) as got:
        assert got.headers["content-type"].startswith("text/event-stream")
        events = [
            tuple(line.split(": ", 1)[1] for line in part.split("\n"))
            for part in "".join(got.iter_text()).strip().split("\n\n")
        ]
    kinds = [kind for kind, _ in events]
    assert kinds[0] == "step"
    assert kinds[-1] == "answer"
    answer = json.loads(events[-1][1])
    assert "".join(json.loads(data)["text"] for kind, data in events if kind == "token") == answer["text"]
    assert boss.get(f"{API}/answers/{answer['id']}").json() == answer


def test_a_conversation_goes_on_and_is_listed_page_by_page(shop: Shop) -> None:
    ida = shop.client("ida")
    names = [f"review-{uuid4().hex[:8]}" for _ in range(3)]
    for name in names:
        ask(ida, "turnover by city", conversation=name)
    follow = ask(ida, "only Rome", conversation=names[0])
    assert [row[0] for row in follow["rows"]] in (["Rome"], [25.0])
    listed, cursor = [], None
    while True:
        got = ida.get(f"{API}/conversations", params={"limit": 1, **({"cursor": cursor} if cursor else {})}).json()
        listed += [item["name"] for item in got["items"]]
        cursor = got["next"]
        if cursor is None:
            break
    assert listed[:3] == [names[0], names[2], names[1]]
    first = ida.get(f"{API}/conversations/{names[0]}?limit=1").json()
    assert [item["question"] for item in first["items"]] == ["turnover by city"]
    second = ida.get(f"{API}/conversations/{names[0]}", params={"cursor": first["next"]}).json()
    assert [item["question"] for item in second["items"]] == ["only Rome"]
    assert ida.delete(f"{API}/conversations/{names[0]}").status_code == 204
    assert ida.get(f"{API}/conversations/{names[0]}").status_code == 404


def test_a_thumb_is_kept(boss: httpx.Client) -> None:
    answer = ask(boss, "turnover by city")
    assert (
        boss.post(f"{API}/answers/{answer['id']}/feedback", json={"up": False, "comment": "net, please"}).status_code
        == 204
    )


def test_a_file_is_asked_about(shop: Shop) -> None:
    ana = shop.client("ana")
    sent = ana.post(
        f"{API}/conversations/mine-alone/files",
        files={"file": ("tips.csv", b"seller,amount\nMona,3.5\nTed,4.5\nTed,5.0\n", "text/csv")},
    )
    assert sent.status_code == 201, sent.text
    assert sent.json()["tables"][0]["rows"] == 3
    answer = ask(ana, "total amount by seller", conversation="mine-alone")
    assert answer["outcome"] == "answered", answer
    assert sorted(answer["rows"]) == [["Mona", 3.5], ["Ted", 9.5]]
    other = ask(shop.client("sam"), "total amount by seller", conversation="mine-alone")
    assert other["outcome"] != "answered", "a conversation of the same name is another person's own"
    assert ana.delete(f"{API}/conversations/mine-alone").status_code == 204


def test_a_file_that_can_not_be_read_says_why(shop: Shop) -> None:
    sent = shop.client("ana").post(
        f"{API}/conversations/broken/files", files={"file": ("../../x.xlsx", b"not a workbook", "text/csv")}
    )
    assert sent.status_code == 422
    assert "x.xlsx could not be read" in sent.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/ask", {"question": 3}, 422),
        ("POST", "/ask", {"question": "turnover", "conversaton": "x"}, 422),
        ("POST", "/ask", {"question": "turnover", "conversation": "../x"}, 422),
        ("POST", "/ask", {"question": "x" * 20_001}, 422),
        ("GET", "/ask", None, 405),
        ("GET", "/nothing", None, 404),
        ("GET", "/conversations?cursor=%00", None, 422),
        ("GET", "/conversations?limit=1000", None, 422),
        ("GET", "/answers/" + "0" * 32, None, 404),
    ],
)  # fmt: skip
def test_what_is_wrong_is_a_problem(boss: httpx.Client, method: str, path: str, body: Any, status: int) -> None:
    got = boss.request(method, API + path, json=body)
    assert got.status_code == status
    assert got.headers["content-type"] == "application/problem+json"
    problem = got.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]


def test_a_body_that_is_too_large_is_refused(boss: httpx.Client) -> None:
    assert boss.post(f"{API}/ask", content=b"x" * 1_100_000).status_code == 413
