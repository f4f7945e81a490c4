"""Rows that were taken back: a void invoice is owed by nobody, a cancelled order is no late one."""

from __future__ import annotations

from typing import Any

from assistant.analyst.schema import Schema
from knowledge.request import Compare, Condition, Not

_VOID = frozenset(
    ["void", "voided", "cancelled", "canceled", "annulled", "written off", "written_off", "write-off", "refunded",
     "credited", "waived", "withdrawn", "reversed", "deleted", "draft"]
)  # fmt: skip


def standing(dataset: str, schema: Schema) -> list[Condition]:
    """That a row still stands, where a status says so of some: one condition, else none."""
    for field in schema.model.dataset(dataset).fields:
        told: list[Any] = [s for s in field.samples if str(s).lower() in _VOID] if field.role == "category" else []
        if told and len(told) < len(field.samples):
            reference = f"{dataset}.{field.name}"
            return [Not(of=Compare(field=reference, op="in", value=told))]
    return []
