"""Requests with measures: one row per group, or one row in all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlglot.expressions as exp

from knowledge.compile.columns import Meaning, field_column, measure_meaning, told_apart
from knowledge.compile.conditions import Subquery, comparison
from knowledge.compile.errors import CannotCompile
from knowledge.compile.measures import Measures
from knowledge.compile.naming import Names, alias, column, slug
from knowledge.compile.pools import Pool, Pools, Shift, Span
from knowledge.compile.records import column_name, kept, owner, paged, same_column
from knowledge.compile.scope import Context, conjoin
from knowledge.compile.values import local, number, resolved
from knowledge.request import (
    Aggregate,
    FieldColumn,
    Measure,
    MeasureColumn,
    MetricRef,
    Number,
    Order,
    Request,
    SubResult,
    Window,
)
from knowledge.result import ResultColumn


class Grouped:
    """One request with measures, on its way to a SELECT."""

    def __init__(self, context: Context, request: Request, subquery: Subquery):
        self.context, self.request, self.subquery = context, request, subquery
        self.names = Names()
        self.groups: list[tuple[str, FieldColumn]] = []
        for c in request.fields:
            self.groups.append((self.names.new(column_name(context.model, c)), c))
        self.pools = Pools(context, request, [c for _, c in self.groups], self.names, subquery)
        self.measures = Measures(context, self.pools, self.groups, self.names)
        window = resolved(request.period) if request.period is not None else None
        self.now = Span("now", window)
        self.then = self._comparison(window)
        self.measures.then = self.then

    def compile(self) -> tuple[exp.Select, list[ResultColumn]]:
        request, shown, columns = self.request, [], []
        owners: list[str] = []
        groups = iter(self.groups)
        for c in request.columns:
            if isinstance(c, MeasureColumn):
                for result, tree in self._measure_columns(c):
                    columns.append(result)
                    shown.append((result.name, tree))
                    owners.append("")
            else:
                name, group = next(groups)
                if group.shown:
                    columns.append(field_column(self.context.model, group, name))
                    shown.append((name, column(name)))
                    owners.append(owner(self.context.model, group))
        order = [self._ordered(wish) for wish in request.order]
        having = [
            comparison(h.op, self.measures.write(h.measure, self.now), self._value(h.value)) for h in request.having
        ]
        select = self._assemble(shown, order, conjoin(having) if having else None)
        return select, told_apart(columns, owners)

    # --- what is asked

    def _comparison(self, window: Window | None) -> Span | None:
        if self.request.compare_to is None:
            return None
        other = resolved(self.request.compare_to, "period to compare with")
        if window is None:
            raise CannotCompile("bad_request", "A comparison needs a period to compare with the other one.")
        shift = _shift(window, other, self.context) if any(c.grain for _, c in self.groups) else None
        return Span("then", other, shift)

    def _measure_columns(self, c: MeasureColumn) -> list[tuple[ResultColumn, exp.Expression]]:
        meaning = measure_meaning(self.context.model, c.measure)
        if c.label:
            meaning = replace(meaning, label=c.label)
        name = self.names.new(_measure_name(c, meaning))
        value = self.measures.write(c.measure, self.now)
        result = meaning.column(name)
        if self.then is None or isinstance(c.measure, Number) or meaning.role == "change_pct":
            return [(result, value)]
        before = self.measures.write(c.measure, self.then)
        text = self.then.window.text if self.then.window else ""
        change = self.measures.combine("-", value.copy(), before.copy())
        percent = self.measures.combine("percent_change", value.copy(), before.copy())
        parts = [
            (
                replace(result, name=f"{name}_previous", label=f"{meaning.label}, {text or 'before'}", role="previous"),
                before,
            ),
            (replace(result, name=f"{name}_change", label=f"{meaning.label}, change", role="change"), change),
            (
                replace(
                    result,
                    name=f"{name}_change_pct",
                    label=f"{meaning.label}, change %",
                    role="change_pct",
                    kind="percent",
                    unit=None,
                ),
                percent,
            ),
        ]
        named = [(replace(part, name=self.names.new(part.name), of=name), tree) for part, tree in parts]
        return [(result, value), *named]

    def _value(self, value: SubResult | float | Measure) -> exp.Expression:
        if isinstance(value, SubResult):
            return self.subquery(value, False)
        if isinstance(value, int | float):
            return number(value)
        return self.measures.write(value, self.now)

    def _ordered(self, wish: Order) -> tuple[exp.Expression, bool]:
        if not isinstance(wish.by, FieldColumn):
            return self.measures.write(wish.by, self.now), wish.descending
        for name, group in self.groups:
            if same_column(group, wish.by):
                return column(name), wish.descending
        if wish.by.grain or wish.by.part or wish.by.bin:
            raise CannotCompile("bad_request", "A result can only be ordered by a period that it shows.")
        # A field that the groups do not show has one value per group at best: its smallest.
        least = Aggregate(agg="min", of=wish.by.field, dataset=self._first_base())
        return self.measures.write(least, self.now), wish.descending

    def _first_base(self) -> str | None:
        return next((pool.base.name for pool in self.pools.pools.values()), None)

    # --- the SELECT

    def _assemble(
        self,
        shown: list[tuple[str, exp.Expression]],
        order: list[tuple[exp.Expression, bool]],
        having: exp.Expression | None,
    ) -> exp.Select:
        windows = any(tree.find(exp.Window) for _, tree in shown) or any(tree.find(exp.Window) for tree, _ in order)
        if windows or (having is not None and having.find(exp.Window)):
            if self.measures.stages or having is not None or self.request.limit_per or order:
                shown = [(name, self.measures.lift(tree)) for name, tree in shown]
                order = [(self.measures.lift(tree), descending) for tree, descending in order]
                if having is not None:
                    having = self._lifted(having)
        self._order(shown, order)
        pools = list(self.pools.pools.values())
        if not pools:
            raise CannotCompile("bad_request", "The request has only numbers: nothing to compute from the data.")
        taken = Names(
            {slug(d.name) for d in self.context.model.datasets} | {d.source for d in self.context.model.datasets}
        )
        if len(pools) == 1 and not windows and not self.measures.stages and not self.request.limit_per:
            return self._one_select(pools[0], shown, order, having)
        ctes: list[tuple[str, exp.Expression]] = []
        source = self._relation(pools, taken, ctes)
        for stage in self.measures.stages:
            step = exp.Select(expressions=[exp.Star(), *(alias(tree, name) for name, tree in stage.items())])
            name = taken.new("with_windows", "step")
            ctes.append((name, step.from_(exp.to_table(source), copy=False)))
            source = name
        select = self._last(source, shown, order, having)
        for name, body in ctes:
            select.with_(name, body, append=True, copy=False)
        return select

    def _lifted(self, tree: exp.Expression) -> exp.Expression:
        holder = exp.Paren(this=tree)
        for node in list(holder.find_all(exp.LT, exp.LTE, exp.GT, exp.GTE, exp.EQ, exp.NEQ)):
            for side in ("this", "expression"):
                if not isinstance(node.args[side], exp.Subquery):
                    node.set(side, self.measures.lift(node.args[side]))
        return holder.this

    def _order(self, shown: list[tuple[str, exp.Expression]], order: list[tuple[exp.Expression, bool]]) -> None:
        """Show columns by name in the order, and end it with the groups, so that the same data has one order."""
        for i, (tree, descending) in enumerate(order):
            name = next((name for name, value in shown if value == tree), None)
            if name is not None:
                order[i] = (column(name), descending)
        used = {tree.name for tree, _ in order if isinstance(tree, exp.Column)}
        order += [(column(name), False) for name, _ in self.groups if name not in used]

    def _one_select(
        self,
        pool: Pool,
        shown: list[tuple[str, exp.Expression]],
        order: list[tuple[exp.Expression, bool]],
        having: exp.Expression | None,
    ) -> exp.Select:
        """A single pool without windows: one plain SELECT … GROUP BY."""
        group_names = [name for name, _ in self.groups]
        select, dimensions, atoms = pool.rows(group_names)
        known = dict(zip(group_names, dimensions, strict=True)) | atoms
        names = [name for name, _ in shown]

        def inline(tree: exp.Expression) -> exp.Expression:
            holder = exp.Paren(this=tree.copy())
            for node in list(holder.find_all(exp.Column)):
                if not node.table and node.name in known:
                    node.replace(known[node.name].copy())
            return holder.this

        select.set("expressions", [_named(inline(tree), name) for name, tree in shown])
        keys: list[exp.Expression] = [
            number(names.index(name) + 1) if name in names else known[name].copy() for name in group_names
        ]
        if keys:
            select.set("group", exp.Group(expressions=keys))
        if having is not None:
            select.having(inline(having), copy=False)
        ordered = [
            exp.Ordered(
                this=tree if isinstance(tree, exp.Column) and tree.name in names else inline(tree),
                desc=descending,
                nulls_first=False,
            )
            for tree, descending in order
        ]
        if ordered and keys:
            select.set("order", exp.Order(expressions=ordered))
        paged(select, self.request)
        return select

    def _relation(self, pools: list[Pool], taken: Names, ctes: list[tuple[str, exp.Expression]]) -> str:
        """A relation with a column for each group and each aggregate of every pool; its name."""
        group_names = [name for name, _ in self.groups]
        parts = []
        for pool in pools:
            select, dimensions, atoms = pool.rows(group_names)
            projections = [_named(d.copy(), name) for name, d in zip(group_names, dimensions, strict=True)]
            projections += [alias(atom.copy(), name) for name, atom in atoms.items()]
            select.set("expressions", projections)
            if group_names:
                select.set("group", exp.Group(expressions=[number(i + 1) for i in range(len(group_names))]))
            part = taken.new(f"{slug(pool.base.name)}_by_group" if group_names else f"{slug(pool.base.name)}_totals")
            ctes.append((part, select))
            parts.append(part)
        if len(parts) == 1:
            return parts[0]
        combined = taken.new("combined")
        ctes.append((combined, self._met(pools, parts, group_names)))
        return combined

    def _met(self, pools: list[Pool], parts: list[str], group_names: list[str]) -> exp.Select:
        """The pools' results side by side. Groups meet by UNION ALL and GROUP BY, which takes null for equal to null,
        keeps groups that only one pool has, and costs one pass in every dialect."""
        if not group_names:
            select = exp.Select(expressions=[exp.Star()]).from_(exp.to_table(parts[0]), copy=False)
            for part in parts[1:]:
                select.append("joins", exp.Join(this=exp.to_table(part), kind="CROSS"))
            return select
        union: exp.Expression | None = None
        for pool, part in zip(pools, parts, strict=True):
            projections: list[exp.Expression] = [column(name) for name in group_names]
            for other in pools:
                for name in other.atoms:
                    projections.append(column(name) if other is pool else alias(exp.null(), name))
            branch = exp.Select(expressions=projections).from_(exp.to_table(part), copy=False)
            union = branch if union is None else exp.Union(this=union, expression=branch, distinct=False)
        assert union is not None
        projections = [column(name) for name in group_names]
        for pool in pools:
            for name, atom in pool.atoms.items():
                value: exp.Expression = exp.Max(this=column(name))
                if isinstance(atom.this if isinstance(atom, exp.Filter) else atom, exp.Count):
                    value = exp.Coalesce(this=value, expressions=[number(0)])
                projections.append(alias(value, name))
        select = exp.Select(expressions=projections).from_(
            exp.Subquery(this=union, alias=exp.TableAlias(this=exp.to_identifier("parts"))), copy=False
        )
        select.set("group", exp.Group(expressions=[number(i + 1) for i in range(len(group_names))]))
        return select

    def _last(
        self,
        source: str,
        shown: list[tuple[str, exp.Expression]],
        order: list[tuple[exp.Expression, bool]],
        having: exp.Expression | None,
    ) -> exp.Select:
        request = self.request
        names = [name for name, _ in shown]
        if request.limit_per and request.limit is not None:
            return self._per_group(source, shown, order, having)
        select = exp.Select(expressions=[_named(tree, name) for name, tree in shown]).from_(
            exp.to_table(source), copy=False
        )
        if having is not None:
            select.where(having, copy=False)
        ordered = [
            exp.Ordered(this=tree.copy(), desc=descending, nulls_first=False)
            for tree, descending in order
            if self.groups
        ]
        if ordered:
            select.set("order", exp.Order(expressions=ordered))
        paged(select, request)
        del names
        return select

    def _per_group(
        self,
        source: str,
        shown: list[tuple[str, exp.Expression]],
        order: list[tuple[exp.Expression, bool]],
        having: exp.Expression | None,
    ) -> exp.Select:
        values = dict(shown)
        partition = [self.measures.group(name) for name in self.request.limit_per]
        ordered = [
            exp.Ordered(
                this=values.get(tree.name, tree).copy() if isinstance(tree, exp.Column) else tree.copy(),
                desc=d,
                nulls_first=False,
            )
            for tree, d in order
        ]
        position = self.names.new("position")
        row = exp.Window(
            this=exp.RowNumber(), partition_by=[column(p) for p in partition], order=exp.Order(expressions=ordered)
        )
        names = [name for name, _ in shown]
        hidden = [column(p) for p in partition if p not in names]
        numbered = exp.Select(
            expressions=[*(_named(tree, name) for name, tree in shown), *hidden, alias(row, position)]
        )
        numbered.from_(exp.to_table(source), copy=False)
        if having is not None:
            numbered.where(having, copy=False)
        select = exp.Select(expressions=[column(name) for name in names])
        select.from_(numbered.subquery("numbered", copy=False), copy=False)
        select.where(kept(position, self.request), copy=False)
        keys = [exp.Ordered(this=column(name), nulls_first=False) for name in (*partition, position)]
        select.set("order", exp.Order(expressions=keys))
        return select


def _named(tree: exp.Expression, name: str) -> exp.Expression:
    """The expression under a name, which it may have already."""
    return tree if isinstance(tree, exp.Column) and tree.name == name else alias(tree, name)


def _measure_name(c: MeasureColumn, meaning: Meaning) -> str:
    if isinstance(c.measure, MetricRef) and not c.measure.where and not c.label:
        return slug(c.measure.metric)
    return slug(meaning.label)


def _shift(now: Window, then: Window, context: Context) -> Shift:
    """How far the compared window's times are moved to lie in the asked one: whole months where both start with one."""
    if now.start is None or then.start is None:
        raise CannotCompile("bad_request", "Periods without a start cannot be laid side by side.")
    a, b = local(now.start, context.model), local(then.start, context.model)
    if a.day == b.day and a.time() == b.time():
        return ((a.year - b.year) * 12 + a.month - b.month, "MONTH")
    days = a - b
    return (days.days, "DAY") if not days.seconds else (int(days.total_seconds()), "SECOND")


Moment = datetime
