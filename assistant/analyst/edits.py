"""One change to the last request each: counted, sorted, shifted in time, as a share, for each of something."""

from __future__ import annotations

import re
from typing import Any

from assistant.analyst.filters import event_of, negative, positive, with_where
from assistant.analyst.follow_ups import AGAINST, ALL, IT
from assistant.analyst.items import Item
from assistant.analyst.overall import one_of
from assistant.analyst.reduce.measures import per_entity
from assistant.analyst.reduce.reads import MeasureRead
from assistant.analyst.roles import NotAssembled
from assistant.analyst.schema import Schema
from knowledge.calendar import Calendar
from knowledge.request import (
    Aggregate,
    Arithmetic,
    Compare,
    Condition,
    Exists,
    FieldColumn,
    Growth,
    InWindow,
    Measure,
    MeasureColumn,
    MetricRef,
    Order,
    Request,
    Share,
    SubResult,
    Window,
)
from knowledge.words import lemma


def as_share(last: Request) -> Request | None:
    """What meets the conditions as a part of the whole, in each group; without conditions, each group's part."""
    measure = last.measures[0].measure
    plain: list[Condition] = [c for c in last.where if not isinstance(c, InWindow)]
    told = {str(c.field) for c in last.fields} & {str(c.field) for c in plain if isinstance(c, Compare)}
    if told:
        return last.model_copy(update={"columns": [*last.columns, MeasureColumn(measure=Share(of=measure))]})
    if plain and isinstance(measure, Aggregate | MetricRef) and not measure.where:
        part = with_where(measure, plain)
        if part is None:
            return None
        share = MeasureColumn(measure=Arithmetic(op="percent", left=part, right=measure))
        where = [c for c in last.where if isinstance(c, InWindow)]
        order = [o for o in last.order if isinstance(o.by, FieldColumn)]
        return last.model_copy(update={"columns": [*last.fields, share], "where": where, "order": order})
    if last.fields and not plain:
        return last.model_copy(update={"columns": [*last.columns, MeasureColumn(measure=Share(of=measure))]})
    return None


_AGGREGATES: dict[str, Any] = {
    "mean": "avg", "average": "avg", "avg": "avg", "median": "median", "total": "sum", "sum": "sum", "max": "max",
    "maximum": "max", "highest": "max", "min": "min", "minimum": "min", "lowest": "min",
}  # fmt: skip


def aggregated(last: Request, said: str) -> Request | None:
    """ "the median instead": the same figure, summed up in another way."""
    agg = _AGGREGATES[said]
    if last.across is not None and agg != "sum":
        return last.model_copy(update={"across": last.across.model_copy(update={"agg": agg})})
    measure = last.measures[0].measure if len(last.measures) == 1 else None
    if not isinstance(measure, Aggregate) or measure.agg not in ("avg", "median", "sum", "max", "min"):
        return None
    other = measure.model_copy(update={"agg": agg})
    order = [o.model_copy(update={"by": other}) if o.by == measure else o for o in last.order]
    return last.model_copy(update={"columns": [*last.fields, MeasureColumn(measure=other)], "order": order})


def counted_again(last: Request, schema: Schema) -> Request:
    """ "how many of those": the things of the last question, counted."""
    base = last.dataset or base_of(last, [], schema)
    column = MeasureColumn(measure=Aggregate(agg="count", dataset=base))
    if last.measures and isinstance(last.measures[0].measure, Aggregate) and last.measures[0].measure.agg == "count":
        column = last.measures[0]
    return Request(columns=[column], where=last.where, period=last.period)


def counted_thing(last: Request, schema: Schema) -> str | None:
    """What the last question counted: customers, orders."""
    measure = last.measures[0].measure if len(last.measures) == 1 else None
    if isinstance(measure, Aggregate) and measure.agg == "count":
        return measure.dataset
    if isinstance(measure, MetricRef):
        return schema.counted_by(schema.model.metric(measure.metric))
    return None


def listed(last: Request, schema: Schema) -> Request | None:
    """ "who are they?", of what was counted: each of them, with what it is worth where it was told by its deeds."""
    thing = counted_thing(last, schema)
    if thing is None or last.fields:
        return None
    measure = last.measures[0].measure
    if isinstance(measure, Aggregate):
        return Request(columns=[*schema.entity(thing)], dataset=thing, where=last.where, period=last.period)
    worth = schema.usual_measure(thing)
    if worth is None:
        return None
    named = [c for c in schema.entity(thing) if c.shown] or schema.entity(thing)[:1]
    order = [Order(by=worth, descending=True)]
    return last.model_copy(update={"columns": [*named, MeasureColumn(measure=worth)], "order": order})


def added_up(last: Request, schema: Schema) -> Request | None:
    """ "the total of those": what the groups that were shown add up to, where that has a meaning."""
    additive = [c for c in last.measures if _adds_up(c.measure, schema)]
    if not additive or last.across is not None or last.compare_to is not None or last.limit_per:
        return None
    where = list(last.where)
    if last.limit or last.having:
        shown = [c for c in last.fields if not (c.grain or c.part)]
        if not shown or len({schema.owner(str(c.field)) for c in last.fields}) > 1:
            return None
        where.append(one_of(last, shown, schema))
    return Request(columns=[*additive], where=where, period=last.period)


def _adds_up(measure: Measure, schema: Schema) -> bool:
    if isinstance(measure, MetricRef):
        return schema.model.metric(measure.metric).additivity == "additive"
    return isinstance(measure, Aggregate) and measure.agg in ("sum", "count")


def moved_in_time(request: Request, match: re.Match[str], calendar: Calendar) -> Request:
    """ "the day before": the period moved by one of its own length."""
    period = request.period
    if not isinstance(period, Window) or period.start is None or period.end is None:
        raise NotAssembled("there is no period to move")
    if match["way"] and match["way"].lower() in ("after", "later"):
        return request.model_copy(
            update={"period": Window(start=period.end, end=period.end + (period.end - period.start))}
        )
    return request.model_copy(update={"period": calendar.previous(period)})


def for_each(request: Request, items: list[Item], schema: Schema) -> Request:
    """ "per household": the figure over the number of them."""
    thing = next((g for i in items if i.code == "B" for g in i.data if g.kind == "dataset"), None)
    if thing is None or not request.measures:
        raise NotAssembled("it is not a figure for each of something")
    measure = request.measures[0].measure
    if isinstance(measure, Arithmetic) and measure.op == "/" and isinstance(measure.right, Aggregate):
        measure = measure.left  # "per household", then "per basket": of the figure itself
    made = per_entity(MeasureRead(measure, tuple(schema.datasets_of(measure))), str(thing.target), schema)
    return request.model_copy(update={"columns": [MeasureColumn(measure=made.measure)], "order": []})


def moved_most(last: Request, up: bool) -> Request | None:
    """ "and which fell the most?", of groups that are compared with another period."""
    if last.compare_to is None or not last.fields or len(last.measures) != 1:
        return None
    growth = Growth(of=last.measures[0].measure, form="percent")
    return last.model_copy(update={"order": [Order(by=growth, descending=up)], "limit": 1, "limit_per": []})


_UP = frozenset(["lowest", "smallest", "least", "fewest", "ascending", "asc", "worst"])
_DOWN = frozenset(["highest", "largest", "biggest", "most", "best", "descending", "desc"])


def sorted_by(last: Request, sort: re.Match[str], schema: Schema) -> Request | None:
    """The last result by one of the columns that it shows; a field from its first value on, a figure from its
    greatest."""
    said = {lemma(w) for w in sort["what"].lower().split()}
    if said == {"alphabetically"} and last.fields:
        return last.model_copy(update={"order": [Order(by=last.fields[0], descending=False)]})
    if said <= {"it", "that", "this"} and len(last.measures) == 1:
        return last.model_copy(update={"order": [Order(by=last.measures[0].measure, descending=not sort["up"])]})
    ways = [word for word in sort["what"].lower().split() if word not in ("first", "from", "to")]
    if ways and set(ways) <= _UP | _DOWN and len(last.measures) == 1:
        down = ways[0] in _DOWN
        return last.model_copy(update={"order": [Order(by=last.measures[0].measure, descending=down)]})
    for column in last.fields:
        named = isinstance(column.field, str)
        words = schema.noun_of(str(column.field)) | schema.noun(schema.owner(str(column.field))) if named else set()
        grain = set(str(column.grain or column.part or "").split("_")) - {""}
        if said & (grain or {lemma(w) for w in words}):
            return last.model_copy(update={"order": [Order(by=column, descending=bool(sort["down"]))]})
    for shown in last.measures:
        label = shown.measure.metric if isinstance(shown.measure, MetricRef) else shown.label or ""
        if said & {lemma(w) for w in re.findall(r"[a-z]+", label.lower())}:
            return last.model_copy(update={"order": [Order(by=shown.measure, descending=not sort["up"])]})
    return None


def turned_over(condition: Condition) -> Condition:
    plain = positive(condition)
    return negative(condition) if plain == condition else plain


def without_filter(what: str, request: Request, schema: Schema) -> Request | None:
    """The request without its conditions on what is named: a field, a value, or time. None where it has none."""
    words = {lemma(w) for w in what.lower().split()}
    if words & _WHEN and request.period is not None:
        return request.model_copy(update={"period": None, "compare_to": None})

    def named(condition: Condition) -> bool:
        inner = [condition, *getattr(condition, "where", [])]
        fields = [str(c.field) for c in inner if isinstance(c, Compare | InWindow) and isinstance(c.field, str)]
        said = {lemma(w) for f in fields for w in (schema.field(f).label or f).lower().split()}
        values = [str(c.value).lower() for c in inner if isinstance(c, Compare)]
        return bool(words & said) or any(what.lower() in value for value in values)

    kept = [c for c in request.where if not named(c)]
    return request.model_copy(update={"where": kept}) if len(kept) < len(request.where) else None


_WHEN = frozenset(["date", "time", "period", "month", "year", "week", "day", "quarter"])


def without(question: str, request: Request) -> Request:
    text = question.lower()
    if "limit" in text:
        return request.model_copy(update={"limit": None, "limit_per": []})
    if "comparison" in text:
        return request.model_copy(update={"compare_to": None})
    if "group" in text or "breakdown" in text or "overall" in text or "in total" in text:
        measures = [c for c in request.columns if isinstance(c, MeasureColumn)]
        return request.model_copy(
            update={"columns": measures or request.columns, "order": [], "limit": None, "limit_per": []}
        )
    return request.model_copy(update={"where": []})


def refer(question: str, request: Request, last: Request, schema: Schema, *, listed: bool = False) -> Request | None:
    """ "How many visits did it have?": the request, about what the last question found. None where nothing is
    referred to. Of rows that were `listed`, what held for them holds here."""
    shown = [c for c in last.fields if isinstance(c.field, str) and not c.grain and not c.part]
    if listed and last.limit is None and not last.having and last.dataset and request.measures:
        base = schema.datasets_of(request.measures[0].measure)
        if base and schema.belongs_to(base[0], last.dataset):
            return request.model_copy(update={"where": [*last.where, *request.where]})
    if ALL.match(question) or AGAINST.match(question) or not IT.search(question) or not shown:
        return None
    those = next((c for c in last.where if _is_of_those(c, shown)), None)
    if not (last.limit or last.having or those):
        return None
    thing = next((c for c in last.fields if c.field == schema.key(schema.owner(str(c.field)))), shown[-1])
    if request.measures:
        base = schema.datasets_of(request.measures[0].measure)
    else:
        base = [request.dataset or schema.owner(str(request.fields[0].field))]
    owner = schema.owner(str(thing.field))
    found = last.model_copy(update={"columns": [thing.model_copy(update={"shown": True})], "compare_to": None})
    condition: Condition = Compare(field=thing.field, op="in", value=SubResult(request=found))
    if those is not None and not (last.limit or last.having):
        condition = those  # "they" are still the ones of the question before
    if not base:
        return None
    if not schema.belongs_to(base[0], owner):
        event = event_of(base[0], [owner], schema)
        time = schema.time_of(event) if event else None
        window = request.period or last.period
        if event is None:
            return None
        inside = [condition, *([InWindow(field=time, window=window)] if time and window else [])]
        condition = Exists(dataset=event, where=inside)
        return request.model_copy(update={"where": [*request.where, condition], "period": None})
    columns = [*(c for c in shown if c not in request.columns), *request.columns]
    if request.measures and base[0] == owner:
        columns = list(request.columns)  # the things themselves are counted
    period = (request.period or last.period) if request.measures else request.period
    order = request.order or ([Order(by=request.measures[0].measure, descending=True)] if request.measures else [])
    update = {"columns": columns, "where": [*request.where, condition], "period": period, "order": order}
    return request.model_copy(update=update)


def _is_of_those(condition: Condition, shown: list[FieldColumn]) -> bool:
    """That a shown thing is one of those that an earlier question found."""
    found = isinstance(condition, Compare) and condition.op == "in" and isinstance(condition.value, SubResult)
    return found and any(c.field == condition.field for c in shown)  # type: ignore[union-attr]


def with_fields(last: Request, items: list[Item], schema: Schema) -> Request | None:
    """ "with their department": one more column of what is shown."""
    base = base_of(last, [], schema)
    fields = [str(i.data) for i in items if i.code == "f" and not schema.is_number(str(i.data))]
    fields += [str(c.field) for i in items if i.code == "d" for c in schema.entity(str(i.data)) if c.shown]
    known = {c.field for c in last.fields}
    new = [FieldColumn(field=f) for f in fields if f not in known and schema.belongs_to(base, schema.owner(f))]
    return last.model_copy(update={"columns": [*last.fields, *new, *last.measures]}) if new else None


def base_of(request: Request, measures: list[MeasureRead], schema: Schema) -> str:
    for read in measures:
        if read.datasets:
            return read.datasets[0]
    for column in request.measures:
        datasets = schema.datasets_of(column.measure)
        if datasets:
            return datasets[0]
    if request.dataset:
        return request.dataset
    return schema.owner(str(request.fields[0].field)) if request.fields else schema.facts()[0]
