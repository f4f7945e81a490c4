"""GraphQL over HTTP; on the chain of shops."""

from __future__ import annotations

from typing import Any

import pytest

from tests.assistant.api.conftest import Shop

ROWS = """query ($by: [By!], $where: [Where!], $limit: Int = 100) {
  rows(metrics: ["turnover"], by: $by, where: $where, order: [{name: "turnover", descending: true}], limit: $limit) {
    columns { name label kind } values truncated sql caveats } }"""


def send(shop: Shop, person: str, query: str, **variables: Any) -> dict[str, Any]:
    got = shop.client(person).post("/api/v1/graphql", json={"query": query, "variables": variables})
    assert got.status_code == 200, got.text
    answer: dict[str, Any] = got.json()
    return answer


def test_the_model_is_told_in_the_parts_that_are_asked_for(shop: Shop) -> None:
    got = send(shop, "ida", "{ model { metrics { name } datasets { name dimensions { name } } } }")["data"]["model"]
    assert got["metrics"] == [{"name": "turnover"}, {"name": "payroll"}]
    shops = next(d for d in got["datasets"] if d["name"] == "shops")
    assert shops["dimensions"] == [{"name": "shops.city"}]


def test_rows_are_of_what_the_asker_may_see(shop: Shop) -> None:
    by = [{"field": "shops.city"}]
    seen = send(shop, "ida", ROWS, by=by)["data"]["rows"]
    assert seen["values"] == [["Umea", 29.0], ["Rome", 25.0], ["Oslo", 20.0]]
    assert seen["caveats"]
    whole = send(shop, "boss", ROWS, by=by, limit=1)["data"]["rows"]
    assert whole["values"] == [["Bari", 34.0]]
    rome = send(shop, "boss", ROWS, where=[{"field": "shops.city", "value": "Rome"}])["data"]["rows"]
    assert rome["values"] == [[25.0]]
    months = send(shop, "boss", ROWS, by=[{"field": "sales.sold", "grain": "MONTH"}])["data"]["rows"]
    assert len(months["values"]) == 1


def test_a_request_can_be_sent_as_it_is(shop: Shop) -> None:
    request = {"columns": [{"kind": "measure", "measure": {"kind": "metric", "metric": "turnover"}}]}
    got = send(shop, "ida", "query ($r: JSON!) { query(request: $r) { values } }", r=request)
    assert got["data"]["query"]["values"] == [[74.0]]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ('{ rows(metrics: ["turnovr"]) { values } }', "Did you mean 'turnover'"),
        ("{ model { nothing } }", "nothing"),
        ("{ model ", "Syntax"),
        ('{ query(request: {columns: "all"}) { values } }', "columns"),
        ("{ " + " ".join(f"a{n}: model {{ name }}" for n in range(11)) + " }", "aliases"),
        ("{ model { name } " * 1 + "name " * 3_000 + "}", "tokens"),
    ],
)
def test_what_is_wrong_is_said(shop: Shop, query: str, said: str) -> None:
    got = send(shop, "ida", query)
    assert any(said in error["message"] for error in got["errors"]), got


def test_it_needs_the_scope_to_query(shop: Shop) -> None:
    assert shop.client("ana").post("/api/v1/graphql", json={"query": "{ model { name } }"}).status_code == 403
