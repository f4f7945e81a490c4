"""A figure of each thing first, then one over the things: the median basket, the most that a customer spent in a
month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import sqlglot.expressions as exp

from knowledge.compile.errors import CannotCompile
from knowledge.compile.naming import Names, alias, column
from knowledge.compile.records import paged
from knowledge.request import FieldColumn, MeasureColumn, Request
from knowledge.result import ResultColumn
from knowledge.words import plural

_AGGREGATES: dict[str, type[exp.AggFunc]] = {
    "avg": exp.Avg,
    "median": exp.Median,
    "min": exp.Min,
    "max": exp.Max,
    "sum": exp.Sum,
    "stddev": exp.Stddev,
    "count": exp.Count,
}
_SAID = {
    "avg": "Average",
    "median": "Median",
    "min": "Lowest",
    "max": "Highest",
    "sum": "Total",
    "stddev": "Spread",
    "count": "Number",
}
Made = tuple[exp.Select, list[ResultColumn]]


def across(request: Request, compiled: Callable[[Request], Made]) -> Made:
    """Each measure for every group of `request.across.by`, then its `agg` over them for each group of the columns."""
    over = request.across
    assert over is not None
    if request.compare_to is not None or request.fill_gaps:
        raise CannotCompile("unsupported", "A figure over the figures of things can't be compared with another period.")
    groups, by = request.fields, [c.model_copy(update={"shown": True}) for c in over.by]
    shown = [c for c in request.columns if isinstance(c, MeasureColumn)]
    inner = request.model_copy(
        update={"columns": [*groups, *by, *shown], "across": None, "order": [], "limit": None, "limit_per": []}
    )
    tree, columns = compiled(inner)
    tree.set("order", None)
    kept = [c for c in columns if not c.measure][: sum(g.shown for g in groups)]
    measures = [c for c in columns if c.measure]
    names = Names({c.name for c in kept})
    made: list[ResultColumn] = []
    projections: list[exp.Expr] = [column(c.name) for c in kept]
    for measure in measures:
        name = names.new(f"{over.agg}_{measure.name}")
        projections.append(alias(_AGGREGATES[over.agg](this=column(measure.name)), name))
        label = f"{_SAID[over.agg]} {measure.label[:1].lower()}{measure.label[1:]}"
        if over.agg == "count":
            things = [str(b.grain) if b.grain else next(c.label for c in columns if not c.measure) for b in over.by]
            label = "Number of " + " and ".join(plural(t.lower()) for t in things[-1:])
        measure = replace(measure, kind="integer", unit=None) if over.agg == "count" else measure
        made.append(replace(measure, name=name, label=label))
    select = exp.Select(expressions=projections).from_(tree.subquery("each_one", copy=False), copy=False)
    for position in range(len(kept)):
        select.group_by(exp.Literal.number(position + 1), copy=False)
    order: list[exp.Expr] = []
    for wish in request.order:
        if isinstance(wish.by, FieldColumn):
            at = next((n for n, g in enumerate(groups) if g == wish.by), None)
            ordered = column(kept[at].name) if at is not None else None
        else:
            ordered = column(made[0].name)
        if ordered is not None:
            order.append(exp.Ordered(this=ordered, desc=wish.descending or None, nulls_first=False))
    order += [exp.Ordered(this=column(c.name), nulls_first=False) for c in kept]
    if order:
        select.set("order", exp.Order(expressions=order))
    return paged(select, request), [*kept, *made]
