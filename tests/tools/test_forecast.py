"""The forecast tool, on the bicycle shop: two years of orders to 31 December 2024."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from assistant.opening import open_workspace
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


@pytest.mark.parametrize("limit", [0, -3])
def test_the_largest_of_none_are_none(shop: Workspace, limit: int) -> None:
    by_channel = Request(columns=[FieldColumn(field="orders.channel"), ORDERS], limit=limit)
    assert "at least 1" in refused(shop, by_channel, periods=2, grain="week")


def test_many_groups_are_refused_and_said_how_many(tmp_path: Path) -> None:
    con = duckdb.connect(str(tmp_path / "shop.duckdb"))
    con.execute(
        "create table sales as select r as sale_id, date '2024-01-01' + (r % 100)::int as sold_at, "
        "'item ' || (r % 1500) as item, 1.5 as amount from range(150000) t(r)"
    )
    con.close()
    workspace = open_workspace(str(tmp_path / "shop.duckdb"), tmp_path / "state", as_of=date(2024, 4, 9))
    amount = MeasureColumn(measure=Aggregate(agg="sum", of="sales.amount"))
    by_item = Request(columns=[FieldColumn(field="sales.item"), amount])
    said = refused(workspace, by_item, periods=2, grain="week")
    assert "1,500 groups by item" in said
    assert "up to 1,000" in said


def test_a_text_is_no_figure(shop: Workspace) -> None:
    latest = MeasureColumn(measure=Aggregate(agg="last", of="orders.channel"))
    assert "no number" in refused(shop, Request(columns=[latest]))


@pytest.mark.parametrize("column", ["hour", "day", "week", "month", "quarter", "year"])
def test_every_grain_can_be_forecast_or_says_why(shop: Workspace, column: str) -> None:
    _, found = build(shop, Limits()).func(request=Request(columns=[ORDERS]), reading="", periods=2, grain=column)  # type: ignore[attr-defined]
    assert (isinstance(found, Analysis) and len([r for r in found.rows if r[1] is None]) >= 2) or found.text
