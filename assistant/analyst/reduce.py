"""From words to parts of a request: a cascade of small rules, each of which reads a few neighbouring items as one.

After the cascade the row holds, beside names, values and times, items with these codes:

    M  a measure (MeasureRead)          C  a condition on rows (Cond)
    H  a condition on groups (HavingRead)   B  what to group by (list of Group)
    N  "top 5", "the highest" (Top)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from assistant.analyst.bands import bands_within
from assistant.analyst.english import Super
from assistant.analyst.items import Item, codes
from assistant.analyst.schema import Schema
from assistant.analyst.tokens import NumberRead
from knowledge.request import Aggregate, Arithmetic, Calc, Comparator, Compare, Condition, Measure, MetricRef

Aggregation = str


@dataclass(frozen=True)
class Group:
    """A field, a dataset's rows ("by customer"), a time grain or a part of a time. `per`: said with "per" or "each"."""

    kind: str
    target: Any
    per: bool = False


@dataclass(frozen=True)
class MeasureRead:
    measure: Measure
    datasets: tuple[str, ...]
    counted: str | None = None
    """The dataset whose rows are counted."""
    averaged: bool = False
    """Said as an average of something that is already a total: "average orders per customer"."""
    total: Measure | None = None
    """What is averaged, where `measure` is the average itself ("average number of shares": of each row)."""
    share: bool = False
    growth: str | None = None
    running: str | None = None
    spread: str | None = None
    """An aggregate over the figures of things ("the median basket"), which `each` says when it is known."""
    each: Group | None = None


@dataclass(frozen=True)
class Cond:
    """A condition that may be about one of several fields; `options` are (field, condition), best first."""

    options: tuple[tuple[str | None, Condition], ...]
    negated: bool = False
    values: int = 0
    """How many stored values it names: two or more can be compared with each other."""
    sides: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    """What each value was called, and the stored values that it stands for (several, for a part of their names)."""
    split: bool = False
    """The values are to be told apart ("Brooklyn vs Queens")."""
    text: str = ""
    fuzzy: bool = False
    both: bool = False
    """Each of the values must be met, by rows of its own."""


@dataclass(frozen=True)
class HavingRead:
    measure: Measure | None
    """None: whatever the request measures."""
    op: Comparator
    value: float | None
    average: bool = False
    overall: bool = False
    """Against the measure over everything, rather than the average of the groups."""
    field: str | None = None
    """A numeric field that the bound may be about row by row."""
    dataset: str | None = None
    factor: float = 1.0
    money: bool = False


@dataclass(frozen=True)
class Top:
    n: int | None
    descending: bool
    about: str = ""
    measure: MeasureRead | None = None
    field: str | None = None


Rule = Callable[[list[Item], Schema], list[Item] | None]

_ABOUT = {
    "price": ("price", "cost", "fee", "rate", "fare"),
    "time": (),
    "value": ("revenue", "amount", "sales", "value", "profit"),
}
_ADJECTIVES = {
    "older": ("age",), "younger": ("age",), "taller": ("height",), "heavier": ("weight",), "cheaper": ("price",
    "cost", "fee", "fare"),
    "longer": ("length", "duration", "minutes", "days", "hours"), "shorter": ("length", "duration", "height"),
    "larger": ("size", "area", "population"), "faster": ("speed",), "bigger": ("size", "area", "population"),
}  # fmt: skip


def reduce_items(items: list[Item], schema: Schema) -> list[Item]:
    for pattern, rule in _RULES:
        items = _rewrite(items, pattern, rule, schema)
    return items


def _rewrite(items: list[Item], pattern: re.Pattern[str], rule: Rule, schema: Schema) -> list[Item]:
    at = 0
    while True:
        match = pattern.search(codes(items), at)
        if not match:
            return items
        made = rule(items[match.start() : match.end()], schema)
        if made is None:
            at = match.start() + 1
        else:
            items = [*items[: match.start()], *made, *items[match.end() :]]
            at = match.start() + len(made)


def _merged(parts: list[Item], code: str, data: Any) -> Item:
    named = [p.score for p in parts if p.code in "mfdvMC"]
    return Item(
        code, parts[0].start, parts[-1].end, " ".join(p.text for p in parts), data,
        score=sum(named) / len(named) if named else 1.0, before=parts[0].before,
    )  # fmt: skip


def measure_of(
    item: Item, schema: Schema, agg: Aggregation | None = None, *, distinct: bool = False
) -> MeasureRead | None:
    """The measure that a name stands for: a metric, the count of a dataset's rows, or an aggregate of a field."""
    if item.code == "M":
        return item.data if isinstance(item.data, MeasureRead) else None
    if item.code == "m":
        metric = schema.model.metric(item.data)
        averaged = agg == "avg" and not metric.label.lower().startswith(("average", "avg", "mean"))
        datasets = tuple(schema.metric_datasets(metric))
        return MeasureRead(MetricRef(metric=item.data), datasets, schema.counted_by(metric), averaged)
    if item.code == "d":
        count = schema.count_metric(item.data)
        return MeasureRead(count, (item.data,), counted=item.data, averaged=agg == "avg")
    reference: str = item.data
    owner = schema.owner(reference)
    if (
        agg in ("count", "count_distinct")
        or (agg is None and not schema.is_number(reference))
        or (agg == "sum" and not schema.is_number(reference))
    ):
        entity = schema.points_to(reference)
        field = schema.field(reference)
        if agg == "count" and schema.is_number(reference) and (field.label or field.name).lower().endswith("number"):
            return MeasureRead(Aggregate(agg="count", of=reference), (owner,))  # numbers that name, not that measure
        if (
            agg == "count"
            and schema.is_number(reference)
            and field.role == "measure"
            and field.additivity == "additive"
            and not distinct
        ):
            return MeasureRead(Aggregate(agg="sum", of=reference), (owner,))
        if field.role == "key" or field.name == schema.model.dataset(owner).name_field:
            return MeasureRead(Aggregate(agg="count", dataset=owner), (owner,), counted=owner)
        if entity and not distinct:
            return MeasureRead(Aggregate(agg="count", dataset=entity), (entity,), counted=entity)
        return MeasureRead(Aggregate(agg="count_distinct", of=reference), (owner,))
    if agg is None:
        agg = "sum" if schema.adds_up(reference) else "avg"
    if agg in ("avg", "sum", "median", "stddev", "variance") and not schema.is_number(reference):
        return None
    return MeasureRead(Aggregate(agg=agg, of=reference), (owner,))  # type: ignore[arg-type]


# --- the rules -------------------------------------------------------------------------------------------------------


def _count(parts: list[Item], schema: Schema) -> list[Item] | None:
    noun, fillers = parts[-1], [p for p in parts[1:-1] if p.code not in "uO&"]
    distinct = any(p.code == "u" for p in parts)
    read = measure_of(noun, schema, "count", distinct=distinct)
    if read is None:
        return None
    return [_merged([parts[0], noun], "M", read), *fillers]


def _aggregate(parts: list[Item], schema: Schema) -> list[Item] | None:
    agg, noun = parts[0].data, parts[-1]
    if agg == "mode" and noun.code in "fd":
        return [_merged(parts[:1], "N", Top(1, True, "count")), noun]
    if agg == "sum" and noun.code == "M":
        return [_merged(parts, "M", noun.data)]
    if noun.code == "M":
        read = noun.data
        made = replace(read, averaged=True) if agg == "avg" else None
        if made and isinstance(read.measure, Aggregate) and read.measure.agg == "sum":
            made = replace(made, measure=read.measure.model_copy(update={"agg": "avg"}), total=read.measure)
        if agg in _SPREADS:
            made = _of_things(replace(read, spread=agg), schema)
            if isinstance(read.measure, Aggregate) and read.measure.agg == "sum":
                made = replace(made, measure=read.measure.model_copy(update={"agg": agg}), total=read.measure)
        return [_merged(parts, "M", made)] if made else None
    if agg in ("max", "min") and noun.code in "md":
        return [_merged(parts[:1], "N", Top(None, agg == "max")), noun]
    if agg in _SPREADS and noun.code in "md":
        read = measure_of(noun, schema)
        return [_merged(parts, "M", _of_things(replace(read, spread=agg), schema))] if read else None
    read = measure_of(noun, schema, agg)
    return [_merged(parts, "M", read)] if read else None


_SPREADS = ("max", "min", "median", "stddev")


def _of_things(read: MeasureRead, schema: Schema) -> MeasureRead:
    """A metric that is itself an average over things ("average basket"): the figure of each thing is meant."""
    if isinstance(read.measure, MetricRef) and (parts := schema.averaged_over(schema.model.metric(read.measure.metric))):
        numerator, thing = parts
        return replace(read, measure=numerator, each=Group("dataset", thing))
    return read


def _per_grain(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "average monthly sales", "average sales per day": the total over the number of periods in which there were
    any."""
    if parts[0].data != "avg":
        return None
    grain = next(p for p in parts if p.code == "g")
    noun = next(p for p in parts[1:] if p.code in "mfdM")
    read = measure_of(noun, schema, "sum" if noun.code == "f" else None)
    if read is None or not read.datasets:
        return None
    time = schema.time_of(read.datasets[0])
    if time is None:
        return None
    periods = Aggregate(agg="count_distinct", of=Calc(op=str(grain.data), args=[time]), dataset=read.datasets[0])  # type: ignore[arg-type]
    made = MeasureRead(Arithmetic(op="/", left=read.total or read.measure, right=periods), read.datasets)
    return [_merged(parts, "M", made)]


def _per_entity(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "average sales per customer": the total over the number of customers that have any."""
    measure, per = parts[0], parts[-1]
    if isinstance(measure.data, MeasureRead) and measure.data.spread:
        each = Group("dataset" if per.code == "d" else "field", per.data)
        return [_merged(parts, "M", replace(measure.data, each=each, measure=measure.data.total or measure.data.measure))]
    if not (isinstance(measure.data, MeasureRead) and measure.data.averaged):
        return None
    target = per.data if per.code == "d" else schema.points_to(per.data)
    read: MeasureRead = measure.data
    if target is None or not read.datasets or target == read.counted:
        return None
    return [_merged(parts, "M", per_entity(read, target, schema))]


def per_entity(read: MeasureRead, target: str, schema: Schema) -> MeasureRead:
    """The measure over the number of different rows of `target` that it is about."""
    base = read.datasets[0]
    key = schema.key(target)
    link = next((r for r in schema.model.relationships if r.many == base and r.one == target), None)
    if link is not None and len(link.many_fields) == 1:
        entities: Measure = Aggregate(agg="count_distinct", of=f"{base}.{link.many_fields[0]}")
    elif key and schema.belongs_to(base, target):
        entities = Aggregate(agg="count_distinct", of=key, dataset=base)
    else:
        entities = Aggregate(agg="count", dataset=target)
    total = read.total or read.measure
    if link is not None and schema.field(f"{base}.{link.many_fields[0]}").nulls > 0:
        known = Compare(field=f"{base}.{link.many_fields[0]}", op="not_null")
        if isinstance(total, Aggregate | MetricRef):  # what belongs to nobody is nobody's
            total = total.model_copy(update={"where": [*total.where, known]})
    return MeasureRead(Arithmetic(op="/", left=total, right=entities), read.datasets)


def _ratio(parts: list[Item], schema: Schema) -> list[Item] | None:
    nouns = [p for p in parts if p.code in "mfdM"]
    mark = next(p for p in parts if p.code == "/")
    reads = [measure_of(n, schema, "sum" if n.code == "f" else None) for n in nouns]
    if len(reads) != 2 or reads[0] is None or reads[1] is None:
        return None
    op: Any = "percent" if re.search("percent|%|share|proportion", mark.text) else "/"
    made = Arithmetic(op=op, left=reads[0].measure, right=reads[1].measure)
    return [_merged(parts, "M", MeasureRead(made, (*reads[0].datasets, *reads[1].datasets)))]


def _difference(parts: list[Item], schema: Schema) -> list[Item] | None:
    nouns = [p for p in parts if p.code in "mfM"]
    reads = [measure_of(n, schema) for n in nouns]
    if "difference" not in parts[0].text or any(r is None for r in reads):
        return None
    left, right = reads[0], reads[1]
    assert left is not None
    assert right is not None
    made = Arithmetic(op="-", left=left.measure, right=right.measure)
    return [_merged(parts, "M", MeasureRead(made, (*left.datasets, *right.datasets)))]


def _top(parts: list[Item], schema: Schema) -> list[Item] | None:
    number = next((p for p in parts if p.code == "n"), None)
    mark = next(p for p in parts if p.code in "sT")
    if number is not None and (number.data.percent or number.data.money or number.data.value != int(number.data.value)):
        return None
    n = int(number.data.value) if number is not None else None
    if mark.code == "T":
        about, descending = "", bool(mark.data)
    else:
        assert isinstance(mark.data, Super)
        about, descending = mark.data.about, mark.data.descending
    return [_merged(parts, "N", Top(n, descending, about))]


def _top_measure(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "the highest sales", "the most orders": what the order is by (if there is a subject, `assemble` decides)."""
    top, noun = parts[0].data, parts[-1]
    if noun.code == "d" or top.about == "time" or top.measure:
        return None
    if noun.code == "f":
        if not schema.is_number(noun.data) or top.about:
            return None
        return [_merged(parts, "N", replace(top, field=noun.data, measure=measure_of(noun, schema)))]
    read = measure_of(noun, schema)
    return [_merged(parts, "N", replace(top, measure=read))] if read else None


_THINGS = ("key", "foreign_key", "name")


def _bound(op: Item, number: Item, noun: Item | None, schema: Schema) -> Item | None:
    parts = sorted([p for p in (op, number, noun) if p], key=lambda p: p.start)
    data: NumberRead = number.data
    if noun is None:
        hints = _ADJECTIVES.get(op.text.split()[0])
        about = "|".join(hints) if hints else None
        return _merged(parts, "H", HavingRead(None, op.data, data.value, dataset=about, money=data.money))
    countable = noun.code != "f" or schema.is_number(noun.data) or schema.field(noun.data).role in _THINGS
    read = measure_of(noun, schema, None if noun.code != "f" or schema.is_number(noun.data) else "count")
    if read is None or not countable:
        return None
    field = noun.data if noun.code == "f" and schema.is_number(noun.data) else None
    if (
        isinstance(read.measure, Aggregate)
        and field is None
        and isinstance(read.measure.of, str)
        and schema.is_number(read.measure.of)
    ):
        field = None
    return _merged(
        parts, "H", HavingRead(read.measure, op.data, data.value, field=field, dataset=(read.datasets or (None,))[0])
    )


def _number_noun(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "more than 5 orders" """
    op, number, noun = parts[0], parts[1], parts[-1]
    if noun.code == "f" and not noun.before and (made := _on_bands(noun.data, op, number, parts, schema)):
        return [made]
    worth = noun.code in "mM" and noun.before.removeprefix("worth ") in ("in", "of", "in total", "on")
    if (noun.before and not worth) or (number.data.percent and noun.code == "d"):
        return None
    made = _bound(op, number, noun, schema)
    return [made] if made else None


def _noun_number(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "sales over 1,000", "a price of at least 5" """
    noun, op, number = parts[0], parts[-2], parts[-1]
    if noun.code == "f" and not schema.is_number(noun.data) and schema.field(noun.data).role not in _THINGS:
        made = _on_bands(noun.data, op, number, parts, schema)
        # A bound that the bands of a text field ("25-34") can't tell must not be dropped.
        return [made] if made else [noun, _merged([op, number], ".", None)]
    counted = noun.code == "M" and noun.data.counted and (noun.text.startswith("how many") or number.data.money)
    if noun.code == "d" or counted:  # "how many baskets were worth more than $200": not how many baskets there are
        made = _bound(op, number, None, schema)
        return [noun, made] if made else None
    made = _bound(op, number, noun, schema)
    return [made] if made else None


def _on_bands(reference: str, op: Item, number: Item, parts: list[Item], schema: Schema) -> Item | None:
    """A bound on a text field whose values are bands of numbers: "under 35" of "19-24", "25-34", "35-44"."""
    values = bands_within(schema.field(reference), op.data, number.data.value)
    if not values:
        return None
    said = f"{op.text} {number.text}"
    return _merged(parts, "C", Cond(((reference, value_condition(reference, values, False)),), text=said))


def _done_times(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "visited more than 200 times": a bound on how many of what the verb names."""
    verb, op, number = parts[0], parts[1], parts[2]
    kinds = ("metric", "dataset") if len(parts) > 3 else ("metric",)
    link = next((o for o in verb.options if o.kind in kinds and o.score > 0.7), None)
    if link is None:
        return None
    read = measure_of(verb.linked(link), schema)
    if read is None or not read.datasets:
        return None
    return [_merged(parts, "H", HavingRead(read.measure, op.data, number.data.value, dataset=read.datasets[0]))]


def _bare_bound(parts: list[Item], schema: Schema) -> list[Item] | None:
    banded = [f for f in schema.banded() if bands_within(schema.field(f), parts[0].data, parts[1].data.value)]
    if len(banded) == 1 and (in_band := _on_bands(banded[0], parts[0], parts[1], parts, schema)):
        return [in_band]
    made = _bound(parts[0], parts[1], None, schema)
    return [made] if made else None


def _between(parts: list[Item], schema: Schema) -> list[Item] | None:
    numbers = [p for p in parts if p.code == "n"]
    noun = parts[0] if parts[0].code in "mfM" else (parts[-1] if parts[-1].code in "mfMd" else None)
    low, high = (NumberRead(p.data.value) for p in numbers)
    if noun is not None and noun.code == "f":
        condition = Compare(field=noun.data, op="between", value=[low.value, high.value])
        return [_merged(parts, "C", Cond(((noun.data, condition),), text=noun.text))]
    first = _bound(Item("o", parts[0].start, parts[0].end, ">=", ">="), numbers[0], noun, schema)
    second = _bound(Item("o", parts[0].start, parts[0].end, "<=", "<="), numbers[1], noun, schema)
    return [first, second] if first and second else None


def _versus_average(parts: list[Item], schema: Schema) -> list[Item] | None:
    mark = next(p for p in parts if p.code == "L")
    noun = next((p for p in parts if p.code in "mfMj"), None)
    if noun is not None and noun.code == "M" and noun.data.counted and parts[0] is noun and noun.text.startswith("how many"):
        return None  # "how many shops have above average sales": not how many shops there are
    if noun is not None and noun.code == "j":  # "rated above the average": by what the verb names
        link = next((o for o in noun.options if o.score > 0.85 and (o.kind == "metric" or (o.kind == "field" and schema.is_number(o.target)))), None)
        if link is None:
            return None
        noun = noun.linked(link)
    op, overall = mark.data[0], mark.data.endswith("overall")
    factor = next((float(p.data.value) for p in parts if p.code == "n"), 1.0)
    if noun is None:
        return [_merged(parts, "H", HavingRead(None, op, None, average=True, overall=overall, factor=factor))]
    read = measure_of(noun, schema)
    if read is None:
        return None
    field = noun.data if noun.code == "f" and schema.is_number(noun.data) else None
    dataset = (read.datasets or (None,))[0]
    return [_merged(parts, "H", HavingRead(read.measure, op, None, True, overall, field, dataset, factor))]


def _equals_number(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "household 718", "store 367", "year 2003": a key or number field beside a number."""
    noun, numbers = parts[0], [p for p in parts if p.code == "n"]
    if any(n.data.percent or n.data.money for n in numbers):
        return None
    reference = schema.key(noun.data) if noun.code == "d" else noun.data
    if reference is None:
        return None
    field = schema.field(reference)
    values = [n.data.value for n in numbers]
    typed: list[Any]
    if field.type in ("integer", "number"):
        typed = [int(v) if v == int(v) else v for v in values]
    elif field.type == "text" and field.role in ("key", "foreign_key", "code", "category", "name"):
        typed = [n.text for n in numbers]
    else:
        return None
    said = " and ".join(n.text for n in numbers)
    sides = tuple((f"{noun.text} {n.text}", (value,)) for n, value in zip(numbers, typed, strict=True))
    condition = value_condition(reference, typed, False)
    both = any("both" in p.before.split() for p in parts)
    made = Cond(
        ((reference, condition),), values=len(typed), sides=sides, text=f"{noun.text} {said}", both=both
    )
    return [_merged(parts, "C", replace(made, split=any(p.code == "V" for p in parts)))]


def value_condition(reference: str, stored: list[Any], negated: bool) -> Condition:
    if len(stored) == 1:
        return Compare(field=reference, op="!=" if negated else "=", value=stored[0])
    return Compare(field=reference, op="not_in" if negated else "in", value=list(stored))


def _values(parts: list[Item], schema: Schema) -> list[Item] | None:
    """One or several stored values, perhaps with the name of their field beside them, perhaps negated."""
    found = [p for p in parts if p.code == "v"]
    negated = any(p.code == "z" for p in parts)
    named = [p for p in parts if p.code == "f"]
    split = any(p.code == "V" for p in parts)
    options: list[tuple[str | None, Condition]] = []
    fields: dict[str, list[list[Any]]] = {}
    for n, part in enumerate(found):
        for mention in part.data:
            fields.setdefault(mention.field, [[] for _ in found])[n].append(mention)
    whole = {f: ms for f, ms in fields.items() if all(ms)}
    if not whole:
        if len(found) > 1:
            return None
        if named and not schema.is_number(named[0].data):
            condition = Compare(field=named[0].data, op="!=" if negated else "=", value=found[0].text)
            return [_merged(parts, "C", Cond(((named[0].data, condition),), negated, 1, text=found[0].text))]
        if len(found) == 1 and not found[0].data:
            return None

    def rank(reference: str) -> tuple[float, float, int]:
        said = 1.0 if any(_same_field(reference, p, schema) for p in named) else 0.0
        said += 0.5 * any(_on_the_way(p.before, schema.noun_of(reference)) for p in found)
        surety = sum(max(m.score for m in ms) for ms in whole[reference]) / len(found)
        return said, round(surety, 1), -(schema.field(reference).distinct or 0)

    references = sorted(whole, key=rank, reverse=True)
    if named and references and not any(_same_field(references[0], p, schema) for p in named):
        return None  # the field beside it is not this value's: leave both as they are
    for reference in references:
        sides = [_stored(ms) for ms in whole[reference]]
        stored = list(dict.fromkeys(v for values in sides for v in values))
        options.append((reference, value_condition(reference, stored, negated)))
    if not options:
        return None
    fuzzy = all(m.kind == "fuzzy" for p in found for m in p.data)
    said = tuple((p.text, tuple(_stored(whole[references[0]][n]))) for n, p in enumerate(found))
    text = " and ".join(p.text for p in found)
    both = any("both" in p.before.split() for p in parts)
    made = Cond(tuple(options), negated, len(found), said, split, text, fuzzy, both)
    return [_merged(parts, "C", made)]


_FROM = {"from", "origin", "departure", "source", "start", "sender"}
_TO = {"to", "destination", "arrival", "target", "end", "receiver", "recipient"}


def _on_the_way(before: str, words: set[str]) -> bool:
    """ "from LAX" is said of where something comes from."""
    last = before.split()[-1] if before else ""
    return (last == "from" and bool(words & _FROM)) or (last in ("to", "into") and bool(words & _TO))


def _stored(mentions: list[Any]) -> list[Any]:
    """The stored values that a mention most likely means."""
    best = max(m.score for m in mentions)
    return list(dict.fromkeys(m.value for m in mentions if m.score >= best - 0.02))


def _same_field(reference: str, item: Item, schema: Schema) -> bool:
    return reference == item.data or any(o.target == reference and o.score >= 0.8 * item.score for o in item.options)


def _sum_of(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "the sum of payments, reserves and fees": one figure."""
    if parts[0].data != "sum" or not parts[0].text.startswith("sum"):
        return None
    reads = [measure_of(p, schema) for p in parts if p.code in "mM"]
    if any(r is None for r in reads):
        return None
    known = [r for r in reads if r is not None]
    measure = known[0].measure
    for read in known[1:]:
        measure = Arithmetic(op="+", left=measure, right=read.measure)
    datasets = tuple(dict.fromkeys(d for r in known for d in r.datasets))
    return [_merged(parts, "M", MeasureRead(measure, datasets))]


def _either_of(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "the domain A and the domain B", "in Texas or in Ohio": values of one field."""
    first, second = (p for p in parts if p.code == "C")
    nouns = [p for p in parts if p.code in "fd"]
    left, right = first.data, second.data
    split = any(p.code == "V" for p in parts) or left.split or right.split
    if left.negated or right.negated or (nouns and len({str(p.data) for p in nouns}) > 1):
        return None
    made = []
    for reference, condition in left.options:
        other = next((c for r, c in right.options if r == reference), None)
        if reference and isinstance(condition, Compare) and isinstance(other, Compare):
            if not {condition.op, other.op} <= {"=", "in"}:
                continue
            stored = [v for c in (condition, other) for v in (c.value if isinstance(c.value, list) else [c.value])]
            made.append((reference, value_condition(reference, list(dict.fromkeys(stored)), False)))
    if not made:
        return None
    both = any("both" in p.before.split() for p in parts)
    cond = replace(
        left, options=tuple(made), values=left.values + right.values, sides=(*left.sides, *right.sides),
        text=f"{left.text} and {right.text}", both=both, split=split,
    )  # fmt: skip
    return [*([parts[0]] if parts[0].code in "fd" else []), _merged([first, second], "C", cond)]


def _text_condition(parts: list[Item], schema: Schema) -> list[Item] | None:
    mark = next(p for p in parts if p.code == "p")
    noun = parts[0] if parts[0].code in "fd" else None
    word = parts[-1]
    reference = noun.data if noun is not None and noun.code == "f" else None
    if noun is not None and noun.code == "d":
        name = schema.model.dataset(noun.data).name_field
        reference = f"{noun.data}.{name}" if name else None
    if reference is None or schema.is_number(reference):
        return None
    negated = any(p.code == "z" for p in parts)
    op: Any = "not_contains" if negated and mark.data == "contains" else mark.data
    made = [
        _merged(
            parts, "C", Cond(((reference, Compare(field=reference, op=op, value=word.text)),), negated, text=word.text)
        )
    ]
    return [noun, *made] if noun is not None and noun.code == "d" else made


def _is_missing(parts: list[Item], schema: Schema) -> list[Item] | None:
    noun = next(p for p in parts if p.code == "f")
    negated = any(p.code == "z" for p in parts)
    condition = Compare(field=noun.data, op="not_null" if negated else "is_null")
    return [_merged(parts, "C", Cond(((noun.data, condition),), text=noun.text))]


def _has_some(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "flights with stops", "households without kids": whether there are any."""
    mark, noun = parts[0], parts[-1]
    whose = re.search(r"\b(their|its|the|his|her|a|an)\b", noun.before)
    if whose or (mark.code == "h" and mark.text not in _HAVING) or (mark.code == "z" and mark.text not in _LACKING):
        return None
    condition = schema.has_some(noun.data, plural=noun.text.lower().endswith("s"))
    if mark.text.endswith("are") and not schema.is_flag(noun.data):
        return None
    if condition is None:
        return None
    negated = mark.code == "z"
    return [_merged(parts, "C", Cond(((noun.data, condition),), negated, text=f"{mark.text} {noun.text}"))]


_HAVING = frozenset(
    ["that are", "who are", "which are", "that were", "with", "having", "have", "has", "had", "that have", "that has", "who have", "who has", "which have"]
)
_LACKING = frozenset(["without", "no", "have no", "has no", "with no", "had no", "having no", "do not have", "don't have",
                      "does not have", "doesn't have", "without any", "not have any", "lacking", "not have"])  # fmt: skip


def _group_of_some(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "each gold customer": the condition, and the group after it."""
    return [*parts[1:], parts[0]]


def _group(parts: list[Item], schema: Schema) -> list[Item] | None:
    per = parts[0].text.split()[0] in ("per", "each", "a", "every") or parts[0].text.startswith(
        ("for each", "for every")
    )
    kinds = {"f": "field", "d": "dataset", "g": "grain", "t": "part"}
    limited = next((n for n, p in enumerate(parts) if p.code == "t" and getattr(p.data, "values", ())), None)
    if limited is not None:  # "by hour on Saturdays": some of a time, which limits rather than groups
        made = _group(parts[:limited], schema) if limited > 1 else parts[:limited]
        return [*(made or []), *parts[limited:]] if limited > 1 else None
    parts = [replace(p, data=p.data.part) if hasattr(p.data, "part") else p for p in parts]
    groups = [Group(kinds[p.code], p.data, per) for p in parts if p.code in kinds]
    return [_merged(parts, "B", groups)]


def _order_mark(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "by sales": quantities are not grouped by; they order, or are measured too."""
    noun = parts[-1]
    if noun.code == "f" and not schema.adds_up(noun.data):
        return None
    return [_merged(parts, "Y", noun)]


def _share(parts: list[Item], schema: Schema) -> list[Item] | None:
    noun = parts[-1]
    read = measure_of(noun, schema, "sum" if noun.code == "f" and schema.is_number(noun.data) else None)
    return [_merged(parts, "M", replace(read, share=True))] if read else None


def _flagged(parts: list[Item], schema: Schema) -> list[Item] | None:
    mark = next(p for p in parts if p.code in "GRA")
    noun = next(p for p in parts if p.code in "mfdM")
    number = next((p for p in parts if p.code == "n"), None)
    read = measure_of(noun, schema, "sum" if noun.code == "f" and schema.is_number(noun.data) else None)
    if read is None:
        return None
    if mark.code == "G":
        return [_merged(parts, "M", replace(read, growth=mark.data))]
    window = f"avg:{int(number.data.value) if number else 3}" if mark.code == "A" else "sum"
    return [_merged(parts, "M", replace(read, running=window))]


def _contains_value(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "baskets that contain beer": beer is a stored value, not a piece of text."""
    return [parts[-1]]


def _count_value(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "how many homeowners": the things that have the value are counted, where they are things of their own."""
    reference = parts[-1].data.options[0][0]
    owner = schema.owner(reference) if reference else None
    if owner is None or not schema.children(owner) or schema.key(owner) is None:
        return None
    counted = MeasureRead(Aggregate(agg="count", dataset=owner), (owner,), owner)
    return [_merged(parts[:1], "M", counted), parts[-1]]


def _averaged_by_grain(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "average number of orders per day" """
    measure, grain = parts
    if not measure.data.averaged or not re.match(r"(per|each|every|a|in a)\b", grain.text):
        return None
    noun = replace(measure, data=replace(measure.data, averaged=False))
    return _per_grain([Item("a", measure.start, measure.start, "average", "avg"), noun, grain], schema)


def _averaged_in_entity(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "on average, how many items are in a basket" """
    entity = parts[-1]
    if not entity.before.endswith((" a", " an", "per", "each")) and entity.before not in ("a", "an"):
        return None
    return _per_entity(parts, schema)


def _rules() -> Iterator[tuple[re.Pattern[str], Rule]]:
    table: list[tuple[str, Rule]] = [
        (r"(f[hO]*)?z?p[vdfm.nqlc]", _text_condition),
        (r"d[hO]*z?p[vdfm.nqlc]", _text_condition),
        (r"aga?[mfdM]", _per_grain),
        (r"cu?[vj.C]?[vj.C]?u?[dfm]", _count),
        (r"on[Mmfd]", _number_noun),
        (r"aO?[Mm](?:&+[Mm])+", _sum_of),
        (r"a[Ou&]*[fdmM]", _aggregate),
        (r"joni?", _done_times),
        (r"Tn|ns|nT|sn", _top),
        (r"s|T(?=[dfgmM&hO.]|$)", _top),
        (r"[mfdM]/[mfdM]", _ratio),
        (r"V[mfM]&[mfM]", _difference),
        (r"[mfMj]h?L(?:ni)?|L(?:ni)?[mfM]|L(?:ni)?", _versus_average),
        (r"[mfM]h?bn[&V]n|bn[&V]n[mfMd]?", _between),
        (r"[mfMd][hO]?on", _noun_number),
        (r"on", _bare_bound),
        (r"[GRA]O?n?O?[mfdM]|[mM][G]", _flagged),
        (r"z?fz?k|hz?k?f(?=k)|z?kf", _is_missing),
        (r"hf(?![on=khb&/pC]|vf?)|zu?f(?![onkp]|v)", _has_some),
        (r"f[O=]?z?v(?:[&|V,]+z?v)*", _values),
        (r"z?v(?:[&|V]+v)*f", _values),
        (r"z?v(?:[&|V]+v)+", _values),
        (r"zO?v", _values),
        (r"v", _values),
        (r"pC", _contains_value),
        (r"cu?[hO]*C", _count_value),
        (r"[fd]n(?:[&|V]+n)*", _equals_number),
        (r"[fd]?C[&|V][fd]?C", _either_of),
        (r"N[mfM]", _top_measure),
        (r"SO?[mfdM]", _share),
        (r"y[mfM]", _order_mark),
        (r"yC+(?=[fd])", _group_of_some),
        (r"y[fdgt](?:[&V]*y?[fdgt](?![O]?on))*", _group),
        (r"M[hO]*B", _per_grain_after),
        (r"Mg", _averaged_by_grain),
        (r"Md", _averaged_in_entity),
        (r"My[fd]", _per_entity),
    ]  # fmt: skip
    for pattern, rule in table:
        yield re.compile(pattern), rule


def _per_grain_after(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "average sales per month", "average orders per customer": a total over the number of groups, when what is
    averaged is itself a total."""
    measure, groups = parts[0], parts[-1]
    read = measure.data
    first = groups.data[0]
    if read.spread and len(groups.data) == 1 and not groups.text.startswith("by"):
        return [_merged(parts, "M", replace(read, each=first, measure=read.total or read.measure))]
    if (
        not read.averaged
        or len(groups.data) != 1
        or not re.match(r"(per|each|for each|for every|every|a|by)\b", groups.text)
    ):
        return None
    if first.kind == "grain" and not groups.text.startswith("by"):
        noun = replace(measure, data=replace(read, averaged=False))
        return _per_grain(
            [
                Item("a", measure.start, measure.start, "average", "avg"),
                noun,
                Item("g", groups.start, groups.end, groups.text, first.target),
            ],
            schema,
        )
    code = {"dataset": "d", "field": "f"}.get(first.kind)
    if code is None or groups.text.startswith("by"):
        return None
    return _per_entity([measure, Item(code, groups.start, groups.end, groups.text, first.target)], schema)


_RULES = list(_rules())
