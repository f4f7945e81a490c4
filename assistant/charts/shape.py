"""What a result holds that a chart can show."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from knowledge.result import Result, ResultColumn

_MOST_APART = 20
"""How many times as large as another's a measure's figures may be on one axis: past that, bars of one can't be seen."""
_NOT_ADDED = re.compile(r"\b(average|mean|median|typical|lowest|highest|per|rate|price|percentile|deviation)\b", re.I)
"""Labels of figures whose sum says nothing, so that their bars aren't stacked."""


def drawn(result: Result) -> list[int]:
    """The measures to draw: running totals, for they were asked for, else values, shares or changes. A moving average,
    which never exceeds what it is of, is drawn with it."""
    found: dict[str, list[int]] = {"value": [], "running": [], "share": [], "change_pct": [], "change": []}
    for n, column in enumerate(result.columns):
        if column.measure and column.role in found and numeric(result, n):
            found[column.role].append(n)
    if found["running"]:
        averages = found["value"] and largest(result, found["running"][0]) <= largest(result, found["value"][0])
        return [*found["value"][:1], *found["running"]] if averages else found["running"]
    return found["value"] or found["share"] or [*found["change_pct"], *found["change"]]


def numeric(result: Result, n: int) -> bool:
    """It has figures, and nothing else."""
    values = [r[n] for r in result.rows if r[n] is not None]
    figures = all(isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in values)
    return figures and any(number(v) is not None for v in values)


def is_part(column: ResultColumn) -> bool:
    return "_of_" in (column.grain or "")


def comparable(result: Result, a: int, b: int) -> bool:
    """They are of one unit, and both can be seen on one axis."""
    units = {(result.columns[n].kind, result.columns[n].unit) for n in (a, b)}
    small, large = sorted(largest(result, n) for n in (a, b))
    return len(units) == 1 and large <= _MOST_APART * small


def together(result: Result, measures: Sequence[int]) -> list[int]:
    """Those that share an axis with the first."""
    return [n for n in measures if n == measures[0] or comparable(result, measures[0], n)]


def largest(result: Result, n: int) -> float:
    return max((abs(v) for r in result.rows if (v := number(r[n])) is not None), default=0)


def number(value: Any) -> float | int | None:
    """As JSON can say it: no NaN, no infinity, nothing past what a browser counts with."""
    if isinstance(value, Decimal):
        value = float(value) if value.is_finite() else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        value = float(value) if abs(value) < 10**300 else None
    return value if isinstance(value, int | float) and math.isfinite(value) else None


def adds_up(result: Result, n: int) -> bool:
    """The sum of the figures says something, so that bars of them can be stacked."""
    column = result.columns[n]
    if column.kind not in ("currency", "integer") or _NOT_ADDED.search(column.label):
        return False
    return all((number(r[n]) or 0) >= 0 for r in result.rows)
