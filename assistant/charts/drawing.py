"""Each kind of chart, as a Vega-Lite spec with its data inline."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from assistant.charts.axes import (
    MOST_TICKED,
    ORDINAL,
    PICK,
    Axes,
    coloured,
    d3_locale,
    height,
    listed,
    moment,
    tips,
    told_apart,
)
from assistant.charts.bands import band_layers
from assistant.charts.shape import adds_up, number
from knowledge.result import Result

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_PALETTE = ["#2f6fde", "#e8833a", "#2a9d8f", "#b5539c", "#7a6ff0", "#c9a227", "#5b8c5a", "#d1495b"]
"""Eight hues that stay apart for colour-blind readers (checked by lightness as well as hue)."""
_PAST = "#9aa5b5"
_DOWN = "#d1495b"
_BAND_ROLES = ("value", "expected", "low", "high", "flagged")
MOST_SERIES = 8
_MOST_BARS = 30
_FEW_BARS = 12
_SEEN = 0.004
"""The least part of the longest bar that can be seen. Of more than a few bars, those that can't be are left out."""
_MOST_POINTS = 2_000

Spec = dict[str, Any]


class Drawing:
    """The charts that one result can be drawn as. Columns are given by their numbers."""

    def __init__(self, result: Result, title: str, locale: str):
        self.result, self.columns, self.title, self.locale = result, result.columns, title, locale
        self.axes = Axes(result, locale)

    def versus(self, now: int, before: int) -> Spec:
        """One figure and the one that it is compared with."""
        row, columns = self.result.rows[0], self.columns
        names = [columns[now].period or "Now", columns[before].period or "Before"]
        data = [
            {"group": name, "y": number(row[n]), "shown": self.axes.text(row, n), "said": self.axes.said(row, n)}
            for name, n in zip(names, (now, before), strict=True)
        ]
        room = {"domain": [0, 1.5 * max(abs(float(d["y"] or 0)) for d in data)]}  # for the figures beside the bars
        value = self.axes.scale([now]) | {"scale": room, "axis": None}
        bar = {"type": "bar", "cornerRadiusEnd": 2, "height": 26}
        hue = {
            "condition": {"test": f"datum.group === {json.dumps(names[1], ensure_ascii=False)}", "value": _PAST},
            "value": _PALETTE[0],
        }
        said: Spec = {"mark": {"type": "text", "align": "left", "dx": 6}, "encoding": {"text": {"field": "said"}}}
        spec = self._spec(data, {}, {"y": listed("group", names), "x": value, "tooltip": tips({"shown": "Value"})})
        del spec["mark"]
        return spec | {"height": 84, "layer": [{"mark": bar, "encoding": {"color": hue}}, said]}

    def lines(self, time: int, measures: list[int], group: int | None) -> Spec:
        column, first = self.columns[time], self.columns[measures[0]]
        rows, kept, note = self._largest([r for r in self.result.rows if r[time] is not None], measures[0], group)
        temporal = all(isinstance(r[time], date) for r in rows)
        data = [
            {
                "x": moment(row[time]) if temporal else self.axes.text(row, time),
                "y": number(row[n]),
                "series": self.axes.text(row, group) if group is not None else self.columns[n].label,
                "shown": self.axes.text(row, n),
                "when": self.axes.text(row, time),
            }
            for row in rows
            for n in measures
        ]
        several = group is not None or len(measures) > 1
        running = first.role == "running"
        moments = list(dict.fromkeys(r[time] for r in rows))
        zoomed = temporal and not several and len(moments) > MOST_TICKED
        x: Spec = {"field": "x", "title": None, **(self.axes.times(column, moments) if temporal else ORDINAL)}
        named = {"series": self.columns[group].label if group is not None else "Series"} if several else {}
        encoding: Spec = {
            "x": x,
            "y": self.axes.scale(measures) | {"scale": {"zero": running or not several}},
            "tooltip": tips({"when": column.label} | named | {"shown": "Value" if len(measures) > 1 else first.label}),
        }
        mark = {"type": "area", "opacity": 0.5} if running and not several else {"type": "line"}
        spec = self._spec(data, {**mark, "point": len(data) <= 60}, encoding, note, self.axes.left_out(measures))
        if several:
            encoding["color"] = coloured(kept if group is not None else [self.columns[n].label for n in measures])
            encoding["opacity"] = {"condition": {"param": "pick", "value": 1}, "value": 0.15}
            spec["params"] = [PICK]
        elif zoomed:  # with the shift key, or the wheel could not scroll the page
            select = {"type": "interval", "encodings": ["x"], "zoom": "wheel![event.shiftKey]"}
            spec["params"] = [{"name": "zoom", "select": select, "bind": "scales"}]
        return spec

    def contributions(self, part: int, measure: int) -> Spec:
        """What each part adds to a change, up or down, in the order of the result."""
        rows = [r for r in self.result.rows if r[measure] is not None][:_FEW_BARS]
        data = [
            {"group": self.axes.text(r, part), "y": number(r[measure]), "shown": self.axes.text(r, measure)}
            for r in rows
        ]
        value = self.axes.scale([measure])
        encoding: Spec = {
            "y": listed("group", [str(d["group"]) for d in data]) | {"axis": {"labelLimit": 240}},
            "x": value,
            "color": {"condition": {"test": "datum.y < 0", "value": _DOWN}, "value": _PALETTE[0]},
            "tooltip": tips({"group": self.columns[part].label, "shown": self.columns[measure].label}),
        }
        spec = self._spec(data, {"type": "bar", "cornerRadiusEnd": 2}, encoding)
        return spec | {"height": height([str(d["group"]) for d in data])}

    def band(self, fields: list[int]) -> Spec:
        """Values over time beside what was expected of them; the largest groups where there are several."""
        columns = self.columns
        time = next(n for n in fields if columns[n].kind == "time")
        group = next((n for n in fields if n != time), None)
        at = {
            role: next((n for n, c in enumerate(columns) if c.measure and c.role == role), None) for role in _BAND_ROLES
        }
        shown = at["value"] if at["value"] is not None else at["expected"]
        assert shown is not None
        rows, _, note = self._largest(list(self.result.rows), shown, group)
        data = [
            {"x": moment(r[time]), "when": self.axes.text(r, time)}
            | {role: number(r[n]) for role, n in at.items() if n is not None and role != "flagged"}
            | {f"said_{role}": self.axes.text(r, n) for role, n in at.items() if n is not None and r[n] is not None}
            | ({"flagged": bool(r[at["flagged"]])} if at["flagged"] is not None else {})
            | ({"series": self.axes.text(r, group)} if group is not None else {})
            for r in rows
        ]
        x = {"field": "x", "title": None, **self.axes.times(columns[time], list(dict.fromkeys(r[time] for r in rows)))}
        y = self.axes.scale([n for role, n in at.items() if n is not None and role != "flagged"]) | {
            "scale": {"zero": False}
        }
        y["title"] = columns[shown].label
        titles = {f"said_{role}": columns[n].label for role, n in at.items() if n is not None and role != "flagged"}
        named = {"series": columns[group].label} if group is not None else {}
        told = tips({"when": columns[time].label, **named, **titles})
        spec = self._spec(data, {}, {}, note)
        del spec["mark"], spec["encoding"]
        return spec | {"layer": band_layers(x, y, told, _PALETTE[0], grouped=group is not None)}

    def bars(self, group: int, measures: list[int]) -> Spec:
        column, first = self.columns[group], measures[0]
        upright = bool(column.grain)
        rows, note = self._drawn_rows(group, first, upright)
        names = told_apart([self.axes.text(r, group) for r in rows])
        data = [
            {"group": name, "y": number(r[n]), "series": self.columns[n].label, "shown": self.axes.text(r, n)}
            for name, r in zip(names, rows, strict=True)
            for n in measures
        ]
        several = len(measures) > 1
        across, along = listed("group", names), self.axes.scale(measures)
        named = {"group": column.label} | ({"series": "Series"} if several else {})
        encoding: Spec = {
            **({"x": across, "y": along} if upright else {"y": across, "x": along}),
            "tooltip": tips(named | {"shown": "Value" if several else self.columns[first].label}),
            "color": coloured([self.columns[n].label for n in measures]) if several else {"value": _PALETTE[0]},
        }
        if several:
            encoding["xOffset" if upright else "yOffset"] = {"field": "series", "sort": None}
        spec = self._spec(data, {"type": "bar", "cornerRadiusEnd": 2}, encoding, note, self.axes.left_out(measures))
        if not upright:
            spec["height"] = height(names, len(measures) if several else 0)
        return spec

    def grouped(self, outer: int, inner: int, measure: int) -> Spec:
        columns, note = self.columns, ""
        order = self.axes.order(outer)
        if len(order) > _MOST_BARS:
            note = self.axes.note("first", _MOST_BARS, len(order), columns[outer])
            order = order[:_MOST_BARS]
        series = self.axes.order(inner)
        data = [
            {
                "group": group,
                "series": self.axes.text(r, inner),
                "rank": series.index(self.axes.text(r, inner)),
                "y": number(r[measure]),
                "shown": self.axes.text(r, measure),
            }
            for r in self.result.rows
            if (group := self.axes.text(r, outer)) in order
        ]
        stacked = adds_up(self.result, measure)
        encoding: Spec = {
            "y": listed("group", order),
            "x": self.axes.scale([measure]),
            "color": coloured(series, columns[inner].label),
            "opacity": {"condition": {"param": "pick", "value": 1}, "value": 0.2},
            "tooltip": tips(
                {"group": columns[outer].label, "series": columns[inner].label, "shown": columns[measure].label}
            ),
        }
        if stacked:  # or the parts would be in the order of their names, unlike the legend
            encoding["order"] = {"field": "rank", "type": "quantitative"}
        else:
            encoding["yOffset"] = {"field": "series", "sort": series}
        spec = self._spec(data, {"type": "bar"}, encoding, note)
        spec["params"] = [PICK]
        spec["height"] = height(order, 0 if stacked else len(series))
        return spec

    def scatter(self, group: int, x: int, y: int) -> Spec:
        columns = self.columns
        data = [
            {
                "group": self.axes.text(r, group),
                "x": number(r[x]),
                "y": number(r[y]),
                "shown_x": self.axes.text(r, x),
                "shown_y": self.axes.text(r, y),
            }
            for r in self.result.rows[:_MOST_POINTS]
        ]
        encoding = {
            "x": self.axes.scale([x]) | {"field": "x", "scale": {"zero": False}},
            "y": self.axes.scale([y]) | {"scale": {"zero": False}},
            "color": {"value": _PALETTE[0]},
            "tooltip": tips({"group": columns[group].label, "shown_x": columns[x].label, "shown_y": columns[y].label}),
        }
        return self._spec(data, {"type": "point", "filled": True, "opacity": 0.7}, encoding)

    def points(self, name: int, group: int, x: int, y: int) -> Spec:
        """A point a row, coloured by its group."""
        columns, series = self.columns, self.axes.order(group)
        data = [
            {"name": self.axes.text(r, name), "series": self.axes.text(r, group), "x": number(r[x]), "y": number(r[y])}
            for r in self.result.rows[:_MOST_POINTS]
        ]
        encoding = {
            axis: {"field": axis, "type": "quantitative", "title": columns[n].label, "axis": {"labels": False}}
            for axis, n in (("x", x), ("y", y))
        } | {
            "color": coloured(series, columns[group].label),
            "opacity": {"condition": {"param": "pick", "value": 0.7}, "value": 0.1},
            "tooltip": tips({"name": columns[name].label, "series": columns[group].label}),
        }
        spec = self._spec(data, {"type": "point", "filled": True}, encoding)
        return spec | {"params": [PICK], "height": 360}

    def heat(self, a: int, b: int, measure: int) -> Spec:
        columns, text = self.columns, self.axes.text
        data = [
            {"a": text(r, a), "b": text(r, b), "y": number(r[measure]), "shown": text(r, measure)}
            for r in self.result.rows
        ]
        value = self.axes.scale([measure])
        losses = any((number(r[measure]) or 0) < 0 for r in self.result.rows)
        encoding = {
            "x": listed("a", self.axes.order(a)) | {"title": columns[a].label},
            "y": listed("b", self.axes.order(b)) | {"title": columns[b].label},
            "color": {
                "field": "y",
                "type": "quantitative",
                "title": value["title"],
                "scale": {"scheme": "redblue", "domainMid": 0} if losses else {"scheme": "blues"},
                "legend": {**value["axis"], "orient": "top"},
            },
            "tooltip": tips({"a": columns[a].label, "b": columns[b].label, "shown": columns[measure].label}),
        }
        return self._spec(data, {"type": "rect"}, encoding) | {"height": height(self.axes.order(b))}

    # --- which rows, and their spec ----------------------------------------------------------------------------------

    def _largest(
        self, rows: list[tuple[Any, ...]], measure: int, group: int | None
    ) -> tuple[list[tuple[Any, ...]], list[str], str]:
        """The rows of the largest groups, the groups' names from the largest down, and a note of what is left out."""
        if group is None:
            return rows, [], ""
        sizes: dict[Any, float] = {}
        for row in rows:
            sizes[row[group]] = sizes.get(row[group], 0.0) + abs(number(row[measure]) or 0.0)
        kept = sorted(sizes, key=lambda name: -sizes[name])[:MOST_SERIES]
        note = self.axes.note("largest", MOST_SERIES, len(sizes), self.columns[group]) if len(sizes) > len(kept) else ""
        rows = [r for r in rows if r[group] in kept]
        texts = dict.fromkeys(self.axes.text(r, group) for name in kept for r in rows if r[group] == name)
        return rows, self.axes.in_own_order(group, list(texts)), note

    def _drawn_rows(self, group: int, measure: int, upright: bool) -> tuple[list[tuple[Any, ...]], str]:
        """The rows to draw as bars, and a note of what is left out: past so many, and where it could not be seen."""
        rows = list(self.result.rows)
        figures = [number(r[measure]) or 0.0 for r in rows]
        if len(rows) <= _FEW_BARS or (upright and len(rows) <= _MOST_BARS):
            return self.axes.in_bands(group, rows), ""
        ranked = upright or figures in (sorted(figures), sorted(figures, reverse=True))
        if not ranked:
            rows.sort(key=lambda r: -(number(r[measure]) or 0.0))
        kept = rows[:_MOST_BARS]
        least = _SEEN * max(map(abs, figures))
        while not upright and len(kept) > _FEW_BARS and abs(number(kept[-1][measure]) or 0.0) < least:
            kept.pop()
        if len(kept) == len(self.result.rows):
            return self.axes.in_bands(group, list(self.result.rows)), ""
        return kept, self.axes.note("first" if ranked else "largest", len(kept), len(rows), self.columns[group])

    def _spec(self, data: Sequence[Spec], mark: Spec, encoding: Spec, *notes: str) -> Spec:
        spec: Spec = {
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
                "locale": d3_locale(self.locale),
            },
        }
        if said := [note for note in notes if note]:
            text: str | list[str] = said[0] if len(said) == 1 else said
            spec["title"] = {"text": text, "fontSize": 11, "fontWeight": "normal"}
        return spec
