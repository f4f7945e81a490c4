"""The explain tool, on a bakery with a cause planted in its last month (tests/tools/bakery.py), and on data that can't
carry it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from assistant.charts import chart
from assistant.opening import open_workspace
from knowledge.request import Aggregate, Arithmetic, Compare, MeasureColumn, Request
from knowledge.workspace import Workspace
from tests.tools import bakery
from tools import Limits, ToolFailure
from tools.analysis import Analysis
from tools.explain import build
from tools.explaining.effects import Changes, mix

REVENUE = MeasureColumn(measure=Aggregate(agg="sum", of="orders.amount"))
PER_ORDER = MeasureColumn(measure=Aggregate(agg="avg", of="orders.amount"))
REFUNDS = MeasureColumn(
    measure=Arithmetic(
        op="percent",
        left=Aggregate(agg="count", dataset="orders", where=[Compare(field="orders.refunded", op="=", value=True)]),
        right=Aggregate(agg="count", dataset="orders"),
    )
)
Open = Callable[[str], Workspace]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Open:
    """The bakery to which something happened."""
    known: dict[str, Workspace] = {}

    def open_bakery(happening: str) -> Workspace:
        if happening not in known:
            folder: Path = tmp_path_factory.mktemp(happening)
            path = bakery.build(folder / "bakery.duckdb", happening)
            known[happening] = open_workspace(str(path), folder / "state", as_of=date(2024, 12, 31))
        return known[happening]

    return open_bakery


def explain(workspace: Workspace, measure: MeasureColumn, period: str = "December 2024", **args: object) -> Analysis:
    request = Request(columns=[measure], period=period)
    _, found = build(workspace, Limits()).func(request=request, reading="", **args)  # type: ignore[attr-defined]
    assert isinstance(found, Analysis), found
    return found


def refused(workspace: Workspace, request: Request) -> str:
    _, found = build(workspace, Limits()).func(request=request, reading="")  # type: ignore[attr-defined]
    assert isinstance(found, ToolFailure), found
    return found.text


@pytest.mark.parametrize(
    ("happening", "measure", "because"),
    [
        ("segment", REVENUE, "because of **shop Harbour**"),
        ("combination", REVENUE, "because of **"),
        ("price", REVENUE, "because the average price rose by 2"),
        ("mix", REFUNDS, "because of the mix by **channel**"),
    ],
)
def test_the_planted_cause_is_named_first(opened: Open, happening: str, measure: MeasureColumn, because: str) -> None:
    assert because in explain(opened(happening), measure).text


def test_a_combination_is_named_with_both_of_its_parts(opened: Open) -> None:
    first = explain(opened("combination"), REVENUE).rows[0][0]
    assert "Web" in first
    assert "cake" in first


@pytest.mark.parametrize("measure", [REVENUE, PER_ORDER, REFUNDS])
def test_nothing_is_named_where_nothing_happened(opened: Open, measure: MeasureColumn) -> None:
    assert "Nothing explains it" in explain(opened("none"), measure).text


def test_contributions_of_a_dimension_add_up_to_the_change(opened: Open) -> None:
    workspace = opened("segment")
    found = explain(workspace, REVENUE)
    december, november = (
        workspace.run(Request(columns=[REVENUE], period=month)).rows[0][0]
        for month in ("December 2024", "November 2024")
    )
    shops = [r for r in found.rows if r[0].startswith("Shop: ")]
    assert len(shops) == 3
    assert sum(r[1] for r in shops) == pytest.approx(december - november)


def test_factors_add_up_to_the_change(opened: Open) -> None:
    found = explain(opened("price"), REVENUE)
    factors = [r[1] for r in found.rows if r[2] is None]
    change = sum(r[1] for r in found.rows if r[0].startswith("Channel: "))
    assert sum(factors) == pytest.approx(change)


def test_rates_and_mixes_of_a_ratio_add_up_to_its_change() -> None:
    before, after = np.array([[10.0, 100.0], [40.0, 100.0]]), np.array([[30.0, 200.0], [33.0, 90.0]])
    found = mix(Changes(after[:, :, None], before[:, :, None]))
    assert found.rates.sum() + found.mixes.sum() == pytest.approx(63 / 290 - 50 / 200)


def test_a_rise_that_is_asked_about_as_a_fall_is_put_right(opened: Open) -> None:
    assert explain(opened("price"), REVENUE, direction=-1).text.startswith("Total amount did not fall.")


def test_the_chart_shows_what_each_part_adds(opened: Open) -> None:
    drawn = chart(explain(opened("segment"), REVENUE))
    assert drawn is not None
    assert "Harbour" in drawn["data"]["values"][0]["group"]
    assert drawn["data"]["values"][0]["y"] < 0


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (Request(columns=[REVENUE], period="January 2023"), "nothing to compare"),
        (Request(columns=[REVENUE], period="March 2031"), "nothing to compare"),
        (Request(dataset="orders"), "Name a figure"),
        (Request(columns=[MeasureColumn(measure=Aggregate(agg="median", of="orders.amount"))]), "does not come apart"),
        (Request(columns=[REVENUE], where=[Compare(field="orders.shop", op="=", value="Moon")]), "nothing to look at"),
    ],
)
def test_what_cannot_be_explained_is_said(opened: Open, request_: Request, says: str) -> None:
    assert says in refused(opened("none"), request_)


def odd(tmp_path: Path, select: str) -> Workspace:
    with duckdb.connect(str(tmp_path / "odd.duckdb")) as con:
        con.execute(f"create table orders as {select}")
    return open_workspace(str(tmp_path / "odd.duckdb"), tmp_path / "state", as_of=date(2024, 12, 31))


def test_one_row_is_too_little(tmp_path: Path) -> None:
    workspace = odd(tmp_path, "select 1 as order_id, date '2024-12-30' as ordered_at, 'a' as shop, 5.5 as amount")
    said = refused(workspace, Request(columns=[REVENUE], period="December 2024"))
    assert said == "All records are of one moment, 30 December 2024: there is no history to look at."


def test_a_constant_figure_did_not_change(tmp_path: Path) -> None:
    workspace = odd(
        tmp_path,
        "select date '2024-01-01' + (i * interval 1 month) as ordered_at, s as shop, 5.5 as amount "
        "from range(12) r(i), (values ('a'), ('b')) t(s)",
    )
    assert "did not change" in explain(workspace, REVENUE).text


def test_ten_thousand_groups_are_said_to_be_left_out(tmp_path: Path) -> None:
    workspace = odd(
        tmp_path,
        "select date '2024-01-01' + (i % 366)::integer as ordered_at, 'shop ' || (i % 10000) as shop, "
        "['x', 'y'][1 + i % 2] as kind, (i % 97)::double as amount from range(60000) r(i)",
    )
    assert any("Not searched" in c for c in explain(workspace, REVENUE).caveats)
