"""The SELECT of a request with measures, put together from its pools, windows, order and limits.

A single pool without windows is one plain SELECT … GROUP BY. Otherwise each pool is a CTE of its own, the pools meet in
`combined`, gaps are filled in `filled`, windows are added one SELECT at a time, and the last SELECT orders and limits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import sqlglot.expressions as exp

from knowledge.compile.comparisons import comparison
from knowledge.compile.errors import CannotCompile
from knowledge.compile.measures import Measures
from knowledge.compile.naming import Names, alias, column, slug
from knowledge.compile.periods import floor
from knowledge.compile.pools import Pool, Span
from knowledge.compile.records import kept, paged
from knowledge.compile.scope import Context, conjoin
from knowledge.compile.values import INTERVALS, day, interval, local, moment, number, text
from knowledge.request import FieldColumn, Grain, Request

_PARTS = {
    "hour_of_day": (0, 23),
    "day_of_week": (1, 7),
    "day_of_month": (1, 31),
    "week_of_year": (1, 53),
    "month_of_year": (1, 12),
    "quarter_of_year": (1, 4),
}


@dataclass
class Ordering:
    tree: exp.Expr
    descending: bool = False
    output: str | None = None
    """The shown column that has the same value."""


@dataclass
class Having:
    op: str
    left: exp.Expr
    right: exp.Expr


@dataclass
class Plan:
    """What the last SELECT shows: expressions over the groups' and the aggregates' columns."""

    context: Context
    request: Request
    groups: list[tuple[str, FieldColumn]]
    measures: Measures
    now: Span
    shown: list[tuple[str, exp.Expr]]
    order: list[Ordering]
    having: list[Having]
    after: exp.Expr | None = None
    """Which groups are kept once changes from earlier ones have been computed."""
    ctes: list[tuple[str, exp.Expr]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.groups]


def assemble(plan: Plan) -> exp.Select:
    """The whole statement."""
    # A pool without aggregates of its own still says which groups there are.
    pools = [pool for pool in plan.measures.pools.pools.values() if pool.atoms or plan.groups]
    if not pools:
        raise CannotCompile("bad_request", "The request has only numbers: there is nothing to compute from the data.")
    windows = _settle_windows(plan)
    _settle_order(plan)
    if len(pools) == 1 and not windows and not plan.request.limit_per and not plan.request.fill_gaps:
        return _one_select(plan, pools[0])
    model = plan.context.model
    taken = Names({slug(d.name) for d in model.datasets} | {slug(d.source.split(".")[-1]) for d in model.datasets})
    source = _relation(plan, pools, taken)
    if plan.request.fill_gaps:
        source = _filled(plan, source, pools, taken)
    after = None
    for i, stage in enumerate(plan.measures.stages):
        step = exp.Select(expressions=[exp.Star(), *(alias(tree, name) for name, tree in stage.items())])
        step.from_(exp.to_table(source), copy=False)
        if after is not None:
            step.where(after, copy=False)
        after = plan.after if i == 0 else None
        source = taken.new("with_windows", "step")
        plan.ctes.append((source, step))
    select = _last(plan, source, after)
    for name, body in plan.ctes:
        select.with_(name, body, append=True, copy=False)
    return select


def _settle_windows(plan: Plan) -> bool:
    """Whether there are window functions. They are computed before the last SELECT where it filters by them."""
    trees = [tree for _, tree in plan.shown] + [o.tree for o in plan.order]
    trees += [tree for h in plan.having for tree in (h.left, h.right)]
    windows = bool(plan.measures.stages) or any(tree.find(exp.Window) for tree in trees)
    hidden = any(o.tree.find(exp.Window) and not any(o.tree == tree for _, tree in plan.shown) for o in plan.order)
    if windows and (plan.having or plan.request.limit_per or plan.measures.stages or hidden):
        lift = plan.measures.lift
        for i, (name, tree) in enumerate(plan.shown):
            plan.shown[i] = (name, lift(tree, name))
        for o in plan.order:
            o.tree = lift(o.tree)
        for h in plan.having:
            h.left, h.right = lift(h.left), lift(h.right)
    return windows


def _settle_order(plan: Plan) -> None:
    """Order by the columns shown, by name, and end with the groups: the same data always comes in the same order."""
    used = set()
    for o in plan.order:
        o.output = next((name for name, tree in plan.shown if tree == o.tree), None)
        used.add(o.output)
    for name in plan.names:
        if name not in used:
            shown = next((output for output, tree in plan.shown if tree == column(name)), None)
            plan.order.append(Ordering(column(name), output=shown))


def _ordered(o: Ordering, tree: exp.Expr) -> exp.Ordered:
    return exp.Ordered(this=tree, desc=o.descending or None, nulls_first=False)


def _group_by(count: int) -> exp.Group:
    return exp.Group(expressions=[number(i + 1) for i in range(count)])


def _named(tree: exp.Expr, name: str) -> exp.Expr:
    """The expression under a name, which it may have already."""
    return tree if isinstance(tree, exp.Column) and tree.name == name else alias(tree, name)


def _one_select(plan: Plan, pool: Pool) -> exp.Select:
    select, dimensions, atoms = pool.rows(plan.names)
    known = dict(zip(plan.names, dimensions, strict=True)) | atoms
    outputs = [name for name, _ in plan.shown]

    def inline(tree: exp.Expr) -> exp.Expr:
        holder = exp.Paren(this=tree.copy())
        for node in list(holder.find_all(exp.Column)):
            if not node.table and node.name in known:
                node.replace(known[node.name].copy())
        return holder.this

    select.set("expressions", [_named(inline(tree), name) for name, tree in plan.shown])
    if plan.names:
        places = {tree.name: i + 1 for i, (_, tree) in enumerate(plan.shown) if isinstance(tree, exp.Column)}
        keys = [number(places[name]) if name in places else known[name].copy() for name in plan.names]
        select.set("group", exp.Group(expressions=keys))
    if plan.having:
        tests = [comparison(h.op, inline(h.left), _outside(h.right, inline)) for h in plan.having]
        select.having(conjoin(tests), copy=False)
    ordered = [_ordered(o, column(o.output) if o.output in outputs else inline(o.tree)) for o in plan.order]
    if ordered and plan.names:
        select.set("order", exp.Order(expressions=ordered))
    return paged(select, plan.request)


def _outside(tree: exp.Expr, inline: object) -> exp.Expr:
    """A sub-result is a statement of its own: its columns are not this one's."""
    return tree if tree.find(exp.Select) else inline(tree)  # type: ignore[operator]


def _relation(plan: Plan, pools: list[Pool], taken: Names) -> str:
    """The name of a relation with a column for each group and each aggregate of every pool."""
    parts = []
    for pool in pools:
        select, dimensions, atoms = pool.rows(plan.names)
        projections = [_named(d.copy(), name) for name, d in zip(plan.names, dimensions, strict=True)]
        projections += [alias(atom.copy(), name) for name, atom in atoms.items()]
        select.set("expressions", projections)
        if plan.names:
            select.set("group", _group_by(len(plan.names)))
        name = f"{slug(pool.base.name)}_{'by_group' if plan.names else 'total'}"
        part = taken.new(name if pool.span.name == "now" else f"{name}_before")
        plan.ctes.append((part, select))
        parts.append(part)
    if len(parts) == 1:
        return parts[0]
    combined = taken.new("combined")
    typed = len(pools) > 2 and plan.context.dialect in ("postgres", "redshift")
    plan.ctes.append((combined, _met(plan.names, pools, parts, typed=typed, filled=plan.request.every is not None)))
    return combined


def _nothing(name: str, source: str, typed: bool) -> exp.Expr:
    if not typed:
        return exp.null()
    none = exp.Select(expressions=[column(name)]).from_(exp.to_table(source), copy=False).limit(0, copy=False)
    return exp.Subquery(this=none)


def _met(names: list[str], pools: list[Pool], parts: list[str], *, typed: bool, filled: bool) -> exp.Select:
    """The pools' results side by side. Groups meet by UNION ALL and GROUP BY, which takes null for equal to null, keeps
    groups that only one pool has, and costs one pass over the results in every dialect. Where they are `filled`, what
    is added up of nothing is 0."""
    # Postgres takes a null that meets a null for text, and then refuses a number: its nulls are made of the right type.
    if not names:
        select = exp.Select(expressions=[exp.Star()]).from_(exp.to_table(parts[0]), copy=False)
        for part in parts[1:]:
            select.append("joins", exp.Join(this=exp.to_table(part), kind="CROSS"))
        return select
    union: exp.Query | None = None
    for pool, part in zip(pools, parts, strict=True):
        projections: list[exp.Expr] = [column(name) for name in names]
        for other, source in zip(pools, parts, strict=True):
            for name in other.atoms:
                projections.append(column(name) if other is pool else alias(_nothing(name, source, typed), name))
        branch = exp.Select(expressions=projections).from_(exp.to_table(part), copy=False)
        union = branch if union is None else exp.Union(this=union, expression=branch, distinct=False)
    assert union is not None
    projections = [column(name) for name in names]
    for pool in pools:
        for name in pool.atoms:
            value: exp.Expr = exp.Max(this=column(name))
            if pool.counts(name) or (filled and pool.adds_up(name)):
                value = exp.Coalesce(this=value, expressions=[number(0)])
            projections.append(alias(value, name))
    select = exp.Select(expressions=projections).from_(union.subquery("parts", copy=False), copy=False)
    select.set("group", _group_by(len(names)))
    return select


def _filled(plan: Plan, source: str, pools: list[Pool], taken: Names) -> str:
    """The relation with a row for every period: 0 for counts and sums, null for the rest."""
    name, group = plan.measures.time_column("A result without gaps")
    series = exp.Select(expressions=[alias(_series(plan, name, group, source), name)])
    present = exp.Select(expressions=[column(name)]).from_(exp.to_table(source), copy=False)
    periods = taken.new("periods")
    plan.ctes.append((periods, exp.Union(this=series, expression=present, distinct=True)))
    others = [other for other in plan.names if other != name]
    projections: list[exp.Expr] = [column(name, periods), *(column(other, "others") for other in others)]
    for pool in pools:
        for atom in pool.atoms:
            value: exp.Expr = column(atom, source)
            if pool.adds_up(atom):
                value = exp.Coalesce(this=value, expressions=[number(0)])
            projections.append(_named(value, atom))
    select = exp.Select(expressions=projections).from_(exp.to_table(periods), copy=False)
    on: list[exp.Expr] = [exp.NullSafeEQ(this=column(name, source), expression=column(name, periods))]
    if others:
        distinct = exp.Select(expressions=[column(other) for other in others]).from_(exp.to_table(source), copy=False)
        groups = distinct.distinct(copy=False).subquery("others", copy=False)
        select.append("joins", exp.Join(this=groups, kind="CROSS"))
        on += [exp.NullSafeEQ(this=column(o, source), expression=column(o, "others")) for o in others]
    select.append("joins", exp.Join(this=exp.to_table(source), side="LEFT", on=conjoin(on)))
    filled = taken.new("filled")
    plan.ctes.append((filled, select))
    return filled


def _series(plan: Plan, name: str, group: FieldColumn, source: str) -> exp.Expr:
    if group.part == "kind_of_day":
        return exp.Explode(this=exp.array(text("weekday"), text("weekend")))
    if group.part:
        low, high = _PARTS[group.part]
        return exp.Explode(this=exp.GenerateSeries(start=number(low), end=number(high)))
    grain: Grain = group.grain or "day"

    def end_of(kind: type[exp.AggFunc]) -> exp.Expr:
        select = exp.Select(expressions=[kind(this=column(name))]).from_(exp.to_table(source), copy=False)
        return exp.Subquery(this=select)

    start, end = end_of(exp.Min), end_of(exp.Max)
    window, model = plan.now.window, plan.context.model
    at = moment if grain == "hour" else lambda value: day(value.date())
    if window is not None and window.start is not None:
        start = at(floor(local(window.start, model), grain, model))
    if window is not None and window.end is not None:
        end = at(floor(local(window.end, model) - timedelta(microseconds=1), grain, model))
    series = exp.Explode(this=exp.GenerateSeries(start=start, end=end, step=interval(*INTERVALS[grain])))
    return series if grain == "hour" else exp.cast(series, "date")


def _last(plan: Plan, source: str, after: exp.Expr | None) -> exp.Select:
    select = exp.Select(expressions=[_named(tree, name) for name, tree in plan.shown])
    select.from_(exp.to_table(source), copy=False)
    tests = [after] if after is not None else []
    tests += [comparison(h.op, h.left, h.right) for h in plan.having]
    if tests:
        select.where(conjoin(tests), copy=False)
    if plan.request.limit_per and plan.request.limit is not None:
        return _per_group(plan, select)
    ordered = [_ordered(o, column(o.output) if o.output else o.tree) for o in plan.order]
    if ordered and plan.names:
        select.set("order", exp.Order(expressions=ordered))
    return paged(select, plan.request)


def _per_group(plan: Plan, select: exp.Select) -> exp.Select:
    """The first rows of each group: numbered in a subquery, which every dialect can say."""
    outputs = [name for name, _ in plan.shown]
    inner = Names(set(outputs))
    partition = [plan.measures.group(name) for name in plan.request.limit_per]
    keys = {name: name if (name, column(name)) in plan.shown else inner.new(name) for name in partition}
    position = inner.new("position")
    order = exp.Order(expressions=[_ordered(o, o.tree.copy()) for o in plan.order if o.tree.name not in partition])
    row = exp.Window(this=exp.RowNumber(), partition_by=[column(name) for name in partition], order=order)
    hidden = [alias(column(name), key) for name, key in keys.items() if key not in outputs]
    select.set("expressions", [*select.expressions, *hidden, alias(row, position)])
    outer = exp.Select(expressions=[column(name) for name in outputs])
    outer.from_(select.subquery("numbered", copy=False), copy=False)
    outer.where(kept(position, plan.request), copy=False)
    by = [exp.Ordered(this=column(name), nulls_first=False) for name in (*keys.values(), position)]
    outer.set("order", exp.Order(expressions=by))
    return outer
