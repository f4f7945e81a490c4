"""How rows stand by their status: a void invoice is owed by nobody, a deal that is neither won nor lost is open."""

from __future__ import annotations

import re
from typing import Any

from assistant.analyst.schema import Schema
from knowledge.model import ModelField
from knowledge.request import Compare, Condition, Not
from knowledge.words import lemma

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
            [s for s in field.samples if _is_over(s, field, dataset, schema)] if field.role == "category" else []
        )
        stages = _STAGES & set((field.label or field.name).lower().split())
        if over and stages and len(over) < len(field.samples):
            reference = f"{dataset}.{field.name}"
            return reference, Not(of=Compare(field=reference, op="in", value=over))
    return None


def _is_over(value: object, field: ModelField, dataset: str, schema: Schema) -> bool:
    return bool(_OVER.fullmatch(str(value).lower())) or _came(value, dataset, schema) or _paid(value, field)


def _paid(value: object, field: ModelField) -> bool:
    """A bill or a claim is done with once it is paid; an order that is yet to be shipped is not."""
    goes_on = any(_SENT.fullmatch(str(s).lower()) for s in field.samples)
    return str(value).lower() in ("paid", "paid in full", "reversed") and not goes_on


def _came(value: object, dataset: str, schema: Schema) -> bool:
    """What was ordered has come: "received", where a row says when, after it began. A claim received has just begun."""
    began = schema.time_of(dataset)
    comes = (t for t in schema.times(dataset) if t != began and schema.field(t).nulls > 0)
    said = str(value).lower()
    return said in ("received", "arrived") and any({said, lemma(said)} & schema.forms_of(t) for t in comes)


_SENT = re.compile(r"shipped|delivered|dispatched|fulfilled|packed|picked|processing|in transit|completed?|done")
_STAGES = frozenset(["status", "state", "stage", "outcome", "phase", "step"])
_OVER = re.compile(
    r"(?:closed?[ _-]?)?(?:won|lost)|(?:closed|completed?|done|finished|resolved|rejected|declined|withdrawn|settled|"
    r"cancell?ed|void(?:ed)?|expired|delivered|returned|refunded|archived|dismissed|accepted)"
)
