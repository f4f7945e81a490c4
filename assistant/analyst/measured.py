"""Requests with measures: totals, groups, rankings, comparisons, shares, growth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from knowledge.calendar import Calendar

from assistant.analyst.filters import (
    among,
    bound_on_groups,
    bound_on_rows,
    choose,
    conditions_on,
    event_with_time,
    with_where,
)
from assistant.analyst.items import Item
from assistant.analyst.reduce import Group, MeasureRead, measure_of
from assistant.analyst.roles import NotAssembled, Parts, dataset_of, subject_dataset
from assistant.analyst.schema import Schema
from knowledge.request import (
    Aggregate,
    Arithmetic,
    Condition,
    FieldColumn,
    Growth,
    Having,
    InWindow,
    Measure,
    MeasureColumn,
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


def columns_of(group: Group, base: str, schema: Schema) -> list[FieldColumn]:
    if group.kind == "dataset":
        return schema.entity(group.target)
    if group.kind == "field":
        return [FieldColumn(field=group.target)]
    time = schema.time_of(base) if base else None
    if time is None:
        event = event_with_time(base, schema) if base else None
        time = schema.time_of(event) if event else None
    if time is None:
        raise NotAssembled("there is no date to group by")
    if group.kind == "grain":
        return [FieldColumn(field=time, grain=group.target)]
    return [FieldColumn(field=time, part=group.target)]


def measured_request(parts: Parts, schema: Schema, draft: Draft, calendar: Calendar) -> Draft:
    subject = parts.subject
    groups = [g for g in parts.groups if subject is None or (g.kind, g.target) != (subject.kind, subject.target)]
    groups = list({(g.kind, str(g.target)): g for g in groups}.values())
    reads = list(parts.measures)
    for item in parts.outputs:
        if item.code in "mM":
            read = measure_of(item, schema)
            if read and read not in reads:
                reads.append(read)
    by = parts.order_by or (parts.top.measure if parts.top else None)
    if by and by not in reads:
        reads.append(by)
    subject_set = subject_dataset(parts, schema)
    if parts.top and parts.top.about == "count" and by is None and not reads and subject_set:
        events = schema.children(subject_set) if subject and subject.kind == "dataset" else []
        target = events[0] if events else subject_set
        verb = next((d for v in parts.verbs if (d := dataset_of(v, schema)) and d != subject_set), None)
        reads.append(MeasureRead(Aggregate(agg="count", dataset=verb or target), (verb or target,)))
    if not reads:
        reads = _implied(parts, subject, subject_set, schema, draft)
    # A dataset counted that is also what is asked about ("which customers …") is the subject, not a measure.
    base = next((d for r in reads for d in r.datasets), None) or subject_set or schema.facts()[0]
    if (
        parts.windows
        and len(parts.windows) >= 2
        and not parts.compare
        and not any(g.kind == "grain" for g in groups)
        and len({_grain_of(w) for w in parts.windows}) == 1
    ):
        grain = _grain_of(parts.windows[0])
        if grain:
            groups.append(Group("grain", grain))
            time = schema.time_of(base)
            if time:
                parts.filters.window = None
                parts.filters.plain.append(
                    AnyOf(kind="any", of=[InWindow(field=time, window=w) for w in parts.windows])
                )
    if parts.trend and not any(g.kind == "grain" for g in groups) and not (subject and subject.kind == "grain"):
        groups.append(Group("grain", _default_grain(parts.filters.window)))
    if (
        (parts.growth or any(r.growth for r in reads))
        and parts.compare is None
        and not any(g.kind == "grain" for g in groups)
    ):
        if parts.filters.window is not None:
            parts.compare = "previous_period"
        else:
            groups.append(Group("grain", "month"))
    if (parts.over or any(r.running for r in reads)) and not any(g.kind == "grain" for g in groups):
        groups.append(Group("grain", "month" if parts.filters.window is None else _default_grain(parts.filters.window)))

    where, period, cost = conditions_on(parts.filters, base, schema)
    draft.cost += cost
    split_fields = _split_fields(parts, base, schema)

    subject_columns = columns_of(subject, base, schema) if subject and _is_group(parts, subject, reads, schema) else []
    if subject and not subject_columns:
        parts.idle += 0
    group_columns = [c for g in groups for c in columns_of(g, base, schema)]
    output_columns = [FieldColumn(field=i.data) if i.code == "f" else None for i in parts.outputs if i.code in "f"]
    extra = [c for c in output_columns if c is not None and c not in group_columns and c not in subject_columns]
    columns: list[FieldColumn] = unique([*group_columns, *split_fields, *subject_columns, *extra])
    for column in columns:
        if isinstance(column.field, str) and schema.distance(base, schema.owner(column.field)) is None:
            raise NotAssembled("these do not belong together")
        if isinstance(column.field, str) and not schema.belongs_to(base, schema.owner(column.field)):
            draft.cost += 0.15

    # Row-level bounds become conditions; the others restrict groups.
    havings: list[Having] = []
    measures: list[Measure] = [r.measure for r in reads]
    for bound in parts.havings:
        counted = reads[0].counted if reads else None
        entity = counted or (subject.target if subject and subject.kind == "dataset" else None)
        on_rows = bound_on_rows(bound, counted or base, schema) if bound.measure is None or bound.field else None
        if on_rows is not None and not (subject_columns and bound.field is None and bound.measure is None):
            where.append(on_rows)
            continue
        measure = (
            bound.measure
            or (measures[0] if measures and reads[0].counted != entity else None)
            or schema.usual_measure(entity)
        )
        if measure is None:
            raise NotAssembled("nothing to compare with the number")
        if subject_columns or (columns and not counted):
            havings.append(bound_on_groups(bound, measure, unique([*columns]), where, period))
        elif entity:
            key = schema.key(entity)
            inner = [FieldColumn(field=key)] if key else []
            inner_where, inner_period, _ = conditions_on(
                parts.filters, (schema.datasets_of(measure) or [base])[0], schema
            )
            member = among(
                entity,
                [bound_on_groups(bound, measure, inner, inner_where, inner_period)],
                inner_where,
                inner_period,
                schema,
            )
            if member is None:
                raise NotAssembled("no key to count by")
            where, period = [member], None
        else:
            raise NotAssembled("nothing to compare with the number")

    shown, order_measure = _shaped(parts, reads, measures, columns, where, draft, schema)
    if parts.share and not columns and where and not any(r.share for r in reads):
        pass
    if any(r.share for r in reads) or parts.share:
        shown, where = _shares(reads, columns, where, shown, draft, bool(columns))

    order, limit, per = _ordering(parts, order_measure, columns, group_columns, subject_columns, draft)
    having_measures = [h.measure for h in havings]
    for measure in having_measures:
        if measure not in [m for m, _ in shown]:
            shown.append((measure, None))
    compare = parts.compare
    if compare and period is None:
        period = _period_for_comparison(compare, columns, calendar)
        if period is None:
            compare = None
    if isinstance(compare, str) and compare not in ("previous_period", "previous_year"):
        compare = None
    draft.request = Request(
        columns=[*columns, *(MeasureColumn(measure=m, label=label) for m, label in shown)],
        where=where, having=havings, period=period, compare_to=compare, order=order, limit=limit, limit_per=per,
    )  # fmt: skip
    return draft


def _is_group(parts: Parts, subject: Group, reads: list[MeasureRead], schema: Schema) -> bool:
    """The subject groups the result, rather than being what is counted or a word for where it happens."""
    if subject.kind in ("grain", "part"):
        return True
    if subject.kind == "dataset" and any(r.counted == subject.target for r in reads) and not parts.havings:
        return bool(parts.top)
    return True


def _implied(
    parts: Parts, subject: Group | None, subject_set: str | None, schema: Schema, draft: Draft
) -> list[MeasureRead]:
    """What is measured when the question doesn't say."""
    for verb in parts.verbs:
        for link in verb.options:
            if link.kind == "metric":
                draft.guesses.append(link.target)
                return [
                    MeasureRead(_metric(link.target), tuple(schema.metric_datasets(schema.model.metric(link.target))))
                ]
            if link.kind == "dataset" and link.target != subject_set:
                return [MeasureRead(Aggregate(agg="count", dataset=link.target), (link.target,))]
    bound = next((h for h in parts.havings if h.measure), None)
    if bound and bound.measure:
        return [MeasureRead(bound.measure, tuple(schema.datasets_of(bound.measure)))]
    numeric = [i for i in parts.outputs if i.code == "f" and schema.is_number(i.data)]
    if numeric:
        reads = [measure_of(i, schema) for i in numeric]
        parts.outputs = [i for i in parts.outputs if i not in numeric]
        return [r for r in reads if r]
    if subject and subject.kind == "field" and schema.is_number(subject.target) and (parts.groups or parts.top is None):
        read = measure_of(Item("f", 0, 0, "", subject.target), schema)
        parts.subject = None
        return [read] if read else []
    if (
        subject
        and subject.kind == "dataset"
        and (parts.groups or parts.share or parts.trend or parts.growth)
        and parts.top is None
    ):
        parts.subject = None
        return [MeasureRead(Aggregate(agg="count", dataset=subject.target), (subject.target,), counted=subject.target)]
    draft.cost += 0.3
    usual = schema.usual_measure(subject_set)
    if usual is None:
        raise NotAssembled("it does not say what to measure")
    draft.guesses.append("measure")
    return [MeasureRead(usual, tuple(schema.datasets_of(usual)))]


def _metric(name: str) -> Measure:
    from knowledge.request import MetricRef

    return MetricRef(metric=name)


def _shaped(
    parts: Parts,
    reads: list[MeasureRead],
    measures: list[Measure],
    columns: list[FieldColumn],
    where: list[Condition],
    draft: Draft,
    schema: Schema,
) -> tuple[list[tuple[Measure, str | None]], Measure]:
    """The measures to show, with growth, running totals and ranks as asked, and the one to order by."""
    shown: list[tuple[Measure, str | None]] = []
    by = parts.order_by or (parts.top.measure if parts.top else None)
    grained = any(c.grain for c in columns)
    for read in reads:
        measure = read.measure
        if read.averaged and isinstance(measure, Aggregate) and measure.agg == "count":
            draft.cost += 0.4
        shown.append((measure, None))
        growth = read.growth or parts.growth
        running = read.running or parts.over
        if growth and grained and parts.compare is None:
            shown.append((Growth(of=measure, form="percent" if growth == "percent" else "difference"), None))
            if growth == "difference":
                shown.append((Growth(of=measure, form="percent"), None))
        if running:
            agg, _, window = running.partition(":")
            shown.append(
                (
                    Running(of=measure, agg="avg" if agg == "avg" else "sum", window=int(window) if window else None),
                    None,
                )
            )
    order_measure = by.measure if by else shown[0][0]
    growths = [m for m, _ in shown if isinstance(m, Growth)]
    if growths and parts.top:
        order_measure = growths[0]
    if parts.rank and columns:
        shown.append((Rank(of=order_measure, descending=parts.top.descending if parts.top else True), None))
    return shown, order_measure


def _shares(
    reads: list[MeasureRead],
    columns: list[FieldColumn],
    where: list[Condition],
    shown: list[tuple[Measure, str | None]],
    draft: Draft,
    grouped: bool,
) -> tuple[list[tuple[Measure, str | None]], list[Condition]]:
    measure = next((r.measure for r in reads if r.share), reads[0].measure)
    if grouped:
        return [*shown, (Share(of=measure), None)], where
    kept = [c for c in where if isinstance(c, InWindow)]
    narrow = [c for c in where if not isinstance(c, InWindow)]
    part = with_where(measure, narrow)
    if not narrow or part is None:
        raise NotAssembled("a share of what is not said")
    return [(Arithmetic(op="percent", left=part, right=measure), None)], kept


def _ordering(
    parts: Parts,
    measure: Measure,
    columns: list[FieldColumn],
    groups: list[FieldColumn],
    subject: list[FieldColumn],
    draft: Draft,
) -> tuple[list[Order], int | None, list[str]]:
    times = [c for c in columns if c.grain or c.part]
    if parts.top is not None and columns:
        limit = parts.top.n or (None if parts.top.about == "ranked" else 1)
        order = [Order(by=measure, descending=parts.top.descending)]
        if groups and subject and limit is not None:
            shown_groups = [c for c in groups if c.shown]
            return [*(Order(by=c) for c in shown_groups), *order], limit, [str(c.field) for c in shown_groups]
        if parts.top.n is None and groups and not subject and parts.top.about != "ranked":
            return order, 1 if len(groups) == 1 else None, []
        return order, limit, []
    if times:
        return [Order(by=c) for c in times], None, []
    if columns:
        return [Order(by=measure, descending=True)], None, []
    return [], None, []


def _split_fields(parts: Parts, base: str, schema: Schema) -> list[FieldColumn]:
    """The fields whose values are compared with each other ("Brooklyn vs Queens")."""
    if not parts.split:
        return []
    found = []
    for cond in parts.filters.conditions:
        reference, _, _ = choose(cond, [base], schema)
        if reference and cond.values > 1 and not cond.negated:
            found.append(FieldColumn(field=reference))
    return found


def unique(columns: list[FieldColumn]) -> list[FieldColumn]:
    return list({c.model_dump_json(): c for c in columns}.values())


def _grain_of(window: Window) -> str | None:
    if window.start is None or window.end is None:
        return None
    days = (window.end - window.start).days
    for grain, low, high in (("day", 1, 1), ("week", 7, 7), ("month", 28, 31), ("quarter", 89, 92), ("year", 365, 366)):
        if low <= days <= high:
            return grain
    return None


def _default_grain(window: Window | None) -> str:
    if window is None or window.start is None or window.end is None:
        return "month"
    days = (window.end - window.start).days
    return (
        "hour"
        if days <= 2
        else "day"
        if days <= 45
        else "week"
        if days <= 120
        else "month"
        if days <= 1500
        else "quarter"
    )


def _period_for_comparison(compare: Any, columns: list[FieldColumn], calendar: Calendar) -> Window | None:
    """ "sales vs last year" without a period: this year to date."""
    if isinstance(compare, Window):
        grain = _grain_of(compare)
        return calendar.read(f"this {grain}") if grain else None
    if any(c.grain for c in columns):
        return None
    return calendar.read("this year" if compare == "previous_year" else "this month")
