"""What a ware costs is said of each one: over a list of wares it does not add up, as it would over what was sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.model import ModelField
from knowledge.words import lemma

_COSTS = frozenset(["cost", "price", "msrp", "fee"])


def costs_of_each(fields: Sequence[ModelField], *, dated: bool) -> tuple[ModelField, ...]:
    """The fields of a table, its costs no amounts where it is a list of what has a price: nothing in it is dated."""
    priced = any(_said(f) & {"price", "msrp"} for f in fields)
    if dated or not priced:
        return tuple(fields)
    return tuple(
        replace(f, role="number", additivity="non_additive") if f.role == "measure" and _said(f) & _COSTS else f
        for f in fields
    )


def _said(field: ModelField) -> set[str]:
    return {lemma(w) for w in field.label.lower().split()}
