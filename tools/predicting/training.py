"""A model for a problem: the one in the registry, or one that is trained now and registered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.predicting.assess import Trained, trained
from tools.predicting.card import card_of
from tools.predicting.importance import drivers
from tools.predicting.leaks import Leak
from tools.predicting.pending import pending
from tools.predicting.problem import Problem
from tools.predicting.records import records
from tools.predicting.registry import Kept, registry_of
from tools.predicting.search import sample
from tools.predicting.snapshots import Snapshots
from tools.predicting.table import Table

SECONDS = 12.0
"""For tuning, while somebody waits."""
_REFERENCE = 4000


@dataclass(frozen=True)
class Material:
    """What a model of a problem is trained on."""

    table: Table
    whole: Table
    """With what was left out: an older model may use it."""
    leaks: tuple[Leak, ...]
    title: str
    facts: dict[str, Any]
    sql: str
    snapshots: Snapshots | None = None
    caveats: tuple[str, ...] = ()


def material(problem: Problem, workspace: Workspace, limits: Limits) -> Material:
    """Raises CannotAnalyse, and whatever a query raises."""
    event = problem.event.label if problem.event is not None else None
    facts: dict[str, Any] = {"goal": problem.goal, "field": problem.field, "event": event}
    if problem.field is not None:
        found = records(problem.field, workspace, limits)
        facts |= {"thing": found.thing, "target": found.target, "end": _day(found.end)}
        title = f"{found.target} of each {found.thing}"
        return Material(found.table, found.whole, found.leaks, title, facts, found.sql, caveats=found.caveats)
    if problem.goal == "pending" and problem.event is not None:
        waiting = pending(problem.event, workspace, limits)
        facts |= {"thing": waiting.thing, "records": problem.event.dataset, "end": _day(waiting.now)}
        facts |= {"by_time": waiting.table.moments is not None}
        title = f"{event} of each pending {waiting.thing}"
        return Material(waiting.table, waiting.whole, waiting.leaks, title, facts, waiting.sql, caveats=waiting.caveats)
    shots = Snapshots(problem, workspace, limits)
    table = shots.table()
    assert problem.things is not None
    label = problem.things.label
    facts |= {
        "thing": label, "key": problem.things.key, "days": shots.days, "asked_days": problem.days,
        "end": _day(shots.end), "moments": [_day(m) for m in shots.cutoffs()],
    }  # fmt: skip
    what = problem.event.label if problem.event else "stopping" if problem.goal == "stop" else "spend"
    title = f"{what} of each {label} in the next {shots.days} days"
    assert shots.whole is not None
    return Material(table, shots.whole, tuple(shots.leaks), title, facts, shots.seen.sql, shots, shots.seen.caveats)


def model_for(problem: Problem, workspace: Workspace, limits: Limits) -> tuple[Kept, bool]:
    """The model that answers, and whether it was trained just now. Raises CannotAnalyse."""
    registry = registry_of(workspace, limits)
    known = registry.current(problem.name()) if registry else None
    if known is not None:
        return known, False
    kept = train(material(problem, workspace, limits), SECONDS)
    if registry is not None:
        version = registry.add(problem.name(), kept)
        return Kept(kept.model, kept.reference, kept.said, {**kept.card, "version": version}, version), True
    return kept, True


def train(made: Material, seconds: float) -> Kept:
    """A new model, not registered yet."""
    return kept_of(made, trained(made.table, seconds))


def kept_of(made: Material, found: Trained) -> Kept:
    looked_at = drivers(found.tested, found.held)
    recent = made.table
    if recent.moments is not None:  # what its inputs were lately, which the next ones are compared with
        last = pd.Series(recent.moments).quantile(0.66)
        recent = recent.rows(recent.moments >= last)
    reference = sample(recent, _REFERENCE)
    card = card_of(made.title, made.table, found, looked_at, made.leaks, made.facts)
    return Kept(found.model, reference.features, found.model.of(reference.features), card)


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def no_model(named: str = "") -> CannotAnalyse:
    about = f" called “{named}”" if named else ""
    return CannotAnalyse(f"There is no model{about} yet. Ask for one: “who is about to stop buying?”")
