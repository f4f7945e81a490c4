"""What a measure is made of: sums whose parts add up, and the factors that a sum is a product of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import sqlglot.expressions as exp

from knowledge.compile import METRIC, metric_tree
from knowledge.model import Metric, ModelField, SemanticModel
from knowledge.request import Aggregate, Arithmetic, Growth, Measure, MetricRef, Rank, Request, Running, Share
from knowledge.words import label, plural
from tools.analysis import CannotAnalyse
from tools.events import event_of

_QUANTITY = re.compile(
    r"\b(quantit(y|ies)|qty|units?|pieces|volume|nights|seats|tickets|copies|kg|litres|liters)\b", re.I
)
_REFERENCE = re.compile(rf'"?{re.escape(METRIC)}"?\."?(\w+)"?')


@dataclass(frozen=True)
class Factor:
    """One of the figures whose product a sum is: the number of orders, units per order, price per unit."""

    name: str
    top: int
    """Which of the measures of `Parts.factors` it is, divided by `bottom`."""
    bottom: int | None


@dataclass(frozen=True)
class Parts:
    """`top`, or `top` divided by `bottom`, times `scale`. Both add up over segments, if counts of different things are
    of things that each belong to one segment only: whoever reads them checks that."""

    top: Measure
    bottom: Measure | None
    scale: float
    measures: tuple[Measure, ...] = ()
    """What the factors are made of; none where the measure is no product."""
    factors: tuple[Factor, ...] = ()


def parts_of(request: Request, model: SemanticModel) -> tuple[Parts, SemanticModel]:
    """The parts of a request's first measure, and the model with the metrics that they name.

    Raises CannotAnalyse for a figure that does not come apart: a median, a rank."""
    if not request.measures:
        raise CannotAnalyse("Name a figure that changed: sales, the number of orders, an average price.")
    measure = request.measures[0].measure
    while isinstance(measure, Share | Growth | Running | Rank):
        measure = measure.of
    if request.across is not None:
        return _per_group(request, measure), model
    if isinstance(measure, Aggregate) and measure.agg == "avg":
        top = measure.model_copy(update={"agg": "sum"})
        return Parts(top, measure.model_copy(update={"agg": "count"}), 1.0), model
    if isinstance(measure, Arithmetic) and measure.op in ("/", "percent"):
        _check(measure.left, model)
        _check(measure.right, model)
        return Parts(measure.left, measure.right, 100.0 if measure.op == "percent" else 1.0), model
    if isinstance(measure, MetricRef):
        split = _ratio(model.metric(measure.metric))
        if split is not None:
            scale, over, under = split
            named = [Metric(f"{measure.metric} {part}", sql) for part, sql in (("top", over), ("bottom", under))]
            model = replace(model, metrics=(*model.metrics, *named))
            refs = [MetricRef(metric=m.name, where=measure.where) for m in named]
            for ref in refs:
                _check(ref, model)
            return Parts(refs[0], refs[1], scale), model
    _check(measure, model)
    measures, factors = _factors(measure, model)
    return Parts(measure, None, 1.0, measures, factors), model


def _per_group(request: Request, measure: Measure) -> Parts:
    across = request.across
    assert across is not None
    if across.agg != "avg" or len(across.by) != 1 or not isinstance(across.by[0].field, str) or across.by[0].grain:
        raise CannotAnalyse(f"I can't take the {across.agg} of groups apart. Ask why the total or the average changed.")
    return Parts(measure, Aggregate(agg="count_distinct", of=across.by[0].field), 1.0)


def _check(measure: Measure, model: SemanticModel) -> None:
    """Raises CannotAnalyse where the figures of segments don't add up to that of all."""
    if isinstance(measure, Aggregate) and measure.agg in ("sum", "count", "count_distinct"):
        return
    if isinstance(measure, Arithmetic) and measure.op in ("+", "-"):
        _check(measure.left, model)
        _check(measure.right, model)
        return
    if isinstance(measure, MetricRef) and _adds_up(metric_tree(model.metric(measure.metric)), model):
        return
    raise CannotAnalyse("I can explain sums, counts, averages and ratios of these; this figure does not come apart.")


def _adds_up(tree: exp.Expr, model: SemanticModel) -> bool:
    if isinstance(tree, exp.Paren | exp.Filter | exp.Coalesce | exp.Neg):
        return _adds_up(tree.this, model)
    if isinstance(tree, exp.Add | exp.Sub):
        return _adds_up(tree.this, model) and _adds_up(tree.expression, model)
    if isinstance(tree, exp.Mul):
        sides = (tree.this, tree.expression)
        return any(isinstance(a, exp.Literal) and _adds_up(b, model) for a, b in (sides, sides[::-1]))
    if isinstance(tree, exp.Column) and tree.table == METRIC:
        return _adds_up(metric_tree(model.metric(tree.name)), model)
    return isinstance(tree, exp.Sum | exp.Count)


def _ratio(metric: Metric) -> tuple[float, str, str] | None:
    """ "100 * SUM(a) / SUM(b)" as 1, "100 * SUM(a)", "SUM(b)"; None for a metric that is no ratio."""
    tree, scale = metric_tree(metric).unnest(), 1.0
    if isinstance(tree, exp.Mul):
        for number, other in ((tree.this, tree.expression), (tree.expression, tree.this)):
            if isinstance(number, exp.Literal) and isinstance(other.unnest(), exp.Div):
                tree, scale = other.unnest(), float(number.name)
                break
    if not isinstance(tree, exp.Div):
        return None
    bottom = tree.expression.unnest()
    if isinstance(bottom, exp.Nullif):
        bottom = bottom.this
    return scale, *(_REFERENCE.sub(r"{\1}", side.sql("duckdb")) for side in (tree.this, bottom))  # type: ignore[return-value]


def _factors(measure: Measure, model: SemanticModel) -> tuple[tuple[Measure, ...], tuple[Factor, ...]]:
    """Price × volume × count, as far as the data tells them: the events that a sum is made of, how much of something
    was in each, and what was paid for one."""
    field = summed_field(measure, model)
    if field is None or (where := getattr(measure, "where", None)) is None:
        return (), ()
    dataset, amount, _ = model.resolve(field)
    if is_quantity(amount):
        return (), ()
    event = event_of(dataset, model)
    if event is None:
        events, name = Aggregate(agg="count", dataset=dataset.name, where=where), dataset.label or label(dataset.name)
    else:
        one = model.dataset(event.one)
        name = one.label or label(one.name)
        events = Aggregate(agg="count_distinct", of=f"{dataset.name}.{event.many_fields[0]}", where=where)
    quantity = next((f for f in dataset.fields if is_quantity(f) and f.name != amount.name), None)
    number = Factor(f"the number of {plural(name)}", 1, None)
    if quantity is None:
        return (measure, events), (number, Factor(f"the average per {name}", 0, 1))
    sold = Aggregate(agg="sum", of=f"{dataset.name}.{quantity.name}", where=where)
    units = quantity.label or label(quantity.name).lower()
    return (measure, events, sold), (
        number, Factor(f"{units.lower()} per {name}", 2, 1), Factor("the average price", 0, 2),
    )  # fmt: skip


def summed_field(measure: Measure, model: SemanticModel) -> str | None:
    """The field that a measure is the plain sum of."""
    if isinstance(measure, Aggregate):
        return measure.of if measure.agg == "sum" and isinstance(measure.of, str) else None
    if isinstance(measure, MetricRef):
        tree = metric_tree(model.metric(measure.metric))
        if isinstance(tree, exp.Sum) and isinstance(tree.this, exp.Column) and tree.this.table:
            return f"{tree.this.table}.{tree.this.name}"
    return None


def is_quantity(field: ModelField) -> bool:
    named = _QUANTITY.search(f"{field.name.replace('_', ' ')} {field.label}")
    return field.role == "measure" and field.additivity == "additive" and bool(named) and not _is_money(field)


def _is_money(field: ModelField) -> bool:
    return bool(field.unit) and len(field.unit or "") == 3 and str(field.unit).isupper()
