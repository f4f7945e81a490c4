"""Training: which reading is meant and how likely it is right, judged on databases left out."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from assistant.analyst.confidence import Evidence
from assistant.session import open_session
from evals.score import gold_runner
from evals.suite import Item
from evals.train import (
    Candidate,
    Question,
    held_out,
    pick,
    questions,
    summary,
    train_confidence,
    train_ranker,
    write_weights,
)

PLAIN = Evidence(cost=0.0, unread=0.0, lead=0.0, unused=0.0, unsaid=0.0, odd=0.0)


def candidate(unsaid: float, cost: float, *, right: bool) -> Candidate:
    return Candidate({"unsaid": unsaid, "cost": cost}, replace(PLAIN, unsaid=unsaid, cost=cost), right)


def some(db: str, seed: int, count: int = 60) -> list[Question]:
    """Questions whose right reading is the one that adds nothing unsaid, and that are the likelier read wrong the more
    had to be assumed."""
    chosen = random.Random(seed)
    made = []
    for _ in range(count):
        cost = chosen.choice([0.0, 0.2, 0.4])
        is_right = chosen.random() > 0.1 + 2 * cost
        first, second = candidate(1.0, cost, right=False), candidate(0.0, cost, right=is_right)
        made.append(Question(db, (first, second)))
    return made


def test_the_ranker_learns_what_speaks_against_a_reading() -> None:
    known = some("a", 1)
    weights = train_ranker(known)
    assert weights["unsaid"] < -0.5
    assert weights["cost"] == 0  # both readings of a question cost the same
    assert pick(known[0], weights).traits["unsaid"] == 0


def test_the_rules_first_reading_stays_unless_another_is_clearly_better() -> None:
    question = some("a", 1)[0]
    assert pick(question, {"unsaid": -0.1, "cost": 0.0}).traits == question.candidates[0].traits
    assert pick(question, {"unsaid": -1.0, "cost": 0.0}).traits == question.candidates[1].traits


def test_training_twice_gives_the_same_weights(tmp_path: Path) -> None:
    known = [*some("a", 1), *some("b", 2)]
    ranker = train_ranker(known)
    confidence = train_confidence(known, ranker)
    assert (train_ranker(known), train_confidence(known, ranker)) == (ranker, confidence)
    write_weights(tmp_path / "weights.json", confidence)
    assert json.loads((tmp_path / "weights.json").read_text()) == confidence


def test_confidence_learns_what_makes_a_chosen_reading_wrong() -> None:
    known = [*some("a", 1), *some("b", 2)]
    weights = train_confidence(known, train_ranker(known))
    assert weights["cost"] < -1
    assert weights["odd"] == 0  # it never differs, and so says nothing


def test_a_database_is_judged_by_weights_that_never_saw_it() -> None:
    turned = [replace(q, candidates=tuple(replace(c, right=not c.right) for c in q.candidates)) for q in some("odd", 3)]
    judged = held_out([*some("a", 1), *some("b", 2), *turned])
    odd = [j for j in judged if j.question.db == "odd"]
    assert all(
        j.chosen.traits["unsaid"] == 0 for j in odd
    )  # as in the other two, though here it is the other way round
    assert min(j.chance for j in odd if not j.chosen.evidence.cost) > max(
        j.chance for j in odd if j.chosen.evidence.cost
    )


def test_the_summary_adds_up() -> None:
    judged = held_out([*some("a", 1), *some("b", 2)])
    lines = {line.split()[0]: [int(n) for n in line.split()[1:]] for line in summary(judged).splitlines()[1:4]}
    assert lines["all"] == [a + b for a, b in zip(lines["a"], lines["b"], strict=True)]
    asked, first, ranked, right, answered, wrong = lines["all"]
    assert (asked, first) == (120, 0)
    assert ranked == right == sum(j.chosen.right for j in judged)
    assert answered - wrong == sum(j.chosen.right for j in judged if j.answered)
    assert "expected calibration error" in summary(judged)


def test_readings_are_run_against_the_gold(tmp_path: Path) -> None:
    con = duckdb.connect(str(tmp_path / "shop.duckdb"))
    con.execute("create table sales(sale_id integer, sold_on date, region varchar, amount double)")
    con.execute("insert into sales select i, date '2025-01-01' + i::int, 'North', i from range(50) t(i)")
    con.close()
    session = open_session(str(tmp_path / "shop.duckdb"), state_dir=tmp_path / "state")
    items = [
        Item(id="1", db="shop", question="total amount", gold_sql=["select sum(amount) from sales"]),
        Item(id="2", db="shop", question="total amount", gold_sql=["select max(amount) from sales"]),
        Item(id="3", db="shop", question="help", gold_text_contains=["ask"]),
    ]
    found = list(questions(items, lambda _: session, gold_runner(lambda db: tmp_path / f"{db}.duckdb")))
    assert [q.candidates[0].right for q in found] == [True, False]


def test_nothing_to_tell_apart_is_said() -> None:
    right = Question("a", (candidate(0.0, 0.0, right=True),))
    with pytest.raises(ValueError, match="nothing to rank"):
        train_ranker([right])
    with pytest.raises(ValueError, match="nothing to tell them apart"):
        train_confidence([right], {"unsaid": -1.0})
