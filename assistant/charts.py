"""The chart for a result, chosen from its shape, as a Vega-Lite spec; and its picture for channels without a page.

Times are drawn in UTC, on a page as in a picture: a day is then the same day wherever the viewer is, and a day of 23
hours is no gap.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

from assistant.bands import band_layers, has_band
from knowledge.formats import affixes, babel_locale, format_value
from knowledge.result import Result, ResultColumn

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_PALETTE = ["#2f6fde", "#e8833a", "#2a9d8f", "#b5539c", "#7a6ff0", "#c9a227", "#5b8c5a", "#d1495b"]
"""Eight hues that stay apart for colour-blind readers (checked by lightness as well as hue)."""
_BAND_ROLES = ("value", "expected", "low", "high", "flagged")
_MOST_BARS = 30
_MOST_SERIES = 8
_MOST_CELLS = 60
"""Of a heat map's side."""
_MOST_POINTS = 2_000
_MOST_APART = 20
"""How many times as large as another's a measure's figures may be on one axis: past that, bars of one can't be seen."""
_MOST_TICKS = 12
_MOST_TICKED = 40
"""Times that get ticks of their own; past them the reader may zoom, and the ticks follow."""
_NOT_ADDED = re.compile(r"\b(average|mean|median|typical|lowest|highest|per|rate|price|percentile|deviation)\b", re.I)
"""Labels of figures whose sum says nothing, so that their bars aren't stacked."""

_BAND = re.compile(r"\d+")

Spec = dict[str, Any]


def chart(result: Result, *, title: str = "", locale: str = "en_US") -> Spec | None:
    """A Vega-Lite spec with its data inline, or None where a table or sentence says it better."""
    columns = result.columns
    fields = [n for n, c in enumerate(columns) if not c.measure]
    if has_band(result) and len(result.rows) > 1 and len(fields) <= 2:
        return _Maker(result, title, locale).band(fields)
    measures = _drawn(result)
    if len(result.rows) < 2 or not measures or not 1 <= len(fields) <= 2:
        return None
    first = measures[0]
    previous = [n for n, c in enumerate(columns) if c.role == "previous" and c.of == columns[first].name]
    maker = _Maker(result, title, locale)
    times = [n for n in fields if (columns[n].kind == "time" or columns[n].grain) and not _is_part(columns[n])]
    if len(times) == 2:
        return None
    if times:
        moments = {r[times[0]] for r in result.rows} - {None}
        groups = [n for n in fields if n != times[0]]
        if len(moments) > 1:
            several = [first, *previous] if previous else _together(result, measures)[:3]
            return maker.lines(times[0], [first] if groups else several, groups[0] if groups else None)
        return maker.bars(groups[0], [first]) if groups and moments else None
    if len(fields) == 1:
        apart = len(measures) == 2 and columns[first].role == "value" and not _comparable(result, *measures)
        if apart and len(result.rows) > 6 and not _is_part(columns[fields[0]]):
            return maker.scatter(fields[0], *measures)
        return maker.bars(fields[0], [first, *previous] if previous else _together(result, measures)[:2])
    distinct = {n: len({r[n] for r in result.rows}) for n in fields}
    outer, inner = sorted(fields, key=lambda n: -distinct[n])
    if all(_is_part(columns[n]) and distinct[n] > 1 for n in fields):
        return maker.heat(outer, inner, first)
    named = distinct[outer] == len(result.rows)
    if named and (distinct[inner] in (1, len(result.rows)) or distinct[inner] > _MOST_SERIES):
        # One field names the rows, and the other only says something of them: its id, its city.
        return maker.bars(inner if columns[outer].kind == "key" and distinct[inner] > 1 else outer, [first])
    if distinct[inner] > _MOST_SERIES:
        return maker.heat(fields[0], fields[1], first) if distinct[outer] <= _MOST_CELLS else None
    return maker.grouped(outer, inner, first)


def png(
    spec: Spec, *, width: int = 720, height: int = 400, scale: float = 2.0, theme: Literal["light", "dark"] = "light"
) -> bytes:
    """The chart as a PNG picture, drawn without a browser or a network."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(_sized(spec, width, height, theme), scale=scale))


def svg(spec: Spec, *, width: int = 720, height: int = 400, theme: Literal["light", "dark"] = "light") -> str:
    """The chart as an SVG drawing."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(_sized(spec, width, height, theme)))


def _sized(spec: Spec, width: int, height: int, theme: str) -> Spec:
    ink, line, ground = ("#e8e8e8", "#3a3f4a", "#16181d") if theme == "dark" else ("#222222", "#dddddd", "#ffffff")
    config = {
        **spec.get("config", {}),
        "background": ground,
        "padding": 12,
        "title": {"color": ink, "anchor": "start"},
        "axis": {"labelColor": ink, "titleColor": ink, "gridColor": line, "domainColor": line, "tickColor": line},
        "legend": {"labelColor": ink, "titleColor": ink},
    }
    return {"height": height, **spec, "width": width, "config": config}


class _Maker:
    def __init__(self, result: Result, title: str, locale: str):
        self.result, self.columns, self.title, self.locale = result, result.columns, title, locale

    def lines(self, time: int, measures: list[int], group: int | None) -> Spec:
        column, first, note = self.columns[time], self.columns[measures[0]], ""
        rows = [r for r in self.result.rows if r[time] is not None]
        if group is not None:
            totals: dict[Any, float] = {}
            for row in rows:
                totals[row[group]] = totals.get(row[group], 0.0) + abs(_number(row[measures[0]]) or 0.0)
            if len(totals) > _MOST_SERIES:
                kept = set(sorted(totals, key=lambda k: -totals[k])[:_MOST_SERIES])
                rows = [r for r in rows if r[group] in kept]
                note = self._note("largest", _MOST_SERIES, len(totals), self.columns[group])
        temporal = all(isinstance(r[time], date) for r in rows)
        data = [
            {
                "x": _moment(row[time]) if temporal else self._text(row, time),
                "y": _number(row[n]),
                "series": self._text(row, group) if group is not None else self.columns[n].label,
                "shown": self._text(row, n),
                "when": self._text(row, time),
            }
            for row in rows
            for n in measures
        ]
        several = group is not None or len(measures) > 1
        running = first.role == "running"
        moments = list(dict.fromkeys(r[time] for r in rows))
        zoomed = temporal and not several and len(moments) > _MOST_TICKED
        x: Spec = {"field": "x", "title": None, **(self._times(column, moments) if temporal else _ORDINAL)}
        series = self.columns[group].label if group is not None else "Series"
        tips = {"when": column.label, **({"series": series} if several else {})}
        encoding: Spec = {
            "x": x,
            "y": self._scale(measures) | {"scale": {"zero": running or not several}},
            "tooltip": _tips(tips | {"shown": first.label if len(measures) == 1 else "Value"}),
        }
        mark = {"type": "area", "opacity": 0.5} if running and not several else {"type": "line"}
        spec = self._spec(data, {**mark, "point": len(data) <= 60}, encoding, note, self._left_out(measures))
        if several:
            encoding["color"] = _series()
            encoding["opacity"] = {"condition": {"param": "pick", "value": 1}, "value": 0.15}
            spec["params"] = [_PICK]
        elif zoomed:  # with the shift key, or the wheel could not scroll the page
            select = {"type": "interval", "encodings": ["x"], "zoom": "wheel![event.shiftKey]"}
            spec["params"] = [{"name": "zoom", "select": select, "bind": "scales"}]
        return spec

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
        rows, note = list(self.result.rows), ""
        if group is not None:
            sizes: dict[Any, float] = {}
            for row in rows:
                sizes[row[group]] = sizes.get(row[group], 0.0) + abs(_number(row[shown]) or 0.0)
            kept = set(sorted(sizes, key=lambda k: -sizes[k])[:_MOST_SERIES])
            note = self._note("largest", _MOST_SERIES, len(sizes), columns[group]) if len(sizes) > len(kept) else ""
            rows = [r for r in rows if r[group] in kept]
        data = [
            {"x": _moment(r[time]), "when": self._text(r, time)}
            | {role: _number(r[n]) for role, n in at.items() if n is not None and role != "flagged"}
            | {f"said_{role}": self._text(r, n) for role, n in at.items() if n is not None and r[n] is not None}
            | ({"flagged": bool(r[at["flagged"]])} if at["flagged"] is not None else {})
            | ({"series": self._text(r, group)} if group is not None else {})
            for r in rows
        ]
        x = {"field": "x", "title": None, **self._times(columns[time], list(dict.fromkeys(r[time] for r in rows)))}
        y = self._scale([n for role, n in at.items() if n is not None and role != "flagged"]) | {
            "scale": {"zero": False}
        }
        y["title"] = columns[shown].label
        titles = {f"said_{role}": columns[n].label for role, n in at.items() if n is not None and role != "flagged"}
        series = {"series": columns[group].label} if group is not None else {}
        tips = _tips({"when": columns[time].label, **series, **titles})
        spec = self._spec(data, {}, {}, note)
        del spec["mark"], spec["encoding"]
        return spec | {"layer": band_layers(x, y, tips, _PALETTE[0], grouped=group is not None)}

    def bars(self, group: int, measures: list[int]) -> Spec:
        column, first = self.columns[group], measures[0]
        rows, note = list(self.result.rows), ""
        upright = bool(column.grain)
        if len(rows) > _MOST_BARS:
            figures = [v for r in rows if (v := _number(r[first])) is not None]
            ranked = upright or figures in (sorted(figures), sorted(figures, reverse=True))
            if not ranked:
                rows.sort(key=lambda r: -(_number(r[first]) or 0.0))
            note = self._note("first" if ranked else "largest", _MOST_BARS, len(rows), column)
            rows = rows[:_MOST_BARS]
        names = _told_apart([self._text(r, group) for r in rows])
        data = [
            {"group": name, "y": _number(r[n]), "series": self.columns[n].label, "shown": self._text(r, n)}
            for name, r in zip(names, rows, strict=True)
            for n in measures
        ]
        several = len(measures) > 1
        category = _category("group", names)
        value = self._scale(measures)
        tips = {"group": column.label, **({"series": "Series"} if several else {})}
        encoding: Spec = {
            **({"x": category, "y": value} if upright else {"y": category, "x": value}),
            "tooltip": _tips(tips | {"shown": "Value" if several else self.columns[first].label}),
            "color": _series() if several else {"value": _PALETTE[0]},
        }
        if several:
            encoding["xOffset" if upright else "yOffset"] = {"field": "series", "sort": None}
        spec = self._spec(data, {"type": "bar", "cornerRadiusEnd": 2}, encoding, note, self._left_out(measures))
        if not upright:
            spec["height"] = _height(names, len(measures) if several else 0)
        return spec

    def grouped(self, outer: int, inner: int, measure: int) -> Spec:
        columns, note = self.columns, ""
        order = self._order(outer)
        if len(order) > _MOST_BARS:
            note = self._note("first", _MOST_BARS, len(order), columns[outer])
            order = order[:_MOST_BARS]
        series = self._order(inner)
        data = [
            {
                "group": group,
                "series": self._text(r, inner),
                "rank": series.index(self._text(r, inner)),
                "y": _number(r[measure]),
                "shown": self._text(r, measure),
            }
            for r in self.result.rows
            if (group := self._text(r, outer)) in order
        ]
        negative = any((_number(r[measure]) or 0) < 0 for r in self.result.rows)
        adds_up = columns[measure].kind in ("currency", "integer") and not _NOT_ADDED.search(columns[measure].label)
        stacked = adds_up and not negative
        encoding: Spec = {
            "y": _category("group", order),
            "x": self._scale([measure]),
            "color": _series(columns[inner].label) | {"sort": series},
            "opacity": {"condition": {"param": "pick", "value": 1}, "value": 0.2},
            "tooltip": _tips(
                {"group": columns[outer].label, "series": columns[inner].label, "shown": columns[measure].label}
            ),
        }
        if stacked:  # or the parts would be in the order of their names, unlike the legend
            encoding["order"] = {"field": "rank", "type": "quantitative"}
        else:
            encoding["yOffset"] = {"field": "series", "sort": series}
        spec = self._spec(data, {"type": "bar"}, encoding, note)
        spec["params"] = [_PICK]
        spec["height"] = _height(order, 0 if stacked else len(series))
        return spec

    def scatter(self, group: int, x: int, y: int) -> Spec:
        columns = self.columns
        data = [
            {
                "group": self._text(r, group),
                "x": _number(r[x]),
                "y": _number(r[y]),
                "shown_x": self._text(r, x),
                "shown_y": self._text(r, y),
            }
            for r in self.result.rows[:_MOST_POINTS]
        ]
        encoding = {
            "x": self._scale([x]) | {"field": "x", "scale": {"zero": False}},
            "y": self._scale([y]) | {"scale": {"zero": False}},
            "color": {"value": _PALETTE[0]},
            "tooltip": _tips({"group": columns[group].label, "shown_x": columns[x].label, "shown_y": columns[y].label}),
        }
        return self._spec(data, {"type": "point", "filled": True, "opacity": 0.7}, encoding)

    def heat(self, a: int, b: int, measure: int) -> Spec:
        columns = self.columns
        data = [
            {"a": self._text(r, a), "b": self._text(r, b), "y": _number(r[measure]), "shown": self._text(r, measure)}
            for r in self.result.rows
        ]
        value = self._scale([measure])
        encoding = {
            "x": _category("a", self._order(a)) | {"title": columns[a].label},
            "y": _category("b", self._order(b)) | {"title": columns[b].label},
            "color": {
                "field": "y",
                "type": "quantitative",
                "title": value["title"],
                "scale": {"scheme": "blues"},
                "legend": {**value["axis"], "orient": "top"},
            },
            "tooltip": _tips({"a": columns[a].label, "b": columns[b].label, "shown": columns[measure].label}),
        }
        return self._spec(data, {"type": "rect"}, encoding) | {"height": _height(self._order(b))}

    # --- parts of a spec ---------------------------------------------------------------------------------------------

    def _spec(self, data: list[Spec], mark: Spec, encoding: Spec, *notes: str) -> Spec:
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
                "locale": _locale(self.locale),
            },
        }
        if said := [note for note in notes if note]:
            text: str | list[str] = said[0] if len(said) == 1 else said
            spec["title"] = {"text": text, "fontSize": 11, "fontWeight": "normal"}
        return spec

    def _scale(self, measures: list[int]) -> Spec:
        """A measure's axis: "$1.5M", "12%". Below a thousand d3's prefixes would write 0.5 as 500m."""
        column = self.columns[measures[0]]
        sizes = [abs(v) for r in self.result.rows for n in measures if (v := _number(r[n])) is not None]
        form = "~s" if max(sizes, default=0) >= 1000 else ",~g"
        before, after = (json.dumps(a, ensure_ascii=False) for a in affixes(column, self.locale))
        figure = f"replace(replace(format(abs(datum.value), '{form}'), 'G', 'B'), 'k', 'K')"
        label = f"(datum.value < 0 ? '−' : '') + {before} + {figure} + {after}"
        return {
            "field": "y",
            "type": "quantitative",
            "title": column.label,
            "axis": {"labelExpr": label, "tickCount": 6},
        }

    def _times(self, column: ResultColumn, moments: list[Any]) -> Spec:
        axis: Spec = {"format": self._time_format(column, moments), "labelOverlap": True, "labelSeparation": 8}
        if len(moments) <= _MOST_TICKED:
            step = math.ceil(len(moments) / _MOST_TICKS)
            axis["values"] = [_millis(m) for m in sorted(moments, key=_millis)[::step]]
        else:
            axis["tickCount"] = _MOST_TICKS
            if column.grain in ("hour", "day", "week", None):  # by how far the reader has zoomed
                day = self._day_format()
                steps = {"year": "%Y", "quarter": "%b", "month": "%b", "week": day, "date": day, "hours": "%H:%M"}
                axis["format"] = steps
        return {"type": "temporal", "scale": {"type": "utc"}, "axis": axis}

    def _time_format(self, column: ResultColumn, moments: list[Any]) -> str:
        known = {"year": "%Y", "quarter": "Q%q %Y", "month": "%b %Y"}.get(column.grain or "")
        if known:
            return known
        day = self._day_format()
        if column.grain == "hour":
            return f"{day} %H:%M"
        return f"{day} %Y" if len({m.year for m in moments}) > 1 else day

    def _day_format(self) -> str:
        return "%b %-d" if self.locale.replace("-", "_") == "en_US" else "%-d %b"

    def _order(self, n: int) -> list[str]:
        """The texts of a column in the order of the result; parts of a time (Monday, January) and bands of numbers
        (19-24, 65+) in their own."""
        rows = self.result.rows
        if _is_part(self.columns[n]):
            rows = sorted(rows, key=lambda r: (r[n] is None, r[n] or 0))
            return list(dict.fromkeys(self._text(r, n) for r in rows))
        texts = list(dict.fromkeys(self._text(r, n) for r in rows))
        starts = [_BAND.match(text) for text in texts if text != "(none)"]
        if self.columns[n].kind in ("category", "text") and starts and all(starts):
            texts.sort(key=lambda text: float(m[0]) if (m := _BAND.match(text)) else math.inf)
        return texts

    def _left_out(self, measures: list[int]) -> str:
        """Which of the measures asked for are only in the table."""
        asked = [n for n in range(len(self.columns)) if self.columns[n].measure and self.columns[n].role == "value"]
        left = [self.columns[n].label for n in asked if n not in measures and _numeric(self.result, n)]
        drawn = [self.columns[n].role for n in measures]
        if not left or "value" not in drawn:
            return ""
        named = left[0] if len(left) == 1 else f"{', '.join(left[:-1])} and {_mid_sentence(left[-1])}"
        return f"{named}: see the table"

    def _note(self, which: str, shown: int, of: int, column: ResultColumn) -> str:
        total = format_value(of, ResultColumn("n", "n", "integer", measure=True), self.locale)
        more = "more than " if self.result.truncated else ""
        return f"The {which} {shown} of {more}{total} by {column.label.lower()}"

    def _text(self, row: tuple[Any, ...], n: int) -> str:
        column = self.columns[n]
        return "(none)" if row[n] is None and not column.measure else format_value(row[n], column, self.locale)


_ORDINAL: Spec = {"type": "ordinal", "sort": None}
_PICK: Spec = {"name": "pick", "select": {"type": "point", "fields": ["series"]}, "bind": "legend"}


def _series(title: str | None = None) -> Spec:
    legend = {"orient": "top", "columns": 4, "labelLimit": 160}
    return {"field": "series", "type": "nominal", "title": title, "sort": None, "legend": legend}


def _category(field: str, order: list[str]) -> Spec:
    return {
        "field": field,
        "type": "nominal",
        "sort": order,
        "title": None,
        "axis": {"labelLimit": 180, "labelOverlap": True},
    }


def _height(groups: list[str], side_by_side: int = 0) -> int:
    """Pixels for rows of bars. As a number: Vega-Lite warns of a step beside a width that fits its container."""
    return len(groups) * (14 * side_by_side + 4 if side_by_side else 24)


def _tips(titles: dict[str, str]) -> list[Spec]:
    return [{"field": field, "title": title} for field, title in titles.items()]


def _told_apart(names: list[str]) -> list[str]:
    """Two things of one name are two bars: "Ann Lee", "Ann Lee (2)"."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told


def _locale(name: str) -> Spec:
    """How d3 writes numbers and names months there."""
    known = babel_locale(name)
    symbols = known.number_symbols["latn"]
    widths = {"": "wide", "short": "abbreviated"}
    days = {w: [known.days["format"][width][n] for n in (6, *range(6))] for w, width in widths.items()}
    months = {w: [known.months["format"][width][n] for n in range(1, 13)] for w, width in widths.items()}
    number = {"decimal": symbols["decimal"], "thousands": symbols["group"], "grouping": [3], "currency": ["", ""]}
    time = {"dateTime": "%c", "date": "%x", "time": "%X", "periods": ["AM", "PM"]}
    names = {"days": days[""], "shortDays": days["short"], "months": months[""], "shortMonths": months["short"]}
    return {"number": number, "time": time | names}


# --- what a result holds ---------------------------------------------------------------------------------------------


def _drawn(result: Result) -> list[int]:
    """The measures to draw: running totals, for they were asked for, else values, shares or changes. A moving average,
    which never exceeds what it is of, is drawn with it."""
    found: dict[str, list[int]] = {"value": [], "running": [], "share": [], "change_pct": [], "change": []}
    for n, column in enumerate(result.columns):
        if column.measure and column.role in found and _numeric(result, n):
            found[column.role].append(n)
    if found["running"]:
        averages = found["value"] and _largest(result, found["running"][0]) <= _largest(result, found["value"][0])
        return [*found["value"][:1], *found["running"]] if averages else found["running"]
    return found["value"] or found["share"] or [*found["change_pct"], *found["change"]]


def _numeric(result: Result, n: int) -> bool:
    """It has figures, and nothing else."""
    values = [r[n] for r in result.rows if r[n] is not None]
    figures = all(isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in values)
    return figures and any(_number(v) is not None for v in values)


def _is_part(column: ResultColumn) -> bool:
    return "_of_" in (column.grain or "")


def _comparable(result: Result, a: int, b: int) -> bool:
    """They are of one unit, and both can be seen on one axis."""
    units = {(result.columns[n].kind, result.columns[n].unit) for n in (a, b)}
    small, large = sorted(_largest(result, n) for n in (a, b))
    return len(units) == 1 and large <= _MOST_APART * small


def _together(result: Result, measures: Sequence[int]) -> list[int]:
    """Those that share an axis with the first."""
    return [n for n in measures if n == measures[0] or _comparable(result, measures[0], n)]


def _largest(result: Result, n: int) -> float:
    return max((abs(v) for r in result.rows if (v := _number(r[n])) is not None), default=0)


def _mid_sentence(label: str) -> str:
    """Its first letter small, unless the word is an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _number(value: Any) -> float | int | None:
    """As JSON can say it: no NaN, no infinity, nothing past what a browser counts with."""
    if isinstance(value, Decimal):
        value = float(value) if value.is_finite() else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        value = float(value) if abs(value) < 10**300 else None
    return value if isinstance(value, int | float) and math.isfinite(value) else None


def _clock(value: date) -> datetime:
    """The wall clock's time, as if it were Greenwich's."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return moment.replace(tzinfo=UTC)


def _moment(value: date) -> str:
    return _clock(value).isoformat().replace("+00:00", "Z")


def _millis(value: date) -> int:
    return int(_clock(value).timestamp() * 1000)
