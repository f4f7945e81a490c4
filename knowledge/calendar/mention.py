"""Mention: a time named somewhere in a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from knowledge.request import Grain, Part, Window


@dataclass(frozen=True)
class Mention:
    """A time named at characters [start, end) of a question, its preposition ("in", "since", "vs") included.

    `window`     "last month", "since March": `window`
    `grain`      "by month", "weekly"; `growth` for "month over month": `grain`
    `part`       "on weekends", "by hour of day": `part`, and `values` where it restricts rather than groups
    `comparison` "vs last year": `compare`, or the `window` that is compared with
    """

    start: int
    end: int
    text: str
    kind: Literal["window", "grain", "part", "comparison"]
    window: Window | None = None
    grain: Grain | None = None
    part: Part | None = None
    values: tuple[int, ...] = ()
    compare: Literal["previous_period", "previous_year"] | None = None
    growth: bool = False
