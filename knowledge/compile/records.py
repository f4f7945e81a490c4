"""Requests without measures: lists of records."""

from __future__ import annotations

from collections.abc import Sequence

import sqlglot.expressions as exp

from knowledge.compile.columns import dataset_label, field_column, told_apart
from knowledge.compile.comparisons import Subquery
from knowledge.compile.conditions import all_of
from knowledge.compile.errors import CannotCompile
from knowledge.compile.naming import Names, alias, column, slug
from knowledge.compile.pools import column_value, own_time
from knowledge.compile.scope import Context, Scope
from knowledge.compile.values import number, references, resolved
from knowledge.model import SemanticModel
from knowledge.request import Condition, FieldColumn, InWindow, Request
from knowledge.result import ResultColumn


def records(context: Context, request: Request, subquery: Subquery) -> tuple[exp.Select, list[ResultColumn]]:
    """One row per record of the dataset that leads to all the fields shown (distinct ones if asked)."""
    if request.compare_to is not None:
        raise CannotCompile("bad_request", "A list of records has nothing to compare with another period.")
    model = context.model
    fields = request.fields or _all_fields(model, request)
    base = _base(context, request, fields)
    scope = Scope(context, base)
    shown = [c for c in fields if c.shown]
    names = Names()
    aliases = [names.new(column_name(model, c)) for c in shown]
    values = [column_value(scope, c) for c in shown]
    projections = [alias(tree, name) for tree, name in zip(values, aliases, strict=True)]

    conditions: list[Condition] = list(request.where)
    if request.period is not None:
        time = request.time_field or own_time(context, base)
        if time is None:
            raise CannotCompile("no_time", f"{base} has no time to limit by.")
        conditions.append(InWindow(field=time, window=resolved(request.period)))

    order: list[exp.Ordered] = []
    extra: list[exp.Expr] = []
    for wish in request.order:
        assert isinstance(wish.by, FieldColumn)
        known = next((n for n, c in zip(aliases, shown, strict=True) if same_column(c, wish.by)), None)
        if known is None and request.distinct:
            raise CannotCompile("bad_request", "A list of distinct records can only be ordered by what it shows.")
        tree = column(known) if known else column_value(scope, wish.by)
        if not known:
            extra.append(tree)
        order.append(exp.Ordered(this=tree, desc=wish.descending or None, nulls_first=False))
    partition = [column_value(scope, FieldColumn(field=name)) for name in request.limit_per]
    tied = request.limit is not None or bool(request.order)
    if request.distinct:
        ties: list[exp.Expr] = [column(name) for name in aliases]
    elif tied and scope.dataset.primary_key:
        ties = scope.primary_key(())
    else:
        ties = [column(name) for name in aliases] if tied else []
    used = {o.this.sql() for o in order}
    order += [exp.Ordered(this=tie, nulls_first=False) for tie in ties if tie.sql() not in used]

    where = all_of(scope, conditions, subquery)
    by_name = dict(zip(aliases, values, strict=True))
    if request.limit_per and request.limit is not None:
        select = _per_group(request, scope, where, projections, aliases, by_name, partition, order)
    else:
        select = scope.select(*projections, where=where)
        if request.distinct:
            select = select.distinct(copy=False)
        if order:
            select.set("order", exp.Order(expressions=order))
        paged(select, request)
    columns = [field_column(model, c, name) for c, name in zip(shown, aliases, strict=True)]
    return select, told_apart(columns, [owner(model, c) for c in shown])


def paged(select: exp.Select, request: Request) -> exp.Select:
    """The SELECT with the request's limit and offset."""
    if request.limit is not None:
        select.set("limit", exp.Limit(expression=number(request.limit)))
    if request.offset:
        select.set("offset", exp.Offset(expression=number(request.offset)))
    return select


def _per_group(
    request: Request,
    scope: Scope,
    where: exp.Expr | None,
    projections: Sequence[exp.Expr],
    aliases: list[str],
    by_name: dict[str, exp.Expr],
    partition: list[exp.Expr],
    order: list[exp.Ordered],
) -> exp.Select:
    """The first rows of each group: numbered in a subquery, which every dialect can say."""

    def inlined(tree: exp.Expr) -> exp.Expr:
        return by_name[tree.name].copy() if isinstance(tree, exp.Column) and not tree.table else tree.copy()

    inner = Names(set(aliases))
    keys = [inner.new(f"group_{i + 1}") for i in range(len(partition))]
    position = inner.new("position")
    number_of = exp.Window(
        this=exp.RowNumber(),
        partition_by=[p.copy() for p in partition],
        order=exp.Order(
            expressions=[exp.Ordered(this=inlined(o.this), desc=o.args.get("desc"), nulls_first=False) for o in order]
        ),
    )
    numbered = scope.select(
        *projections,
        *(alias(p, key) for p, key in zip(partition, keys, strict=True)),
        alias(number_of, position),
        where=where,
    )
    select = exp.Select(expressions=[column(name) for name in aliases]).from_(
        numbered.subquery("numbered", copy=False), copy=False
    )
    select.where(kept(position, request), copy=False)
    ordered = [exp.Ordered(this=column(key), nulls_first=False) for key in (*keys, position)]
    select.set("order", exp.Order(expressions=ordered))
    return select


def kept(position: str, request: Request) -> exp.Expr:
    """The condition that keeps the rows of a group that `limit` and `offset` ask for."""
    last = exp.LTE(this=column(position), expression=number((request.limit or 0) + request.offset))
    if not request.offset:
        return last
    return exp.and_(exp.GT(this=column(position), expression=number(request.offset)), last, copy=False)


def column_name(model: SemanticModel, c: FieldColumn) -> str:
    """What an output column of field values is called in SQL."""
    if c.label:
        return slug(c.label)
    if c.grain or c.part:
        return c.grain or str(c.part)
    if isinstance(c.field, str):
        return slug(model.resolve(c.field)[1].name)
    return slug(field_column(model, c, "").label)


def same_column(shown: FieldColumn, wanted: FieldColumn) -> bool:
    """Whether an order by `wanted` means the column shown: the same field, in any grain if none is said."""
    if shown.field != wanted.field:
        return False
    plain = not (wanted.grain or wanted.part or wanted.bin)
    return plain or (shown.grain, shown.part, shown.bin) == (wanted.grain, wanted.part, wanted.bin)


def owner(model: SemanticModel, c: FieldColumn) -> str:
    return dataset_label(model.resolve(c.field)[0]) if isinstance(c.field, str) else ""


def _all_fields(model: SemanticModel, request: Request) -> list[FieldColumn]:
    if request.dataset is None:
        raise CannotCompile("no_dataset", "The request has neither columns nor a dataset.")
    dataset = model.dataset(request.dataset)
    return [FieldColumn(field=f"{dataset.name}.{f.name}") for f in dataset.fields if not f.hidden]


def _base(context: Context, request: Request, fields: list[FieldColumn]) -> str:
    """The dataset to list: the one mentioned that leads to all others; else the nearest one that does (a bridge)."""
    model, graph = context.model, context.graph
    named: dict[str, None] = {request.dataset: None} if request.dataset else {}
    for reference in (name for c in fields for name in references(c.field)):
        dataset, _, via = model.resolve(reference)
        start = next((r.many for r in model.relationships if via and r.name == via.split("/")[0]), dataset.name)
        named[start] = None
    if not named:
        raise CannotCompile("no_dataset", "Nothing says records of what should be listed.")
    if request.dataset:
        model.dataset(request.dataset)
    mentioned = list(named)

    def leads(start: str) -> bool:
        return all(start == other or graph.single(start, other) for other in mentioned)

    for name in mentioned:
        if leads(name):
            return name
    bridges = [d.name for d in model.datasets if d.name not in named and leads(d.name)]
    if not bridges:
        raise CannotCompile("unreachable", f"Nothing relates {' and '.join(mentioned)} to each other row by row.")
    far = {name: sum(len(graph.path(name, other) or ()) for other in mentioned) for name in bridges}
    nearest = [name for name in bridges if far[name] == min(far.values())]
    if len(nearest) > 1:
        ways = " or ".join(nearest)
        raise CannotCompile(
            "ambiguous_path", f"{' and '.join(mentioned)} are related by {ways}. Say which.", tuple(nearest)
        )
    return nearest[0]
