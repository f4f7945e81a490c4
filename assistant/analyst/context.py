"""Follow-ups: "and by region?", "what about last year?", "only online", as edits to the last request."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from assistant.analyst.draft import Draft
from assistant.analyst.edits import (
    added_up,
    aggregated,
    as_share,
    base_of,
    counted_again,
    counted_thing,
    for_each,
    listed,
    moved_in_time,
    moved_most,
    sorted_by,
    turned_over,
    with_fields,
    without,
)
from assistant.analyst.filters import Filters, choose, conditions_on, with_where
from assistant.analyst.follow_ups import (
    ADD,
    AGAINST,
    ALL,
    AS_SHARE,
    IN_TOTAL,
    INSTEAD,
    OF_THOSE,
    ON_AVERAGE,
    PER,
    RESET,
    SHIFT,
    SHOWN_AS,
    SHRANK,
    SORT,
    SWAP,
    THAT_MANY,
    TOO,
    WHO,
    WITH_THEIR,
)
from assistant.analyst.grouped import columns_of
from assistant.analyst.items import Item
from assistant.analyst.neighbours import prepared
from assistant.analyst.reduce import reduce_items
from assistant.analyst.reduce.measures import per_entity
from assistant.analyst.reduce.reads import Cond, Group, MeasureRead, Top, measure_of
from assistant.analyst.roles import NotAssembled
from assistant.analyst.schema import Schema
from knowledge.calendar import Calendar
from knowledge.request import (
    Across,
    Arithmetic,
    Compare,
    Condition,
    Exists,
    FieldColumn,
    Growth,
    Having,
    InPart,
    InWindow,
    Measure,
    MeasureColumn,
    Order,
    Request,
    Running,
    Share,
    Window,
)


def edit(question: str, items: list[Item], last: Request, schema: Schema, calendar: Calendar) -> Draft:
    """The last request with what the follow-up says changed. Raises NotAssembled when it changes nothing."""
    if ON_AVERAGE.match(question) and last.fields and last.measures:
        columns = [c for c in last.columns if isinstance(c, MeasureColumn)]
        update = {"columns": columns, "across": Across(agg="avg", by=last.fields), "order": [], "limit": None}
        return Draft(last.model_copy(update=update))
    if IN_TOTAL.match(question) and last.fields and (added := added_up(last, schema)):
        return Draft(added)
    if WHO.match(question) and (them := listed(last, schema)):
        return Draft(them)
    if WITH_THEIR.match(question) and (wider := with_fields(last, items, schema)):
        return Draft(wider)
    if SHOWN_AS.match(question):
        return Draft(last)
    if (instead := INSTEAD.match(question)) and (other := aggregated(last, instead["agg"].lower())):
        return Draft(other)
    if AS_SHARE.match(question) and len(last.measures) == 1 and (part := as_share(last)):
        return Draft(part)
    if THAT_MANY.match(question) and re.search(r"many (?:were|are|is|was)\b", question, re.I):
        if last.fields and last.measures:  # the groups that were shown
            count = Across(agg="count", by=last.fields)
            shown = [c for c in last.columns if isinstance(c, MeasureColumn)]
            update = {"columns": shown[:1], "across": count, "order": [], "limit": None, "limit_per": []}
            return Draft(last.model_copy(update=update))
        return Draft(counted_again(last, schema))
    if last.limit is not None and ALL.match(question):
        return Draft(last.model_copy(update={"limit": None, "limit_per": [], "offset": 0}))
    if (sort := SORT.match(question)) and (ordered := sorted_by(last, sort, schema)):
        return Draft(ordered)
    if (moved := SHRANK.search(question)) and (most := moved_most(last, bool(moved["up"]))):
        return Draft(most)
    about_those = bool(OF_THOSE.search(question))
    items = reduce_items(
        prepared([i for i in items if i.code != "." and not (about_those and i.code == "c")], schema), schema
    )
    request = last
    if about_those:
        request = counted_again(last, schema)
    if shifted := SHIFT.search(question):
        against = bool(AGAINST.match(question)) and isinstance(request.period, Window)
        request = (
            request.model_copy(update={"compare_to": "previous_period"})
            if against
            else moved_in_time(request, shifted, calendar)
        )
    if PER.match(question) and not request.fields:
        return Draft(for_each(request, items, schema))
    if any(i.code == "z" for i in items) and not any(i.code in "Cdmf" for i in items) and request.where:
        *kept, turned = request.where
        request = request.model_copy(update={"where": [*kept, turned_over(turned)]})
    if RESET.search(question):
        request = without(question, request)
    nouns = [i.data if i.code == "Y" else i for i in items if i.code in "MmY"]
    if not nouns and not any(i.code in "CN" for i in items):  # "what did they spend"
        told = [(i, o) for i in items if i.code == "j" for o in i.options[:1] if o.kind == "metric" and o.score > 0.9]
        nouns = [i.linked(o) for i, o in told]
        thing = counted_thing(last, schema)
        if told and thing and "average" in question.lower():
            read = measure_of(nouns[0], schema)
            made = per_entity(read, thing, schema) if read else None
            nouns = [Item("M", 0, 0, "", made)] if made else nouns
    measures = [r for i in nouns if (r := measure_of(i, schema))]
    subject, groups = _groups(items)
    tops = [i.data for i in items if i.code == "N"]
    base = base_of(request, measures, schema)
    windows: list[Window] = [i.data.window for i in items if i.code == "w"]
    conditions = [i.data for i in items if i.code == "C"]
    compare = next((i.data.compare or i.data.window for i in items if i.code == "x"), None)
    if any(i.code == "V" for i in items) and windows and not conditions:
        compare, *windows = _earlier_first(windows)
    if isinstance(compare, Window) and not windows and _same_stretch(compare, request.period):
        compare = "previous_year"  # "last summer", said after this year's: compared with itself it tells nothing
    owners = {schema.owner(reference) for c in conditions for reference, _ in c.options if reference}
    measures = [m for m in measures if not m.counted or m.counted not in owners]  # "for married households"
    if measures and not _is_same(measures, request):
        request = _with_measures(
            request,
            measures,
            add=bool(ADD.search(question) or TOO.search(question))
            or question.strip().lower().startswith(("and the ", "plus")),
        )
    if subject and subject.kind == "dataset" and subject.target in owners:
        subject = None  # "and for married households": whose condition it is
    noun_as_measure = None
    swapped = SWAP.search(question) is not None and bool(request.measures)
    if subject and subject.kind == "dataset" and not measures and (swapped or TOO.search(question)):
        counted = measure_of(Item("d", 0, 0, "", subject.target), schema)
        request, subject = _with_measures(request, [counted] if counted else [], add=not swapped), None
    if subject and not measures and not request.fields and not tops and subject.kind == "dataset":
        noun_as_measure = measure_of(Item("d", 0, 0, "", subject.target), schema)
    if noun_as_measure:
        request = _with_measures(request, [noun_as_measure], add=False)
        subject = None
    targets = [*groups, *([subject] if subject else [])]
    if targets:
        request = _with_groups(request, targets, base, schema, add=bool(ADD.search(question)), top=bool(tops))
    if any(i.code in "cnobLpkD" for i in items):
        raise NotAssembled("a part of it is not an edit")
    for bound in (i.data for i in items if i.code == "H"):
        if bound.measure is None and len(request.measures) == 1:
            bound = replace(bound, measure=request.measures[0].measure)
        if bound.measure is None or bound.value is None or not request.fields:
            raise NotAssembled(f"a bound of {bound.value}")
        having = Having(measure=bound.measure, op=bound.op, value=float(bound.value))
        request = request.model_copy(update={"having": [*request.having, having]})
        subject = None
    if conditions:
        request = _with_conditions(request, conditions, base, schema)
    times = [m for i in items if i.code == "t" and (m := i.extra.get("mention")) is not None and m.values]
    if times and (time := schema.time_of(base)):
        named = {m.part for m in times}
        kept = [c for c in request.where if not (isinstance(c, InPart) and c.part in named)]
        parts = [InPart(field=time, part=m.part, values=list(m.values)) for m in times]
        request = request.model_copy(update={"where": [*kept, *parts]})
    if windows:
        request = _with_window(request, windows[0], schema)
    if compare is not None:
        request = request.model_copy(update={"compare_to": compare})
        if request.period is None:
            request = request.model_copy(
                update={"period": calendar.read("this year" if compare == "previous_year" else "this month")}
            )
    if tops:
        request = _with_top(request, tops[0])
    request = _with_flags(request, items, base, schema)
    if request == last:
        raise NotAssembled("it changes nothing in the last question")
    return Draft(request)


def _earlier_first(windows: list[Window]) -> list[Window]:
    """ "June vs May", "May vs June": how the later of the two compares with the earlier."""
    if len(windows) == 2 and all(w.start for w in windows):
        return sorted(windows, key=lambda w: w.start)  # type: ignore[arg-type,return-value]
    return windows


def _same_stretch(one: Window, other: Window | str | None) -> bool:
    return isinstance(other, Window) and (one.start, one.end) == (other.start, other.end)


def _groups(items: list[Item]) -> tuple[Group | None, list[Group]]:
    groups: list[Group] = []
    subject = None
    for item in items:
        if item.code == "B":
            groups += item.data
        elif item.code == "g":
            groups.append(Group("grain", item.data))
        elif item.code == "t" and not getattr(item.extra.get("mention"), "values", None):
            groups.append(Group("part", getattr(item.data, "part", item.data)))
        elif item.code in "df" and subject is None:
            subject = Group("dataset" if item.code == "d" else "field", item.data)
    return subject, groups


def _is_same(measures: list[MeasureRead], request: Request) -> bool:
    return [m.measure for m in measures] == [c.measure for c in request.measures]


def _with_measures(request: Request, measures: list[MeasureRead], *, add: bool) -> Request:
    kept = [c for c in request.columns if isinstance(c, FieldColumn)] if request.measures or add else []
    old = [c for c in request.columns if isinstance(c, MeasureColumn)]
    new = [MeasureColumn(measure=m.measure) for m in measures]
    shown = [*old, *(c for c in new if c not in old)] if add else new
    order = [o for o in request.order if isinstance(o.by, FieldColumn)]
    if any(not isinstance(o.by, FieldColumn) for o in request.order):
        descending = next(o.descending for o in request.order if not isinstance(o.by, FieldColumn))
        order.append(Order(by=new[0].measure, descending=descending))
    return request.model_copy(
        update={
            "columns": [*kept, *shown],
            "order": order,
            "having": [] if not add else request.having,
            "dataset": None,
        }
    )


def _with_groups(request: Request, groups: list[Group], base: str, schema: Schema, *, add: bool, top: bool) -> Request:
    new = [c for g in groups for c in columns_of(g, base, schema)]
    old = list(request.fields) if request.measures else []
    if add:
        new = [*old, *(c for c in new if c not in old)]
    elif any(c.grain for c in new) and not any(c.grain or c.part for c in old) and len(old) == 1 and False:
        new = [*new, *old]
    measures = [c for c in request.columns if isinstance(c, MeasureColumn)]
    if not any(c.grain for c in new):  # changes and running totals go with the time that they are along
        measures = [c for c in measures if not isinstance(c.measure, Growth | Running)]
    if not measures:
        usual = schema.usual_measure(base)
        if usual is None:
            raise NotAssembled("nothing to measure")
        measures = [MeasureColumn(measure=usual)]
    times = [c for c in new if c.grain or c.part]
    order = [Order(by=c) for c in times] or [Order(by=measures[0].measure, descending=True)]
    keep_limit = request.limit if not times and not add and not top else None
    return request.model_copy(
        update={"columns": [*new, *measures], "order": order, "limit": keep_limit, "limit_per": [], "dataset": None}
    )


def _field_of(condition: Condition) -> set[str]:
    if isinstance(condition, Compare) and isinstance(condition.field, str):
        return {condition.field}
    if isinstance(condition, InWindow):
        return {condition.field}
    if isinstance(condition, Exists):
        return {f for inner in condition.where for f in _field_of(inner)}
    return set()


def _with_conditions(request: Request, conditions: list[Cond], base: str, schema: Schema) -> Request:
    where = list(request.where)
    asked = {f for c in where for f in _field_of(c)}
    settled = []
    for cond in conditions:
        # A field that is already restricted is the likelier meaning: "what about Queens?" after "in Brooklyn".
        again = [o for o in cond.options if o[0] in asked]
        settled.append(replace(cond, options=tuple(again) or cond.options))
    made, _, _ = conditions_on(Filters(conditions=settled), base, schema)
    replaced = {f for c in made for f in _field_of(c)}
    kept = [c for c in where if not (_field_of(c) & replaced)]
    request = request.model_copy(update={"where": [*kept, *made]})
    if any(c.split or c.values > 1 for c in settled):
        fields = [choose(c, [base], schema)[0] for c in settled if c.split]
        columns = [FieldColumn(field=f) for f in fields if f and FieldColumn(field=f) not in request.columns]
        request = request.model_copy(update={"columns": [*columns, *request.columns]})
    return request


def _with_window(request: Request, window: Window, schema: Schema) -> Request:
    def moved(condition: Condition) -> Condition:
        if isinstance(condition, InWindow):
            return condition.model_copy(update={"window": window})
        if isinstance(condition, Exists):
            return condition.model_copy(update={"where": [moved(c) for c in condition.where]})
        return condition

    where = [moved(c) for c in request.where]
    if where != request.where and request.period is None:
        return request.model_copy(update={"where": where})
    return request.model_copy(update={"period": window})


def _with_top(request: Request, top: Top) -> Request:
    if not request.measures and not request.order:
        return request.model_copy(update={"limit": top.n or request.limit})
    ranked = next((o.by for o in request.order if not isinstance(o.by, FieldColumn)), None)
    by: Any = (
        top.measure.measure
        if top.measure
        else ranked or (request.measures[0].measure if request.measures else request.order[0].by)
    )
    update: dict[str, Any] = {"order": [Order(by=by, descending=top.descending)], "limit": top.n or request.limit or 1}
    if top.measure and MeasureColumn(measure=top.measure.measure) not in request.columns:
        update["columns"] = [*request.columns, MeasureColumn(measure=top.measure.measure)]
    return request.model_copy(update=update)


def _with_flags(request: Request, items: list[Item], base: str, schema: Schema) -> Request:
    codes = {i.code for i in items}
    if not request.measures or not codes & set("SGRAr"):
        return request
    measure: Measure = request.measures[0].measure
    if (
        "G" in codes
        and request.period is not None
        and request.compare_to is None
        and not any(c.grain for c in request.fields)
    ):
        return request.model_copy(update={"compare_to": "previous_period"})
    if "S" in codes and not request.fields and request.where and (part := with_where(measure, request.where)):
        share = MeasureColumn(measure=Arithmetic(op="percent", left=part, right=measure))
        return request.model_copy(update={"columns": [share], "where": []})
    extra: list[Measure] = []
    if codes & set("rGRA") and not any(c.grain for c in request.fields):
        request = _with_groups(request, [Group("grain", "month")], base, schema, add="r" not in codes, top=False)
    if "S" in codes and request.fields:
        extra.append(Share(of=measure))
    if "G" in codes:
        extra.append(Growth(of=measure))
    if "R" in codes:
        extra.append(Running(of=measure))
    if "A" in codes:
        extra.append(Running(of=measure, agg="avg", window=3))
    new = [MeasureColumn(measure=m) for m in extra if MeasureColumn(measure=m) not in request.columns]
    return request.model_copy(update={"columns": [*request.columns, *new]})
