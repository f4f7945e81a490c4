"""What a request is grouped by: the groups that are said or needed, and the columns that show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.analyst.filters import (
    choose,
    event_with_time,
)
from assistant.analyst.reduce.reads import Group, MeasureRead
from assistant.analyst.roles import NotAssembled, Parts
from assistant.analyst.schema import Schema
from assistant.analyst.sides import sides_of
from knowledge.calendar.spans import default_grain, grain_of
from knowledge.request import (
    Aggregate,
    Arithmetic,
    Compare,
    Condition,
    Exists,
    FieldColumn,
    InWindow,
    MetricRef,
)
from knowledge.request import Any as AnyOf


def groups_of(parts: Parts, reads: list[MeasureRead], base: str, schema: Schema) -> list[Group]:
    """What is grouped by beside the subject: as said, or as a trend, growth or several windows need."""
    subject = parts.subject
    if (
        subject
        and parts.top
        and parts.top.n is None
        and any((g.kind, g.target) == (subject.kind, subject.target) for g in parts.groups)
    ):
        parts.top = replace(parts.top, about="ranked")  # "which city has the most, and how many are in each city?"
    groups = [g for g in parts.groups if subject is None or (g.kind, g.target) != (subject.kind, subject.target)]
    groups = list({(g.kind, str(g.target)): g for g in groups}.values())
    window = parts.filters.window

    def by_time() -> bool:
        return any(g.kind == "grain" for g in groups) or (subject is not None and subject.kind == "grain")

    grains = {grain_of(w) for w in parts.windows}
    time = schema.time_of(base)
    if (
        len(parts.windows) > 1
        and parts.compare is None
        and not by_time()
        and len(grains) == 1
        and None not in grains
        and time
    ):
        groups.append(Group("grain", grains.pop()))
        parts.filters.window = None
        parts.filters.plain.append(AnyOf(of=[InWindow(field=time, window=w) for w in parts.windows]))
    if parts.trend and not by_time():
        groups.append(Group("grain", default_grain(window)))
    if (parts.growth or any(r.growth for r in reads)) and parts.compare is None and not by_time():
        if window is not None:
            parts.compare = "previous_period"
        else:
            groups.append(Group("grain", "month"))
    if (parts.over or any(r.running for r in reads)) and not by_time():
        groups.append(Group("grain", "month" if window is None else default_grain(window)))
    return groups


def grouping_columns(groups: list[Group], parts: Parts, base: str, schema: Schema) -> list[FieldColumn]:
    """The columns of the groups, and of values that are compared with each other."""
    columns = [c for g in groups for c in columns_of(g, base, schema)]
    if parts.split and sides_of(parts) is None:  # values to be compared with each other: "Brooklyn vs Queens"
        for cond in parts.filters.conditions:
            reference, _, _ = choose(cond, [base], schema, parts.filters.mentioned)
            if reference and cond.values > 1 and not cond.negated:
                columns.append(FieldColumn(field=reference))
    return unique(columns)


def columns_of(group: Group | None, base: str, schema: Schema) -> list[FieldColumn]:
    """The columns that group by this. Raises NotAssembled where there is no time to group by."""
    if group is None:
        return []
    if group.kind == "dataset":
        return schema.entity(group.target)
    if group.kind == "field":
        return [FieldColumn(field=group.target)]
    time = schema.time_of(base)
    year = schema.year_number(base) if time is None and group.target == "year" else None
    if year:
        return [FieldColumn(field=year)]
    named = schema.named_part(base, group.target) if group.kind == "part" and time is None else None
    if named:
        return [FieldColumn(field=named[0])]
    if time is None:
        event = event_with_time(base, schema)
        time = schema.time_of(event) if event else None
    if time is None:
        raise NotAssembled("there is no date to group by")
    if group.kind == "grain":
        return [FieldColumn(field=time, grain=group.target)]
    return [FieldColumn(field=time, part=group.target)]


def unique(columns: list[FieldColumn]) -> list[FieldColumn]:
    """Each column once: shown, and as it is stored, if any of the same is."""
    kept: dict[str, FieldColumn] = {}
    for column in columns:
        plain = column.model_copy(update={"stored": False, "shown": True}).model_dump_json()
        first = kept.get(plain, column)
        kept[plain] = first.model_copy(
            update={"shown": first.shown or column.shown, "stored": first.stored or column.stored}
        )
    return list(kept.values())


def groups_by_subject(parts: Parts, reads: list[MeasureRead]) -> bool:
    """The subject groups the result, rather than being what is counted."""
    subject = parts.subject
    if subject is None:
        return False
    if subject.kind == "dataset" and any(r.counted == subject.target for r in reads) and not parts.havings:
        return parts.top is not None
    return True


def seen_from(columns: Sequence[FieldColumn], base: str, schema: Schema) -> list[FieldColumn]:
    """The columns with those of rows that nothing ties to `base` as its own with the same values: departments."""

    def own(column: FieldColumn) -> FieldColumn:
        if not isinstance(column.field, str) or schema.distance(base, schema.owner(column.field)) is not None:
            return column
        pairs = [p for p in schema.model.conformed if column.field in p]
        others = [p[1 - p.index(column.field)] for p in pairs]
        near = [o for o in others if schema.belongs_to(base, schema.owner(o))]
        return column.model_copy(update={"field": near[0]}) if near else column

    return [own(column) for column in columns]


def stretch(columns: list[FieldColumn], base: str, schema: Schema) -> float:
    """What it costs to see the columns from the rows measured. Raises NotAssembled where there is no way."""
    cost = 0.0
    for column in columns:
        if isinstance(column.field, str):
            owner = schema.owner(column.field)
            if schema.distance(base, owner) is None:
                raise NotAssembled("these do not belong together")
            cost += 0.0 if schema.belongs_to(base, owner) else 0.15
    return cost


def may_be_missing(columns: list[FieldColumn], base: str, schema: Schema) -> list[str]:
    """The fields that name the best or worst of something, where rows may have none: nobody is not the best."""
    named = [c.field for c in columns if isinstance(c.field, str) and not c.grain and not c.part]
    owners = list(dict.fromkeys(schema.owner(f) for f in named))
    found = []
    for owner in owners:
        own = [f for f in named if schema.owner(f) == owner]
        optional = owner != base and schema.belongs_to(base, owner) and schema.may_lack(base, owner)
        empty = next((f for f in own if schema.field(f).nulls > 0), None)
        if empty is not None:
            found.append(empty)
        elif optional:
            found.append(schema.key(owner) or own[0])
    return found


def told_apart(columns: list[FieldColumn], base: str, schema: Schema) -> list[str]:
    """ "by plan", where some rows are of no plan, or of one that is no longer kept: the keys that the others have."""
    owners = [schema.owner(c.field) for c in columns if isinstance(c.field, str) and "@" not in c.field]
    lost = [o for o in dict.fromkeys(owners) if o != base and schema.belongs_to(base, o) and schema.may_lose(base, o)]
    return [key for o in lost if (key := schema.key(o))]


def in_their_groups(where: Sequence[Condition], columns: Sequence[FieldColumn]) -> list[Condition]:
    """What related rows must be, where they are grouped by that: of "members who quit vs those who stayed" those two
    groups only, rather than all groups of members who are in either."""
    fields = [c.field for c in columns]

    def in_group(made: Condition) -> Condition:
        only = made.where[0] if isinstance(made, Exists) and len(made.where) == 1 and not made.negated else None
        return only if isinstance(only, Compare) and only.field in fields else made

    return [in_group(made) for made in where]


def in_some_group(reads: list[MeasureRead], columns: list[FieldColumn], schema: Schema) -> list[Condition]:
    """ "authors per organization by continent": those of no organization have no continent, and no such figure."""
    found: list[Condition] = []
    for read in reads:
        right = read.measure.right if isinstance(read.measure, Arithmetic) and read.measure.op == "/" else None
        thing = right.dataset if isinstance(right, Aggregate) and right.agg == "count" and right.of is None else None
        key = schema.key(thing) if thing else None
        if key and any(schema.owner(str(c.field)) == thing for c in columns if c.shown):
            found.append(Compare(field=key, op="not_null"))
    return found


def counts_each_once(reads: list[MeasureRead], columns: list[FieldColumn], schema: Schema) -> bool:
    """Rows counted for each of these rows: always one."""
    measure = reads[0].measure if len(reads) == 1 else None
    counted = None
    if isinstance(measure, Aggregate) and measure.agg == "count" and not measure.where:
        counted = measure.dataset
    elif isinstance(measure, MetricRef) and not measure.where:
        counted = schema.rows_counted(schema.model.metric(measure.metric))
    return counted is not None and any(c.field == schema.key(counted) and not c.grain for c in columns)
