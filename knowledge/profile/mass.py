"""Rows that are called after their figure: "ad spend by platform" asks for the spend of the rows of a table ad_spend,
not for how many rows there are."""

from __future__ import annotations

from dataclasses import replace

from knowledge.model import Dataset, ModelField

_MASS = frozenset(
    ["spend", "spending", "usage", "consumption", "revenue", "income", "expenditure", "production", "output",
     "rainfall", "turnover", "electricity", "energy", "waste", "mileage"]
)  # fmt: skip
"""Nouns of what there is more or less of, rather than more or fewer."""


def called_by_figure(dataset: Dataset) -> Dataset:
    """The dataset with its name for its figure, and as one of records of it, where both have the same noun."""
    noun = dataset.label.lower().split()[-1] if dataset.label else ""
    figure = next((f for f in dataset.fields if f.label.lower() == noun and f.role == "measure"), None)
    if figure is None or noun not in _MASS or dataset.label.lower() == noun:
        return dataset

    def named(field: ModelField) -> ModelField:
        if field is not figure:
            return field
        return replace(field, label=dataset.label, synonyms=(noun, *field.synonyms))

    others = tuple(s for s in dataset.synonyms if noun not in s.lower().split())
    return replace(
        dataset, label=f"{dataset.label} record", synonyms=others, fields=tuple(named(f) for f in dataset.fields)
    )
