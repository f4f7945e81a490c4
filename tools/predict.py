"""predict: what each single thing will do (who will stop buying, what each will spend), and what an outcome goes with,
by a model that is trained, tested and registered on the spot."""

from __future__ import annotations

import re
from typing import Any, Literal

from langchain_core.tools import BaseTool
from pydantic import BaseModel, Field

from knowledge.compile.columns import dataset_label
from knowledge.model import Dataset, SemanticModel
from knowledge.request import Request
from knowledge.words import plural, singular
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, Asked, analysis_tool
from tools.predicting.events import Happening, dataset_called, happening, happening_in
from tools.predicting.problem import Problem, behaviour_of, event_problem, field_named, pending_problem
from tools.predicting.words import Wish, event_wish, wish
from tools.segmenting.things import usual

_DESCRIPTION = """Predict what single things will do, by a model that is trained and tested at once. `request` counts \
them (customers), with conditions. goal: "stop" (who stops buying), "spend" (what each spends), "event" (`event`, in \
words: no-show, return, late payment), "pending" (`event` of open `records`, a dataset), "column" (a \
`field` of records: what it goes with). about: "scores" (of each or of `one`), "drivers" (what the model looks at), \
"quality", "what_if" (inputs named `what` `change` percent higher)."""
_READINGS = {
    "scores": "Prediction for {}", "drivers": "What the prediction goes with, for {}",
    "quality": "Quality of the model, {}",
    "what_if": "Prediction for {}, supposing",
}  # fmt: skip


class Arguments(BaseModel):
    about: Literal["scores", "drivers", "quality", "what_if"] = "scores"
    goal: Literal["stop", "spend", "event", "pending", "column"] = "stop"
    field: str | None = None
    """The qualified field, for goal "column"."""
    days: int | None = Field(None, ge=1, le=730)
    what: str = ""
    change: float = 10.0
    event: str = ""
    """In words, for goal "event": "miss their appointment"."""
    records: str = ""
    """The dataset whose open records are scored, for goal "pending"."""
    one: str = ""
    """The key or name of one thing, for the scores of that one alone."""


def asked(question: str, workspace: Workspace) -> Asked | None:
    who = usual(workspace.model)
    usually = f"number of {plural(dataset_label(who).lower())}" if who else ""
    wanted = wish(question)
    if (asked_for := _of_pending(question, workspace)) is not None:
        return asked_for
    if (asked_for := _of_event(question, wanted, workspace, usually)) is not None:
        return asked_for
    if wanted is None or (wanted.one and (wanted.event or not _are_people(wanted.who or "one", workspace.model))):
        return None
    if wanted.one:
        args_of_one: dict[str, Any] = {"about": "scores", "goal": wanted.goal, "one": wanted.one}
        args_of_one |= {"days": wanted.days} if wanted.days else {}
        return Asked(usually, args_of_one, f"Prediction for {wanted.one}, of {{}}", usually, plainly=True)
    args: dict[str, Any] = {"about": wanted.about}
    if wanted.about == "what_if":
        args |= {"what": wanted.what, "change": wanted.change}
    elif wanted.what and not wanted.goal:
        field = field_named(wanted.what, workspace.model)
        if field is None or (wanted.about == "scores" and (wanted.days or _is_metric(wanted.what, workspace.model))):
            return None
        owner = workspace.model.resolve(field)[0]
        args |= {"about": "drivers", "goal": "column", "field": field}
        counted = f"number of {plural(dataset_label(owner).lower())}"
        return Asked(counted, args, f"What {wanted.what} goes with: {{}}", plainly=True)
    goal = wanted.goal or _goal(wanted.named)
    if wanted.about == "scores" and goal != "stop" and not _are_people(wanted.who, workspace.model):
        return None  # sales by store are forecast
    args |= {"goal": goal} if goal else {}
    args |= {"days": wanted.days} if wanted.days else {}
    again = wanted.about in ("quality", "what_if") or (wanted.about == "drivers" and not wanted.what)
    if again and not wanted.named:
        return Asked("", args, _READINGS[wanted.about], usually, plainly=wanted.about != "what_if")
    return Asked(_counted(wanted, workspace.model) or usually, args, _READINGS[wanted.about], usually, plainly=True)


def _of_pending(question: str, workspace: Workspace) -> Asked | None:
    """Where the question asks which open records (appointments, invoices) an outcome will come to."""
    named = event_wish(question)
    if named is None or named.about != "scores" or _are_people(named.who, workspace.model):
        return None
    who, event, where = named.who, named.event, ""
    if told := _WHERE.match(who):  # "which appointments at Harrow will be missed"
        who, where = told["what"], told["where"]
    *kind, noun = who.split() or [""]
    every = dataset_called(who, workspace.model)
    records, some = (every, "") if every else (dataset_called(noun, workspace.model), " ".join(kind))
    if records is None:
        return None
    if (told := _WHERE.match(event)) and happening_in(told["what"], workspace, [records]) is not None:
        event, where = told["what"], f"{where} {told['where']}"
    if happening_in(event, workspace, [records]) is None:
        return None
    args: dict[str, Any] = {"about": "scores", "goal": "pending", "event": event, "records": records.name}
    args |= {"days": named.days} if named.days else {}
    counted = f"number of {some} {plural(dataset_label(records).lower())} {where}"
    return Asked(" ".join(counted.split()), args, f"{event.capitalize()}, of pending ones: {{}}", plainly=True)


_WHERE = re.compile(r"(?P<what>.+?)\s+(?P<where>(?:in|at|from|for|with|of|over|under|above|below)\s+.+)$", re.I)


def _of_event(question: str, wanted: Wish | None, workspace: Workspace, usually: str) -> Asked | None:
    """Where the question names an outcome that the data records."""
    named = wanted if wanted is not None and wanted.one and wanted.event else event_wish(question)
    model = workspace.model
    who = usual(model)
    if named is None or who is None or (named.who and not _are_people(named.who, model)):
        return None
    if named.about == "drivers" and (field_named(named.what, model) or (wanted and wanted.goal)):
        return None
    found = happening(named.event, workspace, who)
    if found is None or (
        wanted is not None and wanted.goal == "stop" and not wanted.one and _is_churn(named.event, found)
    ):
        return None
    args: dict[str, Any] = {"about": named.about, "goal": "event", "event": found.label}
    args |= {"days": named.days} if named.days else {}
    args |= {"one": named.one} if named.one else {}
    counted = _counted(named, model) if named.who and not named.one else ""
    return Asked(
        counted or usually, args, f"{found.label.capitalize()}: {_READINGS[named.about]}", usually, plainly=True
    )


def _is_churn(words: str, found: Happening) -> bool:
    """Whether the words mean stopping rather than the outcome: "cancel" is one where cancellations are recorded."""
    return not any(w in words.lower() for w in found.label.split()) and not found.label.startswith("cancel")


def _counted(wanted: Wish, model: SemanticModel) -> str:
    """ "customers in Seattle": "number of customers in Seattle"; of people, whatever they are called, the usual."""
    first, _, further = wanted.who.strip().partition(" ")
    who = usual(model)
    if not first or who is None:
        return ""
    things = {dataset_label(d).lower() for d in model.datasets}
    said = singular(first.lower())
    counted = plural(said if said in things else dataset_label(who).lower())
    if said in things | _names(who):
        return " ".join(filter(None, ["number of", counted, further]))
    return f"number of {counted} {wanted.who.strip()}"


def _are_people(who: str, model: SemanticModel) -> bool:
    """Whether the words name those whom one asks about where nobody says: customers, whatever they are called."""
    thing = usual(model)
    return thing is not None and bool(who) and singular(who.lower().split()[0]) in _names(thing)


def _names(thing: Dataset) -> set[str]:
    own = {dataset_label(thing).lower(), thing.name.lower(), *(s.lower() for s in thing.synonyms)}
    return {singular(n) for n in own} | {"customer", "person", "people", "one", "client"}


def _goal(named: str) -> Literal["stop", "spend"] | None:
    said = named.lower()
    if any(w in said for w in ("churn", "stop", "laps", "attrition", "risk")):
        return "stop"
    return "spend" if any(w in said for w in ("spend", "sales", "value")) else None


def _is_metric(words: str, model: SemanticModel) -> bool:
    said = words.lower()
    return any(said in (m.label.lower(), m.name, *(s.lower() for s in m.synonyms)) for m in model.offered)


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    def predict(request: Request, wanted: Arguments) -> Analysis:
        from tools.predicting import answer  # scikit-learn: seconds, which no start should wait for

        if wanted.goal == "pending":
            from tools.predicting.waiting import pending_scores

            return pending_scores(
                pending_problem(wanted.event, wanted.records, workspace), request, wanted.days, workspace, limits
            )
        if wanted.goal == "column" and wanted.field is not None:
            problem = Problem("column", None, field=wanted.field)
        elif wanted.goal == "event":
            problem = event_problem(wanted.event, request, wanted.days, workspace)
        else:
            problem = behaviour_of("spend" if wanted.goal == "spend" else "stop", request, wanted.days, workspace.model)
        if wanted.about == "quality":
            return answer.how_good(problem, workspace, limits)
        if wanted.about == "what_if":
            return answer.what_if(problem, wanted.what, wanted.change, workspace, limits)
        if wanted.about == "drivers":
            return answer.looks_at(problem, workspace, limits)
        return answer.scores(problem, request, workspace, limits, wanted.one)

    return analysis_tool("predict", _DESCRIPTION, Arguments, predict, workspace, limits)
