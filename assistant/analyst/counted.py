"""Which rows a figure is of, where the words around it say more than its noun: the month's buyers rather than the
members who joined in it, the policies an agent is tied to, a figure for each of something."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.filters import choose, event_of
from assistant.analyst.reduce.measures import per_entity
from assistant.analyst.reduce.reads import MeasureRead
from assistant.analyst.roles import Parts, subject_dataset
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Arithmetic, MetricRef


def in_their_time(read: MeasureRead, parts: Parts, schema: Schema) -> MeasureRead:
    """ "how many customers bought a car each month": of each month's sales, not those who joined in it."""
    thing = read.counted
    if thing is None or not (
        any(g.kind in ("grain", "part") for g in parts.groups) or _elsewhere(thing, parts, schema)
    ):
        return read
    for related in parts.filters.related:
        own = schema.belongs_to(related.dataset, thing)
        event = related.dataset if own else event_of(thing, [related.dataset], schema)
        if related.negated or related.at_least > 1 or (counted := _those_of(thing, event, schema)) is None:
            continue
        parts.filters.related.remove(related)
        parts.filters.conditions += related.conditions
        parts.filters.window = related.window or parts.filters.window
        return replace(read, measure=counted, datasets=(str(event),), counted=None)
    event = _deed_of(thing, parts, schema)
    counted = _those_of(thing, event, schema)
    return replace(read, measure=counted, datasets=(str(event),), counted=None) if counted else read


def _elsewhere(thing: str, parts: Parts, schema: Schema) -> bool:
    """ "visitors per hall in 2025": told by what only the visits know, and when these were."""
    owners = [str(g.target) if g.kind == "dataset" else schema.owner(str(g.target)) for g in parts.groups]
    return bool(owners and parts.windows) and not any(schema.belongs_to(thing, o) for o in owners)


def _those_of(thing: str, event: str | None, schema: Schema) -> Aggregate | None:
    """How many different ones the rows of a happening are of, where these have a time of their own."""
    key = next((r for r in schema.model.relationships if r.many == event and r.one == thing), None)
    if event is None or key is None or len(key.many_fields) > 1 or not schema.model.dataset(event).default_time:
        return None
    return Aggregate(agg="count_distinct", of=f"{event}.{key.many_fields[0]}", dataset=event)


def _deed_of(thing: str, parts: Parts, schema: Schema) -> str | None:
    """The one happening that a verb and the conditions are about: "members who paid per month. Only … *successful
    payments*"."""
    filters = parts.filters
    if filters.related or filters.absent or any(c.negated or c.both for c in filters.conditions):
        return None
    told = [schema.owner(r) for c in filters.conditions if (r := choose(c, [thing], schema, filters.mentioned)[0])]
    events = {d for d in (*filters.done, *filters.present) if schema.belongs_to(d, thing) and d != thing}
    events |= {e for o in told if not schema.belongs_to(thing, o) if (e := event_of(thing, [o], schema))}
    return events.pop() if len(events) == 1 and parts.verbs else None


def in_their_rows(read: MeasureRead, parts: Parts, schema: Schema) -> MeasureRead:
    """ "how many policies by agent": of the rows that tie a policy to somebody, those that tie it to an agent."""
    thing = read.counted
    owners = {schema.owner(str(g.target)) for g in parts.groups if g.kind == "field"}
    ties = [o for o in owners if thing and o != thing and schema.belongs_to(o, thing)] if len(owners) > 1 else [*owners]
    if thing is None or len(ties) != 1 or not isinstance(read.measure, Aggregate) or read.measure.where:
        return read
    tie = ties[0]
    if not all(schema.belongs_to(tie, o) for o in owners):
        return read
    key = next((r for r in schema.model.relationships if r.many == tie and r.one == thing), None)
    told = [schema.owner(r) for c in parts.filters.conditions for r, _ in c.options[:1] if r]
    of_ties = any(schema.belongs_to(tie, o) and not schema.belongs_to(thing, o) for o in told)
    if key is None or len(key.many_fields) > 1 or not of_ties:
        return read
    counted = Aggregate(agg="count_distinct", of=f"{tie}.{key.many_fields[0]}", dataset=tie)
    return replace(read, measure=counted, datasets=(tie,), counted=None)


def over_entities(read: MeasureRead, parts: Parts) -> MeasureRead:
    """A metric that counts things, made a count of the things themselves where what they did or did not do decides."""
    filters = parts.filters
    decides = (
        filters.absent
        or filters.present
        or filters.related
        or parts.havings
        or any(c.negated or c.both for c in filters.conditions)
    )
    if read.counted and isinstance(read.measure, MetricRef) and decides:
        return replace(read, measure=Aggregate(agg="count", dataset=read.counted), datasets=(read.counted,))
    return read


def per_group(reads: list[MeasureRead], parts: Parts, schema: Schema) -> list[MeasureRead]:
    """ "which age group spends the most per household", "discount per basket by month": per is a division where
    something else is asked about, or grouped by."""
    owner = subject_dataset(parts, schema)
    if any(not g.per for g in parts.groups) and parts.top is None:
        each = [g for g in parts.groups if g.kind == "dataset" and g.per]
        dealt = each and _is_dealt(str(each[0].target), schema)
        plain = all(
            r.datasets and not r.averaged and not r.spread and isinstance(r.measure, Aggregate | MetricRef)
            for r in reads
        )
        if len(each) == 1 and dealt and plain and all(_adds_up(r, schema) for r in reads):
            parts.groups.remove(each[0])
            return [_per(r, str(each[0].target), parts, schema) for r in reads]
    per = next(
        (
            g
            for g in parts.groups
            if g.kind == "dataset"
            and g.per
            and not g.in_each
            and parts.top
            and parts.subject
            and (parts.subject.kind != "dataset" or owner != g.target)
            and not isinstance(reads[0].measure, Arithmetic)
            and (parts.top.measure or parts.measures or parts.verbs)
        ),
        None,
    )
    if per is None or parts.top is None or parts.top.n is not None or parts.top.about == "ranked":
        return reads
    parts.groups.remove(per)
    made = [per_entity(r, per.target, schema) if r.datasets and r.counted != per.target else r for r in reads]
    if parts.top.measure:
        parts.top = replace(parts.top, measure=made[0])
    return made


def _per(read: MeasureRead, thing: str, parts: Parts, schema: Schema) -> MeasureRead:
    """ "claims per order by region": over all orders, with or without claims, where they can be told by region, too."""
    owners = [g.target if g.kind == "dataset" else schema.owner(g.target) for g in parts.groups
              if g.kind in ("dataset", "field")]  # fmt: skip
    owners += [schema.owner(r) for c in parts.filters.conditions for r, _ in c.options[:1] if r]
    happens = schema.time_of(thing) is not None and not schema.is_person(thing)
    if happens and read.datasets[0] != thing and all(schema.belongs_to(thing, o) for o in owners):
        every = Aggregate(agg="count", dataset=thing)
        return MeasureRead(Arithmetic(op="/", left=read.total or read.measure, right=every), read.datasets)
    return per_entity(read, thing, schema)


def _is_dealt(thing: str, schema: Schema) -> bool:
    """What figures are divided by rather than told of each: visits, people, happenings without names."""
    nameless = schema.model.dataset(thing).name_field is None and schema.time_of(thing) is not None
    return schema.is_visit(thing) or schema.is_person(thing) or nameless


def _adds_up(read: MeasureRead, schema: Schema) -> bool:
    if isinstance(read.measure, MetricRef):
        return schema.model.metric(read.measure.metric).additivity == "additive"
    return isinstance(read.measure, Aggregate) and read.measure.agg in ("sum", "count")
