"""Why nothing was found."""

from __future__ import annotations

from knowledge.request import Aggregate, Compare, MeasureColumn, Request
from knowledge.workspace import Workspace
from tools.missing import missing

ORDERS = [MeasureColumn(measure=Aggregate(agg="count", dataset="orders"))]


def test_a_value_that_is_not_there_with_those_that_are_near(shop: Workspace) -> None:
    found = missing(Request(columns=ORDERS, where=[Compare(field="stores.city", op="=", value="Bostn")]), shop)
    assert found.near[0][0] == "Bostn"
    assert found.near[0][1][0] == "Boston"
    assert "There is no “Bostn” here; the nearest: “Boston”" in found.text


def test_a_value_that_is_there_is_not_blamed(shop: Workspace) -> None:
    request = Request(columns=ORDERS, where=[Compare(field="stores.city", op="in", value=["boston", "Chicago"])])
    assert missing(request, shop).text == ""


def test_a_period_outside_the_data_with_the_one_it_covers(shop: Workspace) -> None:
    assert missing(Request(columns=ORDERS, period="1999"), shop).text == (
        "The data runs from 2 January 2023 to 31 December 2024."
    )
    assert missing(Request(columns=ORDERS, period="March 2024"), shop).text == ""
    assert missing(Request(columns=ORDERS), shop).text == ""
