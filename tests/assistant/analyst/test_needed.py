"""A pattern is passed over only where it can't match: every match of it holds one of the pieces that it needs."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.analyst.needed import folded, needed

_PATTERNS = [
    r"\b(?:sorted|ranked) from (?:the )?lowest",
    r"^(?:what|how) about (\d+)\b",
    r"(?:over|under|at least) \d+ ?%?",
    r"(?:monthly ){1,2}churn|net (?=income)income",
    r"(\w+) (?:nobody|no one|none of (?:our|the) \w+) (?:wants|buys)",
    r"kilos|İzmir|straße",
]


@pytest.mark.parametrize("pattern", [re.compile(p, re.I) for p in _PATTERNS], ids=_PATTERNS)
def test_a_match_holds_a_piece(pattern: re.Pattern[str]) -> None:
    assert needed(pattern)

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
    @given(st.from_regex(pattern))
    def holds(text: str) -> None:
        assert any(piece in folded(text) for piece in needed(pattern)), text

    holds()


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("sales is", "ſales iſ"), ("kilos", "KILOS"), ("in izmir", "IN İZMIR"), ("in izmir", "ın ızmır")],
)
def test_letters_that_are_one_to_a_pattern_that_ignores_case_are_one(pattern: str, text: str) -> None:
    compiled = re.compile(pattern, re.I)
    assert compiled.search(text)
    assert any(piece in folded(text) for piece in needed(compiled))


@pytest.mark.parametrize("pattern", [r"\d+ ?%", r"(?:top )?\d+", r"(?:by|in) \w+", r"(?:total|\d+)"])
def test_nothing_is_known_of_a_pattern_that_no_letters_in_particular_are_needed_for(pattern: str) -> None:
    assert not needed(re.compile(pattern, re.I))
