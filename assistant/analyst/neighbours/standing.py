"""How rows stand by their status: a void invoice is owed by nobody, a deal that is neither won nor lost is open."""

from __future__ import annotations

import re
from typing import Any

from assistant.analyst.schema import Schema
from knowledge.request import Compare, Condition, Not

_VOID = frozenset(
    ["void", "voided", "cancelled", "canceled", "annulled", "written off", "written_off", "write-off", "refunded",
     "credited", "waived", "withdrawn", "reversed", "deleted", "draft"]
)  # fmt: skip


def is_void(value: object) -> bool:
    """A status by which a row does not stand."""
    return str(value).lower() in _VOID


def standing(dataset: str, schema: Schema) -> list[Condition]:
    """That a row still stands, where a status says so of some: one condition, else none."""
    for field in schema.model.dataset(dataset).fields:
        told: list[Any] = [s for s in field.samples if is_void(s)] if field.role == "category" else []
        if told and len(told) < len(field.samples):
            reference = f"{dataset}.{field.name}"
            return [Not(of=Compare(field=reference, op="in", value=told))]
    return []


def came_in(dataset: str, schema: Schema) -> list[Condition]:
    """That money was paid and kept, where a status says so of some: neither void, nor failed, nor yet to come."""
    for field in schema.model.dataset(dataset).fields:
        told: list[Any] = [s for s in field.samples if is_void(s) or str(s).lower().replace("_", " ") in _NOT_IN]
        if field.role == "category" and told and len(told) < len(field.samples):
            return [Not(of=Compare(field=f"{dataset}.{field.name}", op="in", value=told))]
    return []


_NOT_IN = frozenset(
    ["failed", "declined", "rejected", "bounced", "pending", "unpaid", "returned", "charged back", "chargeback",
     "disputed", "due", "scheduled", "error"]
)  # fmt: skip


def still_open(dataset: str, schema: Schema) -> tuple[str, Condition] | None:
    """That how a row stands is not one of the ways in which such rows end, where a status tells them apart."""
    for field in schema.model.dataset(dataset).fields:
        over: list[Any] = (
            [s for s in field.samples if _OVER.fullmatch(str(s).lower())] if field.role == "category" else []
        )
        stages = _STAGES & set((field.label or field.name).lower().split())
        if over and stages and len(over) < len(field.samples):
            reference = f"{dataset}.{field.name}"
            return reference, Not(of=Compare(field=reference, op="in", value=over))
    return None


_STAGES = frozenset(["status", "state", "stage", "outcome", "phase", "step"])
_OVER = re.compile(
    r"(?:closed?[ _-]?)?(?:won|lost)|(?:closed|completed?|done|finished|resolved|rejected|declined|withdrawn|settled|"
    r"cancell?ed|void(?:ed)?|expired|delivered|returned|refunded|archived|dismissed|accepted)"
)
