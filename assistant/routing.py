"""Who answers: the embedded analyst, or the language model."""

from __future__ import annotations

from assistant.analyst.plan import Plan
from assistant.settings import Settings


def needs_llm(plan: Plan, settings: Settings, *, instructed: bool = False) -> bool:
    """In hybrid mode, whether the embedded analyst's plan is not one to trust alone: it could not read the question,
    or is
    less sure than the threshold. `instructed`: the question came with definitions in words, which only an LLM reads."""
    if settings.route != "hybrid":
        return settings.route == "llm"
    if plan.kind == "say":
        return False
    return instructed or plan.kind != "query" or plan.confidence < settings.hybrid_threshold
