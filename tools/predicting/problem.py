"""What is to be predicted, of what, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from knowledge.compile.columns import dataset_label, field_label
from knowledge.model import SemanticModel
from knowledge.request import Request
from knowledge.words import lemma, split
from knowledge.workspace import Workspace
from tools.analysis import CannotAnalyse
from tools.predicting.events import Happening, happening, happening_in, mark_of, whose
from tools.segmenting.things import Things, things_of

Goal = Literal["stop", "spend", "event", "pending", "column"]
_KINDS = ("flag", "category", "place", "measure", "number")


@dataclass(frozen=True)
class Problem:
    goal: Goal
    things: Things | None
    """Whose behaviour is predicted."""
    days: int | None = None
    """How far ahead; None: as the data suggests."""
    field: str | None = None
    """The qualified field that is predicted, where that is no behaviour."""
    event: Happening | None = None
    """The outcome that is predicted, for the goals "event" (of each thing) and "pending" (of each open record)."""

    def name(self) -> str:
        """By which the registry knows its model: "household-stop", "orders-returned"."""
        if self.field is not None:
            return self.field.replace(".", "-")
        if self.goal == "pending" and self.event is not None:
            return f"{self.event.dataset}-{self.event.label}-pending".replace(" ", "-")
        assert self.things is not None
        ahead = f"-{self.days}d" if self.days else ""
        goal = self.event.label.replace(" ", "-") if self.event is not None else self.goal
        return f"{self.things.label.replace(' ', '-')}-{goal}{ahead}"


def behaviour_of(goal: Goal, request: Request, days: int | None, model: SemanticModel) -> Problem:
    """Raises CannotAnalyse where nothing happens to what the request counts."""
    things = things_of(request, model)
    if things.events is None or things.dataset is None:
        raise CannotAnalyse(f"Nothing here says when something happened to a {things.label}: I can't tell who stops.")
    if goal == "spend" and things.worth is None:
        raise CannotAnalyse(f"There is no figure here that says what a {things.label} spends.")
    return Problem(goal, things, days)


def event_problem(words: str, request: Request, days: int | None, workspace: Workspace) -> Problem:
    """Raises CannotAnalyse where the data records no such outcome of what the request counts."""
    things = things_of(request, workspace.model)
    found = happening(words, workspace, things.dataset)
    if found is None:
        raise CannotAnalyse(
            f"Nothing here records “{words}” of a {things.label}: it takes dated records with a mark of it (a yes or "
            "no, a status), or records of their own."
        )
    return Problem("event", whose(found, things, workspace.model), days, event=found)


def pending_problem(words: str, records: str, workspace: Workspace) -> Problem:
    """Of the dataset's own records that are not settled. Raises CannotAnalyse where they have no such mark."""
    dataset = workspace.model.dataset(records)
    found = happening_in(words, workspace, [dataset])
    if found is None or mark_of(found) is None:
        raise CannotAnalyse(
            f"Nothing marks on a {dataset_label(dataset).lower()} whether it was “{words}”: it takes a yes or no, a "
            "status, or a date when it was done beside the one when it was due."
        )
    return Problem("pending", None, event=found)


def field_named(words: str, model: SemanticModel) -> str | None:
    """The field that somebody means by "returns": the one, of what can be predicted, whose names share most of the
    words; None where none does, or several do as much."""
    said = {lemma(w.lower()) for w in words.split() if w.isalpha()}
    if not said:
        return None
    scored: dict[str, float] = {}
    for dataset in model.datasets:
        for field in dataset.fields:
            if field.role not in _KINDS or field.hidden:
                continue
            for name in (*field.synonyms, field_label(dataset, field), " ".join(split(field.name))):
                own = {lemma(w) for w in name.lower().split()}
                whole = own | {lemma(w) for w in dataset_label(dataset).lower().split()}
                if said <= whole and said & own:
                    key = f"{dataset.name}.{field.name}"
                    scored[key] = max(scored.get(key, 0.0), len(said & own) / len(own))
    if not scored:
        return None
    best = max(scored.values())
    top = [k for k, v in scored.items() if v == best]
    return top[0] if len(top) == 1 else None
