"""Who answers: the embedded analyst what it is sure of, the language model the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.analyst.plan import Plan
from assistant.routing import needs_llm
from assistant.settings import Settings

SURE = Plan("query", confidence=0.9)
UNSURE = Plan("query", confidence=0.55)
ASKS = Plan("ask", confidence=0.9)
LOST = Plan("cannot")
SAYS = Plan("say", text="This data runs to Friday.")


@pytest.mark.parametrize(("plan", "llm"), [(SURE, False), (UNSURE, True), (ASKS, True), (LOST, True), (SAYS, False)])
def test_in_hybrid_mode_the_llm_gets_what_the_analyst_is_not_sure_of(plan: Plan, llm: bool) -> None:
    assert needs_llm(plan, Settings(model="openai:m")) is llm


def test_the_threshold_is_a_setting() -> None:
    assert not needs_llm(UNSURE, Settings(model="openai:m", hybrid_threshold=0.5))
    assert needs_llm(SURE, Settings(model="openai:m", hybrid_threshold=0.95))


def test_instructions_that_the_analyst_does_not_honour_need_the_llm() -> None:
    partly = replace(SURE, unheeded=("Count a return as half an order.",))
    assert needs_llm(partly, Settings(model="openai:m"))
    assert not needs_llm(partly, Settings(model=None))


def test_a_chosen_mode_has_no_exceptions() -> None:
    assert all(needs_llm(p, Settings(model="openai:m", mode="llm")) for p in (SURE, UNSURE, ASKS, LOST, SAYS))
    assert not any(needs_llm(p, Settings(model="openai:m", mode="embedded")) for p in (SURE, UNSURE, ASKS, LOST))
