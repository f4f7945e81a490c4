"""Plan: what the embedded analyst makes of a question before any data is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.analyst.confidence import Evidence
from assistant.answer import Choice
from knowledge.request import Request


@dataclass(frozen=True)
class Plan:
    """`query` has a request to run. `ask` has choices. `cannot` names in `unread` the words that could not be linked.
    `say` answers from the semantic model alone (help, a definition, freshness): its `text` is the answer."""

    kind: Literal["query", "ask", "cannot", "say"]
    request: Request | None = None
    reading: str = ""
    """The question as understood, in words."""
    confidence: float = 0.0
    """Calibrated, 0..1."""
    text: str = ""
    choices: tuple[Choice, ...] = ()
    unread: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    unheeded: tuple[str, ...] = ()
    """What of the instructions that came with the question is not honoured, a sentence each."""
    tool: str = "query"
    """Which tool gets the request, with `args` of its own."""
    args: dict[str, Any] = field(default_factory=dict)
    edits: bool = False
    """The request is the last one, changed."""
    evidence: Evidence | None = None
    """What the confidence was made from."""
