"""Pools: each dataset's measures, aggregated at their own grain.

A pool is the rows of one dataset under one set of conditions, grouped by the request's dimensions. Every aggregate of
a request belongs to one pool, so no aggregate ever sees rows that a join with another measure's rows has repeated.
Where a dimension lies beyond a fan-out (customers by the categories of what they bought), the pool first makes pairs
of group and row distinct, so that each row counts once in each group it has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import sqlglot.expressions as exp

from knowledge.compile.columns import dataset_label, field_label
from knowledge.compile.comparisons import Subquery
from knowledge.compile.conditions import all_of
from knowledge.compile.conformed import conformed, conforming
from knowledge.compile.errors import CannotCompile
from knowledge.compile.graph import Path
from knowledge.compile.metrics import bases
from knowledge.compile.naming import Names, alias, column, slug
from knowledge.compile.scope import Context, Scope, conjoin, unreachable
from knowledge.compile.values import (
    as_number,
    field_at,
    interval,
    number,
    operand,
    part_of,
    references,
    truncated,
    wrapped,
)
from knowledge.model import Dataset
from knowledge.request import All, Any, Compare, Condition, FieldColumn, InPart, InWindow, Not, Request, Window

Shift = tuple[int, str] | None
"""How far a comparison's times are moved to lie beside the period compared: (3, "MONTH")."""


@dataclass(frozen=True)
class Span:
    """The period that a pool covers, and how its times are moved."""

    name: str
    window: Window | None = None
    shift: Shift = None


@dataclass
class Pool:
    scope: Scope
    base: Dataset
    dimensions: list[exp.Expr]
    where: exp.Expr | None
    span: Span
    latest: tuple[exp.Expr, list[exp.Expr]] | None = None
    """For levels (a balance, a stock): the rows' time, and what tells apart the things that have a level. Of each thing
    in each group only the last row counts."""
    atoms: dict[str, exp.Expr] = field(default_factory=dict)
    """Aggregates by the name of the column that will hold them."""
    by_text: dict[str, str] = field(default_factory=dict)

    def counts(self, name: str) -> bool:
        """Whether an aggregate is a count: 0 where there is nothing."""
        return isinstance(_bare(self.atoms[name]), exp.Count)

    def adds_up(self, name: str) -> bool:
        """Whether an aggregate is a sum or a count: nothing adds nothing to it."""
        return isinstance(_bare(self.atoms[name]), exp.Sum | exp.Count)

    def rows(self, names: Sequence[str]) -> tuple[exp.Select, list[exp.Expr], dict[str, exp.Expr]]:
        """A SELECT without columns, the dimensions in it, and the aggregates over it."""
        if self.latest is None and (
            not self.scope.opened or all(_ignores_repeats(atom) for atom in self.atoms.values())
        ):
            return self.scope.select(where=self.where), self.dimensions, self.atoms
        inner, called = Names(set(names)), "pairs" if self.latest is None else "latest"
        projections = [alias(d, name) for d, name in zip(self.dimensions, names, strict=True)]
        time, keys = self.latest or (None, self.scope.primary_key(()))
        projections += [alias(key, inner.new(f"key_{slug(key.name)}" if key.name else "key")) for key in keys]
        known: dict[str, str] = {}
        atoms = {}
        for name, atom in self.atoms.items():
            tree = exp.Paren(this=atom.copy())
            for used in list(tree.find_all(exp.Column)):
                text = used.sql()
                if text not in known:
                    known[text] = inner.new(slug(used.name))
                    value = used.copy() if time is None else exp.ArgMax(this=used.copy(), expression=time.copy())
                    projections.append(alias(value, known[text]))
                used.replace(column(known[text], called))
            atoms[name] = tree.this
        rows = self.scope.select(*projections, where=self.where)
        if time is None:
            rows.distinct(copy=False)
        else:
            rows.set("group", exp.Group(expressions=[number(i + 1) for i in range(len(names) + len(keys))]))
        select = exp.Select().from_(rows.subquery(called, copy=False), copy=False)
        return select, [column(name, called) for name in names], atoms


def _is_about(scope: Scope, condition: Compare | InWindow | InPart) -> bool:
    """Whether each row of the scope has one value of what the condition is about."""
    names = references(condition.field)
    if isinstance(condition, Compare) and condition.field_value is not None:
        names = names + references(condition.field_value)
    try:
        return all(scope.fan(scope.path(name)[0]) is None for name in names)
    except CannotCompile:
        return False


def _bare(atom: exp.Expr) -> exp.Expr:
    return atom.this if isinstance(atom, exp.Filter) else atom


def _ignores_repeats(atom: exp.Expr) -> bool:
    inner = _bare(atom)
    return isinstance(inner, exp.Min | exp.Max) or (
        isinstance(inner, exp.Count) and isinstance(inner.this, exp.Distinct)
    )


class Pools:
    """The pools of one request, made as its measures ask for them."""

    def __init__(
        self, context: Context, request: Request, columns: list[FieldColumn], names: Names, subquery: Subquery
    ):
        self.context, self.request, self.columns, self.names, self.subquery = context, request, columns, names, subquery
        self.pools: dict[tuple[str, ...], Pool] = {}
        self.owner: dict[str, Pool] = {}

    def atom(
        self,
        base: str,
        make: Callable[[Scope], exp.Expr],
        span: Span,
        *,
        where: Sequence[Condition] = (),
        time: str | None = None,
        label: str = "",
        name: str = "",
        level: bool = False,
    ) -> exp.Column:
        """The column that will hold an aggregate over the rows of `base` for which `where` holds.

        `label` is what a person calls the measure, and `name` what the column may be called. A `level` does not add up
        over time: of each thing that has one only the last counts."""
        pool = self._pool(base, span, time, (), label, level)
        filters: Sequence[Condition] = where
        if where and (pool.scope.opened or pool.latest):
            # The condition may be about the very rows that the dimension comes from: it must see the same ones.
            pool, filters = self._pool(base, span, time, where, label, level), ()
        tree = make(pool.scope)
        condition = all_of(pool.scope, filters, self.subquery) if filters else None
        if condition is not None:
            if isinstance(tree, exp.Filter):
                condition = conjoin([tree.expression.this, condition])
                tree = tree.this
            tree = exp.Filter(this=tree, expression=exp.Where(this=condition))
        text = tree.sql("duckdb")
        if text not in pool.by_text:
            name = self.names.new(name or f"{_atom_name(tree)}{'_before' if span.name == 'then' else ''}")
            pool.by_text[text] = name
            pool.atoms[name] = tree
            self.owner[name] = pool
        return column(pool.by_text[text])

    def every(self, base: str) -> None:
        """A pool without aggregates: all rows of `base` are groups, as far as the request's conditions are about
        them."""
        scope = Scope(self.context, base)
        own = [c for c in self.request.where if isinstance(c, Compare | InWindow | InPart) and _is_about(scope, c)]
        self.pools["every", base] = self._new(base, Span("every"), None, (), "", own)

    def _pool(
        self, base: str, span: Span, time: str | None, where: Sequence[Condition], label: str, level: bool
    ) -> Pool:
        key = (base, time or "", span.name, str(level), *(condition.model_dump_json() for condition in where))
        if key not in self.pools:
            self.pools[key] = self._new(base, span, time, where, label)
            if level:
                self._keep_latest(self.pools[key], time, label)
        return self.pools[key]

    def _keep_latest(self, pool: Pool, time: str | None, label: str) -> None:
        """Make the pool one of levels. The things that have a level are told apart by the primary key without its time,
        or by what the rows belong to."""
        base, model = pool.base, self.context.model
        own = time or (f"{base.name}.{base.default_time}" if base.default_time else None)
        things = [name for name in base.primary_key if name != base.default_time]
        if base.default_time not in base.primary_key:
            things = list(
                dict.fromkeys(key for r in model.relationships if r.many == base.name for key in r.many_fields)
            )
        if own is None or not things or pool.scope.opened:
            self.context.caveat(f"{label} is a level at a moment: a sum over several moments means little.")
            return
        keys = [pool.scope.key((), base, name) for name in things]
        pool.latest = (operand(pool.scope, own).sql, keys)
        self.context.caveat(f"{label} is a level at a moment: each {dataset_label(base).lower()}'s last one counts.")

    def _new(
        self,
        base: str,
        span: Span,
        time: str | None,
        where: Sequence[Condition],
        label: str,
        conditions: Sequence[Condition] | None = None,
    ) -> Pool:
        scope = Scope(self.context, base)
        own = time or own_time(self.context, base)
        fields = [self._reach(scope, c, own, label) for c in self.columns]
        timed = self.request.time_field if self._leads_to(base, self.request.time_field) else own
        dimensions = [column_value(scope, c, span.shift if name == timed else None) for name, c in fields]
        asked = self.request.where if conditions is None else conditions
        conditions = [self._own_times(scope, c, own) for c in asked] + list(where)
        conditions = [conforming(self.context, base, c) for c in conditions]
        if span.window is not None:
            conditions += self._period(base, span.window, timed, label)
        holds = all_of(scope, conditions, self.subquery)
        return Pool(scope, scope.dataset, dimensions, holds, span)

    def _period(self, base: str, window: Window, timed: str | None, label: str) -> list[Condition]:
        if timed is not None:
            return [InWindow(field=timed, window=window)]
        related = tuple(
            f"{d.name}.{d.default_time}"
            for d in self.context.model.datasets
            if d.default_time and self.context.graph.path(base, d.name)
        )
        if not self.pools:
            offer = f" Say which time is meant: {', '.join(related[:5])}." if related else ""
            raise CannotCompile("no_time", f"{base} has no time of its own to limit by.{offer}", related)
        self.context.caveat(f"{label or base} is not limited to the period: {base} has no time.")
        return []

    def _reach(self, scope: Scope, wanted: FieldColumn, own: str | None, label: str) -> tuple[str | None, FieldColumn]:
        """The dimension as this pool can reach it; rows that a fan-out leads to are joined and a caveat says so."""
        names = references(wanted.field)
        for name in names:
            try:
                path, dataset, model_field = scope.path(name)
                open_to = _allowed(self.context, path)
            except CannotCompile as error:
                if error.kind != "unreachable":
                    raise
                open_to = False
            if open_to and own and wanted.grain and self._timed_apart(scope, name, path):
                self.context.caveat(f"{label or scope.root} is placed in time by its own {own}.")
                return own, wanted.model_copy(update={"field": own})
            other = conformed(self.context, scope.root, name) if isinstance(wanted.field, str) and not open_to else None
            if other is not None:
                return name, wanted.model_copy(update={"field": other})
            if not open_to:
                if own and isinstance(wanted.field, str) and self._is_default_time(name):
                    self.context.caveat(f"{label or scope.root} is placed in time by its own {own}.")
                    return own, wanted.model_copy(update={"field": own})
                raise unreachable(self.context, scope.root, name, label)
            if scope.fan(path) is not None:
                scope.open(path)
                scope.primary_key(())
                noun, label = dataset_label(scope.dataset).lower(), _lowered(field_label(dataset, model_field))
                self.context.caveat(f"A {noun} counts in each {label} that it has; one that has none is left out.")
        return (names[0] if isinstance(wanted.field, str) else None), wanted

    def _timed_apart(self, scope: Scope, reference: str, path: Path) -> bool:
        """A period is that of other rows that are measured, too, and of which a row here may have several: "returns as
        a percentage of orders by month" counts the orders of each month, not those with something returned in it."""
        if not self._is_default_time(reference) or scope.fan(path) is None:
            return False
        measured = {d for column in self.request.measures for d in bases(self.context, column.measure)}
        return self.context.model.resolve(reference)[0].name in measured

    def _leads_to(self, base: str, reference: str | None) -> bool:
        if reference is None:
            return False
        dataset, _, via = self.context.model.resolve(reference)
        return self.context.graph.path(base, dataset.name, via) is not None

    def _is_default_time(self, reference: str) -> bool:
        dataset, model_field, _ = self.context.model.resolve(reference)
        return dataset.default_time == model_field.name

    def _own_times(self, scope: Scope, condition: Condition, own: str | None) -> Condition:
        """A condition on another dataset's default time is, for rows that don't lead there, one on their own time."""
        match condition:
            case InWindow() | InPart() if own and self._is_default_time(condition.field):
                dataset, _, via = self.context.model.resolve(condition.field)
                path = self.context.graph.path(scope.root, dataset.name, via)
                if path is None or (path and path[0].single and not all(hop.single for hop in path)):
                    self.context.caveat(f"{scope.root} is placed in time by its own {own}.")
                    return condition.model_copy(update={"field": own})
            case All() | Any():
                return condition.model_copy(update={"of": [self._own_times(scope, c, own) for c in condition.of]})
            case Not():
                return condition.model_copy(update={"of": self._own_times(scope, condition.of, own)})
        return condition


def own_time(context: Context, base: str) -> str | None:
    """The field that says when a row happened: its dataset's default, or the nearest one that it leads to.

    Among equally near datasets the one that itself leads to most others is the event (an order, not a product)."""
    model, graph = context.model, context.graph
    timed = [d for d in graph.reachable(base) if d.default_time]
    if not timed:
        return None
    far = {d.name: len(graph.path(base, d.name) or ()) for d in timed[:1]}
    nearest = [d for d in timed if len(_path(context, base, d.name)) == far[timed[0].name]]

    def links(dataset: Dataset) -> int:
        return sum(r.many == dataset.name for r in model.relationships)

    best = max(nearest, key=links)
    return f"{best.name}.{best.default_time}"


def _path(context: Context, start: str, end: str) -> Path:
    try:
        return context.graph.path(start, end) or ()
    except CannotCompile:
        return ()


def _allowed(context: Context, path: Path) -> bool:
    """Whether rows may be split by what a path leads to: always for single hops and for a fan-out of the rows
    themselves; through a shared parent only over a bridge (a table that does nothing but relate two others) or to a
    list of what the parent is (the categories of a business)."""
    first = next((i for i, hop in enumerate(path) if not hop.single), None)
    return not first or _is_bridge(context, path[first].end) or _is_list(context, path[first].end)


def _is_list(context: Context, name: str) -> bool:
    """A table of names that belong to one other: tags, categories, languages spoken."""
    dataset, relations = context.model.dataset(name), context.model.relationships
    links = {key for r in relations if r.many == name for key in r.many_fields}
    others = [f for f in dataset.fields if f.name not in links and f.name not in dataset.primary_key]
    texts = [f for f in others if f.type == "text"]
    alone = sum(r.many == name for r in relations) == 1 and not any(r.one == name for r in relations)
    return alone and dataset.default_time is None and len(texts) == len(others) <= 2


def _is_bridge(context: Context, name: str) -> bool:
    dataset = context.model.dataset(name)
    links = {key for r in context.model.relationships if r.many == name for key in r.many_fields}
    others = [f for f in dataset.fields if f.name not in links and f.name not in dataset.primary_key]
    ways = sum(r.many == name for r in context.model.relationships)
    times = [(f.label or f.name).lower() for f in others if f.type in ("date", "timestamp")]
    happens = dataset.default_time is not None and not all(_VALIDITY.search(label) for label in times)
    return ways >= 2 and not happens and not any(f.role == "measure" for f in others)


_VALIDITY = re.compile(r"\b(?:effective|valid|validity|expir\w+|start|end|from|to|until)\b")
"""Dates between which two things belong together, rather than of something that happened."""


def column_value(scope: Scope, wanted: FieldColumn, shift: Shift = None) -> exp.Expr:
    """The value of an output column for a row: its field, or the grain, part or bin of it."""
    if isinstance(wanted.field, str):
        path, _, model_field = scope.path(wanted.field)
        if wanted.stored and model_field.stored:
            model_field = replace(model_field, sql=model_field.stored, type="text")
        value = field_at(scope, path, model_field)
    else:
        value = operand(scope, wanted.field)
    model = scope.context.model
    if wanted.grain or wanted.part:
        tree = value.sql if value.type in ("date", "timestamp", "time") else exp.cast(value.sql, "timestamp")
        if wanted.part:
            return part_of(tree, wanted.part, model)
        assert wanted.grain
        if wanted.grain == "day" and value.type == "date" and not shift:
            return tree
        if shift:
            tree = exp.Add(this=wrapped(tree), expression=interval(*shift))
        return truncated(tree, wanted.grain, model)
    if wanted.bin is not None:
        if wanted.bin <= 0:
            raise CannotCompile("bad_request", f"A bin must be wider than 0, not {wanted.bin}.")
        width = number(wanted.bin)
        floor = exp.Floor(this=exp.Div(this=wrapped(as_number(value)), expression=width, typed=False, safe=False))
        return exp.Mul(this=floor, expression=width.copy())
    return value.sql


def _lowered(label: str) -> str:
    return label[:1].lower() + label[1:]


def _atom_name(tree: exp.Expr) -> str:
    inner = tree.this if isinstance(tree, exp.Filter) else tree
    function = {"Count": "count", "Avg": "average"}.get(type(inner).__name__, type(inner).__name__.lower())
    used = inner.find(exp.Column)
    return slug(f"{function}_{used.name}" if used else f"{function}_rows")
