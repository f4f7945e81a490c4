"""What kinds of things there are: clusters of their behaviour, in words and rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np

from knowledge.formats import format_short, format_value
from knowledge.request import Request
from knowledge.result import Result, ResultColumn
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse, Picture
from tools.segmenting.behaviour import Trait, traits
from tools.segmenting.clusters import Clustering, clustered, plane, scaled
from tools.segmenting.features import Compared, compared
from tools.segmenting.naming import names
from tools.segmenting.things import Things, things_of

_FEWEST = 20
_PERCENT = ResultColumn("percent", "percent", "percent")
_DRAWN = 1_500
_OVER = 1.3
"""How many times as common a trait must be in a cluster as among all to be told."""
_SURE = 3.0
"""Standard errors."""


def kinds(request: Request, count: int | None, workspace: Workspace, limits: Limits) -> Analysis:
    """Raises CannotAnalyse, and whatever a query raises."""
    things = things_of(request, workspace.model)
    found = compared(request, things, workspace, limits)
    total = len(found.keys)
    if total < max(_FEWEST, 5 * (count or 2)):
        raise CannotAnalyse(f"There are {total} {things.plural}: too few to tell kinds of them ({_FEWEST} at least).")
    points = scaled([f.values for f in found.features], [f.scale for f in found.features])
    different = len(np.unique(points.round(9), axis=0))
    if different < (count or 2):
        raise CannotAnalyse(f"All {total:,} {things.plural} are alike in what is known of them: there are no kinds.")
    made = clustered(points, count)
    said = names(points, made.labels, found.features, things.plural)
    columns, rows = _table(made, said, found, things)
    result = Analysis(columns, rows, found.sql, found.elapsed_ms, caveats=found.caveats)
    about = traits(found.keys, things, workspace, limits)
    return replace(
        result,
        text=_text(made, said, found, things, about, limits.locale),
        method=_method(made, found, things, points, limits.locale),
        caveats=(*found.caveats, *_caveats(made, things)),
        picture=_picture(made, said, found, points),
        follow_ups=(f"Who are our best {things.plural} by RFM?", f"{things.label} retention by month"),
    )


def _table(
    made: Clustering, said: list[str], found: Compared, things: Things
) -> tuple[tuple[ResultColumn, ...], list[tuple[Any, ...]]]:
    """A row a cluster: its size, the middle of each feature, and its part of the worth."""
    shares = found.worth is not None and found.worth_column is not None and found.worth.sum() > 0
    columns = [
        ResultColumn("kind", "Kind", "category"),
        ResultColumn("things", _upper(things.plural), "integer", measure=True),
        ResultColumn("part", f"Part of {things.plural}", "percent", measure=True, role="current"),
        *(replace(f.column, label=f"{f.column.label}, median", role="current") for f in found.features),
    ]
    if shares and found.worth_column is not None:
        columns.append(
            ResultColumn(
                "worth", f"Part of {_lower(found.worth_column.label)}", "percent", measure=True, role="current"
            )
        )
    rows = []
    for n, name in enumerate(said):
        inside = made.labels == n
        row = [name, int(inside.sum()), 100 * float(inside.mean())]
        row += [float(np.nanmedian(f.values[inside])) for f in found.features]
        if shares and found.worth is not None:
            row.append(100 * float(found.worth[inside].sum() / found.worth.sum()))
        rows.append(tuple(row))
    return tuple(columns), rows


def _text(made: Clustering, said: list[str], found: Compared, things: Things, about: list[Trait], locale: str) -> str:
    total = len(found.keys)
    head = f"**{made.k} kinds** among {total:,} {things.plural}"
    if not made.clear or made.silhouette < 0.25:
        head += ", though they shade into each other"
    lines = []
    for n, name in enumerate(said):
        inside = made.labels == n
        part = _percent(100 * float(inside.mean()), locale)
        worth = ""
        if found.worth is not None and found.worth_column is not None and found.worth.sum() > 0:
            share = _percent(100 * float(found.worth[inside].sum() / found.worth.sum()), locale)
            worth = f", {share} of {_lower(found.worth_column.label)}"
        middle = ", ".join(
            f"{_lower(f.column.label)} {format_short(float(np.nanmedian(f.values[inside])), f.column, locale)}"
            for f in found.features[:3]
        )
        traits_said = _traits(inside, about, locale)
        lines.append(f"- **{_upper(name)}**: {int(inside.sum()):,} ({part}){worth}; median {middle}.{traits_said}")
    return f"{head}:\n\n" + "\n".join(lines)


def _traits(inside: np.ndarray, about: list[Trait], locale: str) -> str:
    """What is much more common in a cluster than among all."""
    found = []
    for trait in about:
        if trait.texts is None:
            continue
        everyone = Counter(t for t in trait.texts if t is not None)
        own = Counter(t for t, i in zip(trait.texts, inside, strict=True) if i and t is not None)
        known, size = sum(everyone.values()), sum(own.values())
        if size < _FEWEST or size == known:
            continue
        for value, count in own.items():
            part, usual = count / size, everyone[value] / known
            error = np.sqrt(usual * (1 - usual) / size)
            if part > _OVER * usual and part - usual > _SURE * error and count >= 10:
                found.append(((part - usual) / error, trait.label, value, part, usual))
    if not found:
        return ""
    _, label, value, part, usual = max(found, key=lambda f: f[0])
    return (
        f" {_upper(_lower(label))} {value} is more common here: {_percent(100 * part, locale)}, against "
        f"{_percent(100 * usual, locale)} of all."
    )


def _method(made: Clustering, found: Compared, things: Things, points: np.ndarray, locale: str) -> str:
    shown = plane(points)[2]
    by = ", ".join(_lower(f.column.label) for f in found.features)
    clear = "clear" if made.silhouette >= 0.5 else "fair" if made.silhouette >= 0.25 else "weak"
    return (
        f"{made.method} over {by} (skewed figures by their logarithm, times by their root, all to one scale). "
        f"{made.k} clusters: silhouette "
        f"{made.silhouette:.2f} ({clear}); with 30% left out they come out alike (adjusted Rand index "
        f"{made.stability:.2f}); against Ward's hierarchical clusters {made.agreement:.2f}. The picture shows "
        f"{_percent(100 * shown, locale)} of how {things.plural} differ (two principal components)."
    )


def _caveats(made: Clustering, things: Things) -> tuple[str, ...]:
    said = []
    if not made.clear:
        said.append(
            f"By the gap statistic, {things.plural} make one cloud rather than separate groups: the kinds are a useful "
            "way to cut it, not natural classes."
        )
    if made.stability < 0.75:
        said.append("The kinds change when a part of the data is left out: don't rely on who is in which.")
    return tuple(said)


def _picture(made: Clustering, said: list[str], found: Compared, points: np.ndarray) -> Picture:
    at, made_of, _ = plane(points)
    total = len(points)
    drawn = range(total) if total <= _DRAWN else sorted(np.random.default_rng(0).choice(total, _DRAWN, replace=False))
    columns = (
        ResultColumn("thing", "Name", "text"),
        ResultColumn("kind", "Kind", "category"),
        ResultColumn("x", _axis(made_of[0], found), "number", measure=True),
        ResultColumn("y", _axis(made_of[1], found) if len(made_of) > 1 else "", "number", measure=True),
    )
    rows = [(found.names[n], said[made.labels[n]], float(at[n, 0]), float(at[n, 1])) for n in drawn]
    return Picture("points", Result(columns, rows, found.sql))


def _axis(made_of: np.ndarray, found: Compared) -> str:
    """What a component is mostly made of, in words."""
    largest = [n for n in np.argsort(-np.abs(made_of)) if abs(made_of[n]) >= 0.4][:2]
    return ", ".join(
        f"{'more' if made_of[n] > 0 else 'less'} {_lower(found.features[n].column.label)}" for n in largest
    )


def _percent(value: float, locale: str) -> str:
    return format_value(round(value, 1), _PERCENT, locale)


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
