"""How many SMS a text takes, and how it is made to take fewer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.channels.twilio.pages import fits, page
from assistant.channels.twilio.segments import segments, simpler


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2), ("ł" * 70, 1), ("ł" * 71, 2), ("ł" * 134, 2), ("ł" * 135, 3), ("😀" * 35, 1), ("😀" * 36, 2)],
)  # fmt: skip
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


@pytest.mark.parametrize(
    ("text", "made"),
    [("1\u00a0234,50\u00a0€", "1 234,50 €"), ("3:05\u202fPM – “up” 5…", '3:05 PM - "up" 5...'), ("Malmö Øst", "Malmö Øst"), ("Źle, Čačak", "Zle, Cacak"), ("東京", "東京")],
)  # fmt: skip
def test_simpler(text: str, made: str) -> None:
    assert simpler(text) == made


@given(st.lists(st.text(min_size=1, max_size=400).filter(lambda t: t.strip()), min_size=1, max_size=6))
def test_pages_hold_all_that_there_is_to_say(lines: list[str]) -> None:
    said, left, turns = [], lines, 0
    while left:
        made = page("sms", left)
        assert fits("sms", made.text)
        said.append(made.text.removesuffix("MORE for details"))
        left, turns = list(made.rest), turns + 1
        assert turns < 100
    assert "".join("".join(said).split()) == "".join("".join(simpler(line) for line in lines).split())
