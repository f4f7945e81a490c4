"""Whether a reading asks what the question says: what was said and is not asked for, what is asked for that nobody
said, and what does not fit its type.

Nothing here knows a schema: each figure counts words, columns and conditions, so that what is learnt of one database
holds for the next (see `ranker` and `confidence`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.analyst.asked import Asked, fields_of
from assistant.analyst.item import Item
from assistant.analyst.schema import Schema
from knowledge.request import (
    Across,
    Aggregate,
    Arithmetic,
    Calc,
    Compare,
    Exists,
    FieldColumn,
    Growth,
    Having,
    InPart,
    InWindow,
    MetricRef,
    Not,
    Order,
    Rank,
    Request,
    Running,
    Share,
    SubResult,
)

_BOUNDS = ("<", "<=", ">", ">=", "between")
_NEGATIVE = ("!=", "not_in", "not_contains", "is_null")
_UNITS = re.compile(r"year|month|week|quarter|day|hour|date", re.I)
_RATE = re.compile(r"rates?", re.I)
_PUNCTUAL = re.compile(r"time\b|late\b|overdue\b|delayed\b|early\b|punctual|past due\b", re.I)
_DURATIONS = re.compile(r"duration|time|minute|hour|day|week|month|year|takes?\b|took", re.I)
"""Words for a computed time that may be fields elsewhere."""
_MOST = 3.0
"""More of one kind says no more."""
_NAMED = 0.9
"""From this score on a field is meant by its name, and by nothing else."""
_NEAR = 0.05
"""A second meaning that is this much less sure might as well be meant."""


@dataclass(frozen=True)
class Agreement:
    """What speaks against a reading, each counted."""

    unused: float
    """Names, values, numbers, times and words of English that were said, and that the request has nothing of."""
    unsaid: float
    """Columns, measures, datasets, orders and limits that nobody said."""
    odd: float
    """What does not fit its type: sums of what does not add up, numbers as bounds of times, the latest by no time."""
    inexact: float
    """Names of which only some words were said."""
    ambiguous: float
    """Names with a second meaning nearly as sure."""
    several_places: float
    """Values that are in several columns."""
    joins: float
    """Datasets besides the first."""
    nested: float
    """Conditions on related rows and on groups, results within results, computations."""


def agreement(said: Said, request: Request) -> Agreement:
    items, asked = said.items, Asked(request, said.schema)
    names = [i for i in items if i.code in "mfd"]
    counts = {
        "inexact": sum(not any(o.exact and o.target == i.data for o in i.options) for i in names),
        "ambiguous": sum(any(o.target != i.data and i.score - o.score < _NEAR for o in i.options[:2]) for i in names),
        "several_places": sum(i.code == "v" and _places(i) > 1 for i in items),
        "joins": max(len(asked.datasets) - 1, 0),
        "nested": sum(isinstance(n, SubResult | Exists | Arithmetic | Across | Having) for n in asked.nodes),
    }
    return Agreement(
        unused=_sum(_unused(items, asked)),
        unsaid=_sum(_unsaid(said, asked)),
        odd=_sum(_odd(said, asked)),
        **{name: min(float(count), _MOST) for name, count in counts.items()},
    )


def _sum(counts: Sequence[int]) -> float:
    return sum(min(float(n), _MOST) for n in counts)


def _places(value: Item) -> int:
    return len({m.field for m in value.data if m.score >= value.score - _NEAR})


class Said:
    """What a question names; `items` as it was first read."""

    def __init__(self, items: Sequence[Item], schema: Schema):
        self.items, self.schema = items, schema
        self.codes = {i.code for i in items}
        links = [o for i in items if i.code in "mfdj" for o in i.options]
        self.fields = {o.target for o in links if o.kind == "field"}
        self.fields |= {m.field for i in items if i.code == "v" for m in i.data}
        self.metrics = {o.target for o in links if o.kind == "metric"}
        self.datasets = {o.target for o in links if o.kind == "dataset"} | {f.partition(".")[0] for f in self.fields}
        self._shown = {f for d in self.datasets for f in schema.shown_by(d)}
        self.verbs = any(i.code == "j" for i in items)
        """They may be about rows of datasets that they do not name: "bought"."""
        self.aggregates = {i.data for i in items if i.code == "a"}
        self.lists = bool(items) and (items[0].code == "l" or items[0].text in ("which", "who"))

    def shows(self, column: FieldColumn) -> bool:
        """Whether the column was named, or is one of those that something named is shown by."""
        if column.grain or column.part:
            return bool(self.codes & set("gtrxG"))
        return any(field in self.fields or field in self._shown for field in fields_of(column))

    def measures(self, measure: Aggregate | MetricRef) -> bool:
        counts = "c" in self.codes
        if isinstance(measure, MetricRef):
            metric = self.schema.model.metric(measure.metric)
            counted = counts and any(d in self.datasets for d in self.schema.metric_datasets(metric))
            return counted or measure.metric in self.metrics or self.schema.summed_by(metric) in self.fields
        if measure.of is None:
            return measure.dataset in self.datasets
        fields = list(fields_of(measure))
        if any(field in self.fields for field in fields):
            return True
        owners = [d for f in fields if (d := f.partition(".")[0]) in self.datasets]
        if measure.agg == "count_distinct":
            return bool(owners)
        schema = self.schema
        tallied = counts and any(schema.tally(d) in fields for d in owners)  # rows that each count several
        # "total charges", "the longest sailing": what rows of the thing are worth, or last
        worth = {f for d in owners for f in (schema.amount(d), schema.span(d), schema.only_figure(d))}
        return tallied or bool(worth & set(fields))

    def orders(self, order: Order) -> bool:
        by = order.by
        if not isinstance(by, FieldColumn) or by.grain or by.part:
            return True
        return any(field in self.fields for field in fields_of(by))


# --- said, but not asked for -----------------------------------------------------------------------------------------


def _unused(items: Sequence[Item], asked: Asked) -> list[int]:
    windows = asked.request.period is not None or asked.has(InWindow, InPart)
    windows = windows or any(
        _is_timely(f, asked.schema) for n in asked.nodes if isinstance(n, Compare) for f in fields_of(n)
    )
    grains = asked.has(Calc, InPart) or any(n.grain or n.part for n in asked.nodes if isinstance(n, FieldColumn))
    grains = grains or any(_is_timely(f, asked.schema) for f in asked.fields)
    return [
        len({i.text.lower() for i in items if i.code in "mfd" and not _uses(asked, i)}),
        sum(i.code == "v" and not _has_value(asked, n, items) for n, i in enumerate(items)),
        sum(i.code == "n" and not _has_number(asked, i) for i in items),
        sum((i.code == "w" and not windows) or (i.code in "gt" and not grains) for i in items),
        _unused_words(items, asked),
    ]


def _uses(asked: Asked, name: Item) -> bool:
    """Whether anything that the words may name is asked about, or lies between things that are."""
    if asked.has(Calc) and _DURATIONS.search(name.text):
        return True
    if _RATE.fullmatch(name.text) and any(n.op == "percent" for n in asked.nodes if isinstance(n, Arithmetic)):
        return True  # "on-time rate", whatever else is called a rate
    if _PUNCTUAL.match(name.text) and _compares_times(asked):
        return True
    for link in name.options:
        if link.kind == "dataset" and any(asked.schema.belongs_to(d, link.target) for d in asked.datasets):
            return True
        if link.target in (asked.fields if link.kind == "field" else asked.metrics):
            return True
    return False


def _compares_times(asked: Asked) -> bool:
    return bool(_times_compared(asked))


def _times_compared(asked: Asked) -> list[str]:
    """When what was due was done, which is compared with when it was due: late, on time, overdue."""
    bounds = [n for n in asked.nodes if isinstance(n, Compare) and (n.field_value is not None or n.op == "is_null")]
    return [n.field for n in bounds if isinstance(n.field, str) and asked.schema.is_time(n.field)]


def _has_value(asked: Asked, n: int, items: Sequence[Item]) -> bool:
    """A name and its code in brackets ("Chicago (ORD)") are one value."""
    value = items[n]
    if _PUNCTUAL.match(value.text) and _compares_times(asked):
        return True
    if value.text.lower() in asked.scalars or any(str(m.value).lower() in asked.scalars for m in value.data):
        return True
    bracketed = n + 1 < len(items) and items[n + 1].code == "v" and items[n + 1].before.startswith("(")
    return bracketed and _has_value(asked, n + 1, items)


def _has_number(asked: Asked, number: Item) -> bool:
    value = getattr(number.data, "value", None)
    return value is None or bool({str(float(value)), str(float(value) / 100)} & asked.scalars)


def _is_timely(field: str, schema: Schema) -> bool:
    """A time, or the number or name of a part of one."""
    return schema.is_time(field) or _UNITS.search(field.partition(".")[2]) is not None


def _unused_words(items: Sequence[Item], asked: Asked) -> int:
    """Words of English that make another kind of question than the one asked."""
    request = asked.request
    aggs = {n.agg for n in asked.nodes if isinstance(n, Aggregate | Across | SubResult | Running)}
    ops = {n.op for n in asked.nodes if isinstance(n, Arithmetic | Calc)}
    bounded = asked.has(Having) or any(n.op in _BOUNDS for n in asked.nodes if isinstance(n, Compare))
    negated = asked.has(Not) or any(
        n.negated if isinstance(n, Exists) else isinstance(n, Compare) and n.op in _NEGATIVE for n in asked.nodes
    )
    does = {
        "c": bool(asked.measures),
        "s": bool(request.limit or request.order or asked.has(Rank) or aggs & {"max", "min"}),
        "S": asked.has(Share) or bool(asked.metrics or ops & {"percent", "/", "percent_change"}),
        "G": asked.has(Growth) or bool(request.compare_to or "percent_change" in ops),
        "L": asked.has(SubResult),
        "z": negated or bounded,
        "o": bounded or asked.has(Exists),
        "u": bool(request.distinct or request.fields or "count_distinct" in aggs),
    }
    does |= {"T": does["s"], "/": does["S"]}
    averaged = "/" in ops or bool(asked.metrics)
    missed = sum(not does.get(i.code, True) for i in items)
    return missed + sum(
        i.code == "a"
        and i.data not in aggs
        and not (averaged and i.data == "avg")
        and not (does["s"] and i.data == "mode")
        and not asked.metrics
        for i in items
    )


# --- asked for, but not said -----------------------------------------------------------------------------------------


def _unsaid(said: Said, asked: Asked) -> list[int]:
    request, schema = asked.request, asked.schema
    metrics = [schema.model.metric(name) for name in said.metrics & asked.metrics]
    told = {d for m in metrics for d in schema.metric_datasets(m)}
    unsaid = asked.datasets - said.datasets - told
    if any(_PUNCTUAL.match(i.text) for i in said.items):
        unsaid -= {schema.owner(t) for t in _times_compared(asked)}  # "students who are overdue": with their payments
    columns = [c for c in request.fields if c.shown and not said.shows(c)]
    measures = [m for m in asked.measures if not said.measures(m)]
    return [
        int(
            bool(unsaid and said.datasets) and not said.verbs and not _asks_who(said.items)
        ),  # "our best month" names nothing that it could be of
        sum(not any(schema.owner(f) in unsaid for f in fields_of(c)) for c in columns),  # else it is counted already
        sum(not any(d in unsaid for d in schema.datasets_of(m)) for m in measures),
        sum(not said.orders(o) for o in request.order),
        int(bool(request.limit) and not said.codes & set("sTNn")),
    ]


def _asks_who(items: Sequence[Item]) -> bool:
    return any(i.code == "q" and i.text == "who" for i in items)


# --- what does not fit -----------------------------------------------------------------------------------------------


def _odd(said: Said, asked: Asked) -> list[int]:
    request, schema = asked.request, asked.schema
    plain = [c.model_copy(update={"label": None}).model_dump_json() for c in request.columns]
    return [
        sum(
            _is_odd_figure(m, schema)
            for m in asked.measures
            if isinstance(m, Aggregate) and m.agg not in said.aggregates
        ),
        sum(_is_odd_bound(n, schema) for n in asked.nodes if isinstance(n, Having | Compare)),
        _odd_orders(said.items, asked),
        sum(_is_odd_group(c, said) for c in request.fields) if request.measures else 0,
        len(plain) - len(set(plain)),
        2 * sum(n.left == n.right for n in asked.nodes if isinstance(n, Arithmetic)),
        int(said.lists and not request.fields),
    ]


def _is_odd_figure(measure: Aggregate, schema: Schema) -> bool:
    if not isinstance(measure.of, str) or measure.agg not in ("sum", "avg"):
        return False
    (field,) = fields_of(measure)
    named = schema.field(field).role in ("key", "foreign_key", "category", "name")
    return named or (measure.agg == "sum" and not schema.adds_up(field))


def _is_odd_bound(node: Having | Compare, schema: Schema) -> bool:
    if isinstance(node, Having):
        times = isinstance(node.measure, Aggregate) and any(map(schema.is_time, fields_of(node.measure)))
        return times and isinstance(node.value, float)
    if node.op not in _BOUNDS or not isinstance(node.field, str):
        return False
    values = node.value if isinstance(node.value, list) else [node.value]
    field = next(fields_of(node))
    plain = schema.field(field)
    numbers = any(isinstance(v, int | float) for v in values)
    return numbers and (plain.role in ("key", "foreign_key") or plain.type == "text" or schema.is_time(field))


def _odd_orders(items: Sequence[Item], asked: Asked) -> int:
    """Superlatives of time ("latest"), where nothing is ordered or picked by a time."""
    latest = sum(
        i.code == "s" and i.data.about == "time" and not (n and items[n - 1].code in "sK") for n, i in enumerate(items)
    )
    if not latest:
        return 0
    ordered = [o.by for o in asked.request.order if isinstance(o.by, FieldColumn | Aggregate)]
    picked = [n for n in asked.nodes if isinstance(n, Aggregate) and n.agg in ("min", "max", "first", "last")]
    timed = any(asked.schema.is_time(f) for n in (*ordered, *picked) for f in fields_of(n))
    by_figure = any(
        isinstance(o.by, MetricRef)
        or (isinstance(o.by, Aggregate) and not any(map(asked.schema.is_time, fields_of(o.by))))
        for o in asked.request.order
    )
    return latest if by_figure or not timed else 0


def _is_odd_group(column: FieldColumn, said: Said) -> bool:
    """Groups of a figure's every value, or of every moment, unless just that was named."""
    if not isinstance(column.field, str) or column.grain or column.part or column.bin:
        return False
    name = next(fields_of(column))
    field = said.schema.field(name)
    named = any(o.target == name and o.score >= _NAMED for i in said.items if i.code == "f" for o in i.options)
    return field.role == "measure" or (field.type == "timestamp" and not named)
