"""What a turn tells while it runs."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answer import Answer


@dataclass(frozen=True)
class Step:
    """Something that is being done: "Asking the data", with the SQL as detail."""

    label: str
    detail: str = ""


@dataclass(frozen=True)
class Token:
    """The next piece of the answer's text, already checked."""

    text: str


@dataclass(frozen=True)
class Done:
    answer: Answer


Event = Step | Token | Done
