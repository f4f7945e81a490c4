"""Why a figure changed, in words and rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from knowledge.formats import format_short, format_value
from knowledge.result import ResultColumn
from tools.analysis import Analysis
from tools.explaining.cube import Cube
from tools.explaining.periods import Periods
from tools.explaining.search import Driver, Findings, Found, Shift

_PERCENT = ResultColumn("percent", "percent", "percent")
_USUAL = 0.05
_ROWS = 40
_EACH = 5
"""Segments of a dimension in the table, beside the causes."""
_SMALL = 0.001


def answered(
    findings: Findings, cube: Cube, span: Periods, measure: ResultColumn, direction: int, large: list[str], locale: str
) -> Analysis:
    """`direction`: 1 where the question says that the figure rose, -1 that it fell, 0 neither."""
    speaker = _Speaker(findings, span, measure, locale)
    caveats = [*cube.caveats]
    if large:
        caveats.append(f"Not searched, for their many values: {', '.join(large[:5])}.")
    if span.ends is not None:
        caveats.append(f"The data ends on {span.ends:%-d %B %Y}, within {span.now.text}.")
    if span.in_now.sum() == span.in_then.sum() and (days := _days(span)) and not findings.ratio:
        caveats.append(days)
    return Analysis(
        _columns(measure, span, findings), _rows(findings), cube.sql, cube.elapsed_ms, caveats=tuple(caveats),
        text=speaker.text(direction), method=speaker.method(), follow_ups=speaker.follow_ups(),
    )  # fmt: skip


def _days(span: Periods) -> str:
    lengths = [(w.end - w.start).days for w in (span.now, span.then) if w.start and w.end]
    if len(lengths) < 2 or lengths[0] == lengths[1]:
        return ""
    return f"{span.now.text} has {lengths[0]} days, {span.then.text} {lengths[1]}."


def _columns(measure: ResultColumn, span: Periods, findings: Findings) -> tuple[ResultColumn, ...]:
    value = replace(measure, name="now", label=span.now.text, role="current", of=None)
    columns = [
        ResultColumn("part", "Part", "category"),
        replace(value, name="contribution", label="Contribution to the change", role="contribution"),
        replace(value, name="before", label=span.then.text),
        value,
        replace(value, name="own", label="More than the rest changed"),
    ]
    if findings.ratio:
        columns += [
            replace(value, name="rate", label="From its own figure"),
            replace(value, name="mix", label="From its weight"),
        ]
    return tuple(columns)


def _rows(findings: Findings) -> list[tuple[Any, ...]]:
    """The cause first, then factors, then the largest contributions of each dimension."""
    cause, ratio = findings.cause, findings.ratio
    first = [cause] if isinstance(cause, Found) else []
    rows = [_row(f, ratio) for f in (*first, *findings.also)]
    rows += [
        (d.name[:1].upper() + d.name[1:], d.contribution, None, None, None, *(None, None) * ratio)
        for d in findings.drivers
    ]
    dimensions = list(dict.fromkeys(f.segment[0][0] for f in findings.segments if len(f.segment) == 1))
    if isinstance(cause, Shift):
        dimensions.sort(key=lambda d: d != cause.dimension)
    left: list[Found] = []
    for dimension in dimensions:
        own = [f for f in findings.segments if len(f.segment) == 1 and f.segment[0][0] == dimension]
        left += sorted(own, key=lambda f: -abs(f.contribution))[:_EACH]
    if not isinstance(cause, Shift):
        left.sort(key=lambda f: -abs(f.contribution))
    seen = {f.segment for f in (*first, *findings.also)}
    rows += [_row(f, ratio) for f in left if f.segment not in seen and f.contribution]
    return rows[:_ROWS]


def _row(found: Found, ratio: bool) -> tuple[Any, ...]:
    figures = (found.before(ratio), found.after(ratio))
    parts = (found.rate, found.mix) if ratio else ()
    return (name_of(found), found.contribution, *figures, found.own, *parts)


def name_of(found: Found) -> str:
    return ", ".join(f"{d.label}: {'(none)' if v is None else v}" for d, v in found.segment)


class _Speaker:
    def __init__(self, findings: Findings, span: Periods, measure: ResultColumn, locale: str):
        self.found, self.span, self.column, self.locale = findings, span, measure, locale
        self.label = _lower(measure.label)

    def text(self, direction: int) -> str:
        found = self.found
        if found.now == found.then:
            return f"{self._upper()} did not change: {self._short(found.now)} in {self.span.now.text}, as before."
        said = self._against(direction) + self._first()
        more = [self._also(), self._factors(), self._reversed()]
        return " ".join([said, *filter(None, more)])

    def method(self) -> str:
        found, span = self.found, self.span
        if found.past < 3:
            return (
                f"{found.tested} segments and combinations compared; there are too few earlier {span.grain}s to know "
                "how much they vary by themselves."
            )
        return (
            f"{found.tested} segments, combinations and mixes compared, each with how much it varied in {found.past} "
            f"earlier {span.grain}s; a cause is named only where chance would do as much in fewer than 1 search of 20, "
            "and if it makes a fifth of the change."
        )

    def follow_ups(self) -> tuple[str, ...]:
        cause = self.found.cause
        if isinstance(cause, Found | Shift):
            dimension = cause.segment[0][0] if isinstance(cause, Found) else cause.dimension
            return (f"{self.column.label} by {dimension.label.lower()} in {self.span.now.text}",)
        return (f"{self.column.label} by {self.span.grain}",)

    def _against(self, direction: int) -> str:
        if direction * self.found.change >= 0:
            return ""
        return f"{self._upper()} did not {'rise' if direction > 0 else 'fall'}. "

    def _upper(self) -> str:
        return self.column.label[:1].upper() + self.column.label[1:]

    def _moved(self, change: float, *, by: float | None = None) -> str:
        verb = "rose" if change > 0 else "fell"
        part = f" ({self._percent(100 * abs(change / by))})" if by else ""
        return f"{verb} by **{self._short(abs(change))}**{part}"

    def _first(self) -> str:
        found = self.found
        head = (
            f"{self._upper()} {self._moved(found.change, by=found.then)}, from {self._short(found.then)} in "
            f"{self.span.then.text} to {self._short(found.now)} in {self.span.now.text}"
        )
        cause = found.cause
        if isinstance(cause, Found) and found.despite:
            return f"{head}, despite {self._segment(cause)}."
        if isinstance(cause, Found):
            return f"{head}, {self._mostly(cause.own)} because of {self._segment(cause)}."
        if isinstance(cause, Shift):
            return f"{head}, {self._mostly(cause.effect)} because of {self._shift(cause)}."
        if isinstance(cause, Driver):
            return f"{head}, {self._mostly(cause.contribution)} because {cause.name} {self._factor(cause)}."
        if found.past < 3:
            return (
                f"{head}. There is too little history to tell a cause from chance; the table has what each part adds."
            )
        if found.chance >= _USUAL:
            return f"{head}. Nothing explains it: a change of this size is usual."
        return (
            f"{head}. Nothing in particular explains it: no segment changed more than it usually does beside the rest."
        )

    def _mostly(self, effect: float) -> str:
        share = effect / self.found.change
        return "only" if share > 1.25 else "mostly" if share >= 0.5 else "partly"  # only: the rest went the other way

    def _segment(self, cause: Found) -> str:
        ratio = self.found.ratio
        before, after = cause.before(ratio), cause.after(ratio)
        name = f"**{self._named(cause)}**"
        if ratio:
            said = (
                ""
                if before is None or after is None
                else f" went from {self._short(before)} to {self._short(after)} there, which"
            )
            return f"{name}: it{said} moved the whole by **{self._short(cause.contribution)}**"
        assert before is not None
        assert after is not None
        rest = self.found.change - (after - before)
        others = self.found.then - before
        turn = f"{self._moved(after - before, by=before or None)}"
        if abs(rest) < _SMALL * abs(others):
            return f"{name}, which {turn} while the rest hardly changed"
        share = (
            f"{'rose' if rest > 0 else 'fell'} by {self._percent(100 * abs(rest / others))}" if others else "had none"
        )
        return f"{name}, which {turn} while the rest {share}"

    def _named(self, found: Found) -> str:
        return ", ".join(f"{d.label.lower()} {'(none)' if v is None else v}" for d, v in found.segment)

    def _shift(self, cause: Shift) -> str:
        own = [f for f in self.found.segments if len(f.segment) == 1 and f.segment[0][0] == cause.dimension]
        weights = [sum(f.now[1] for f in own) or 1.0, sum(f.then[1] for f in own) or 1.0]
        most = max(own, key=lambda f: f.mix * (1 if cause.effect > 0 else -1))
        after, before = 100 * most.now[1] / weights[0], 100 * most.then[1] / weights[1]
        rate = most.before(True) if most.then[1] else most.after(True)
        where = (
            ""
            if rate is None
            else f", where it is {'higher' if rate > self.found.then else 'lower'} ({self._short(rate)})"
        )
        return (
            f"the mix by **{cause.dimension.label.lower()}**: {'more' if after > before else 'less'} of it is "
            f"{most.segment[0][1]} ({self._percent(after)}, after {self._percent(before)}){where}, which makes "
            f"**{self._short(cause.effect)}**"
        )

    def _factor(self, driver: Driver) -> str:
        part = abs(driver.now / driver.then - 1) * 100
        verb = "rose" if driver.now > driver.then else "fell"
        return f"{verb} by {self._percent(part)}, which makes **{self._short(driver.contribution)}**"

    def _also(self) -> str:
        if not self.found.also:
            return ""
        said = [f"{self._named(f)} ({self._short(f.contribution)})" for f in self.found.also[:3]]
        return f"Also out of line: {', '.join(said)}."

    def _factors(self) -> str:
        others = [d for d in self.found.drivers if d is not self.found.cause]
        if not others:
            return ""
        said = [
            f"{self._short(d.contribution)} from {d.name}" for d in sorted(others, key=lambda d: -abs(d.contribution))
        ]
        if isinstance(self.found.cause, Driver):
            return f"The rest is {_and(said)}."
        return f"By its factors, the change is {_and(said)}."

    def _reversed(self) -> str:
        if not self.found.reversed:
            return ""
        dimension = self.found.reversed[0].label.lower()
        other = "rose" if self.found.change < 0 else "fell"
        return (
            f"Beware (Simpson's paradox): in nearly every {dimension} by itself it {other}; the whole went the other "
            "way because their weights changed."
        )

    def _short(self, value: float) -> str:
        integral = self.column.kind == "integer"
        return format_short(round(value) if integral else float(value), self.column, self.locale)

    def _percent(self, value: float) -> str:
        return format_value(round(float(value), 1), _PERCENT, self.locale)


def _and(said: list[str]) -> str:
    return " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else said[0]


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
