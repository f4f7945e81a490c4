"""Which column holds what a question names."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.aliases import aliases
from knowledge.model import SemanticModel
from knowledge.profile import profile_database
from knowledge.values import Entry, ValueIndex, load_or_build
from knowledge.warehouse.duckdb import connect

SHOP = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, full_name VARCHAR, state VARCHAR, country VARCHAR, gender VARCHAR, email VARCHAR);
INSERT INTO customers VALUES
  (1, 'Ana Núñez', 'NY', 'US', 'F', 'ana@mail.com'), (2, 'Bo Li', 'CA', 'US', 'M', 'bo@mail.com'),
  (3, 'Cy O''Brien', 'IN', 'CA', 'M', 'cy@mail.com'), (4, 'Di Varga', 'TX', 'GB', 'F', 'di@mail.com');
CREATE TABLE products (sku VARCHAR, product_name VARCHAR, category VARCHAR, review_text VARCHAR);
INSERT INTO products VALUES
  ('AB-100', 'Kellogg Company Corn Flakes', 'Breakfast Cereals', 'Average at best.'), ('AB-200', 'Crème Brûlée (Large)', 'Desserts', 'Lovely.'),
  ('AB-300', 'Apple Inc.', 'Electronics', 'Works.'), ('AB-400', 'Red Wine', 'Drinks', 'Fine.'), ('AB-500', 'Sparkling Water', 'Drinks', 'Wet.');
CREATE TABLE orders (order_id INTEGER, customer_id INTEGER, status VARCHAR, payment_type VARCHAR);
INSERT INTO orders SELECT i, 1 + i % 4, ['shipped', 'cancelled', 'pending'][1 + i % 3], ['mastercard', 'paypal'][1 + i % 2] FROM range(1, 40) t(i);
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SemanticModel, ValueIndex]:
    path = tmp_path_factory.mktemp("values") / "shop.duckdb"
    con = duckdb.connect(str(path))
    con.execute(SHOP)
    con.close()
    model = profile_database(path, name="shop")
    con = connect(path)
    index = ValueIndex.build(con, model)
    con.close()
    return path, model, index


def said(index: ValueIndex, question: str) -> dict[str, tuple[str, str, str]]:
    """The best mention of each stretch of the question: field, value, kind."""
    best: dict[str, tuple[str, str, str]] = {}
    for mention in sorted(index.scan(question), key=lambda m: -m.score):
        best.setdefault(mention.text, (mention.field, mention.value, mention.kind))
    return best


def test_case_accents_punctuation_and_plurals_do_not_matter(shop: tuple[Path, SemanticModel, ValueIndex]) -> None:
    _, _, index = shop
    assert said(index, "orders with status Shipped")["Shipped"] == ("orders.status", "shipped", "folded")
    assert said(index, "who bought creme brulee, large?")["creme brulee, large"][1] == "Crème Brûlée (Large)"
    assert said(index, "sales of red wines")["red wines"] == ("products.product_name", "Red Wine", "inflected")
    assert said(index, "orders of Ana Núñez's")["Ana Núñez's"][1] == "Ana Núñez"
    assert said(index, "paid with Master Card")["Master Card"][:2] == ("orders.payment_type", "mastercard")


def test_places_in_the_question_are_exact(shop: tuple[Path, SemanticModel, ValueIndex]) -> None:
    _, _, index = shop
    question = "Did Ana Núñez order a crème brûlée (large)?"
    for mention in index.scan(question):
        assert question[mention.start : mention.end] == mention.text


def test_general_facts_name_stored_codes(shop: tuple[Path, SemanticModel, ValueIndex]) -> None:
    _, _, index = shop
    assert said(index, "customers in California")["California"] == ("customers.state", "CA", "fact")
    assert said(index, "Canadian customers")["Canadian"] == ("customers.country", "CA", "fact")
    assert said(index, "how many women ordered")["women"] == ("customers.gender", "F", "fact")
    # No customer is in Ohio: a fact is offered only where the value is stored.
    assert "Ohio" not in said(index, "customers in Ohio")


def test_a_code_means_what_the_others_of_its_column_are() -> None:
    assert aliases(["ca", "ny", "in"], "state")["in"] == [("indiana",)]
    assert ("india",) in aliases(["us", "fr", "in"], "country")["in"]
    assert ("male",) in aliases(["m", "f"], "sex")["m"]
    assert aliases(["m", "s", "d", "w"], "marital status")["m"] == [("married",)]
    # Letters that could be anything stand for nothing.
    assert aliases(["a", "b", "c"], "bucket") == {}


def test_misspelt_values_are_found_but_ordinary_words_are_not_bent(
    shop: tuple[Path, SemanticModel, ValueIndex],
) -> None:
    _, _, index = shop
    found = said(index, "sales of Kelogg corn flakes and electroniks")
    assert found["electroniks"] == ("products.category", "Electronics", "fuzzy")
    assert any(text.startswith("Kelogg") and value[2] == "fuzzy" for text, value in found.items())
    assert said(index, "how many drivers were thinking about deserts") == {}


def test_a_part_names_a_longer_value_less_surely(shop: tuple[Path, SemanticModel, ValueIndex]) -> None:
    _, _, index = shop
    assert said(index, "units of Kellogg sold")["Kellogg"][1:] == ("Kellogg Company Corn Flakes", "part")
    assert said(index, "orders by Varga")["Varga"] == ("customers.full_name", "Di Varga", "part")
    scores = {m.text: m.score for m in index.scan("Apple and Red Wine")}
    assert scores["Apple"] < scores["Red Wine"]


def test_short_words_count_only_when_written_like_codes(shop: tuple[Path, SemanticModel, ValueIndex]) -> None:
    _, _, index = shop
    assert said(index, "orders in NY or in IN").keys() == {"NY", "IN"}
    assert said(index, "orders in or of it") == {}


def test_prose_is_not_searched_and_codes_only_in_full(shop: tuple[Path, SemanticModel, ValueIndex]) -> None:
    _, _, index = shop
    assert said(index, "what is the average price") == {}
    assert said(index, "show AB-200")["AB-200"] == ("products.sku", "AB-200", "exact")
    assert said(index, "mail to ana@mail.com")["ana@mail.com"][1] == "ana@mail.com"
    assert "mail" not in said(index, "mail to everybody")


def test_lookup_and_nearest_offer_what_is_most_alike(shop: tuple[Path, SemanticModel, ValueIndex]) -> None:
    _, _, index = shop
    assert index.lookup("cancled", ["orders.status"])[0].value == "cancelled"
    assert index.nearest("sparkling watr", "products.product_name")[0] == "Sparkling Water"
    assert index.lookup("zzzzzz") == []
    assert len(index.lookup("drinks", limit=1)) == 1


def test_only_some_datasets_in_sight(shop: tuple[Path, SemanticModel, ValueIndex]) -> None:
    _, _, index = shop
    narrowed = index.only(["orders"])
    assert said(narrowed, "shipped desserts").keys() == {"shipped"}
    assert {e.field for e in narrowed.entries} == {"orders.status", "orders.payment_type"}


def test_more_values_than_the_bound_are_cut_and_told(tmp_path: Path) -> None:
    path = tmp_path / "many.duckdb"
    con = duckdb.connect(str(path))
    con.execute("CREATE TABLE people AS SELECT i AS id, 'Person Number ' || i AS person_name FROM range(500) t(i)")
    con.close()
    model = profile_database(path, name="many")
    con = connect(path)
    index = ValueIndex.build(con, model, max_values_per_field=100)
    con.close()
    assert len(index.entries) == 100
    assert index.skipped == ("people.person_name: only its 100 most frequent values",)


def test_the_index_is_kept_and_rebuilt_when_the_file_changes_or_is_damaged(tmp_path: Path) -> None:
    path, state = tmp_path / "shop.duckdb", tmp_path / "state"
    con = duckdb.connect(str(path))
    con.execute("CREATE TABLE t AS SELECT 'Oslo' AS city")
    con.close()
    model = profile_database(path, name="shop")
    load_or_build(path, model, state)
    (kept,) = (state / "values").iterdir()
    written = kept.stat().st_mtime_ns
    assert said(load_or_build(path, model, state), "in Oslo")["Oslo"][1] == "Oslo"
    assert kept.stat().st_mtime_ns == written
    kept.write_bytes(b"not a database at all" * 100)
    assert said(load_or_build(path, model, state), "in Oslo")["Oslo"][1] == "Oslo"
    con = duckdb.connect(str(path))
    con.execute("INSERT INTO t VALUES ('Bergen')")
    con.close()
    assert "Bergen" in said(load_or_build(path, model, state), "in Bergen")
    assert not [f for f in tmp_path.iterdir() if f.suffix == ".sqlite"]


def test_two_threads_may_share_an_index() -> None:
    assert sqlite3.threadsafety == 3  # the connection is shared on that promise


@given(
    st.lists(st.from_regex(r"zq[a-z]{2,5}( zq[a-z]{2,5}){0,3}", fullmatch=True), min_size=1, max_size=6, unique=True),
    st.sampled_from(["", "sales of ", "¿Qué? – ", "show me 12 of the "]),
)
def test_every_stored_value_is_found_where_it_is_said(values: list[str], before: str) -> None:
    index = ValueIndex.of(Entry("t.c", v) for v in values)
    for value in values:
        found = {m.value: m for m in index.scan(f"{before}{value.upper()} in May")}
        assert found[value].kind == "folded"
        assert found[value].start == len(before)
