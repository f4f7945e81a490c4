"""The same figures in every channel: of a real server, reached as the world reaches it."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.channels.load import converse_at_once, scripts
from evals.channels.reached import reached
from evals.channels.said import Meant, Said, difference, figures
from evals.channels.same import WAYS, Heard, ask_everywhere, report
from evals.channels.spoken import in_figures
from evals.suite import Item, Turn
from tests.assistant.analyst import marina

QUESTIONS = (
    "How many boats are there?", "total price by harbour", "average price", "price by month in 2025", "which boat has the most hires?",
    "top 3 boats by total price", "what is love?", "list the boats",
)  # fmt: skip


async def test_every_channel_says_the_same_also_when_many_ask(tmp_path: Path) -> None:
    data = marina.build(tmp_path / "marina.duckdb")
    items = [Item(id=f"q{n}", db="marina", question=q) for n, q in enumerate(QUESTIONS)]
    items.append(Item(id="c", db="marina", turns=[Turn(question="boats by harbour"), Turn(question="and by kind?")]))
    async with reached(tmp_path / "state", 2 * len(WAYS), data=["--db", str(data)]) as world:
        heard = await ask_everywhere(world, items)
        known = await scripts(world, QUESTIONS, 2, 4)
        turns, left = await converse_at_once(world, known, conversations=2 * len(WAYS), seconds=2, pause_s=0.2)
    assert {h.channel for h in heard if h.how} == {way.name for way in WAYS}
    assert [h for h in heard if h.how not in ("same", "")] == [], report(heard)
    assert sum(h.how == "same" for h in heard) >= 9 * len(items)
    assert {turn.channel for turn in turns} == {way.name for way in WAYS}
    assert ([turn for turn in turns if turn.error], left) == ([], 0)


MEANT = Meant(
    "answered", "Net sales: **$386,027** in 2017, up 8.2%", [["Beef", 386026.61], ["Cheese", 12.0]], None, "Net sales, 2017"
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "differs"),
    [
        (Said("Net sales: $386,027 in 2017, up 8.2%\nBeef: $386,027"), ""),
        (Said("Net sales: $386,072 in 2017, up 8.2%"), "another figure"),
        (Said("Net sales: $386,027 in 2017"), "a figure is missing"),
        (Said("Net sales: $386,027 in 2017, up 8.2%\nBeef: $1,900"), "a figure of its own"),
        (
            Said(
                in_figures("about three hundred and eighty-six thousand dollars in 2017, up eight point two percent"),
                spoken=True,
            ),
            "",
        ),
        (
            Said(
                in_figures("about three hundred and ninety-six thousand dollars in 2017, up eight point two percent"),
                spoken=True,
            ),
            "another figure",
        ),
        (Said(None, rows=[["Cheese", 12.0], ["Beef", 386026.61]]), ""),
        (Said(None, rows=[["Cheese", 12.0]]), "other rows"),
        (Said(None, rows=[["Cheese", 13.0], ["Beef", 386026.61]]), "other rows"),
        (Said(MEANT.text, cells=[["Beef", "$386,027"], ["Cheese", "$12"]]), ""),
        (Said(MEANT.text, cells=[["Beef", "$386,027"], ["Cheese", "$13"]]), "other rows"),
    ],
)
def test_what_is_not_the_same_is_found(said: Said, differs: str) -> None:
    assert difference(MEANT, said) == differs


@pytest.mark.parametrize(
    ("text", "found"),
    [("−$1.5 million", [-1_500_000]), ("50-74K, Q3, A12", [50, 74_000]), ("1,200.50 (3%)", [1200.5, 3]), ("no figure", [])],
)  # fmt: skip
def test_figures_are_read_out_of_a_text(text: str, found: list[float]) -> None:
    assert [f.value for f in figures(text)] == found


def test_the_report_has_a_line_a_channel_and_what_was_not_the_same() -> None:
    heard = [Heard("q1", "SMS", "same", "", 12.0), Heard("q2", "SMS", "different", "another figure", 15.0)]
    assert [line.split() for line in report(heard).splitlines()[1:2]] == [["SMS", "2", "1", "1", "0", "12", "15"]]
    assert "q2 in SMS: another figure" in report(heard)
