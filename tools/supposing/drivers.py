"""What is supposed to be otherwise, found in the data: a price, a flag, a discount, the weather of a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from knowledge.compile.columns import field_label
from knowledge.model import Dataset, ModelField, SemanticModel
from knowledge.request import Aggregate, Compare, Measure, Request
from knowledge.words import lemma, split
from knowledge.workspace import Workspace
from tools.analysis import CannotAnalyse
from tools.explaining.parts import is_quantity, parts_of, summed_field
from tools.times import measured_datasets

_PAID = re.compile(r"\b(amount|revenue|sales|value|turnover|total|net|gross|paid|takings|cost)\b", re.I)
_PRICE = {"price", "pricing", "tariff", "rate", "fare"}
_ALIKE = (
    {"promotion", "promo", "promotional", "promote", "offer", "deal", "campaign", "discount", "markdown"},
    {"weather", "temperature", "temp", "degree", "celsius", "warm", "hot"},
    {"rain", "rainfall", "precipitation", "wet", "rainy"},
    {"event", "holiday", "festival", "match", "game"},
    {"advertising", "advertisement", "advert", "ad", "marketing", "spend"},
)  # fmt: skip
"""Words for the same thing, as far as a business's drivers go."""


@dataclass(frozen=True)
class Driver:
    """`top`, or `top` divided by `bottom`, is its value in a week; `own` says that it has times of its own."""

    label: str
    top: Measure
    bottom: Measure | None
    kind: Literal["price", "share", "part", "level"]
    """`share`: of rows that have it, 0..1; `part`: of the money; `level`: a figure in its own unit."""
    own: bool = False
    unit: str = ""


def driver(words: str, request: Request, workspace: Workspace) -> Driver:
    """Raises CannotAnalyse where the data has nothing of that name."""
    model = workspace.model
    said = _stems(words)
    names = measured_datasets(request, workspace)
    base = model.dataset(names[0]) if names else None
    if base is None:
        raise CannotAnalyse("Name a figure that would change: “what if we raise prices 5%, for units?”")
    money, quantity = _money(request, base, model), next((f for f in base.fields if is_quantity(f)), None)
    if said & _PRICE and money is not None and quantity is not None:
        top, bottom = (Aggregate(agg="sum", of=f"{base.name}.{f.name}") for f in (money, quantity))
        return Driver("average price", top, bottom, "price")
    found = _field(said, base, model, measured=money)
    if found is None:
        priced = ["price"] if money is not None and quantity is not None else []
        moving = [
            field_label(base, f).lower() for f in base.fields if _moves(f) and not is_quantity(f) and f is not money
        ]
        known = ", ".join([*priced, *moving][:8]) or "nothing"
        raise CannotAnalyse(f"The data has nothing called “{words}” that could drive it. What I can suppose: {known}.")
    dataset, field = found
    of, label = f"{dataset.name}.{field.name}", field_label(dataset, field).lower()
    own = dataset.name != base.name
    if said & _PRICE and not own:
        return Driver(label, Aggregate(agg="avg", of=of), None, "price")
    if field.type == "boolean" or field.role == "flag":
        value = True if field.type == "boolean" else _yes(field)
        where = [Compare(field=of, op="=", value=value)]
        rows = Aggregate(agg="count", dataset=dataset.name)
        return Driver(label, rows.model_copy(update={"where": where}), rows, "share", own)
    if field.additivity == "additive" and field.unit and not own and money is not None:
        return Driver(label, Aggregate(agg="sum", of=of), Aggregate(agg="sum", of=f"{base.name}.{money.name}"), "part")
    return Driver(label, Aggregate(agg="avg", of=of), None, "level", own, field.unit or "")


def _stems(words: str) -> set[str]:
    return {lemma(w) for w in words.lower().replace("-", " ").split() if len(w) > 1}


def _money(request: Request, base: Dataset, model: SemanticModel) -> ModelField | None:
    """What is paid: the field that the request sums, else that the first metric sums."""
    named = next((summed_field(c.measure, model) for c in request.measures[:1]), None)
    asked = model.resolve(named)[1].name if named and named.partition(".")[0] == base.name else ""
    paid = [
        f for f in base.fields
        if f.additivity == "additive" and f.role == "measure" and not is_quantity(f)
        and (f.name == asked or f.unit or _PAID.search(f"{f.name.replace('_', ' ')} {f.label}"))
    ]  # fmt: skip
    return max(paid, key=lambda f: (f.name == asked, bool(f.unit)), default=None)


def _field(
    said: set[str], base: Dataset, model: SemanticModel, measured: ModelField | None
) -> tuple[Dataset, ModelField] | None:
    """The field whose names have most of the words; those of the rows that are measured before others."""
    wanted = said | {w for group in _ALIKE if said & group for w in group}
    best: tuple[float, Dataset, ModelField] | None = None
    for dataset in model.datasets:
        if dataset is not base and not dataset.default_time:
            continue
        for field in dataset.fields:
            if field is measured or not _moves(field):
                continue
            names = [field.label, " ".join(split(field.name)), *field.synonyms]
            score = max((_score(_stems(n), said, wanted) for n in names if n), default=0.0)
            score += 0.01 * (dataset is base)
            if score > 0.15 and (best is None or score > best[0]):
                best = score, dataset, field
    return best[1:] if best else None


def _score(name: set[str], said: set[str], wanted: set[str]) -> float:
    same, alike = len(name & said), len(name & wanted)
    return (same + 0.6 * (alike - same)) / max(len(name | said), 1) if alike else 0.0


def _moves(field: ModelField) -> bool:
    """A number or a flag that may be otherwise; not a key, a name, a time."""
    if field.type == "boolean" or field.role == "flag":
        return True
    return field.type in ("number", "integer") and field.role in ("measure", "number")


def _yes(field: ModelField) -> str | int | float | bool:
    """The value of a flag of two that says that it is so."""
    yes = {"y", "yes", "true", "t", "1", "on"}
    return next((v for v in field.samples if str(v).lower() in yes), True)


def checked(request: Request, model: SemanticModel) -> None:
    """Raises CannotAnalyse where the figure does not add up over time, so that no part of it can be told."""
    if parts_of(request.model_copy(update={"columns": request.measures[:1]}), model)[0].bottom is not None:
        raise CannotAnalyse("I can suppose for sums and counts (sales, units, orders); that figure is a ratio.")
