"""What a model says: of each thing, what it looks at, how good it is, and what it would say if something changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from knowledge.formats import format_short
from knowledge.request import FieldColumn, Request
from knowledge.result import ResultColumn
from knowledge.words import lemma, plural
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.predicting.problem import Problem
from tools.predicting.registry import Kept
from tools.predicting.say import caveats, drivers, method, quality
from tools.predicting.snapshots import Known, Snapshots
from tools.predicting.training import model_for
from tools.segmenting.things import Things, conditions

_ROWS = 500
_NAMED = 3
_CAUSE = "What goes with an outcome need not be its cause: to know what a change does, try it on some and compare."


def scores(problem: Problem, request: Request, workspace: Workspace, limits: Limits, one: str = "") -> Analysis:
    """Of each thing that matches the request, what it will do from the end of the data on; the most striking first. Of
    `one` (its key or name): that one, beside the others."""
    if problem.things is None:
        return looks_at(problem, workspace, limits)
    kept, fresh = model_for(problem, workspace, limits)
    things, (known, shots) = problem.things, _now(problem, kept, workspace, limits)
    rows = known.rows
    if conditions(request):
        rows = rows[rows.index.isin(_matching(things, request, workspace, limits))]
    if not len(rows):
        raise CannotAnalyse(
            f"No {things.label} that matches was active in the last {shots.days} days: there is no one to score."
        )
    said = kept.model.of(rows)
    figures = said[:, 1] if said.ndim == 2 else said
    order = np.argsort(-figures, kind="stable")
    names = _names(shots)
    last = rows["since last"].tolist()
    value = _value_column(problem, shots)
    columns = (
        ResultColumn("thing", things.label.capitalize(), "category"),
        value,
        ResultColumn("since", rows_label(kept, "since last"), "number", measure=True, role="current"),
    )
    scale = 100 if kept.model.classes else 1
    if one:
        return _of_one(one, problem, kept, rows, figures, shots, known.sql, limits, fresh=fresh)
    made = [(names.get(rows.index[n], str(rows.index[n])), round(scale * float(figures[n]), 2), round(last[n], 1))
            for n in order[:_ROWS]]  # fmt: skip
    text = _told(problem, made, figures, value, shots.days, limits.locale)
    notes = [*shots.seen.caveats, *caveats(kept.card), *_cut(len(rows), things)]
    return Analysis(
        columns, made, known.sql, shots.seen.elapsed_ms, caveats=tuple(notes), text=f"{text} {quality(kept.card)}",
        method=_trained(kept, fresh) + method(kept.card), aggregated=False,
        follow_ups=("What does it look at?", "How good is the model?", "Is the model still good?"),
    )  # fmt: skip


def looks_at(problem: Problem, workspace: Workspace, limits: Limits) -> Analysis:
    kept, fresh = model_for(problem, workspace, limits)
    card = kept.card
    columns = (
        ResultColumn("theme", "What it looks at", "category"),
        ResultColumn("lost", f"{card['measure']} lost without it", "number", measure=True),
    )
    rows = [(d["theme"], round(d["lost"], 4)) for d in card["drivers"]]
    return Analysis(
        columns, rows or [("(nothing)", None)], "", caveats=(*caveats(card), _CAUSE),
        text=f"What {_subject(card)} goes with: {drivers(card)} {quality(card)}",
        method=_trained(kept, fresh) + "Permutation importance on the rows held out. " + method(card),
        follow_ups=("How good is the model?",),
    )  # fmt: skip


def how_good(problem: Problem, workspace: Workspace, limits: Limits) -> Analysis:
    kept, fresh = model_for(problem, workspace, limits)
    card = kept.card
    facts: list[tuple[str, float]] = [(f"{card['measure']} on rows held out", card["score"])]
    facts += [("Low end (95%)", card["interval"][0]), ("High end (95%)", card["interval"][1])]
    if card["accuracy"] is not None:
        facts += [
            ("Right, part of all", card["accuracy"]),
            ("The commonest, part of all", card["accuracy_of_commonest"]),
        ]
        facts += [
            ("Calibration error", card["calibration_error"]),
            ("… by sampling alone", card["calibration_error_by_chance"]),
        ]
    else:
        facts += [("Mean error", card["mean_error"]), ("Mean error of the mean", card["mean_error_of_mean"])]
    facts += [(f"{k.capitalize()}, in cross-validation", v) for k, v in card["compared"].items()]
    columns = (ResultColumn("figure", "Figure", "category"), ResultColumn("value", "Value", "number", measure=True))
    return Analysis(
        columns, [(n, round(float(v), 4)) for n, v in facts], "", caveats=tuple(caveats(card)),
        text=f"The model of {card['title']} is {quality(card)[:1].lower()}{quality(card)[1:]}",
        method=_trained(kept, fresh) + method(card) + f" Version {kept.version or 1}, data {card['lineage']['data']}.",
        follow_ups=("What does it look at?", "Is the model still good?"),
    )  # fmt: skip


def what_if(problem: Problem, what: str, change: float, workspace: Workspace, limits: Limits) -> Analysis:
    """The predictions again, with figures of the inputs so many percent higher."""
    if problem.things is None:
        raise CannotAnalyse("I can only suppose changes for things that I score: customers and what they will do.")
    kept, fresh = model_for(problem, workspace, limits)
    known, shots = _now(problem, kept, workspace, limits)
    said = {lemma(w.lower()) for w in what.split() if w.isalpha()} - {"average", "the", "our"}
    moved = [
        c for c in kept.model.columns
        if c.kind == "number" and c.name not in ("late", "trend") and said and said <= set(map(lemma, c.label.split()))
    ]  # fmt: skip
    if not moved:
        seen = ", ".join(dict.fromkeys(c.about for c in kept.model.columns if c.kind == "number"))
        raise CannotAnalyse(f"The model does not look at {what}, so it can't say. It looks at: {seen}.")
    rows = known.rows
    changed = rows.assign(**{c.name: rows[c.name] * (1 + change / 100) for c in moved})
    before, after = (v[:, 1] if v.ndim == 2 else v for v in (kept.model.of(rows), kept.model.of(changed)))
    value = _value_column(problem, shots)
    scale = 100 if kept.model.classes else 1
    columns = (
        ResultColumn("case", "Case", "category"), replace(value, label=f"{value.label}, mean"),
        ResultColumn("all", "Expected in all", "number", measure=True, role="current"),
    )  # fmt: skip
    cases = [
        (n, round(scale * float(v.mean()), 3), round(float(v.sum()), 1))
        for n, v in (("as it is", before), ("supposed", after))
    ]
    way = "higher" if change > 0 else "lower"
    now, then = (format_short(c[1], value, limits.locale) for c in cases)
    text = (
        f"With {what} {abs(change):g}% {way}, the model expects **{then}** on average instead of {now}, over "
        f"{len(rows):,} {problem.things.plural}."
    )
    return Analysis(
        columns, cases, known.sql, caveats=(_CAUSE, *caveats(kept.card)), text=text,
        method=f"{_trained(kept, fresh)}The inputs {', '.join(c.label for c in moved)} were changed alike for all. "
        + method(kept.card),
    )  # fmt: skip


def rows_label(kept: Kept, column: str) -> str:
    found = next((c.label for c in kept.model.columns if c.name == column), "days since last seen")
    return found[:1].upper() + found[1:]


def _now(problem: Problem, kept: Kept, workspace: Workspace, limits: Limits) -> tuple[Known, Snapshots]:
    shots = Snapshots(replace(problem, days=int(kept.card["days"])), workspace, limits)
    return shots.known(shots.end), shots


def _matching(things: Things, request: Request, workspace: Workspace, limits: Limits) -> set[Any]:
    asked = Request(
        columns=[FieldColumn(field=things.key)], where=conditions(request), dataset=things.key.partition(".")[0]
    )
    return {r[0] for r in workspace.run(asked, max_rows=100_000, timeout_s=limits.timeout_s).rows}


def _names(shots: Snapshots) -> dict[Any, str]:
    return dict(zip(shots.seen.keys, shots.seen.names, strict=True))


def _value_column(problem: Problem, shots: Snapshots) -> ResultColumn:
    if problem.event is not None:
        return ResultColumn(
            "chance", f"Chance of a {problem.event.label} in {shots.days} days", "percent", measure=True
        )
    if problem.goal == "stop":
        return ResultColumn("chance", f"Chance to stop for {shots.days} days", "percent", measure=True)
    worth = shots.seen.column
    label = worth.label if worth else "Spend"
    kind = worth.kind if worth else "number"
    unit = worth.unit if worth else None
    return ResultColumn("expected", f"{label} expected in {shots.days} days", kind, measure=True, unit=unit)


def _told(
    problem: Problem, rows: list[tuple[Any, ...]], figures: np.ndarray, value: ResultColumn, days: int, locale: str
) -> str:
    assert problem.things is not None
    first = ", ".join(f"{r[0]} ({format_short(r[1], value, locale)})" for r in rows[:_NAMED])
    if problem.event is not None:
        return (
            f"Of {len(figures):,} {problem.things.plural} seen in the last {days} days, about **{figures.sum():,.0f}** "
            f"are expected to have a {problem.event.label} in the next {days} days. Most likely: {first}."
        )
    if problem.goal == "stop":
        assert problem.things.events is not None
        many = plural(problem.things.events.label)
        return (
            f"Of {len(figures):,} active {problem.things.plural}, about **{figures.sum():,.0f}** are expected to stop: "
            f"no {many} in the next {days} days. Most at risk: {first}."
        )
    total = format_short(float(figures.sum()), value, locale)
    return f"**{total}** is expected of {len(figures):,} active {problem.things.plural} in {days} days. Most: {first}."


def _of_one(
    one: str, problem: Problem, kept: Kept, rows: pd.DataFrame, figures: np.ndarray, shots: Snapshots, sql: str,
    limits: Limits, *, fresh: bool,
) -> Analysis:  # fmt: skip
    """What one thing will do, where that places it, and what of it makes the difference."""
    assert problem.things is not None
    names, label = _names(shots), problem.things.label
    at = [n for n, key in enumerate(rows.index) if _is(one, key, names)]
    if not at:
        known = any(_is(one, key, names) for key in names)
        raise CannotAnalyse(
            f"{label.capitalize()} {one} had nothing in the last {shots.days} days: only those who were active then "
            "are scored." if known else f"There is no {label} “{one}” here."
        )  # fmt: skip
    if len(at) > 1:
        raise CannotAnalyse(f"There are {len(at)} {problem.things.plural} called “{one}”: give the number of the one.")
    said = _because(kept, rows, at[0])
    value, scale = _value_column(problem, shots), 100 if kept.model.classes else 1
    rank = 1 + int((figures > figures[at[0]]).sum())
    own, usual = (round(scale * float(v), 2) for v in (figures[at[0]], np.median(figures)))
    made = [(str(names.get(rows.index[at[0]], one)), own), (f"the median {label}", usual)]
    columns = (ResultColumn("thing", label.capitalize(), "category"), value)
    figure, middle = (format_short(v, value, limits.locale) for v in (own, usual))
    text = (
        f"**{figure}** is the {value.label[:1].lower()}{value.label[1:]} of {label} {made[0][0]}; the median of "
        f"{len(figures):,} is {middle}, and {rank - 1:,} have more.{said}"
    )
    return Analysis(
        columns, made, sql, caveats=(*shots.seen.caveats, *caveats(kept.card)), text=f"{text} {quality(kept.card)}",
        method=_trained(kept, fresh)
        + "What makes the difference: each group of inputs set to the median of all, in turn. "
        + method(kept.card),
        aggregated=False, follow_ups=("What does it look at?", "How good is the model?"),
    )  # fmt: skip


def _is(one: str, key: Any, names: dict[Any, str]) -> bool:
    said = one.strip().lower()
    return said in (str(key).lower(), str(names.get(key, "")).lower())


def _because(kept: Kept, rows: pd.DataFrame, at: int) -> str:
    """Which inputs move it away from the others: what the model would say if they were as usual."""
    own = rows.iloc[[at]]
    themes: dict[str, list[str]] = {}
    for c in kept.model.columns:
        themes.setdefault(c.about, []).append(c.name)
    usual = {
        c.name: rows[c.name].median() if c.kind == "number" else rows[c.name].mode().iloc[0]
        for c in kept.model.columns if rows[c.name].notna().any()
    }  # fmt: skip
    cases = pd.concat([own, *(own.assign(**{n: usual[n] for n in names if n in usual}) for names in themes.values())])
    said = kept.model.of(cases.astype({c.name: float for c in kept.model.columns if c.kind == "number"}))
    figures = said[:, 1] if said.ndim == 2 else said
    moved = sorted(zip(figures[0] - figures[1:], themes, strict=True), key=lambda m: -abs(m[0]))[:_NAMED]
    least = 0.01 if said.ndim == 2 else 0.01 * abs(float(figures[0]))
    told = [f"{theme} ({'more' if move > 0 else 'less'})" for move, theme in moved if abs(move) >= least]
    return f" What makes the difference to the others: {', '.join(told)}." if told else ""


def _cut(count: int, things: Things) -> list[str]:
    return [f"The first {_ROWS} of {count:,} {things.plural} are listed."] if count > _ROWS else []


def _trained(kept: Kept, fresh: bool) -> str:
    return "" if fresh else f"Trained {str(kept.card['trained_at'])[:10]}, on data to {kept.card['end']}. "


def _subject(card: dict[str, Any]) -> str:
    return f"the {card['title']}" if card.get("days") else f"{card['target']} of {plural(card['thing'])}"
