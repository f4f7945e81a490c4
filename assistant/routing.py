"""Who answers: the embedded analyst, or the language model."""

from __future__ import annotations

from assistant.analyst.plan import Plan
from assistant.settings import Settings


def needs_llm(plan: Plan, settings: Settings) -> bool:
    """In hybrid mode, whether the embedded analyst's plan is not one to trust alone: it could not read the question, is
    less sure than the threshold, or does not honour all the instructions that came with the question."""
    if settings.route != "hybrid":
        return settings.route == "llm"
    if plan.kind == "say":
        return False
    return plan.kind != "query" or bool(plan.unheeded) or plan.confidence < settings.hybrid_threshold
