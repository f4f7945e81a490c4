"""segment: what kinds of customers (patients, vehicles, accounts …) there are, which are best, who comes back, and
what they will be worth."""

from __future__ import annotations

from typing import Any, Literal

from langchain_core.tools import BaseTool
from pydantic import BaseModel, Field

from knowledge.compile.columns import dataset_label
from knowledge.model import Dataset, SemanticModel
from knowledge.request import Request
from knowledge.words import plural, singular, split
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, Asked, analysis_tool
from tools.segmenting.cohorts import cohorts, returning
from tools.segmenting.rfm import rfm
from tools.segmenting.things import usual
from tools.segmenting.words import Wish, wish

_DESCRIPTION = """Segment the things that records belong to (customers, patients, accounts). `request` counts them, \
with conditions and a period as for `query`. about: "kinds" (clusters, named by how they differ; to cluster by figures \
of your own, a request of those measures by the thing), "rfm" (recency, frequency, value; `each`: the single ones), \
"cohorts" (retention by when they were first seen), "returning" (how many come back in the next period), "lifetime" \
(what they will be worth in `months`)."""
_READINGS = {
    "kinds": "Kinds among {}",
    "rfm": "Recency, frequency and value of {}",
    "cohorts": "Retention by {grain} of {}",
    "returning": "Who comes back in the next {grain}, of {}",
    "lifetime": "Value of {} over the next {months}",
}
_KIND_FIELDS = frozenset(
    ["kind", "type", "category", "class", "segment", "group", "tier", "species", "sort", "persona"]
)


class Arguments(BaseModel):
    about: Literal["kinds", "rfm", "cohorts", "returning", "lifetime"] = "kinds"
    count: int | None = Field(None, ge=2, le=12)
    """Of kinds; found by itself without."""
    grain: Literal["day", "week", "month", "quarter", "year"] = "month"
    months: float = Field(12, gt=0, le=120)
    each: bool = False


def asked(question: str, workspace: Workspace) -> Asked | None:
    wanted = wish(question)
    if wanted is None or _is_stored(wanted, question, workspace.model):
        return None
    args: dict[str, Any] = {"about": wanted.about}
    args |= {k: v for k, v in (("count", wanted.count), ("grain", wanted.grain), ("months", wanted.months)) if v}
    args |= {"each": True} if wanted.each else {}
    template = workspace.template
    months = wanted.months or (template.segment.months if template is not None else 12)
    args |= {"months": months} if wanted.about == "lifetime" else {}
    ahead = f"{months:g} month{'' if months == 1 else 's'}" if months >= 1 else f"{round(months * 30.44)} days"
    reading = _READINGS[wanted.about].replace("{grain}", wanted.grain or "month").replace("{months}", ahead)
    who = usual(workspace.model)
    usually = f"number of {plural(dataset_label(who).lower())}" if who else ""
    if wanted.by:
        head, *after = wanted.rest.split(" ", 1)
        return Asked(" ".join([wanted.by, "by", singular(head), *after]), args, reading, usually, wanted.named)
    first, _, further = wanted.rest.partition(" ")
    rest = " ".join(filter(None, ["number of", plural(singular(first)), further])) if first else usually
    return Asked(rest, args, reading, usually, wanted.named)


def _is_stored(wanted: Wish, question: str, model: SemanticModel) -> bool:
    """Whether the words name what is in the data: a metric of lifetime value or retention, a field of the kind of a
    thing. "What types of rooms do we have?" asks for that field's values."""
    said = question.lower()
    if wanted.about in ("lifetime", "cohorts") and not (wanted.about == "cohorts" and wanted.named):
        names = [n.lower() for m in model.metrics for n in (m.label or m.name.replace("_", " "), *m.synonyms)]
        names += [
            (f.label or f.name.replace("_", " ")).lower() for d in model.datasets for f in d.fields if not f.hidden
        ]
        if any(
            len(n) > 2 and n in said and any(w in n for w in ("lifetime", "ltv", "clv", "retention", "cohort"))
            for n in names
        ):
            return True
    if wanted.about != "kinds" or wanted.named:
        return False
    thing = _dataset(wanted.rest, model)
    if thing is None:
        return True
    told = [f for f in thing.fields if f.role in ("category", "code", "name") and f.nulls < 1]
    if any(_KIND_FIELDS & set(split(f.name)) for f in told):
        return True
    first = usual(model)
    return first is None or first.name != thing.name


def _dataset(words: str, model: SemanticModel) -> Dataset | None:
    """The dataset that the first words name."""
    said = words.lower()
    for dataset in model.datasets:
        for name in (dataset_label(dataset), dataset.name, *dataset.synonyms):
            for form in (name.lower(), plural(name.lower())):
                if said == form or said.startswith(f"{form} "):
                    return dataset
    return None


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    def segment(request: Request, wanted: Arguments) -> Analysis:
        if wanted.about == "kinds":
            from tools.segmenting.kinds import kinds  # scikit-learn: seconds, which no start should wait for

            return kinds(request, wanted.count, workspace, limits)
        if wanted.about == "rfm":
            return rfm(request, workspace, limits, each=wanted.each)
        if wanted.about == "lifetime":
            from tools.segmenting.lifetime import lifetime  # scipy

            return lifetime(request, wanted.months, workspace, limits, each=wanted.each)
        return (cohorts if wanted.about == "cohorts" else returning)(request, wanted.grain, workspace, limits)

    return analysis_tool("segment", _DESCRIPTION, Arguments, segment, workspace, limits)
