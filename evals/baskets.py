"""baskets on the demo: how long all rules between two categories take."""

from __future__ import annotations

from pathlib import Path

from assistant.session import open_session
from knowledge.request import FieldColumn, Request
from tools import Limits
from tools.associating.lines import lines
from tools.associating.rules import mined


def measure(state_dir: Path | None, least: float = 0.001) -> str:
    """One line: the lines, the rules and the seconds. `least`: their support, a part of 1."""
    workspace = open_session("demo", state_dir=state_dir).workspace
    request = Request(columns=[FieldColumn(field="products.category")])
    found = mined(lines(request, workspace), least, workspace.warehouse, Limits(timeout_s=300))
    count = workspace.model.dataset("transactions").row_count or 0
    seconds = found.elapsed_ms / 1000
    return f"{count:,} lines, support from {least:.1%}: {len(found.rules):,} rules in {seconds:.1f} s"
