"""Recurring revenue: what the subscriptions that have not ended bring each month, and each year.

"Annual recurring revenue" is twelve times the monthly one (SaaS Metrics Standards Board, "ARR", 2023).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.model import Dataset, Metric, ModelField
from knowledge.words import lemma

_MONTHS = 12
_EACH = {"monthly": "MRR", "annual": "ARR"}


def recurring_metrics(datasets: Sequence[Dataset]) -> Iterator[Metric]:
    """ "MRR" and "ARR", for the first dated rows that say what recurs and when they ended."""
    for dataset in datasets:
        paid, end = _recurs(dataset), _end(dataset)
        if paid is None or end is None:
            continue
        yearly = "annual" in paid.label.lower()
        running = f"SUM(CASE WHEN {dataset.name}.{end.name} IS NULL THEN {dataset.name}.{paid.name} END)"
        for each, short in _EACH.items():
            times = "" if yearly == (each == "annual") else f" / {_MONTHS}.0" if yearly else f" * {_MONTHS}"
            yield Metric(
                f"{each}_recurring_revenue",
                running + times,
                short,
                f"{each} recurring revenue of what has not ended",
                (f"{each} recurring revenue", "annualised recurring revenue")[: 1 + (each == "annual")],
                unit=paid.unit,
                format="currency",
            )
        return


def _recurs(dataset: Dataset) -> ModelField | None:
    paid = (f for f in dataset.fields if f.role == "measure" and f.additivity == "additive")
    return next((f for f in paid if "recurring" in f.label.lower().split()), None) if dataset.default_time else None


def _end(dataset: Dataset) -> ModelField | None:
    times = [f for f in dataset.fields if f.role == "time" and f.nulls > 0 and f.name != dataset.default_time]
    said = {f.name: {*map(lemma, f.label.lower().split())} for f in times}
    return next((f for f in times if said[f.name] & _STOPS and "trial" not in said[f.name]), None)


_STOPS = frozenset(["cancel", "cancellation", "churn", "end", "terminate", "termination", "stop", "close", "leave"])
