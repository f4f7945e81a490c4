"""F1 and false alarms on planted anomalies, and speed."""

from __future__ import annotations

import time

import numpy as np

from evals.anomalies.planted import Planted, heavy_tailed, planted
from tools.detection.unusual import FALSE_ALARMS, Finding, judge

_NEAR = {"none": 0, "spike": 0, "missing": 1, "shift": 5, "drift": 5}
"""Periods by which a finding may miss what was planted."""


def measure(count: int = 500) -> str:
    """The figures, as text. A finding is right if it touches what was planted, or the periods beside it; any other is a
    false alarm, and a planted anomaly that no finding touches is missed."""
    hits: dict[tuple[str, str], list[int]] = {}
    right = missed = false = 0
    alarmed = []
    for series in planted(count):
        findings = judge(series.values, series.season).findings
        near = [_touches(f, series) for f in findings]
        false += len(near) - sum(near)
        if series.plant == "none":
            alarmed.append(bool(findings))
            continue
        right, missed = right + any(near), missed + (not any(near))
        hits.setdefault((series.plant, series.grain), []).append(any(near))
    precision, recall = right / max(1, right + false), right / max(1, right + missed)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    lines = [
        f"{count} series: F1 {f1:.3f} (precision {precision:.3f}, recall {recall:.3f})",
        f"of {len(alarmed)} without an anomaly, {100 * np.mean(alarmed):.1f}% had a false alarm "
        f"(stated: at most {100 * FALSE_ALARMS:.0f}%)",
        _heavy(),
        *(f"  {plant:8} by {grain:6} found {100 * np.mean(h):.0f}%" for (plant, grain), h in sorted(hits.items())),
    ]
    return "\n".join([*lines, _speed()])


def _heavy(each: int = 60) -> str:
    """False alarms where nothing is unusual and noise is of heavy tails (Student's t of 3, 4 and 6 degrees)."""
    rates = {
        grain: np.mean([bool(judge(s.values, s.season).findings) for s in heavy_tailed(each, grain)])
        for grain in ("day", "week", "month")
    }
    by = ", ".join(f"{100 * rate:.1f}% by {grain}" for grain, rate in rates.items())
    return f"with heavy tails: {by} (of {3 * each} each)"


def _touches(finding: Finding, series: Planted) -> bool:
    near = _NEAR[series.plant]
    return series.plant != "none" and finding.start <= series.last + near and finding.end >= series.first - near


def _speed() -> str:
    chance = np.random.default_rng(1)
    rows = chance.lognormal(5, 0.1, (1000, 1000))
    rows[:, 500] *= 3
    started = time.process_time()
    for row in rows:
        judge(row, 7)
    return f"1 million figures (1,000 series of 1,000 days): {time.process_time() - started:.1f} s of one core"
