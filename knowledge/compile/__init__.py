"""Request + SemanticModel -> a SQL tree, in any dialect.

Measures are aggregated at their own grain before they meet, so that no join ever counts a row twice:

    graph.py       how rows of one dataset lead to rows of another
    scope.py       the rows that one SELECT reads, and what is joined to each
    values.py      values of one row
    conditions.py  conditions on it; comparisons.py  a value against another
    metrics.py     a metric's SQL, taken apart
    pools.py       each dataset's aggregates, at its own grain
    measures.py    arithmetic and windows over them
    grouped.py     a request with measures; records.py  one without; across.py  figures of figures
    columns.py     what the result's columns are called and mean
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlglot.expressions as exp
from sqlglot import ErrorLevel
from sqlglot.errors import SqlglotError

from knowledge.compile.across import across
from knowledge.compile.comparisons import one_row
from knowledge.compile.errors import CannotCompile
from knowledge.compile.graph import graph_of
from knowledge.compile.grouped import grouped
from knowledge.compile.metrics import METRIC, datasets_of, metric_tree
from knowledge.compile.naming import column
from knowledge.compile.records import records
from knowledge.compile.scope import Context, Sources, plain_source
from knowledge.compile.values import number
from knowledge.model import SemanticModel
from knowledge.request import FieldColumn, Request, SubResult
from knowledge.result import ResultColumn

__all__ = ["METRIC", "CannotCompile", "Compiled", "compile_request", "datasets_of", "metric_tree"]


_HAS_SERIES = ("duckdb", "postgres", "redshift", "spark", "databricks")


@dataclass(frozen=True)
class Compiled:
    tree: exp.Expression
    sql: str
    """The tree in the dialect asked for, laid out for a reader."""
    columns: tuple[ResultColumn, ...]
    caveats: tuple[str, ...] = ()
    """What a reader must know to use the figures."""


def compile_request(
    request: Request, model: SemanticModel, *, dialect: str = "duckdb", sources: Sources = plain_source
) -> Compiled:
    """The SQL of a request whose periods the calendar has resolved. `sources` says what a dataset's rows are read from.

    Raises UnknownName for a name that the model does not have, and CannotCompile."""
    if request.fill_gaps and dialect not in _HAS_SERIES:
        raise CannotCompile("unsupported", f"{dialect} has no series of dates to fill gaps with.")
    context = Context(model, graph_of(model), sources, dialect)
    tree, columns = _compile(context, request)
    try:
        sql = tree.sql(dialect, pretty=True, unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        raise CannotCompile("unsupported", f"{dialect} cannot say this request: {error}") from error
    return Compiled(tree, sql, tuple(columns), tuple(context.caveats))


def _compile(context: Context, request: Request) -> tuple[exp.Select, list[ResultColumn]]:
    def subquery(value: SubResult, as_list: bool) -> exp.Expression:
        return _subresult(context, value, as_list)

    if request.offset < 0 or (request.limit is not None and request.limit < 0):
        raise CannotCompile("bad_request", "A limit or an offset cannot be less than 0.")
    if request.across is not None:
        return across(request, lambda inner: _compile(context, inner))
    by_measure = any(not isinstance(wish.by, FieldColumn) for wish in request.order)
    if request.measures or request.having or by_measure:
        return grouped(context, request, subquery)
    return records(context, request, subquery)


def _subresult(context: Context, value: SubResult, as_list: bool) -> exp.Expression:
    tree, columns = _compile(context, value.request)
    if value.request.limit is None:
        tree.set("order", None)
    if value.per:
        return tree
    chosen = next((c for c in columns if c.measure), columns[0]) if not as_list else columns[0]
    if as_list:
        if len(columns) > 1:
            tree = exp.Select(expressions=[column(chosen.name)]).from_(tree.subquery("found", copy=False), copy=False)
        return tree
    if value.agg:
        kind = {"avg": exp.Avg, "sum": exp.Sum, "min": exp.Min, "max": exp.Max, "median": exp.Median}[value.agg]
        tree = exp.Select(expressions=[kind(this=column(chosen.name))]).from_(
            tree.subquery("found", copy=False), copy=False
        )
    elif not one_row(value.request):
        raise CannotCompile("many_values", f"{chosen.label} has a value for each row where one is needed: say which.")
    elif len(columns) > 1:
        tree = exp.Select(expressions=[column(chosen.name)]).from_(tree.subquery("found", copy=False), copy=False)
    result: exp.Expression = exp.Subquery(this=tree)
    return result if value.times == 1 else exp.Mul(this=result, expression=number(value.times))
