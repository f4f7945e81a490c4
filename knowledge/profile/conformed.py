"""Which categories of tables that no key joins are the same: the departments of sales targets and those of products."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from knowledge.model import Dataset, ModelField, SemanticModel

_MOST = 20
"""Values: all of them are known then."""
_SHARED = 0.6
"""The part of the values of the one with fewer that the other must have, too."""
_FEWEST = 2


def conformed_fields(model: SemanticModel) -> tuple[tuple[str, str], ...]:
    """Pairs of fields called alike with the same values, of datasets that no relationships tie to each other. (The
    country of customers is not that of shops, which orders tie to them.)"""
    tied = _tied(model)
    pairs: list[tuple[str, str]] = []
    for one, other in combinations(model.datasets, 2):
        if tied[one.name] != tied[other.name]:
            pairs += _alike(one, other)
    return tuple(pairs)


def _tied(model: SemanticModel) -> dict[str, str]:
    """For each dataset the same one of those that relationships, in however many steps, tie together."""
    of = {d.name: d.name for d in model.datasets}
    for relation in model.relationships:
        old, new = of[relation.many], of[relation.one]
        of = {name: new if group == old else group for name, group in of.items()}
    return of


def _alike(one: Dataset, other: Dataset) -> Iterator[tuple[str, str]]:
    for left in _categories(one):
        for right in _categories(other):
            values, others = ({str(v).lower() for v in f.samples} for f in (left, right))
            shared = len(values & others)
            called = left.label.lower().split()[-1:] == right.label.lower().split()[-1:]
            if called and shared >= max(_FEWEST, _SHARED * min(len(values), len(others))):
                yield f"{one.name}.{left.name}", f"{other.name}.{right.name}"


def _categories(dataset: Dataset) -> list[ModelField]:
    kinds = [f for f in dataset.fields if f.role in ("category", "place", "name") and f.type == "text" and not f.hidden]
    return [f for f in kinds if f.distinct is not None and _FEWEST <= f.distinct <= _MOST and f.label]
