"""Follow-ups: "and by region?", "what about last year?", "only online", as edits to the last request."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from assistant.analyst.filters import Filters, choose, conditions_on, event_of, negative, positive, with_where
from assistant.analyst.items import Item
from assistant.analyst.measured import Draft, columns_of
from assistant.analyst.neighbours import prepared
from assistant.analyst.reduce import reduce_items
from assistant.analyst.reduce.measures import per_entity
from assistant.analyst.reduce.reads import Cond, Group, MeasureRead, Top, measure_of
from assistant.analyst.roles import NotAssembled
from assistant.analyst.schema import Schema
from knowledge.calendar import Calendar
from knowledge.request import (
    Across,
    Aggregate,
    Arithmetic,
    Compare,
    Condition,
    Exists,
    FieldColumn,
    Growth,
    Having,
    InWindow,
    Measure,
    MeasureColumn,
    MetricRef,
    Order,
    Request,
    Running,
    Share,
    SubResult,
    Window,
)
from knowledge.words import lemma

_CUE = re.compile(
    r"^\W*(and|also|but|now|then|ok(ay)?|so|only|just|same|instead|what about|how about|and what about|or|with|"
    r"without|exclud\w+|except|not|"
    r"break|split|drill|group|by|per|for|in|on|during|since|as|sort|order|rank|limit|filter|narrow|restrict|compared?|vs\.?|versus|"
    r"make (it|that)|show (it|that|them|those|only|just|me only|me just)|do (it|that|the same)|the same|remove|"
    r"drop|add|include|top|bottom|"
    r"the (top|bottom|last|previous)|(last|this|previous|next) (day|week|month|quarter|year)|what if|why not|"
    r"which of (them|those|these)|"
    r"can you (break|split|show (it|that|them)|do (it|that))|how (does|do|did) (that|it|this|they|those) compare|"
    r"(?:and )?as an? (?:share|percentage|percent|proportion|%)|"
    r"list them|who are they|which ones)\b",
    re.I,
)
_ANAPHORA = re.compile(
    r"\b(it|them|those|(?<!\ws )that|these|they|(?<!were )(?<!are )there|the same|same)\b"
    r"(?! (is|are|was|were)? ?(have|has|had|bought|who|which|with|did|do|were|was|are|is))",
    re.I,
)
_IT = re.compile(r"\b(it|its|they|them|their|those|these|that one|he|she|his|her)\b", re.I)
_ADD = re.compile(r"\b(break|split|drill|also|too|as well|add|further|each of|in addition|within)\b", re.I)
_RESET = re.compile(
    r"\b(remove|drop|clear|forget|without) (the |all )?(filters?|conditions?|limit|comparison|grouping|"
    r"breakdown)\b|\b(overall|in total|all of them|everything)\W*$",
    re.I,
)


_AS_SHARE = re.compile(
    r"^\W*(?:and |now )?(?:show (?:it|that|them) )?as an? (?:share|percentage|percent|proportion|%)"
    r"(?: of (?:the |our )?(?:total|all|overall|whole|everything)\b.*)?\W*$",
    re.I,
)


def _as_share(last: Request) -> Request | None:
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


def looks_like_follow_up(question: str) -> bool:
    those = _OF_THOSE.search(question)
    alone = those is not None and "?" not in question[: those.start()]  # not of what its own first sentence counts
    return (
        bool(_THAT_MANY.match(question) or _TOO.search(question) or _WHICH_ONE.match(question))
        or bool(alone or _SHIFT.search(question) or _ON_AVERAGE.match(question))
        or bool(_CUE.match(question))
        or (len(question.split()) <= 9 and bool(_ANAPHORA.search(question)))
    )


def edit(question: str, items: list[Item], last: Request, schema: Schema, calendar: Calendar) -> Draft:
    """The last request with what the follow-up says changed. Raises NotAssembled when it changes nothing."""
    if _ON_AVERAGE.match(question) and last.fields and last.measures:
        columns = [c for c in last.columns if isinstance(c, MeasureColumn)]
        update = {"columns": columns, "across": Across(agg="avg", by=last.fields), "order": [], "limit": None}
        return Draft(last.model_copy(update=update))
    if _AS_SHARE.match(question) and len(last.measures) == 1 and (part := _as_share(last)):
        return Draft(part)
    if _THAT_MANY.match(question) and re.search(r"many (?:were|are|is|was)\b", question, re.I):
        if last.fields and last.measures:  # the groups that were shown
            count = Across(agg="count", by=last.fields)
            shown = [c for c in last.columns if isinstance(c, MeasureColumn)]
            update = {"columns": shown[:1], "across": count, "order": [], "limit": None, "limit_per": []}
            return Draft(last.model_copy(update=update))
        return Draft(_counted(last, schema))
    if last.limit is not None and _ALL.match(question):
        return Draft(last.model_copy(update={"limit": None, "limit_per": [], "offset": 0}))
    if (sort := _SORT.match(question)) and (ordered := _sorted(last, sort, schema)):
        return Draft(ordered)
    if (moved := _SHRANK.search(question)) and (most := _moved_most(last, bool(moved["up"]))):
        return Draft(most)
    about_those = bool(_OF_THOSE.search(question))
    items = reduce_items(
        prepared([i for i in items if i.code != "." and not (about_those and i.code == "c")], schema), schema
    )
    request = last
    if about_those:
        request = _counted(last, schema)
    if shifted := _SHIFT.search(question):
        against = bool(_AGAINST.match(question)) and isinstance(request.period, Window)
        request = (
            request.model_copy(update={"compare_to": "previous_period"})
            if against
            else _shifted(request, shifted, calendar)
        )
    if _PER.match(question) and not request.fields:
        return Draft(_each(request, items, schema))
    if any(i.code == "z" for i in items) and not any(i.code in "Cdmf" for i in items) and request.where:
        *kept, turned = request.where
        request = request.model_copy(update={"where": [*kept, _turned(turned)]})
    if _RESET.search(question):
        request = _reset(question, request)
    nouns = [i.data if i.code == "Y" else i for i in items if i.code in "MmY"]
    if not nouns and not any(i.code in "CN" for i in items):  # "what did they spend"
        told = [(i, o) for i in items if i.code == "j" for o in i.options[:1] if o.kind == "metric" and o.score > 0.9]
        nouns = [i.linked(o) for i, o in told]
        of_each = [c for c in last.measures if isinstance(c.measure, Aggregate) and c.measure.agg == "count"]
        if told and of_each and of_each[0].measure.dataset and "average" in question.lower():  # type: ignore[union-attr]
            read = measure_of(nouns[0], schema)
            made = per_entity(read, of_each[0].measure.dataset, schema) if read else None  # type: ignore[union-attr]
            nouns = [Item("M", 0, 0, "", made)] if made else nouns
    measures = [r for i in nouns if (r := measure_of(i, schema))]
    subject, groups = _groups(items)
    tops = [i.data for i in items if i.code == "N"]
    base = _base(request, measures, schema)
    windows: list[Window] = [i.data.window for i in items if i.code == "w"]
    conditions = [i.data for i in items if i.code == "C"]
    compare = next((i.data.compare or i.data.window for i in items if i.code == "x"), None)
    if any(i.code == "V" for i in items) and windows and not conditions:
        compare, windows = windows[0], windows[1:]
    owners = {schema.owner(reference) for c in conditions for reference, _ in c.options if reference}
    measures = [m for m in measures if not m.counted or m.counted not in owners]  # "for married households"
    if measures and not _is_same(measures, request):
        request = _with_measures(
            request,
            measures,
            add=bool(_ADD.search(question) or _TOO.search(question))
            or question.strip().lower().startswith(("and the ", "plus")),
        )
    if subject and subject.kind == "dataset" and subject.target in owners:
        subject = None  # "and for married households": whose condition it is
    noun_as_measure = None
    if subject and subject.kind == "dataset" and not measures and _TOO.search(question):
        counted = measure_of(Item("d", 0, 0, "", subject.target), schema)
        request, subject = _with_measures(request, [counted] if counted else [], add=True), None
    if subject and not measures and not request.fields and not tops and subject.kind == "dataset":
        noun_as_measure = measure_of(Item("d", 0, 0, "", subject.target), schema)
    if noun_as_measure:
        request = _with_measures(request, [noun_as_measure], add=False)
        subject = None
    targets = [*groups, *([subject] if subject else [])]
    if targets:
        request = _with_groups(request, targets, base, schema, add=bool(_ADD.search(question)), top=bool(tops))
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


_ALL = re.compile(
    r"^\W*(?:and |ok )?(?:(?:can you )?(?:show|list|give)(?: me)? )?"
    r"(?:all|every one|everything)(?: of (?:them|it|those))?\W*$",
    re.I,
)
_SORT = re.compile(
    r"^\W*(?:and |now )?(?:sort|order|rank)(?:ed)?(?: (?:it|them|this|that|these|those))?(?: by)?(?: the)? "
    r"(?P<what>[\w ]+?)"
    r"(?:,? (?P<down>desc\w*|highest first|largest first|newest first)|,? (?P<up>asc\w*|lowest first))?\W*$",
    re.I,
)
_THAT_MANY = re.compile(
    r"^\W*(?:and |so |ok )?how many "
    r"(?:(?:were|are|is|was) (?:there|they|that|it)|(?:\w+ )?(?:is|was|are|were) (?:that|it|those))\W*$",
    re.I,
)
_TOO = re.compile(r"^\W*(?:and )?(?:show|add|include|give)\b.{1,40}\b(?:too|as well|also)\W*$", re.I)
_WHICH_ONE = re.compile(r"^\W*(?:and )?which (?:ones?|of (?:them|these|those))\b", re.I)
_SHRANK = re.compile(
    r"\b(?:(?P<down>shrank|shrunk|fell|dropped|declined|decreased|lost)|(?P<up>grew|rose|gained|increased|improved))\b.*\bmost\b",
    re.I,
)
_AGAINST = re.compile(r"^\W*(?:and |now )?(?:compare[ds]?|vs\.?|versus|against|relative)\b", re.I)
_OF_THOSE = re.compile(
    r"\bhow many (?:of|among) (?:those|them|these)\b|\b(?:of|among) (?:those|them|these),? how many\b", re.I
)
_ON_AVERAGE = re.compile(
    r"^\W*(?:and |ok |so )?(?:what(?:'s| is| about) )?(?:that )?(?:the |on |in )?average\W*$", re.I
)
_PER = re.compile(
    r"^\W*(?:and |ok |now )?(?:(?:what about|how about|how much is (?:that|it)|that's) )?"
    r"(?:per|for each) (?!day|week|month|quarter|year)\w+\W*$",
    re.I,
)
_SHIFT = re.compile(
    r"\bthe (?P<unit>day|week|month|quarter|year) (?P<way>before|earlier|prior|previously|after|later)\b"
    r"|\bthe (?P<prior>previous|prior|preceding) (?:day|week|month|quarter|year|one|period)\b",
    re.I,
)


def without_shift(question: str) -> str:
    """The question without "the day before", which `edit` reads by itself."""
    return _SHIFT.sub("", question).strip() or question


def _counted(last: Request, schema: Schema) -> Request:
    """ "how many of those": the things of the last question, counted."""
    base = last.dataset or _base(last, [], schema)
    column = MeasureColumn(measure=Aggregate(agg="count", dataset=base))
    if last.measures and isinstance(last.measures[0].measure, Aggregate) and last.measures[0].measure.agg == "count":
        column = last.measures[0]
    return Request(columns=[column], where=last.where, period=last.period)


def _shifted(request: Request, match: re.Match[str], calendar: Calendar) -> Request:
    """ "the day before": the period moved by one of its own length."""
    period = request.period
    if not isinstance(period, Window) or period.start is None or period.end is None:
        raise NotAssembled("there is no period to move")
    if match["way"] and match["way"].lower() in ("after", "later"):
        return request.model_copy(
            update={"period": Window(start=period.end, end=period.end + (period.end - period.start))}
        )
    return request.model_copy(update={"period": calendar.previous(period)})


def _each(request: Request, items: list[Item], schema: Schema) -> Request:
    """ "per household": the figure over the number of them."""
    thing = next((g for i in items if i.code == "B" for g in i.data if g.kind == "dataset"), None)
    if thing is None or not request.measures:
        raise NotAssembled("it is not a figure for each of something")
    measure = request.measures[0].measure
    if isinstance(measure, Arithmetic) and measure.op == "/" and isinstance(measure.right, Aggregate):
        measure = measure.left  # "per household", then "per basket": of the figure itself
    made = per_entity(MeasureRead(measure, tuple(schema.datasets_of(measure))), str(thing.target), schema)
    return request.model_copy(update={"columns": [MeasureColumn(measure=made.measure)], "order": []})


def _moved_most(last: Request, up: bool) -> Request | None:
    """ "and which fell the most?", of groups that are compared with another period."""
    if last.compare_to is None or not last.fields or len(last.measures) != 1:
        return None
    growth = Growth(of=last.measures[0].measure, form="percent")
    return last.model_copy(update={"order": [Order(by=growth, descending=up)], "limit": 1, "limit_per": []})


def _sorted(last: Request, sort: re.Match[str], schema: Schema) -> Request | None:
    """The last result by one of the columns that it shows; a field from its first value on, a figure from its
    greatest."""
    said = {lemma(w) for w in sort["what"].lower().split()}
    for column in last.fields:
        words = schema.noun_of(str(column.field)) if isinstance(column.field, str) else set()
        grain = set(str(column.grain or column.part or "").split("_")) - {""}
        if said & (grain or {lemma(w) for w in words}):
            return last.model_copy(update={"order": [Order(by=column, descending=bool(sort["down"]))]})
    for shown in last.measures:
        label = shown.measure.metric if isinstance(shown.measure, MetricRef) else shown.label or ""
        if said & {lemma(w) for w in re.findall(r"[a-z]+", label.lower())}:
            return last.model_copy(update={"order": [Order(by=shown.measure, descending=not sort["up"])]})
    return None


def _turned(condition: Condition) -> Condition:
    plain = positive(condition)
    return negative(condition) if plain == condition else plain


def refer(question: str, request: Request, last: Request, schema: Schema) -> Request | None:
    """ "How many visits did it have?": the request, about what the last question found. None where nothing is
    referred to."""
    shown = [c for c in last.fields if isinstance(c.field, str) and not c.grain and not c.part]
    if _ALL.match(question) or not _IT.search(question) or not shown or not (last.limit or last.having):
        return None
    thing = next((c for c in last.fields if c.field == schema.key(schema.owner(str(c.field)))), shown[-1])
    if request.measures:
        base = schema.datasets_of(request.measures[0].measure)
    else:
        base = [request.dataset or schema.owner(str(request.fields[0].field))]
    owner = schema.owner(str(thing.field))
    found = last.model_copy(update={"columns": [thing.model_copy(update={"shown": True})], "compare_to": None})
    condition: Condition = Compare(field=thing.field, op="in", value=SubResult(request=found))
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
    return request.model_copy(update={"columns": columns, "where": [*request.where, condition], "period": period})


def _reset(question: str, request: Request) -> Request:
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


def _base(request: Request, measures: list[MeasureRead], schema: Schema) -> str:
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
    by: Any = (
        top.measure.measure
        if top.measure
        else (request.measures[0].measure if request.measures else request.order[0].by)
    )
    update: dict[str, Any] = {"order": [Order(by=by, descending=top.descending)], "limit": top.n or 1}
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
