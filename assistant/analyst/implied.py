"""What a question measures when it does not say: "who bought the most?", "best stores", "orders by month"."""

from __future__ import annotations

import re
from typing import Literal

from assistant.analyst.items import Item
from assistant.analyst.neighbours.worth import amount_called
from assistant.analyst.reduce.reads import Group, MeasureRead, measure_of, rows_counted
from assistant.analyst.roles import NotAssembled, Parts, dataset_of, subject_dataset
from assistant.analyst.schema import Schema
from assistant.analyst.verbs import SHOPPING
from knowledge.request import Aggregate, Measure, MetricRef
from knowledge.words import lemma

_PAYS = re.compile(
    r"(?:paid|pays?|paying|refund\w*|donat\w+|g[ai]ven?|pledg\w+|deposit\w*|bill\w*|invoic\w+|collect\w*)$", re.I
)

_GIVERS = frozenset(["donor", "giver"])
"""The top ones are those who gave most, rather than most often."""
_SELLS = re.compile(r"(?:sell|sells|sold|selling|earn\w*|takes?|took|taken)$", re.I)
_TAKINGS = frozenset(["sales", "revenue", "revenues", "turnover", "takings", "income"])
"""What is sold, in money: who asks "how much did we sell?" has said what to measure."""
UNSAID = "measure"
"""Noted as a guess when the business's usual measure had to stand in."""


def implied_measures(parts: Parts, schema: Schema) -> tuple[list[MeasureRead], str | None]:
    """The measures, and the guess that was made if it was one. May turn the subject into what is measured.

    Raises NotAssembled."""
    subject, owner = parts.subject, subject_dataset(parts, schema)
    worth = schema.usual_measure(owner) if _has_no_figures(owner, schema) else None
    if parts.top and parts.top.about == "price" and worth:
        return [MeasureRead(worth, tuple(schema.datasets_of(worth)))], None  # the dearest order is the one worth most
    if parts.top and parts.top.about == "price":
        priced = next(
            (
                m
                for m in schema.model.metrics
                if {"price", "cost"} & set(m.label.lower().split())
                and (owner is None or any(schema.belongs_to(d, owner) for d in schema.metric_datasets(m)))
            ),
            None,
        )
        if priced:
            return [MeasureRead(MetricRef(metric=priced.name), tuple(schema.metric_datasets(priced)))], None
    if parts.top and parts.top.about == "count" and owner:
        by_verb = next((o for v in parts.verbs for o in v.options if o.kind == "metric" and o.exact), None)
        if by_verb:
            metric = schema.model.metric(by_verb.target)
            return [MeasureRead(MetricRef(metric=metric.name), tuple(schema.metric_datasets(metric)))], None
        said = next((d for v in parts.verbs if (d := dataset_of(v, schema)) and d != owner), None)
        events = schema.traffic(owner) if subject and _names_all(subject, owner, schema) else None
        return [rows_counted(said or events or owner)], None
    busy = parts.top and parts.top.about == "count" and subject and subject.kind in ("grain", "part")
    if busy and (coming := schema.traffic()):
        return [rows_counted(coming)], None
    if parts.top and parts.top.field and owner is None and not parts.groups:
        extreme: Literal["max", "min"] = "max" if parts.top.descending else "min"
        reads = [MeasureRead(Aggregate(agg=extreme, of=parts.top.field), (schema.owner(parts.top.field),))]
        parts.top = None
        return reads, None
    for verb in parts.verbs:
        for link in verb.options:
            if link.kind == "metric" and (link.exact or link.score > 0.9):
                datasets = tuple(schema.metric_datasets(schema.model.metric(link.target)))
                return [MeasureRead(MetricRef(metric=link.target), datasets)], None
            counted = parts.counting or (parts.top and lemma(verb.text.lower()) not in SHOPPING | _GIVERS)
            if link.kind == "dataset" and link.target != owner and counted:
                return [rows_counted(link.target)], None  # "how often did they visit?", "who visited the most?"
    for verb in parts.verbs:  # "what did we pay in claims": what was paid of them, rather than what was claimed
        named = str(verb.data) if _PAYS.match(verb.text) and "." in str(verb.data) else None
        if named and schema.is_number(named) and schema.adds_up(named):
            return [MeasureRead(Aggregate(agg="sum", of=named), (schema.owner(named),))], None
    summed = [v for v in parts.verbs if parts.how_much or v.text.lower().endswith("ing")]
    moved = [v for v in parts.verbs if _PAYS.match(v.text) or (v in summed and not _SELLS.match(v.text))]
    paid = next((d for v in moved if (d := v.dataset) and schema.amount(d)), None)  # "how much have we lent?"
    if paid is not None:
        return [MeasureRead(Aggregate(agg="sum", of=schema.amount(paid)), (paid,))], None
    if parts.how_much and owner is None:  # "how much did we write off?"
        done = parts.filters.conditions[0].text if len(parts.filters.conditions) == 1 else ""
        if (given := amount_called(done, schema)) is not None:  # "how much did we refund?"
            parts.filters.conditions, parts.time = [], None
            return [MeasureRead(Aggregate(agg="sum", of=given), (schema.owner(given),))], None
        rows = {schema.owner(r) for c in parts.filters.conditions for r, _ in c.options[:1] if r}
        amount = schema.amount(rows.pop()) if len(rows) == 1 else None
        if amount is not None:
            return [MeasureRead(Aggregate(agg="sum", of=amount), (schema.owner(amount),))], None
    bound = next((h.measure for h in parts.havings if h.measure), None)
    if bound:
        return [MeasureRead(bound, tuple(schema.datasets_of(bound)))], None
    numeric = [i for i in parts.outputs if i.code == "f" and schema.is_number(i.data)]
    if numeric:
        parts.outputs = [i for i in parts.outputs if i not in numeric]
        return [read for i in numeric if (read := measure_of(i, schema))], None
    if subject and subject.kind == "field" and schema.is_number(subject.target) and (parts.groups or not parts.top):
        parts.subject = None
        read = measure_of(Item("f", 0, 0, "", subject.target), schema)
        return ([read] if read else []), None
    if subject and subject.kind == "dataset" and parts.top is None and not parts.havings:
        parts.subject = None
        return [rows_counted(subject.target)], None
    usual = schema.usual_measure(owner)
    if usual is None:
        raise NotAssembled("it does not say what to measure")
    sold = any(_SELLS.match(v.text) for v in parts.verbs) and not parts.counting
    return [MeasureRead(usual, tuple(schema.datasets_of(usual)))], None if sold and _is_takings(
        usual, schema
    ) else UNSAID


def _names_all(subject: Group, owner: str, schema: Schema) -> bool:
    """All of a kind of things are asked about: by their dataset, or by what each of them is called."""
    called = subject.kind == "field" and subject.target == f"{owner}.{schema.model.dataset(owner).name_field}"
    return subject.kind == "dataset" or called


def _is_takings(measure: Measure, schema: Schema) -> bool:
    """A figure of money that selling brings."""
    if isinstance(measure, MetricRef):
        metric = schema.model.metric(measure.metric)
        return metric.format == "currency" and not _TAKINGS.isdisjoint(metric.label.lower().split())
    if not isinstance(measure, Aggregate) or measure.agg != "sum" or not isinstance(measure.of, str):
        return False
    return measure.of == schema.amount(schema.owner(measure.of)) and not schema.is_outgoing(measure.of)


def _has_no_figures(dataset: str | None, schema: Schema) -> bool:
    """Happenings that are worth what belongs to them: baskets, orders of lines."""
    if dataset is None or schema.time_of(dataset) is None:
        return False
    return not any(schema.is_number(f"{dataset}.{f.name}") for f in schema.model.dataset(dataset).fields)
