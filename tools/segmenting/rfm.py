"""Recency, frequency and monetary value: each thing's scores from 1 to 5, and what they make of it (Hughes 1994)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from knowledge.formats import format_short, format_value
from knowledge.request import Request
from knowledge.result import ResultColumn
from knowledge.words import plural
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.segmenting.behaviour import Behaviour, behaviour
from tools.segmenting.things import Things, things_of

_FEWEST = 10
_ROWS = 200
_PERCENT = ResultColumn("percent", "percent", "percent")
# By recency (down, 1 to 5) and the mean of frequency and value (across, 1 to 5).
_NAMES = (
    ("hibernating", "hibernating", "at risk", "at risk", "can't lose"),
    ("hibernating", "hibernating", "at risk", "at risk", "can't lose"),
    ("about to sleep", "about to sleep", "need attention", "loyal", "loyal"),
    ("promising", "potentially loyal", "potentially loyal", "loyal", "loyal"),
    ("new", "potentially loyal", "potentially loyal", "champions", "champions"),
)
ORDER = ("champions", "loyal", "potentially loyal", "new", "promising", "need attention", "about to sleep", "at risk",
         "can't lose", "hibernating")  # fmt: skip
MEANINGS = {
    "champions": "seen lately, often, and worth most",
    "loyal": "seen often, and fairly lately",
    "potentially loyal": "seen lately, and now and then",
    "new": "seen lately, and hardly before",
    "promising": "seen fairly lately, and hardly before",
    "need attention": "middling in all",
    "about to sleep": "seen little, and not for a while",
    "at risk": "seen often once, and not lately",
    "can't lose": "worth most once, and not seen lately",
    "hibernating": "seen little, and long ago",
}


def rfm(request: Request, workspace: Workspace, limits: Limits, *, each: bool) -> Analysis:
    """The segments; with `each`, the single things, best first. Raises CannotAnalyse, and whatever a query raises."""
    things = things_of(request, workspace.model)
    found = behaviour(request, things, workspace, limits)
    if len(found.keys) < _FEWEST:
        raise CannotAnalyse(f"There are {len(found.keys)} {things.plural}: too few to score ({_FEWEST} at least).")
    figures = scores(found)
    named = segments(figures)
    made = (
        _single(found, things, figures, named, limits.locale) if each else _grouped(found, things, named, limits.locale)
    )
    caveats = list(found.caveats)
    if found.worth is None:
        caveats.append("There is no figure of their worth here: the scores are of recency and frequency alone.")
    if found.never:
        caveats.append(f"{found.never:,} {things.plural} never seen are left out.")
    return replace(made, method=_method(found, things), caveats=tuple(caveats))


def scores(found: Behaviour) -> np.ndarray:
    """A row a thing: recency, frequency and, where there is one, value, each from 1 to 5 by fifths; equal figures get
    equal scores."""
    parts = [-found.recency, found.count, *([found.worth] if found.worth is not None else [])]
    return np.column_stack([_fifths(p) for p in parts])


def segments(figures: np.ndarray) -> list[str]:
    """The name of each row of scores."""
    often = np.clip(np.floor(figures[:, 1:].mean(axis=1) + 0.5), 1, 5).astype(int)
    return [_NAMES[r - 1][o - 1] for r, o in zip(figures[:, 0].tolist(), often.tolist(), strict=True)]


def _fifths(values: np.ndarray) -> np.ndarray:
    ranked = np.sort(values)
    middle = (np.searchsorted(ranked, values, "left") + np.searchsorted(ranked, values, "right")) / 2
    return np.clip(np.ceil(5 * middle / len(values)), 1, 5).astype(int)


def _grouped(found: Behaviour, things: Things, named: list[str], locale: str) -> Analysis:
    labels = np.array(named)
    total = float(found.worth.sum()) if found.worth is not None else 0.0
    columns = [
        ResultColumn("segment", "Segment", "category"),
        ResultColumn("things", _upper(things.plural), "integer", measure=True),
        ResultColumn("part", f"Part of {things.plural}", "percent", measure=True, role="current"),
        ResultColumn("recency", "Days since last seen, median", "number", measure=True, role="current"),
        ResultColumn("count", f"{_upper(_events(things))}, median", "number", measure=True, role="current"),
    ]
    if found.column is not None:
        columns.append(replace(found.column, name="worth", label=f"{found.column.label} each, average", role="current"))
        columns.append(
            ResultColumn("share", f"Part of {_lower(found.column.label)}", "percent", measure=True, role="current")
        )
    columns.append(ResultColumn("meaning", "Who they are", "text"))
    rows: list[tuple[Any, ...]] = []
    for name in ORDER:
        inside = labels == name
        if not inside.any():
            continue
        row: list[Any] = [name, int(inside.sum()), 100 * float(inside.mean())]
        row += [float(np.median(found.recency[inside])), float(np.median(found.count[inside]))]
        if found.worth is not None:
            row += [
                float(found.worth[inside].mean()),
                100 * float(found.worth[inside].sum()) / total if total else None,
            ]
        rows.append((*row, MEANINGS[name]))
    first = rows[0]
    parts = {r[0]: r for r in rows}
    text = (
        f"**{_upper(first[0])}** ({MEANINGS[first[0]]}): {first[1]:,} of {len(named):,} {things.plural} "
        f"({_percent(first[2], locale)})"
    )
    if found.column is not None and first[6] is not None:
        text += f", who make **{_percent(first[6], locale)}** of {_lower(found.column.label)}"
    for name in ("at risk", "can't lose"):
        if name in parts:
            part = parts[name]
            share = (
                f", {_percent(part[6], locale)} of {_lower(found.column.label)}"
                if found.column and part[6] is not None
                else ""
            )
            text += f". {_upper(name)} ({MEANINGS[name]}): {part[1]:,}{share}"
    return Analysis(
        tuple(columns), rows, found.sql, found.elapsed_ms, text=text + ".",
        follow_ups=(f"Who are our best {things.plural} by RFM?", f"What kinds of {things.plural} do we have?"),
    )  # fmt: skip


def _single(found: Behaviour, things: Things, figures: np.ndarray, named: list[str], locale: str) -> Analysis:
    worth = found.worth if found.worth is not None else np.zeros(len(named))
    order = np.lexsort((found.recency, -found.count, -worth, -figures.sum(axis=1)))[:_ROWS]
    columns = [
        ResultColumn("thing", _upper(things.label), "text"),
        ResultColumn("segment", "Segment", "category"),
        ResultColumn("score", "Scores (R F M)" if found.column is not None else "Scores (R F)", "text"),
        ResultColumn("recency", "Days since last seen", "integer", measure=True, role="current"),
        ResultColumn(
            "count",
            _upper(_events(things)),
            "integer",
            measure=True,
            role="value" if found.column is None else "current",
        ),
    ]
    if found.column is not None:
        columns.append(replace(found.column, name="worth", role="value"))
    rows: list[tuple[Any, ...]] = []
    for n in order.tolist():
        row: list[Any] = [
            found.names[n],
            named[n],
            " ".join(map(str, figures[n].tolist())),
            int(found.recency[n]),
            int(found.count[n]),
        ]
        rows.append((*row, float(worth[n])) if found.column is not None else tuple(row))
    top = rows[0]
    said = f", {format_short(top[5], found.column, locale)}" if found.column is not None else ""
    best = sum(1 for f in figures.tolist() if min(f) == 5)
    text = (
        f"**{top[0]}** comes first: {_events(things)} {top[4]:,}, last seen {top[3]:,} days before the end of the "
        f"data{said}. "
        f"{best:,} of {len(named):,} {things.plural} have the best score in everything."
    )
    return Analysis(
        tuple(columns), rows, found.sql, found.elapsed_ms, text=text, aggregated=False,
        truncated=len(named) > len(rows),
        follow_ups=(f"RFM segments of {things.plural}",),
    )  # fmt: skip


def _method(found: Behaviour, things: Things) -> str:
    value = f", value by {_lower(found.column.label)}" if found.column is not None else ""
    return (
        f"Scores from 1 to 5, by fifths of {len(found.keys):,} {things.plural}: recency by days from the last "
        f"{things.events.label if things.events else 'event'} to {found.end:%-d %B %Y}, frequency by the number of "
        f"{_events(things)}{value}. The segment's name is by recency and the mean of the others."
    )


def _events(things: Things) -> str:
    return plural(things.events.label) if things.events else "events"


def _percent(value: float, locale: str) -> str:
    return format_value(round(value, 1), _PERCENT, locale)


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
