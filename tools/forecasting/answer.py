"""A forecast in words and rows."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np

from knowledge.formats import format_short, format_value
from knowledge.request import Grain
from knowledge.result import ResultColumn
from tools.analysis import Analysis
from tools.forecasting.groups import Expected, expected
from tools.forecasting.plan import Planned
from tools.history import Group, after

_LEVEL = 0.8
_NAMED = 3
_TOLD = 5
"""Percent by which a day must differ from a usual one to be told."""
_TRIED = 4
_DRAWN = 8
"""Groups whose past is among the rows: a chart shows no more."""
_POOR = 40.0
"""Percent of error from which a forecast says little."""
_PERCENT = ResultColumn("percent", "percent", "percent")
_RECURS: dict[Grain, str] = {"hour": "day", "day": "week", "week": "year", "month": "year", "quarter": "year"}
_CHANCES = (
    (0.95, "almost certain"), (0.75, "likely"), (0.55, "more likely than not"), (0.45, "an even bet"),
    (0.25, "less likely than not"), (0.05, "unlikely"), (0.0, "very unlikely"),
)  # fmt: skip


def answered(plan: Planned, locale: str, target: float | None = None, *, at_most: bool = False) -> Analysis:
    """`target`: how likely the total of the window is to reach it, or with `at_most` not to exceed it.

    Raises CannotAnalyse where no group has history enough, or there are too many; or a target is asked of figures that
    don't add up."""
    found = expected(plan)
    speaker = _Speaker(plan, found, locale)
    return Analysis(
        _columns(plan), _rows(plan, found), plan.past.sql, plan.past.elapsed_ms, caveats=tuple(speaker.caveats()),
        text=speaker.text(target, at_most), method=speaker.method(), follow_ups=speaker.follow_ups(),
    )  # fmt: skip


def _columns(plan: Planned) -> tuple[ResultColumn, ...]:
    value = replace(plan.past.measure, role="value")
    expected = replace(value, name=f"{value.name}_expected", label="Expected", role="expected", of=value.name)
    low = replace(expected, name=f"{value.name}_low", label="Low (80%)", role="low")
    high = replace(expected, name=f"{value.name}_high", label="High (80%)", role="high")
    time = replace(plan.shown.time, label=plan.shown.grain.capitalize())
    return *plan.past.by, time, value, expected, low, high


def _rows(plan: Planned, found: Expected) -> list[tuple[Any, ...]]:
    """The past, enough to see the pattern, and what is expected."""
    shown, blocks = plan.shown, plan.blocks
    starts = shown.starts[-max(3 * len(blocks), 12) :]
    rows: list[tuple[Any, ...]] = []
    for n, (group, outlook) in enumerate(found.groups.items()):
        series = shown.groups[group][len(shown.starts) - len(starts) :]
        if n < _DRAWN:
            rows += [(*group, s, _figure(v), None, None, None) for s, v in zip(starts, series, strict=True)]
        low, high = outlook.range(_LEVEL)
        rows += [
            (*group, b.start, None, _figure(e), _figure(lo), _figure(hi))
            for b, e, lo, hi in zip(blocks, outlook.expected, low, high, strict=True)
        ]
    return rows


class _Speaker:
    def __init__(self, plan: Planned, found: Expected, locale: str):
        self.plan, self.found, self.locale = plan, found, locale
        self.column = plan.past.measure
        self.label = _lower(self.column.label)
        self.wanted = np.array([b.wanted for b in plan.blocks])
        self.main = found.total or next(iter(found.groups.values()))

    def text(self, target: float | None, at_most: bool) -> str:
        if (self.found.total is None and len(self.found.groups) > 1) or (self.plan.limit and self.found.total):
            return f"{self._ranking()}."
        said = self._chance(target, at_most) if target is not None else f"{self._come_to()}{self._change()}."
        said += self._days()
        return said if self.found.total is None else f"{said} {self._ranking()}."

    def method(self) -> str:
        past, main = self.plan.past, self.main
        said = (
            f"The median of six models of trend{' and season' * self.plan.seasonal}, from {len(past.starts)} "
            f"{past.grain}s ({self._when(past.starts[0])} to {self._when(past.starts[-1])})."
        )
        if self.found.total is not None:
            said += " Each group and the total are forecast, then made to agree."
        for counted in self.found.counted:
            what, days = f"{_upper(counted.days.source)}", counted.tested.days
            times = f"on {days} of them in the past"
            if counted.tested.helps:
                off = self._percent(100 * counted.tested.gain)
                said += f" {what} are counted in: {times}, that made the error {off} smaller."
            elif days >= _TRIED:
                said += f" {what} were tried and left out: {times}, they did not help."
        if not np.isnan(main.error):
            times = f"{main.tests} test{'s' * (main.tests != 1)}"
            said += f" In {times} on the past, such forecasts were {self._percent(main.error)} off on average"
            if not np.isnan(main.naive_error):
                repeated = f"the last {_RECURS.get(past.grain, 'season')}" if self.plan.seasonal else "the last value"
                said += f"; repeating {repeated} would have been {self._percent(main.naive_error)} off"
            said += "."
        return said

    def caveats(self) -> list[str]:
        said = list(self.plan.past.caveats)
        if self.found.short:
            names = ", ".join(self._name(g) for g in self.found.short[:_NAMED])
            more = f" and {len(self.found.short) - _NAMED} more" if len(self.found.short) > _NAMED else ""
            said.append(f"Too little history to forecast {names}{more}: left out.")
        if self.main.error > max(1.1 * self.main.naive_error, 0.05):
            said.append("On the past, repeating the last values did better than these models: take this with care.")
        elif self.main.error > _POOR:
            said.append("Such forecasts were far off in the past: it is hard to foresee.")
        if not self.main.tested_so_far:
            said.append(
                "The past is too short to test a forecast so far ahead: its range is guessed from shorter ones."
            )
        if self.main.spread.max() == 0:
            said.append("The figure has never changed, so nothing shows how far it may move.")
        return said

    def follow_ups(self) -> tuple[str, ...]:
        grain, blocks = self.plan.shown.grain, len(self.plan.blocks)
        round_to = float(f"{self.main.total:.2g}")
        asked = [f"Forecast {self.label} for {max(2 * blocks, 4)} {grain}s"]
        if self.main.total > 0 and self._adds:
            goal = format_value(int(round_to), replace(self.column, kind="integer", unit=None), self.locale)
            asked.append(f"Will {self.label} reach {goal} {_in(self.plan.window.text)}?")
        return (*asked, f"{_upper(self.label)} by {grain}")

    def _days(self) -> str:
        """What moves the time that is asked for."""
        moved: dict[str, float] = {}
        past, first = self.plan.past, len(self.plan.past.starts)
        for counted in (c for c in self.found.counted if c.tested.helps):
            until = first
            for block in self.plan.blocks:
                until += block.steps
                for n in range(until - block.steps, until) if block.wanted else ():
                    name = counted.days.at[n]
                    if name >= 0 and abs(by := 100 * (counted.effect[name] - 1)) >= _TOLD:
                        day = after(past.starts[0], past.grain, n)
                        dated = past.grain == "day" and not counted.days.names[name].startswith("the week")
                        when = f" ({day:%b} {day.day})" if dated else ""
                        moved.setdefault(f"{counted.days.names[name]}{when}", by)
        if not moved:
            return ""
        most = sorted(moved, key=lambda said: -abs(moved[said]))[:_NAMED]
        told = [f"{m} {self._percent(round(abs(moved[m])))} {'below' if moved[m] < 0 else 'above'}" for m in most]
        usual = "a usual day of the week" if past.grain == "day" else "a usual week"
        return f" Counted in, against {usual}: {', '.join(told)}."

    @property
    def _adds(self) -> bool:
        return self.plan.past.additive or self.wanted.sum() == 1

    def _name(self, group: Group) -> str:
        return self.plan.past.name(group, self.locale)

    def _come_to(self) -> str:
        main, period = self.main, _in(self.plan.window.text)
        if not self._adds:
            first, last = main.expected[self.wanted][[0, -1]]
            low, high = (bound[self.wanted][-1] for bound in main.range(_LEVEL))
            return (
                f"{_upper(self.label)} will go from about {self._short(first)} to about **{self._short(last)}** "
                f"{period} (80% likely between {self._short(low)} and {self._short(high)} at its end)"
            )
        low, high = main.total_range(_LEVEL)
        verb = "come to" if self.plan.past.additive else "be"
        return (
            f"{_upper(self.label)} will {verb} about **{self._short(main.total)}** {period} (80% likely between "
            f"{self._short(low)} and {self._short(high)})"
        )

    def _change(self) -> str:
        """Against as many periods before."""
        if not self._adds or not self.wanted.all():
            return ""
        shown, count = self.plan.shown, len(self.wanted)
        groups = list(shown.groups.values())
        if len(shown.starts) < count or (not shown.additive and len(groups) > 1):
            return ""
        before = float(np.sum([g[-count:].sum() for g in groups]))
        if not before > 0 or self.main.total < 0:
            return ""
        change = 100 * (self.main.total - before) / before
        grain = shown.grain if count == 1 else f"{count} {shown.grain}s"
        if abs(change) < 0.05:
            return f", about the same as in the {grain} before"
        return f", {'up' if change > 0 else 'down'} {self._percent(abs(change))} on the {grain} before"

    def _chance(self, target: float, at_most: bool) -> str:
        chance = self.main.chance(target)
        chance = 1 - chance if at_most else chance
        word = next(w for bound, w in _CHANCES if chance >= bound)
        part = (
            "more than 99%" if chance > 0.99 else "less than 1%" if chance < 0.01 else f"about {round(100 * chance)}%"
        )
        verb = "stay within" if at_most else "reach"
        return (
            f"It is {word} (**{part}**) that {self.label} will {verb} {self._short(target)} "
            f"{_in(self.plan.window.text)}: {_lower(self._come_to())}."
        )

    def _ranking(self) -> str:
        totals = {g: o.total if self._adds else float(o.expected[-1]) for g, o in self.found.groups.items()}
        best = list(totals)[:_NAMED]
        said = ", ".join(f"{self._name(g)} ({self._short(totals[g])})" for g in best[1:])
        extreme = "highest" if self.plan.largest else "lowest"
        first = (
            f"**{self._name(best[0])}** will have the {extreme} {self.label}: **{self._short(totals[best[0]])}** "
            f"{_in(self.plan.window.text)}"
        )
        return first + (f", followed by {said}" if said else "")

    def _short(self, value: float) -> str:
        integral = self.column.kind == "integer"
        return format_short(round(value) if integral else float(value), self.column, self.locale)

    def _when(self, moment: datetime) -> str:
        return format_value(moment, replace(self.plan.past.time, grain=self.plan.past.grain), self.locale)

    def _percent(self, value: float) -> str:
        return format_value(round(value, 1), _PERCENT, self.locale)


def _figure(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _in(period: str) -> str:
    if period.startswith(("before", "since")):
        return period
    return f"on {period}" if re.fullmatch(r"\d{1,2} [A-Z]\w+ \d{4}", period) else f"in {period}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
