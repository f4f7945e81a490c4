"""Requests with measures: totals, groups, rankings, comparisons, shares, growth."""

from __future__ import annotations

from assistant.analyst.bounded import bounds_on_groups, compared, moved_groups, ordering
from assistant.analyst.counted import in_their_rows, in_their_time, over_entities, per_group
from assistant.analyst.draft import Draft, Scope
from assistant.analyst.figures_asked import measure_column, measures_of, shares, shown_of
from assistant.analyst.filters import conditions_on, with_where
from assistant.analyst.grouped import (
    columns_of,
    counts_each_once,
    grouping_columns,
    groups_by_subject,
    groups_of,
    in_some_group,
    in_their_groups,
    may_be_missing,
    seen_from,
    stretch,
    told_apart,
    unique,
)
from assistant.analyst.reduce.reads import MeasureRead, rows_counted
from assistant.analyst.roles import NotAssembled, Parts, subject_dataset
from assistant.analyst.schema import Schema
from assistant.analyst.sides import each_side, halves_of, sides_of
from knowledge.calendar import Calendar
from knowledge.request import (
    Across,
    Aggregate,
    Compare,
    FieldColumn,
    Growth,
    Request,
)


def measured_request(parts: Parts, schema: Schema, calendar: Calendar) -> Draft:
    """Raises NotAssembled."""
    draft = Draft(Request())
    entity = parts.subject.target if parts.subject and parts.subject.kind == "dataset" else None
    if parts.how_much and entity and not (parts.top or parts.havings or parts.outputs or parts.groups):
        parts.subject = None  # "how much do married customers spend?": all of them together
    if parts.split and parts.subject and parts.subject.kind == "dataset" and not parts.top:
        told = {schema.owner(r) for c in parts.filters.conditions if c.split for r, _ in c.options[:1] if r}
        if parts.subject.target in told:  # "type A vs type B campaigns": the sides, not each campaign
            if not parts.measures and schema.happens(parts.subject.target):
                parts.measures = [rows_counted(parts.subject.target)]  # "online vs branch applications": how many
            parts.subject = None
    reads = [over_entities(r, parts) for r in per_group(measures_of(parts, schema, draft), parts, schema)]
    reads = [in_their_time(in_their_rows(reads[0], parts, schema), parts, schema)] if len(reads) == 1 else reads
    owners = [d for r in reads for d in r.datasets]
    detailed = next((d for d in owners if all(schema.belongs_to(d, other) for other in owners)), None)
    base = detailed or next(iter(owners), None) or subject_dataset(parts, schema) or schema.facts()[0]
    groups = groups_of(parts, reads, base, schema)
    where, period, cost = conditions_on(parts.filters, base, schema)
    draft.cost += cost
    scope = Scope(base, where, period)

    grouping = grouping_columns(groups, parts, base, schema)
    subject = columns_of(parts.subject, base, schema) if groups_by_subject(parts, reads) else []
    ranked_by = parts.top.field if parts.top and parts.top.measure else None
    returned = [FieldColumn(field=i.data, stored=True) for i in parts.outputs if i.code == "f" and i.data != ranked_by]
    things = [i.dataset for i in parts.outputs if i.code == "d" and i.dataset not in (None, entity, base)]
    returned += [c for t in things if t and schema.belongs_to(base, t) for c in schema.entity(t)]
    columns = unique(seen_from([*grouping, *subject, *returned], base, schema))
    draft.cost += stretch(columns, base, schema)
    scope.where = in_their_groups(scope.where, columns)
    if counts_each_once(reads, columns, schema):
        raise NotAssembled("each is one of its own kind: there is nothing to count")

    if parts.top is not None and parts.top.about != "ranked" and columns:
        scope.where += [Compare(field=f, op="not_null") for f in may_be_missing([*subject, *grouping], base, schema)]
    known = [Compare(field=key, op="not_null") for key in told_apart(columns, base, schema)]
    scope.where += [c for c in known if c not in scope.where]
    scope.where += in_some_group(reads, columns, schema)
    havings = bounds_on_groups(parts, reads, columns, bool(subject), scope, schema)
    if moved := moved_groups(parts, reads, columns):
        havings.append(moved)
    shown, by = shown_of(parts, reads, columns, draft)
    if parts.share or any(r.share for r in reads):
        shown = shares(reads, columns, scope, shown, schema)
    halves = halves_of(scope) if parts.split else []
    if halves and len(shown) == 1 and (made := [with_where(shown[0], [h]) for h in halves]) and all(made):
        shown = [m for m in made if m]
        scope.where = [c for c in scope.where if c not in halves]
    sides = sides_of(parts)
    labels: dict[int, str] = {}
    if sides is not None and len(shown) == 1:
        shown, labels = each_side(sides, shown[0], scope, schema, parts)
    if reads[0].spread == "count" and havings:
        shown = []
    shown += [h.measure for h in havings if h.measure not in shown and not isinstance(h.measure, Growth)]
    if parts.top and not columns and parts.top.about != "ranked":
        draft.cost += 0.5  # a ranking of nothing
    order, limit, per = ordering(parts, by, columns, grouping, subject)
    period, compare = compared(parts, scope.period, columns, calendar)
    draft.request = Request(
        columns=[*columns, *(measure_column(m, labels.get(n), schema, calendar) for n, m in enumerate(shown))],
        where=scope.where,
        having=havings,
        period=period,
        compare_to=compare,
        order=order,
        limit=limit,
        offset=parts.top.nth - 1 if parts.top and limit else 0,
        limit_per=per,
        across=_across(reads, base, schema),
    )
    return draft


def _across(reads: list[MeasureRead], base: str, schema: Schema) -> Across | None:
    """The things that each have a figure of their own, where a figure over those is asked for."""
    read = next((r for r in reads if r.spread), None)
    if read is None or read.spread is None:
        return None
    if read.each is None and isinstance(read.measure, Aggregate) and read.measure.agg == read.spread:
        return None  # "median price": of the rows themselves
    if read.each is None or len(reads) > 1:
        raise NotAssembled("it does not say of what things each")
    by = [c.model_copy(update={"shown": True}) for c in columns_of(read.each, base, schema)]
    if read.each.kind == "dataset" and (key := schema.key(read.each.target)):
        by = [FieldColumn(field=key)]
    return Across(agg=read.spread, by=by)  # type: ignore[arg-type]
