"""A chart drawn as a picture, without a browser or a network."""

from __future__ import annotations

from typing import Any, Literal

Spec = dict[str, Any]


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
        "text": {"color": ink},
    }
    return {"height": height, **spec, "width": width, "config": config}
