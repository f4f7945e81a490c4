"""What to offer instead of a thing: dearer ones of its kind, those that are bought most first."""

from __future__ import annotations

from knowledge.compile.columns import field_label
from knowledge.formats import format_value
from knowledge.model import Dataset, ModelField
from knowledge.request import Aggregate, FieldColumn, MeasureColumn, Request
from knowledge.result import ResultColumn
from knowledge.words import split
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.associating.lines import lines
from tools.associating.rules import bought

_PRICES = frozenset(["price", "fee", "rate", "tariff", "msrp", "rrp"])
_KINDS = frozenset(["category", "kind", "type", "group", "class", "family", "department", "line", "range", "style"])
_ROWS = 25
_DEARER = ResultColumn("dearer", "Dearer by", "percent", measure=True)


def dearer_ones(request: Request, workspace: Workspace, limits: Limits) -> Analysis:
    """Raises CannotAnalyse where there is no price, no kind, or nothing dearer, and whatever a query raises."""
    found = lines(request, workspace)
    if len(found.given) != 1:
        raise CannotAnalyse("Name one thing to sell something better than: “what should we upsell to buyers of X?”")
    (given,), (owner, item, _) = found.given, workspace.model.resolve(found.field)
    price, kind = _price(owner), _kind(owner, item)
    if item.name != owner.name_field:
        raise CannotAnalyse(
            f"{given} is a {found.kind}, not one thing: name the thing that is to be sold something better."
        )
    if price is None or kind is None:
        raise CannotAnalyse(
            f"To say what is better than {given}, it takes the price and the kind of each {found.kind}, in one table "
            "with its name. Ask what sells with it instead."
        )
    columns = [FieldColumn(field=f"{owner.name}.{n}") for n in (item.name, kind.name)]
    paid = MeasureColumn(measure=Aggregate(agg="avg", of=f"{owner.name}.{price.name}"))
    known = workspace.run(
        Request(columns=[*columns, paid], dataset=owner.name), max_rows=limits.max_rows, timeout_s=limits.timeout_s
    )
    things = [(str(n), k, float(p)) for n, k, p in known.rows if n is not None and p is not None]
    own = next(((k, p) for n, k, p in things if n.lower() == given.lower()), None)
    if own is None or own[0] is None:
        raise CannotAnalyse(f"There is no {field_label(owner, price).lower()} or no {kind.name} of {given}.")
    counts, baskets, sql, elapsed = bought(found, workspace.warehouse, limits)
    better = [(n, p, 100 * (p / own[1] - 1), counts.get(n, 0)) for n, k, p in things if k == own[0] and p > own[1] > 0]
    if not better:
        raise CannotAnalyse(f"{given} is the dearest of its {field_label(owner, kind).lower()} ({own[0]}).")
    better.sort(key=lambda r: (-r[3], r[1]))
    money = known.columns[-1]
    columns_of = (
        ResultColumn("item", found.kind.capitalize(), "category"),
        ResultColumn("price", field_label(owner, price).capitalize(), money.kind, measure=True, unit=money.unit),
        _DEARER,
        ResultColumn("baskets", f"{found.baskets.capitalize()} with it", "integer", measure=True, role="current"),
    )
    rows = [(n, p, d, c) for n, p, d, c in better[:_ROWS]]
    name, at, more, count = better[0]
    text = (
        f"Instead of {given} ({format_value(own[1], columns_of[1], limits.locale)}), **{name}** "
        f"({format_value(at, columns_of[1], limits.locale)}, {format_value(round(more, 1), _DEARER, limits.locale)} "
        f"dearer) is the {field_label(owner, kind).lower()} “{own[0]}” that is bought most: in {count:,} of "
        f"{baskets:,} {found.baskets}."
    )
    method = (
        f"All {len(better)} that are dearer and of the same {field_label(owner, kind).lower()}, by how many "
        f"{found.baskets} have them. Nothing in the data says who would take the dearer one: try it."
    )
    return Analysis(columns_of, rows, sql, elapsed, caveats=found.caveats, text=text, method=method)


def _price(owner: Dataset) -> ModelField | None:
    return next((f for f in owner.fields if f.type in ("integer", "number") and _PRICES & set(split(f.name))), None)


def _kind(owner: Dataset, item: ModelField) -> ModelField | None:
    texts = [f for f in owner.fields if f.type == "text" and f.name != item.name and not f.hidden]
    named = next((f for f in texts if _KINDS & set(split(f.name))), None)
    return named or next((f for f in texts if f.role == "category"), None)
