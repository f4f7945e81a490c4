"""What is unusual, in words and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from knowledge.calendar.holidays import HOLIDAYS
from knowledge.formats import format_short, format_value
from knowledge.result import ResultColumn
from tools.analysis import Analysis
from tools.detection.consists import Consists
from tools.detection.scan import Found, Scan
from tools.detection.unusual import FALSE_ALARMS, Finding
from tools.history import SEASONS

_NAMED = 4
LOOKED_INTO = 3
"""Findings of which it is told what they consist of."""
_DRAWN = 8
"""Groups among the rows: a chart shows no more."""
_AROUND = 30
"""Periods shown before the time that was asked about."""
_PERCENT = ResultColumn("percent", "percent", "percent")


def answered(scan: Scan, locale: str, made_of: Mapping[Found, Consists | None] | None = None) -> Analysis:
    """`made_of`: what things that were found consist of."""
    speaker = _Speaker(scan, locale, made_of or {})
    return Analysis(
        _columns(scan), _rows(scan), scan.past.sql, scan.past.elapsed_ms, caveats=tuple(speaker.caveats()),
        text=speaker.text(), method=speaker.method(), follow_ups=speaker.follow_ups(),
    )  # fmt: skip


def moment(scan: Scan, when: int, locale: str) -> str:
    """The start of a period, in words."""
    return format_short(scan.past.starts[when], replace(scan.past.time, grain=scan.past.grain), locale)


def period(scan: Scan) -> str:
    """What was looked at, in words: " in October 2026", " since May"; "" for all of the past."""
    if scan.window is None:
        return ""
    text = scan.window.text
    return f" {text}" if text.startswith(("since", "before", "until", "after")) else f" in {text}"


def told(found: Found, scan: Scan, locale: str) -> str:
    """One thing that was found, in a sentence."""
    return _Speaker(scan, locale).told(found)


def _columns(scan: Scan) -> tuple[ResultColumn, ...]:
    value = replace(scan.past.measure, role="value")
    expected = replace(value, name=f"{value.name}_expected", label="Expected", role="expected", of=value.name)
    low = replace(expected, name=f"{value.name}_low", label="Low", role="low")
    high = replace(expected, name=f"{value.name}_high", label="High", role="high")
    flagged = ResultColumn("unusual", "Unusual", "flag", measure=True, role="flagged", of=value.name)
    return (
        *scan.past.by,
        replace(scan.past.time, label=scan.past.grain.capitalize()),
        value,
        expected,
        low,
        high,
        flagged,
    )


def _rows(scan: Scan) -> list[tuple[Any, ...]]:
    """The time that was asked about, and some before it; of many groups, those with something unusual."""
    groups = list(dict.fromkeys(f.group for f in scan.found)) or sorted(
        scan.judged, key=lambda g: -float(np.nansum(np.abs(scan.past.groups[g])))
    )
    first = max(0, int(np.argmax(scan.inside)) - _AROUND)
    last = len(scan.inside) - int(np.argmax(scan.inside[::-1]))
    rows: list[tuple[Any, ...]] = []
    for group in groups[:_DRAWN]:
        judged, values = scan.judged[group], scan.past.groups[group]
        flagged = {n for f in judged.findings for n in range(f.start, f.end + 1)}
        for n in range(first, last):
            figures = (values[n], judged.expected[n], judged.low[n], judged.high[n])
            rows.append((*group, scan.past.starts[n], *(_figure(v) for v in figures), n in flagged))
    return rows


class _Speaker:
    def __init__(self, scan: Scan, locale: str, made_of: Mapping[Found, Consists | None] | None = None):
        self.scan, self.locale, self.made_of = scan, locale, made_of or {}
        self.column = scan.past.measure
        self.label = _lower(self.column.label)
        self.at = {"day": "on", "hour": "at"}.get(scan.past.grain, "in")

    def text(self) -> str:
        found, when = self.scan.found, period(self.scan)
        if not found:
            return self._nothing(when)
        things = "One thing is" if len(found) == 1 else f"{len(found)} things are"
        said = " ".join(self.told(f) + self._consists(f) for f in found[:_NAMED])
        more = f" {len(found) - _NAMED} more are in the table." if len(found) > _NAMED else ""
        return f"{things} unusual in {self.label}{when}. {said}{more}"

    def method(self) -> str:
        past, season = self.scan.past, SEASONS[self.scan.past.grain]
        if past.grain == "hour":
            return (
                f"Each of {len(past.starts):,} hours was judged by those before it: it is flagged where it, or the "
                f"last hours, went beyond all that was seen by a third of the standard deviation."
            )
        taken = "trend and season are" if 1 < 2 * season <= len(past.starts) else "trend is"
        rate = round(100 * FALSE_ALARMS)
        return (
            f"From {len(past.starts)} {past.grain}s ({self._when(0)} to {self._when(-1)}): the {taken} taken out, and "
            f"spikes, dips, shifts of level and drifts looked for (after Chen and Liu 1993), and wider or narrower "
            f"swings. The bounds are so wide that where nothing is unusual, something is flagged {rate} times in 100."
        )

    def caveats(self) -> list[str]:
        said = list(self.scan.past.caveats)
        if self.scan.left_out:
            groups = "1 group has" if self.scan.left_out == 1 else f"{self.scan.left_out} groups have"
            said.append(f"{groups} too few records to judge by {self.scan.past.grain}: left out.")
        return said

    def follow_ups(self) -> tuple[str, ...]:
        grain = self.scan.past.grain
        return (f"{_upper(self.label)} by {grain}{period(self.scan)}", f"Forecast {self.label} for 8 {grain}s")

    def _nothing(self, when: str) -> str:
        if len(self.scan.judged) > 1:
            groups = f"all {len(self.scan.judged)} groups"
            return f"Nothing unusual in {self.label}{when}: {groups} were within what was to be expected."
        judged = next(iter(self.scan.judged.values()))
        low, high = np.nanmin(judged.low[self.scan.inside]), np.nanmax(judged.high[self.scan.inside])
        return (
            f"Nothing unusual in {self.label}{when}: every {self.scan.past.grain} was within what was to be expected "
            f"(**{self._short(low)}** to **{self._short(high)}**)."
        )

    def told(self, found: Found) -> str:
        finding, whose = found.finding, f" of {self.scan.past.name(found.group, self.locale)}" if found.group else ""
        subject = f"**{_upper(self.label)}{whose}**"
        start = self._when(finding.start) + self._holiday(finding.start)
        if finding.kind in ("spike", "dip"):
            return self._point(found, subject, start)
        if finding.kind == "pattern":
            return (
                f"{subject} was unlike the same time of the days before {self.at} {start}: "
                f"**{self._short(finding.actual)}**, usually about {self._short(finding.expected)}."
            )
        if finding.kind == "swings":
            more = "more" if finding.actual > finding.expected else "less"
            return (
                f"{subject} swings {more} since {start}: a {self.scan.past.grain} is about "
                f"**{self._short(finding.actual)}** off what is to be expected, before about "
                f"{self._short(finding.expected)}."
            )
        way = "up" if finding.actual > finding.expected else "down"
        change = self._change(finding)
        if finding.kind == "shift":
            return (
                f"{subject} moved {way} to a new level from {start}: about **{self._short(finding.actual)}** a "
                f"{self.scan.past.grain}, before about {self._short(finding.expected)}{change}."
            )
        levels = f"{self._short(finding.expected)} to about **{self._short(finding.actual)}** a {self.scan.past.grain}"
        return f"{subject} drifted {way} from {start} to {self._when(finding.end)}: from about {levels}{change}."

    def _consists(self, found: Found) -> str:
        made = self.made_of.get(found)
        nothing = found.finding.actual == 0 and self.scan.past.additive
        if made is None or nothing:
            return ""
        if made.part is None:
            labels = ", ".join(label.lower() for label in made.looked_at[:_NAMED])
            return f" It is spread out: no part by {labels} stands out."
        part = made.part
        whole = format_value(min(100, round(100 * part.share)), _PERCENT, self.locale)
        much = "All" if part.share >= 0.995 else whole
        who = f"{part.column.label.lower()} {format_value(part.value, part.column, self.locale)}"
        if part.value is None:
            who = f"rows without {part.column.label.lower()}"
        return f" {much} of the difference is {who}: {self._short(part.actual)}, usually {self._short(part.usual)}."

    def _point(self, found: Found, subject: str, start: str) -> str:
        finding, judged = found.finding, self.scan.judged[found.group]
        low, high = judged.low[finding.start], judged.high[finding.start]
        if self.scan.past.additive and finding.actual == 0 and low > 0:
            return (
                f"{subject} had nothing {self.at} {start}, where {self._short(low)} to {self._short(high)} was to be "
                f"expected: is the data complete?"
            )
        word = "high" if finding.kind == "spike" else "low"
        return (
            f"{subject} was unusually {word} {self.at} {start}: **{self._short(finding.actual)}**, where "
            f"{self._short(low)} to {self._short(high)} was to be expected{self._change(finding)}."
        )

    def _holiday(self, n: int) -> str:
        day = self.scan.past.starts[n].date()
        if self.scan.past.grain != "day":
            return ""
        named = next((name for name, on in HOLIDAYS.items() if on(day.year) == day), None)
        return f" ({named.title()})" if named else ""

    def _change(self, finding: Finding) -> str:
        if not finding.expected > 0 or not finding.actual > 0:
            return ""
        change = 100 * (finding.actual - finding.expected) / finding.expected
        return f" ({'+' if change > 0 else '−'}{format_value(round(abs(change), 0), _PERCENT, self.locale)})"

    def _when(self, n: int) -> str:
        return moment(self.scan, n, self.locale)

    def _short(self, value: float) -> str:
        return format_short(round(value) if self.column.kind == "integer" else float(value), self.column, self.locale)


def _figure(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
