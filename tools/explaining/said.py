"""Why one group's figure is higher than another's, in words and rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from knowledge.formats import format_short, format_value
from knowledge.result import ResultColumn
from tools.analysis import Analysis
from tools.explaining.dimensions import Dimension

_PERCENT = ResultColumn("percent", "percent", "percent")
_SURE = 0.05
_MATTERS = 0.15
"""The least part of the difference that is worth a sentence."""
_ROWS, _EACH, _NAMED = 40, 6, 3


@dataclass(frozen=True)
class Beside:
    """A segment's figures in both groups, what it adds to their difference, and how much of that is more than the
    rest differs."""

    dimension: Dimension
    value: Any
    one: float | None
    other: float | None
    adds: float
    own: float
    rate: float
    mix: float
    sure: bool


@dataclass(frozen=True)
class Made:
    """A factor's figures in both groups, and what it makes of the difference."""

    name: str
    one: float
    other: float
    adds: float


@dataclass(frozen=True)
class Apart:
    names: tuple[str, str]
    """The group with the higher figure first."""
    figures: tuple[float, float]
    measure: ResultColumn
    segments: tuple[Beside, ...]
    factors: tuple[Made, ...]
    ratio: bool
    stretches: int
    grain: str
    large: tuple[str, ...]
    chance: float
    """How likely the difference is by chance, by how it varies from stretch to stretch."""
    turned: bool = False
    """The question says that it is the other way round."""

    @property
    def gap(self) -> float:
        return self.figures[0] - self.figures[1]


def said(found: Apart, sql: str, elapsed_ms: float, caveats: tuple[str, ...], locale: str) -> Analysis:
    teller = _Teller(found, locale)
    notes = [*caveats, "It says where the groups differ, not what makes them differ."]
    if found.large:
        notes.append(f"Not searched, for their many values: {', '.join(found.large[:5])}.")
    return Analysis(
        _columns(found), _rows(found), sql, elapsed_ms, caveats=tuple(notes), text=teller.text(),
        method=teller.method(), follow_ups=teller.follow_ups(),
    )  # fmt: skip


def _columns(found: Apart) -> tuple[ResultColumn, ...]:
    value = replace(found.measure, name="one", label=found.names[0], role="current", of=None)
    columns = [
        ResultColumn("part", "Part", "category"),
        replace(value, name="contribution", label="Contribution to the difference", role="contribution"),
        replace(value, name="other", label=found.names[1]),
        value,
        replace(value, name="own", label="More than the rest differs"),
    ]
    if found.ratio:
        columns += [
            replace(value, name="rate", label="From its own figure"),
            replace(value, name="mix", label="From its weight"),
        ]
    return tuple(columns)


def _rows(found: Apart) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        (f.name[:1].upper() + f.name[1:], f.adds, None, None, None, *(None, None) * found.ratio) for f in found.factors
    ]
    for dimension in dict.fromkeys(s.dimension for s in found.segments):
        own = sorted((s for s in found.segments if s.dimension == dimension), key=lambda s: -abs(s.adds))
        rows += [
            (f"{dimension.label}: {_value(s)}", s.adds, s.other, s.one, s.own, *(s.rate, s.mix)[: 2 * found.ratio])
            for s in own[:_EACH]
        ]
    return rows[:_ROWS]


def _value(segment: Beside) -> str:
    return "(none)" if segment.value is None else str(segment.value)


class _Teller:
    def __init__(self, found: Apart, locale: str):
        self.found, self.locale = found, locale

    def text(self) -> str:
        found = self.found
        high, low = found.figures
        label = found.measure.label[:1].upper() + found.measure.label[1:]
        by = f" ({self._percent(100 * found.gap / abs(low))})" if low > 0 else ""
        no = "It is the other way round. " * found.turned
        head = (
            f"{no}{label}: **{found.names[0]}** has **{self._short(found.gap)}**"
            f"{by} more than {found.names[1]}, {self._short(high)} against {self._short(low)}"
        )
        if found.chance >= _SURE and found.stretches > 2:
            return f"{head}. Such a difference may be chance: it changes from {found.grain} to {found.grain}."
        return " ".join(filter(None, [f"{head}.", self._factors(), self._mixes(), self._segments()]))

    def method(self) -> str:
        found = self.found
        return (
            f"{len(found.segments)} segments of both groups compared; one is named where it differs more than the rest "
            f"in so many of {found.stretches} {found.grain}s that chance would do so in fewer than 1 search of 100"
            f"{', and factors by the logarithmic mean, so that they add up' * bool(found.factors)}."
        )

    def follow_ups(self) -> tuple[str, ...]:
        names = " and ".join(self.found.names)
        return (f"Is the difference in {_lower(self.found.measure.label)} between {names} significant?",)

    def _factors(self) -> str:
        """The factor that makes most of it, and the rest."""
        if not self.found.factors:
            return ""
        first, *rest = sorted(self.found.factors, key=lambda f: -f.adds)
        more = self._percent(100 * abs(first.one / first.other - 1))
        turn = f"{'higher' if first.one > first.other else 'lower'} by {more}"
        others = ", ".join(f"{self._short(f.adds)} from {f.name}" for f in sorted(rest, key=lambda f: -abs(f.adds)))
        share = first.adds / self.found.gap
        how = "More than all of it" if share > 1.02 else "Most of it" if share >= 0.5 else "The largest part"
        return f"{how} is **{first.name}** ({turn}, which makes {self._short(first.adds)}); {others}."

    def _mixes(self) -> str:
        """For a ratio: the dimension whose mix makes most of it."""
        if not self.found.ratio:
            return ""
        sums: dict[Dimension, float] = {}
        for s in self.found.segments:
            sums[s.dimension] = sums.get(s.dimension, 0.0) + s.mix
        best = max(sums, key=lambda d: sums[d], default=None)
        if best is None or sums[best] < _MATTERS * self.found.gap:
            return ""
        most = max((s for s in self.found.segments if s.dimension == best), key=lambda s: s.mix)
        return (
            f"The mix by **{best.label.lower()}** makes **{self._short(sums[best])}** of it, most by "
            f"{best.label.lower()} {_value(most)}."
        )

    def _segments(self) -> str:
        found = self.found
        sure = [s for s in found.segments if s.sure and s.own > 0 and s.own >= _MATTERS * found.gap]
        against = [s for s in found.segments if s.sure and s.own < 0 and -s.own >= _MATTERS * found.gap]
        if not sure:
            return (
                "It is much the same in every segment: none differs more than the rest."
                if not against
                else self._other(against)
            )
        first = sure[0]
        more = [s for s in sure if s.dimension == first.dimension][1:_NAMED]
        also = f", then {' and '.join(f'{_value(s)} ({self._short(s.adds)})' for s in more)}" if more else ""
        told = f"They differ most in {first.dimension.label.lower()} **{_value(first)}**: {self._sides(first)}{also}."
        return " ".join(filter(None, [told, self._other([s for s in against if s.dimension == first.dimension])]))

    def _other(self, against: list[Beside]) -> str:
        if not against:
            return ""
        first = against[0]
        turned = (first.one or 0.0) < (first.other or 0.0)
        return (
            f"{'It is the other way round' if turned else 'They differ less'} in {first.dimension.label.lower()} "
            f"**{_value(first)}**: {self._sides(first)}."
        )

    def _sides(self, s: Beside) -> str:
        one, other = ("nothing" if v is None else self._short(v) for v in (s.one, s.other))
        return f"{one} against {other}"

    def _short(self, value: float) -> str:
        integral = self.found.measure.kind == "integer"
        return format_short(round(value) if integral else float(value), self.found.measure, self.locale)

    def _percent(self, value: float) -> str:
        return format_value(round(float(value), 1), _PERCENT, self.locale)


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
