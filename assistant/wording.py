"""Results in plain sentences: the figure first, then what stands out. Every figure said is one that the result
shows, or a difference, share or sum of them."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from knowledge.formats import format_short, format_value
from knowledge.request import Request
from knowledge.result import Result, ResultColumn
from tools.analysis import Analysis

_LISTED = 5
_AT = {"day": "on", "hour": "at"}


def word(result: Result, request: Request, reading: str, *, locale: str = "en_US") -> str:
    """A sentence or a few about a result; empty results are worded by the caller's outcome. An analysis has its own."""
    if isinstance(result, Analysis):
        return result.text
    if not result.rows:
        return f"Nothing matches: {_lower(reading)}." if reading else "Nothing matches."
    speaker = _Speaker(result, locale)
    measures = speaker.measures
    if not measures:
        return speaker.records(request)
    if len(result.rows) == 1 and not speaker.fields:
        return speaker.single(reading)
    if len(result.rows) == 1:
        return speaker.one_group()
    if not any(_size(row[speaker.main]) is not None for row in result.rows):
        return speaker.listing()
    if speaker.time is not None:
        return speaker.over_time()
    return speaker.ranking(request)


class _Speaker:
    def __init__(self, result: Result, locale: str):
        self.result, self.locale = result, locale
        self.measures = [n for n, c in enumerate(result.columns) if c.measure]
        self.fields = [n for n, c in enumerate(result.columns) if not c.measure]
        values = [n for n in self.measures if result.columns[n].role == "value"]
        self.main = values[0] if values else (self.measures[0] if self.measures else 0)
        times = [n for n in self.fields if result.columns[n].grain]
        self.time = times[0] if len(times) == 1 and len(self.fields) == 1 else None

    def short(self, row: tuple[Any, ...], n: int) -> str:
        return f"**{format_short(row[n], self.result.columns[n], self.locale)}**"

    def plain(self, row: tuple[Any, ...], n: int) -> str:
        return format_short(row[n], self.result.columns[n], self.locale)

    def full(self, row: tuple[Any, ...], n: int) -> str:
        return format_value(row[n], self.result.columns[n], self.locale)

    def label(self, n: int) -> str:
        return _lower(self.result.columns[n].label)

    def name(self, row: tuple[Any, ...]) -> str:
        return " · ".join(self._named(row, n) for n in self.fields)

    def _named(self, row: tuple[Any, ...], n: int) -> str:
        column = self.result.columns[n]
        if row[n] is None:
            return "(none)"
        if isinstance(row[n], bool):
            return _flagged(_lower(column.label), row[n])
        if column.kind == "key":  # a bare number says little: "household 718"
            thing = re.sub(r"\s*(number|id|key|code)$", "", _lower(column.label))
            return f"{thing} {self.full(row, n)}".strip()
        return self.full(row, n)

    # --- shapes ------------------------------------------------------------------------------------------------------

    def single(self, reading: str) -> str:
        row = self.result.rows[0]
        parts = []
        for n in self.measures:
            column = self.result.columns[n]
            if column.role in ("previous", "change", "change_pct"):
                continue
            if row[n] is None:
                parts.append(f"There is no {self.label(n)} to report: nothing matches.")
                continue
            parts.append(f"{_upper(self.label(n))}: {self.short(row, n)}{self._versus(row, column)}")
        return ". ".join(p.rstrip(".") for p in parts) + "."

    def _versus(self, row: tuple[Any, ...], column: ResultColumn) -> str:
        """ ", up 8.2% from $4.25 million" """
        by_role = {c.role: n for n, c in enumerate(self.result.columns) if c.of == column.name}
        previous, percent, change = by_role.get("previous"), by_role.get("change_pct"), by_role.get("change")
        if previous is None:
            return ""
        if row[previous] is None:
            return "; there is nothing to compare it with"
        before = format_short(row[previous], self.result.columns[previous], self.locale)
        delta = _size(row[change]) if change is not None else None
        if change is None or delta is None:
            return f" (before: {before})"
        if delta == 0:
            return f", the same as before ({before})"
        direction = "up" if delta > 0 else "down"
        if percent is not None and (part := _size(row[percent])) is not None:
            return f", {direction} {self._percent(abs(part))} from {before}"
        return f", {direction} {format_short(abs(row[change]), self.result.columns[change], self.locale)} from {before}"

    def one_group(self) -> str:
        row = self.result.rows[0]
        said = " and ".join(
            f"{self.label(n)} {self.short(row, n)}{self._versus(row, self.result.columns[n])}"
            for n in self.measures
            if row[n] is not None and self.result.columns[n].role in ("value", "share")
        )
        return f"**{self.name(row)}**: {said}." if said else f"**{self.name(row)}**."

    def over_time(self) -> str:
        rows = self._sized()
        time = self.time
        assert time is not None

        def main(row: tuple[Any, ...]) -> str:
            return self.short(row, self.main)

        if len(rows) < 2:
            return f"There is {self.label(self.main)} in one period only: {main(rows[0])}, {self.plain(rows[0], time)}."
        label = _upper(self.label(self.main))
        column = self.result.columns[time]
        high, low = max(rows, key=self._rank), min(rows, key=self._rank)
        if column.grain and "_of_" in column.grain:
            most, least = f"{self.full(high, time)} ({main(high)})", f"{self.full(low, time)} ({main(low)})"
            text = f"{label} is highest on {most} and lowest on {least}."
            return text if "day_of_week" in column.grain else text.replace(" on ", " in ")
        first, last = rows[0], rows[-1]
        start, end = self._rank(first), self._rank(last)
        opening, close = self.plain(first, time), self.plain(last, time)
        if start == end:
            text = f"{label} is {main(first)} at both ends, {opening} and {close}"
        else:
            moved = "rose" if end > start else "fell"
            text = f"{label} {moved} from {main(first)} ({opening}) to {main(last)} ({close})"
            if start > 0 and end >= 0 and end / start < 1000:  # beyond, a percentage says nothing
                text += f", {'up' if end > start else 'down'} {self._percent(abs(end - start) / start * 100)}"
        text += self._along(rows, time)
        if len(rows) > 2:
            at = _AT.get(column.grain or "", "in")
            text += f". High: {main(high)} {at} {self.plain(high, time)}; low: {main(low)} {at} {self.plain(low, time)}"
        return text + "."

    def _along(self, rows: list[tuple[Any, ...]], time: int) -> str:
        """What running totals come to, and the last growth."""
        said = ""
        for n in self.measures:
            column, last = self.result.columns[n], rows[-1]
            compared = any(c.role == "previous" for c in self.result.columns)
            if (
                n != self.main
                and last[n] is not None
                and not compared
                and column.role in ("running", "change_pct", "change")
            ):
                at = _AT.get(self.result.columns[time].grain or "", "in")
                verb = "reaches" if column.role == "running" else "is"
                said += f". {_upper(self.label(n))} {verb} {self.short(last, n)} {at} {self.plain(last, time)}"
        return said

    def ranking(self, request: Request) -> str:
        rows = self._sized()
        label = self.label(self.main)
        ascending = bool(request.order) and not request.order[0].descending and request.limit is not None
        best = (min if ascending else max)(rows, key=self._rank)
        tied = [r for r in rows if r[self.main] == best[self.main]]
        if request.limit_per:
            leaders = "; ".join(f"**{self.name(r)}** {self.short(r, self.main)}" for r in rows[:_LISTED])
            return f"{_upper(label)}: {leaders}{'; …' if len(rows) > _LISTED else ''}."
        if len(tied) > 1:
            names = ", ".join(f"**{self.name(r)}**" for r in tied[:_LISTED]) + (
                " and others" if len(tied) > _LISTED else ""
            )
            text = (
                f"{names} tie for the {'lowest' if ascending else 'highest'} {label} at {self.short(best, self.main)}"
            )
        else:
            extreme = "lowest" if ascending else "highest"
            text = f"**{self.name(best)}** has the {extreme} {label}: {self.short(best, self.main)}"
            share = next((n for n in self.measures if self.result.columns[n].role == "share" and n != self.main), None)
            if share is not None and best[share] is not None:
                text += f" ({self.full(best, share)} of the total)"
            text += self._versus(best, self.result.columns[self.main]) if not share else ""
        others = [r for r in rows if r[self.main] != best[self.main]]
        if len(tied) == 1 and others and not ascending:
            order = sorted(others, key=self._rank, reverse=True)
            text += f", followed by {self.name(order[0])} ({self.plain(order[0], self.main)})"
            if len(order) > 1 and request.limit is None and not self.result.truncated:
                lowest = f"{self.name(order[-1])} ({self.plain(order[-1], self.main)})"
                text += f"; the lowest of {len(rows)} is {lowest}"
        return text + "."

    def listing(self) -> str:
        """Measures that are no figures: the latest order of each store, its commonest channel."""
        rows = [r for r in self.result.rows if r[self.main] is not None]
        if not rows:
            groups = "period" if self.time is not None else f"of the {len(self.result.rows)} groups"
            return f"There is no {self.label(self.main)} {'in' if self.time is not None else 'for'} any {groups}."
        column = self.result.columns[self.main]
        if column.kind == "time" and all(isinstance(r[self.main], date) for r in rows):
            rows.sort(key=lambda r: _day(r[self.main]), reverse=True)
        said = "; ".join(f"{self.name(r)} {self.short(r, self.main)}" for r in rows[:_LISTED])
        return f"{_upper(self.label(self.main))}: {said}{'; …' if len(rows) > _LISTED else ''}."

    def _sized(self) -> list[tuple[Any, ...]]:
        return [r for r in self.result.rows if _size(r[self.main]) is not None]

    def _rank(self, row: tuple[Any, ...]) -> float:
        return _size(row[self.main]) or 0.0

    def records(self, request: Request) -> str:
        rows, columns = self.result.rows, self.result.columns
        if len(rows) == 1:
            if len(columns) == 1:
                return f"{_upper(_lower(columns[0].label))}: **{self.full(rows[0], 0)}**."
            said = "; ".join(f"{_lower(c.label)}: **{self.full(rows[0], n)}**" for n, c in enumerate(columns))
            return _upper(said) + "."
        count = f"the first {len(rows):,}" if self.result.truncated else f"{len(rows):,}"
        seen = list(dict.fromkeys(self._named(r, 0) for r in rows[:50]))[:_LISTED]
        tail = ", …" if len(rows) > len(seen) else ""
        return f"**{_upper(count)}** found: {', '.join(seen)}{tail}."

    def _percent(self, value: float) -> str:
        return format_value(value, ResultColumn("p", "p", "percent"), self.locale)


def _flagged(label: str, holds: bool) -> str:
    """What rows are whose flag holds, or does not: "Secured", "Not secured", "Without newsletter"."""
    first, _, rest = label.partition(" ")
    if first == "has" and rest:
        return f"With {rest}" if holds else f"Without {rest}"
    said = rest if first in ("is", "was") and rest else label
    return _upper(said) if holds else f"Not {said}"


def _size(value: Any) -> float | None:
    """A figure's size, by which figures are ordered; None for what is no figure, or no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        size = float(value)
    except (ValueError, OverflowError):  # a signalling NaN, a number of 400 digits
        return None
    return size if math.isfinite(size) else None


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _lower(text: str) -> str:
    """In mid-sentence: the first letter small, unless the word is an abbreviation or a name of letters."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
