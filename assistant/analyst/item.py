"""Item: a span of a question's words with what it was read as."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from assistant.analyst.lexicon import Link

CODE_OF = {"metric": "m", "dataset": "d", "field": "f"}


@dataclass(frozen=True)
class Item:
    """`data`: for m, d and f the name of what it links to; for v a tuple of ValueMention; for n a NumberRead; for w,
    g, t and x what the calendar read; for the rest what `english` says of the phrase."""

    code: str
    start: int
    end: int
    text: str
    data: Any = None
    score: float = 1.0
    options: tuple[Link, ...] = ()
    """For m, d and f: everything that the words may name, best first."""
    before: str = ""
    """The function words just before: "in", "from the"."""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def dataset(self) -> str | None:
        """The dataset that the words may name, the likeliest."""
        return next((o.target for o in self.options if o.kind == "dataset"), None)

    def unread(self) -> Item:
        """The words as ones that nothing in the data is called by."""
        return replace(self, code=".", data=None, options=(), score=0.0)

    def linked(self, link: Link) -> Item:
        return replace(self, code=CODE_OF[link.kind], data=link.target, score=link.score)


def rows_of(dataset: str, start: int, end: int, text: str, score: float = 0.9) -> Item:
    """The rows of a dataset, which the question means by words there, or without a word."""
    return Item("d", start, end, text, dataset, score, (Link("dataset", dataset, score, True),))
