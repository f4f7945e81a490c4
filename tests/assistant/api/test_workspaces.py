"""Two workspaces on one server, the chain of shops and a laboratory: a person is in one, the other, or both; and nothing
of the one is ever told to who asks in the other."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client
from typer.testing import CliRunner

from assistant.cli import app
from assistant.people.door import Door
from evals.served import served
from knowledge import osi
from tests.assistant.api.conftest import PASSWORD
from tests.assistant.webhooks.receiver import Receiver, receiver
from tests.knowledge.policies import chain

__all__ = ["receiver"]

API = "/api/v1"
LAB = """
CREATE TABLE samples AS SELECT i AS sample_id, (['Xenon', 'Zircon', 'Wolfram'])[1 + i % 3] AS element,
  1000.5 + i AS mass, DATE '2024-01-01' + i::INT AS weighed FROM range(30) r(i);
"""
LABS_OWN = ("Xenon", "Zircon", "Wolfram", "sample", "1000.5")
"""What only the laboratory has, in names, values and figures."""
BY_ELEMENT = {
    "columns": [
        {"kind": "field", "field": "samples.element"},
        {"kind": "measure", "measure": {"kind": "aggregate", "agg": "sum", "of": "samples.mass"}},
    ]
}
BY_CITY = {
    "columns": [
        {"kind": "field", "field": "shops.city"},
        {"kind": "measure", "measure": {"kind": "metric", "metric": "turnover"}},
    ]
}


@dataclass(frozen=True)
class Two:
    url: str
    state: Path
    keys: dict[str, str]
    """Of boss and ada in main, of eve (lab alone) and ada in the lab: "ada/lab"."""

    def client(self, who: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.keys[who]}"}, timeout=60)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("two")
    state = folder / "state"
    chain.whole(folder).warehouse.close()
    (folder / "model.yaml").write_text(osi.dump(chain.model()), encoding="utf-8")
    with duckdb.connect(str(folder / "lab.duckdb")) as database:
        database.execute(LAB)
    by_hand = CliRunner(env={"PARLEY_STATE_DIR": str(state)})

    def parley(*arguments: str, typed: str = "") -> str:
        done = by_hand.invoke(app, list(arguments), input=typed)
        assert done.exit_code == 0, done.output
        return done.stdout.splitlines()[0]

    parley("workspaces", "add", "lab", "--db", str(folder / "lab.duckdb"))
    parley("people", "add", "boss", "--role", "owner", typed=PASSWORD)
    parley("people", "add", "ada", "--role", "owner", "--set", "region=North", typed=PASSWORD)
    parley("people", "add", "eve", "--role", "owner", "--workspace", "lab", typed=PASSWORD)
    parley("people", "add", "ada", "--role", "analyst", "--workspace", "lab")
    keys = {"boss": parley("keys", "create", "boss"), "ada": parley("keys", "create", "ada"), "eve": parley("keys", "create", "eve", "--workspace", "lab"), "ada/lab": parley("keys", "create", "ada", "--workspace", "lab")}  # fmt: skip
    arguments = ["--db", str(folder / "whole.duckdb"), "--model", str(folder / "model.yaml")]
    with served(arguments, state, PARLEY_RATE_LIMIT="100000/minute", PARLEY_WEBHOOKS_INSIDE="true") as server:
        yield Two(server.url, state, keys)


def rows(client: httpx.Client, question: str) -> dict[Any, Any]:
    answer = client.post(f"{API}/ask", json={"question": question}).json()
    assert answer["outcome"] == "answered", answer["text"]
    return dict(answer["rows"])


def test_each_key_asks_in_its_own_workspace(two: Two) -> None:
    assert set(rows(two.client("ada"), "turnover by city")) == {"Oslo", "Umea", "Rome", "Bari"}
    assert set(rows(two.client("ada/lab"), "total mass by element")) == {"Xenon", "Zircon", "Wolfram"}
    assert set(rows(two.client("eve"), "total mass by element")) == {"Xenon", "Zircon", "Wolfram"}
    lab = two.client("ada/lab").get(f"{API}/me").json()
    assert (lab["workspace"], lab["role"], lab["workspaces"]) == ("lab", "analyst", ["main", "lab"])


def test_a_token_and_the_page_are_good_in_the_workspace_that_was_named(two: Two) -> None:
    def token(**body: str) -> httpx.Response:
        return httpx.post(f"{two.url}{API}/token", json={"password": PASSWORD, **body})

    for body, workspace in (
        ({"name": "ada"}, "main"), ({"name": "ada", "workspace": "lab"}, "lab"), ({"name": "ada/lab"}, "lab"), ({"name": "eve"}, "lab"),
    ):  # fmt: skip
        shown = {"Authorization": f"Bearer {token(**body).json()['access_token']}"}
        assert httpx.get(f"{two.url}{API}/me", headers=shown).json()["workspace"] == workspace
    assert token(name="eve", workspace="main").status_code == 401
    assert token(name="boss/lab").status_code == 401
    with httpx.Client(base_url=two.url, timeout=60) as page:
        page.post("/login", data={"username": "ada/lab", "password": PASSWORD})
        assert "Xenon" in rows(page, "total mass by element")
        assert "lab" in page.get("/workspaces").text
        assert page.post("/workspaces/main").status_code == 302
        assert "Oslo" in rows(page, "turnover by city")
        page.cookies.clear()
        page.post("/login", data={"username": "eve", "password": PASSWORD})
        assert page.post("/workspaces/main").status_code == 404


def test_what_was_said_and_given_in_one_is_not_there_in_the_other(two: Two) -> None:
    """The same person, the same names."""
    main, lab = two.client("ada"), two.client("ada/lab")
    given = lab.post(f"{API}/conversations/files/files", files={"file": ("gold.csv", b"ore,grade\nAurum,7\nPyrit,9\n")})
    assert given.status_code == 201, given.text
    assert "Aurum" in lab.post(f"{API}/ask", json={"question": "total grade by ore", "conversation": "files"}).text
    assert "Aurum" not in main.post(f"{API}/ask", json={"question": "total grade by ore", "conversation": "files"}).text

    answer = lab.post(f"{API}/ask", json={"question": "total mass by element", "conversation": "c"}).json()
    for path in ("", "/rows", "/chart"):
        assert main.get(f"{API}/answers/{answer['id']}{path}").status_code == 404
    assert main.get(f"{API}/conversations/c").status_code == 404
    assert "c" not in {c["name"] for c in main.get(f"{API}/conversations").json()["items"]}
    assert main.delete(f"{API}/conversations/c").status_code == 404
    follow_up = main.post(f"{API}/ask", json={"question": "only Xenon", "conversation": "c"}).json()
    assert follow_up["outcome"] == "cannot", "there was nothing before it here"
    assert lab.get(f"{API}/conversations/c").json()["items"][0]["question"] == "total mass by element"


def test_owners_read_of_their_own_workspace_what_was_done(two: Two) -> None:
    rows(two.client("eve"), "total mass by element")
    rows(two.client("boss"), "turnover by city")
    for who, other in (("boss", "samples"), ("eve", "turnover")):
        assert other not in two.client(who).get(f"{API}/audit/export").text
        assert other not in two.client(who).get(f"{API}/audit", params={"limit": 100}).text


def test_each_has_its_own_refreshes(two: Two) -> None:
    begun = two.client("eve").post(f"{API}/refreshes").json()
    assert two.client("eve").get(f"{API}/refreshes/{begun['id']}").status_code == 200
    assert two.client("boss").get(f"{API}/refreshes/{begun['id']}").status_code == 404


def test_a_webhook_hears_of_its_own_workspace_alone(two: Two, receiver: Receiver) -> None:
    wish = {"url": receiver.url, "events": ["refresh.finished", "answer.given"]}
    made = two.client("eve").post(f"{API}/webhooks", json=wish).json()
    assert two.client("boss").get(f"{API}/webhooks").json() == []
    assert two.client("boss").delete(f"{API}/webhooks/{made['id']}").status_code == 404
    for who in ("boss", "eve"):
        two.client(who).post(f"{API}/refreshes")
    for _ in range(100):
        if receiver.came:
            break
        time.sleep(0.1)
    time.sleep(1)
    [(_, body)] = receiver.came
    assert json.loads(body)["data"]["person"] == "eve"


async def test_mcp_is_of_the_keys_workspace(two: Two) -> None:
    async with AsyncExitStack() as stack:
        headers = {"Authorization": f"Bearer {two.keys['ada/lab']}"}
        read, write, _ = await stack.enter_async_context(streamablehttp_client(f"{two.url}/mcp", headers=headers))
        session = await stack.enter_async_context(ClientSession(read, write))
        await session.initialize()
        said = []
        for name, arguments in (
            ("ask", {"question": "turnover by city"}), ("describe", {"words": "turnover Oslo"}), ("query", {"request": BY_CITY, "reading": ""}),
            ("sql", {"statement": "SELECT city FROM shops"}), ("insights", {"window": "January 2024"}),
        ):  # fmt: skip
            said += [part.text for part in (await session.call_tool(name, arguments)).content]
        assert not any(own in text for own in ("Umea", "Rome", "Bari", "108") for text in said)
        elements = await session.call_tool("sql", {"statement": "SELECT DISTINCT element FROM samples"})
        assert not elements.isError


WORDS = st.sampled_from([*LABS_OWN, "mass", "element", "samples.element", "samples.mass", "weighed", "lab", "main", "by", "total", "everything", "SELECT * FROM samples", "lab.samples", "../lab", "workspaces/lab/state"])  # fmt: skip
SAID = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)


@given(SAID)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_asked_nothing_of_the_other_workspace_is_told(two: Two, said: str) -> None:
    """Its values and figures are in no answer, chart, suggestion or error; names alone are said back as they came."""
    request = {"columns": [*BY_ELEMENT["columns"], {"kind": "field", "field": said}]}
    sent: list[tuple[str, dict[str, Any]]] = [
        ("ask", {"question": said, "conversation": "c"}),
        ("query", {"request": BY_ELEMENT}),
        ("query", {"request": request}),
        ("charts", {"request": BY_ELEMENT}),
        ("anomalies", {"request": BY_ELEMENT}),
        (
            "graphql",
            {
                "query": "query ($r: JSON!) { query(request: $r) { values sql } model { name datasets { name } } }",
                "variables": {"r": request},
            },
        ),
    ]
    with two.client("ada") as main:
        for path, body in sent:
            got = main.post(f"{API}/{path}", json=body)
            assert got.status_code < 500, (path, body, got.text)
            told = got.text
            for own in ("Xenon", "Zircon", "Wolfram", "1000.5"):
                assert own not in told or own in json.dumps(body), (path, body, told)
            if path in ("query", "charts", "anomalies"):
                assert got.status_code == 422
        for path in ("metrics", "dimensions", "suggestions", "webhooks"):
            assert not any(own in main.get(f"{API}/{path}").text for own in LABS_OWN)


def test_whoever_is_out_of_a_workspace_is_in_the_other_still(two: Two) -> None:
    door = Door(two.state)
    key = door.keys.create(door.directory.add("tom", "analyst"), "")[0]
    there = door.keys.create(door.directory.add("tom", "analyst", workspace="lab"), "")[0]
    with httpx.Client(base_url=two.url) as client:

        def status(shown: str) -> int:
            return client.get(f"{API}/me", headers={"Authorization": f"Bearer {shown}"}).status_code

        assert (status(key), status(there)) == (200, 200)
        door.directory.remove(door.directory.named("tom", "lab"))
        assert (status(key), status(there)) == (200, 401)
    door.close()


def test_another_workspace_under_the_name_of_one_that_was_removed_is_a_new_one(two: Two, tmp_path: Path) -> None:
    by_hand = CliRunner(env={"PARLEY_STATE_DIR": str(two.state)})
    (tmp_path / "cups.csv").write_text("cup,size\nMug,3\nJar,8\n", encoding="utf-8")
    (tmp_path / "hats.csv").write_text("hat,size\nFedora,3\nCap,8\n", encoding="utf-8")

    def parley(*arguments: str) -> str:
        done = by_hand.invoke(app, list(arguments))
        assert done.exit_code == 0, done.output
        return done.stdout.splitlines()[0]

    parley("workspaces", "add", "shelf", "--db", str(tmp_path / "cups.csv"))
    parley("people", "add", "ada", "--role", "owner", "--workspace", "shelf")
    key = parley("keys", "create", "ada", "--workspace", "shelf")
    with httpx.Client(base_url=two.url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        assert "Mug" in rows(client, "total size by cup")
        parley("workspaces", "remove", "shelf")
        assert client.get(f"{API}/me").status_code == 401
        parley("workspaces", "add", "shelf", "--db", str(tmp_path / "hats.csv"))
        assert client.get(f"{API}/me").status_code == 401
        parley("people", "add", "ada", "--role", "owner", "--workspace", "shelf")
        client.headers["Authorization"] = f"Bearer {parley('keys', 'create', 'ada', '--workspace', 'shelf')}"
        assert "Fedora" in rows(client, "total size by hat")
        assert "Mug" not in client.post(f"{API}/ask", json={"question": "total size by cup"}).text


def test_the_command_says_what_there_is(two: Two) -> None:
    by_hand = CliRunner(env={"PARLEY_STATE_DIR": str(two.state)})
    assert "lab.duckdb" in by_hand.invoke(app, ["workspaces", "list"]).stdout
    for wrong in (["workspaces", "add", "main", "--db", "x.csv"], ["workspaces", "add", "Lab!", "--db", "x"], ["workspaces", "add", "x", "--db", "nowhere.csv"], ["people", "list", "--workspace", "attic"]):  # fmt: skip
        refused = by_hand.invoke(app, wrong)
        assert refused.exit_code == 1, refused.output
