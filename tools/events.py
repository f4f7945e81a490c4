"""The event that a line is part of: the basket of a purchase, the order of an order line."""

from __future__ import annotations

from knowledge.model import Dataset, Relationship, SemanticModel


def event_of(dataset: Dataset, model: SemanticModel) -> Relationship | None:
    """The relationship by which rows of a dataset belong to something that happened at a time and belongs to others
    itself, the one with most rows; None where there is none."""
    found = [
        r
        for r in model.relationships
        if r.many == dataset.name
        and len(r.many_fields) == 1
        and dataset.has(r.many_fields[0])
        and model.dataset(r.one).default_time
        and model.dataset(r.one).name_field is None  # who was hired one day is nothing that happened
        and any(o.many == r.one for o in model.relationships)
    ]
    return max(found, key=lambda r: model.dataset(r.one).row_count or 0, default=None)
