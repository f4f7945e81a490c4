"""From the parts of a question to one request."""

from __future__ import annotations

from knowledge.calendar import Calendar

from assistant.analyst.filters import (
    bound_on_rows,
)
from assistant.analyst.items import Item
from assistant.analyst.measured import Draft, measured_request
from assistant.analyst.records import records_request
from assistant.analyst.reduce import Group
from assistant.analyst.roles import Parts, collect, subject_dataset
from assistant.analyst.schema import Schema
from knowledge.request import (
    FieldColumn,
    Request,
    Window,
)


def assemble(items: list[Item], schema: Schema, calendar: Calendar) -> Draft:
    """Raises NotAssembled."""
    parts = collect(items, schema, calendar)
    draft = _request(parts, schema, calendar)
    draft.cost += 0.25 * parts.idle
    return draft


def _request(parts: Parts, schema: Schema, calendar: Calendar) -> Draft:
    draft = Draft(Request())
    _settle_windows(parts, calendar)
    if parts.subject and parts.subject.kind == "field":
        entity = schema.points_to(parts.subject.target)
        if entity and schema.field(parts.subject.target).role == "foreign_key":
            parts.subject = Group("dataset", entity)
    record_order = _record_order(parts, schema)
    wants_records = (
        not parts.measures
        and not (parts.top and (parts.top.measure or parts.order_by) and not record_order)
        and not parts.groups
        and not parts.share
        and not parts.trend
        and not parts.growth
        and not (parts.subject and parts.subject.kind in ("grain", "part"))
        and not any(i.code in "mM" for i in parts.outputs)
        and not (parts.top and not record_order and parts.top.about != "ranked")
        and not _group_bounds(parts, schema)
    )
    if wants_records:
        return records_request(parts, schema, draft, record_order)
    return measured_request(parts, schema, draft, calendar)


def _settle_windows(parts: Parts, calendar: Calendar) -> None:
    windows = parts.windows
    if len(windows) >= 2 and (parts.split or parts.growth) and parts.compare is None:
        early, late = sorted(windows[:2], key=lambda w: (w.start or w.end, w.end or w.start))  # type: ignore[arg-type,return-value]
        parts.filters.window, parts.compare = late, early
        parts.split = False
    elif len(windows) >= 2:
        starts = [w.start for w in windows if w.start]
        ends = [w.end for w in windows if w.end]
        parts.filters.window = windows[0]
        if len(starts) == len(ends) == len(windows):
            parts.filters.window = Window(start=min(starts), end=max(ends), text=" and ".join(w.text for w in windows))
            parts.windows = windows
    elif windows:
        parts.filters.window = windows[0]


def _record_order(parts: Parts, schema: Schema) -> FieldColumn | None:
    """The field that records are put in order by, where "top" means single rows: the latest orders, the cheapest product."""
    top, dataset = parts.top, subject_dataset(parts, schema)
    if top is None or dataset is None:
        return None
    if (
        parts.subject
        and parts.subject.kind == "field"
        and schema.field(parts.subject.target).role not in ("key", "name")
    ):
        return None
    if top.about == "time":
        time = schema.time_of(dataset) if schema.model.dataset(dataset).default_time else None
        time = time or schema.year_number(dataset)
        return FieldColumn(field=time) if time else None
    if top.about == "price":
        reference = schema.about(dataset, ("price", "cost", "fee", "fare", "rate"), near=False)
        return FieldColumn(field=reference) if reference else None
    reference = top.field or parts.order_field
    if reference and schema.owner(reference) == dataset and not parts.groups:
        if (
            schema.children(dataset)
            or schema.model.dataset(dataset).name_field
            or schema.model.dataset(dataset).row_count == 0
        ):
            return FieldColumn(field=reference)
    return None


def _group_bounds(parts: Parts, schema: Schema) -> bool:
    """Some bound is about a group's measure, not about a number of each row."""
    base = subject_dataset(parts, schema)
    return any(base is None or bound_on_rows(h, base, schema) is None for h in parts.havings)
