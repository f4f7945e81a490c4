"""compare: whether groups really differ, or two figures go together, or whether it may be chance."""

from __future__ import annotations

from typing import Literal

from langchain_core.tools import BaseTool
from pydantic import BaseModel

from knowledge.request import Request
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, Asked, analysis_tool
from tools.comparing.experiment import experiment_in
from tools.comparing.words import of_experiment, wish

_DESCRIPTION = """Test whether a difference is more than chance. `request` names one measure and one field whose \
values are the groups (limit them with `where`), or a period with `compare_to`; the test is chosen for the data \
(Welch, Mann-Whitney, chi-square, Fisher), with effect size and correction. With about="relation": two measures, and \
the field or grain over which they are correlated. stop: whether an experiment can be stopped."""


class Arguments(BaseModel):
    about: Literal["difference", "relation"] = "difference"
    stop: bool = False
    """Whether the experiment that the groups are of can be stopped."""


def asked(question: str, workspace: Workspace) -> Asked | None:
    if (trial := of_experiment(question)) is not None:
        known = experiment_in(workspace.model)
        if known is None:
            return None
        args = {"about": "difference", **({"stop": True} if trial == "stop" else {})}
        return Asked(f"{known.outcome} by {known.group}", args, "Test of the difference in {}", plainly=True)
    wanted = wish(question)
    if wanted is None:
        return None
    reading = "Correlation of {}" if wanted.about == "relation" else "Test of the difference in {}"
    return Asked(wanted.rest, {"about": wanted.about}, reading)


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    def compare(request: Request, wanted: Arguments) -> Analysis:
        if wanted.about == "relation":
            from tools.comparing.relation import relation  # scipy: seconds, which no start should wait for

            return relation(request, workspace, limits)
        from tools.comparing.answer import difference

        return difference(request, workspace, limits, stop=wanted.stop)

    return analysis_tool("compare", _DESCRIPTION, Arguments, compare, workspace, limits)
