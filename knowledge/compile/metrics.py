"""A metric's SQL, taken apart: its aggregates, each over the rows of one dataset, and the arithmetic over them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

import sqlglot
import sqlglot.expressions as exp
from sqlglot.errors import SqlglotError

from knowledge.compile.errors import CannotCompile
from knowledge.compile.scope import Context, Scope, field_sql, unreachable
from knowledge.compile.values import div, wrapped
from knowledge.model import Metric, SemanticModel
from knowledge.request import Aggregate, Arithmetic, Measure, MetricRef

_REFERENCE = re.compile(r"\{\s*(\w+)\s*\}")
METRIC = "{}"
"""The table that references to other metrics are read as columns of."""
_AGGREGATES = (exp.Filter, exp.WithinGroup, exp.AggFunc)

AtomMaker = Callable[[str, Callable[[Scope], exp.Expr], bool], exp.Expr]
"""Given a dataset, how to write an aggregate over its rows, and whether it is a sum of levels (balances, stocks), says
by which column the aggregate will be known."""


@lru_cache(maxsize=2048)
def _parse(sql: str) -> exp.Expr:
    # A reference to another metric becomes a column of a table that no model can have.
    return sqlglot.parse_one(_REFERENCE.sub(rf'"{METRIC}"."\1"', sql), read="duckdb")


def metric_sql(context: Context, metric: Metric, atom: AtomMaker, other: Callable[[str], exp.Expr]) -> exp.Expr:
    """The metric as arithmetic over what `atom` returns for each of its aggregates, and `other` for each metric it
    names. Raises CannotCompile (bad_metric, unreachable)."""
    try:
        tree = exp.Paren(this=_parse(metric.sql).copy())
    except SqlglotError as error:
        raise _bad(metric, "its SQL cannot be parsed") from error
    if tree.find(exp.Window, exp.Subquery, exp.Select):
        raise _bad(metric, "it has a window function or a subquery")
    for ratio in list(tree.find_all(exp.Div)):
        ratio.replace(div(ratio.this, ratio.expression))
    aggregates = [n for n in tree.walk(prune=lambda n: isinstance(n, _AGGREGATES)) if isinstance(n, _AGGREGATES)]
    named = [_datasets(context, metric, node) for node in aggregates]
    # COUNT(*) names no dataset: it counts the rows that the metric's other aggregates are over.
    common = list(dict.fromkeys(name for names in named for name in names))
    for node, names in zip(aggregates, named, strict=True):
        base = _base(context, metric, names or common)
        node.replace(atom(base, partial(_over, metric=metric, node=node), _sums_levels(context, metric, node)))
    for column in list(tree.find_all(exp.Column)):
        if column.table == METRIC:
            column.replace(wrapped(other(column.name)))
        elif column.table:
            raise _bad(metric, f"{column.sql()} is outside an aggregate")
    return tree.this


def metric_tree(metric: Metric) -> exp.Expr:
    """A metric's SQL as a tree, not to be changed; what stands for another metric is a column of the table "{}". Raises
    SqlglotError."""
    return _parse(metric.sql)


def datasets_of(metric: Metric, model: SemanticModel) -> list[str]:
    """The datasets that a metric's aggregates read, its own before those of metrics that it names. A metric that can't
    be read has none."""
    known = {d.name for d in model.datasets}
    return list(dict.fromkeys(dataset for dataset, _ in columns_read(metric, model) if dataset in known))


def columns_read(metric: Metric, model: SemanticModel) -> list[tuple[str, str]]:
    """("sales", "amount") for each column of its SQL, then those of the metrics that it names. A metric that can't be
    read has none."""
    found: list[tuple[str, str]] = []
    metrics = [metric]
    for read in metrics:
        try:
            columns = list(_parse(read.sql).find_all(exp.Column))
        except SqlglotError:
            continue
        found += [(c.table.partition("@")[0], c.name) for c in columns if c.table != METRIC]
        named = [m for c in columns if c.table == METRIC for m in model.metrics if m.name == c.name]
        metrics += [m for m in named if m not in metrics]
    return found


def is_one_aggregate(metric: Metric) -> bool:
    """Whether the metric is a single aggregate, without arithmetic."""
    return isinstance(_parse(metric.sql), _AGGREGATES)


def metric_base(context: Context, metric: Metric) -> str | None:
    """The dataset whose rows the metric's first aggregate is over."""
    tree = _parse(metric.sql)
    for column in tree.find_all(exp.Column):
        if column.table != METRIC:
            return _place(context, metric, column)[0]
    return None


def bases(context: Context, measure: Measure) -> Iterator[str]:
    """The datasets whose rows a measure counts or adds up."""
    match measure:
        case Aggregate():
            if measure.dataset:
                yield measure.dataset
            elif isinstance(measure.of, str):
                yield context.model.resolve(measure.of)[0].name
        case MetricRef():
            base = metric_base(context, context.model.metric(measure.metric))
            if base is not None:
                yield base
        case Arithmetic():
            yield from bases(context, measure.left)
            yield from bases(context, measure.right)


def _sums_levels(context: Context, metric: Metric, node: exp.Expr) -> bool:
    inner = node.this if isinstance(node, exp.Filter) else node
    if not isinstance(inner, exp.Sum) or not isinstance(inner.this, exp.Column):
        return False
    dataset, _, name = _place(context, metric, inner.this)
    return context.model.dataset(dataset).field(name).additivity == "semi_additive"


def _bad(metric: Metric, why: str) -> CannotCompile:
    return CannotCompile(
        "bad_metric", f"The metric {metric.name!r} cannot be computed: {why}. Its SQL is {metric.sql!r}."
    )


def _place(context: Context, metric: Metric, column: exp.Column) -> tuple[str, str | None, str]:
    """The dataset, relationship and name that a column means; an unqualified one, if only one dataset has it."""
    if column.table:
        dataset, _, via = column.table.partition("@")
        return context.model.dataset(dataset).name, via or None, column.name
    owners = [d.name for d in context.model.datasets if d.has(column.name)]
    if len(owners) != 1:
        raise _bad(metric, f"{column.name} needs its dataset's name before it")
    return owners[0], None, column.name


def _datasets(context: Context, metric: Metric, node: exp.Expr) -> list[str]:
    names: dict[str, None] = {}
    for column in node.find_all(exp.Column):
        if column.table != METRIC:
            dataset, via, _ = _place(context, metric, column)
            if via is not None:
                dataset = next((r.many for r in context.model.relationships if r.name == via.split("/")[0]), dataset)
            names[dataset] = None
    return list(names)


def _base(context: Context, metric: Metric, names: list[str]) -> str:
    if not names:
        raise _bad(metric, "COUNT(*) does not say of which dataset; write COUNT(dataset.key)")
    return deepest(context, names, f"the metric {metric.name!r}")


def deepest(context: Context, names: list[str], what: str) -> str:
    """The dataset, among those named, each row of which leads to one row of all the others."""
    if len(names) == 1:
        return names[0]
    fits = [name for name in names if all(name == other or context.graph.single(name, other) for other in names)]
    if not fits:
        raise CannotCompile(
            "unreachable", f"{what} mixes rows of {' and '.join(names)}, none of which leads to the others."
        )
    return fits[0]


def _over(scope: Scope, *, metric: Metric, node: exp.Expr) -> exp.Expr:
    tree = exp.Paren(this=node.copy())
    for column in list(tree.find_all(exp.Column)):
        dataset_name, via, name = _place(scope.context, metric, column)
        dataset = scope.context.model.dataset(dataset_name)
        path = scope.to(dataset_name, via)
        if any(not hop.single for hop in path):
            raise unreachable(scope.context, scope.root, f"{dataset_name}.{name}", f"the metric {metric.name!r}")
        column.replace(field_sql(dataset.field(name).sql, scope.alias(path)))
    return tree.this
