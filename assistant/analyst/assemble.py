"""From the parts of a question to one request."""

from __future__ import annotations

from assistant.analyst.draft import Draft
from assistant.analyst.endings import at_its_end
from assistant.analyst.filters import bound_on_rows
from assistant.analyst.items import Item
from assistant.analyst.measured import measured_request
from assistant.analyst.neighbours.dated import dated_request
from assistant.analyst.neighbours.figures import PRICES
from assistant.analyst.records import records_request, rows_of_groups
from assistant.analyst.reduce.reads import Group
from assistant.analyst.roles import Parts, collect, subject_dataset
from assistant.analyst.schema import Schema
from assistant.analyst.subject import find_subject
from knowledge.calendar import Calendar
from knowledge.request import FieldColumn, Request, Window


def assemble(items: list[Item], schema: Schema, calendar: Calendar) -> Draft:
    """The one request that the (reduced) items make. Raises NotAssembled."""
    parts, taken = collect(items, schema, calendar)
    find_subject(items, parts, taken, schema)
    _of_each_row(parts, schema)
    _settle_windows(parts)
    before = parts.compare in ("previous_period", "previous_year") and any(g.kind == "grain" for g in parts.groups)
    if before and (parts.filters.window is None or parts.growth):
        # "each quarter and the change from the quarter before"
        parts.growth, parts.compare = parts.growth or "percent", None
    subject = parts.subject
    refers = subject is not None and subject.kind == "field" and schema.field(subject.target).role == "foreign_key"
    if subject and refers and not subject.as_id:
        entity = schema.points_to(subject.target)
        parts.subject = Group("dataset", entity) if entity else subject
    order_by = _record_order(parts, schema)
    draft = (
        records_request(parts, schema, order_by)
        if _wants_records(parts, order_by, schema)
        else measured_request(parts, schema, calendar)
    )
    draft.cost += 0.25 * parts.idle
    draft.request = at_its_end(draft.request, schema)
    time = parts.time or _own_time(draft.request, schema)
    if time is not None:
        draft.request = dated_request(draft.request, time, schema)
    return draft


def _own_time(request: Request, schema: Schema) -> str | None:
    """The date of all that is measured, where its name says that this is not when its rows happened."""
    summed = [schema.adds_up_what(c.measure) for c in request.measures]
    times = {schema.dated_by(field) if field else None for field in summed}
    return times.pop() if len(times) == 1 else None


def _wants_records(parts: Parts, order_by: FieldColumn | None, schema: Schema) -> bool:
    """Rows as they are, rather than figures over groups of them."""
    subject = parts.subject
    if parts.how_much and any(o.kind == "metric" for v in parts.verbs for o in v.options):
        return False
    if parts.groups and not (rows_of_groups(parts, order_by, schema) or _of_each(parts, schema)):
        return False
    if parts.measures or parts.share or parts.trend or parts.growth or parts.over or parts.compare:
        return False
    figures = [str(i.data) for i in parts.outputs if i.code == "f"]
    figures += [str(subject.target)] if subject and subject.kind == "field" else []
    plain = not (parts.listing or parts.asks_which or parts.distinct or parts.top)
    whole = parts.asks_what and not (parts.filters.conditions or parts.filters.related or parts.outputs or parts.top)
    added = bool(figures) and all(schema.adds_up(f) and schema.field(f).role == "measure" for f in figures)
    if added and (parts.how_much or whole or (plain and (parts.windows or parts.split))):
        return False  # "units sold in May", "how much discount did we give": their total
    if subject is None and not parts.outputs:
        return False  # only conditions or times: the business's usual measure of them
    if any(i.code in "mM" for i in parts.outputs) or (subject and subject.kind in ("grain", "part")):
        return False
    if parts.top and order_by is None and (parts.top.about != "ranked" or parts.order_by):
        return False
    base = subject_dataset(parts, schema)
    if subject and subject.kind == "dataset" and _is_counted(subject.target, parts, schema):
        return False
    return not any(base is None or bound_on_rows(h, base, schema) is None for h in parts.havings)


def _of_each_row(parts: Parts, schema: Schema) -> None:
    """ "for each open claim, return its id, its plan and the amount": the claims, with what each has one of."""
    subject, group = parts.subject, parts.groups[0] if len(parts.groups) == 1 else None
    if group is None or group.kind != "dataset" or not group.per or parts.measures or parts.share or parts.growth:
        return
    if not (parts.listing or parts.asks_which) or (parts.top and parts.top.about != "ranked") or parts.havings:
        return
    shown = [i for i in parts.outputs if i.code == "f"]
    named = [str(i.data) for i in shown] + ([str(subject.target)] if subject and subject.kind == "field" else [])
    of_the_row = all(schema.belongs_to(group.target, schema.owner(name)) for name in named)
    other = len(shown) < len(parts.outputs) or (subject is not None and subject.kind != "field")
    if len(named) < _LISTED or other or not of_the_row:
        return
    if subject is not None and all(i.data != subject.target for i in shown):
        text = subject.target if subject.as_id else schema.field(subject.target).label
        parts.outputs.insert(0, Item("f", 0, 0, text, subject.target))
    parts.subject, parts.groups, parts.each_row = Group("dataset", group.target), [], True


_LISTED = 2
"""Fields: one alone may be asked for in all of them together."""


def _of_each(parts: Parts, schema: Schema) -> bool:
    """ "what is the plan for each member?": a field that no figure is made of."""
    subject = parts.subject
    if subject is None or subject.kind != "field" or not parts.asks_what or parts.top or parts.havings:
        return False
    field = schema.field(subject.target)
    plain = field.role not in ("measure", "number", "key", "foreign_key") and not schema.is_time(subject.target)
    owner = schema.owner(subject.target)
    return plain and all(g.kind == "dataset" and g.per and schema.belongs_to(owner, g.target) for g in parts.groups)


def _is_counted(dataset: str, parts: Parts, schema: Schema) -> bool:
    """ "orders in March": happenings without a name of their own are counted, unless a list is asked for."""
    if parts.listing or parts.asks_which or parts.outputs or parts.top or parts.havings:
        return False
    if parts.filters.absent or parts.filters.related:
        return False  # "orders that were never billed": those
    return schema.happens(dataset)


def _within_the_other(windows: list[Window]) -> Window | None:
    """Of two periods the one that is a part of the other."""
    if len(windows) != 2 or not all(w.start and w.end for w in windows):
        return None
    for inner, outer in (windows, windows[::-1]):
        if str(outer.start) <= str(inner.start) and str(inner.end) <= str(outer.end) and inner != outer:
            return inner
    return None


def _settle_windows(parts: Parts) -> None:
    """Two windows are compared where the question compares or asks for a change (the later with the earlier)."""
    windows = parts.windows
    parts.filters.window = windows[0] if windows else None
    if len(windows) < 2:
        return
    ends = [w for w in windows if w.start is None]
    starts = [w for w in windows if w.end is None]
    if len(windows) == 2 and ends and starts and starts[0].start and ends[0].end and starts[0].start < ends[0].end:
        # "on or after the 1st and before the 8th"
        parts.filters.window = Window(start=starts[0].start, end=ends[0].end)
        return
    if (parts.split or parts.growth) and parts.compare is None:
        early, late = sorted(windows[:2], key=lambda w: str(w.start or w.end))
        parts.filters.window, parts.compare, parts.split = late, early, False
    elif (inner := _within_the_other(windows)) is not None:
        parts.filters.window = inner  # "christmas sales last year"
    elif all(w.start and w.end for w in windows):
        start, end = min(w.start for w in windows if w.start), max(w.end for w in windows if w.end)
        parts.filters.window = Window(start=start, end=end, text=" and ".join(w.text for w in windows))


def _record_order(parts: Parts, schema: Schema) -> FieldColumn | None:
    """The field that records are ordered by where "top" means single rows: the latest orders, the cheapest product."""
    top, dataset = parts.top, subject_dataset(parts, schema)
    if top is None or dataset is None:
        return None
    subject = parts.subject
    if subject and subject.kind == "field" and schema.field(subject.target).role not in ("key", "name"):
        return None
    entry = schema.model.dataset(dataset)
    reference: str | None
    if top.about == "time":
        reference = top.field or (schema.time_of(dataset) if entry.default_time else schema.year_number(dataset))
    elif top.about == "price":
        reference = schema.about(dataset, PRICES, near=False)
    else:
        reference = top.field or parts.order_field
        single = entry.name_field or schema.children(dataset) or parts.each_row
        own = reference and schema.owner(reference) in (dataset, schema.who_it_is(dataset))
        if not own or parts.groups or not single:
            reference = None
    return FieldColumn(field=reference) if reference else None
