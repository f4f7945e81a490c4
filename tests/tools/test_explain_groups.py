"""Why one group has more than another: two bakeries that differ in one thing, asked as people ask."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assistant.opening import open_workspace
from knowledge.calendar import Calendar
from knowledge.request import Aggregate, Arithmetic, Compare, FieldColumn, Measure, MeasureColumn, Request
from knowledge.workspace import Workspace
from tools import Limits, ToolFailure
from tools.analysis import Analysis
from tools.explain import build
from tools.explaining.between import between

REVENUE = Aggregate(agg="sum", of="orders.amount")
REFUNDED = Arithmetic(
    op="percent",
    left=Aggregate(agg="count", dataset="orders", where=[Compare(field="orders.refunded", op="=", value=True)]),
    right=Aggregate(agg="count", dataset="orders"),
)
Make = Callable[[str], Workspace]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Orders of the shops Quay and Hill through 2024: Quay sells three times as much `cake`, its `prices` are a third
    higher, more of its orders come from the `web`, where more is refunded, or the two are `alike`."""
    known: dict[str, Workspace] = {}

    def make(what: str) -> Workspace:
        if what not in known:
            folder: Path = tmp_path_factory.mktemp(what)
            with duckdb.connect(str(folder / "shops.duckdb")) as con:
                con.register("made", _orders(what))
                con.execute("create table orders as select * from made")
            known[what] = open_workspace(str(folder / "shops.duckdb"), folder / "state", as_of=date(2024, 12, 31))
        return known[what]

    return make


def _orders(what: str) -> pd.DataFrame:
    chance, rows = random.Random(3), []
    for day in range(365):
        for shop in ("Quay", "Hill"):
            quay = shop == "Quay"
            for product, count in (("bread", 6), ("cake", 12 if quay and what == "cake" else 4), ("rolls", 5)):
                for _ in range(max(0, round(chance.gauss(count, 1.5)))):
                    web = chance.random() < (0.6 if quay and what == "web" else 0.2)
                    price = {"bread": 4.0, "cake": 6.0, "rolls": 3.0}[product] * chance.uniform(0.9, 1.1)
                    quantity = chance.choice((1, 1, 2))
                    amount = round(price * quantity * (1.33 if quay and what == "prices" else 1), 2)
                    refunded = chance.random() < (0.3 if web else 0.04)
                    when = datetime(2024, 1, 1) + timedelta(days=day, hours=10)
                    rows.append(
                        (len(rows), when, shop, "web" if web else "counter", product, quantity, amount, refunded)
                    )
    names = ["order_id", "ordered_at", "shop", "channel", "product", "quantity", "amount", "refunded"]
    return pd.DataFrame(rows, columns=names)


def explain(
    workspace: Workspace, measure: Measure = REVENUE, *, period: str | None = None, first: str = ""
) -> Analysis:
    shops = Compare(field="orders.shop", op="in", value=["Hill", "Quay"])
    request = Request(
        columns=[FieldColumn(field="orders.shop"), MeasureColumn(measure=measure)], where=[shops], period=period
    )
    _, found = build(workspace, Limits()).func(request=request, reading="", first=first)  # type: ignore[attr-defined]
    assert isinstance(found, Analysis), found
    return found


def test_the_segment_that_makes_the_difference_is_named(opened: Make) -> None:
    assert "differ most in product **cake**" in explain(opened("cake")).text


def test_the_factor_that_makes_the_difference_is_named(opened: Make) -> None:
    text = explain(opened("prices")).text
    assert "is **the average price** (higher by 33" in text
    assert "much the same in every segment" in text


def test_the_mix_behind_a_ratio_is_named(opened: Make) -> None:
    text = explain(opened("web"), REFUNDED).text
    assert "The mix by **channel**" in text


def test_a_difference_that_comes_and_goes_may_be_chance(opened: Make) -> None:
    assert "may be chance" in explain(opened("alike")).text


def test_factors_and_segments_add_up_to_the_difference(opened: Make) -> None:
    found = explain(opened("cake"))
    parts = {str(r[0]): r[1] for r in found.rows}
    gap = sum(v for k, v in parts.items() if k.startswith("Product: "))
    assert gap == pytest.approx(sum(v for k, v in parts.items() if ": " not in k))
    assert gap == pytest.approx(sum(v for k, v in parts.items() if k.startswith("Channel: ")))


def test_only_the_time_asked_about_counts(opened: Make) -> None:
    workspace = opened("cake")
    found = explain(workspace, period="November 2024")
    november = workspace.warehouse.query(
        "select sum(amount) filter (shop = 'Quay'), sum(amount) filter (shop = 'Hill') from orders "
        "where month(ordered_at) = 11", max_rows=1, timeout_s=9
    )[1][0]  # fmt: skip
    products = [r for r in found.rows if str(r[0]).startswith("Product: ")]
    assert sum(r[3] for r in products) == pytest.approx(float(november[0]))
    assert sum(r[2] for r in products) == pytest.approx(float(november[1]))


def test_a_question_that_has_it_the_wrong_way_round_is_put_right(opened: Make) -> None:
    assert explain(opened("cake"), first="Hill").text.startswith("It is the other way round.")
    assert not explain(opened("cake"), first="Quay").text.startswith("It is")


def test_a_group_with_nothing_is_said(opened: Make) -> None:
    shops = Compare(field="orders.shop", op="in", value=["Hill", "Dale"])
    request = Request(columns=[FieldColumn(field="orders.shop"), MeasureColumn(measure=REVENUE)], where=[shops])
    _, found = build(opened("cake"), Limits()).func(request=request, reading="")  # type: ignore[attr-defined]
    assert isinstance(found, ToolFailure)
    assert "here that is Hill" in found.text


@pytest.mark.parametrize(
    ("question", "rest", "first"),
    [
        ("Why does the Quay shop sell more than the Hill shop?", "sales of the Quay shop vs the Hill shop", "the Quay shop"),
        ("why do tenants pay fewer visits than owners", None, ""),
        ("How come nurses have more sick days than doctors?", "sick days of nurses vs doctors", "nurses"),
        ("why is revenue lower in Leeds than in York in May 2024?", "revenue of Leeds vs York in May 2024", "York"),
        ("why is the refund rate of web orders higher than that of counter orders?", "refund rate of web orders vs counter orders", "web orders"),
        ("what explains the gap in margin between Leeds and York?", "margin of Leeds vs York", ""),
        ("explain the difference between Leeds and York in terms of margin", "margin of Leeds vs York", ""),
        ("why did sales fall more than last year?", None, ""),
        ("why are sales lower than last month?", None, ""),
        ("what is the difference between Leeds and York?", None, ""),
    ],
)  # fmt: skip
def test_the_two_groups_are_read_from_the_question(question: str, rest: str | None, first: str) -> None:
    found = between(question, Calendar(today=date(2024, 12, 31)))
    assert (found.rest if found else None) == rest
    assert (found.first if found else "") == first
