"""The chart of what was expected: a line with the range that its values were, or will be, likely to lie in."""

from __future__ import annotations

from typing import Any

from knowledge.result import Result

Spec = dict[str, Any]
_RANGE, _EXPECTED = "#9db8e8", "#6b7280"


def has_band(result: Result) -> bool:
    """A time, and a range for each of its values."""
    roles = [c.role for c in result.columns]
    return "low" in roles and "high" in roles and any(c.kind == "time" for c in result.columns)


def band_layers(x: Spec, y: Spec, tooltip: list[Spec], ink: str, *, grouped: bool) -> list[Spec]:
    """Layers over rows of x, value, expected, low, high, flagged (and series): the range as an area, what was expected
    dashed, the values as a line, and points where they are flagged."""
    series: Spec = {"color": {"field": "series", "type": "nominal", "title": None, "legend": {"orient": "top"}}}
    colour = series if grouped else {}
    bound = {**y, "field": "low"}
    area: Spec = {"mark": {"type": "area", "opacity": 0.25}, "encoding": {"x": x, "y": bound, "y2": {"field": "high"}}}
    expected: Spec = {
        "mark": {"type": "line", "strokeDash": [5, 4]},
        "encoding": {"x": x, "y": {**y, "field": "expected"}, "tooltip": tooltip},
    }
    value: Spec = {
        "mark": {"type": "line", "point": {"size": 18}},
        "encoding": {"x": x, "y": {**y, "field": "value"}, "tooltip": tooltip},
    }
    flagged: Spec = {
        "transform": [{"filter": "datum.flagged"}],
        "mark": {"type": "point", "filled": True, "size": 90, "color": "#d1495b"},
        "encoding": {"x": x, "y": {**y, "field": "value"}, "tooltip": tooltip},
    }
    plain = ((area, _RANGE), (expected, _EXPECTED), (value, ink))
    for layer, hue in plain:
        layer["encoding"] |= colour or {"color": {"value": hue}}
    return [area, expected, value, flagged]
