"""The describe tool: finding what to name in a request."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from knowledge.model import GlossaryTerm, Metric
from knowledge.request import Aggregate, MeasureColumn, Request
from knowledge.verified import VerifiedQuestion
from knowledge.workspace import Workspace
from tests.tools.test_query import tool, use

REVENUE = Metric(
    "revenue", "SUM(order_lines.amount)", label="Revenue", synonyms=("turnover", "takings"), description="Sold."
)


def told(shop: Workspace, words: str, **limits: object) -> str:
    return str(use(tool(shop, "describe", **limits), words=words).content)


def test_without_words_it_gives_an_overview(shop: Workspace) -> None:
    text = told(shop, "")
    for dataset in shop.model.datasets:
        assert f"table {dataset.name} " in text
    assert "relationship" in text
    assert "online" in text  # what a category holds
    assert "online" not in told(shop, "", egress="schema")


def test_it_finds_metrics_by_synonym_and_says_how_they_are_computed(shop: Workspace) -> None:
    described = replace(shop, model=replace(shop.model, metrics=(REVENUE,)))
    assert "metric revenue: Revenue. Sold. = SUM(order_lines.amount)" in told(described, "takings")


def test_it_finds_by_meaning_what_no_word_names(shop: Workspace, tmp_path: Path) -> None:
    """Nothing shares a word with "earnings"; the index knows what is near to it."""
    described = replace(shop, model=replace(shop.model, metrics=(REVENUE,)))
    assert "metric revenue" not in told(described, "earnings income")
    assert "metric revenue" in told(described, "earnings income", index_dir=tmp_path / "index")


def test_it_finds_stored_values_as_far_as_they_may_leave(shop: Workspace) -> None:
    assert "value 'Boston' of customers.city" in told(shop, "Bostn")
    assert "value 'Boston' of customers.city" in told(shop, "Boston", egress="aggregates")
    assert "Boston" not in told(shop, "boston", egress="schema")
    assert "value 'Ada Archer'" in told(shop, "Ada Archer")
    assert "value 'Ada Archer'" not in told(shop, "Ada Archer", egress="aggregates")  # a person's name is a record's


def test_it_gives_the_glossarys_meaning(shop: Workspace) -> None:
    terms = (GlossaryTerm("loyal customer", "One with five orders or more.", ("regular",)),)
    described = replace(shop, model=replace(shop.model, glossary=terms))
    assert "glossary loyal customer: One with five orders or more." in told(described, "loyal customers")


def test_what_is_not_there_is_said(shop: Workspace) -> None:
    assert "Nothing is called that" in told(shop, "zxqvbn")


def test_it_shows_how_a_question_like_this_was_read_before(shop: Workspace) -> None:
    request = Request(columns=[MeasureColumn(measure=Aggregate(agg="count", dataset="orders"))])
    checked = VerifiedQuestion(
        name="order_count",
        question="How busy are we?",
        request=request,
        verified_by="ana",
        verified_at=date(2024, 1, 2),
    )
    text = told(replace(shop, questions=(checked,)), "how busy")
    assert "verified question 'How busy are we?': {" in text
    assert '"agg":"count"' in text
