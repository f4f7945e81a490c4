"""Forecasts, anomalies, explanations and insights over REST, GraphQL and MCP, by what the asker may see; on the chain."""

from __future__ import annotations

from typing import Any

import pytest

from tests.assistant.api.conftest import Shop
from tests.assistant.api.test_graphql import send

API = "/api/v1"
TURNOVER: dict[str, Any] = {"columns": [{"kind": "measure", "measure": {"kind": "metric", "metric": "turnover"}}]}
BY_CITY: dict[str, Any] = {"columns": [{"kind": "field", "field": "shops.city"}, *TURNOVER["columns"]]}


def test_a_forecast_says_how_far_and_how_good(shop: Shop) -> None:
    got = shop.client("ida").post(f"{API}/forecasts", json={"request": TURNOVER, "periods": 3, "grain": "day"})
    assert got.status_code == 200, got.text
    said = got.json()
    assert len([row for row in said["rows"] if row[0] > "2024-01-20"]) == 3
    assert {"mark", "layer"} & set(said["chart"])
    assert said["method"]
    assert "Only what you may see is counted of: sale." in said["caveats"]


def test_an_analysis_is_of_what_the_asker_may_see(shop: Shop) -> None:
    wish = {"request": BY_CITY, "grain": "day"}
    seen = shop.client("ida").post(f"{API}/anomalies", json=wish).text
    assert "Bari" not in seen
    assert shop.client("ana").post(f"{API}/anomalies", json=wish).status_code == 403, "a viewer composes nothing"


def test_an_explanation_compares_two_periods(shop: Shop) -> None:
    wish = {"request": TURNOVER | {"period": "2024-01-11 to 2024-01-20", "compare_to": "2024-01-01 to 2024-01-10"}}
    got = shop.client("boss").post(f"{API}/explanations", json=wish)
    assert got.status_code == 200, got.text
    assert "urnover" in got.json()["text"]


@pytest.mark.parametrize(
    ("path", "wish", "status", "said"),
    [
        ("forecasts", {"request": TURNOVER, "window": "yesteryear"}, 422, "yesteryear"),
        ("forecasts", {"request": {"columns": [{"kind": "field", "field": "shops.city"}]}}, 422, "figure"),
        ("forecasts", {"request": TURNOVER, "grain": "fortnight"}, 422, "grain"),
        ("anomalies", {"request": TURNOVER, "window": "in 1899"}, 422, "1899"),
        ("insights", {"window": "yesteryear"}, 422, "yesteryear"),
        ("insights", {"windo": "last week"}, 422, "windo"),
    ],
)
def test_what_can_not_be_analysed_says_why(shop: Shop, path: str, wish: dict[str, Any], status: int, said: str) -> None:
    got = shop.client("boss").post(f"{API}/{path}", json=wish)
    assert (got.status_code, got.headers["content-type"]) == (status, "application/problem+json"), got.text
    assert said in got.text


def test_insights_look_at_every_figure_with_a_time(shop: Shop) -> None:
    got = shop.client("boss").post(f"{API}/insights", json={"window": "January 2024"}).json()
    assert got["looked_at"] >= 1
    assert got["period"] == "January 2024"
    whole = {i["figure"] for i in got["items"]}
    assert "payroll" not in {name.lower() for name in whole}, "salaries have no time"


def test_graphql_says_the_same(shop: Shop) -> None:
    query = """query ($r: JSON!) { forecast(request: $r, periods: 3, grain: "day") { text method values }
      anomalies(request: $r) { text } insights(window: "January 2024") { kind text score } refreshes { status } }"""
    got = send(shop, "ida", query, r=TURNOVER)
    rest = shop.client("ida").post(f"{API}/forecasts", json={"request": TURNOVER, "periods": 3, "grain": "day"}).json()
    assert got["data"]["forecast"]["text"] == rest["text"]
    refused = send(
        shop, "ida", 'query ($r: JSON!) { forecast(request: $r, window: "yesteryear") { text } }', r=TURNOVER
    )
    assert "yesteryear" in refused["errors"][0]["message"]
