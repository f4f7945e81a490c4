"""baskets: what is bought together, by association rules."""

from __future__ import annotations

import re

from langchain_core.tools import BaseTool
from pydantic import BaseModel, Field

from knowledge.request import Request
from knowledge.words import label, plural
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, Asked, analysis_tool
from tools.associating.lines import on_lines
from tools.associating.words import thing
from tools.events import event_of

_TOGETHER = re.compile(r"\b(?:together|along|same|also|cross|basket|associat\w+)\b", re.I)
_DESCRIPTION = """What is bought together (market-basket analysis): support, confidence, lift and significance of \
pairs. `request` names one thing by a condition ("products.category" = "pasta": what goes with it), or a field to \
group by (which of its values go together); its other conditions and period limit the purchases."""


class Arguments(BaseModel):
    min_support: float = Field(0.001, gt=0, le=1)
    """The least part of all baskets that must have both."""


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
    if one:
        return Asked(f"{counted} of {rest}", {}, "What is bought with: {}")
    return Asked(f"{counted} by {rest}" if rest else counted, {}, "What is bought together: {}")


def _is_item(words: str, workspace: Workspace) -> bool:
    """Whether the words are most like a stored value that tells apart what is in one basket: "pasta", not "Visa"."""
    near = workspace.values.lookup(words, limit=1)
    return bool(near) and on_lines(near[0].field, workspace.model)


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    def baskets(request: Request, wanted: Arguments) -> Analysis:
        from tools.associating.answer import answered  # scipy: seconds, which no start should wait for

        return answered(request, wanted.min_support, workspace, limits)

    return analysis_tool("baskets", _DESCRIPTION, Arguments, baskets, workspace, limits)
