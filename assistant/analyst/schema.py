"""What the reader asks of a semantic model: how far apart things are, what their fields say, what their rows are, and
what is usually measured of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlglot.expressions as exp

from assistant.analyst import trees
from assistant.analyst.english import LISTS
from assistant.analyst.fields import SPANS
from assistant.analyst.joins import Found, once_each
from assistant.analyst.things import Things
from knowledge.compile import datasets_of, metric_tree
from knowledge.model import Metric, SemanticModel
from knowledge.request import Aggregate, Measure, MetricRef
from knowledge.words import lemma

_USUAL = ("sales", "revenue", "amount", "total", "value", "payment", "price", "spend", "volume", "quantity")
"""What is usually meant by the most, the likeliest first."""
_BOUNDS = frozenset(["capacity", "maximum", "minimum", "limit", "target", "seats", "places"])
"""How many there may be, which is nothing that anybody did."""
_SIDES = frozenset(["debit", "credit"])


class Schema(Things):
    """What is asked of measures; what is asked of joins, fields and rows comes from the files beside this one."""

    def __init__(self, model: SemanticModel):
        super().__init__(model)
        self._told: dict[Callable[[Schema], Any], Any] = {}
        self.reached = {(f"{s.dataset}.{s.field}", s.value): f"{s.dataset}.{s.time}" for s in model.state_times}
        """Since when rows are in a state, by its field and value."""

    def once(self, what: Callable[[Schema], Found]) -> Found:
        """What a rule wants to know of the data whatever is asked, worked out once."""
        if what not in self._told:
            self._told[what] = what(self)
        return self._told[what]

    @once_each
    def metric_datasets(self, metric: Metric) -> list[str]:
        """The datasets that a metric's aggregates read, in order of appearance."""
        return datasets_of(metric, self.model)

    def datasets_of(self, measure: Measure) -> list[str]:
        if isinstance(measure, MetricRef):
            return self.metric_datasets(self.model.metric(measure.metric))
        if isinstance(measure, Aggregate):
            if measure.dataset:
                return [measure.dataset]
            return [self.owner(measure.of)] if isinstance(measure.of, str) else []
        inner = [getattr(measure, name) for name in ("of", "left", "right") if hasattr(measure, name)]
        return list(dict.fromkeys(d for m in inner for d in self.datasets_of(m)))

    def usual_measure(self, subject: str | None) -> Measure | None:
        """What "best" and "most" mean when nobody says of what: the first metric that can be told apart by the subject,
        else the total of its additive measure, else the count of the nearest things that belong to it."""
        told = [
            (metric.format != "currency", "sales" not in metric.synonyms, _usual(metric.label), n, metric.name)
            for n, metric in enumerate(self.model.metrics)
            if metric.direction == "up"
            and metric.additivity == "additive"
            and (datasets := self.metric_datasets(metric))
            and subject not in datasets
            and (subject is None or all(self.belongs_to(d, subject) for d in datasets))
            and self.counted_by(metric) is None
            and not metric.sql.lstrip().upper().startswith("COUNT")
        ]
        if told:
            return MetricRef(metric=min(told)[4])
        if subject and (own := self.amount(subject)):
            return Aggregate(agg="sum", of=own)
        places = [subject, *self.children(subject)] if subject else self.facts()
        totals = [
            (
                self.is_outgoing(f"{name}.{f.name}"),
                _usual(f.label or f.name),
                n,
                f"{name}.{f.name}",
            )
            for n, name in enumerate(places[1:] if subject and len(places) > 1 else places)
            for f in self.model.dataset(name).fields
            if f.role == "measure"
            and f.additivity == "additive"
            and not f.hidden
            and f.unit not in SPANS
            and not self._is_no_result(name, f.label or f.name)
            and not {*(f.label or f.name).lower().split()} & _BOUNDS
        ]
        if totals:
            return Aggregate(agg="sum", of=min(totals)[3])
        sums = ((d, f) for d in places for f in self.model.dataset(d).fields if f.role == "measure")
        if any(self._is_no_result(d, f.label or f.name) for d, f in sums):
            return None  # nor is how often it was planned
        if subject and self.children(subject):
            return Aggregate(agg="count", dataset=self.children(subject)[0])
        return None

    def _is_no_result(self, dataset: str, label: str) -> bool:
        """What was planned, and debits or credits, of a journal that has both: neither is what anything came to."""
        if self.noun(dataset) & LISTS["targets"]:
            return True
        labels = {w for f in self.model.dataset(dataset).fields for w in (f.label or f.name).lower().split()}
        return labels >= _SIDES and bool(_SIDES & {*label.lower().split()})

    def is_outgoing(self, reference: str) -> bool:
        """Money that is given back, taken off or paid for: a refund, a discount, a fee, a cost."""
        words = {*self.noun_of(reference), *self.noun(self.owner(reference))}
        return not LISTS["outgoings"].isdisjoint({*words, *map(lemma, words)})

    def counted_by(self, metric: Metric) -> str | None:
        """The dataset whose rows a metric counts: COUNT(DISTINCT sales.customer_id) counts customers."""
        counted = trees.counted(metric_tree(metric))
        if counted is None:
            return None
        owner = self.owner(counted)
        return self.points_to(counted) or (owner if self.key(owner) == counted else None)

    def rows_counted(self, metric: Metric) -> str | None:
        """The dataset whose rows a metric counts, by their key: COUNT(orders.order_id)."""
        tree = metric_tree(metric)
        of = trees.reference(tree.this) if isinstance(tree, exp.Count) and not tree.expressions else None
        return self.owner(of) if of and self.key(self.owner(of)) == of else None

    def averaged_over(self, metric: Metric) -> tuple[Measure, str] | None:
        """For a metric that is a total over the number of things: the total, and the things."""
        tree = metric_tree(metric)
        if not isinstance(tree, exp.Div):
            return None
        above, below = tree.this.unnest(), tree.expression.unnest()
        if isinstance(above, exp.Mul) and above.this.is_number and float(above.this.name) == 1:  # 1.0 * …
            above = above.expression.unnest()
        if isinstance(below, exp.Nullif):
            below = below.this.unnest()
        if other := trees.metric_in(below):
            below = metric_tree(self.model.metric(other))
        counted = trees.counted(below)
        thing = self.points_to(counted) if counted else None
        if counted and thing is None and self.key(self.owner(counted)) == counted:
            thing = self.owner(counted)
        if thing is None:
            return None
        if summed := trees.summed(above):
            return Aggregate(agg="sum", of=summed), thing
        same = trees.metric_in(above) or next((m.name for m in self.model.metrics if metric_tree(m) == above), None)
        return (MetricRef(metric=same), thing) if same else None

    def summed_by(self, metric: Metric) -> str | None:
        """The field that a metric is the plain sum of."""
        return trees.summed(metric_tree(metric))

    def adds_up_what(self, measure: Measure) -> str | None:
        """The field that a measure is the plain sum or average of."""
        if isinstance(measure, MetricRef):
            return self.summed_by(self.model.metric(measure.metric))
        if isinstance(measure, Aggregate) and measure.agg in ("sum", "avg") and isinstance(measure.of, str):
            return measure.of
        return None

    def count_metric(self, dataset: str) -> Measure:
        """How many there are: the rows, or the sum of what each says it stands for."""
        tally = self.tally(dataset)
        if tally is not None:
            return Aggregate(agg="sum", of=tally)
        return Aggregate(agg="count", dataset=dataset)


def _usual(label: str) -> int:
    return min((_USUAL.index(w) for w in label.lower().split() if w in _USUAL), default=99)
