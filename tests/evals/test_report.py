from __future__ import annotations

from dataclasses import replace
from typing import Any

from evals.report import percentile, report
from evals.score import Verdict
from evals.suite import Item, Prediction


def verdict(name: str, is_right: bool, *, confidence: float = 0.5, status: str = "answered", **item: Any) -> Verdict:
    made = Item(id=name, db=item.pop("db", "shop"), question=f"{name}?", **item)
    prediction = Prediction(id=name, status=status, confidence=confidence, ms=10, rows=[[1]], sql="SELECT 1")  # type: ignore[arg-type]
    return Verdict(name, made, made, prediction, is_right, [[2]])


def test_each_half_of_a_split_has_its_own_line() -> None:
    text = report([verdict("a", True, split="dev"), verdict("b", False, split="holdout")], misses=False)
    lines = {line.split()[0]: line for line in text.splitlines() if "right" in line and "/" in line}
    assert "100.0% right" in lines["dev"]
    assert "0.0% right" in lines["holdout"]
    assert "50.0% answered and wrong" in lines["all"]


def test_a_miss_shows_the_question_the_sql_and_both_sets_of_rows() -> None:
    text = report([verdict("a", False, gold_sql=["SELECT 2"])])
    assert "MISS a" in text
    assert "sql:  SELECT 1" in text
    assert "gold: SELECT 2" in text
    assert "other values: [[1]] of 1; gold [[2]] of 1" in text
    assert "MISS" not in report([verdict("a", False)], misses=False)


def test_several_suites_each_have_their_line() -> None:
    text = report([verdict("a", True, suite="shops"), verdict("b", False, suite="ships")], misses=False)
    assert "By suite:" in text
    assert "ships                                   0/1" in text


def test_misses_are_counted_by_kind() -> None:
    missed = [
        verdict("a", False, status="cannot"),
        verdict("b", False, status="cannot"),
        verdict("c", False),
        verdict("d", False, expect="cannot"),
        verdict("e", True),
    ]
    missed[3] = replace(missed[3], gold=None)
    text = report(missed, misses=False)
    assert "   2 declined" in text
    assert "   1 other values" in text
    assert "   1 answered, though cannot is right" in text


def test_misses_of_the_holdout_half_are_counted_not_shown() -> None:
    text = report([verdict("seen", False, split="dev"), verdict("secret", False, split="holdout")])
    assert "MISS seen" in text
    assert "secret" not in text
    assert "1 misses of the holdout half are not shown." in text


def test_answers_to_what_can_not_be_answered_are_counted() -> None:
    asked = [
        verdict("a", True, status="cannot", expect="cannot"),
        verdict("b", False, expect="cannot"),
        verdict("c", True),
    ]
    text = report(asked, misses=False)
    assert "Of 2 that can't be answered: 1 declined, 1 answered" in text
    assert "cannot -> answered     1" in text


def test_reliability_is_that_of_the_answers() -> None:
    sure = [verdict(f"s{n}", n < 8, confidence=0.95) for n in range(10)]  # said 0.95, right 0.8
    unsure = [verdict(f"u{n}", n < 2, confidence=0.25) for n in range(10)]  # said 0.25, right 0.2
    declined = [verdict("d", True, confidence=0.0, status="cannot")]  # no answer: no say in it
    text = report(sure + unsure + declined, misses=False)
    assert "0.9-1.0: said 0.95, right 0.80 of 10" in text
    assert "expected calibration error 0.100" in text
    assert "Nothing was answered." in report(declined, misses=False)


def test_percentiles_are_values_that_were_seen() -> None:
    assert percentile(range(1, 101), 0.95) == 95
    assert percentile([7.0], 0.95) == 7.0
    assert percentile([4, 1, 3, 2], 0.5) == 2


def test_no_questions_is_no_error() -> None:
    assert report([]) == "No questions."
