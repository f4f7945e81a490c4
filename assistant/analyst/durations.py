"""How long things take: "how long does a repair take", "the time between order and delivery", "in minutes"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.schema import Schema
from knowledge.request import (
    Aggregate,
    Arithmetic,
    Calc,
    Column,
    FieldColumn,
    Literal_,
    Measure,
    MeasureColumn,
    MetricRef,
    Number,
    Request,
)

_LASTING = frozenset(
    [
        "take",
        "takes",
        "took",
        "last",
        "lasts",
        "lasted",
        "run",
        "runs",
        "ran",
        "stay",
        "stays",
        "stayed",
        "spend",
        "spent",
        "go",
        "goes",
        "need",
    ]
)
_LENGTHS = frozenset(["longest", "shortest", "slowest", "quickest", "fastest"])
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400, "weeks": 604_800}
_ASKED = re.compile(
    r"\b(?:in|total|average|avg|mean|median|maximum|longest|shortest|many|most|fewest|number of|sum of) "
    r"(?:(?:whole|full|total|of) )?(seconds|minutes|hours|days|weeks)\b(?! (?:ago|since|before))",
    re.I,
)


def lasting(items: list[Item], schema: Schema) -> list[Item]:
    """Words for how long something took, as the field that holds it."""
    spans = any(i.code == "f" and schema.field(str(i.data)).unit in _SECONDS for i in items)
    if spans:  # "total duration in seconds": the unit is dealt with when the request is made
        items = [i for i in items if not (i.text.lower() in _SECONDS and i.before.split()[-1:] == ["in"])]
    items = _bounded(items, schema)
    at = next((n for n, i in enumerate(items) if i.code == "D" or _by_length(items, n)), None)
    reference = _span(items, schema) if at is not None else None
    if at is None or reference is None or _of_another_deed(items[at:], reference, schema):
        return items
    mark = items[at]
    link = Link("field", reference, 0.95, True)
    said = replace(mark, code="f", data=reference, score=0.95, options=(link,))
    rest = items[at + 1 :]
    ends = re.match(r"[O.]*f[O&yh]+f", "".join(i.code for i in rest))
    if mark.code == "D" and ends and all(schema.is_time(str(i.data)) for i in rest[: ends.end()] if i.code == "f"):
        rest = rest[ends.end() :]
    others = [i for i in (*items[:at], *rest) if i.code in "amMdf"]
    if mark.code == "s" and mark.text.split()[-1] in ("slowest", "fastest", "quickest"):
        mark = replace(mark, data=replace(mark.data, descending=mark.text.endswith("slowest")))
    if mark.code == "s":  # "takes the longest": of several, on average; "the longest calls": of each
        grouped = any(i.code == "f" and not schema.is_number(str(i.data)) for i in others)
        average = [Item("a", mark.end, mark.end, "average", "avg")] if grouped else []
        made = [*items[:at], mark, *average, replace(said, start=mark.end, end=mark.end, before=""), *rest]
    else:
        asked = mark.text.startswith("how long") and not any(i.code in "sT" for i in items)
        if asked:
            found = next((i for i in (*items[:at], *rest) if i.code == "a"), None)
            first = found or Item("a", mark.start, mark.start, "average", "avg")
            rest = [i for i in rest if i is not found]
            made = [*(i for i in items[:at] if i is not found), replace(first, before=""), said, *rest]
        else:
            made = [*items[:at], said, *rest]
    return [i for i in made if not (i.code in "j.f" and i.text.lower() in _LASTING)]


def _of_another_deed(items: list[Item], reference: str, schema: Schema) -> bool:
    """ "how long do patients take to *pay*": not how long their appointments are."""
    deeds = [
        i.dataset or str(i.data).partition(".")[0] for i in items if i.code == "j" and i.text.lower() not in _LASTING
    ]
    known = [d for d in deeds if any(e.name == d for e in schema.model.datasets)]
    return any(not schema.belongs_to(schema.owner(reference), d) and not schema.belongs_to(d, schema.owner(reference))
               for d in known)  # fmt: skip


def _bounded(items: list[Item], schema: Schema) -> list[Item]:
    """ "repairs that took more than 5 days": a bound on how long they took."""
    for n in range(1, len(items) - 2):
        verb, mark, number, unit = items[n - 1], items[n], items[n + 1], items[n + 2]
        said = unit.text.lower().rpartition(" ")[2]
        wanted = said if said.endswith("s") else f"{said}s"
        lasts = verb.text.lower() in _LASTING or "longer" in mark.text or "shorter" in mark.text
        if mark.code != "o" or number.code != "n" or wanted not in _SECONDS or not lasts:
            continue
        reference = _span(items, schema)
        own = _SECONDS.get(schema.field(reference).unit or "") if reference else None
        if reference is None or own is None:
            continue
        value = number.data.value * _SECONDS[wanted] / own
        link = Link("field", reference, 0.95, True)
        field = Item("f", mark.start, mark.start, "duration", reference, 0.95, (link,))
        bound = replace(number, data=replace(number.data, value=value))
        kept = items[: n - 1] if verb.text.lower() in _LASTING else items[:n]
        return [*kept, field, mark, bound, *items[n + 3 :]]
    return items


def _by_length(items: list[Item], n: int) -> bool:
    """ "the longest", of nothing whose length is named."""
    after = items[n + 1].code if n + 1 < len(items) else ""
    return items[n].code == "s" and items[n].text.split()[-1] in _LENGTHS and after not in tuple("fmMa")


def _span(items: list[Item], schema: Schema) -> str | None:
    """The field that says how long, of what the question is about."""
    about = [str(i.data) for i in items if i.code == "d"]
    about += [schema.owner(str(i.data)) for i in items if i.code == "f"]
    about += [schema.owner(m.field) for i in items if i.code == "v" for m in i.data[:1]]
    about += [child for d in dict.fromkeys(about) for child in schema.children(d)]
    about = about or [d.name for d in schema.model.datasets]
    found = [f for d in dict.fromkeys(about) if (f := schema.span(d))]
    return found[0] if found else None


def in_units(request: Request, question: str, schema: Schema) -> Request:
    """The request with its durations in the unit that the question asks for."""
    asked = _ASKED.search(question)
    if asked is None:
        return request
    wanted = asked[1].lower()
    columns: list[Column] = []
    for column in request.columns:
        if isinstance(column, FieldColumn) and isinstance(column.field, str) and not column.part:
            factor = _factor(Aggregate(agg="max", of=column.field), wanted, schema)
            if factor is not None:
                field = schema.field(column.field)
                label = f"{(field.label or field.name).removesuffix(f' {field.unit}')} in {wanted}"
                made_of = Calc(op="*", args=[column.field, Literal_(value=factor)])
                column = column.model_copy(update={"field": made_of, "label": label})
        if isinstance(column, MeasureColumn) and (factor := _factor(column.measure, wanted, schema)):
            made = Arithmetic(op="*", left=column.measure, right=Number(value=factor))
            label = f"{column.label or _said(column.measure, schema)} in {wanted}"
            column = column.model_copy(update={"measure": made, "label": label})
        columns.append(column)
    return request.model_copy(update={"columns": columns})


def _said(measure: Measure, schema: Schema) -> str:
    if isinstance(measure, Aggregate) and isinstance(measure.of, str):
        field = schema.field(measure.of)
        words = {"avg": "average", "sum": "total", "max": "longest", "min": "shortest"}
        said = (field.label or field.name).replace(field.unit or " ", "").strip()
        return f"{words.get(measure.agg, measure.agg)} {said}"
    return "duration"


def _factor(measure: Measure, wanted: str, schema: Schema) -> float | None:
    reference = measure.of if isinstance(measure, Aggregate) and isinstance(measure.of, str) else None
    if isinstance(measure, MetricRef):
        reference = schema.summed_by(schema.model.metric(measure.metric))
    if reference is None:
        return None
    unit = schema.field(reference).unit
    if unit not in _SECONDS or unit == wanted or (isinstance(measure, Aggregate) and measure.agg.startswith("count")):
        return None
    return _SECONDS[unit] / _SECONDS[wanted]
