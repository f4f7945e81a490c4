"""The chart for a result, chosen from its shape, as a Vega-Lite spec; and its picture for channels without a page."""

from __future__ import annotations

from typing import Any

from assistant.charts.bands import has_band
from assistant.charts.drawing import MOST_SERIES, Drawing
from assistant.charts.picture import png, svg
from assistant.charts.shape import adds_up, comparable, drawn, is_part, number, together
from knowledge.result import Result
from tools.analysis import Analysis

__all__ = ["chart", "png", "svg"]
_MOST_CELLS = 60
"""Of a heat map's side."""
_MOST_SIDE_BY_SIDE = 40
"""Bars of groups that can't be stacked; more are a heat map."""

Spec = dict[str, Any]


def chart(result: Result, *, title: str = "", locale: str = "en_US") -> Spec | None:
    """A Vega-Lite spec with its data inline, or None where a table or sentence says it better."""
    if isinstance(result, Analysis) and result.picture is not None:
        drawing = Drawing(result.picture.of, title, locale)
        return drawing.points(0, 1, 2, 3) if result.picture.kind == "points" else drawing.heat(0, 1, 2)
    columns = result.columns
    fields = [n for n, c in enumerate(columns) if not c.measure]
    contributions = [n for n, c in enumerate(columns) if c.role == "contribution"]
    if contributions and len(fields) == 1 and len(result.rows) > 1:
        return Drawing(result, title, locale).contributions(fields[0], contributions[0])
    if has_band(result) and len(result.rows) > 1 and len(fields) <= 2:
        return Drawing(result, title, locale).band(fields)
    measures = drawn(result)
    maker = Drawing(result, title, locale)
    if not measures:
        return None
    first = measures[0]
    previous = [n for n, c in enumerate(columns) if c.role == "previous" and c.of == columns[first].name]
    if len(result.rows) == 1 and not fields and previous:
        figures = [number(result.rows[0][n]) for n in (first, *previous)]
        return maker.versus(first, previous[0]) if all(v is not None and v >= 0 for v in figures) else None
    if len(result.rows) < 2 or not 1 <= len(fields) <= 2:
        return None
    times = [n for n in fields if (columns[n].kind == "time" or columns[n].grain) and not is_part(columns[n])]
    if len(times) == 2:
        return None
    if times:
        moments = {r[times[0]] for r in result.rows} - {None}
        groups = [n for n in fields if n != times[0]]
        if len(moments) > 1:
            several = [first, *previous] if previous else together(result, measures)[:3]
            return maker.lines(times[0], [first] if groups else several, groups[0] if groups else None)
        return maker.bars(groups[0], [first]) if groups and moments else None
    if len(fields) == 1:
        apart = len(measures) == 2 and columns[first].role == "value" and not comparable(result, *measures)
        if apart and len(result.rows) > 6 and not is_part(columns[fields[0]]):
            return maker.scatter(fields[0], *measures)
        return maker.bars(fields[0], [first, *previous] if previous else together(result, measures)[:2])
    distinct = {n: len({r[n] for r in result.rows}) for n in fields}
    outer, inner = sorted(fields, key=lambda n: -distinct[n])
    if all(is_part(columns[n]) and distinct[n] > 1 for n in fields):
        return maker.heat(outer, inner, first)
    named = distinct[outer] == len(result.rows)
    if named and (distinct[inner] in (1, len(result.rows)) or distinct[inner] > MOST_SERIES):
        # One field names the rows, and the other only says something of them: its id, its city.
        return maker.bars(inner if columns[outer].kind == "key" and distinct[inner] > 1 else outer, [first])
    if distinct[inner] > MOST_SERIES:
        return maker.heat(fields[0], fields[1], first) if distinct[outer] <= _MOST_CELLS else None
    if distinct[outer] * distinct[inner] > _MOST_SIDE_BY_SIDE and not adds_up(result, first):
        return maker.heat(inner, outer, first)
    return maker.grouped(outer, inner, first)
