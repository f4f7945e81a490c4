"""Answer: what a turn of conversation comes to, before any channel renders it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.request import Request
from knowledge.result import Result

Outcome = Literal["answered", "ask", "cannot", "not_allowed", "no_rows", "failed"]
"""Six different things to a reader:
answered     the question was read and here is what the data says
ask          two readings are close: `choices` are the readings to choose from
cannot       the question, or a part of it, could not be read: `text` says what
not_allowed  the asker may not see this
no_rows      the question was read and run, and nothing matches
failed       something broke; `text` says what to do
"""


class Choice(BaseModel):
    """A button: `label` is shown, `question` is asked when it is pressed."""

    label: str
    question: str


class Provenance(BaseModel):
    """Where the figures come from."""

    sql: str | None = None
    request: Request | None = None
    tool: str = "query"
    """Which tool was given the request, with these arguments."""
    arguments: dict[str, Any] = {}
    method: str | None = None
    """For an analysis: what was fitted or tested, on what, and how good it is."""
    source: str = ""
    """The data's name for people."""
    fresh_as_of: datetime | None = None
    """The newest moment in the data that was asked."""
    row_count: int = 0
    read_by: Literal["embedded", "llm", "none"] = "none"
    model: str | None = None
    tokens: int = 0
    """That were sent to a language model, and written by it, for this answer."""
    cost: float = 0.0
    """Of those, in dollars, by the prices that are set."""


class Answer(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    outcome: Outcome
    text: str
    """Plain sentences, figure first; light Markdown (bold, lists)."""
    reading: str = ""
    """The question as it was understood, in words."""
    result: Result | None = None
    chart: dict[str, Any] | None = None
    """A Vega-Lite v5/v6 spec with its data inline."""
    provenance: Provenance = Field(default_factory=Provenance)
    caveats: list[str] = []
    choices: list[Choice] = []
    follow_ups: list[str] = []
    confidence: float = 0.0
    """Calibrated: the part of answers at this confidence that are right, 0..1."""
    elapsed_ms: float = 0.0
