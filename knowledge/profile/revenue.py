"""What is sold for, where the data only says how many and at what price: quantity times price, less discount.

General business knowledge: an order's lines rarely carry their own total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.model import Dataset, Metric, ModelField, Relationship
from knowledge.words import lemma, listed, plural

SALES = ("sales", "revenue", "turnover", "takings", "total sales", "net sales", "sales revenue", "spend", "spending",
         "amount spent", "sales value", "sales amount")  # fmt: skip
_DEALS = frozenset(
    [
        "order",
        "basket",
        "invoice",
        "sale",
        "transaction",
        "ticket",
        "booking",
        "visit",
        "purchase",
        "receipt",
        "bill",
        "check",
        "cart",
    ]
)
_QUANTITIES = frozenset(
    ["quantity", "qty", "units", "count", "amount", "pieces", "volume", "cases", "boxes", "packs", "bottles", "crates",
     "pallets", "cartons", "bags", "copies", "nights", "tickets", "kilos", "litres", "liters"]
)  # fmt: skip
_PURCHASES = frozenset(
    ["purchase", "purchases", "purchasing", "procurement", "replenishment", "requisition", "restock"]
)
_SUPPLIERS = frozenset(["supplier", "vendor", "wholesaler"])
PURCHASES = ("purchases", "purchase spend", "supplier spend", "spend with suppliers", "procurement spend",
             "purchasing cost", "cost of purchases", "purchase value")  # fmt: skip
_TOTALS = frozenset(["total", "amount", "revenue", "sales", "subtotal", "value", "net", "gross", "paid"])


@dataclass(frozen=True)
class Lines:
    """Rows that say how many of something changed hands, and at what price each."""

    dataset: Dataset
    quantity: ModelField
    sql: str
    """What a row came to."""
    said: str
    currency: str | None
    bought: bool
    """By the business, from its suppliers."""


def lines_of_deals(datasets: Sequence[Dataset], relationships: Sequence[Relationship]) -> list[Lines]:
    """The datasets of lines with a quantity and a price of their own and no total."""
    found = []
    for dataset in datasets:
        quantity = _field(dataset, _QUANTITIES, additive=True)
        price = _field(dataset, {"price"}, additive=False)
        if quantity is None or price is None or _has_total(dataset):
            continue
        sql, said = (
            f"{dataset.name}.{quantity.name} * {dataset.name}.{price.name}",
            f"{quantity.label} times {price.label}",
        )
        discount = next(
            (f for f in dataset.fields if "discount" in _words(f) and f.type in ("number", "integer")), None
        )
        if discount is not None:
            sql, said = _less(sql, dataset, discount), f"{said}, less {discount.label}"
        currency = price.unit if price.unit and len(price.unit) == 3 else None
        bought = is_bought(dataset, datasets, relationships)
        found.append(Lines(dataset, quantity, sql, said, currency, bought))
    return found


def is_bought(dataset: Dataset, datasets: Sequence[Dataset], relationships: Sequence[Relationship]) -> bool:
    """What the business buys itself: purchases, or rows, or lines of rows, that belong to a supplier."""
    by_name = {d.name: d for d in datasets}
    heads = [by_name[r.one] for r in relationships if r.many == dataset.name]
    over = [*heads, *(by_name[r.one] for h in heads if _noun(h) & _DEALS for r in relationships if r.many == h.name)]
    called = [dataset, *(h for h in heads if _noun(h) & _DEALS)]
    if any(set((d.label or d.name).lower().split()) & _PURCHASES for d in called):
        return True
    return any(_noun(d) & _SUPPLIERS for d in over) and not any(_noun(d) & listed("joins", "served") for d in over)


def revenue_metrics(
    datasets: Sequence[Dataset], relationships: Sequence[Relationship], *, alone: bool = True
) -> list[Metric]:
    """Revenue, and the average value of an order, from the first dataset of lines with a quantity and a price of their
    own; nothing where the data has totals already. Not `alone`: something else is sold for an amount of its own, and
    this is the revenue of these lines. What is bought from suppliers is no revenue: it is what purchases cost."""
    every = lines_of_deals(datasets, relationships)
    made = [
        Metric(
            "purchase_cost", f"SUM({lines.sql})", "purchase cost", lines.said, PURCHASES,
            unit=lines.currency, format="currency", direction="neutral",
        )
        for lines in every if lines.bought
    ][:1]  # fmt: skip
    for lines in (found for found in every if not found.bought):
        label = "revenue" if alone else f"{lines.dataset.label or lines.dataset.name} revenue"
        revenue = Metric(
            label.replace(" ", "_"), f"SUM({lines.sql})", label, lines.said, SALES[:1] + SALES[2:] if alone else (),
            unit=lines.currency, format="currency", direction="up",
        )  # fmt: skip
        each = _each(lines.dataset, lines.sql, lines.currency, relationships, datasets) if alone else []
        return [revenue, *each, *made]
    return made


def _each(
    dataset: Dataset, sql: str, currency: str | None, relationships: Sequence[Relationship], datasets: Sequence[Dataset]
) -> list[Metric]:
    """The average value of what the lines belong to: an order, a basket, an invoice."""
    labels = {d.name: d.label or d.name for d in datasets}
    for relation in relationships:
        label = labels.get(relation.one, "")
        if relation.many != dataset.name or len(relation.many_fields) != 1 or label.split()[-1] not in _DEALS:
            continue
        names = (f"{label} value", f"{label} total", f"{label} size", f"average {label}", f"average {label} total",
                 f"average {label} size", f"revenue per {label}", f"sales per {label}", "AOV", "average ticket",
                 "average check", "basket value", "ticket size", f"{label} amount",
                 f"average {label} amount")  # fmt: skip
        own = {s.lower() for d in datasets for f in d.fields for s in (f.label or f.name, *f.synonyms)}
        bare = {label, *(f"{label} {w}" for w in ("value", "total", "size", "amount"))}
        worth = [f for d in datasets if d.name == relation.one for f in d.fields if f.role == "measure"]
        kept = any(_words(f) & {"amount", "total", "value"} for f in worth)  # the order's own total is that of orders
        others = tuple(n for n in names if n.lower() not in own and not (kept and n in bare))
        return [
            Metric(
                f"average_{label.replace(' ', '_')}_value",
                f"SUM({sql}) / COUNT(DISTINCT {dataset.name}.{relation.many_fields[0]})",
                f"average {label} value",
                f"revenue divided by the number of {plural(label)}",
                others,
                unit=currency,
                format="currency",
                additivity="non_additive",
                direction="up",
            )
        ]
    return []


def _less(sql: str, dataset: Dataset, discount: ModelField) -> str:
    """The amount after the discount: a part of it where discounts are rates, else an amount of money."""
    field = f"COALESCE({dataset.name}.{discount.name}, 0)"
    greatest = (
        float(discount.maximum) if isinstance(discount.maximum, int | float | str) and str(discount.maximum) else 0.0
    )
    if greatest <= 1:
        return f"{sql} * (1 - {field})"
    if discount.unit == "percent" or {"percent", "rate", "pct"} & _words(discount):
        return f"{sql} * (1 - {field} / 100)"
    return f"({sql} - {field})"


def _field(dataset: Dataset, names: set[str] | frozenset[str], *, additive: bool) -> ModelField | None:
    for field in dataset.fields:
        words = _words(field)
        number = field.type in ("integer", "number") and field.role in ("measure", "number")
        alike = additive == (field.additivity == "additive") and not (additive and "price" in words)
        if number and alike and words & names:
            return field
    return None


def _has_total(dataset: Dataset) -> bool:
    return any(
        f.role == "measure"
        and f.additivity == "additive"
        and _words(f) & _TOTALS
        and not _words(f) & {"quantity", "discount"}
        for f in dataset.fields
    )


def _noun(dataset: Dataset) -> set[str]:
    return {lemma(w) for w in (dataset.label or dataset.name).lower().split()[-1:]}


def _words(field: ModelField) -> set[str]:
    return set((field.label or field.name).lower().split())
