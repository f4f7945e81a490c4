"""What is left of what things sold for after what they cost: gross profit, and gross margin as a percentage of sales.

General business knowledge: gross margin = (revenue - cost of what was sold) / revenue.
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.model import Dataset, Metric, ModelField, Relationship
from knowledge.profile.revenue import Lines, lines_of_deals

_EACH = ("unit cost", "cost per unit", "cost price", "standard cost", "average cost", "cost each", "cost",
         "purchase price",
         "buying price", "wholesale price")  # fmt: skip
"""What one of them cost, the plainest first."""
_LINE = ("line cost", "total cost", "cost amount", "cost of goods", "cogs")
_TOLD = frozenset(["margin", "profit", "markup", "earnings"])
PROFIT = ("profit", "gross profit", "margin amount", "contribution", "gross margin amount", "money made")
MARGIN = ("margin", "profit margin", "gross margin percent", "gross profit margin", "margin percentage",
          "profitability",
          "gross margin percentage")  # fmt: skip


def margin_metrics(datasets: Sequence[Dataset], relationships: Sequence[Relationship]) -> list[Metric]:
    """Of the first lines that were sold and whose cost is known, of the line or of what was sold; nothing where the
    data tells a margin or a profit itself."""
    if any(set((f.label or f.name).lower().split()) & _TOLD for d in datasets for f in d.fields):
        return []
    for lines in lines_of_deals(datasets, relationships):
        cost = None if lines.bought else _cost(lines, datasets, relationships)
        if cost is None:
            continue
        sql, label = cost
        known = f"CASE WHEN {sql} IS NOT NULL THEN {lines.sql} END"  # nothing is known of what has no cost
        left = f"SUM({lines.sql} - {sql})"
        told = f"{lines.said}, less {lines.quantity.label} times {label}"
        return [
            Metric("gross_profit", left, "gross profit", told, PROFIT[:1] + PROFIT[2:], unit=lines.currency,
                   format="currency", direction="up"),
            Metric("gross_margin", f"100.0 * {left} / NULLIF(SUM({known}), 0)", "gross margin",
                   f"({told}) over revenue", MARGIN,
                   unit="percent", format="percent", additivity="non_additive", direction="up"),
        ]  # fmt: skip
    return []


def _cost(lines: Lines, datasets: Sequence[Dataset], relationships: Sequence[Relationship]) -> tuple[str, str] | None:
    """What a line cost, in SQL, and what its cost is called."""
    own = lines.dataset
    if (whole := _called(own, _LINE)) is not None:
        return f"{own.name}.{whole.name}", whole.label
    each = _called(own, _EACH)
    if each is not None:
        return f"{own.name}.{lines.quantity.name} * {own.name}.{each.name}", each.label
    above = [d for r in relationships if r.many == own.name for d in datasets if d.name == r.one]
    wares = [d for d in above if d.default_time is None or d.name_field is not None]
    found = [(d, f) for d in wares if (f := _called(d, _EACH)) is not None]
    if len(found) != 1:
        return None
    ware, field = found[0]
    return f"{own.name}.{lines.quantity.name} * {ware.name}.{field.name}", field.label


def _called(dataset: Dataset, names: Sequence[str]) -> ModelField | None:
    numbers = {f.label.lower(): f for f in dataset.fields if f.type in ("integer", "number") and not f.hidden}
    return next((numbers[name] for name in names if name in numbers), None)
