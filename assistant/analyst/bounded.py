"""What bounds the groups of a request, how they are ordered, and the period that theirs is compared with."""

from __future__ import annotations

from assistant.analyst.draft import Scope
from assistant.analyst.filters import (
    among,
    bound_on_groups,
    bound_on_rows,
    conditions_on,
)
from assistant.analyst.grouped import columns_of
from assistant.analyst.reduce.reads import MeasureRead
from assistant.analyst.roles import NotAssembled, Parts
from assistant.analyst.schema import Schema
from knowledge.calendar import Calendar
from knowledge.calendar.spans import grain_of
from knowledge.request import (
    Condition,
    FieldColumn,
    Growth,
    Having,
    Measure,
    Order,
    Window,
)


def bounds_on_groups(
    parts: Parts, reads: list[MeasureRead], columns: list[FieldColumn], has_subject: bool, scope: Scope, schema: Schema
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


def ordering(
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


def compared(
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


def moved_groups(parts: Parts, reads: list[MeasureRead], columns: list[FieldColumn]) -> Having | None:
    """ "which departments grew from May to June?": those that did, not all of them."""
    growth = parts.growth or reads[0].growth
    if not (growth and parts.asks_which and parts.compare is not None and columns) or parts.top or parts.havings:
        return None
    if any(c.grain for c in columns) or len(reads) > 1:
        return None
    return Having(measure=Growth(of=reads[0].measure, form="difference"), op="<" if parts.declines else ">", value=0.0)
