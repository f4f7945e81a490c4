"""How long a window of time is, as people divide time."""

from __future__ import annotations

from knowledge.request import Grain, Window

_UNITS: tuple[tuple[Grain, int, int], ...] = (
    ("day", 1, 1), ("week", 7, 7), ("month", 28, 31), ("quarter", 89, 92), ("year", 365, 366),
)  # fmt: skip
_STEPS: tuple[tuple[int, Grain], ...] = ((2, "hour"), (45, "day"), (120, "week"), (1500, "month"))


def grain_of(window: Window) -> Grain | None:
    """The unit that the window is one of, by its length."""
    if window.start is None or window.end is None:
        return None
    days = (window.end - window.start).days
    return next((grain for grain, low, high in _UNITS if low <= days <= high), None)


def default_grain(window: Window | None) -> Grain:
    """The grain that shows a trend over the window in some 5 to 50 points; months where it is open."""
    if window is None or window.start is None or window.end is None:
        return "month"
    days = (window.end - window.start).days
    return next((grain for most, grain in _STEPS if days <= most), "quarter")
