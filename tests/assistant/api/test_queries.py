"""The semantic model and Requests over REST, by what the asker may see; on the chain of shops."""

from __future__ import annotations

from typing import Any

import pytest

from tests.assistant.api.conftest import Shop

API = "/api/v1"
BY_CITY: dict[str, Any] = {
    "columns": [
        {"kind": "field", "field": "shops.city"},
        {"kind": "measure", "measure": {"kind": "metric", "metric": "turnover"}},
    ]
}


def test_metrics_and_dimensions_are_listed(shop: Shop) -> None:
    ana = shop.client("ana")
    assert [m["name"] for m in ana.get(f"{API}/metrics").json()["items"]] == ["turnover"], "salaries are masked for her"
    known = {d["name"]: d for d in ana.get(f"{API}/dimensions?limit=100").json()["items"]}
    assert sorted(known["shops.city"]["values"]) == ["Oslo", "Umea"]
    assert "staff.salary" not in known
    assert "Rome" not in str(known)
    assert [m["name"] for m in shop.client("boss").get(f"{API}/metrics").json()["items"]] == ["turnover", "payroll"]
    boss = shop.client("boss").get(f"{API}/dimensions?limit=100").json()["items"]
    assert "staff.salary" in {d["name"] for d in boss}


def test_a_list_comes_in_pages(shop: Shop) -> None:
    boss, found, cursor = shop.client("boss"), [], ""
    while cursor is not None:
        got = boss.get(f"{API}/metrics", params={"limit": 1, **({"cursor": cursor} if cursor else {})}).json()
        found += [m["name"] for m in got["items"]]
        cursor = got["next"]
    assert found == ["turnover", "payroll"]


def test_suggestions_can_be_asked(shop: Shop) -> None:
    ana = shop.client("ana")
    questions = ana.get(f"{API}/suggestions").json()["questions"]
    assert questions
    assert ana.post(f"{API}/ask", json={"question": questions[0]}).json()["outcome"] == "answered"


def test_an_analyst_runs_a_request_and_sees_their_part(shop: Shop) -> None:
    got = shop.client("ida").post(f"{API}/query", json={"request": BY_CITY}).json()
    assert dict(got["rows"]) == {"Oslo": 20.0, "Umea": 29.0, "Rome": 25.0}
    assert got["columns"][1]["label"]
    assert "SELECT" in got["sql"]
    assert got["caveats"] == ["Only what you may see is counted of: sale, shop."]
    assert shop.client("ana").post(f"{API}/query", json={"request": BY_CITY}).status_code == 403


def test_a_chart_is_drawn(shop: Shop) -> None:
    ida = shop.client("ida")
    drawn = {f: ida.post(f"{API}/charts", json={"request": BY_CITY, "format": f}) for f in ("spec", "png", "svg")}
    assert drawn["spec"].json()["mark"]
    assert drawn["png"].content.startswith(b"\x89PNG")
    assert "<svg" in drawn["svg"].text
    alone = {"columns": BY_CITY["columns"][1:]}
    assert ida.post(f"{API}/charts", json={"request": alone}).status_code == 422


@pytest.mark.parametrize(
    ("request_", "status", "said"),
    [
        ({"columns": [{"kind": "measure", "measure": {"kind": "metric", "metric": "turnovr"}}]}, 422, "turnover"),
        ({"columns": [{"kind": "field", "field": "fees.amount"}, BY_CITY["columns"][0]]}, 422, "shops"),
        ({"columns": "all"}, 422, "errors"),
        ({}, 422, "neither"),
        ({"columns": BY_CITY["columns"], "period": "the day after yesteryear"}, 422, "yesteryear"),
    ],
)
def test_a_request_that_can_not_be_served_says_why(
    shop: Shop, request_: dict[str, Any], status: int, said: str
) -> None:
    got = shop.client("ida").post(f"{API}/query", json={"request": request_})
    assert got.status_code == status
    assert said in got.text


def test_the_audit_log_is_for_owners(shop: Shop) -> None:
    boss = shop.client("boss")
    boss.post(f"{API}/query", json={"request": BY_CITY})
    entries = boss.get(f"{API}/audit?limit=100").json()["items"]
    assert entries[0]["n"] == 1
    assert "queried" in boss.get(f"{API}/audit/export").text
    for other in ("ida", "ana"):
        assert shop.client(other).get(f"{API}/audit").status_code == 403
