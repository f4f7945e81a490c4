"""The chance of a reading: less sure the more speaks against it, never sure of what it left unread."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.analyst.confidence import SURE, Evidence, chance

PLAIN = Evidence(cost=0.0, unread=0.0, lead=1.0, unused=0.0, unsaid=0.0, odd=0.0)


def test_a_reading_that_nothing_speaks_against_is_sure() -> None:
    assert chance(PLAIN) > 0.85


@pytest.mark.parametrize("what", ["cost", "unused", "unsaid", "odd"])
def test_what_speaks_against_a_reading_makes_it_less_sure(what: str) -> None:
    assert chance(replace(PLAIN, **{what: 0.4})) < chance(PLAIN)


@given(unread=st.integers(1, 4), lead=st.floats(0.0, 1.0), cost=st.floats(0.0, 0.4))
def test_what_leaves_words_unread_is_never_answered(unread: int, lead: float, cost: float) -> None:
    assert chance(replace(PLAIN, unread=float(unread), lead=lead, cost=cost)) < min(0.5, SURE)
