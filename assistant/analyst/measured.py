"""Requests with measures: totals, groups, rankings, comparisons, shares, growth."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.analyst.counted import in_their_rows, in_their_time, over_entities, per_group
from assistant.analyst.filters import (
    among,
    bound_on_groups,
    bound_on_rows,
    choose,
    conditions_on,
    event_with_time,
    with_where,
)
from assistant.analyst.implied import implied_measures
from assistant.analyst.item import Item
from assistant.analyst.reduce.measures import averaged_rows
from assistant.analyst.reduce.reads import Cond, Group, MeasureRead, measure_of, value_condition
from assistant.analyst.roles import NotAssembled, Parts, subject_dataset
from assistant.analyst.schema import Schema
from assistant.reading import describe_measure
from knowledge.calendar import Calendar
from knowledge.calendar.spans import default_grain, grain_of
from knowledge.request import (
    Across,
    Aggregate,
    Arithmetic,
    Compare,
    Condition,
    Exists,
    FieldColumn,
    Growth,
    Having,
    InPart,
    InWindow,
    Measure,
    MeasureColumn,
    MetricRef,
    Order,
    Rank,
    Request,
    Running,
    Share,
    Window,
)
from knowledge.request import Any as AnyOf


@dataclass
class Draft:
    request: Request
    cost: float = 0.0
    """What had to be assumed or stretched: 0 is nothing."""
    guesses: list[str] = field(default_factory=list)
    """Assumptions worth telling the reader."""


@dataclass
class _Scope:
    """The rows that are measured: their dataset, the conditions on them, and their period."""

    base: str
    where: list[Condition]
    period: Window | None


def measured_request(parts: Parts, schema: Schema, calendar: Calendar) -> Draft:
    """Raises NotAssembled."""
    draft = Draft(Request())
    entity = parts.subject.target if parts.subject and parts.subject.kind == "dataset" else None
    if parts.how_much and entity and not (parts.top or parts.havings or parts.outputs or parts.groups):
        parts.subject = None  # "how much do married customers spend?": all of them together
    if parts.split and parts.subject and parts.subject.kind == "dataset" and not parts.top:
        told = {schema.owner(r) for c in parts.filters.conditions if c.split for r, _ in c.options[:1] if r}
        if parts.subject.target in told:
            parts.subject = None  # "type A vs type B campaigns": the sides, not each campaign
    reads = [over_entities(r, parts) for r in per_group(_measures(parts, schema, draft), parts, schema)]
    reads = [in_their_time(in_their_rows(reads[0], parts, schema), parts, schema)] if len(reads) == 1 else reads
    owners = [d for r in reads for d in r.datasets]
    detailed = next((d for d in owners if all(schema.belongs_to(d, other) for other in owners)), None)
    base = detailed or next(iter(owners), None) or subject_dataset(parts, schema) or schema.facts()[0]
    groups = _groups(parts, reads, base, schema)
    where, period, cost = conditions_on(parts.filters, base, schema)
    draft.cost += cost
    scope = _Scope(base, where, period)

    grouping = _columns(groups, parts, base, schema)
    subject = columns_of(parts.subject, base, schema) if _groups_by_subject(parts, reads) else []
    ranked_by = parts.top.field if parts.top and parts.top.measure else None
    returned = [FieldColumn(field=i.data, stored=True) for i in parts.outputs if i.code == "f" and i.data != ranked_by]
    things = [i.dataset for i in parts.outputs if i.code == "d" and i.dataset not in (None, entity, base)]
    returned += [c for t in things if t and schema.belongs_to(base, t) for c in schema.entity(t)]
    columns = unique([*grouping, *subject, *returned])
    draft.cost += _stretch(columns, base, schema)
    if _counts_each_once(reads, columns, schema):
        raise NotAssembled("each is one of its own kind: there is nothing to count")

    if parts.top is not None and parts.top.about != "ranked" and columns:
        scope.where += [Compare(field=f, op="not_null") for f in may_be_missing([*subject, *grouping], base, schema)]
    known = [Compare(field=key, op="not_null") for key in _told_apart(columns, base, schema)]
    scope.where += [c for c in known if c not in scope.where]
    scope.where += _in_some_group(reads, columns, schema)
    havings = _bounds(parts, reads, columns, bool(subject), scope, schema)
    if moved := _moved(parts, reads, columns):
        havings.append(moved)
    shown, by = _shown(parts, reads, columns, draft)
    if parts.share or any(r.share for r in reads):
        shown = _shares(reads, columns, scope, shown, schema)
    halves = _halves(scope) if parts.split else []
    if halves and len(shown) == 1 and (made := [with_where(shown[0], [h]) for h in halves]) and all(made):
        shown = [m for m in made if m]
        scope.where = [c for c in scope.where if c not in halves]
    sides = _sides(parts)
    labels: dict[int, str] = {}
    if sides is not None and len(shown) == 1:
        shown, labels = _each_side(sides, shown[0], scope, schema, parts)
    if reads[0].spread == "count" and havings:
        shown = []
    shown += [h.measure for h in havings if h.measure not in shown and not isinstance(h.measure, Growth)]
    if parts.top and not columns and parts.top.about != "ranked":
        draft.cost += 0.5  # a ranking of nothing
    order, limit, per = _ordering(parts, by, columns, grouping, subject)
    period, compare = _compared(parts, scope.period, columns, calendar)
    draft.request = Request(
        columns=[*columns, *(_column(m, labels.get(n), schema, calendar) for n, m in enumerate(shown))],
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


def _counts_each_once(reads: list[MeasureRead], columns: list[FieldColumn], schema: Schema) -> bool:
    """Rows counted for each of these rows: always one."""
    measure = reads[0].measure if len(reads) == 1 else None
    counted = None
    if isinstance(measure, Aggregate) and measure.agg == "count" and not measure.where:
        counted = measure.dataset
    elif isinstance(measure, MetricRef) and not measure.where:
        counted = schema.rows_counted(schema.model.metric(measure.metric))
    return counted is not None and any(c.field == schema.key(counted) and not c.grain for c in columns)


def _in_some_group(reads: list[MeasureRead], columns: list[FieldColumn], schema: Schema) -> list[Condition]:
    """ "authors per organization by continent": those of no organization have no continent, and no such figure."""
    found: list[Condition] = []
    for read in reads:
        right = read.measure.right if isinstance(read.measure, Arithmetic) and read.measure.op == "/" else None
        thing = right.dataset if isinstance(right, Aggregate) and right.agg == "count" and right.of is None else None
        key = schema.key(thing) if thing else None
        if key and any(schema.owner(str(c.field)) == thing for c in columns if c.shown):
            found.append(Compare(field=key, op="not_null"))
    return found


def _told_apart(columns: list[FieldColumn], base: str, schema: Schema) -> list[str]:
    """ "by plan", where some rows are of no plan, or of one that is no longer kept: the keys that the others have."""
    owners = [schema.owner(c.field) for c in columns if isinstance(c.field, str) and "@" not in c.field]
    lost = [o for o in dict.fromkeys(owners) if o != base and schema.belongs_to(base, o) and schema.may_lose(base, o)]
    return [key for o in lost if (key := schema.key(o))]


def _moved(parts: Parts, reads: list[MeasureRead], columns: list[FieldColumn]) -> Having | None:
    """ "which departments grew from May to June?": those that did, not all of them."""
    growth = parts.growth or reads[0].growth
    if not (growth and parts.asks_which and parts.compare is not None and columns) or parts.top or parts.havings:
        return None
    if any(c.grain for c in columns) or len(reads) > 1:
        return None
    return Having(measure=Growth(of=reads[0].measure, form="difference"), op="<" if parts.declines else ">", value=0.0)


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


def _column(measure: Measure, label: str | None, schema: Schema, calendar: Calendar) -> MeasureColumn:
    if label is None and (isinstance(measure, Arithmetic) or getattr(measure, "where", None)):
        said = describe_measure(measure, schema.model, calendar)
        label = said[:1].upper() + said[1:]
    return MeasureColumn(measure=measure, label=label)


def _sides(parts: Parts) -> Cond | None:
    """The compared values, where one of them stands for several stored ones ("beer vs wine")."""
    if not parts.split:
        return None
    return next((c for c in parts.filters.conditions if len(c.sides) > 1 and any(len(v) > 1 for _, v in c.sides)), None)


def _halves(scope: _Scope) -> list[Condition]:
    """Two parts of time that are compared: weekends with weekdays, mornings with evenings."""
    found: list[Condition] = [c for c in scope.where if isinstance(c, InPart)]
    parts = {c.part for c in found if isinstance(c, InPart)}
    if len(found) == 2 and len(parts) == 1:
        return found
    there = [c for c in scope.where if isinstance(c, Exists) and not c.where]
    if len(there) == 2 and there[0].dataset == there[1].dataset and there[0].negated != there[1].negated:
        return list(there)
    known = [c for c in scope.where if isinstance(c, Compare) and c.op in ("not_null", "is_null")]
    if len(known) == 2 and known[0].field == known[1].field and known[0].op != known[1].op:
        return list(known)
    compared = [c for c in scope.where if isinstance(c, Compare) and c.op in ("=", "!=")]
    opposite = len(compared) == 2 and compared[0].field == compared[1].field and compared[0].op != compared[1].op
    return list(compared) if opposite else []


def _each_side(
    cond: Cond, measure: Measure, scope: _Scope, schema: Schema, parts: Parts
) -> tuple[list[Measure], dict[int, str]]:
    """The measure over the rows of each side, and what each is called."""
    reference, condition, _ = choose(cond, [scope.base], schema, parts.filters.mentioned)
    if reference is None or condition not in scope.where or reference != cond.options[0][0]:
        return [measure], {}
    made = [with_where(measure, [value_condition(reference, list(values), False)]) for _, values in cond.sides]
    kept = [m for m in made if m is not None]
    if len(kept) < len(made):
        return [measure], {}
    return kept, {n: name for n, (name, _) in enumerate(cond.sides)}


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


# --- what is measured ------------------------------------------------------------------------------------------------


def _measures(parts: Parts, schema: Schema, draft: Draft) -> list[MeasureRead]:
    reads = list(parts.measures)
    for item in [i for i in parts.outputs if i.code == "f" and reads and _is_summed_up(i, parts, schema)]:
        parts.outputs.remove(item)
        read = measure_of(item, schema)
        reads += [read] if read and all(r.measure != read.measure for r in reads) else []
    parts.outputs = [i for i in parts.outputs if not _is_measured(i, reads)]
    reads += [r for i in parts.outputs if i.code in "mM" and (r := measure_of(i, schema)) and r not in reads]
    by = _order_measure(parts)
    alone = parts.top and parts.top.field and parts.subject is None and not parts.groups and not reads
    if by and all(by.measure != r.measure for r in reads) and not alone:
        reads.append(by)
    if not reads:
        reads, guess = implied_measures(parts, schema)
        if guess:
            draft.guesses.append(guess)
            draft.cost += 0.3
    reads = list({_plain(r.measure, schema).model_dump_json(): r for r in reversed(reads)}.values())[::-1]
    if not reads:
        raise NotAssembled("it does not say what to measure")
    draft.cost += 0.4 * sum(r.averaged and isinstance(r.measure, Aggregate) and r.measure.agg == "count" for r in reads)
    for n, read in enumerate(reads):
        if read.averaged and isinstance(read.measure, MetricRef):
            reads[n] = averaged_rows(read, schema)
            whole = schema.model.metric(read.measure.metric).additivity == "additive"
            draft.cost += 0.6 * (reads[n].averaged and whole)
            if parts.top and parts.top.measure == read:
                parts.top = replace(parts.top, measure=reads[n])
            if parts.order_by == read:
                parts.order_by = reads[n]
    return reads


def _plain(measure: Measure, schema: Schema) -> Measure:
    """A metric that is only a sum as that sum, to tell whether two are the same."""
    field = schema.summed_by(schema.model.metric(measure.metric)) if isinstance(measure, MetricRef) else None
    if field is None or not isinstance(measure, MetricRef):
        return measure
    return Aggregate(agg="sum", of=field, where=measure.where)


def _is_summed_up(item: Item, parts: Parts, schema: Schema) -> bool:
    """A number to return that is not the subject's own: "each merchant's name and revenue amount"."""
    subject = subject_dataset(parts, schema)
    owner = schema.owner(str(item.data))
    own = subject is None or schema.belongs_to(subject, owner)
    if parts.groups and parts.measures and schema.adds_up(str(item.data)) and not parts.top:
        own = False  # "payments by method: count and amount"
    return not own and schema.is_number(str(item.data)) and schema.field(str(item.data)).role == "measure"


def _is_measured(item: Item, reads: list[MeasureRead]) -> bool:
    """ "What is the total price by buyer? Return the buyer *and the price*": the total."""
    of = [r.measure.of for r in reads if isinstance(r.measure, Aggregate) and r.measure.agg in ("sum", "avg")]
    return item.code == "f" and item.data in of


def _order_measure(parts: Parts) -> MeasureRead | None:
    return parts.order_by or (parts.top.measure if parts.top else None)


def _shown(
    parts: Parts, reads: list[MeasureRead], columns: list[FieldColumn], draft: Draft
) -> tuple[list[Measure], Measure]:
    """The measures to show, with growth, running totals and ranks as asked; and the one to order by."""
    shown: list[Measure] = []
    grained = any(c.grain for c in columns)
    for read in reads:
        shown.append(read.measure)
        growth, running = read.growth or parts.growth, read.running or parts.over
        if growth and grained and parts.compare is None:
            shown += [Growth(of=read.measure, form="difference")] if growth == "difference" else []
            shown.append(Growth(of=read.measure, form="percent"))
        if running:
            agg, _, window = running.partition(":")
            width = int(window) if window else None
            shown.append(Running(of=read.measure, agg="avg" if agg == "avg" else "sum", window=width))
    said = _order_measure(parts)
    grown = next((m for m in shown if isinstance(m, Growth)), None)
    if parts.top and parts.growth and parts.compare is not None:  # "which category grew the most from Q3 to Q4?"
        grown = Growth(of=shown[0], form="percent" if parts.growth == "percent" else "difference")
    by = grown if grown and parts.top else said.measure if said else shown[0]
    if parts.rank and columns:
        shown.append(Rank(of=by, descending=parts.top.descending if parts.top else True))
    return shown, by


def _has_parts(measure: Measure, schema: Schema) -> bool:
    """What adds up to a whole: no average, no rate."""
    if isinstance(measure, MetricRef):
        return schema.model.metric(measure.metric).additivity != "non_additive"
    return not isinstance(measure, Aggregate) or measure.agg in ("sum", "count", "count_distinct")


def _shares(
    reads: list[MeasureRead], columns: list[FieldColumn], scope: _Scope, shown: list[Measure], schema: Schema
) -> list[Measure]:
    """Each group's share beside its measure; without groups, the part that meets the conditions of the whole."""
    measure = next((r.measure for r in reads if r.share), reads[0].measure)
    if columns and not _has_parts(measure, schema):
        raise NotAssembled("averages have no shares")
    if columns:
        return [*shown, Share(of=measure)]
    narrow: list[Condition] = [c for c in scope.where if not isinstance(c, InWindow)]
    part = with_where(measure, narrow)
    if not narrow or part is None:
        raise NotAssembled("a share of what is not said")
    scope.where = [c for c in scope.where if isinstance(c, InWindow)]
    return [Arithmetic(op="percent", left=part, right=measure)]


# --- how it is grouped -----------------------------------------------------------------------------------------------


def _groups(parts: Parts, reads: list[MeasureRead], base: str, schema: Schema) -> list[Group]:
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


def _columns(groups: list[Group], parts: Parts, base: str, schema: Schema) -> list[FieldColumn]:
    columns = [c for g in groups for c in columns_of(g, base, schema)]
    if parts.split and _sides(parts) is None:  # values to be compared with each other: "Brooklyn vs Queens"
        for cond in parts.filters.conditions:
            reference, _, _ = choose(cond, [base], schema, parts.filters.mentioned)
            if reference and cond.values > 1 and not cond.negated:
                columns.append(FieldColumn(field=reference))
    return unique(columns)


def _groups_by_subject(parts: Parts, reads: list[MeasureRead]) -> bool:
    """The subject groups the result, rather than being what is counted."""
    subject = parts.subject
    if subject is None:
        return False
    if subject.kind == "dataset" and any(r.counted == subject.target for r in reads) and not parts.havings:
        return parts.top is not None
    return True


def _stretch(columns: list[FieldColumn], base: str, schema: Schema) -> float:
    """What it costs to see the columns from the rows measured. Raises NotAssembled where there is no way."""
    cost = 0.0
    for column in columns:
        if isinstance(column.field, str):
            owner = schema.owner(column.field)
            if schema.distance(base, owner) is None:
                raise NotAssembled("these do not belong together")
            cost += 0.0 if schema.belongs_to(base, owner) else 0.15
    return cost


# --- what it is bounded by, and its order ----------------------------------------------------------------------------


def _bounds(
    parts: Parts, reads: list[MeasureRead], columns: list[FieldColumn], has_subject: bool, scope: _Scope, schema: Schema
) -> list[Having]:
    """Bounds on groups. Those on single rows, and those on what is counted, become conditions of the scope."""
    havings: list[Having] = []
    members: list[Condition] = []
    counted = reads[0].counted
    subject = parts.subject
    entity = counted or (subject.target if subject and subject.kind == "dataset" else None)
    for bound in parts.havings:
        if reads[0].spread == "count" and reads[0].each is not None:  # "on how many days": the days are bound
            each = columns_of(reads[0].each, scope.base, schema)
            figure = bound.measure or reads[0].measure
            havings.append(bound_on_groups(bound, figure, each, scope.where, scope.period))
            continue
        of_periods = bound.average and any(c.grain for c in columns) and bound.measure == reads[0].measure
        if (bound.field and not of_periods) or (bound.measure is None and not has_subject):
            on_rows = bound_on_rows(bound, counted or scope.base, schema)
            if on_rows is not None:
                scope.where.append(on_rows)
                continue
        if bound.per:
            raise NotAssembled("only a figure of each row is compared with the average of its own group")
        own = reads[0].measure if counted is None or counted != entity else None
        if bound.measure is None and not bound.average and not bound.money and own is None:
            raise NotAssembled("it does not say of what there must be so many")
        measure = bound.measure or own or schema.usual_measure(entity)
        if measure is None:
            raise NotAssembled("nothing to compare with the number")
        if has_subject or of_periods or (columns and not counted):
            havings.append(bound_on_groups(bound, measure, columns, scope.where, scope.period))
            continue
        member = None
        if entity and (key := schema.key(entity)):
            inner, period, _ = conditions_on(parts.filters, (schema.datasets_of(measure) or [scope.base])[0], schema)
            having = bound_on_groups(bound, measure, [FieldColumn(field=key)], inner, period)
            member = among(entity, [having], inner, period, schema)
        if member is None:
            raise NotAssembled("nothing to compare with the number")
        members.append(member)
    if members:
        scope.where, scope.period = members, None
    return havings


def _ordering(
    parts: Parts, by: Measure, columns: list[FieldColumn], grouping: list[FieldColumn], subject: list[FieldColumn]
) -> tuple[list[Order], int | None, list[str]]:
    """Order, limit and the fields that the limit is per."""
    top = parts.top
    if top is not None and columns:
        ranked = top.about == "ranked"
        limit = top.n or (None if ranked else 1)
        order = [Order(by=by, descending=top.descending != (parts.declines and isinstance(by, Growth)))]
        if grouping and subject and limit is not None:
            per = [c for c in grouping if c.shown]
            return [*(Order(by=c) for c in per), *order], limit, [str(c.field) for c in per]
        if top.n is None and len(grouping) > 1 and not subject:
            return order, None, []
        return order, limit, []
    times = [c for c in columns if c.grain or c.part]
    if times:
        return [Order(by=c, descending=parts.sorted is True) for c in times], None, []
    return ([Order(by=by, descending=True)] if columns else []), None, []


def _compared(
    parts: Parts, period: Window | None, columns: list[FieldColumn], calendar: Calendar
) -> tuple[Window | None, Window | str | None]:
    """The period, and what it is compared with; "sales vs last year" without a period is about this year so far."""
    compare = parts.compare
    if compare is None or period is not None:
        return period, compare
    if isinstance(compare, Window):
        grain = grain_of(compare)
        period = calendar.read(f"this {grain}") if grain else None
    elif not any(c.grain for c in columns):
        period = calendar.read("this year" if compare == "previous_year" else "this month")
    return period, compare if period else None
