"""What a figure would be, in words and rows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from knowledge.formats import format_short, format_value
from knowledge.request import Request
from knowledge.result import ResultColumn
from knowledge.words import plural
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.forecasting.groups import expected
from tools.forecasting.outlook import Outlook
from tools.forecasting.plan import planned
from tools.supposing.drivers import Driver, checked, driver
from tools.supposing.panel import Learnt, learnt

_LEVEL = 0.8
_PERCENT = ResultColumn("percent", "percent", "percent")


@dataclass(frozen=True)
class Case:
    """What is supposed: by how much what `words` name moves, in percent or in its own unit; that it is so `always`; or,
    with none of them, that there is nothing of it."""

    words: str
    percent: float | None = None
    plus: float | None = None
    always: bool = False


def supposed(request: Request, case: Case, window: str | None, workspace: Workspace, limits: Limits) -> Analysis:
    """Of the next period, or `window`.

    Raises CannotAnalyse, and whatever a query raises."""
    checked(request, workspace.model)
    free = {"columns": request.measures[:1], "order": [], "limit": None, "compare_to": None, "period": None}
    bare = request.model_copy(update=free)
    known = driver(case.words, bare, workspace)
    past = learnt(bare, known, workspace, limits)
    plan = planned(bare, None if window else 1, None, window, workspace, limits)
    found = expected(plan)
    usual = found.total or next(iter(found.groups.values()))
    teller = _Teller(known, past, usual, plan.past.measure, plan.window.text, case, limits.locale)
    columns, rows = teller.table()
    return Analysis(
        columns, rows, past.sql, past.elapsed_ms + plan.past.elapsed_ms, caveats=teller.caveats(), text=teller.text(),
        method=teller.method(), follow_ups=(f"Forecast {teller.label}",),
    )  # fmt: skip


class _Teller:
    def __init__(
        self, known: Driver, past: Learnt, usual: Outlook, measure: ResultColumn, window: str, case: Case, locale: str,
    ):  # fmt: skip
        self.driver, self.past, self.usual, self.column, self.locale = known, past, usual, measure, locale
        self.window, self.label = window, measure.label[:1].lower() + measure.label[1:]
        self.move, self.case = self._moved(case)

    def _moved(self, case: Case) -> tuple[float, str]:
        """By how much the driver moves, in the unit of the slope, and in words."""
        name, level, kind = self.driver.label, self.past.level, self.driver.kind
        percent, plus = case.percent, case.plus
        if case.always:
            if kind != "share":
                raise CannotAnalyse(f"Say by how much {name} would move: “what if {name} rises 10%?”")
            return 1 - level, f"{name} all the time"
        if kind == "price":
            if percent is None or percent <= -100:
                raise CannotAnalyse("Say by how much the price changes, in percent: “what if we raise prices 5%?”")
            return math.log1p(percent / 100), f"{self._percent(abs(percent))} {_way(percent)} prices"
        if percent is not None:
            return level * percent / 100, f"{self._percent(abs(percent))} {'more' if percent > 0 else 'less'} {name}"
        if plus is not None:
            by = plus / 100 if kind in ("share", "part") else plus
            return by, f"{abs(plus):g} {'more' if plus > 0 else 'less'} {name}"
        return -level, f"no {name}"

    def text(self) -> str:
        effect = self.past.effect
        as_is = f"As it is, {self.label} will come to about {self._short(self.usual.total)} in {self.window}"
        if effect is None:
            return f"{_upper(self.driver.label)} has hardly varied, so the past can't say what it does. {as_is}."
        if not effect.shows:
            return (
                f"The past does not show that {self.driver.label} moves {self.label}: what {self.case} would do "
                f"can't be told from it. {as_is}."
            )
        change, (low, high) = self._change(effect.slope), self._bounds()
        more = "more" if change > 0 else "less"
        edges = f"{self._percent(abs(low))} {_more(low)} and {self._percent(abs(high))} {_more(high)}"
        told = self.usual.total * (1 + change)
        return (
            f"With {self.case}, {self.label} would come to about **{self._short(told)}** in {self.window}, "
            f"**{self._percent(100 * abs(change))} {more}** than the {self._short(self.usual.total)} expected as it is "
            f"(80% likely between {edges})."
        )

    def method(self) -> str:
        past, effect = self.past, self.past.effect
        if effect is None:
            return ""
        where = f"{past.count} {plural(past.things.lower())} over {past.periods} weeks" if past.things else (
            f"{past.periods} days"
        )  # fmt: skip
        held = "each with its own level, and each week with its own" if past.things else "with weekdays, year and trend"
        chance = "p < 0.001" if effect.chance < 0.001 else f"p = {effect.chance:.3f}"
        checked = (
            f"on the newest 30%, not seen before, it cut squared errors by {self._percent(100 * effect.explained)}"
            if effect.explained > 0
            else "on the newest 30%, not seen before, it was no help"
        )
        slope = (
            f"1% more price went with {abs(effect.slope):.2f}% {_more(effect.slope)} {self.label}; "
            if self.driver.kind == "price"
            else ""
        )
        return f"A regression on {where}, {held}: {slope}{chance}; {checked}."

    def caveats(self) -> tuple[str, ...]:
        said = [
            "It is what went together in the past, not an experiment: what else changed with it counts as its effect, "
            "and competitors and stocking up are left out."
        ]
        if abs(self.move) > self.past.farthest:
            said.append("The past has hardly seen so large a change: take this with care.")
        if self.driver.kind == "price" and self.past.things:
            said.append(f"A price is the average of what was bought within a {self.past.things.lower()}.")
        return tuple(said)

    def table(self) -> tuple[tuple[ResultColumn, ...], list[tuple[Any, ...]]]:
        value = replace(self.column, of=None)
        columns = (
            ResultColumn("case", "Case", "category"),
            replace(value, name="expected", label="Expected"),
            replace(value, name="low", label="Low (80%)"),
            replace(value, name="high", label="High (80%)"),
        )
        low, high = self.usual.total_range(_LEVEL)
        rows: list[tuple[Any, ...]] = [("As it is", self.usual.total, low, high)]
        if self.past.effect is not None and self.past.effect.shows:
            change = self._change(self.past.effect.slope)
            least, most = (b / 100 for b in self._bounds())
            told = self.usual.total * (1 + change)
            sides = (self.usual.total - low, high - self.usual.total)
            off = [
                float(np.hypot(side * (1 + change), self.usual.total * abs(bound - change)))
                for side, bound in zip(sides, (least, most), strict=True)
            ]
            rows.append((_upper(self.case), told, max(told - off[0], self.usual.floor), told + off[1]))
        return columns, rows

    def _change(self, slope: float) -> float:
        return math.expm1(slope * self.move)

    def _bounds(self) -> tuple[float, float]:
        """In percent, the smaller first."""
        assert self.past.effect is not None
        low, high = sorted(100 * self._change(s) for s in self.past.effect.range(_LEVEL))
        return low, high

    def _short(self, value: float) -> str:
        integral = self.column.kind == "integer"
        return format_short(round(value) if integral else float(value), self.column, self.locale)

    def _percent(self, value: float) -> str:
        return format_value(round(float(value), 1), _PERCENT, self.locale)


def _way(percent: float) -> str:
    return "higher" if percent > 0 else "lower"


def _more(value: float) -> str:
    return "more" if value > 0 else "less"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
