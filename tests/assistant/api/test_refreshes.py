"""The data read anew while it is served, and the webhooks that are told: a kiosk's sales, in a CSV file that grows."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from evals.served import served
from tests.assistant.webhooks.receiver import Receiver, receiver

__all__ = ["receiver"]
API = "/api/v1"
LAST = date(2024, 12, 31)


def write(path: Path, days: int, *, strange: bool = False) -> None:
    """Some 30 sales a day, up to the last day of 2024; in the strange one, 200 on the last day but one."""
    chance, lines = np.random.default_rng(1), ["sale_id,sold_at,amount"]
    for n in range(days):
        day = LAST - timedelta(days=days - 1 - n)
        many = 200 if strange and day == LAST - timedelta(days=1) else int(chance.integers(27, 34))
        lines += [f"{len(lines) + k},{day},{round(float(chance.uniform(4, 6)), 2)}" for k in range(many)]
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Path]]:
    folder = tmp_path_factory.mktemp("kiosk")
    write(folder / "sales.csv", 120)
    with served(["--db", str(folder / "sales.csv")], folder / "state", PARLEY_WEBHOOKS_INSIDE="true") as server:
        yield httpx.Client(base_url=server.url, timeout=60), folder / "sales.csv"


def refreshed(client: httpx.Client) -> dict[str, Any]:
    begun = client.post(f"{API}/refreshes")
    assert begun.status_code == 202, begun.text
    for _ in range(600):
        found: dict[str, Any] = client.get(f"{API}/refreshes/{begun.json()['id']}").json()
        if found["status"] != "running":
            return found
        time.sleep(0.05)
    raise AssertionError("it never ended")


def count(client: httpx.Client) -> int:
    answer = client.post(f"{API}/ask", json={"question": "How many sales are there?"}).json()
    return int(answer["rows"][0][0])


def told(receiver: Receiver, many: int) -> list[tuple[str, Any]]:
    for _ in range(300):
        if len(receiver.came) >= many:
            break
        time.sleep(0.1)
    bodies = [json.loads(body) for _, body in receiver.came]
    return [(body["type"], body["data"]) for body in bodies]


def test_new_rows_are_answered_from_and_a_source_that_breaks_leaves_the_last_good_data(
    kiosk: tuple[httpx.Client, Path], receiver: Receiver
) -> None:
    client, source = kiosk
    events = ["refresh.finished", "refresh.failed", "alert.raised"]
    hook = client.post(f"{API}/webhooks", json={"url": receiver.url, "events": events}).json()
    before = count(client)

    write(source, 121, strange=True)
    done = refreshed(client)
    assert (done["status"], done["tables"], done["fresh_as_of"][:10]) == ("finished", 1, str(LAST))
    assert count(client) == done["rows"] > before + 100

    source.write_bytes(b"")
    failed = refreshed(client)
    assert failed["status"] == "failed"
    assert "sales.csv" in failed["said"]
    assert count(client) == done["rows"]

    heard = told(receiver, 3)
    assert {name for name, _ in heard} == set(events)
    assert next(data for name, data in heard if name == "refresh.finished")["rows"] == done["rows"]
    assert next(data for name, data in heard if name == "refresh.failed")["said"] == failed["said"]
    alert = next(data for name, data in heard if name == "alert.raised")
    assert (alert["kind"], alert["start"][:10]) == ("spike", str(LAST - timedelta(days=1)))

    write(source, 121, strange=True)
    refreshed(client)
    client.post(f"{API}/insights", json={})
    again = told(receiver, len(heard) + 1)
    assert [name for name, _ in again].count("alert.raised") == [name for name, _ in heard].count("alert.raised"), (
        "each thing is told of once"
    )
    client.delete(f"{API}/webhooks/{hook['id']}")


def test_the_last_ones_are_listed_newest_first(kiosk: tuple[httpx.Client, Path]) -> None:
    client, _ = kiosk
    refreshed(client)
    newest = refreshed(client)
    page = client.get(f"{API}/refreshes", params={"limit": 1}).json()
    assert [r["id"] for r in page["items"]] == [newest["id"]]
    older = client.get(f"{API}/refreshes", params={"limit": 1, "cursor": page["next"]}).json()
    assert older["items"][0]["id"] != newest["id"]
    assert client.get(f"{API}/refreshes/{'0' * 32}").status_code == 404


def test_insights_name_the_strange_day(kiosk: tuple[httpx.Client, Path]) -> None:
    client, source = kiosk
    write(source, 121, strange=True)
    refreshed(client)
    found = client.post(f"{API}/insights", json={}).json()
    assert found["period"] == "25–31 December 2024"
    assert found["items"][0]["kind"] == "spike"
    assert found["items"][0]["actual"] > 5 * found["items"][0]["expected"]
    request = found["items"][0]["request"]
    assert client.post(f"{API}/query", json={"request": request}).status_code == 200


def test_questions_are_answered_while_the_data_is_read_anew(kiosk: tuple[httpx.Client, Path]) -> None:
    client, source = kiosk
    before = count(client)
    write(source, 60)
    client.post(f"{API}/refreshes")
    meanwhile = {count(client) for _ in range(10)}
    refreshed(client)
    after = count(client)
    assert after < before
    assert meanwhile <= {before, after}
