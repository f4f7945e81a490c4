"""A forecast in words and rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from knowledge.formats import format_short, format_value
from knowledge.result import ResultColumn
from tools.analysis import Analysis
from tools.forecasting.groups import Outlooks, outlooks
from tools.forecasting.outlook import Outlook
from tools.forecasting.plan import Planned
from tools.history import Group

_LEVEL = 0.8
_NAMED = 3
_PERCENT = ResultColumn("percent", "percent", "percent")


def answered(plan: Planned, locale: str) -> Analysis:
    """Raises CannotAnalyse where no group has history enough, or there are too many."""
    found = outlooks(plan)
    speaker = _Speaker(plan, found, locale)
    caveats = [*plan.past.caveats]
    if found.short:
        names = ", ".join(speaker.name(g) for g in found.short[:_NAMED])
        more = f" and {len(found.short) - _NAMED} more" if len(found.short) > _NAMED else ""
        caveats.append(f"Too little history to forecast {names}{more}: left out.")
    return Analysis(
        _columns(plan), _rows(plan, found), plan.past.sql, plan.past.elapsed_ms, caveats=tuple(caveats),
        text=speaker.text(), method=speaker.method(), follow_ups=speaker.follow_ups(),
    )  # fmt: skip


def _columns(plan: Planned) -> tuple[ResultColumn, ...]:
    value = replace(plan.past.measure, role="value")
    expected = replace(value, name=f"{value.name}_expected", label="Expected", role="expected", of=value.name)
    low = replace(expected, name=f"{value.name}_low", label="Low (80%)", role="low")
    high = replace(expected, name=f"{value.name}_high", label="High (80%)", role="high")
    time = replace(plan.shown.time, label=plan.shown.grain.capitalize())
    return *plan.past.by, time, value, expected, low, high


def _rows(plan: Planned, found: Outlooks) -> list[tuple[Any, ...]]:
    """The past, enough to see the pattern, and what is expected."""
    shown, blocks = plan.shown, plan.blocks
    starts = shown.starts[-max(3 * len(blocks), 12) :]
    rows: list[tuple[Any, ...]] = []
    for group, outlook in found.groups.items():
        series = shown.groups[group][len(shown.starts) - len(starts) :]
        rows += [(*group, s, _figure(v), None, None, None) for s, v in zip(starts, series, strict=True)]
        low, high = outlook.range(_LEVEL)
        rows += [
            (*group, b.start, None, _figure(e), _figure(lo), _figure(hi))
            for b, e, lo, hi in zip(blocks, outlook.expected, low, high, strict=True)
        ]
    return rows


class _Speaker:
    def __init__(self, plan: Planned, found: Outlooks, locale: str):
        self.plan, self.found, self.locale = plan, found, locale
        self.column = plan.past.measure
        self.label = _lower(self.column.label)
        self.wanted = np.array([b.wanted for b in plan.blocks])
        self.main = found.total or next(iter(found.groups.values()))

    def text(self) -> str:
        if self.found.total is None and len(self.found.groups) > 1:
            return f"{self._ranking()}."
        said = f"{self._come_to(self.main)}."
        return said if self.found.total is None else f"{said} {self._ranking()}."

    def method(self) -> str:
        past, main = self.plan.past, self.main
        return (
            f"The mean of {_and(main.models)}, fitted to {len(past.starts)} {past.grain}s. In {main.tests} tests on "
            f"the past, such forecasts were {self._percent(main.error)} off on average; the last season again would "
            f"have been {self._percent(main.naive_error)} off."
        )

    def follow_ups(self) -> tuple[str, ...]:
        grain, blocks = self.plan.shown.grain, len(self.plan.blocks)
        return (f"Forecast {self.label} for {max(2 * blocks, 4)} {grain}s", f"{self.column.label} by {grain}")

    def name(self, group: Group) -> str:
        said = (format_value(v, c, self.locale) for v, c in zip(group, self.plan.past.by, strict=True))
        return " · ".join(said)

    def _come_to(self, outlook: Outlook) -> str:
        period, adds = self.plan.window.text, self.plan.past.additive or self.wanted.sum() == 1
        if not adds:
            first, last = outlook.expected[self.wanted][[0, -1]]
            low, high = (bound[self.wanted][-1] for bound in outlook.range(_LEVEL))
            return (
                f"{self.column.label} will go from about {self._short(first)} to about **{self._short(last)}** over "
                f"{period} (80% likely between {self._short(low)} and {self._short(high)} at its end)"
            )
        total = outlook.expected[self.wanted].sum()
        low, high = outlook.total_range(_LEVEL, self.wanted)
        return (
            f"{self.column.label} will come to about **{self._short(total)}** in {period} (80% likely between "
            f"{self._short(low)} and {self._short(high)})"
        )

    def _ranking(self) -> str:
        sizes = {g: float(o.expected[self.wanted].mean()) for g, o in self.found.groups.items()}
        if self.plan.past.additive:
            sizes = {g: size * self.wanted.sum() for g, size in sizes.items()}
        best = sorted(sizes, key=lambda g: -sizes[g])[:_NAMED]
        said = ", ".join(f"{self.name(g)} ({self._short(sizes[g])})" for g in best[1:])
        first = f"**{self.name(best[0])}** will have the highest {self.label}: **{self._short(sizes[best[0]])}**"
        return first + (f", followed by {said}" if said else "")

    def _short(self, value: float) -> str:
        integral = self.column.kind == "integer"
        return format_short(round(value) if integral else float(value), self.column, self.locale)

    def _percent(self, value: float) -> str:
        return format_value(round(value, 1), _PERCENT, self.locale)


def _figure(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _and(names: tuple[str, ...]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
