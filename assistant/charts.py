"""The chart for a result, chosen from its shape, as a Vega-Lite spec; and its picture for channels without a page."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from assistant.formats import format_value
from knowledge.result import Result, ResultColumn

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_PALETTE = ["#2f6fde", "#e8833a", "#2a9d8f", "#b5539c", "#7a6ff0", "#c9a227", "#5b8c5a", "#d1495b"]
"""Eight hues that stay apart for colour-blind readers (checked by lightness as well as hue)."""
_MOST_BARS = 30
_MOST_SERIES = 8


def chart(result: Result, *, title: str = "", locale: str = "en_US") -> dict[str, Any] | None:
    """A Vega-Lite spec with its data inline, or None where a table or sentence says it better."""
    rows = result.rows
    if len(rows) < 2:
        return None
    fields = [n for n, c in enumerate(result.columns) if not c.measure]
    values = [n for n, c in enumerate(result.columns) if c.measure and c.role == "value" and _numeric(result, n)]
    shares = [
        n for n, c in enumerate(result.columns) if c.measure and c.role in ("share", "running") and _numeric(result, n)
    ]
    measures = values or shares
    if not fields or not measures or len(fields) > 2:
        return None
    times = [n for n in fields if result.columns[n].kind == "time" or result.columns[n].grain]
    groups = [n for n in fields if n not in times]
    previous = [
        n for n, c in enumerate(result.columns) if c.role == "previous" and c.of == result.columns[measures[0]].name
    ]
    maker = _Maker(result, title, locale)
    if times and "_of_" not in (result.columns[times[0]].grain or ""):
        if len(times) > 1:
            return None
        if groups:
            return maker.lines(times[0], [measures[0]], groups[0])
        return maker.lines(times[0], ([measures[0], *previous] if previous else _same_unit(result, measures))[:3], None)
    if len(fields) == 1:
        if len(values) == 2 and len(rows) > 6 and not _comparable(result, values) and not times:
            return maker.scatter(fields[0], values[0], values[1])
        return maker.bars(fields[0], [measures[0], *previous] if previous else _same_unit(result, measures)[:2])
    a, b = (*times, *groups) if times else fields
    distinct = [len({r[n] for r in rows}) for n in (a, b)]
    if min(distinct) > _MOST_SERIES:
        return maker.heat(a, b, measures[0]) if max(distinct) <= 60 else None
    outer, inner = (a, b) if distinct[0] >= distinct[1] else (b, a)
    return maker.grouped(outer, inner, measures[0])


def png(
    spec: dict[str, Any],
    *,
    width: int = 720,
    height: int = 400,
    scale: float = 2.0,
    theme: Literal["light", "dark"] = "light",
) -> bytes:
    """The chart as a PNG picture, drawn without a browser or a network."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(_sized(spec, width, height, theme), scale=scale))


def svg(spec: dict[str, Any], *, width: int = 720, height: int = 400, theme: Literal["light", "dark"] = "light") -> str:
    """The chart as an SVG drawing."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(_sized(spec, width, height, theme)))


def _sized(spec: dict[str, Any], width: int, height: int, theme: str) -> dict[str, Any]:
    sized = {**spec, "width": width}
    if not isinstance(spec.get("height"), dict):
        sized["height"] = spec.get("height", height)
    ink, ground = ("#e8e8e8", "#16181d") if theme == "dark" else ("#222222", "#ffffff")
    config = {**spec.get("config", {}), "background": ground, "title": {"color": ink, "anchor": "start"}}
    config["axis"] = {**config.get("axis", {}), "labelColor": ink, "titleColor": ink}
    config["legend"] = {**config.get("legend", {}), "labelColor": ink, "titleColor": ink}
    return {**sized, "config": config}


class _Maker:
    def __init__(self, result: Result, title: str, locale: str):
        self.result, self.title, self.locale = result, title, locale

    def lines(self, time: int, measures: list[int], group: int | None) -> dict[str, Any]:
        column = self.result.columns[time]
        note = ""
        kept: set[Any] | None = None
        if group is not None:
            totals: dict[Any, float] = {}
            for row in self.result.rows:
                totals[row[group]] = totals.get(row[group], 0.0) + _number(row[measures[0]])
            if len(totals) > _MOST_SERIES:
                kept = set(sorted(totals, key=lambda k: -totals[k])[:_MOST_SERIES])
                note = f"The {_MOST_SERIES} largest of {len(totals)} {self.result.columns[group].label.lower()}"
        data = []
        for row in self.result.rows:
            if kept is not None and row[group if group is not None else 0] not in kept:
                continue
            for n in measures:
                series = self._text(row, group) if group is not None else self.result.columns[n].label
                data.append(
                    {
                        "x": _iso(row[time]),
                        "y": _plain(row[n]),
                        "series": series,
                        "shown": self._text(row, n),
                        "when": self._text(row, time),
                    }
                )
        first = self.result.columns[measures[0]]
        several = group is not None or len(measures) > 1
        running = first.role == "running"
        temporal = isinstance(self.result.rows[0][time], date | datetime)
        encoding: dict[str, Any] = {
            "x": {
                "field": "x",
                "type": "temporal" if temporal else "ordinal",
                "title": None,
                **(
                    {
                        "axis": {
                            "format": _time_format(column),
                            "tickCount": min(len({d["x"] for d in data}), 12),
                            "labelOverlap": True,
                        }
                    }
                    if temporal
                    else {}
                ),
            },
            "y": {
                "field": "y",
                "type": "quantitative",
                "title": first.label,
                "axis": {"format": _format(first)},
                "scale": {"zero": running or not several},
            },
            "tooltip": [
                {"field": "when", "title": column.label},
                *(
                    [{"field": "series", "title": self.result.columns[group].label if group is not None else "Series"}]
                    if several
                    else []
                ),
                {"field": "shown", "title": first.label if not (len(measures) > 1) else "Value"},
            ],
        }
        spec = self._spec(
            data,
            {"type": "area" if running else "line", "point": len(data) <= 60, **({"opacity": 0.5} if running else {})},
            encoding,
            note,
        )
        if several:
            encoding["color"] = {
                "field": "series",
                "type": "nominal",
                "title": None,
                "legend": {"orient": "top", "columns": 4},
                "sort": None,
            }
            encoding["opacity"] = {"condition": {"param": "pick", "value": 1}, "value": 0.15}
            spec["params"] = [{"name": "pick", "select": {"type": "point", "fields": ["series"]}, "bind": "legend"}]
        elif temporal and len(data) > 40:
            spec["params"] = [{"name": "zoom", "select": {"type": "interval", "encodings": ["x"]}, "bind": "scales"}]
        return spec

    def bars(self, group: int, measures: list[int]) -> dict[str, Any] | None:
        rows = self.result.rows
        note = ""
        ordered = bool(self.result.columns[group].grain)
        if len(rows) > _MOST_BARS:
            if len(rows) > 400 and not ordered:
                note = f"The first {_MOST_BARS} of {len(rows):,}"
            else:
                note = f"The first {_MOST_BARS} of {len(rows)}"
            rows = rows[:_MOST_BARS]
        data = [
            {
                "group": self._text(r, group),
                "y": _plain(r[n]),
                "series": self.result.columns[n].label,
                "shown": self._text(r, n),
            }
            for r in rows
            for n in measures
        ]
        first = self.result.columns[measures[0]]
        order = list(dict.fromkeys(d["group"] for d in data))
        category = {"field": "group", "type": "nominal", "sort": order, "title": None, "axis": {"labelLimit": 180}}
        value = {"field": "y", "type": "quantitative", "title": first.label, "axis": {"format": _format(first)}}
        encoding: dict[str, Any] = {"x": category, "y": value} if ordered else {"y": category, "x": value}
        encoding["tooltip"] = [
            {"field": "group", "title": self.result.columns[group].label},
            *([{"field": "series", "title": "Series"}] if len(measures) > 1 else []),
            {"field": "shown", "title": first.label},
        ]
        if len(measures) > 1:
            encoding["color"] = {
                "field": "series",
                "type": "nominal",
                "title": None,
                "sort": None,
                "legend": {"orient": "top"},
            }
            encoding["xOffset" if ordered else "yOffset"] = {"field": "series", "sort": None}
        else:
            encoding["color"] = {"value": _PALETTE[0]}
        spec = self._spec(data, {"type": "bar", "cornerRadiusEnd": 2}, encoding, note)
        if not ordered:
            spec["height"] = {"step": 14 if len(measures) > 1 else 24}
        return spec

    def grouped(self, outer: int, inner: int, measure: int) -> dict[str, Any]:
        columns = self.result.columns
        order = list(dict.fromkeys(self._text(r, outer) for r in self.result.rows))
        note = ""
        if len(order) > _MOST_BARS:
            note = f"The first {_MOST_BARS} of {len(order)} {columns[outer].label.lower()}"
            order = order[:_MOST_BARS]
        data = [
            {
                "group": self._text(r, outer),
                "series": self._text(r, inner),
                "y": _plain(r[measure]),
                "shown": self._text(r, measure),
            }
            for r in self.result.rows
            if self._text(r, outer) in order
        ]
        stacked = columns[measure].kind in ("currency", "integer") and all((_number(d["y"]) >= 0) for d in data)
        encoding: dict[str, Any] = {
            "y": {"field": "group", "type": "nominal", "sort": order, "title": None, "axis": {"labelLimit": 180}},
            "x": {
                "field": "y",
                "type": "quantitative",
                "title": columns[measure].label,
                "axis": {"format": _format(columns[measure])},
            },
            "color": {
                "field": "series",
                "type": "nominal",
                "title": columns[inner].label,
                "legend": {"orient": "top", "columns": 4},
            },
            "opacity": {"condition": {"param": "pick", "value": 1}, "value": 0.2},
            "tooltip": [
                {"field": "group", "title": columns[outer].label},
                {"field": "series", "title": columns[inner].label},
                {"field": "shown", "title": columns[measure].label},
            ],
        }
        if not stacked:
            encoding["yOffset"] = {"field": "series"}
        spec = self._spec(data, {"type": "bar"}, encoding, note)
        spec["params"] = [{"name": "pick", "select": {"type": "point", "fields": ["series"]}, "bind": "legend"}]
        spec["height"] = {"step": 24 if stacked else 10}
        return spec

    def scatter(self, group: int, x: int, y: int) -> dict[str, Any]:
        columns = self.result.columns
        data = [
            {
                "group": self._text(r, group),
                "x": _plain(r[x]),
                "y": _plain(r[y]),
                "shown_x": self._text(r, x),
                "shown_y": self._text(r, y),
            }
            for r in self.result.rows[:2000]
        ]
        encoding = {
            "x": {
                "field": "x",
                "type": "quantitative",
                "title": columns[x].label,
                "axis": {"format": _format(columns[x])},
                "scale": {"zero": False},
            },
            "y": {
                "field": "y",
                "type": "quantitative",
                "title": columns[y].label,
                "axis": {"format": _format(columns[y])},
                "scale": {"zero": False},
            },
            "color": {"value": _PALETTE[0]},
            "tooltip": [
                {"field": "group", "title": columns[group].label},
                {"field": "shown_x", "title": columns[x].label},
                {"field": "shown_y", "title": columns[y].label},
            ],
        }
        return self._spec(data, {"type": "point", "filled": True, "opacity": 0.7}, encoding, "")

    def heat(self, a: int, b: int, measure: int) -> dict[str, Any]:
        columns = self.result.columns
        data = [
            {"a": self._text(r, a), "b": self._text(r, b), "y": _plain(r[measure]), "shown": self._text(r, measure)}
            for r in self.result.rows
        ]
        encoding = {
            "x": {"field": "a", "type": "nominal", "title": columns[a].label, "sort": None},
            "y": {"field": "b", "type": "nominal", "title": columns[b].label, "sort": None},
            "color": {
                "field": "y",
                "type": "quantitative",
                "title": columns[measure].label,
                "scale": {"scheme": "blues"},
                "legend": {"format": _format(columns[measure])},
            },
            "tooltip": [
                {"field": "a", "title": columns[a].label},
                {"field": "b", "title": columns[b].label},
                {"field": "shown", "title": columns[measure].label},
            ],
        }
        return self._spec(data, {"type": "rect"}, encoding, "")

    def _spec(
        self, data: list[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any], note: str
    ) -> dict[str, Any]:
        spec: dict[str, Any] = {
            "$schema": _SCHEMA,
            "description": self.title or "Chart of the answer's table",
            "data": {"values": data},
            "mark": {**mark, "tooltip": True},
            "encoding": encoding,
            "width": "container",
            "config": {
                "range": {"category": _PALETTE},
                "view": {"stroke": None},
                "font": "system-ui, sans-serif",
                "mark": {"color": _PALETTE[0]},
            },
        }
        if note:
            spec["title"] = {"text": note, "fontSize": 11, "fontWeight": "normal"}
        return spec

    def _text(self, row: tuple[Any, ...], n: int) -> str:
        return (
            "(none)"
            if row[n] is None and not self.result.columns[n].measure
            else format_value(row[n], self.result.columns[n], self.locale)
        )


def _numeric(result: Result, n: int) -> bool:
    value = next((r[n] for r in result.rows if r[n] is not None), None)
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _comparable(result: Result, measures: list[int]) -> bool:
    return len({(result.columns[n].kind, result.columns[n].unit) for n in measures}) == 1


def _same_unit(result: Result, measures: list[int]) -> list[int]:
    first = result.columns[measures[0]]
    return [n for n in measures if (result.columns[n].kind, result.columns[n].unit) == (first.kind, first.unit)]


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float | Decimal) else 0.0


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _format(column: ResultColumn) -> str:
    """A d3 format for an axis: percent values are already in percent."""
    if column.kind == "currency":
        return "$~s" if column.unit == "USD" else "~s"
    return "~g" if column.kind == "percent" else "~s"


def _time_format(column: ResultColumn) -> str:
    return {"year": "%Y", "quarter": "%b %Y", "month": "%b %Y", "hour": "%d %b %H:%M"}.get(column.grain or "", "%d %b")
