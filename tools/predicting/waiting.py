"""What is said of records that are pending: of each its chance, the likeliest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from knowledge.formats import format_short
from knowledge.request import FieldColumn, Request
from knowledge.result import ResultColumn
from knowledge.words import plural
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.predicting.events import mark_of
from tools.predicting.pending import Pending, pending
from tools.predicting.problem import Problem
from tools.predicting.records import MOST_ROWS
from tools.predicting.registry import Kept
from tools.predicting.say import caveats, method, quality
from tools.predicting.training import model_for
from tools.segmenting.things import conditions

_ROWS, _NAMED = 500, 3


def pending_scores(
    problem: Problem, request: Request, days: int | None, workspace: Workspace, limits: Limits
) -> Analysis:
    """Of those that match the request. Raises CannotAnalyse, and whatever a query raises."""
    assert problem.event is not None
    event = problem.event.label
    found = pending(problem.event, workspace, limits)
    kept, fresh = model_for(problem, workspace, limits)
    said = kept.model.of(_inputs(found, kept))[:, 1]
    chosen, span = _soon(found, days)
    if conditions(request):
        matching = _matching(problem.event.dataset, request, workspace, limits)
        pending_then = len(chosen)
        chosen = chosen[[found.keys[n] in matching for n in chosen]]
        if pending_then and not len(chosen):
            raise CannotAnalyse(f"{pending_then:,} {plural(found.thing)} are pending; none of them matches.")
    if not len(chosen):
        raise CannotAnalyse(
            f"{len(found.names):,} {plural(found.thing)} are pending, none of them in the {span}: ask "
            "without the period."
        )
    order = chosen[np.argsort(-said[chosen], kind="stable")]
    value = ResultColumn("chance", f"Chance of a {event}", "percent", measure=True)
    columns = (
        ResultColumn("thing", found.thing.capitalize(), "category"), ResultColumn("date", "Date", "text"), value,
    )  # fmt: skip
    rows = [(found.names[n][0], found.names[n][1], round(100 * float(said[n]), 2)) for n in order]
    first = ", ".join(f"{r[0]} ({format_short(r[2], value, limits.locale)})" for r in rows[:_NAMED])
    things = plural(found.thing)
    text = (
        f"Of {len(order):,} {things} that are pending{f' in the {span}' if span else ''}, about "
        f"**{said[chosen].sum():,.1f}** are expected to end as “{event}”. Likeliest: {first}. Learnt from "
        f"{kept.card['rows']:,} settled {things}, of which {100 * kept.card['share']:.1f}% did."
    )
    notes = [*found.caveats, *caveats(kept.card)]
    mark = mark_of(problem.event)
    if mark is not None and isinstance(mark.field_value, str):
        notes.append("A chance is as at the start of each: what is still open close to its date ends late more often.")
    if found.overdue:
        notes.append(f"{found.overdue:,} {things} are overdue already and count as late: they are not listed.")
    if len(order) > _ROWS:
        notes.append(f"The first {_ROWS} of {len(order):,} are listed.")
    since = "" if fresh else f"Trained {str(kept.card['trained_at'])[:10]}, on data to {kept.card['end']}. "
    tested = "Tested on the latest settled ones, from earlier ones. " if kept.card.get("by_time") else ""
    return Analysis(
        columns, rows[:_ROWS], found.sql, caveats=tuple(notes), text=f"{text} {quality(kept.card)}",
        method=since + tested + method(kept.card), aggregated=False,
        follow_ups=("What does it look at?", "How good is the model?", "Is the model still good?"),
    )  # fmt: skip


def _matching(dataset: str, request: Request, workspace: Workspace, limits: Limits) -> set[Any]:
    """The keys of the records, pending or not, that the conditions hold for."""
    key = f"{dataset}.{workspace.model.dataset(dataset).primary_key[0]}"
    asked = Request(columns=[FieldColumn(field=key)], where=conditions(request), dataset=dataset)
    return {r[0] for r in workspace.run(asked, max_rows=MOST_ROWS, timeout_s=limits.timeout_s).rows}


def _inputs(found: Pending, kept: Kept) -> pd.DataFrame:
    """What the model looks at, of the pending ones; what is no longer kept is missing."""
    rows = found.waiting
    gone = {c.name: np.nan if c.kind == "number" else None for c in kept.model.columns if c.name not in rows}
    return rows.assign(**gone) if gone else rows


def _soon(found: Pending, days: int | None) -> tuple[np.ndarray, str]:
    """The places of those that are asked about, and the period in words."""
    every = np.arange(len(found.names))
    if days is None:
        return every, ""
    start = np.datetime64(found.now.replace(hour=0, minute=0, second=0), "s")
    end = start + np.timedelta64(timedelta(days=days + 1))
    within = (found.due >= start) & (found.due < end)
    return every[within], f"next {days} days"
