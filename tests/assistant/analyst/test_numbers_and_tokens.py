from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.analyst.tokens import NumberRead, read_number, tokenize


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1.5k", NumberRead(1500)),
        ("$3 million", NumberRead(3_000_000, money=True)),
        ("20 percent", NumberRead(20, percent=True)),
        ("20%", NumberRead(20, percent=True)),
        ("two dozen", NumberRead(24)),
        ("twenty-five thousand", NumberRead(25_000)),
        ("one hundred and five", NumberRead(105)),
        ("1,200", NumberRead(1200)),
    ],
)
def test_numbers_as_people_write_them(text: str, read: NumberRead) -> None:
    found = read_number(tokenize(text), 0)
    assert found is not None
    assert found[0] == read
    assert found[1] == len(tokenize(text))


@given(st.text(max_size=200))
def test_tokens_keep_their_places(text: str) -> None:
    for token in tokenize(text):
        assert text[token.start : token.end] == token.text
