"""What the end of a question says again of its beginning."""

from __future__ import annotations

import pytest

from assistant.analyst.echoes import without_echoes


@pytest.mark.parametrize(
    ("question", "told_once"),
    [
        ("What is the damage rate by depot? Return the depot and the rate.", "What is the damage rate by depot? Return the depot."),
        ("How many parcels came in per week? Show the week and the number.", "How many parcels came in per week? Show the week."),
        ("How many tours are there per guide? Return the guide and the count, most first.", "How many tours are there per guide? Return the guide, most first."),
        ("What is the share of late ferries per port? Give the port and the share.", "What is the share of late ferries per port? Give the port."),
    ],
)  # fmt: skip
def test_the_figure_at_the_end_is_the_one_asked_for(question: str, told_once: str) -> None:
    assert without_echoes(question) == told_once


def test_a_name_that_is_defined_is_said_once() -> None:
    question = "What is the DPR of each depot? Return the depot and the DPR."
    assert without_echoes(question, ["DPR"]) == "What is the DPR of each depot? Return the depot."


@pytest.mark.parametrize(
    "question",
    [
        "Which parcels are late? Return the number and the rate.",
        "What is the damage rate? Return the rate.",
        "How many parcels came in per week? Return the week and the number of late ones.",
        "List the depots.",
    ],
)
def test_what_is_no_echo_stays(question: str) -> None:
    assert without_echoes(question) == question
