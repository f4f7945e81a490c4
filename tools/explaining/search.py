"""The search for what a change comes from: every segment, combinations of two, shifts of the mix, and factors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.explaining.cube import Cube, CubeReader, Segment
from tools.explaining.dimensions import Dimension
from tools.explaining.effects import Changes, Usual, changes, excess, log_mean, mix, unusual
from tools.explaining.parts import Parts
from tools.explaining.periods import Periods

_SEGMENTS, _CROSSED, _SHIFTS, _DRIVERS = 0.015, 0.01, 0.01, 0.01
"""How often a search may name one where there is none, over all segments, combinations, shifts and factors: in fewer
than 1 search of 20, together."""
_MATTERS = 0.2
"""The least part of the change that a cause must account for."""
_AGAINST = 0.5
"""The least that something must have moved, as a part of the change, to be named although the whole moved otherwise."""
_LEADS = 0.1
"""The least part that it must be of all that moved in its dimension, up or down."""
_LEADING = 3
"""Segments that are crossed with all others: what hits a combination shows in one of its segments at least."""
_LEAST_CROSSED = 0.01
"""The least part of the whole that a combination must have been."""
_SMALL = 1e-3
_APART = 0.01
"""How far, as a part, the segments of a dimension may be from adding up to the whole."""


@dataclass(frozen=True)
class Found:
    """A segment's figures ([measure], now and then), what it contributes to the change, how much of that is more than
    everything else did (`own`), and how likely that is by chance."""

    segment: Segment
    now: np.ndarray
    then: np.ndarray
    contribution: float
    own: float
    chance: float
    score: float
    rate: float = 0.0
    mix: float = 0.0
    """For a ratio: what of the contribution is from its own ratio, and from its weight."""
    scale: float = 1.0

    def after(self, ratio: bool) -> float | None:
        """Its figure now; None for a ratio of nothing."""
        return _segment_figure(self.now, ratio, self.scale)

    def before(self, ratio: bool) -> float | None:
        return _segment_figure(self.then, ratio, self.scale)


@dataclass(frozen=True)
class Shift:
    """The mix of a dimension's segments changed a ratio by `effect`."""

    dimension: Dimension
    effect: float
    chance: float
    score: float


@dataclass(frozen=True)
class Driver:
    name: str
    now: float
    then: float
    contribution: float
    chance: float


@dataclass(frozen=True)
class Findings:
    now: float
    then: float
    chance: float
    """How likely a change as large as this one is by chance, as far as earlier ones tell."""
    tested: int
    """How many segments, combinations and mixes were looked at."""
    cause: Found | Shift | Driver | None
    """A segment may have moved against the change, where nothing explains the change itself: `despite`."""
    also: tuple[Found, ...]
    """Other segments of the cause's dimension that stand out."""
    segments: tuple[Found, ...]
    shifts: tuple[Shift, ...]
    drivers: tuple[Driver, ...]
    reversed: tuple[Dimension, ...]
    """Dimensions in whose every large segment the ratio went the other way: Simpson's paradox."""
    past: int
    """How many earlier changes say what is usual."""
    ratio: bool

    @property
    def change(self) -> float:
        return self.now - self.then

    @property
    def despite(self) -> bool:
        return isinstance(self.cause, Found) and self.cause.own * self.change < 0


def search(parts: Parts, dimensions: list[Dimension], reader: CubeReader, span: Periods) -> tuple[Findings, Cube]:
    """Raises whatever a query raises."""
    cube, factored = _total(parts, reader)
    whole = changes(cube.total, span)
    reader.singles(dimensions, cube)
    by_dimension = _complete(cube, dimensions)
    ratio = parts.bottom is not None
    stretches = int(max(span.in_now.sum(), 1))
    scale = parts.scale
    now, then = (_figure(side[:, -1], ratio, scale) for side in (whole.after, whole.before))
    stacked = {d: changes(np.stack([cube.segments[s] for s in segments]), span) for d, segments in by_dimension.items()}
    effects = {d: _effects(part, whole, ratio, scale) for d, part in stacked.items()}
    sizes = {d: _sizes(part, whole, ratio) for d, part in stacked.items()}
    if not effects:
        usual = Usual(np.zeros((0, whole.after.shape[-1])), np.zeros(0), stretches)
    else:
        usual = Usual(np.concatenate([*effects.values()]), np.concatenate([*sizes.values()]), stretches)
    found = [
        f
        for d, segments in by_dimension.items()
        for f in _judged(segments, stacked[d], effects[d], sizes[d], usual, whole, ratio, scale)
    ]
    shifts = _shifts(stacked, stretches, scale) if ratio else []
    crossed = _pairs(found, list(by_dimension), reader, cube)
    for segment in crossed:
        part = changes(np.stack([cube.segments[segment], cube.total - cube.segments[segment]]), span)
        effect, size = _effects(part, whole, ratio, scale), _sizes(part, whole, ratio)
        found += _judged([segment], part[:1], effect[:1], size[:1], usual, whole, ratio, scale, rest=part)
    singles = len(by_dimension) and sum(map(len, by_dimension.values()))

    def stands_out(own: float, chance: float, allowed: float, way: int = 1) -> bool:
        matters = way * own * (now - then) > 0 and abs(own) >= _MATTERS * abs(now - then)
        return matters and chance < allowed

    limits = (_SEGMENTS / max(singles, 1), _CROSSED / max(len(crossed), 1))

    def standing_out(way: int) -> list[Found]:
        """`way`: 1 for what moved as the whole did, -1 for what moved against it."""
        return [
            f
            for f in found
            if stands_out(f.own, f.chance, limits[len(f.segment) - 1], way)
            and abs(f.own)
            >= _LEADS * sum(abs(o.own) for o in found if o.segment[0][0] == f.segment[0][0] and not o.segment[1:])
        ]

    standing = standing_out(1)
    moved = [s for s in shifts if stands_out(s.effect, s.chance, _SHIFTS / len(shifts))]
    candidates: list[Found | Shift] = [*standing, *moved]
    cause: Found | Shift | Driver | None = max(candidates, key=lambda c: c.score, default=None)
    drivers = _drivers(parts, changes(factored, span), stretches) if parts.factors else []
    if cause is None:
        cause = _driver(drivers, now - then)
    if cause is None:
        standing = [f for f in standing_out(-1) if abs(f.own) >= _AGAINST * abs(now - then)]
        cause = max(standing, key=lambda f: f.score, default=None)
    also: tuple[Found, ...] = ()
    if isinstance(cause, Found):
        first = cause
        same = [d for d, _ in first.segment]
        also = tuple(
            sorted(
                (f for f in standing if f is not first and [d for d, _ in f.segment] == same),
                key=lambda f: -abs(f.own),
            )
        )
    moves = _moves(whole, ratio, scale)
    return Findings(
        now, then, unusual(moves, stretches), len(found) + len(shifts), cause, also, tuple(found), tuple(shifts),
        tuple(drivers), tuple(_reversed(stacked, now - then, scale)) if ratio else (), len(span.usual()), ratio,
    ), cube  # fmt: skip


def _total(parts: Parts, reader: CubeReader) -> tuple[Cube, np.ndarray]:
    """The whole of the reader's measures, and of those that the factors are made of, in one pass over the rows."""
    if not parts.factors:
        cube = reader.total()
        return cube, cube.total
    wide = CubeReader(
        reader.request, [*reader.measures, *(m for m in parts.measures if m not in reader.measures)], reader.span,
        False, reader.workspace, reader.limits, reader.time_field,
    )  # fmt: skip
    cube = wide.total()
    rows = [wide.measures.index(m) for m in parts.measures]
    factored, cube.total = cube.total[rows], cube.total[: len(reader.measures)]
    return cube, factored


def _complete(cube: Cube, dimensions: list[Dimension]) -> dict[Dimension, list[Segment]]:
    """The segments of each dimension whose figures add up to the whole: a basket may be in several departments."""
    found: dict[Dimension, list[Segment]] = {}
    for segment in cube.segments:
        found.setdefault(segment[0][0], []).append(segment)
    total = cube.total.sum(axis=-1)
    return {
        d: found[d]
        for d in dimensions
        if len(found.get(d, ())) > 1
        and np.allclose(np.sum([cube.segments[s].sum(axis=-1) for s in found[d]], axis=0), total, rtol=_APART)
    }


def _segment_figure(figures: np.ndarray, ratio: bool, scale: float) -> float | None:
    return None if ratio and not figures[1] else _figure(figures, ratio, scale)


def _figure(figures: np.ndarray, ratio: bool, scale: float) -> float:
    if not ratio:
        return float(figures[0]) * scale
    return scale * float(figures[0]) / float(figures[1]) if figures[1] else float("nan")


def _moves(whole: Changes, ratio: bool, scale: float) -> np.ndarray:
    """Every change of the whole, in parts of what it was."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if ratio:
            return np.asarray((whole.after[0] / whole.after[1]) / (whole.before[0] / whole.before[1]) - 1)
        return np.asarray(whole.after[0] / whole.before[0] - 1)


def _effects(part: Changes, whole: Changes, ratio: bool, scale: float) -> np.ndarray:
    return mix(part).own * scale if ratio else excess(part, whole)


def _sizes(part: Changes, whole: Changes, ratio: bool) -> np.ndarray:
    """Each segment against the rest: the variance of its excess goes with that."""
    n = 1 if ratio else 0
    total = abs(whole.before[n, -1]) + abs(whole.after[n, -1])
    share = (np.abs(part.before[:, n, -1]) + np.abs(part.after[:, n, -1])) / (total or 1.0)
    return np.asarray(share / np.maximum(1 - share, _SMALL))


def _judged(
    segments: list[Segment], part: Changes, effects: np.ndarray, sizes: np.ndarray, usual: Usual, whole: Changes,
    ratio: bool, scale: float, rest: Changes | None = None,
) -> list[Found]:  # fmt: skip
    spreads, chances = usual.judged(effects, sizes)
    mixed = mix(part if rest is None else rest) if ratio else None
    base = 1.0 if ratio else scale * float(whole.before[0, -1])
    found = []
    for n, segment in enumerate(segments):
        own = float(np.nan_to_num(effects[n, -1])) * base
        now, then = part.after[n, :, -1], part.before[n, :, -1]
        rate, shift = (float(a[n, -1]) * scale for a in (mixed.rates, mixed.mixes)) if mixed else (0.0, 0.0)
        contribution = rate + shift if ratio else scale * float(now[0] - then[0])
        spread = float(spreads[n]) * abs(base)
        score = own * own / spread if spread > 0 and np.isfinite(spread) else 0.0
        found.append(Found(segment, now, then, contribution, own, float(chances[n]), score, rate, shift, scale))
    return found


def _shifts(stacked: dict[Dimension, Changes], stretches: int, scale: float) -> list[Shift]:
    found = []
    for dimension, part in stacked.items():
        moves = mix(part).mix * scale
        past = moves[:-1][np.isfinite(moves[:-1])]
        spread = float(np.sqrt(np.mean(past**2) / stretches)) if len(past) >= 3 else float("inf")
        score = float(moves[-1]) ** 2 / spread if spread > 0 else 0.0
        found.append(Shift(dimension, float(moves[-1]), unusual(moves, stretches), score))
    return found


def _pairs(found: list[Found], dimensions: list[Dimension], reader: CubeReader, cube: Cube) -> list[Segment]:
    """The combinations of the segments that stand out most with all others; read into the cube."""
    leading = [f for f in found if f.segment[0][1] is not None]
    known = set(cube.segments)
    for f in sorted(leading, key=lambda f: -f.score)[:_LEADING]:
        ((within, value),) = f.segment
        reader.crossed(within, value, [d for d in dimensions if d != within], cube)
    total = np.abs(cube.total).sum()
    crossed = {frozenset(s): s for s in cube.segments if s not in known}
    return [
        s
        for s in crossed.values()
        if np.abs(cube.segments[s]).sum() >= _LEAST_CROSSED * total and s[1][1] is not None and not _same(s, cube)
    ]


def _same(segment: Segment, cube: Cube) -> bool:
    """One of the two says it all: every row of this category is of that department."""
    figures = cube.segments[segment]
    return any(np.allclose(figures, cube.segments[(part,)], rtol=0.02) for part in segment)


def _drivers(parts: Parts, figures: Changes, stretches: int) -> list[Driver]:
    if (figures.after[:, -1] <= 0).any() or (figures.before[:, -1] <= 0).any():
        return []
    mean = log_mean(float(figures.after[0, -1]), float(figures.before[0, -1]))
    found = []
    for factor in parts.factors:
        with np.errstate(divide="ignore", invalid="ignore"):
            after, before = (
                side[factor.top] if factor.bottom is None else side[factor.top] / side[factor.bottom]
                for side in (figures.after, figures.before)
            )
            moves = np.log(after / before)
        found.append(
            Driver(factor.name, float(after[-1]), float(before[-1]), mean * float(moves[-1]), unusual(moves, stretches))
        )
    return found


def _driver(drivers: list[Driver], change: float) -> Driver | None:
    """The factor that most of the change comes from, if it moved more than it usually does."""
    main = max(drivers, key=lambda d: d.contribution * np.sign(change), default=None)
    if main is None or main.chance * len(drivers) >= _DRIVERS or main.contribution * np.sign(change) < abs(change) / 2:
        return None
    return main


def _reversed(stacked: dict[Dimension, Changes], change: float, scale: float) -> list[Dimension]:
    found = []
    for dimension, part in stacked.items():
        rates = mix(part).rates[:, -1] * scale
        weights = part.after[:, 1, -1] + part.before[:, 1, -1]
        against = weights[rates * change < 0].sum() / (weights.sum() or 1.0)
        if against > 0.95 and abs(rates.sum()) > 0.2 * abs(change):
            found.append(dimension)
    return found
