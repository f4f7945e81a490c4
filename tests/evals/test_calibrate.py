"""The analyst's confidence: trained on evidence, judged on databases left out, never sure of what it left unread."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.analyst.confidence import Evidence, chance
from assistant.session import open_session
from evals.calibrate import Sample, held_out, samples, summary, train, write_weights
from evals.score import gold_runner
from evals.suite import Item

SURE = Evidence(
    surety=1.0, weakest=1.0, cost=0.0, unread=0.0, guessed=0.0, fuzzy=0.0, nothing_named=0.0, swapped=0.0, lead=1.0,
    related=0.0, groups=1.0, length=0.6,
)  # fmt: skip


def some(db: str, seed: int, count: int = 120) -> list[Sample]:
    """Readings that are the likelier wrong the more they had to assume."""
    chosen = random.Random(seed)
    made = []
    for _ in range(count):
        cost = chosen.choice([0.0, 0.3, 1.0, 2.0])
        made.append(Sample(db, replace(SURE, cost=cost), chosen.random() > 0.1 + 0.4 * cost))
    return made


def test_a_reading_that_had_to_assume_is_less_sure() -> None:
    assert chance(SURE) > 0.85
    assert chance(replace(SURE, cost=1.5, guessed=1.0)) < chance(SURE) - 0.1


@given(unread=st.integers(1, 4), surety=st.floats(0.5, 1.0), cost=st.floats(0.0, 3.0))
def test_what_leaves_words_unread_is_never_likelier_right_than_wrong(unread: int, surety: float, cost: float) -> None:
    assert chance(replace(SURE, unread=float(unread), surety=surety, cost=cost)) < 0.5


def test_training_finds_what_speaks_against_a_reading(tmp_path: Path) -> None:
    weights = train([*some("a", 1), *some("b", 2)])
    assert weights["cost"] < -0.5
    assert weights["surety"] == 0  # it never differs, and so says nothing
    write_weights(tmp_path / "weights.json", weights)
    assert json.loads((tmp_path / "weights.json").read_text()) == weights


def test_a_database_is_judged_by_weights_that_never_saw_it() -> None:
    turned = [replace(s, db="odd", right=not s.right) for s in some("odd", 3)]
    known = [*some("a", 1), *some("b", 2), *turned]
    odd = [(s, c) for s, c in zip(known, held_out(known), strict=True) if s.db == "odd"]
    cheap = [c for s, c in odd if s.evidence.cost == 0]
    dear = [c for s, c in odd if s.evidence.cost == 2]
    assert min(cheap) > max(dear)  # as in the other two, though in this one it is the other way round


def test_the_summary_tells_how_reliable_the_chances_are() -> None:
    known = [Sample("a", SURE, right) for right in (True, True, True, False)]
    text = summary(known, [0.75, 0.75, 0.75, 0.75])
    assert "said 0.75, right 0.75 of 4" in text
    assert "error 0.000; answered 4 of 4, right 3, wrong 1" in text


def test_samples_are_run_against_the_gold(tmp_path: Path) -> None:
    con = duckdb.connect(str(tmp_path / "shop.duckdb"))
    con.execute("create table sales(sale_id integer, sold_on date, region varchar, amount double)")
    con.execute("insert into sales select i, date '2025-01-01' + i::int, 'North', i from range(50) t(i)")
    con.close()
    session = open_session(str(tmp_path / "shop.duckdb"), state_dir=tmp_path / "state")
    items = [
        Item(id="1", db="shop", question="total amount", gold_sql=["select sum(amount) from sales"]),
        Item(id="2", db="shop", question="total amount", gold_sql=["select max(amount) from sales"]),
        Item(id="3", db="shop", question="total zebras", expect="cannot"),
    ]

    found = list(samples(items, lambda _: session, gold_runner(lambda db: tmp_path / f"{db}.duckdb")))
    assert [s.right for s in found] == [True, False]


def test_no_samples_of_one_kind_make_no_weights() -> None:
    with pytest.raises(ValueError, match="class"):
        train([Sample("a", SURE, True)])
