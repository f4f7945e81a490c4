"""What identifiers say, in words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.words import label, lemma, other_names, plural, shared_prefix, singular, split, synonyms, table_pieces


@pytest.mark.parametrize(
    ("identifier", "said"),
    [
        ("cust_nm", "customer name"),
        ("QtyOrd", "quantity ordered"),
        ("dob", "date of birth"),
        ("is_actv_flg", "active"),
        ("num_orders", "number of orders"),
        ("no_of_seats", "number of seats"),
        ("policy_no", "policy number"),
        ("dt_order", "order date"),
        ("min_qty", "minimum quantity"),
        ("duration_min", "duration minutes"),
        ("LName", "last name"),
        ("market_cap", "market cap"),
        ("SettlementDateStr", "settlement date"),
        ("sls_prsn_id", "salesperson id"),
    ],
)
def test_abbreviations_are_spelled_out(identifier: str, said: str) -> None:
    assert label(identifier) == said


def test_an_abbreviation_is_read_by_what_stands_beside_it() -> None:
    assert label("st_addr") == "street address"
    assert label("ship_st") == "ship state"
    assert label("order_st") == "order status"
    assert label("exp_dt") == "expiry date"
    assert label("exp_amt") == "expense amount"


def test_a_prefix_shared_with_siblings_is_dropped() -> None:
    columns = ["sbTxId", "sbTxAmount", "sbTxDateTime", "sbTxStatus"]
    assert [label(c, columns) for c in columns] == ["id", "amount", "date time", "status"]
    assert shared_prefix(["order_id", "amount", "status"]) == []


@pytest.mark.parametrize(
    ("identifier", "pieces"),
    [
        ("orderdate", ["order", "date"]),
        ("custname", ["cust", "name"]),
        ("unitsinstock", ["units", "in", "stock"]),
        ("isactive", ["is", "active"]),
        ("HTTPServerIDs", ["http", "server", "ids"]),
        ("Q1Sales", ["q1", "sales"]),
        ("candidate", ["candidate"]),  # an English word, though it ends in "date"
        ("liquid", ["liquid"]),
        ("basketball", ["basketball"]),
    ],
)
def test_words_run_together_are_split_only_where_that_is_sure(identifier: str, pieces: list[str]) -> None:
    assert split(identifier) == pieces


def test_a_heading_written_for_people_is_left_as_it_is() -> None:
    assert label("Diameter (km)") == "Diameter (km)"
    assert label("  Year   named ") == "Year named"


def test_table_names_lose_what_only_says_that_they_are_tables() -> None:
    assert table_pieces("tblOrders") == ["orders"]
    assert table_pieces("fct_sales") == ["sales"]
    assert table_pieces("PtMaster") == ["pt"]
    assert table_pieces("dim") == ["dim"]


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("categories", "category"),
        ("addresses", "address"),
        ("status", "status"),
        ("statuses", "status"),
        ("analyses", "analysis"),
        ("people", "person"),
        ("children", "child"),
        ("series", "series"),
        ("branches", "branch"),
        ("invoices", "invoice"),
        ("buses", "bus"),
        ("taxes", "tax"),
        ("salespeople", "salesperson"),
    ],
)
def test_singular_and_plural(many: str, one: str) -> None:
    assert singular(many) == one
    assert plural(one) in (many, "statuses")


def test_lemmas() -> None:
    assert [lemma(w) for w in ("bought", "Stores", "people", "SKUs", "customer's")] == [
        "buy",
        "store",
        "person",
        "sku",
        "customer",
    ]


def test_synonyms_are_of_business_and_go_both_ways() -> None:
    assert dict(synonyms("client"))["customer"] >= 0.9
    assert dict(synonyms("customer"))["client"] >= 0.9
    assert "zip" in other_names("postal code")
    assert synonyms("zebra") == []


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,30}", fullmatch=True))
def test_any_identifier_has_a_label_of_whole_words(identifier: str) -> None:
    said = label(identifier)
    assert said
    assert said == said.strip()
    assert "  " not in said
    if re.search("[A-Za-z]", identifier):
        assert "_" not in said


@given(st.lists(st.from_regex(r"[a-z]{2,6}(_[a-z]{2,6}){0,3}", fullmatch=True), min_size=3, max_size=8))
def test_a_shared_prefix_starts_most_names(names: list[str]) -> None:
    prefix = shared_prefix(names)
    starting = sum(split(name)[: len(prefix)] == prefix for name in names)
    assert starting >= 0.85 * len(names)
