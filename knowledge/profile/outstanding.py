"""What is still owed, where bills and the payments of them are kept apart: what was billed less what was paid.

General business knowledge: a bill is paid when its payments come to its amount (accounts receivable).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.model import Dataset, Metric, ModelField, Relationship

_BILLS = frozenset(
    ["invoice", "bill", "statement", "fee", "charge", "fine", "order", "booking", "premium", "instalment",
     "installment", "rent", "due", "tuition", "registration", "enrolment", "enrollment", "pledge",
     "subscription", "debt"]
)  # fmt: skip
_PAYMENTS = frozenset(["payment", "receipt", "remittance", "settlement", "repayment", "collection"])
_AMOUNTS = frozenset(["amount", "total", "value", "paid", "price", "fee", "due", "charge", "charged", "billed"])
_PARTS = frozenset(["tax", "vat", "discount", "fee", "tip", "shipping", "net", "subtotal"])
_STATES = frozenset(["status", "state", "outcome", "result", "paid", "settled", "void", "voided", "refund", "refunded"])
SYNONYMS = (
    "amount outstanding", "outstanding balance", "amount owed", "amount due", "balance due", "arrears",
    "receivables", "accounts receivable", "money owed", "outstanding debt",
)  # fmt: skip


def outstanding_metrics(datasets: Sequence[Dataset], relationships: Sequence[Relationship]) -> Iterator[Metric]:
    """ "outstanding amount" for the bills that have payments in rows of their own, where neither says of itself whether
    it is good: with a status of either, what is owed is not the plain difference."""
    by_name = {d.name: d for d in datasets}
    for relation in relationships:
        bill, payment = by_name[relation.one], by_name[relation.many]
        stands = _says_how_it_stands(bill, _BY_ANY) or _says_how_it_stands(payment, _BY_STATE)
        if not (_last(bill) & _BILLS and _last(payment) & _PAYMENTS) or stands:
            continue
        billed, paid = _amount(bill), _amount(payment)
        if billed is None or paid is None:
            continue
        left, right = f"{bill.name}.{billed.name}", f"{payment.name}.{paid.name}"
        yield Metric(
            f"outstanding_{bill.name}",
            f"COALESCE(SUM({left}), 0) - COALESCE(SUM({right}), 0)",
            "outstanding amount",
            f"{billed.label} of {bill.label} less {paid.label} of {payment.label}",
            SYNONYMS,
            unit=billed.unit,
            format="currency",
            direction="down",
        )
        return  # one kind of bills: what is owed of several is asked for by name


def _last(dataset: Dataset) -> set[str]:
    return set((dataset.label or dataset.name).lower().split()[-1:])


_BY_STATE = ("category", "flag", "foreign_key")
_BY_ANY = (*_BY_STATE, "time")


def _says_how_it_stands(dataset: Dataset, roles: Sequence[str]) -> bool:
    return any(_words(f) & _STATES and f.role in roles for f in dataset.fields)


def _amount(dataset: Dataset) -> ModelField | None:
    """The only sum of money of a row, or the total among several."""
    found = [f for f in dataset.fields if f.role == "measure" and f.additivity == "additive" and _words(f) & _AMOUNTS]
    whole = [f for f in found if "total" in _words(f)] or [f for f in found if not _words(f) & _PARTS] or found
    return whole[0] if len(whole) == 1 else None


def _words(field: ModelField) -> set[str]:
    return set((field.label or field.name).lower().split())
