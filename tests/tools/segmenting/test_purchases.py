"""Models of coming back, against what was published of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.segmenting.purchases import (
    Returns,
    expected_returns,
    expected_spending,
    fitted_returns,
    fitted_spending,
    still_there,
)

CDNOW = Returns(0.243, 4.414, 0.793, 2.426)
"""Fitted to the CDNOW data by Fader, Hardie & Lee (2005)."""


def test_the_published_example_of_an_expected_number() -> None:
    """A customer seen twice again, last after 30.43 of 38.86 weeks, comes 1.226 times in the 39 weeks to come."""
    found = expected_returns(CDNOW, np.array([2.0]), np.array([30.43]), np.array([38.86]), 39.0)
    assert found[0] == pytest.approx(1.226, abs=0.001)


def test_what_was_planted_is_fitted() -> None:
    chance = np.random.default_rng(3)
    size, age = 4000, 52.0
    rate, leaves = chance.gamma(1.5, 1 / 8.0, size), chance.beta(1.2, 4.0, size)
    again, last = np.zeros(size), np.zeros(size)
    for n in range(size):
        at = chance.exponential(1 / rate[n])
        while at < age:
            again[n], last[n] = again[n] + 1, at
            if chance.random() < leaves[n]:
                break
            at += chance.exponential(1 / rate[n])
    found = fitted_returns(again, last, np.full(size, age))
    assert found.r / found.alpha == pytest.approx(1.5 / 8.0, rel=0.1)
    assert found.a / (found.a + found.b) == pytest.approx(1.2 / 5.2, rel=0.15)


def test_what_one_spends_is_drawn_towards_all_the_more_the_less_is_known() -> None:
    chance = np.random.default_rng(4)
    times = chance.integers(1, 20, 3000).astype(float)
    own = 30 * 4 / chance.gamma(4, 1, 3000)
    each = np.array([chance.gamma(6 * t, o / (6 * t)) for t, o in zip(times, own, strict=True)])
    model = fitted_spending(times, each)
    few, many = expected_spending(model, np.array([1.0, 50.0]), np.array([200.0, 200.0]))
    assert each.mean() < few < many < 200


@given(st.integers(0, 2000), st.floats(0.01, 1.0), st.floats(1.0, 2000.0), st.floats(0.1, 2000.0))
def test_expectations_are_never_absurd(again: int, part: float, age: float, ahead: float) -> None:
    x, last, t = np.array([float(again)]), np.array([age * part if again else 0.0]), np.array([age])
    times, stays = expected_returns(CDNOW, x, last, t, ahead)[0], still_there(CDNOW, x, last, t)[0]
    assert 0 <= stays <= 1
    assert 0 <= times <= (CDNOW.r + again) / (CDNOW.alpha + age) * ahead + 1e-6
