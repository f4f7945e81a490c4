"""The texts that a request is about, with what they are grouped by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.compile.columns import field_label
from knowledge.request import Aggregate, FieldColumn, MetricRef, Order, Request
from knowledge.result import ResultColumn
from knowledge.words import split
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.texts.fields import Texts, texts_of

_MOST = 20_000
_RATINGS = frozenset(["rating", "score", "stars", "star", "grade", "satisfaction", "nps", "csat"])
_SCALE = 11


@dataclass(frozen=True)
class Corpus:
    """`groups`: of each text, its values of the `by` columns; `ratings`: what its writer gave, where they did."""

    texts: tuple[str, ...]
    groups: tuple[tuple[Any, ...], ...]
    by: tuple[ResultColumn, ...]
    ratings: np.ndarray | None
    source: Texts
    sql: str
    elapsed_ms: float
    caveats: tuple[str, ...]


def read(request: Request, workspace: Workspace, limits: Limits) -> Corpus:
    """The newest texts that the request is about, 20,000 at most.

    Raises CannotAnalyse where it is about nothing that people write, and whatever a query raises."""
    source = _source(request, workspace)
    time = source.dataset.default_time
    rating = _rating(source)
    by = [c for c in request.fields if c.shown]
    columns: list[Any] = [FieldColumn(field=source.reference, label="text"), *by]
    columns += [FieldColumn(field=rating, label="rating", shown=True)] if rating else []
    written = Request(
        columns=columns, dataset=source.dataset.name, where=[*request.where, *_own(request)], period=request.period,
        time_field=request.time_field, limit=_MOST,
        order=[Order(by=FieldColumn(field=f"{source.dataset.name}.{time}"), descending=True)] if time else [],
    )  # fmt: skip
    found = workspace.run(written, max_rows=_MOST, timeout_s=limits.timeout_s)
    rows = [row for row in found.rows if isinstance(row[0], str) and row[0].strip()]
    caveats = list(found.caveats)
    if len(found.rows) >= _MOST:
        caveats.append(f"Of the texts, the newest {_MOST:,} were read.")
    empty = len(found.rows) - len(rows)
    if empty:
        caveats.append(f"{empty:,} of {len(found.rows):,} {source.plural} have no text.")
    size = 1 + len(by)
    ratings = np.array([np.nan if row[size] is None else float(row[size]) for row in rows]) if rating else None
    return Corpus(
        tuple(str(row[0]) for row in rows), tuple(tuple(row[1:size]) for row in rows), found.columns[1:size], ratings,
        source, found.sql, found.elapsed_ms, tuple(caveats),
    )  # fmt: skip


def _own(request: Request) -> list[Any]:
    return [c for m in request.measures if isinstance(m.measure, Aggregate | MetricRef) for c in m.measure.where]


def _source(request: Request, workspace: Workspace) -> Texts:
    known = texts_of(workspace.model)
    if not known:
        raise CannotAnalyse(
            "Nothing here is written by people in their own words: it takes a column of reviews, tickets or comments."
        )
    asked = {request.dataset} if request.dataset else set()
    asked |= {m.measure.dataset for m in request.measures if isinstance(m.measure, Aggregate) and m.measure.dataset}
    asked |= {
        str(m.measure.of).partition(".")[0]
        for m in request.measures
        if isinstance(m.measure, Aggregate) and m.measure.of
    }
    fields = {str(c.field) for c in request.fields}
    for texts in known:
        if texts.reference in fields or texts.dataset.name in asked:
            return texts
    names = ", ".join(dict.fromkeys(f"“{t.plural}”" for t in known))
    raise CannotAnalyse(f"Say which texts you mean: people write {names} here.")


def _rating(source: Texts) -> str | None:
    """The field in which the writer of a text says in a figure how good it was."""
    for field in source.dataset.fields:
        words = {*split(field.name), *field_label(source.dataset, field).lower().split()}
        small = field.distinct is not None and 2 <= field.distinct <= _SCALE
        if field.type in ("integer", "number") and small and words & _RATINGS and not field.hidden:
            return f"{source.dataset.name}.{field.name}"
    return None
