"""baskets on the demo: how long all rules between two categories take, and those from two to a third."""

from __future__ import annotations

from pathlib import Path

from assistant.session import open_session
from knowledge.request import FieldColumn, Request
from tools import Limits
from tools.associating.lines import lines
from tools.associating.rules import mined


def measure(state_dir: Path | None, least: float = 0.001, of_three: float = 0.005) -> str:
    """A line each: the lines, the rules and the seconds. `least`, `of_three`: their support, a part of 1."""
    workspace = open_session("demo", state_dir=state_dir).workspace
    request = Request(columns=[FieldColumn(field="products.category")])
    count, told = workspace.model.dataset("transactions").row_count or 0, []
    for size, support in ((2, least), (3, of_three)):
        found = mined(lines(request, workspace), support, workspace.warehouse, Limits(timeout_s=300), size=size)
        took = f"{len(found.rules):,} rules of {size} in {found.elapsed_ms / 1000:.1f} s"
        told.append(f"{count:,} lines, support from {support:.1%}: {took}")
    return "\n".join(told)
