"""Reliability of chances: a hand-made set of answers whose table adds up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.reliability import bins, calibration_error, reliability

ANSWERS = [(0.95, True), (0.95, True), (0.91, False), (0.65, True), (0.62, False), (1.0, True)]
"""In 0.9-1.0: said 0.9525 on average, 3 of 4 right. In 0.6-0.7: said 0.635, 1 of 2 right."""


def test_each_tenth_says_how_much_of_it_is_right() -> None:
    low, high = bins(ANSWERS)
    assert low == (6, pytest.approx(0.635), 0.5, 2)
    assert high == (9, pytest.approx(0.9525), 0.75, 4)


def test_the_error_is_the_mean_distance_weighted_by_answers() -> None:
    assert calibration_error(ANSWERS) == pytest.approx((0.135 * 2 + 0.2025 * 4) / 6)
    assert reliability(ANSWERS)[-1] == "  expected calibration error 0.180"


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_every_answer_is_in_one_tenth(answers: list[tuple[float, bool]]) -> None:
    assert sum(count for *_, count in bins(answers)) == len(answers)
    assert sum(right * count for _, _, right, count in bins(answers)) == pytest.approx(sum(r for _, r in answers))


def test_no_answers_have_no_error() -> None:
    assert calibration_error([]) == 0
    assert reliability([]) == ["Nothing was answered."]
