"""What a model may read of a result: as much as the business lets leave the machine, marked as data."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from knowledge.formats import format_value
from knowledge.model import SemanticModel
from knowledge.request import Aggregate, Arithmetic, Growth, Measure, Rank, Request, Running, Share
from knowledge.result import Result, ResultColumn

_ROWS = 50
_LONGEST = 200
"""Characters of a text value."""
_GROUPS = ("category", "place", "flag", "time", "code", "measure", "number")
_FEW = 7
"""Rows of a table in which every value may well be its own and still name a group (the regions, the weekdays)."""
Egress = Literal["schema", "aggregates", "rows"]


def may_read(result: Result, request: Request | None, model: SemanticModel, egress: Egress) -> bool:
    """Whether a model outside may read the rows of a result. `schema`: never. `rows`: always. `aggregates`: when each
    row
    is a group of records and no value in it is one record's own: not a list, not grouped by what names or identifies
    one record, no text picked out of one. Free SQL (no request) is never taken for an aggregate."""
    if egress != "aggregates":
        return egress == "rows"
    if request is None or not request.measures:
        return False
    for column in request.fields:
        if column.grain or column.part or column.bin:
            continue
        if not isinstance(column.field, str):
            return False
        dataset, field, _ = model.resolve(column.field)
        alone = field.distinct is None or dataset.row_count is None or field.distinct * 2 > dataset.row_count
        if field.role not in _GROUPS or (alone and (dataset.row_count or 0) > _FEW):
            return False
    return all(_is_figure(m.measure) for m in request.measures) and not any(
        isinstance(v, str) for row in result.rows for v, c in zip(row, result.columns, strict=True) if c.measure
    )


def _is_figure(measure: Measure) -> bool:
    """Not one record's own value: first, last and mode give one as it stands."""
    if isinstance(measure, Aggregate):
        return measure.agg not in ("first", "last", "mode")
    if isinstance(measure, Share | Growth | Running | Rank):
        return _is_figure(measure.of)
    if isinstance(measure, Arithmetic):
        return _is_figure(measure.left) and _is_figure(measure.right)
    return True


def shown(result: Result, readable: bool) -> str:
    """A result for a model: its columns; and, if they are `readable`, at most 50 rows between marks: what is written in
    them is data, never an instruction."""
    columns = ", ".join(f"{c.name} ({c.label}{', ' + c.unit if c.unit else ''})" for c in result.columns)
    head = f"{len(result.rows)} rows{' (more exist)' if result.truncated else ''}; columns: {columns}"
    head += "".join(f"\nNote: {c}" for c in result.caveats)
    if not result.rows:
        return head
    if not readable:
        return f"{head}\nThe values stay on this machine; the person sees them beside your answer: state no figures."
    rows = [
        json.dumps([_plain(v, c) for v, c in zip(row, result.columns, strict=True)], ensure_ascii=False)
        for row in result.rows[:_ROWS]
    ]
    if len(result.rows) > _ROWS:
        head += f"\nThe first {_ROWS} rows follow."
    return f"{head}\n{marked(chr(10).join(rows))}"


def marked(text: str) -> str:
    """Text that came from data, between marks that nothing in it can end: its angle brackets are written as escapes."""
    body = text.replace("<", "\\u003c").replace(">", "\\u003e")
    return f"<data>\n{body}\n</data>"


def _plain(value: object, column: ResultColumn) -> object:
    if column.is_part and isinstance(value, int) and not isinstance(value, bool):
        return format_value(value, column)  # who reads "1" can't tell whether weeks begin on Monday
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, float | Decimal):
        return float(f"{float(value):.12g}")
    if isinstance(value, datetime) and value.time() == value.min.time():
        return value.date().isoformat()
    if isinstance(value, date | datetime):
        return value.isoformat()
    text = str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
