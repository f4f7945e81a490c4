"""What is unusual in several figures, each by itself and together, in words and rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from knowledge.formats import format_short, format_value
from knowledge.result import ResultColumn
from tools.analysis import Analysis
from tools.detection.answer import moment, period, told
from tools.detection.joint import LEAST, Together
from tools.detection.scan import Found, Scan
from tools.detection.several import Several
from tools.detection.unusual import FALSE_ALARMS
from tools.history import SEASONS

_NAMED, _TOGETHER = 5, 3
_AROUND = 30
"""Periods shown before the time that was asked about."""
_APART = 2.0
"""Standard deviations from what the others lead to expect, from which a figure is named."""
_PERCENT = ResultColumn("percent", "percent", "percent")


def several_answered(seen: Several, locale: str) -> Analysis:
    first, when = seen.scans[0], period(seen.scans[0])
    return Analysis(
        _columns(seen), _rows(seen), first.past.sql, sum(s.past.elapsed_ms for s in seen.scans),
        caveats=_caveats(seen), text=_text(seen, locale), method=_method(seen),
        follow_ups=tuple(f"Anything unusual in {s.past.measure.label.lower()}{when}?" for s in seen.scans[:2]),
    )  # fmt: skip


def _columns(seen: Several) -> tuple[ResultColumn, ...]:
    past = seen.scans[0].past
    values = tuple(replace(s.past.measure, role="value") for s in seen.scans)
    return (replace(past.time, label=past.grain.capitalize()), *values, ResultColumn("unusual", "Unusual", "text"))


def _rows(seen: Several) -> list[tuple[object, ...]]:
    """The time that was asked about, and some before it, with what is unusual in each period."""
    first = seen.scans[0]
    marks: dict[object, list[str]] = {}
    for scan, found in seen.found:
        marks.setdefault(scan.past.starts[found.finding.start], []).append(
            f"{scan.past.measure.label.lower()}: {found.finding.kind}"
        )
    for one in seen.together:
        marks.setdefault(first.past.starts[one.at], []).append("together")
    figures = [dict(zip(s.past.starts, next(iter(s.past.groups.values())), strict=True)) for s in seen.scans]
    start = max(0, int(np.argmax(first.inside)) - _AROUND)
    end = len(first.inside) - int(np.argmax(first.inside[::-1]))
    return [
        (at, *(_figure(f.get(at)) for f in figures), ", ".join(marks.get(at, [])) or None)
        for at in first.past.starts[start:end]
    ]


def _text(seen: Several, locale: str) -> str:
    names = _listed([s.past.measure.label.lower() for s in seen.scans])
    if not seen.found and not seen.together:
        more = ", nor in how they go together" if _enough(seen) else ""
        return f"Nothing unusual{period(seen.scans[0])} in {names}{more}."
    alike: dict[tuple[str, object], list[tuple[Scan, Found]]] = {}
    for scan, found in seen.found:
        alike.setdefault((found.finding.kind, scan.past.starts[found.finding.start]), []).append((scan, found))
    said = [_told(same, locale) for same in list(alike.values())[:_NAMED]]
    said += [_said(t, seen, locale) for t in seen.together[:_TOGETHER]]
    count = len(alike) + len(seen.together)
    rest = count - len(said)
    things = "One thing is" if count == 1 else f"{count} things are"
    more = "" if not rest else f" {rest} more {'is' if rest == 1 else 'are'} in the table."
    return f"{things} unusual{period(seen.scans[0])} in {names}. {' '.join(said)}{more}"


def _told(same: list[tuple[Scan, Found]], locale: str) -> str:
    """What happened to several figures at once, told of the one that it is clearest in."""
    scan, found = same[0]
    others = [s.past.measure.label.lower() for s, _ in same[1:]]
    return told(found, scan, locale) + (f" The same goes for {_listed(others)}." if others else "")


def _said(one: Together, seen: Several, locale: str) -> str:
    """Which figures do not go with the others in a period, and how far each is from its own usual."""
    order = sorted(range(len(seen.scans)), key=lambda n: -abs(one.off[n]))
    named = [n for n in order if abs(one.off[n]) >= _APART][:3]
    parts = [_part(seen, n, one.at, locale) for n in (named if len(named) > 1 else order[:2])]
    first = seen.scans[0]
    when = moment(first, one.at, locale)
    at = "On" if first.past.grain == "day" else "In"
    return f"{at} {when}, the figures did not go together as they do: {_listed(parts)}."


def _part(seen: Several, n: int, at: int, locale: str) -> str:
    scan = seen.scans[n]
    own = scan.past.starts.index(seen.scans[0].past.starts[at])
    actual, expected = scan.past.groups[()][own], scan.judged[()].expected[own]
    figure = round(actual) if scan.past.measure.kind == "integer" else float(actual)
    said = f"{scan.past.measure.label.lower()} **{format_short(figure, scan.past.measure, locale)}**"
    if expected > 0:
        change = round(100 * (actual - expected) / expected)
        way = "above" if change > 0 else "below"
        return (
            f"{said} ({format_value(abs(change), _PERCENT, locale)} {way} its usual)"
            if change
            else f"{said} (as usual)"
        )
    return said


def _method(seen: Several) -> str:
    past = seen.scans[0].past
    taken = "trend and season" if 2 * SEASONS[past.grain] <= len(past.starts) else "trend"
    each = (
        f"From {len(past.starts)} {past.grain}s: the {taken} of each figure taken out, and spikes, dips, shifts of "
        f"level, drifts and changed swings looked for."
    )
    joint = (
        " What is left of all of them was looked at together by an Isolation Forest, and what it sets apart was held "
        "against what chance does to figures as alike."
    )
    rate = f" Where nothing is unusual in any of them, something is flagged {round(100 * FALSE_ALARMS)} times in 100."
    return each + (joint if _enough(seen) else "") + rate


def _caveats(seen: Several) -> tuple[str, ...]:
    said = [c for s in seen.scans for c in s.past.caveats]
    said += [f"One figure was left out. {reason}" for reason in seen.left_out]
    if not _enough(seen):
        grain = seen.scans[0].past.grain
        said.append(f"How the figures go together takes at least {LEAST} {grain}s that all of them have.")
    return tuple(dict.fromkeys(said))


def _enough(seen: Several) -> bool:
    common = set.intersection(*(set(s.past.starts) for s in seen.scans))
    return len(seen.scans) > 1 and len(common) >= LEAST


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _figure(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else float(value)
