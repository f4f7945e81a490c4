"""The figures that every business asks for: how many there are of each thing, and the totals of what adds up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot.dialects.duckdb import DuckDB

from knowledge.model import Dataset, Metric, ModelField, Relationship
from knowledge.profile.columns import quoted
from knowledge.profile.kinds import kind_metrics
from knowledge.profile.margins import margin_metrics
from knowledge.profile.marketing import marketing_metrics
from knowledge.profile.outstanding import outstanding_metrics
from knowledge.profile.promoters import promoter_metrics
from knowledge.profile.recurring import recurring_metrics
from knowledge.profile.revenue import SALES, revenue_metrics
from knowledge.profile.stock import stock_metrics
from knowledge.words import plural

_MOST_SUMS = 6


def standard_metrics(datasets: Sequence[Dataset], relationships: Sequence[Relationship]) -> tuple[Metric, ...]:
    """ "number of orders" for each dataset whose rows can be counted, and "total amount" for the additive measures of
    datasets in which things happen. A total that several datasets have is named with its dataset."""
    parents = {r.one for r in relationships}
    largest = sorted(datasets, key=lambda d: (d.default_time is None, -(d.row_count or 0)))
    lines = {r.many for r in relationships for d in datasets if d.name == r.one and d.default_time and _is_deal(d)}
    sums = [(d, f) for d in largest if _happens(d, parents) or d.name in lines for f in _added(d)]
    labels = [f.label.lower() for _, f in sums]
    sold = any(_is_sold_for(d, f) for d, f in sums)
    found = [*revenue_metrics(datasets, relationships, alone=not sold), *kind_metrics(datasets, relationships)]
    found += [
        *margin_metrics(datasets, relationships),
        *outstanding_metrics(datasets, relationships),
        *stock_metrics(datasets, relationships),
        *marketing_metrics(datasets, found),
        *promoter_metrics(datasets),
        *recurring_metrics(datasets),
    ]
    found += [_total(d, f, alone=labels.count(f.label.lower()) == 1) for d, f in sums]
    found += [_count(d, counted) for d in largest if (counted := _never_missing(d))]
    return tuple({m.name: m for m in found}.values())


def _total(dataset: Dataset, field: ModelField, alone: bool) -> Metric:
    label = f"total {field.label}" if alone else f"total {dataset.label} {field.label}"
    if field.label.lower().startswith("total ") and dataset.label:
        label = f"total {dataset.label} {field.label[6:]}"  # "total invoice amount"
    sold = _is_sold_for(dataset, field)
    given = not sold and _is_given(dataset, field)
    money = sold or given or bool(field.unit and len(field.unit) == 3 and field.unit.isupper())
    return Metric(
        _name(f"total_{field.name}" if alone else f"total_{dataset.name}_{field.name}"),
        f"SUM({_plain(dataset.name)}.{_plain(field.name)})",
        label.replace("total total", f"total of {plural(dataset.label)}" if dataset.label else "total"),
        synonyms=(*SALES, *(_PRICES if _one_by_one(dataset) else ())) if sold else _GIVEN if given else (),
        direction="up" if sold or given else "neutral",
        unit=field.unit,
        format="currency" if money else "integer" if field.type == "integer" else "number",
        additivity=field.additivity,
    )


_AMOUNTS = frozenset(
    [
        "amount",
        "total",
        "price",
        "selling",
        "final",
        "agreed",
        "value",
        "revenue",
        "sales",
        "subtotal",
        "paid",
        "charged",
        "gross",
        "net",
        "grand",
        "line",
        "order",
        "sale",
    ]
)
_SALES_OF = frozenset(
    [
        "order",
        "sale",
        "transaction",
        "purchase",
        "invoice",
        "receipt",
        "line",
        "item",
        "ticket",
        "booking",
        "basket",
        "rental",
        "reservation",
        "ride",
        "fare",
        "stay",
        "subscription",
        "hire",
        "appointment",
        "visit",
        "session",
        "lesson",
        "service",
        "repair",
        "job",
        "charter",
        "delivery",
    ]
)


def _is_deal(dataset: Dataset) -> bool:
    return bool(set((dataset.label or dataset.name).lower().split()[-1:]) & _SALES_OF)


def _is_sold_for(dataset: Dataset, field: ModelField) -> bool:
    """The amount that things were sold for: "total amount" of orders, "sale price" of sales."""
    words = set((field.label or field.name).lower().split()) - set((dataset.label or "").lower().split())
    deals = set((dataset.label or dataset.name).lower().split())
    return bool(words) and words <= _AMOUNTS and bool(deals & _SALES_OF or "price" in words)  # see `prices_of_sales`


def _is_given(dataset: Dataset, field: ModelField) -> bool:
    """The amount of a gift, rather than of the promise of many."""
    words = set((field.label or field.name).lower().split())
    *kind, noun = (dataset.label or dataset.name).lower().split()
    return noun in _GIFTS and not set(kind) & _PROMISES and words <= _AMOUNTS | {noun}


_GIFTS = frozenset(["gift", "donation", "contribution", "offering"])
_PROMISES = frozenset(["recurring", "regular", "planned", "standing", "pledged"])
_GIVEN = ("income", "donation income")
_PRICES = ("sale price", "selling price", "sold price", "price sold for")
_PIECES = ("units sold", "unit sales", "units", "number sold", "sales volume", "number of sales", "sales count")
_SINGLE = frozenset(["sale", "transaction", "deal"])


def _one_by_one(dataset: Dataset) -> bool:
    """Each row is the sale of one thing: nothing in it says how many."""
    words = {w for f in dataset.fields for w in (f.label or f.name).lower().split() if f.role in ("measure", "number")}
    return not words & {"quantity", "qty", "units", "count", "pieces"}


def _count(dataset: Dataset, counted: str) -> Metric:
    label = f"number of {plural(dataset.label or dataset.name)}"
    sql = f"COUNT({_plain(dataset.name)}.{_plain(counted)})"
    sold = any(_is_sold_for(dataset, f) for f in dataset.fields if f.role == "measure")
    sells = set((dataset.label or dataset.name).lower().split()) & _SINGLE and sold and _one_by_one(dataset)
    return Metric(_name(f"{dataset.name}_count"), sql, label, synonyms=_PIECES if sells else (), format="integer")


def _happens(dataset: Dataset, parents: set[str]) -> bool:
    """Its rows are events: they have a time, or belong to other things and nothing belongs to them."""
    return dataset.default_time is not None or dataset.name not in parents


def _added(dataset: Dataset) -> list[ModelField]:
    return [f for f in dataset.fields if f.role == "measure" and f.additivity == "additive" and not f.hidden][
        :_MOST_SUMS
    ]


def _never_missing(dataset: Dataset) -> str | None:
    """A field that every row has a value of."""
    if dataset.primary_key:
        return dataset.primary_key[0]
    return next((f.name for f in dataset.fields if f.nulls == 0), None) if dataset.row_count else None


def _plain(name: str) -> str:
    """The name as a person would write it in SQL: in quotes only where it needs them."""
    simple = re.fullmatch(r"[A-Za-z_]\w*", name) and name.upper() not in DuckDB.Tokenizer.KEYWORDS
    return name if simple else quoted(name)


def _name(text: str) -> str:
    return re.sub(r"\W+", "_", text).lower()
