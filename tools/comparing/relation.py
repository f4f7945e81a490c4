"""How strongly two figures go together: over groups, from week to week, or record by record."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
from scipy import stats

from knowledge.request import FieldColumn, Grain, Request
from knowledge.result import Result, ResultColumn
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.comparing.answer import chance_told, lowered
from tools.history import Span, after, plain, span
from tools.times import time_fields

_SURE = 0.05
_LEAST = 5
_MOST_RECORDS = 200_000
_SHOWN = 1_000
"""Of the records correlated, so many are shown."""
_YEAR = {"day": 364, "week": 52, "month": 12, "quarter": 4}
"""Periods of a year."""


def relation(request: Request, workspace: Workspace, limits: Limits) -> Analysis:
    """How strongly two figures go together, over the groups of the request, or from week to week.

    Raises CannotAnalyse, and whatever a query raises."""
    measures = request.measures[:2]
    if not measures and len(request.fields) == 2:
        return of_records(request, workspace, limits)
    if len(measures) < 2:
        raise CannotAnalyse("Name two figures: “is there a correlation between price and units?”")
    fields = [c for c in request.fields if not c.part]
    timed = any(c.grain for c in fields)
    if not fields:
        times = time_fields(request, workspace)
        if not times:
            raise CannotAnalyse("Say over what: “correlation of price and units by product”.")
        fields, timed = [FieldColumn(field=times[0], grain="week")], True
    bare: dict[str, Any] = {"columns": [*fields, *measures], "order": [], "limit": None, "compare_to": None}
    found = workspace.run(request.model_copy(update=bare), max_rows=limits.max_rows, timeout_s=limits.timeout_s)
    rows = [r for r in found.rows if r[-1] is not None and r[-2] is not None]
    if timed and len(fields) == 1:
        known = span(plain(request.model_copy(update={"columns": measures})), workspace, limits)
        rows = [r for r in rows if _whole(r[0], fields[0].grain, known)]
    x, y = (np.array([float(r[n]) for r in rows]) for n in (-2, -1))
    one, other = found.columns[-2], found.columns[-1]
    text, pearson, chance = _told(x, y, one, other)
    caveats = [*found.caveats, "That two figures go together does not say that one makes the other."]
    if timed and len(fields) == 1:
        caveats.append(_changes(x, y, fields[0].grain, sure=chance < _SURE))
    elif timed:
        caveats.append("Figures over time often go together only because both grow, or follow the same season.")
    return Analysis(
        found.columns, rows, found.sql, found.elapsed_ms, caveats=tuple(caveats), text=text,
        method=f"Spearman's rank correlation over {len(rows)} pairs; Pearson's is {pearson:.2f}.",
    )  # fmt: skip


def of_records(request: Request, workspace: Workspace, limits: Limits) -> Analysis:
    """How strongly two fields of one kind of record go together, over the records that have both.

    Raises CannotAnalyse, and whatever a query raises."""
    bare: dict[str, Any] = {"order": [], "limit": None, "distinct": False, "compare_to": None}
    found = workspace.run(request.model_copy(update=bare), max_rows=_MOST_RECORDS, timeout_s=limits.timeout_s)
    numbered = [n for n, c in enumerate(found.columns) if c.kind not in ("date", "text")][-2:]
    if len(numbered) < 2:
        raise CannotAnalyse("Name two figures: “is there a correlation between price and units?”")
    rows = [r for r in found.rows if all(r[n] is not None for n in numbered)]
    x, y = (np.array([float(r[n]) for r in rows]) for n in numbered)
    one, other = (found.columns[n] for n in numbered)
    text, pearson, _ = _told(x, y, one, other, found)
    caveats = [*found.caveats, "That two figures go together does not say that one makes the other."]
    if len(found.rows) > len(rows):
        caveats.append(f"{len(found.rows) - len(rows):,} records lack one of the two, and are left out.")
    return Analysis(
        found.columns, rows[:_SHOWN], found.sql, found.elapsed_ms, caveats=tuple(caveats), text=text,
        method=f"Spearman's rank correlation over {len(rows):,} records; Pearson's is {pearson:.2f}.", aggregated=False,
    )  # fmt: skip


def _told(
    x: np.ndarray, y: np.ndarray, one: ResultColumn, other: ResultColumn, records: Result | None = None
) -> tuple[str, float, float]:
    """Whether the two go together, in words; Pearson's correlation, and the chance that it is chance."""
    if records is not None:
        for n, column in enumerate(records.columns):
            if records.rows and all(row[n] is None for row in records.rows):
                raise CannotAnalyse(f"{column.label} is empty in every record: there is nothing to look at.")
    if len(x) < _LEAST:
        raise CannotAnalyse(f"There are only {len(x)} pairs of figures; it takes five at least to see a relation.")
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        constant = one if np.ptp(x) == 0 else other
        raise CannotAnalyse(f"{constant.label} is the same everywhere: there is nothing that it could go with.")
    ranks, line = stats.spearmanr(x, y), stats.pearsonr(x, y)
    r, chance = float(ranks.statistic), float(ranks.pvalue)
    names = f"{lowered(one.label)} and {lowered(other.label)}"
    if chance >= _SURE:
        text = f"No: no relation between {names} shows ({chance_told(chance)}, correlation **{r:.2f}**)."
    else:
        strength = "weakly" if abs(r) < 0.3 else "clearly" if abs(r) < 0.7 else "strongly"
        way = "rise together" if r > 0 else "go opposite ways"
        text = f"Yes: {names} {strength} {way}: correlation **{r:.2f}** ({chance_told(chance)})."
    return text, float(line.statistic), chance


def _changes(x: np.ndarray, y: np.ndarray, grain: Grain | None, *, sure: bool) -> str:
    """Whether what goes together over time still does without the trend, and where there are two years, the season."""
    lag = next((n for n in [_YEAR.get(grain or "", 0)] if n and len(x) >= 2 * n), 1)
    dx, dy = x[lag:] - x[:-lag], y[lag:] - y[:-lag]
    since = f"from {grain} to {grain}" if lag == 1 else "against the same time a year before"
    if len(dx) < 5 or dx.std() == 0 or dy.std() == 0:
        return "Figures over time often go together only because both grow, or follow the same season."
    changed = stats.spearmanr(dx, dy)
    r, chance = float(changed.statistic), float(changed.pvalue)
    figures = f"correlation {r:.2f}, {chance_told(chance)}"
    if not sure and chance < _SURE:
        return f"Their changes {since} do go together, though ({figures}): a trend or a season hides it."
    if not sure:
        return f"Nor do their changes {since} go together ({figures})."
    if chance < _SURE and r * stats.spearmanr(x, y).statistic > 0:
        return f"It is not only a shared trend: their changes {since} go together, too ({figures})."
    return (
        f"Most likely only a shared trend or season: their changes {since} do not go together ({figures}). Figures "
        "that both grow go together whatever they are."
    )


def _whole(start: date, grain: Grain | None, known: Span) -> bool:
    """The period that begins then lies within what is known."""
    moment = datetime(start.year, start.month, start.day)
    first = known.first.replace(hour=0, minute=0, second=0, microsecond=0)
    return grain is None or (moment >= first and after(moment, grain) <= known.end)
