"""Measures, as arithmetic and windows over the aggregates of pools."""

from __future__ import annotations

from collections.abc import Callable

import sqlglot.expressions as exp

from knowledge.compile.columns import measure_meaning
from knowledge.compile.errors import CannotCompile
from knowledge.compile.metrics import deepest, is_one_aggregate, metric_base, metric_sql
from knowledge.compile.naming import column
from knowledge.compile.pools import Pools, Span, own_time
from knowledge.compile.scope import Context, Scope
from knowledge.compile.values import INTERVALS, Value, as_number, binary, div, interval, number, operand, references
from knowledge.request import (
    Aggregate,
    Arithmetic,
    FieldColumn,
    Growth,
    Measure,
    MetricRef,
    Number,
    Rank,
    Running,
    Share,
)

_FEW_UNREAD = 0.005
"""So few texts of a column of numbers that are none are passed over."""


class Measures:
    """Writes measures over a relation with a column for each group and each aggregate.

    A window function over another one needs the inner one computed first: `stages[n]` are the columns that are added to
    the relation by its n-th SELECT.
    """

    def __init__(
        self,
        context: Context,
        pools: Pools,
        groups: list[tuple[str, FieldColumn]],
        then: Span | None = None,
        *,
        looks_back: bool = False,
    ):
        self.context, self.pools, self.groups, self.then = context, pools, groups, then
        # Rows from before the period, there only to grow from, are dropped after the first stage.
        self.looks_back = looks_back
        self.stages: list[dict[str, exp.Expr]] = []
        self._levels: dict[str, int] = {}
        self._known: list[tuple[Measure, str, exp.Expr]] = []
        self._within: list[str] = []

    def write(self, measure: Measure, span: Span, name: str = "") -> exp.Expr:
        """The measure as an expression; `name` is what a reader would call it. Raises CannotCompile and UnknownName."""
        for known, when, tree in self._known:
            if when == span.name and known == measure:
                return tree.copy()
        tree = self._write(measure, span, name)
        self._known.append((measure, span.name, tree))
        return tree.copy()

    def lift(self, tree: exp.Expr, name: str = "value", *, first: bool = False) -> exp.Expr:
        """The same value without a window function: computed by an earlier SELECT if it has one."""
        if tree.find(exp.Window) is None:
            return tree
        level = max((self._levels.get(c.name, 0) for c in tree.find_all(exp.Column)), default=0)
        if self.looks_back and not first:
            level = max(level, 1)
        while len(self.stages) <= level:
            self.stages.append({})
        for known, other in self.stages[level].items():
            if other == tree:
                return column(known)
        name = self.pools.names.new(name)
        self.stages[level][name] = tree
        self._levels[name] = level + 1
        return column(name)

    def _write(self, measure: Measure, span: Span, name: str) -> exp.Expr:
        match measure:
            case Number():
                return number(measure.value)
            case MetricRef():
                return self._metric(measure, span, name)
            case Aggregate():
                return self._aggregate(measure, span, name)
            case Arithmetic():
                left, right = self.write(measure.left, span), self.write(measure.right, span)
                return self.combine(measure.op, left, right)
            case Share():
                of = self.lift(self.write(measure.of, span, _called(measure.of)))
                whole = exp.Window(this=exp.Sum(this=of), partition_by=self._names(measure.within))
                return div(binary(exp.Mul, number(100), of.copy()), whole)
            case Growth():
                return self._growth(measure, span)
            case Running():
                return self._running(measure, span)
            case Rank():
                of = self.lift(self.write(measure.of, span, _called(measure.of)))
                order = exp.Order(
                    expressions=[exp.Ordered(this=of, desc=measure.descending or None, nulls_first=False)]
                )
                return exp.Window(this=exp.Rank(), partition_by=self._names(measure.within), order=order)
        raise CannotCompile("bad_request", f"{measure!r} is not a measure.")

    # --- aggregates

    def _metric(self, measure: MetricRef, span: Span, name: str) -> exp.Expr:
        metric = self.context.model.metric(measure.metric)
        if metric.name in self._within:
            raise CannotCompile("bad_metric", f"The metric {metric.name!r} is defined by itself.")
        label = metric.label or metric.name

        def atom(base: str, make: Callable[[Scope], exp.Expr], level: bool) -> exp.Expr:
            time = metric.time
            if time is not None:
                dataset, _, via = self.context.model.resolve(time)
                time = time if self.context.graph.single(base, dataset.name, via) else None
            whole = name if is_one_aggregate(metric) else ""
            return self.pools.atom(
                base, make, span, where=measure.where, time=time, label=label, name=whole, level=level
            )

        def other(metric_name: str) -> exp.Expr:
            return self.write(MetricRef(metric=metric_name, where=measure.where), span, metric_name)

        self._within.append(metric.name)
        try:
            tree = metric_sql(self.context, metric, atom, other)
        finally:
            self._within.pop()
        holder = exp.Paren(this=tree)
        for node in list(holder.find_all(exp.Add, exp.Sub)):
            self._default_to_zero(node)
        return holder.this

    def _aggregate(self, measure: Aggregate, span: Span, name: str) -> exp.Expr:
        label = measure_meaning(self.context.model, measure).label
        base = self.base(measure)

        def make(scope: Scope) -> exp.Expr:
            if measure.of is None:
                if measure.agg not in ("count", "count_distinct"):
                    raise CannotCompile("bad_request", f"{measure.agg} needs a field to aggregate.")
                return exp.Count(this=exp.Star(), big_int=True)
            return _aggregated(measure, operand(scope, measure.of), scope)

        level = False
        if isinstance(measure.of, str) and measure.agg not in ("count", "count_distinct"):
            self._tell_unread(measure.of)
        if isinstance(measure.of, str) and measure.agg == "sum":
            level = self._guard_sum(measure.of)
        return self.pools.atom(base, make, span, where=measure.where, label=label, name=name, level=level)

    def base(self, measure: Measure) -> str:
        """The dataset whose rows an aggregate is over, or the first aggregate of a measure."""
        if isinstance(measure, Aggregate):
            named = [measure.dataset] if measure.dataset else []
            for reference in references(measure.of) if measure.of is not None else []:
                dataset, _, via = self.context.model.resolve(reference)
                if via and not measure.dataset:
                    named += [r.many for r in self.context.model.relationships if r.name == via.split("/")[0]]
                else:
                    named.append(dataset.name)
            if named:
                if measure.dataset:
                    self.context.model.dataset(measure.dataset)
                return deepest(self.context, list(dict.fromkeys(named)), "The aggregate")
            if self.pools.request.dataset:
                return self.context.model.dataset(self.pools.request.dataset).name
            fields = [name for group in self.groups for name in references(group[1].field)]
            if fields:
                return self.context.model.resolve(fields[0])[0].name
            raise CannotCompile("no_dataset", "Nothing says rows of what should be counted.")
        if isinstance(measure, MetricRef):
            return metric_base(self.context, self.context.model.metric(measure.metric)) or ""
        inner = measure.left if isinstance(measure, Arithmetic) else getattr(measure, "of", None)
        return self.base(inner) if inner is not None else ""

    def _tell_unread(self, reference: str) -> None:
        """Say that some of a column's texts are no numbers."""
        _, model_field, _ = self.context.model.resolve(reference)
        if model_field.unread >= _FEW_UNREAD and model_field.type in ("integer", "number"):
            label = model_field.label or model_field.name
            part = f"{100 * model_field.unread:.3g}%"
            self.context.caveat(f"{label} is kept as text: {part} of its values are no numbers, and are left out.")

    def _guard_sum(self, reference: str) -> bool:
        """Say where a sum means little; whether it is of levels."""
        _, model_field, _ = self.context.model.resolve(reference)
        label = model_field.label or model_field.name
        if model_field.role in ("key", "foreign_key", "code"):
            self.context.caveat(f"{label} is an identifier: its sum means little.")
        elif model_field.additivity == "non_additive" and model_field.role == "number":
            self.context.caveat(f"{label} does not add up (a rate, a price or a rating): its sum means little.")
        return model_field.additivity == "semi_additive"

    # --- arithmetic

    def combine(self, op: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        if op in ("+", "-"):
            node = binary(exp.Add if op == "+" else exp.Sub, left, right)
            self._default_to_zero(node)
            return node
        if op == "*":
            return binary(exp.Mul, left, right)
        if op == "/":
            return div(left, right)
        if op == "percent_change":
            left = self.combine("-", left, right.copy())
        return div(binary(exp.Mul, number(100), left), right)

    def _default_to_zero(self, node: exp.Expr) -> None:
        """In a sum or difference over rows of several pools, one that has nothing for a group adds nothing."""
        left, right = self._parts(node.this), self._parts(node.expression)
        if left and right and left != right:
            for side in ("this", "expression"):
                tree = node.args[side]
                if not isinstance(tree, exp.Coalesce) and self._adds_up(tree):
                    node.set(side, exp.Coalesce(this=tree.unnest(), expressions=[number(0)]))

    def _parts(self, tree: exp.Expr) -> set[int]:
        return {id(self.pools.owner[c.name]) for c in tree.find_all(exp.Column) if c.name in self.pools.owner}

    def _adds_up(self, tree: exp.Expr) -> bool:
        if isinstance(tree, exp.Column):
            return tree.name in self.pools.owner and self.pools.owner[tree.name].adds_up(tree.name)
        if isinstance(tree, exp.Paren | exp.Neg):
            return self._adds_up(tree.this)
        if isinstance(tree, exp.Add | exp.Sub):
            return self._adds_up(tree.this) and self._adds_up(tree.expression)
        if isinstance(tree, exp.Mul):
            sides = (tree.this, tree.expression)
            return any(isinstance(a, exp.Literal) and self._adds_up(b) for a, b in (sides, sides[::-1]))
        return isinstance(tree, exp.Coalesce)

    # --- windows

    def _names(self, fields: list[str]) -> list[exp.Expr]:
        return [column(self.group(name)) for name in fields]

    def group(self, reference: str) -> str:
        """The name of the group column that shows a field. Raises CannotCompile (bad_request)."""
        for name, group in self.groups:
            if group.field == reference:
                return name
        raise CannotCompile("bad_request", f"{reference} is not among the columns that the result is grouped by.")

    def time_column(self, what: str) -> tuple[str, FieldColumn]:
        """The group column along which time runs. Raises CannotCompile (no_grain)."""
        for test in (lambda g: g.grain, lambda g: g.part, self._is_date):
            for name, group in self.groups:
                if test(group):
                    return name, group
        raise CannotCompile("no_grain", f"{what} needs a column of days, weeks, months, quarters or years.")

    def _is_date(self, group: FieldColumn) -> bool:
        return isinstance(group.field, str) and self.context.model.resolve(group.field)[1].type == "date"

    def _along(self, name: str) -> tuple[list[exp.Expr], exp.Order]:
        others: list[exp.Expr] = [column(other) for other, _ in self.groups if other != name]
        return others, exp.Order(expressions=[exp.Ordered(this=column(name), nulls_first=False)])

    def _back(self, group: FieldColumn, periods: int) -> exp.Expr:
        if group.part:
            return number(periods)
        length, unit = INTERVALS[group.grain or "day"]
        return interval(length * periods, unit)

    def _growth(self, measure: Growth, span: Span) -> exp.Expr:
        now = self.lift(self.write(measure.of, span, _called(measure.of)))
        if self.then is not None and not any(group.grain or group.part for _, group in self.groups):
            before = self.lift(self.write(measure.of, self.then))
        else:
            name, group = self.time_column("A change from period to period")
            back = self._back(group, 1)
            if measure.over == "year_ago":
                back = interval(364, "DAY") if group.grain == "week" else interval(12, "MONTH")
                if group.part:
                    raise CannotCompile("no_grain", "A change from a year ago needs a column of dates.")
            others, order = self._along(name)
            frame = exp.WindowSpec(
                kind="RANGE", start=back, start_side="PRECEDING", end=back.copy(), end_side="PRECEDING"
            )
            before = exp.Window(this=exp.Max(this=now.copy()), partition_by=others, order=order, spec=frame)
            before = self.lift(before, "before", first=True)
        return self.combine("percent_change" if measure.form == "percent" else "-", now, before)

    def _running(self, measure: Running, span: Span) -> exp.Expr:
        of = self.lift(self.write(measure.of, span, _called(measure.of)))
        name, group = self.time_column("A running figure")
        others, order = self._along(name)
        total: exp.Expr = exp.Avg(this=of) if measure.agg == "avg" else exp.Sum(this=of)
        if measure.window:
            start, kind = self._back(group, measure.window - 1), "RANGE"
        else:
            start, kind = exp.var("UNBOUNDED"), "ROWS"
        frame = exp.WindowSpec(kind=kind, start=start, start_side="PRECEDING", end="CURRENT ROW")
        return exp.Window(this=total, partition_by=others, order=order, spec=frame)


def _called(measure: Measure) -> str:
    return measure.metric if isinstance(measure, MetricRef) and not measure.where else ""


def _aggregated(measure: Aggregate, value: Value, scope: Scope) -> exp.Expr:
    tree = value.sql
    match measure.agg:
        case "count":
            return exp.Count(this=tree, big_int=True)
        case "count_distinct":
            return exp.Count(this=exp.Distinct(expressions=[tree]), big_int=True)
        case "sum":
            return exp.Sum(this=as_number(value))
        case "avg":
            return exp.Avg(this=as_number(value))
        case "median":
            return exp.Median(this=as_number(value))
        case "stddev":
            return exp.StddevSamp(this=as_number(value))
        case "variance":
            return exp.Variance(this=as_number(value))
        case "min":
            return exp.Min(this=tree)
        case "max":
            return exp.Max(this=tree)
        case "mode":
            return exp.Mode(this=tree)
        case "percentile":
            if measure.p is None or not 0 <= measure.p <= 1:
                raise CannotCompile("bad_value", f"A percentile needs p between 0 and 1, not {measure.p}.")
            return exp.PercentileCont(this=as_number(value), expression=number(measure.p))
        case _:
            return _at_an_end(measure, tree, scope)


def _at_an_end(measure: Aggregate, tree: exp.Expr, scope: Scope) -> exp.Expr:
    time = own_time(scope.context, scope.root)
    if time is None:
        raise CannotCompile("no_time", f"{scope.root} has no time, so there is no {measure.agg} value.")
    kind = exp.ArgMin if measure.agg == "first" else exp.ArgMax
    return kind(this=tree, expression=operand(scope, time).sql)
