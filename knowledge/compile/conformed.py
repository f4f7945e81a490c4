"""Conformed dimensions: a pool that no join leads to a field from is split and limited by its own field of the same
values (drilling across: Kimball and Ross, "The Data Warehouse Toolkit", 2013, chapter 4)."""

from __future__ import annotations

from knowledge.compile.scope import Context
from knowledge.request import All, Any, Compare, Condition, Not


def conformed(context: Context, root: str, reference: str) -> str | None:
    """The field with the same values as `reference` that each row of `root` has one of; None where a join leads there,
    or no field is so."""
    pairs = [pair for pair in context.model.conformed if reference in pair]
    if not pairs or context.model.resolve(reference)[0] in context.graph.reachable(root):
        return None
    others = (pair[1 - pair.index(reference)] for pair in pairs)
    return next((o for o in others if context.graph.single(root, context.model.resolve(o)[0].name, None)), None)


def conforming(context: Context, root: str, condition: Condition) -> Condition:
    """The condition on the fields that rows of `root` have."""
    match condition:
        case Compare() if isinstance(condition.field, str):
            other = conformed(context, root, condition.field)
            return condition.model_copy(update={"field": other}) if other is not None else condition
        case All() | Any():
            return condition.model_copy(update={"of": [conforming(context, root, c) for c in condition.of]})
        case Not():
            return condition.model_copy(update={"of": conforming(context, root, condition.of)})
    return condition
