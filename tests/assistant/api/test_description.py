"""The API is as its OpenAPI description says: schemathesis sends what the description allows, and what it does not, and
checks every response against it."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from knowledge.request import Request
from tests.assistant.api.conftest import Shop

load_all_checks()
LEFT_OUT = {
    "negative_data_rejection",  # a parameter that nobody knows is passed over, as usual; bodies are strict
    "positive_data_acceptance",  # that a name is a metric's, or a sentence a question, no schema can say
}


OPERATIONS = [
    "ask", "getAnswer", "getRows", "getChart", "listConversations", "getConversation", "deleteConversation",
    "rateAnswer", "uploadFile", "listMetrics", "listDimensions", "listSuggestions", "logIn", "whoAmI", "listAudit",
    "exportAudit", "addWebhook", "listWebhooks", "removeWebhook", "testWebhook", "listDeliveries", "graphql",
    "findInsights", "refresh", "listRefreshes", "getRefresh",
]  # fmt: skip
BY_HAND = {"query", "chart", "forecast", "findAnomalies", "explain"}
"""A Request may hold Requests: schemathesis draws none in reasonable time. Below they are drawn from an example."""


@pytest.fixture(scope="session")
def described(shop: Shop) -> Any:
    return schemathesis.openapi.from_url(f"{shop.url}/api/v1/openapi.json")


def test_each_operation_is_checked(described: Any) -> None:
    assert {o.ok().definition.raw["operationId"] for o in described.get_all_operations()} == {*OPERATIONS, *BY_HAND}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_response_is_as_described(described: Any, shop: Shop, operation: str) -> None:
    found = described.find_operation_by_id(operation)
    headers = {"Authorization": f"Bearer {shop.keys['boss']}"}
    excluded = [CHECKS.get_one(name) for name in LEFT_OUT]

    as_allowed, as_not = (found.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @given(case=as_allowed | as_not)
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    def check(case: Any) -> None:
        case.call_and_validate(base_url=f"{shop.url}/api/v1", headers=headers, excluded_checks=excluded, timeout=30)

    check()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kind", "field", "op", "of", "x"]), inner)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("path", ["query", "charts", "forecasts", "anomalies", "explanations"])
def test_a_request_with_anything_in_it_is_run_or_refused(shop: Shop, path: str) -> None:
    columns = [
        {"kind": "field", "field": "shops.city"},
        {"kind": "measure", "measure": {"kind": "metric", "metric": "turnover"}},
    ]

    @given(name=st.sampled_from(sorted(Request.model_fields)), value=JSON)
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    def check(name: str, value: Any) -> None:
        with shop.client("boss") as client:
            got = client.post(f"/api/v1/{path}", json={"request": {"columns": columns, name: value}})
        assert got.status_code in (200, 422), (name, value, got.text)
        assert got.headers["content-type"] == (
            "application/json" if got.status_code == 200 else "application/problem+json"
        )

    check()


def test_the_description_is_of_openapi_3_1_and_has_examples(shop: Shop) -> None:
    with shop.client() as stranger:
        said = stranger.get("/api/v1/openapi.json").json()
    assert said["openapi"].startswith("3.1")
    for path, operations in said["paths"].items():
        for method, operation in operations.items():
            assert operation.get("description") or operation.get("summary"), (method, path)
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            if body:
                assert said["components"]["schemas"][body["$ref"].rpartition("/")[2]].get("examples"), (method, path)
