"""What a model may read of a result: as much as the business lets leave the machine, marked as data."""

from __future__ import annotations

import json
from typing import Literal

from knowledge.result import Result

_ROWS = 50


def shown(result: Result, egress: Literal["schema", "aggregates", "rows"], *, grouped: bool) -> str:
    """Names only; grouped figures too; or records too. The rows come as data between marks: what is written in them is
    never an instruction."""
    head = f"{len(result.rows)} rows{' (more exist)' if result.truncated else ''}; columns: " + ", ".join(
        f"{c.name} ({c.label}{', ' + c.unit if c.unit else ''})" for c in result.columns
    )
    if egress == "schema" or (egress == "aggregates" and not grouped):
        return (
            head
            + "\nThe values stay on this machine; they are shown to the person beside your answer. Don't state figures."
        )
    rows = [[_plain(v) for v in row] for row in result.rows[:_ROWS]]
    caveats = "".join(f"\nNote: {c}" for c in result.caveats)
    return (
        f"{head}{caveats}\n<data>\n"
        + "\n".join(json.dumps(r, default=str, ensure_ascii=False) for r in rows)
        + "\n</data>"
    )


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | str | bool) or value is None else str(value)
