"""Why a request found nothing: which of its values exist under another name, and what period the data covers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from knowledge.calendar import Calendar, UnknownPeriod
from knowledge.request import Aggregate, All, Any, Compare, Condition, Exists, MetricRef, Not, Request, Window
from knowledge.workspace import Workspace
from tools.times import time_fields

_NEAREST = 3


@dataclass(frozen=True)
class Missing:
    """`near`: values that the request names and the data does not have, each with the nearest that it has.
    `period`: the first and last moment of the data, where the request's own period lies outside or holds nothing."""

    near: tuple[tuple[str, tuple[str, ...]], ...] = ()
    period: tuple[datetime, datetime] | None = None

    @property
    def text(self) -> str:
        """Plain sentences; empty when there is nothing to say."""
        said = []
        for value, others in self.near:
            names = ", ".join(f"“{o}”" for o in others)
            said.append(f"There is no “{value}” here" + (f"; the nearest: {names}." if names else "."))
        if self.period:
            start, end = (f"{m.day} {m:%B %Y}" for m in self.period)
            said.append(f"The data runs from {start} to {end}.")
        return " ".join(said)


def missing(request: Request, workspace: Workspace) -> Missing:
    """Why nothing was found. Reads the value index, and the first and last time of the dataset asked about."""
    near = []
    for condition in _compares(request):
        value, field = condition.value, condition.field
        if condition.op not in ("=", "in") or not isinstance(field, str):
            continue
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and not _held(text, field, workspace):
                found = workspace.values.lookup(text, fields=[_plain(field)], limit=_NEAREST)
                near.append((text, tuple(str(m.value) for m in found)))
    return Missing(tuple(dict.fromkeys(near)), _span(request, workspace))


def _held(text: str, field: str, workspace: Workspace) -> bool:
    found = workspace.values.lookup(text, fields=[_plain(field)], limit=1)
    return bool(found) and str(found[0].value).casefold() == text.casefold()


def _plain(field: str) -> str:
    """ "airports@origin.city" -> "airports.city" """
    place, _, name = field.rpartition(".")
    return f"{place.partition('@')[0]}.{name}"


def _compares(request: Request) -> Iterator[Compare]:
    conditions: list[Condition] = list(request.where)
    for column in request.measures:
        if isinstance(column.measure, MetricRef | Aggregate):
            conditions += column.measure.where
    while conditions:
        condition = conditions.pop()
        if isinstance(condition, Compare):
            yield condition
        elif isinstance(condition, All | Any):
            conditions += condition.of
        elif isinstance(condition, Exists) and not condition.negated:
            conditions += condition.where
        elif isinstance(condition, Not):
            continue  # what must not be there need not exist


def _span(request: Request, workspace: Workspace) -> tuple[datetime, datetime] | None:
    if request.period is None:
        return None
    for reference in time_fields(request, workspace):
        try:
            dataset, field, _ = workspace.model.resolve(reference)
            # a name, and a source written by the profiler or the model's own author: nothing that a person typed
            _, rows, _ = workspace.warehouse.query(
                f"SELECT min({field.sql}), max({field.sql}) FROM {dataset.source}", max_rows=1, timeout_s=5
            )
        except Exception:  # an explanation must not fail a turn
            continue
        start, end = (_moment(v) for v in rows[0])
        if start and end:
            window = _window(request.period, workspace.calendar)
            inside = window and (window.start or start) >= start and (window.end or end) <= end
            return None if inside else (start, end)
    return None


def _window(period: Window | str, calendar: Calendar) -> Window | None:
    if isinstance(period, Window):
        return period
    try:
        return calendar.read(period)
    except UnknownPeriod:
        return None


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else None
