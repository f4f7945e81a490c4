"""What is on the shelves worth: how much of each thing there is, times what one of it cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.model import Dataset, Metric, ModelField, Relationship

_THERE = ("on hand", "in stock", "stock", "inventory", "available")
_OF_ONE = ("unit cost", "cost", "cost price", "purchase price", "buying price", "unit price", "price", "list price")
SYNONYMS = (
    "inventory value",
    "value of stock",
    "value of inventory",
    "stock worth",
    "stock on hand value",
    "stockholding",
)


def stock_metrics(datasets: Sequence[Dataset], relationships: Sequence[Relationship]) -> Iterator[Metric]:
    """ "stock value" for each list of things that says how many there are, where it or the list of those things says
    what one cost, else what one sells for; not where the same things are counted again each day."""
    for dataset in datasets:
        there = _there(dataset) if dataset.default_time is None or dataset.name_field is not None else None
        if there is None:
            continue
        wares = [d for r in relationships if r.many == dataset.name for d in datasets if d.name == r.one]
        found = [(d, each) for d in (dataset, *wares) if (each := _of_one(d)) is not None]
        if not found:
            continue
        ware, each = found[0]
        yield Metric(
            "stock_value",
            f"SUM({dataset.name}.{there.name} * {ware.name}.{each.name})",
            "stock value",
            f"{there.label} times {each.label}",
            SYNONYMS,
            unit=each.unit,
            format="currency",
            direction="neutral",
        )
        return


def _there(dataset: Dataset) -> ModelField | None:
    counted = [f for f in dataset.fields if f.role == "measure" and f.type in ("integer", "number") and not f.hidden]
    return next((f for words in _THERE for f in counted if words in f.label.lower()), None)


def _of_one(dataset: Dataset) -> ModelField | None:
    numbers = [f for f in dataset.fields if f.type in ("integer", "number") and f.additivity == "non_additive"]
    return next((f for words in _OF_ONE for f in numbers if f.label.lower() == words), None)
