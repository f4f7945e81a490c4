"""Conditions on rows, as SQL that never multiplies them.

A condition on a field that single hops reach is a plain predicate over a join. One on rows of a dataset with many rows
for each measured one is an EXISTS; those that lie in one list (`where`, or an All) and follow the same fan-out are put
in one EXISTS, so they must hold for the same related row.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlglot.expressions as exp

from knowledge.compile.comparisons import Subquery, compare, comparison
from knowledge.compile.errors import CannotCompile
from knowledge.compile.graph import Path
from knowledge.compile.scope import Scope, conjoin, unreachable
from knowledge.compile.values import (
    in_window,
    number,
    operand,
    part_of,
    references,
    resolved,
)
from knowledge.request import (
    All,
    Any,
    Compare,
    Condition,
    Exists,
    InPart,
    InWindow,
    Not,
)


def all_of(scope: Scope, conditions: Sequence[Condition], subquery: Subquery) -> exp.Expr | None:
    """All the conditions hold for a row of the scope; None when there are none."""
    own: list[exp.Expr] = []
    elsewhere: dict[Path, list[Condition]] = {}
    for condition in _flat(conditions):
        route = _route(scope, condition)
        if route is None:
            own.append(_predicate(scope, condition, subquery))
        else:
            elsewhere.setdefault(route, []).append(condition)
    for route, group in elsewhere.items():
        shared = [hop for hop in route if route[: len(scope.prefix)] == scope.prefix][len(scope.prefix) : -1]
        if shared:
            scope.context.caveat(
                f"{scope.anchored} rows count where their {shared[-1].end} has a row in {route[-1].end} as asked."
            )
        inner = Scope(scope.context, scope.root, outer=scope, prefix=route, anchor=scope.anchor)
        holds = all_of(inner, group, subquery)
        own.append(_exists(inner, holds))
    return conjoin(own) if own else None


def _exists(inner: Scope, holds: exp.Expr | None) -> exp.Expr:
    link = inner.link()
    where = link if holds is None else conjoin([link, holds])
    return exp.Exists(this=inner.select(number(1), where=where))


def _flat(conditions: Sequence[Condition]) -> list[Condition]:
    return [c for condition in conditions for c in (_flat(condition.of) if isinstance(condition, All) else [condition])]


def _route(scope: Scope, condition: Condition) -> Path | None:
    """The fan-out that a condition's fields lie beyond; None if it is to be said about the scope's own row."""
    if isinstance(condition, Compare):
        names = references(condition.field)
        if condition.field_value is not None:
            names = names + references(condition.field_value)
    elif isinstance(condition, InWindow | InPart):
        names = [condition.field]
    elif isinstance(condition, Any):
        routes = {_route(scope, c) for c in _flat(condition.of)}
        return routes.pop() if len(routes) == 1 else None
    else:
        return None
    fans = {fan for name in names if (fan := scope.fan(scope.path(name)[0])) is not None}
    if len(fans) > 1:
        raise CannotCompile(
            "unreachable", f"{' and '.join(names)} belong to rows that have nothing to do with each other."
        )
    return fans.pop() if fans else None


def _predicate(scope: Scope, condition: Condition, subquery: Subquery) -> exp.Expr:
    match condition:
        case Compare():
            return compare(scope, condition, subquery)
        case InWindow():
            window = resolved(condition.window, "window")
            bounds = in_window(operand(scope, condition.field), window, scope.context.model)
            return conjoin(bounds) if bounds else exp.true()
        case InPart():
            value = part_of(operand(scope, condition.field).sql, condition.part, scope.context.model)
            return (
                exp.In(this=value, expressions=[number(v) for v in condition.values])
                if condition.values
                else exp.false()
            )
        case Exists():
            return _related(scope, condition, subquery)
        case Not():
            return exp.Not(this=exp.Paren(this=all_of(scope, [condition.of], subquery) or exp.true()))
        case Any():
            options = [all_of(scope, [c], subquery) or exp.true() for c in condition.of]
            return exp.or_(*options, copy=False) if options else exp.false()
        case All():
            return all_of(scope, condition.of, subquery) or exp.true()


def _related(scope: Scope, condition: Exists, subquery: Subquery) -> exp.Expr:
    graph, anchored = scope.context.graph, scope.anchored
    if condition.dataset == anchored:
        found = graph.self_fan(anchored, condition.via)
    else:
        scope.context.model.dataset(condition.dataset)
        found = graph.path(anchored, condition.dataset, condition.via)
    if not found:
        raise unreachable(scope.context, anchored, condition.dataset)
    path = scope.anchor + found
    steps = next((i + 1 for i, hop in enumerate(found) if not hop.single), 1)
    first = scope.anchor + found[:steps]
    inner = Scope(scope.context, scope.root, outer=scope, prefix=first, anchor=path)
    inner.open(path)
    for part in range(len(first) + 1, len(path) + 1):
        inner.opened.add(path[:part])
    holds = all_of(inner, condition.where, subquery)
    inner.alias(path)
    if condition.at_least <= 1:
        found_one = _exists(inner, holds)
        return exp.Not(this=found_one) if condition.negated else found_one
    link = inner.link()
    count: exp.Expr = exp.Count(this=exp.Star(), big_int=True)
    if path[-1].single and len(found) > 1:
        keys = inner.primary_key(path)
        count = exp.Count(this=exp.Distinct(expressions=[keys[0] if len(keys) == 1 else exp.Tuple(expressions=keys)]))
    select = inner.select(count, where=link if holds is None else conjoin([link, holds]))
    return comparison("<" if condition.negated else ">=", exp.Subquery(this=select), number(condition.at_least))
