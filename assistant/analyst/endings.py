"""When something that ended did: a subscription cancelled in May is one whose end is in May, whenever it began."""

from __future__ import annotations

from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Column, Compare, Condition, FieldColumn, InWindow, MeasureColumn, Request
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
    return request


def _aggregates(request: Request) -> list[Aggregate]:
    return [c.measure for c in request.columns if isinstance(c, MeasureColumn) and isinstance(c.measure, Aggregate)]


def _is_of(request: Request, dataset: str, schema: Schema) -> bool:
    """Whether the rows of that dataset are measured or listed."""
    measured = {d for c in request.columns if isinstance(c, MeasureColumn) for d in schema.datasets_of(c.measure)}
    return measured == {dataset} if measured else request.dataset == dataset


def _times(condition: Condition, schema: Schema) -> tuple[str, str] | None:
    """The usual time of rows whose status says that they ended, and the time at which they did."""
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


def _moved(request: Request, usual: str, end: str) -> Request:
    columns = [_column(c, usual, end) for c in request.columns]
    where = list(request.where)
    order = [o.model_copy(update={"by": _column(o.by, usual, end)}) if isinstance(o.by, FieldColumn) else o
             for o in request.order]  # fmt: skip
    update: dict[str, object] = {"columns": columns, "order": order}
    if request.period is not None and request.compare_to is None:
        update |= {"where": [*where, InWindow(field=end, window=request.period)], "period": None}
    return request.model_copy(update=update)


def _column(column: Column, usual: str, end: str) -> Column:
    if isinstance(column, FieldColumn) and column.field == usual and (column.grain or column.part):
        return column.model_copy(update={"field": end})
    if isinstance(column, MeasureColumn) and isinstance(column.measure, Aggregate) and column.measure.of == usual:
        return column.model_copy(update={"measure": column.measure.model_copy(update={"of": end}), "label": None})
    return column
