"""The Numenta Anomaly Benchmark's score, by its published rule (Lavin and Ahmad 2015, arXiv:1510.03336).

A folder holds windows.json (for each file, the windows in which an anomaly lies) and data/ with the files: a time and a
value a line. A detector sees the values one after the other. Of a window, the first alarm counts, the more the earlier
it is; an alarm outside costs, the more the farther behind the last window it is; a window without an alarm costs. The
first 15% of a file (of at most 5,000 lines) are for learning. 100 is a perfect detector, 0 one that is never alarmed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tools.detection.stream import alarms

_FALSE_POSITIVE = 0.11
"""What a false alarm costs at most, in the standard profile; a hit is worth 1, a miss costs 1."""
_LEARNING, _LEARNING_OF = 0.15, 5_000
_DAY = np.timedelta64(1, "D")
Window = tuple[int, int]


@dataclass(frozen=True)
class Counted:
    windows: int
    hit: int
    raised: int
    score: float


def measure(folder: Path) -> str:
    """The standard profile's score, as text, with the files that lost most."""
    found = {name: _file(folder / "data" / name, windows) for name, windows in _windows(folder).items()}
    windows = sum(f.windows for f in found.values())
    score = 100 * (sum(f.score for f in found.values()) + windows) / (2 * windows)
    lines = [f"{len(found)} files, {windows} windows: standard profile {score:.1f}"]
    worst = sorted(found, key=lambda name: found[name].score - found[name].windows)[:8]
    for name in worst:
        f = found[name]
        lines.append(f"  {name}: {f.hit} of {f.windows} windows found, {f.raised} alarms")
    return "\n".join(lines)


def scored(count: int, raised: list[int], windows: list[Window]) -> float:
    """The raw score of a file of so many lines: alarms at these lines, windows from line to line."""
    learning = int(_LEARNING * min(count, _LEARNING_OF))
    best: dict[Window, float] = {}
    false = 0.0
    for at in raised:
        if at < learning:
            continue
        inside = next((w for w in windows if w[0] <= at <= w[1]), None)
        if inside is not None:
            width = inside[1] - inside[0] + 1
            best[inside] = max(best.get(inside, 0.0), _sigmoid(-(inside[1] - at + 1) / width) / _sigmoid(-1.0))
            continue
        behind = [w for w in windows if w[1] < at]
        width = behind[-1][1] - behind[-1][0] if behind else 0
        false += _FALSE_POSITIVE * (_sigmoid((at - behind[-1][1]) / width) if width else -1.0)
    return false + sum(best.get(w, -1.0) for w in windows)


def _sigmoid(position: float) -> float:
    """1 at the start of a window (-1), 0 at its end, -1 far behind it."""
    return -1.0 if position > 3 else float(2 / (1 + np.exp(5 * position)) - 1)


def _windows(folder: Path) -> dict[str, list[list[str]]]:
    return json.loads((folder / "windows.json").read_text())


def _file(path: Path, windows: list[list[str]]) -> Counted:
    table = pd.read_csv(path, parse_dates=["timestamp"])
    times = table.timestamp.to_numpy()
    season = int(_DAY / np.median(np.diff(times)))
    edges = np.array(windows, dtype="datetime64[us]").reshape(-1, 2)
    starts, ends = np.searchsorted(times, edges[:, 0]), np.searchsorted(times, edges[:, 1], side="right")
    lines = [(int(a), int(b) - 1) for a, b in zip(starts, ends, strict=True)]
    raised = [a.at for a in alarms(table.value.to_numpy(float), season)]
    hit = sum(any(start <= at <= end for at in raised) for start, end in lines)
    return Counted(len(lines), hit, len(raised), scored(len(table), raised, lines))
