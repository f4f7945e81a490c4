"""The care of models that are registered: whether they are still good, training them again, going back, their past."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from knowledge.request import FieldColumn, Request
from knowledge.result import ResultColumn
from knowledge.words import plural
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.predicting import training
from tools.predicting.assess import Trained, trained
from tools.predicting.card import fingerprint
from tools.predicting.drift import ALARMS, Shift, lost, shifts
from tools.predicting.problem import Problem, behaviour_of, event_problem, pending_problem
from tools.predicting.registry import Kept, Registry, registry_of
from tools.predicting.scoring import score
from tools.predicting.snapshots import GROWS
from tools.predicting.table import Table
from tools.predicting.training import Material, kept_of, material, no_model

_SURE = 0.8
_DRAWS = 300
_LEAST = 50
_NAMED = 3


@dataclass(frozen=True)
class Registered:
    name: str
    kept: Kept
    problem: Problem
    registry: Registry


def registered(named: str, workspace: Workspace, limits: Limits) -> Registered:
    """The model that is meant: of that name, or the one that was used last. Raises CannotAnalyse."""
    registry = registry_of(workspace, limits)
    if registry is None:
        raise no_model()
    for name in registry.names():
        if not named or _means(named, name):
            kept = registry.current(name)
            if kept is not None:
                return Registered(name, kept, problem_of(kept.card, workspace), registry)
    raise no_model(named)


def problem_of(card: dict[str, Any], workspace: Workspace) -> Problem:
    if card["field"] is not None:
        return Problem("column", None, field=card["field"])
    if card["goal"] == "pending":
        return pending_problem(card["event"], card["records"], workspace)
    counted = Request(columns=[FieldColumn(field=card["key"])])
    if card.get("event"):
        return event_problem(card["event"], counted, card["asked_days"], workspace)
    return behaviour_of(card["goal"], counted, card["asked_days"], workspace.model)


def drifted(named: str, workspace: Workspace, limits: Limits) -> Analysis:
    """Whether its inputs or its score have changed: "yes" is the bad news."""
    found = health(named, workspace, limits)
    _, after, rest = found.text.partition("**, as to")
    changed = found.text.startswith(("**No", "**Take care"))
    return replace(found, text=f"**{'Yes' if changed else 'No'}{after}{rest}")


def health(named: str, workspace: Workspace, limits: Limits) -> Analysis:
    """Whether its inputs and its score are what they were: "yes" is the good news."""
    one = registered(named, workspace, limits)
    card, made = one.kept.card, material(one.problem, workspace, limits)
    now = _inputs_now(made)
    stay = [c for c in one.kept.model.columns if c.name not in GROWS]
    found = shifts(stay, one.kept.reference, now.reindex(columns=one.kept.reference.columns))
    changed = [s for s in found if s.changed]
    truths = _since(made.whole, card)
    told, failing = _score_now(one.kept, truths)
    moved = "; ".join(_moved(s, one.kept.reference, now) for s in changed[:_NAMED])
    inputs = (
        f"{len(changed)} of its {len(found)} inputs changed: {moved}" if changed
        else f"none of its {len(found)} inputs changed by more than chance and enough to matter"
    )  # fmt: skip
    given = [leak.label for leak in made.leaks if leak.name in card_inputs(one.kept)]
    if given:
        inputs += f"; and it uses {', '.join(given)}, which by now is seen to give the answer away"
    verdict = "**No**" if failing or given else "**Take care**" if changed else "**Yes**"
    advice = " Ask “retrain it” to train it again, and keep whichever is better." if failing or changed or given else ""
    columns = (
        ResultColumn("input", "Input", "category"), ResultColumn("psi", "Stability index", "number", measure=True),
        ResultColumn("chance", "By chance (p)", "number", measure=True, role="current"),
    )  # fmt: skip
    return Analysis(
        columns, [(s.column.label, round(s.psi, 3), round(s.chance, 4)) for s in found], made.sql,
        text=f"{verdict}, as to the model of {card['title']}: {told}; {inputs}.{advice}", caveats=made.caveats,
        method=f"Inputs of {len(now):,} {plural(card['thing'])} against those of {len(one.kept.reference):,} "
        "when it was trained: Kolmogorov-Smirnov and chi-square, "
        f"together at {100 * ALARMS:.0f}% (Holm), and a stability "
        "index of 0.1 or more: "
        f"at most {100 * ALARMS:.0f} false alarms in 100 looks.",
        follow_ups=("Retrain it", "How good is the model?"),
    )  # fmt: skip


def retrained(named: str, workspace: Workspace, limits: Limits) -> Analysis:
    """A challenger, trained on the data of today; it answers from now on only where it beats the champion on outcomes
    that neither has seen."""
    one = registered(named, workspace, limits)
    card, made = one.kept.card, material(one.problem, workspace, limits)
    if card["lineage"]["data"] == fingerprint(made.table):
        raise CannotAnalyse(
            f"There is nothing new to learn from: the data is the same as when version {one.kept.version} was trained."
        )
    found = trained(made.table, training.SECONDS)
    held = _since(_tested_rows(made, found), card)
    challenger = kept_of(made, found)
    measure = card["measure"]
    if held is None or len(held) < _LEAST or not set(card_inputs(one.kept)) <= set(held.features.columns):
        better, said = False, "no outcomes have come in that it had not been trained on, so they can't be compared"
        scores = (float("nan"), found.assessed.score)
        if held is not None and len(held) >= _LEAST:
            better, said = True, "the old one's inputs are no longer there"
    else:
        old, new = one.kept.model.of(held.features), found.tested.of(held.features)
        scores = (score(held.target, old), score(held.target, new))
        wins = _wins(held.target, old, new)
        better = scores[1] > scores[0] and wins >= _SURE
        said = (
            f"on {len(held):,} outcomes that came in since, {measure} is {scores[1]:.3f} instead of {scores[0]:.3f} "
            f"(better in {100 * wins:.0f}% of resampled draws; it takes {100 * _SURE:.0f}%)"
        )
    challenger.card["parent"] = one.kept.version
    challenger.card["why"] = said
    version = one.registry.add(one.name, challenger, promote=better)
    verdict = f"**Version {version} answers from now on**" if better else f"**Version {one.kept.version} stays**"
    columns = (ResultColumn("model", "Model", "category"), ResultColumn("score", measure, "number", measure=True))
    rows = [
        (f"version {one.kept.version}", None if np.isnan(scores[0]) else round(scores[0], 4)),
        (f"version {version}", round(scores[1], 4)),
    ]
    return Analysis(
        columns, rows, made.sql, text=f"{verdict}: {said}.", caveats=made.caveats,
        method=f"A challenger was trained on {len(made.table):,} rows in {found.seconds:.0f} s and tested against the "
        "champion.",
        follow_ups=("How good is the model?", "Roll back the model"),
    )  # fmt: skip


def rolled_back(named: str, workspace: Workspace, limits: Limits) -> Analysis:
    one = registered(named, workspace, limits)
    version = one.registry.roll_back(one.name)
    if version is None:
        raise CannotAnalyse(f"The model of {one.kept.card['title']} has no earlier version that answered.")
    found = history(named, workspace, limits)
    return Analysis(
        found.columns, found.rows, "", method="The registry keeps every version.",
        text=f"**Version {version}** of the model of {one.kept.card['title']} answers again, instead of "
        f"{one.kept.version}.",
    )  # fmt: skip


def history(named: str, workspace: Workspace, limits: Limits) -> Analysis:
    """Its versions: when, from what data, how good."""
    one = registered(named, workspace, limits)
    cards = one.registry.cards(one.name)
    columns = (
        ResultColumn("version", "Version", "category"), ResultColumn("trained", "Trained", "text"),
        ResultColumn("data", "Data to", "text"), ResultColumn("lineage", "Data's mark", "text"),
        ResultColumn("rows", "Rows", "integer", measure=True),
        ResultColumn("score", one.kept.card["measure"], "number", measure=True),
    )  # fmt: skip
    rows = [
        (f"version {c['version']}", str(c["trained_at"])[:16].replace("T", " "), c["end"], c["lineage"]["data"],
         c["rows"],
         round(c["score"], 4))
        for c in cards
    ]  # fmt: skip
    many = f"{len(cards)} version{'s' * (len(cards) != 1)}"
    text = f"The model of {one.kept.card['title']} has {many}; **version {one.kept.version}** answers."
    others = [n for n in one.registry.names() if n != one.name]
    if others:
        text += f" Other models: {', '.join(n.replace('-', ' ') for n in others)}."
    return Analysis(columns, rows, "", text=text, method="The registry keeps every version with its card.")


def card_inputs(kept: Kept) -> list[str]:
    return [c.name for c in kept.model.columns]


def _means(named: str, name: str) -> bool:
    said = named.lower()
    if any(w in said for w in ("churn", "stop", "laps", "attrition", "risk")):
        return "-stop" in name
    return ("-spend" in name) if any(w in said for w in ("spend", "sales", "value")) else said.replace(" ", "-") in name


def _inputs_now(made: Material) -> pd.DataFrame:
    """What would be scored today; of records, the newest third."""
    if made.snapshots is not None:
        return made.snapshots.known(made.snapshots.end).rows
    moments = made.table.moments
    return made.table.features if moments is None else made.table.rows(moments >= np.quantile(moments, 0.66)).features


def _since(table: Table, card: dict[str, Any]) -> Table | None:
    """The rows whose outcome the model can't have been trained on: of moments after the last that it learnt from."""
    last = card["moments"][-1] if card.get("moments") else card["end"]
    if table.moments is None or not last:
        return None
    after = (datetime.fromisoformat(last) - datetime(1970, 1, 1)) / timedelta(days=1)
    rows = table.moments > after
    return table.rows(rows) if rows.any() else None


def _tested_rows(made: Material, found: Trained) -> Table:
    """The rows that the challenger was tested on, with all that an older model may look at."""
    first = found.held.moments.min() if found.held.moments is not None else np.inf
    moments = made.whole.moments
    return found.held if moments is None else made.whole.rows(moments >= first)


def _score_now(kept: Kept, truths: Table | None) -> tuple[str, bool]:
    card = kept.card
    usable = truths is not None and len(truths) >= _LEAST and set(card_inputs(kept)) <= set(truths.features.columns)
    if not usable:
        return "too few outcomes have come in since it was trained to test it on", False
    assert truths is not None
    now, failing = lost(card["score"], tuple(card["interval"]), truths.target, kept.model.of(truths.features))
    if not np.isfinite(now):
        return "of the outcomes since it was trained all are alike", False
    how = "lower than chance would make it" if failing else "within what chance makes"
    return (
        f"on {len(truths):,} outcomes since, {card['measure']} is {now:.3f} after {card['score']:.3f} when tested, "
        f"{how}",
        failing,
    )


def _moved(shift: Shift, before: pd.DataFrame, now: pd.DataFrame) -> str:
    name = shift.column.name
    if shift.unseen:
        return f"{shift.column.label} has new values ({', '.join(shift.unseen[:_NAMED])})"
    if shift.column.kind == "number":
        return f"{shift.column.label} (median {before[name].median():,.1f}, now {now[name].median():,.1f})"
    return f"{shift.column.label} (its kinds are spread otherwise)"


def _wins(target: np.ndarray, old: np.ndarray, new: np.ndarray) -> float:
    """In which part of bootstrap draws the new one is better."""
    rng, wins = np.random.default_rng(5), []
    for _ in range(_DRAWS):
        drawn = rng.integers(0, len(target), len(target))
        wins.append(score(target[drawn], new[drawn]) > score(target[drawn], old[drawn]))
    return float(np.mean(wins))
