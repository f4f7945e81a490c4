"""What to open with: the questions of the industry that the data is of, those that it can answer."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.reader import Reader
from assistant.suggestions import starters
from knowledge.workspace import Workspace
from tools.texts.fields import texts_of

_SURE = 0.75
_MOST = 8


def with_starters(workspace: Workspace) -> Workspace:
    """The workspace, with questions to open with, unless it has its own or is of no industry that is known."""
    model, template = workspace.model, workspace.template
    if model.starters or template is None:
        return workspace
    reader = Reader(workspace)
    told, asked = [], []
    for question in template.questions:
        plan = reader.plan(question)
        sure = plan.kind == "query" and plan.confidence >= _SURE and not plan.caveats
        if not sure or (plan.tool, plan.request) in asked or (plan.tool == "text" and not texts_of(model)):
            continue
        asked.append((plan.tool, plan.request))
        told.append(question[:1].upper() + question[1:])
    known = {q.lower() for q in told}
    told += [q for q in starters(model, _MOST) if q.lower() not in known]
    return replace(workspace, model=replace(model, starters=tuple(told[:_MOST])))
