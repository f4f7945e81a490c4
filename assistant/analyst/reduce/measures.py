"""Rules of what is measured: counts, averages, ratios, shares, figures per thing and per period."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from assistant.analyst.items import Item
from assistant.analyst.reduce.reads import Group, MeasureRead, Top, measure_of, merged
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Arithmetic, Calc, Compare, Measure, MetricRef

_SPREADS = ("max", "min", "median", "stddev")


def count(parts: list[Item], schema: Schema) -> list[Item] | None:
    noun, fillers = parts[-1], [p for p in parts[1:-1] if p.code not in "uO&"]
    distinct = any(p.code == "u" for p in parts)
    read = measure_of(noun, schema, "count", distinct=distinct)
    if read is None:
        return None
    return [merged([parts[0], noun], "M", read), *fillers]


def count_some(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "how many gold vs silver members": the members are counted."""
    read = measure_of(parts[-1], schema, "count", distinct=any(p.code == "u" for p in parts))
    return [merged([parts[0], parts[-1]], "M", read), *(p for p in parts if p.code == "C")] if read else None


def aggregate(parts: list[Item], schema: Schema) -> list[Item] | None:
    agg, noun = parts[0].data, parts[-1]
    if agg == "mode" and noun.code in "fd":
        return [merged(parts[:1], "N", Top(1, True, "count")), noun]
    if agg == "sum" and noun.code == "M":
        return [merged(parts, "M", noun.data)]
    if noun.code == "M":
        read = noun.data
        made = replace(read, averaged=True) if agg == "avg" else None
        if made and isinstance(read.measure, Aggregate) and read.measure.agg == "sum":
            made = replace(made, measure=read.measure.model_copy(update={"agg": "avg"}), total=read.measure)
        if agg in _SPREADS:
            made = _of_things(replace(read, spread=agg), schema)
            if isinstance(read.measure, Aggregate) and read.measure.agg == "sum":
                made = replace(made, measure=read.measure.model_copy(update={"agg": agg}), total=read.measure)
        return [merged(parts, "M", made)] if made else None
    if agg in ("max", "min") and noun.code in "md":
        return [merged(parts[:1], "N", Top(None, agg == "max")), noun]
    if agg in _SPREADS and noun.code in "md":
        read = measure_of(noun, schema)
        return [merged(parts, "M", _of_things(replace(read, spread=agg), schema))] if read else None
    read = measure_of(noun, schema, agg)
    return [merged(parts, "M", read)] if read else None


def aggregate_some(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "average settled amount", "total successful received amounts": of some of the rows."""
    mark, noun, between = parts[0], parts[-1], parts[1:-1]
    if mark.data == "mode" or any(p.before for p in parts[1:]) or any(p.code == "j" and p.before for p in between):
        return None
    made = aggregate([mark, noun], schema)
    return [*made, *between] if made else None


def _of_things(read: MeasureRead, schema: Schema) -> MeasureRead:
    """A metric that is itself an average over things ("average basket"): the figure of each thing is meant."""
    if isinstance(read.measure, MetricRef) and (
        parts := schema.averaged_over(schema.model.metric(read.measure.metric))
    ):
        numerator, thing = parts
        return replace(read, measure=numerator, each=Group("dataset", thing))
    return read


def per_grain(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "average monthly sales", "average sales per day": the total over the number of periods in which there were
    any."""
    if parts[0].data != "avg" and parts[0].data not in _SPREADS:
        return None
    grain = next(p for p in parts if p.code == "g")
    noun = next(p for p in parts[1:] if p.code in "mfdM")
    read = measure_of(noun, schema, "sum" if noun.code == "f" else None)
    if read is not None and parts[0].data in _SPREADS:  # "median monthly sales"
        return [merged(parts, "M", replace(read, spread=parts[0].data, each=Group("grain", grain.data)))]
    if read is None or not read.datasets:
        return None
    time = schema.time_of(read.datasets[0])
    if time is None:
        return None
    periods = Aggregate(agg="count_distinct", of=Calc(op=str(grain.data), args=[time]), dataset=read.datasets[0])  # type: ignore[arg-type]
    made = MeasureRead(Arithmetic(op="/", left=read.total or read.measure, right=periods), read.datasets)
    return [merged(parts, "M", made)]


def averaged_per_entity(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "average sales per customer": the total over the number of customers that have any."""
    measure, per = parts[0], parts[-1]
    if isinstance(measure.data, MeasureRead) and measure.data.spread:
        each = Group("dataset" if per.code == "d" else "field", per.data)
        return [
            merged(parts, "M", replace(measure.data, each=each, measure=measure.data.total or measure.data.measure))
        ]
    if not (isinstance(measure.data, MeasureRead) and measure.data.averaged):
        return None
    target = per.data if per.code == "d" else schema.points_to(per.data)
    read: MeasureRead = measure.data
    if target is None or not read.datasets or target == read.counted:
        return None
    base = read.datasets[0]
    if read.counted and not schema.belongs_to(base, target) and not schema.belongs_to(target, base):
        shared = different_in_each(read.counted, target, schema)  # "different products per basket"
        return [merged(parts, "M", shared)] if shared is not None else None
    return [merged(parts, "M", per_entity(read, target, schema))]


def _of_each_deal(read: MeasureRead, deal: str, schema: Schema) -> MeasureRead | None:
    """ "average discount per order", where lines have discounts: all of an order's together."""
    made = read.measure
    if not (isinstance(made, Aggregate) and made.agg == "avg" and isinstance(made.of, str)):
        return None
    line = schema.owner(made.of)
    lines = schema.is_line(line) and line != deal and schema.belongs_to(line, deal) and schema.is_visit(deal)
    if not lines or read.averaged or not schema.adds_up(made.of):
        return None
    return per_entity(MeasureRead(Aggregate(agg="sum", of=made.of), (line,)), deal, schema)


def different_in_each(counted: str, target: str, schema: Schema) -> MeasureRead | None:
    """How many different things of one kind the things of another have to do with, on average."""
    events = [d for d in schema.children(counted) if schema.belongs_to(d, target)]
    ties = [r for d in events for r in schema.model.relationships if r.many == d]
    key = next((r for r in ties if r.one == counted), None)
    if key is None or len(key.many_fields) > 1 or sum(r.many_fields == key.many_fields for r in ties) > 1:
        return None  # no one reference to them, or one that may be to something else
    of = Aggregate(agg="count_distinct", of=f"{key.many}.{key.many_fields[0]}", dataset=key.many)
    return MeasureRead(of, (key.many,), spread="avg", each=Group("dataset", target))


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


def averaged_rows(read: MeasureRead, schema: Schema) -> MeasureRead:
    """ "average sales", of nothing in particular: of each order that the lines belong to, else of each row that is
    added up."""
    if not read.averaged or not isinstance(read.measure, MetricRef):
        return read
    base = read.datasets[0]
    field = schema.summed_by(schema.model.metric(read.measure.metric))
    deal = next((d for d in schema.parents(base)[1:] if schema.is_visit(d)), None)
    if field is None:
        return read
    if deal is not None and not schema.is_visit(base):
        return per_entity(read, deal, schema)
    return replace(read, measure=Aggregate(agg="avg", of=field), averaged=False)


def ratio(parts: list[Item], schema: Schema) -> list[Item] | None:
    nouns = [p for p in parts if p.code in "mfdM"]
    mark = next(p for p in parts if p.code == "/")
    reads = [measure_of(n, schema, "sum" if n.code == "f" else None) for n in nouns]
    if len(reads) != 2 or reads[0] is None or reads[1] is None:
        return None
    if reads[0].measure == reads[1].measure:
        return None  # "failed bills as a share of all bills": what tells the part stands before it
    op: Any = "percent" if re.search("percent|%|share|proportion", mark.text) else "/"
    made = Arithmetic(op=op, left=reads[0].measure, right=reads[1].measure)
    return [merged(parts, "M", MeasureRead(made, (*reads[0].datasets, *reads[1].datasets)))]


def difference(parts: list[Item], schema: Schema) -> list[Item] | None:
    nouns = [p for p in parts if p.code in "mfM"]
    reads = [measure_of(n, schema) for n in nouns]
    if "difference" not in parts[0].text or any(r is None for r in reads):
        return None
    left, right = reads[0], reads[1]
    assert left is not None
    assert right is not None
    made = Arithmetic(op="-", left=left.measure, right=right.measure)
    return [merged(parts, "M", MeasureRead(made, (*left.datasets, *right.datasets)))]


def sum_of(parts: list[Item], schema: Schema) -> list[Item] | None:
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
    return [merged(parts, "M", MeasureRead(measure, datasets))]


def share(parts: list[Item], schema: Schema) -> list[Item] | None:
    noun = parts[-1]
    read = measure_of(noun, schema, "sum" if noun.code == "f" and schema.is_number(noun.data) else None)
    return [merged(parts, "M", replace(read, share=True))] if read else None


def flagged(parts: list[Item], schema: Schema) -> list[Item] | None:
    mark = next(p for p in parts if p.code in "GRA")
    noun = next(p for p in parts if p.code in "mfdM")
    number = next((p for p in parts if p.code == "n"), None)
    read = measure_of(noun, schema, "sum" if noun.code == "f" and schema.is_number(noun.data) else None)
    if read is None:
        return None
    if mark.code == "G":
        return [merged(parts, "M", replace(read, growth=mark.data))]
    window = f"avg:{int(number.data.value) if number else 3}" if mark.code == "A" else "sum"
    return [merged(parts, "M", replace(read, running=window))]


def count_value(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "how many homeowners": the things that have the value are counted, where they are things of their own."""
    reference = parts[-1].data.options[0][0]
    owner = schema.owner(reference) if reference else None
    if owner is None or not schema.children(owner) or schema.key(owner) is None:
        return None
    counted = MeasureRead(Aggregate(agg="count", dataset=owner), (owner,), owner)
    return [merged(parts[:1], "M", counted), parts[-1]]


def averaged_by_grain(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "average number of orders per day" """
    measure, grain = parts
    if not measure.data.averaged or not re.match(r"(per|each|every|a|in a)\b", grain.text):
        return None
    noun = replace(measure, data=replace(measure.data, averaged=False))
    return per_grain([Item("a", measure.start, measure.start, "average", "avg"), noun, grain], schema)


def averaged_in_entity(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "on average, how many items are in a basket" """
    entity = parts[-1]
    if not entity.before.endswith((" a", " an", "per", "each")) and entity.before not in ("a", "an"):
        return None
    return averaged_per_entity(parts, schema)


def per_grain_after(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "average sales per month", "average orders per customer": a total over the number of groups, when what is
    averaged is itself a total."""
    measure, groups = parts[0], parts[-1]
    read = measure.data
    first = groups.data[0]
    if read.spread and len(groups.data) == 1 and not groups.text.startswith("by"):
        return [merged(parts, "M", replace(read, each=first, measure=read.total or read.measure))]
    apart = len(groups.data) == 1 and first.kind == "dataset" and re.match(r"(per|each)\b", groups.text)
    if apart and (whole := _of_each_deal(read, str(first.target), schema)) is not None:
        return [merged(parts, "M", whole)]
    if (
        not read.averaged
        or len(groups.data) != 1
        or not re.match(r"(per|each|for each|for every|every|a|by)\b", groups.text)
    ):
        return None
    if first.kind == "grain" and not groups.text.startswith("by"):
        noun = replace(measure, data=replace(read, averaged=False))
        return per_grain(
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
    return averaged_per_entity([measure, Item(code, groups.start, groups.end, groups.text, first.target)], schema)
