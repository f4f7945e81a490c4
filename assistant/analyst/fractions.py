"""Figures as the question asks for them: a proportion is a part of 1, a share or a percentage one of 100; so many per
thousand; money in cents."""

from __future__ import annotations

import re

from assistant.analyst.schema import Schema
from knowledge.request import (
    Aggregate,
    Arithmetic,
    Calc,
    Column,
    FieldColumn,
    Having,
    Literal_,
    Measure,
    MeasureColumn,
    MetricRef,
    Number,
    Order,
    Request,
    Share,
)

_OF_ONE = re.compile(r"\b(?:proportions?|fractions?)\b", re.I)
_OF_HUNDRED = re.compile(r"\b(?:percent\w*|pct|shares?)\b|%", re.I)


def as_fractions(request: Request, question: str) -> Request:
    """The request with its percentages as parts of 1, where the question asks for a proportion or a fraction."""
    if not _OF_ONE.search(question) or _OF_HUNDRED.search(question):
        return request
    columns = [
        c.model_copy(update={"measure": _part(c.measure), "label": None}) if isinstance(c, MeasureColumn) else c
        for c in request.columns
    ]
    order = [
        Order(by=_part(o.by), descending=o.descending) if not isinstance(o.by, FieldColumn) and _is_percent(o.by) else o
        for o in request.order
    ]
    having = [
        Having(measure=_part(h.measure), op=h.op, value=h.value) if _is_percent(h.measure) else h
        for h in request.having
    ]
    return request.model_copy(update={"columns": columns, "order": order, "having": having})


_PER = re.compile(
    r"\b(?:per|for every|in every) (?P<n>100|1,?000|10,?000|100,?000|1,?000,?000|hundred|thousand|million) \w", re.I
)
_WORDS = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}


def per_so_many(request: Request, question: str) -> Request:
    """The request with its first ratio times a thousand, where the question asks for "claims per 1,000 orders"."""
    said = _PER.search(question)
    if said is None:
        return request
    times = Number(value=_WORDS.get(said["n"]) or int(said["n"].replace(",", "")))
    columns, scaled = list(request.columns), None
    for n, column in enumerate(columns):
        ratio = column.measure if isinstance(column, MeasureColumn) else None
        if scaled is None and isinstance(ratio, Arithmetic) and ratio.op == "/":
            scaled = (ratio, Arithmetic(op="*", left=ratio, right=times))
            columns[n] = column.model_copy(update={"measure": scaled[1], "label": None})
    if scaled is None:
        return request
    order = [Order(by=scaled[1], descending=o.descending) if o.by == scaled[0] else o for o in request.order]
    return request.model_copy(update={"columns": columns, "order": order})


_CENTS = re.compile(
    r"\bin (?:euro |us )?cents\b|\bcents (?:value|amount)\b|\b(?:amounts?|totals?|bids?|prices?|fees?) in cents\b", re.I
)


def in_cents(request: Request, question: str, schema: Schema) -> Request:
    """The request with its sums of money in cents, where the question asks for cents."""
    if not _CENTS.search(question):
        return request
    columns: list[Column] = []
    for column in request.columns:
        if isinstance(column, MeasureColumn) and _is_money(column.measure, schema):
            times = Arithmetic(op="*", left=column.measure, right=Number(value=100))
            said = column.label or f"{_said(column.measure, schema)} in cents"
            column = column.model_copy(update={"measure": times, "label": said})
        elif isinstance(column, FieldColumn) and isinstance(column.field, str) and schema.is_money(column.field):
            label = f"{schema.field(column.field).label or schema.field(column.field).name} in cents"
            each = Calc(op="*", args=[column.field, Literal_(value=100)])
            column = column.model_copy(update={"field": each, "label": label})
        columns.append(column)
    return request.model_copy(update={"columns": columns})


_AGGREGATES = {"sum": "total", "avg": "average", "max": "highest", "min": "lowest", "median": "median"}


def _said(measure: Measure, schema: Schema) -> str:
    if isinstance(measure, MetricRef):
        return schema.model.metric(measure.metric).label
    field = schema.field(str(measure.of)) if isinstance(measure, Aggregate) else None
    said = (field.label or field.name) if field is not None else "amount"
    return f"{_AGGREGATES.get(measure.agg, measure.agg)} {said}" if isinstance(measure, Aggregate) else said


def _is_money(measure: Measure, schema: Schema) -> bool:
    of = measure.of if isinstance(measure, Aggregate) and not measure.agg.startswith("count") else None
    if isinstance(measure, MetricRef):
        of = schema.summed_by(schema.model.metric(measure.metric))
    return isinstance(of, str) and schema.is_money(of)


def _is_percent(measure: object) -> bool:
    return isinstance(measure, Share) or (isinstance(measure, Arithmetic) and measure.op == "percent")


def _part(measure: Measure) -> Measure:
    if isinstance(measure, Arithmetic) and measure.op == "percent":
        return Arithmetic(op="/", left=measure.left, right=measure.right)
    if isinstance(measure, Share):
        return Arithmetic(op="/", left=measure, right=Number(value=100))
    return measure
