"""How each thing behaves: how long ago it was last seen, how often, and for how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from knowledge.compile import CannotCompile
from knowledge.compile.columns import field_label
from knowledge.model import ModelField
from knowledge.request import Aggregate, FieldColumn, MeasureColumn, Request
from knowledge.result import Result, ResultColumn
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.segmenting.things import Things, conditions

MOST_THINGS = 500_000
_MOST_TRAITS = 8
_FEW_VALUES = 15
_FIGURES = ("measure", "number")
_DAY_S = 86_400.0


@dataclass(frozen=True)
class Behaviour:
    """One row a thing that was seen at all, in the order of `keys`."""

    keys: tuple[Any, ...]
    names: tuple[str, ...]
    first: np.ndarray
    """datetime64[s]: when it was first seen, and last."""
    last: np.ndarray
    count: np.ndarray
    """How many events."""
    worth: np.ndarray | None
    """Of all of them together."""
    column: ResultColumn | None
    """What the worth is."""
    end: datetime
    """The end of what was looked at: the day after the last event."""
    never: int
    """Things without an event."""
    sql: str
    elapsed_ms: float
    caveats: tuple[str, ...]

    @property
    def recency(self) -> np.ndarray:
        """Days since a thing was last seen."""
        return days_between(self.last, self.end)


def behaviour(request: Request, things: Things, workspace: Workspace, limits: Limits) -> Behaviour:
    """Raises CannotAnalyse where nothing happens to the things, and whatever a query raises."""
    found = _read(request, things, workspace, limits)
    rows = [r for r in found.rows if r[0] is not None]
    seen = [r for r in rows if r[-1] and _moment(r[_LAST]) is not None]
    if not seen:
        raise CannotAnalyse(f"There is nothing to look at: no {things.label} with a dated record matches.")
    last = np.array([_moment(r[_LAST]) for r in seen], dtype="datetime64[s]")
    known = workspace.calendar.today
    end = datetime.combine(min(last.max().astype(datetime).date(), known) + timedelta(days=1), time.min)
    column = found.columns[_WORTH] if things.worth is not None else None
    worth = None if column is None else np.array([_number(r[_WORTH], column) for r in seen])
    named = things.name is not None
    return Behaviour(
        tuple(r[0] for r in seen),
        tuple(_name(r[-2] if named else r[0], r[0], things, named) for r in seen),
        np.array([_moment(r[_FIRST]) for r in seen], dtype="datetime64[s]"),
        last, np.array([float(r[-1]) for r in seen]), worth, column, end,
        len(rows) - len(seen), found.sql, found.elapsed_ms, found.caveats,
    )  # fmt: skip


_FIRST, _LAST, _WORTH = 1, 2, 3


def _read(request: Request, things: Things, workspace: Workspace, limits: Limits) -> Result:
    """Rows of key, first, last, worth (if there is one), name (if they have one), count."""
    if things.events is None:
        raise CannotAnalyse(
            f"Nothing here says when something happened to a {things.label}, so that I could tell how often."
        )
    events = things.events
    measures: list[Any] = [Aggregate(agg="min", of=events.time), Aggregate(agg="max", of=events.time)]
    measures += [things.worth] if things.worth is not None else []
    name = [FieldColumn(field=things.name)] if things.name else []
    asked = Request(
        columns=[FieldColumn(field=things.key), *name, *(MeasureColumn(measure=m) for m in [*measures, events.count])],
        where=conditions(request), period=request.period, time_field=request.time_field,
        every=things.dataset.name if things.dataset is not None else None,
    )  # fmt: skip
    found = workspace.run(asked, max_rows=MOST_THINGS, timeout_s=limits.timeout_s)
    if found.truncated:
        raise CannotAnalyse(
            f"There are more than {MOST_THINGS:,} {things.plural}. Ask about some of them: of a place, or a time."
        )
    if not name:
        return found
    order = [0, *range(2, len(found.columns) - 1), 1, len(found.columns) - 1]
    rows = [tuple(r[n] for n in order) for r in found.rows]
    return Result(tuple(found.columns[n] for n in order), rows, found.sql, found.elapsed_ms, caveats=found.caveats)


def days_between(start: np.ndarray, end: datetime) -> np.ndarray:
    """From each moment (datetime64[s]) to the end, in days and parts of them."""
    return np.asarray((np.datetime64(end, "s") - start).astype(float) / _DAY_S)


@dataclass(frozen=True)
class Trait:
    """What is known of each thing beside its behaviour: a kind or a place (texts), or a figure."""

    label: str
    texts: tuple[str | None, ...] | None
    figures: np.ndarray | None


def traits(keys: tuple[Any, ...], things: Things, workspace: Workspace, limits: Limits) -> list[Trait]:
    """Of the things' own fields, in the order of the keys; those that few have are left out."""
    own = things.dataset
    if own is None:
        return []
    fields = [f for f in own.fields if _tells(f)][:_MOST_TRAITS]
    if not fields:
        return []
    columns: list[Any] = [
        FieldColumn(field=f"{own.name}.{name}") for name in (things.key.rpartition(".")[2], *(f.name for f in fields))
    ]
    try:
        found = workspace.run(
            Request(columns=columns, dataset=own.name), max_rows=MOST_THINGS, timeout_s=limits.timeout_s
        )
    except CannotCompile:
        return []
    by_key = {r[0]: r[1:] for r in found.rows}
    made = []
    for n, field in enumerate(fields):
        values = [by_key.get(k, (None,) * len(fields))[n] for k in keys]
        if sum(v is None for v in values) > len(values) / 2:
            continue
        if field.role in _FIGURES:
            figures = np.array([np.nan if v is None else float(v) for v in values])
            made.append(Trait(field_label(own, field), None, figures))
        else:
            made.append(Trait(field_label(own, field), tuple(None if v is None else str(v) for v in values), None))
    return made


def _tells(field: ModelField) -> bool:
    if field.hidden:
        return False
    if field.role in _FIGURES:
        return field.type in ("integer", "number") and (field.distinct is None or field.distinct > 2)
    return field.role in ("category", "place", "flag") and 2 <= (field.distinct or 0) <= _FEW_VALUES


def _name(value: Any, key: Any, things: Things, named: bool) -> str:
    if named and value is not None:
        return str(value)
    return f"{things.label} {key}" if isinstance(key, int) else str(key)


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime.combine(value, time.min) if isinstance(value, date) else None


def _number(value: Any, column: ResultColumn) -> float:
    if value is None:
        return 0.0
    try:
        return float(value)
    except (TypeError, ValueError):
        raise CannotAnalyse(f"{column.label} is no number (“{str(value)[:40]}”).") from None
