"""Which things a request tells apart, and what says how they behave: the events of each, and their worth."""

from __future__ import annotations

from dataclasses import dataclass

import sqlglot.expressions as exp

from knowledge.compile import CannotCompile, datasets_of, metric_tree
from knowledge.compile.columns import dataset_label, field_label
from knowledge.compile.graph import graph_of
from knowledge.model import Dataset, SemanticModel
from knowledge.request import Aggregate, Condition, Measure, MetricRef, Request
from knowledge.words import lemma, plural
from tools.analysis import CannotAnalyse
from tools.events import event_of

_NOT_WORTH = ("discount", "refund", "cost", "tax", "fee")
"""Words of figures in money that say nothing of what a thing is worth."""
_SPANS = ("seconds", "minutes", "hours", "days", "weeks")
"""What took time is nobody's worth."""
_CONTACTS = frozenset(
    ["ticket", "complaint", "review", "survey", "message", "email", "feedback", "comment", "inquiry", "enquiry",
     "rating"]
)  # fmt: skip
_PEOPLE = frozenset(
    [
        "customer",
        "client",
        "shopper",
        "buyer",
        "guest",
        "patient",
        "member",
        "household",
        "subscriber",
        "account",
        "user",
        "borrower",
        "policyholder",
        "tenant",
        "passenger",
        "donor",
        "visitor",
    ]
)


@dataclass(frozen=True)
class Events:
    """What happens to a thing, each at a time: a customer's orders."""

    time: str
    """The qualified field that says when."""
    count: Aggregate
    """How many."""
    label: str
    """One of them: "order"."""


@dataclass(frozen=True)
class Things:
    """What is told apart: the customers, each by `key`."""

    key: str
    """The qualified field; that of the things' own dataset where they have one."""
    dataset: Dataset | None
    label: str
    """One of them: "customer"."""
    name: str | None
    """The qualified field that names one for people."""
    events: Events | None
    worth: Measure | None
    """What they are worth: sales, where there is such a figure."""

    @property
    def plural(self) -> str:
        return plural(self.label)


def things_of(request: Request, model: SemanticModel) -> Things:
    """Raises CannotAnalyse where the request tells nothing apart that there could be kinds of."""
    key = _counted(request, model)
    if key is None:
        raise CannotAnalyse("Say whose kinds you want to know: “what kinds of customers do we have?”")
    owner, field, _ = model.resolve(key)
    own = owner.primary_key == (field.name,)
    events = _events_of(owner, model) if own else _events_at(owner, model)
    name = f"{owner.name}.{owner.name_field}" if own and owner.name_field and owner.name_field != field.name else None
    label = dataset_label(owner) if own else _without_tail(field_label(owner, field))
    base = owner.name if own else None
    return Things(key, owner if own else None, label.lower(), name, events, _worth(base, owner.name, model))


def conditions(request: Request) -> list[Condition]:
    """The request's own, and those of the figure that it counts by."""
    extra = [c for m in request.measures if isinstance(m.measure, MetricRef | Aggregate) for c in m.measure.where]
    return [*request.where, *extra]


def usual(model: SemanticModel) -> Dataset | None:
    """The things that one asks for the kinds of where nobody says: who things happen to, people rather than others."""
    found = []
    for dataset in model.datasets:
        if len(dataset.primary_key) != 1 or _events_of(dataset, model) is None:
            continue
        said = {dataset_label(dataset).lower(), *(s.lower() for s in dataset.synonyms)}
        found.append((bool(said & _PEOPLE), dataset.row_count or 0, dataset))
    person = max((f for f in found if f[0]), key=lambda f: f[1], default=None)
    most = person or max(found, key=lambda f: f[1], default=None)
    return most[2] if most else None


def _counted(request: Request, model: SemanticModel) -> str | None:
    """The key of what the request counts, groups by, or lists."""
    for column in request.fields:
        if isinstance(column.field, str) and not (column.grain or column.part):
            owner, field, _ = model.resolve(column.field)
            if field.name in (owner.name_field, *owner.primary_key) and len(owner.primary_key) == 1:
                return f"{owner.name}.{owner.primary_key[0]}"
    for counting in request.measures:
        measure = counting.measure
        if isinstance(measure, Aggregate) and measure.agg == "count" and (measure.dataset or measure.of):
            return _key_of(measure.dataset or str(measure.of).rpartition(".")[0], model)
        if isinstance(measure, Aggregate) and measure.agg == "count_distinct" and isinstance(measure.of, str):
            return _owned(measure.of, model)
        if isinstance(measure, MetricRef):
            counted = _counted_by(measure.metric, model)
            if counted is not None:
                return counted
    return _key_of(request.dataset, model) if request.dataset else None


def _key_of(name: str, model: SemanticModel) -> str | None:
    dataset = model.dataset(name.partition("@")[0])
    return f"{dataset.name}.{dataset.primary_key[0]}" if len(dataset.primary_key) == 1 else None


def _counted_by(metric: str, model: SemanticModel) -> str | None:
    """What a metric counts: COUNT(DISTINCT sales.customer_id) counts customers, COUNT(orders.order_id) orders."""
    tree = metric_tree(model.metric(metric))
    while isinstance(tree, exp.Paren):
        tree = tree.this
    if not isinstance(tree, exp.Count):
        return None
    columns = list(tree.find_all(exp.Column))
    if len(columns) != 1 or not columns[0].table:
        return None
    if tree.find(exp.Distinct):
        return _owned(f"{columns[0].table}.{columns[0].name}", model)
    return _key_of(columns[0].table, model)


def _owned(reference: str, model: SemanticModel) -> str:
    """The key of the dataset that a field refers to, else the field itself."""
    owner, field, _ = model.resolve(reference)
    for relation in model.relationships:
        if relation.many == owner.name and relation.many_fields == (field.name,):
            return f"{relation.one}.{relation.one_fields[0]}"
    return f"{owner.name}.{field.name}"


def _events_of(dataset: Dataset, model: SemanticModel) -> Events | None:
    """The events of most rows that lead to a thing, each whole: an order, not its lines."""
    dated = [d for d in model.datasets if d.name != dataset.name and d.default_time and _leads(d, dataset, model)]
    if not dated:
        return None
    largest = max(dated, key=lambda d: (not _is_contact(d), d.row_count or 0))
    whole = event_of(largest, model)
    if whole is not None and _leads(model.dataset(whole.one), dataset, model):
        largest = model.dataset(whole.one)
    return _events_in(largest)


def _is_contact(dataset: Dataset) -> bool:
    """Its rows are what somebody writes or asks: who stops complaining has not stopped buying."""
    return lemma(dataset_label(dataset).lower().split()[-1]) in _CONTACTS


def _events_at(dataset: Dataset, model: SemanticModel) -> Events | None:
    whole = event_of(dataset, model)
    return _events_in(model.dataset(whole.one) if whole is not None else dataset)


def _events_in(dataset: Dataset) -> Events | None:
    if dataset.default_time is None:
        return None
    count = Aggregate(agg="count", dataset=dataset.name)
    return Events(f"{dataset.name}.{dataset.default_time}", count, dataset_label(dataset).lower())


def _leads(start: Dataset, end: Dataset, model: SemanticModel) -> bool:
    try:
        path = graph_of(model).path(start.name, end.name)
    except CannotCompile:  # several ways lead there
        return False
    return path is not None and len(path) > 0 and all(hop.single for hop in path)


def _worth(base: str | None, own: str, model: SemanticModel) -> Measure | None:
    """The first metric in money that adds up over what leads to the things, and is good news where it rises; else the
    first that adds up some figure."""
    ends = model.dataset(base or own)
    found = []
    for metric in model.offered:
        names = datasets_of(metric, model)
        said = f"{metric.name} {metric.label}".lower()
        if metric.additivity != "additive" or metric.direction == "down" or any(word in said for word in _NOT_WORTH):
            continue
        if not names or metric_tree(metric).find(exp.Sum) is None or metric.unit in _SPANS:
            continue
        if all(name == own or _leads(model.dataset(name), ends, model) for name in names):
            found.append(metric)
    money = [m for m in found if m.format == "currency"]
    return MetricRef(metric=(money or found)[0].name) if found else None


def _without_tail(label: str) -> str:
    *before, last = label.split(" ")
    return " ".join(before) if before and last.lower() in ("id", "number", "key", "code", "name") else label
