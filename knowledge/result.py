"""Result: the rows that a query returned, with what each column means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

ColumnKind = Literal["key", "category", "text", "time", "number", "integer", "currency", "percent", "flag"]


@dataclass(frozen=True)
class ResultColumn:
    """`name` is the column's name in SQL; `label` is for people. `measure` columns are computed over groups.
    `percent` values are in percent (12.5 means 12.5%)."""

    name: str
    label: str
    kind: ColumnKind = "text"
    measure: bool = False
    unit: str | None = None
    """ISO 4217 code for currency; "days", "kg" …"""
    grain: str | None = None
    """For time columns: hour, day, week, month, quarter, year, or a part such as day_of_week."""
    direction: Literal["up", "down", "neutral"] = "neutral"
    role: Literal[
        "value", "previous", "change", "change_pct", "share", "rank", "running", "expected", "low", "high", "flagged",
        "contribution", "current",
    ] = "value"  # fmt: skip
    """What a measure column says about the measure `of`, where a request compares periods, ranks or shares, or an
    analysis expects a value, gives its likely range, marks it, or says what a part contributes to a change (`current`:
    the part's own figures)."""
    of: str | None = None
    """The name of the value column that a `previous`, `change` … column belongs to."""
    period: str = ""
    """Where a request compares two periods, the one that a `value` or `previous` column is of; its label ends in it."""

    @property
    def is_part(self) -> bool:
        """Whether its numbers are parts of a time (a weekday, an hour of the day), which have names."""
        return self.kind == "time" or "_of_" in (self.grain or "")


@dataclass(frozen=True)
class Result:
    columns: tuple[ResultColumn, ...]
    rows: Sequence[tuple[Any, ...]]
    sql: str
    elapsed_ms: float = 0.0
    truncated: bool = False
    """More rows than the bound existed."""
    caveats: tuple[str, ...] = field(default=())
    """What a reader must know to use the figures: unmatched rows, rows that count in several groups …"""

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]
