"""Figures of a kind: a table that only lists which rows of another are of one kind ("loss_payment" beside
"claim_amount") makes that kind's total a figure of its own."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.model import Dataset, Metric, Relationship


def kind_metrics(datasets: Sequence[Dataset], relationships: Sequence[Relationship]) -> list[Metric]:
    """ "loss payment amount" for each dataset whose rows are one-to-one with rows of another that have an additive
    measure, and that says nothing else of them."""
    by_name = {d.name: d for d in datasets}
    found = []
    for relation in relationships:
        kind, whole = by_name[relation.many], by_name[relation.one]
        only_keys = all(f.role in ("key", "foreign_key") for f in kind.fields)
        if not relation.one_to_one or not only_keys or len(relation.many_fields) != 1:
            continue
        for measure in whole.fields:
            if measure.role != "measure" or measure.additivity != "additive":
                continue
            label = kind.label or kind.name
            head = (measure.label or measure.name).split()[-1]
            key = f"{kind.name}.{relation.many_fields[0]}"
            found.append(
                Metric(
                    f"{kind.name}_{head}".lower(),
                    f"SUM(CASE WHEN {key} IS NOT NULL THEN {whole.name}.{measure.name} END)",
                    f"{label} {head}",
                    f"{measure.label} of the {whole.label or whole.name} rows that are {label}",
                    (label, f"total {label}", f"{label}s", f"total {label} {head}"),
                    unit=measure.unit,
                )
            )
    return found
