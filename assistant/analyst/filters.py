"""Conditions found in a question, turned into conditions of a request about a given dataset or measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.analyst.reduce.reads import Cond, HavingRead, value_condition
from assistant.analyst.schema import Schema
from knowledge.request import (
    Aggregate,
    Arithmetic,
    Compare,
    Condition,
    Exists,
    FieldColumn,
    Having,
    InPart,
    InWindow,
    Measure,
    MeasureColumn,
    MetricRef,
    Not,
    Number,
    Request,
    SubResult,
    Window,
)


@dataclass
class Related:
    """Rows of a dataset that what is asked about must have (or, negated, must not have), with conditions of their own:
    "authors who have written *publications in 2020*"."""

    dataset: str
    negated: bool = False
    conditions: list[Cond] = field(default_factory=list)
    window: Window | None = None
    at_least: int = 1


@dataclass
class Filters:
    """What the question restricts, before it is known which rows are asked about."""

    conditions: list[Cond] = field(default_factory=list)
    plain: list[Condition] = field(default_factory=list)
    """Conditions whose field is settled (a date field's window, a part of a time)."""
    absent: list[str] = field(default_factory=list)
    """Datasets of which the subject must have no rows ("customers without orders")."""
    absent_windows: bool = False
    """The window is about what did not happen ("did not order in March")."""
    present: list[str] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    window: Window | None = None
    parts: list[tuple[str, list[int]]] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)
    """Datasets that the question names: their fields are likelier to be meant."""
    done: set[str] = field(default_factory=set)
    """Datasets of the deeds that its verbs name: "ordered"."""
    deed: bool = False
    """A verb says that something was done, though not what rows tell of it: "bought"."""


def choose(
    cond: Cond, bases: list[str], schema: Schema, mentioned: frozenset[str] | set[str] = frozenset()
) -> tuple[str | None, Condition, float]:
    """The option of a condition that fits best with the datasets asked about, and what the choice costs (0 is
    nothing)."""

    def cost(option: tuple[str | None, Condition]) -> float:
        reference = option[0]
        if reference is None:
            return 0.0
        owner = schema.owner(reference)
        distances = [schema.distance(base, owner) for base in bases if base in schema._distances]
        if not distances:
            return 0.0
        if any(d is None for d in distances):
            return 9.0
        far = float(max(d for d in distances if d is not None))
        if owner in mentioned:
            return 0.0
        up = all(schema.belongs_to(base, owner) for base in bases)
        return far * (0.1 if up else 0.25)

    ranked = sorted(enumerate(cond.options), key=lambda pair: (cost(pair[1]) + 0.12 * pair[0], pair[0]))
    best = ranked[0][1]
    return best[0], best[1], cost(best)


def positive(condition: Condition) -> Condition:
    """The same condition without its negation."""
    if isinstance(condition, Compare):
        undo = {"!=": "=", "not_in": "in", "not_contains": "contains", "not_null": "is_null"}
        if condition.op in undo:
            return condition.model_copy(update={"op": undo[condition.op]})
    return condition.of if isinstance(condition, Not) else condition


def negative(condition: Condition) -> Condition:
    """The condition negated, whether or not it is already."""
    if isinstance(condition, Compare):
        turn = {"=": "!=", "in": "not_in", "contains": "not_contains", "is_null": "not_null"}
        if condition.op in turn:
            return condition.model_copy(update={"op": turn[condition.op]})
        return condition if condition.op in turn.values() else Not(of=condition)
    return Not(of=condition)


def event_of(
    subject: str, owners: list[str], schema: Schema, mentioned: frozenset[str] | set[str] = frozenset()
) -> str | None:
    """The dataset of things that happened to the subject (or to what it belongs to, first of all what is `mentioned`)
    in which all the fields asked about can be seen."""
    parents = schema.parents(subject)
    for parent in sorted(parents, key=lambda p: (p != subject, p not in mentioned, parents.index(p))):
        for child in schema.children(parent):
            if child != subject and all(schema.belongs_to(child, owner) for owner in owners):
                return child
    return None


def event_with_time(subject: str, schema: Schema) -> str | None:
    children = [c for c in schema.children(subject) if schema.model.dataset(c).default_time]
    facts = schema.facts()
    return min(children, key=facts.index) if children else None


def conditions_on(filters: Filters, base: str, schema: Schema) -> tuple[list[Condition], Window | None, float]:
    """The conditions on rows of `base`; the window that is left for the request's period; and what it cost.

    What can be seen from a row of `base` (itself and what it belongs to) is a plain condition. What can't is a
    condition on the existence of related rows; windows and parts of times go with those when `base` has no time of
    its own.
    """
    where: list[Condition] = list(filters.plain)
    cost = 0.0
    inside: dict[str, list[Condition]] = {}
    outside: dict[str, list[Condition]] = {}
    separate: list[Condition] = []
    for cond in filters.conditions:
        reference, condition, far = choose(cond, [base], schema, filters.mentioned)
        cost += far
        owner = schema.owner(reference) if reference else base
        if schema.belongs_to(base, owner):
            where.append(negative(condition) if cond.negated else condition)
            continue
        said = (d for d in sorted(filters.done) if d != base and all(schema.belongs_to(d, o) for o in (base, owner)))
        event = next(said, None) or event_of(base, [owner], schema, filters.mentioned)
        if event is not None and (event in filters.done or filters.deed):
            cost -= 0.8 * far  # the question says by what deed
        if event is None:
            cost += 2.0
            where.append(condition)
        elif cond.negated:
            outside.setdefault(event, []).append(positive(condition))
        elif (
            cond.both and isinstance(condition, Compare) and condition.op == "in" and isinstance(condition.value, list)
        ):
            separate += [Exists(dataset=event, where=[one]) for one in _each(cond, condition)]
        else:
            inside.setdefault(event, []).append(condition)
    lacking = {schema.points_to(str(c.field)) for c in where if isinstance(c, Compare) and c.op == "is_null"}
    for name in filters.absent:
        if name in lacking:
            continue  # "trips without a guide": no more is meant than that they refer to none
        outside.setdefault(_event_for(base, name, schema), [])
    for name in filters.present:
        if not schema.belongs_to(base, name):
            inside.setdefault(_event_for(base, name, schema), [])
    for related in filters.related:
        made, spent = _on_related(related, base, schema)
        where += made
        cost += spent
    window = filters.window
    timed: list[Condition] = []
    own_time = schema.model.dataset(base).default_time is not None or schema.is_line(base)
    # A parent's time is not the subject's own: products do not happen on the day their supplier was founded.
    if window is not None and (inside or outside or not own_time):
        event = next(iter(outside if outside and not inside else inside), None) or event_with_time(base, schema)
        time = schema.time_of(event) if event else None
        if event and time and (not own_time or filters.absent_windows or inside or outside):
            timed.append(InWindow(field=time, window=window))
            (outside if event in outside and event not in inside else inside).setdefault(event, []).extend(timed)
            window = None
    for part, numbers in filters.parts:
        named = schema.named_part(base, part) if schema.time_of(base) is None else None
        if named:
            where.append(Compare(field=named[0], op="in", value=[named[1][n] for n in numbers if n in named[1]]))
            continue
        time = (
            schema.time_of(base) if own_time and not timed else None
        )  # "who came on a Sunday last month": when they came
        if time:
            where.append(InPart(kind="part", field=time, part=part, values=numbers))  # type: ignore[arg-type]
            continue
        event = next(iter(inside), None) or event_with_time(base, schema)
        time = schema.time_of(event) if event else schema.time_of(base)
        if time and event:
            inside.setdefault(event, []).append(InPart(kind="part", field=time, part=part, values=numbers))  # type: ignore[arg-type]
        elif time:
            where.append(InPart(kind="part", field=time, part=part, values=numbers))  # type: ignore[arg-type]
    if window is not None and schema.time_of(base) is None and (years := _in_years(window, base, schema)):
        where.append(years)
        window = None
    where = list({c.model_dump_json(): c for c in where}.values())  # what is said twice holds once
    where += separate
    where += [Exists(dataset=event, where=conditions) for event, conditions in inside.items()]
    where += [Exists(dataset=event, where=conditions, negated=True) for event, conditions in outside.items()]
    return where, window, cost


def _in_years(window: Window, base: str, schema: Schema) -> Condition | None:
    """Whole years, where the data has only the number of the year."""
    year = schema.year_number(base)
    whole = all(t is None or (t.month == 1 and t.day == 1 and t.hour == 0) for t in (window.start, window.end))
    if year is None or not whole:
        return None
    first = window.start.year if window.start else None
    last = window.end.year - 1 if window.end else None
    if first is not None and last is not None:
        return (
            Compare(field=year, op="between", value=[first, last])
            if first != last
            else Compare(field=year, op="=", value=first)
        )
    if first is not None:
        return Compare(field=year, op=">=", value=first)
    return Compare(field=year, op="<=", value=last)


def _on_related(related: Related, base: str, schema: Schema) -> tuple[list[Condition], float]:
    """The conditions on `base` that it has related rows, and what they cost."""
    inner = Filters(conditions=related.conditions, window=related.window, mentioned={related.dataset})
    if schema.belongs_to(base, related.dataset) and not related.negated:
        made, window, cost = conditions_on(inner, base, schema)
        time = schema.time_of(related.dataset)
        if window is not None and time:
            made.append(InWindow(field=time, window=window))
        return made, cost
    event = _event_for(base, related.dataset, schema)
    apart = next((c for c in related.conditions if c.both and _values_of(c)), None)
    if apart is not None and not related.negated:  # "both a dine-in and a delivery order": rows of their own
        rest = [c for c in related.conditions if c is not apart]
        each: list[Condition] = []
        spent = 0.0
        for one in _values_of(apart):
            found, cost = _on_related(replace(related, conditions=[*rest, one]), base, schema)
            each, spent = [*each, *found], spent + cost
        return each, spent
    made, window, cost = conditions_on(inner, event, schema)
    time = schema.time_of(event)
    if window is not None and related.window is not None:
        if time is None:
            return [], cost + 2.0
        made.append(InWindow(field=time, window=window))
    exists = Exists(dataset=event, where=made, negated=related.negated, at_least=related.at_least)
    return [exists], cost


def _each(cond: Cond, condition: Compare) -> list[Compare]:
    """A condition for each thing that is named; one ("milk") may stand for several values."""
    assert isinstance(condition.value, list)
    told = [v for _, stored in cond.sides for v in stored]
    all_told = sorted(map(str, told)) == sorted(map(str, condition.value))
    named = [list(stored) for _, stored in cond.sides] if all_told else [[v] for v in condition.value]
    made = [value_condition(str(condition.field), stored, False) for stored in named]
    return [c for c in made if isinstance(c, Compare)]


def _values_of(cond: Cond) -> list[Cond]:
    """The condition for each of its values."""
    apart = []
    for reference, condition in cond.options[:1]:
        if isinstance(condition, Compare) and condition.op == "in" and isinstance(condition.value, list):
            apart += [replace(cond, options=((reference, one),), both=False) for one in _each(cond, condition)]
    return apart


def _event_for(base: str, name: str, schema: Schema) -> str:
    if schema.belongs_to(name, base):
        return name
    return event_of(base, [name], schema) or name


def bound_on_rows(having: HavingRead, base: str, schema: Schema) -> Condition | None:
    """A bound that is about a number of each row of `base` ("price over 100"), if that is what it can be."""
    reference = having.field
    if reference is None and isinstance(having.measure, MetricRef) and not schema.key(base):
        # Rows that nothing tells apart ("purchase lines with at least 50 units") are bounded one by one.
        summed = schema.summed_by(schema.model.metric(having.measure.metric))
        reference = summed if summed and schema.owner(summed) == base else None
    if reference is None and having.measure is None:
        if having.average:
            return None
        hints = tuple(having.dataset.split("|")) if having.dataset else ("price", "amount", "value", "cost", "total")
        reference = schema.about(base, hints, near=False)
        paid = schema.currencies(base) if having.money else []
        if paid and reference not in paid:  # "over 200 euros": not minutes
            reference = paid[0] if len(paid) == 1 else None
    if reference is None or not schema.belongs_to(base, schema.owner(reference)):
        return None
    if having.average:
        own = [ref for g in having.per if (ref := str(g.target) if g.kind == "field" else schema.key(str(g.target)))]
        if len(own) < len(having.per) or not all(schema.belongs_to(base, schema.owner(f)) for f in own):
            return None
        average = MeasureColumn(measure=Aggregate(agg=having.over, of=reference))
        groups = Request(columns=[*(FieldColumn(field=f) for f in own), average])
        mean = SubResult(request=groups, times=having.factor, per=own)
        return Compare(field=reference, op=having.op, value=mean)
    return Compare(field=reference, op=having.op, value=having.value)


def bound_on_groups(
    having: HavingRead, measure: Measure, groups: list[FieldColumn], where: list[Condition], period: Window | None
) -> Having:
    """A bound on each group's measure: a number, or the average over the groups."""
    if not having.average:
        return Having(measure=measure, op=having.op, value=float(having.value or 0))
    if having.overall:
        whole = Request(columns=[MeasureColumn(measure=measure)], where=where, period=period)
        return Having(measure=measure, op=having.op, value=SubResult(request=whole, times=having.factor))
    across = Request(columns=[*groups, MeasureColumn(measure=measure)], where=where, period=period)
    return Having(measure=measure, op=having.op, value=SubResult(request=across, agg=having.over, times=having.factor))


def among(
    subject: str, havings: list[Having], where: list[Condition], period: Window | None, schema: Schema
) -> Condition | None:
    """Membership of the subject's rows that satisfy a condition on their measures, for counting them."""
    key = schema.key(subject)
    if key is None:
        return None
    inner = Request(columns=[FieldColumn(field=key)], where=where, having=havings, period=period)
    return Compare(field=key, op="in", value=SubResult(request=inner))


def contradicts_itself(where: Sequence[Condition]) -> bool:
    """What no row can meet: a condition and its opposite."""
    return any(negative(one) == other for one in where for other in where if one != other)


def with_where(measure: Measure, where: list[Condition]) -> Measure | None:
    """The measure computed over fewer rows; None for those that can't take a condition."""
    if isinstance(measure, MetricRef | Aggregate):
        return measure.model_copy(update={"where": [*measure.where, *where]})
    if isinstance(measure, Arithmetic):
        left, right = with_where(measure.left, where), with_where(measure.right, where)
        return measure.model_copy(update={"left": left, "right": right}) if left and right else None
    return measure if isinstance(measure, Number) else None
