"""The forecast tool, on the bicycle shop: two years of orders to 31 December 2024."""

from __future__ import annotations

from datetime import datetime

import pytest

from knowledge.request import Aggregate, Compare, FieldColumn, MeasureColumn, Request
from knowledge.workspace import Workspace
from tools import Limits, ToolFailure
from tools.analysis import Analysis
from tools.forecast import build

ORDERS = MeasureColumn(measure=Aggregate(agg="count", dataset="orders"))


def forecast(shop: Workspace, request: Request, **args: object) -> Analysis:
    _, found = build(shop, Limits()).func(request=request, reading="", **args)  # type: ignore[attr-defined]
    assert isinstance(found, Analysis), found
    return found


def refused(shop: Workspace, request: Request, **args: object) -> str:
    _, found = build(shop, Limits()).func(request=request, reading="", **args)  # type: ignore[attr-defined]
    assert isinstance(found, ToolFailure)
    return found.text


def test_next_month_is_expected_near_the_months_before(shop: Workspace) -> None:
    found = forecast(shop, Request(columns=[ORDERS]), window="next month")
    moment, value, expected, low, high = found.rows[-1]
    past = [r[1] for r in found.rows[:-1]]
    assert (moment, value) == (datetime(2025, 1, 1), None)
    assert min(past) <= expected <= max(past)
    assert 0 <= low < expected < high
    assert "January 2025" in found.text
    assert "tests on the past" in found.method


def test_parts_add_up_to_the_total(shop: Workspace) -> None:
    by_channel = Request(columns=[FieldColumn(field="orders.channel"), ORDERS])
    found = forecast(shop, by_channel, periods=3, grain="month")
    expected = [r[3] for r in found.rows if r[3] is not None]
    assert len(expected) == 3 * 3
    assert f"{round(sum(expected)):,}" in found.text


@pytest.mark.parametrize(
    ("args", "where", "says"),
    [
        ({"window": "2023"}, [], "is over"),
        ({"window": "2060"}, [], "too far ahead"),
        ({"window": "when pigs fly"}, [], "can't read"),
        ({}, [Compare(field="orders.channel", op="=", value="pigeon")], "nothing to look at"),
    ],
)
def test_what_cannot_be_forecast_is_said(
    shop: Workspace, args: dict[str, object], where: list[Compare], says: str
) -> None:
    assert says in refused(shop, Request(columns=[ORDERS], where=where), **args)  # type: ignore[arg-type]


def test_records_are_no_figures(shop: Workspace) -> None:
    assert "Name a figure" in refused(shop, Request(dataset="orders"))
