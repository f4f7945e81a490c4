"""What a ware costs is said of each one: over a list of wares it does not add up, as it does over what was sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.model import ModelField
from knowledge.words import lemma, listed

_OF_MANY = frozenset(["quantity", "qty", "units", "extended", "line", "total"])


def costs_of_each(fields: Sequence[ModelField], thing: str = "", *, dated: bool) -> tuple[ModelField, ...]:
    """The fields of a table, its costs and fees no amounts where it is a list of what has a price or a standard fee:
    nothing in it is dated, or says how many there were."""
    said = [_said(f) for f in fields]
    if dated or any(words & _OF_MANY for words in said):
        return tuple(fields)
    priced = any("price" in words for words in said)
    alone = not any(f.role == "foreign_key" for f in fields)
    listed_there = alone and not listed("joins", "offers").isdisjoint(thing.split()[-1:])  # what a plan costs
    each = [
        f.role == "measure"
        and (
            (priced and "cost" in words)
            or (alone and bool(words & _OF_EACH and words & _CHARGES))
            or (listed_there and (_is_currency(f) or bool(words & _MONEY)))
        )
        for f, words in zip(fields, said, strict=True)
    ]
    return tuple(
        replace(f, role="number", additivity="non_additive") if own else f for f, own in zip(fields, each, strict=True)
    )


def _is_currency(field: ModelField) -> bool:
    return field.unit is not None and len(field.unit) == 3 and field.unit.isupper()


_OF_EACH = frozenset(["standard", "list", "unit", "base", "basic", "default", "usual", "monthly", "hourly", "daily",
                      "nightly", "weekly", "yearly", "annual"])  # fmt: skip
_MONEY = frozenset(["fee", "charge", "cost", "revenue", "amount", "premium", "mrr", "arr"])
_CHARGES = frozenset(["fee", "charge", "cost", "rate", "premium", "tariff"])
_PAID = frozenset(["pay", "paid", "charge", "charged", "sold", "agree", "agreed", "hammer"])


_FINAL = frozenset(["sale", "sell", "selling", "final", "purchase", "transaction"])


def prices_of_sales(fields: Sequence[ModelField], thing: str, *, dated: bool) -> tuple[ModelField, ...]:
    """The fields of a table, a price that was paid an amount where each row is the sale of one thing ("price paid" of
    tickets, the price of a customer's parcel): it belongs to something else, and nothing says how many there were."""
    said = [_said(f) for f in fields]
    owners = [words for f, words in zip(fields, said, strict=True) if f.role == "foreign_key"]
    if not owners or any(words & _OF_MANY for words in said):
        return tuple(fields)
    served = dated and any(words & listed("joins", "served") for words in owners)
    sold = served and listed("joins", "offers").isdisjoint(thing.split())
    alone = {"price", *_FINAL, *thing.split()}
    return tuple(
        replace(f, role="measure", additivity="additive")
        if f.role == "number" and "price" in words and (words & _PAID or (sold and words <= alone))
        else f
        for f, words in zip(fields, said, strict=True)
    )


def _said(field: ModelField) -> set[str]:
    return {lemma(w) for w in field.label.lower().split()}
