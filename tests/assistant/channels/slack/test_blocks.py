"""Whatever an answer holds, Slack takes its blocks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Choice, Provenance
from assistant.channels.slack.blocks import answer_blocks, escaped, fallback, parts, sql_modal
from assistant.channels.slack.shown import Shown
from evals.channels.slack_server import blocks_problem
from knowledge.result import Result, ResultColumn

_words = st.text(min_size=1, max_size=4000)
_wide = st.integers(2, 40)


@given(_words, st.lists(_words, max_size=12), st.lists(_words, max_size=12), _wide, st.integers(0, 150), _words)
def test_any_answer_fits(text: str, caveats: list[str], asked: list[str], columns: int, rows: int, cell: str) -> None:
    result = Result(
        tuple(ResultColumn(f"c{n}", cell[:300], "text") for n in range(columns)),
        [(cell,) * columns for _ in range(rows)], sql=cell,
    )  # fmt: skip
    answer = Answer(
        outcome="answered", text=text, reading=text, result=result, caveats=caveats, follow_ups=asked,
        choices=[Choice(label=a, question=a) for a in asked[:3]], provenance=Provenance(sql=cell, source=text),
    )  # fmt: skip
    assert blocks_problem(answer_blocks(answer, "key", "en_US")) is None
    assert blocks_problem(sql_modal(Shown("T1", "c", text, text, text, cell))["blocks"], 100) is None
    assert fallback(answer)


def test_a_text_of_the_data_mentions_nobody() -> None:
    answer = Answer(outcome="answered", text="**<!channel>** leads & <@U1> follows")
    assert (
        answer_blocks(answer, "key", "en_US")[0]["text"]["text"] == "*&lt;!channel&gt;* leads &amp; &lt;@U1&gt; follows"
    )
    assert fallback(answer) == "&lt;!channel&gt; leads &amp; &lt;@U1&gt; follows"


@given(st.text(max_size=500), st.integers(1, 40))
def test_parts_are_all_of_a_text_in_pieces_that_fit(text: str, most: int) -> None:
    cut = parts(escaped(text), most)
    assert all(len(part) <= most for part in cut)
    assert "".join("".join(cut).split()) == "".join(escaped(text).split())
