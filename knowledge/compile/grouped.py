"""Requests with measures: one row per group, or one row in all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import sqlglot.expressions as exp

from knowledge.compile.assemble import Having, Ordering, Plan, assemble
from knowledge.compile.columns import Meaning, field_column, measure_meaning, told_apart
from knowledge.compile.comparisons import Subquery
from knowledge.compile.errors import CannotCompile
from knowledge.compile.measures import Measures
from knowledge.compile.naming import Names, column, slug
from knowledge.compile.periods import back, floor
from knowledge.compile.pools import Pools, Shift, Span
from knowledge.compile.records import column_name, owner, same_column
from knowledge.compile.scope import Context
from knowledge.compile.values import INTERVALS, day, local, moment, number, resolved
from knowledge.request import (
    Aggregate,
    Arithmetic,
    FieldColumn,
    Growth,
    Measure,
    MeasureColumn,
    MetricRef,
    Number,
    Order,
    Rank,
    Request,
    Running,
    Share,
    SubResult,
    Window,
)
from knowledge.result import ResultColumn


def grouped(context: Context, request: Request, subquery: Subquery) -> tuple[exp.Select, list[ResultColumn]]:
    """The SELECT, and what its columns are. Raises CannotCompile and UnknownName."""
    return _Grouped(context, request, subquery).compile()


class _Grouped:
    def __init__(self, context: Context, request: Request, subquery: Subquery):
        self.context, self.request, self.subquery = context, request, subquery
        self.outputs = Names()
        self.groups: list[tuple[str, FieldColumn]] = []
        for c in request.fields:
            if all(c != known for _, known in self.groups):
                self.groups.append((self.outputs.new(column_name(context.model, c)), c))
        window = resolved(request.period) if request.period is not None else None
        self.then = self._comparison(window)
        since = self._since(window)
        self.after = self._after(window) if since is not None else None
        if window is not None and since is not None:
            window = window.model_copy(update={"start": since})
        self.now = Span("now", window)
        inner = Names({name for name, _ in self.groups})
        self.pools = Pools(context, request, [c for _, c in self.groups], inner, subquery)
        self.measures = Measures(context, self.pools, self.groups, self.then, looks_back=since is not None)

    def compile(self) -> tuple[exp.Select, list[ResultColumn]]:
        shown: list[tuple[str, exp.Expr]] = []
        columns: list[ResultColumn] = []
        owners: list[str] = []
        model = self.context.model
        for c in self.request.columns:
            if isinstance(c, MeasureColumn):
                for result, tree in self._measure_columns(c):
                    columns.append(result)
                    shown.append((result.name, tree))
                    owners.append("")
            elif c.shown:
                name = next(name for name, known in self.groups if known == c)
                output = name if all(name != other for other, _ in shown) else self.outputs.new(name)
                columns.append(field_column(model, c, output))
                shown.append((output, column(name)))
                owners.append(owner(model, c))
        if not shown:
            raise CannotCompile("bad_request", "The request shows no column.")
        order = [self._ordering(wish) for wish in self.request.order]
        having = [
            Having(h.op, self.measures.write(h.measure, self.now), self._value(h.value)) for h in self.request.having
        ]
        if self.request.every is not None:
            self.pools.every(self.request.every)
        plan = Plan(self.context, self.request, self.groups, self.measures, self.now, shown, order, having, self.after)
        return assemble(plan), told_apart(columns, owners)

    def _measure_columns(self, c: MeasureColumn) -> Iterator[tuple[ResultColumn, exp.Expr]]:
        meaning = measure_meaning(self.context.model, c.measure)
        if c.label:
            meaning = replace(meaning, label=c.label)
        name = self.outputs.new(_measure_name(c, meaning))
        value = self.measures.write(c.measure, self.now, name)
        result = meaning.column(name)
        if self.then is None or isinstance(c.measure, Number) or meaning.role == "change_pct":
            yield result, value
            return
        before = self.measures.write(c.measure, self.then, f"{name}_before")
        periods = [span.window.text if span.window else "" for span in (self.now, self.then)]
        change = self.measures.combine("-", value.copy(), before.copy())
        percent = self.measures.combine("percent_change", value.copy(), before.copy())

        def beside(role: str, label: str) -> ResultColumn:
            part = replace(result, name=self.outputs.new(f"{name}_{role}"), label=f"{result.label}, {label}", of=name)
            return replace(part, role=role)  # type: ignore[arg-type]

        yield (
            (replace(result, label=f"{result.label}, {periods[0]}", period=periods[0]) if periods[0] else result),
            value,
        )
        yield replace(beside("previous", periods[1] or "before"), period=periods[1]), before
        yield beside("change", "change"), change
        yield replace(beside("change_pct", "change in %"), kind="percent", unit=None), percent

    def _value(self, value: SubResult | float | Measure) -> exp.Expr:
        if isinstance(value, SubResult):
            return self.subquery(value, False)
        if isinstance(value, int | float):
            return number(value)
        return self.measures.write(value, self.now)

    def _ordering(self, wish: Order) -> Ordering:
        if not isinstance(wish.by, FieldColumn):
            return Ordering(self.measures.write(wish.by, self.now), wish.descending)
        for name, group in self.groups:
            if same_column(group, wish.by):
                return Ordering(column(name), wish.descending)
        if wish.by.grain or wish.by.part or wish.by.bin:
            raise CannotCompile("bad_request", "A result can only be ordered by a period that it shows.")
        # A field that the groups do not show: the smallest of a group's values stands for the group.
        base = next((pool.base.name for pool in self.pools.pools.values()), None)
        return Ordering(
            self.measures.write(Aggregate(agg="min", of=wish.by.field, dataset=base), self.now), wish.descending
        )

    # --- periods

    def _comparison(self, window: Window | None) -> Span | None:
        if self.request.compare_to is None:
            return None
        other = resolved(self.request.compare_to, "period to compare with")
        if window is None:
            raise CannotCompile("bad_request", "A comparison needs a period to compare with the other one.")
        shift = self._shift(window, other) if any(c.grain for _, c in self.groups) else None
        return Span("then", other, shift)

    def _shift(self, now: Window, then: Window) -> Shift:
        """How far the compared times are moved to lie beside the others: whole months where the starts allow it."""
        if now.start is None or then.start is None:
            raise CannotCompile("bad_request", "Periods without a start cannot be laid side by side.")
        a, b = local(now.start, self.context.model), local(then.start, self.context.model)
        if a.day == b.day and a.time() == b.time():
            return (a.year - b.year) * 12 + a.month - b.month, "MONTH"
        apart = a - b
        return (apart.days, "DAY") if not apart.seconds else (int(apart.total_seconds()), "SECOND")

    def _since(self, window: Window | None) -> datetime | None:
        """From when rows are needed so that the first periods asked for have one before them to grow from.

        None where nothing grows, or where the period does not start with a whole one."""
        group = next((c for _, c in self.groups if c.grain), None)
        if group is None or group.grain is None or window is None or window.start is None or self.then is not None:
            return None
        measures = [c.measure for c in self.request.measures] + [h.measure for h in self.request.having]
        measures += [o.by for o in self.request.order if not isinstance(o.by, FieldColumn)]
        grown = [m for measure in measures for m in _parts(measure) if isinstance(m, Growth)]
        start = local(window.start, self.context.model)
        if not grown or start != floor(start, group.grain, self.context.model):
            return None
        if any(isinstance(part, Growth | Running | Share | Rank) for m in grown for part in _parts(m.of)):
            return None
        yearly = (364, "DAY") if group.grain == "week" else (12, "MONTH")
        return min(back(start, *(yearly if m.over == "year_ago" else INTERVALS[group.grain])) for m in grown)

    def _after(self, window: Window | None) -> exp.Expr | None:
        name, group = next((name, c) for name, c in self.groups if c.grain)
        assert window is not None
        assert window.start is not None
        start = local(window.start, self.context.model)
        return exp.GTE(this=column(name), expression=moment(start) if group.grain == "hour" else day(start.date()))


def _parts(measure: Measure) -> Iterator[Measure]:
    """A measure and those it is made of."""
    yield measure
    if isinstance(measure, Arithmetic):
        yield from _parts(measure.left)
        yield from _parts(measure.right)
    elif isinstance(measure, Share | Growth | Running | Rank):
        yield from _parts(measure.of)


def _measure_name(c: MeasureColumn, meaning: Meaning) -> str:
    if isinstance(c.measure, MetricRef) and not c.measure.where and not c.label:
        return slug(c.measure.metric)
    return slug(meaning.label)
