"""The parts that charts share: scales and their labels, the order of groups, legends, notes, the locale.

Times are drawn in UTC, on a page as in a picture: a day is then the same day wherever the viewer is, and a day of 23
hours is no gap.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from assistant.charts.ranges import are_bands, start
from assistant.charts.shape import is_part, number, numeric
from knowledge.formats import affixes, babel_locale, format_short, format_value
from knowledge.result import Result, ResultColumn

NONE = "(none)"
_MOST_TICKS = 12
MOST_TICKED = 40
"""Times that get ticks of their own; past them the reader may zoom, and the ticks follow."""

Spec = dict[str, Any]


class Axes:
    """The axes of a result's chart."""

    def __init__(self, result: Result, locale: str):
        self.result, self.columns, self.locale = result, result.columns, locale

    def scale(self, measures: list[int]) -> Spec:
        """A measure's axis: "$1.5M", "12%". Below a thousand d3's prefixes would write 0.5 as 500m."""
        column = self.columns[measures[0]]
        sizes = [abs(v) for r in self.result.rows for n in measures if (v := number(r[n])) is not None]
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

    def times(self, column: ResultColumn, moments: list[Any]) -> Spec:
        axis: Spec = {"format": self._time_format(column, moments), "labelOverlap": True, "labelSeparation": 8}
        if len(moments) <= MOST_TICKED:
            step = math.ceil(len(moments) / _MOST_TICKS)
            axis["values"] = [millis(m) for m in sorted(moments, key=millis)[::step]]
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

    def order(self, n: int) -> list[str]:
        """The texts of a column in the order of the result; parts of a time (Monday, January) and numbers with what
        follows them (19-24, 65+) in their own."""
        rows = self.result.rows
        if is_part(self.columns[n]):
            rows = sorted(rows, key=lambda r: (r[n] is None, r[n] or 0))
            return list(dict.fromkeys(self.text(r, n) for r in rows))
        return self.in_own_order(n, list(dict.fromkeys(self.text(r, n) for r in rows)))

    def in_own_order(self, n: int, texts: list[str]) -> list[str]:
        """Texts of a column, from low to high where they begin with numbers; those of nothing last."""
        if is_part(self.columns[n]):
            return [text for text in self.order(n) if text in texts]
        known = [text for text in texts if text != NONE]
        starts = {text: place for text in known if (place := start(text)) is not None}
        if self.columns[n].kind in ("category", "text") and len(starts) == len(known):
            known.sort(key=starts.__getitem__)
        return known + [NONE] * (len(known) < len(texts))

    def in_bands(self, n: int, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows in the order of a column of bands, as a histogram has them; else as they are."""
        texts = [self.text(r, n) for r in rows]
        if self.columns[n].kind not in ("category", "text") or not are_bands(t for t in texts if t != NONE):
            return rows
        order = self.in_own_order(n, texts)
        return sorted(rows, key=lambda r: order.index(self.text(r, n)))

    def left_out(self, measures: list[int]) -> str:
        """Which of the measures asked for are only in the table."""
        asked = [n for n in range(len(self.columns)) if self.columns[n].measure and self.columns[n].role == "value"]
        left = [self.columns[n].label for n in asked if n not in measures and numeric(self.result, n)]
        drawn = [self.columns[n].role for n in measures]
        if not left or "value" not in drawn:
            return ""
        named = left[0] if len(left) == 1 else f"{', '.join(left[:-1])} and {_mid_sentence(left[-1])}"
        return f"{named}: see the table"

    def note(self, which: str, shown: int, of: int, column: ResultColumn) -> str:
        total = format_value(of, ResultColumn("n", "n", "integer", measure=True), self.locale)
        more = "more than " if self.result.truncated else ""
        return f"The {which} {shown} of {more}{total} by {column.label.lower()}"

    def text(self, row: tuple[Any, ...], n: int) -> str:
        column = self.columns[n]
        return NONE if row[n] is None and not column.measure else format_value(row[n], column, self.locale)

    def said(self, row: tuple[Any, ...], n: int) -> str:
        """A figure as a sentence says it, short: "$4.6 million"."""
        return format_short(row[n], self.columns[n], self.locale)


ORDINAL: Spec = {"type": "ordinal", "sort": None}
PICK: Spec = {"name": "pick", "select": {"type": "point", "fields": ["series"]}, "bind": "legend"}


def coloured(names: list[str], title: str | None = None) -> Spec:
    """One colour for each series, in this order, and a legend that fits a picture: the page fits it anew
    (public/parley.js)."""
    longest = min(max(map(len, names), default=1), 26)
    legend = {"orient": "top", "columns": max(1, min(4, 680 // (6 * longest + 34))), "labelLimit": 160}
    return {"field": "series", "type": "nominal", "title": title, "sort": names, "legend": legend}


def listed(field: str, order: list[str]) -> Spec:
    """An axis of names, in this order."""
    axis = {"labelLimit": 180, "labelOverlap": True, "labelSeparation": 3}
    return {"field": field, "type": "nominal", "sort": order, "title": None, "axis": axis}


def height(groups: list[str], side_by_side: int = 0) -> int:
    """Pixels for rows of bars. As a number: Vega-Lite warns of a step beside a width that fits its container."""
    return len(groups) * (14 * side_by_side + 4 if side_by_side else 24)


def tips(titles: dict[str, str]) -> list[Spec]:
    return [{"field": field, "title": title} for field, title in titles.items()]


def told_apart(names: list[str]) -> list[str]:
    """Two things of one name are two bars: "Ann Lee", "Ann Lee (2)"."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told


def d3_locale(name: str) -> Spec:
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


def _mid_sentence(label: str) -> str:
    """Its first letter small, unless the word is an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _clock(value: date) -> datetime:
    """The wall clock's time, as if it were Greenwich's."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return moment.replace(tzinfo=UTC)


def moment(value: date) -> str:
    return _clock(value).isoformat().replace("+00:00", "Z")


def millis(value: date) -> int:
    return int(_clock(value).timestamp() * 1000)
