"""The vector store: found by meaning, without a network; an index that can always be made again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.model import Dataset, GlossaryTerm, Metric, ModelField, SemanticModel
from knowledge.store import Entry, Store, entries_of

MODEL = SemanticModel(
    "shop",
    (
        Dataset(
            "orders",
            "main.orders",
            (
                ModelField("amount", "amount", "number", "measure", label="amount", synonyms=("money paid",)),
                ModelField("etl_id", "etl_id", "integer", "key", hidden=True),
            ),
            label="order",
            synonyms=("purchase",),
        ),
    ),
    metrics=(Metric("net_sales", "SUM(orders.amount)", label="Net sales", synonyms=("revenue", "turnover")),),
    glossary=(GlossaryTerm("churn", "A customer who left."),),
)


def test_every_synonym_is_an_entry_of_its_own() -> None:
    said = {(e.kind, e.name, e.said) for e in entries_of(MODEL)}
    assert {
        ("metric", "net_sales", "Net sales"), ("metric", "net_sales", "revenue"), ("metric", "net_sales", "turnover"),
        ("dataset", "orders", "purchase"), ("field", "orders.amount", "money paid"), ("glossary", "churn", "churn"),
    } <= said  # fmt: skip
    assert not any(name == "orders.etl_id" for _, name, _ in said)


def test_a_synonym_finds_its_metric_first(tmp_path: Path) -> None:
    hits = Store(tmp_path, entries_of(MODEL)).search("revenue")
    assert (hits[0].kind, hits[0].name) == ("metric", "net_sales")
    assert hits[0].score == pytest.approx(1, abs=1e-3)
    assert len({(h.kind, h.name) for h in hits}) == len(hits)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_meaning_counts_where_words_differ(tmp_path: Path) -> None:
    store = Store(
        tmp_path, [Entry("field", "a", "salary"), Entry("field", "b", "weather"), Entry("field", "c", "city")]
    )
    assert store.search("wages", limit=1)[0].name == "a"
    assert store.search("town", limit=1)[0].name == "c"


def test_a_search_can_be_limited_to_kinds(tmp_path: Path) -> None:
    hits = Store(tmp_path, entries_of(MODEL)).search("revenue", kinds=["glossary"])
    assert [h.name for h in hits] == ["churn"]


def test_a_deleted_index_is_made_again(tmp_path: Path) -> None:
    entries = entries_of(MODEL)
    assert Store(tmp_path / "index", entries).search("revenue")[0].name == "net_sales"
    shutil.rmtree(tmp_path / "index")
    assert Store(tmp_path / "index", entries).search("revenue")[0].name == "net_sales"


def test_an_index_deleted_while_it_is_open_is_made_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "index", entries_of(MODEL))
    assert store.search("revenue")[0].name == "net_sales"
    shutil.rmtree(tmp_path / "index")
    assert store.search("revenue")[0].name == "net_sales"


def test_a_damaged_index_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    assert Store(tmp_path, entries_of(MODEL)).search("revenue")[0].name == "net_sales"


def test_entries_that_change_replace_the_index(tmp_path: Path) -> None:
    assert Store(tmp_path, [Entry("glossary", "old", "weather")]).search("weather")[0].name == "old"
    assert [h.name for h in Store(tmp_path, [Entry("glossary", "new", "weather")]).search("weather")] == ["new"]


def test_nothing_is_found_by_nothing(tmp_path: Path) -> None:
    assert Store(tmp_path, entries_of(MODEL)).search("  ") == []
    assert Store(tmp_path / "empty", []).search("revenue") == []
