"""When something that ended did: a subscription cancelled in May is one whose end is in May, whenever it began; and
when something was to happen that did not: a failed payment is one of the day on which it was due."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.analyst.schema import Schema
from knowledge.request import (
    Aggregate,
    Arithmetic,
    Column,
    Compare,
    Condition,
    Exists,
    FieldColumn,
    InPart,
    InWindow,
    MeasureColumn,
    Request,
)
from knowledge.words import lemma, listed

_ENDS = frozenset(["end", "ended", "close", "closed", "finish", "finished", "stop", "stopped", "terminate"])
_OVER = frozenset(
    ["cancelled", "canceled", "churned", "terminated", "expired", "ended", "closed", "lapsed", "stopped", "inactive"]
)
_STEM = 5


def at_its_end(request: Request, schema: Schema) -> Request:
    """The request with its times those of the end, where its rows are those that have ended."""
    conditions = [*request.where, *(c for m in _aggregates(request) for c in m.where)]
    for condition in conditions:
        moved = _times(condition, schema)
        if moved is not None and _is_of(request, schema.owner(moved[0]), schema):
            return _moved(request, *moved)
    for condition in (c for a in _parts_of(request) for c in a.where):  # the share that failed: of those that were due
        moved = _undated(condition, schema) or _held(condition, schema)
        if moved is not None and _is_of(request, schema.owner(moved[0]), schema):
            return _moved(request, *moved)
    return request.model_copy(update={"where": [_of_some(c, schema) for c in request.where]})


def _of_some(condition: Condition, schema: Schema) -> Condition:
    """Things that have some rows of a state in a period: by the time that these have."""
    if not isinstance(condition, Exists):
        return condition
    moved = next((m for c in condition.where if (m := _undated(c, schema) or _held(c, schema))), None)
    if moved is None:
        return condition
    usual, known = moved
    where = [
        c.model_copy(update={"field": known}) if isinstance(c, InWindow | InPart) and c.field == usual else c
        for c in condition.where
    ]
    return condition.model_copy(update={"where": where})


def _aggregates(request: Request) -> list[Aggregate]:
    return [c.measure for c in request.columns if isinstance(c, MeasureColumn) and isinstance(c.measure, Aggregate)]


def _parts_of(request: Request) -> Iterator[Aggregate]:
    """What the figures made of two are made of."""
    for column in request.columns:
        if isinstance(column, MeasureColumn) and isinstance(column.measure, Arithmetic):
            sides = (column.measure.left, column.measure.right)
            yield from (side for side in sides if isinstance(side, Aggregate))


def _is_of(request: Request, dataset: str, schema: Schema) -> bool:
    """Whether the rows of that dataset are measured or listed."""
    measured = {d for c in request.columns if isinstance(c, MeasureColumn) for d in schema.datasets_of(c.measure)}
    return measured == {dataset} if measured else request.dataset == dataset


def _times(condition: Condition, schema: Schema) -> tuple[str, str] | None:
    """The usual time of rows whose status says that they ended, and the time at which they did; or of rows that have no
    usual time, and the one that they have."""
    if otherwise := _undated(condition, schema) or _held(condition, schema):
        return otherwise
    if not isinstance(condition, Compare) or condition.op != "=" or not isinstance(condition.field, str):
        return None
    word, owner = str(condition.value).lower(), schema.owner(condition.field)
    usual = schema.model.dataset(owner).default_time
    if usual is None or schema.field(condition.field).role not in ("category", "flag"):
        return None
    if not {word, lemma(word)} & (listed("times", "ended") | _OVER):
        return None
    times = [t for t in schema.times(owner) if t != f"{owner}.{usual}" and schema.field(t).nulls > 0]
    if any("actual" in schema.noun_of(t) for t in times):
        return None  # what was called off has neither an actual start nor an actual end
    own = next((t for t in times if any(w[:_STEM] == word[:_STEM] for w in schema.noun_of(t))), None)
    if own is None and (word not in _OVER or schema.is_visit(owner)):
        return None  # what was completed, or a visit that was called off, happened when it began, or was to
    end = own or next((t for t in times if _ENDS & schema.forms_of(t)), None)
    return (f"{owner}.{usual}", end) if end else None


def _undated(condition: Condition, schema: Schema) -> tuple[str, str] | None:
    """The usual time, which rows that stand so never have, and the time that they have."""
    if not isinstance(condition, Compare) or condition.op not in ("=", "in") or not isinstance(condition.field, str):
        return None
    owner, _, name = condition.field.rpartition(".")
    if owner not in {d.name for d in schema.model.datasets}:
        return None  # by way of a named relationship
    dataset = schema.model.dataset(owner)
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    told = [t for v in values for f, state, t in dataset.undated if (f, state.lower()) == (name, str(v).lower())]
    return (f"{owner}.{dataset.default_time}", f"{owner}.{told[0]}") if len(told) == len(values) else None


def _held(condition: Condition, schema: Schema) -> tuple[str, str] | None:
    """The time at which places were booked, and that of what they were booked on: who did not come to a class, or did,
    is told by when it took place."""
    if not isinstance(condition, Compare) or condition.op not in ("=", "in") or not isinstance(condition.field, str):
        return None
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    owner = schema.owner(condition.field)
    usual = schema.model.dataset(owner).default_time
    if usual is None or not all(_ATTENDED.fullmatch(str(v)) for v in values):
        return None
    if not schema.forms_of(f"{owner}.{usual}") & _BOOKED or len(schema.times(owner)) > 1:
        return None
    above = [p for p in schema.parents(owner)[1:] if schema.distance(owner, p) == 1 and not schema.is_person(p)]
    held = [f"{p}.{time}" for p in above if (time := schema.model.dataset(p).default_time)]
    return (f"{owner}.{usual}", held[0]) if len(held) == 1 else None


_BOOKED = frozenset(["book", "reserve", "create", "register", "sign", "signup", "enrol", "enroll", "order"])
_ATTENDED = re.compile(
    r"no[ _-]?shows?|noshow|absent|did[ _-]?not[ _-]?(?:attend|come|show)|(?:not[ _-]?)?attended|present|"
    r"showed(?: up)?|came|checked[ _-]?in",
    re.I,
)


def _moved(request: Request, usual: str, end: str) -> Request:
    columns = [_column(c, usual, end) for c in request.columns]
    where = list(request.where)
    order = [o.model_copy(update={"by": _column(o.by, usual, end)}) if isinstance(o.by, FieldColumn) else o
             for o in request.order]  # fmt: skip
    update: dict[str, object] = {"columns": columns, "order": order}
    if request.period is not None and request.compare_to is None:
        update |= {"where": [*where, InWindow(field=end, window=request.period)], "period": None}
    elif request.period is not None:
        update["time_field"] = end
    return request.model_copy(update=update)


def _column(column: Column, usual: str, end: str) -> Column:
    if isinstance(column, FieldColumn) and column.field == usual and (column.grain or column.part):
        return column.model_copy(update={"field": end})
    if isinstance(column, MeasureColumn) and isinstance(column.measure, Aggregate) and column.measure.of == usual:
        return column.model_copy(update={"measure": column.measure.model_copy(update={"of": end}), "label": None})
    return column
