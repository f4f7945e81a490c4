"""baskets: what is bought together, by association rules."""

from __future__ import annotations

import re
from typing import Literal

from langchain_core.tools import BaseTool
from pydantic import BaseModel, Field

from knowledge.request import Request
from knowledge.words import label, plural
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, Asked, analysis_tool
from tools.associating.lines import on_lines
from tools.associating.words import dearer, of_three, thing
from tools.events import event_of

_TOGETHER = re.compile(r"\b(?:together|along|upsell|up-sell|same|also|cross|basket|associat\w+)\b", re.I)
_DESCRIPTION = """What is bought together (market-basket analysis): support, confidence, lift and significance of \
pairs. `request` names one thing by a condition ("products.category" = "pasta": what goes with it), or a field to \
group by (which of its values go together); its other conditions and period limit the purchases. size 3: from two to \
a third; every: the words for the things named, where these are all in one basket; about "dearer": what to up-sell to \
who buys the thing."""


_THREES = 0.005
"""Sets of three are many: fewer and surer ones are looked for."""


class Arguments(BaseModel):
    min_support: float = Field(0.001, gt=0, le=1)
    """The least part of all baskets that must have both."""
    size: Literal[2, 3] = 2
    """Rules between two items, or from two to a third."""
    every: list[str] = []
    """The words for things that are meant to be in one basket; each may stand for several values."""
    about: Literal["together", "dearer"] = "together"


def asked(question: str, workspace: Workspace) -> Asked | None:
    found = thing(question)
    if found is None:
        return None
    lines = [d for d in workspace.model.datasets if event_of(d, workspace.model)]
    if not lines:
        return None
    largest = max(lines, key=lambda d: d.row_count or 0)
    counted = f"number of {plural(largest.label or label(largest.name))}"
    rest, one = found
    if one and not _TOGETHER.search(question) and not _is_item(rest, workspace):
        return None
    if one and dearer(question):
        return Asked(f"{counted} of {rest}", {"about": "dearer"}, "What is dearer than, and like: {}", plainly=True)
    if one:
        bare = re.sub(r"\bboth\s+", "", rest)
        words = re.split(r"\s+and\s+|\s*\+\s*", bare)
        every = {"every": words} if len(words) > 1 else {}
        return Asked(f"{counted} of {bare}", every, f"What is bought with{' all of' if every else ''}: {{}}")
    size = {"size": 3, "min_support": _THREES} if of_three(question) else {}
    return Asked(f"{counted} by {rest}" if rest else counted, size, "What is bought together: {}")


def _is_item(words: str, workspace: Workspace) -> bool:
    """Whether the words are most like a stored value that tells apart what is in one basket: "pasta", not "Visa"."""
    first = re.split(r"\s+(?:and|or|plus)\s+|\s*[,+]\s*", re.sub(r"^(?:an?|the|our|both)\s+", "", words, flags=re.I))[0]
    near = workspace.values.lookup(first, limit=1)
    return bool(near) and on_lines(near[0].field, workspace.model)


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    def baskets(request: Request, wanted: Arguments) -> Analysis:
        from tools.associating.answer import answered  # scipy: seconds, which no start should wait for
        from tools.associating.upsell import dearer_ones

        if wanted.about == "dearer":
            return dearer_ones(request, workspace, limits)
        return answered(request, wanted.min_support, workspace, limits, size=wanted.size, every=wanted.every)

    return analysis_tool("baskets", _DESCRIPTION, Arguments, baskets, workspace, limits)
