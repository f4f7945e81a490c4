"""Which data is an experiment: a field that says which variant somebody saw, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.compile.columns import dataset_label, field_label
from knowledge.model import Dataset, ModelField, SemanticModel
from knowledge.words import plural, split

_VARIANT = frozenset(["variant", "arm", "treatment", "experiment", "cohort", "variation", "bucket"])
_SAID_WITH = frozenset(["test", "ab", "experiment", "trial"])
_OUTCOME = frozenset(
    ["converted", "conversion", "clicked", "click", "purchased", "bought", "ordered", "signed", "subscribed", "success",
     "succeeded", "booked", "responded", "opened", "activated", "upgraded", "paid", "donated", "registered", "enrolled"]
)  # fmt: skip
_MONEY = frozenset(["revenue", "spend", "amount", "sales", "value", "total", "spent"])
_FEW = 12


@dataclass(frozen=True)
class Experiment:
    """`outcome`: the figure by which its variants are compared, as words that the reader knows; `other`: whether there
    are more."""

    group: str
    outcome: str
    other: tuple[str, ...]


def experiment_in(model: SemanticModel) -> Experiment | None:
    """The experiment that the data holds; None where there is none, or more than one."""
    found = [(d, f) for d in model.datasets for f in d.fields if _is_variant(f)]
    outcomes = [(d, f, _outcomes(d)) for d, f in found]
    known = [(d, f, o) for d, f, o in outcomes if o]
    if len(known) != 1:
        return None
    dataset, field, names = known[0]
    return Experiment(field_label(dataset, field).lower(), names[0], tuple(names[1:]))


def _is_variant(field: ModelField) -> bool:
    words = set(split(field.name))
    named = bool(words & _VARIANT) or ("group" in words and bool(words & _SAID_WITH))
    return named and not field.hidden and field.distinct is not None and 2 <= field.distinct <= _FEW


def _outcomes(dataset: Dataset) -> list[str]:
    """What came of each row: whether it did what was hoped for, before what it brought."""
    rows = plural(dataset_label(dataset).lower())
    yes = [f for f in dataset.fields if f.type == "boolean" and set(split(f.name)) & _OUTCOME]
    money = [f for f in dataset.fields if f.type in ("integer", "number") and set(split(f.name)) & _MONEY]
    shares = [f"percentage of {rows} that {field_label(dataset, f).lower()}" for f in yes]
    return shares + [f"average {field_label(dataset, f).lower()}" for f in money]
