"""Which rows say what was in which basket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

import sqlglot.expressions as exp

from knowledge.compile import CannotCompile
from knowledge.compile.columns import field_label
from knowledge.compile.graph import graph_of
from knowledge.model import Dataset, SemanticModel
from knowledge.request import Compare, Condition, FieldColumn, Request
from knowledge.words import label, lemma, plural, split
from knowledge.workspace import Workspace
from tools.analysis import CannotAnalyse
from tools.events import event_of

_KINDS = (3, 3000)
"""How many different values a field of items may have to be told apart by, where the question names none."""


@dataclass(frozen=True)
class Lines:
    """`tree` selects a basket and an item a row, each once."""

    tree: exp.Expression
    basket: str
    item: str
    """The columns of the tree."""
    baskets: str
    """What the baskets are called: "orders"."""
    kind: str
    """What the items are called: "category"."""
    given: tuple[str, ...]
    """The items that the question names; empty for all."""
    caveats: tuple[str, ...]
    every: tuple[tuple[str, ...], ...] = ()
    """Where one of each are meant together, and not any of the given: the items that each word stands for."""
    field: str = ""
    """What the items are told apart by: "products.category"."""


def lines(request: Request, workspace: Workspace, *, every: Sequence[str] = ()) -> Lines:
    """Raises CannotAnalyse where nothing says what was bought together, and whatever compiling raises."""
    model = workspace.model
    conditions = [c for c in request.where if _names_items(c) and on_lines(str(c.field), model)]
    named = conditions[0] if conditions else None
    grouped = [str(c.field) for c in request.fields if not (c.grain or c.part) and on_lines(str(c.field), model)]
    field = str(named.field) if named is not None else grouped[0] if grouped else None
    dataset = _lines_of(field, model)
    event = event_of(dataset, model)
    assert event is not None
    field = field or _usual(dataset, model)
    owner, item, _ = model.resolve(field)
    basket = f"{dataset.name}.{event.many_fields[0]}"
    asked = Request(
        columns=[FieldColumn(field=basket), FieldColumn(field=field)], dataset=dataset.name, distinct=True,
        where=[c for c in request.where if c is not named], period=request.period, time_field=request.time_field,
    )  # fmt: skip
    compiled = workspace.compiled(asked)
    tree = compiled.tree.copy()
    tree.set("order", None)
    given = () if named is None else tuple(named.value if isinstance(named.value, list) else [named.value])
    one = model.dataset(event.one)
    names = [c.name for c in compiled.columns]
    return Lines(
        tree, names[0], names[1], plural(one.label or label(one.name)),
        field_label(owner, item).lower(),
        tuple(str(v) for v in given), compiled.caveats, _each(every, [str(v) for v in given]), field,
    )  # fmt: skip


def _each(words: Sequence[str], given: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The values that each of the words stands for; none where some value is not told by one of them."""
    stems = [lemma(w.lower().split()[-1]) for w in words if w.strip()]
    groups = [tuple(v for v in given if any(lemma(t) == stem for t in split(v))) for stem in stems]
    whole = sorted(v for group in groups for v in group) == sorted(given)
    return tuple(groups) if len(groups) > 1 and all(groups) and whole else ()


def on_lines(field: str, model: SemanticModel) -> bool:
    """Whether a field tells apart what is in one basket: no field of what the whole basket belongs to does."""
    owner, graph = model.resolve(field)[0].name, graph_of(model)
    events = [e for d in model.datasets if (e := event_of(d, model)) is not None]
    return not any(e.one == owner or graph.single(e.one, owner) for e in events)


def _names_items(condition: Condition) -> TypeGuard[Compare]:
    return isinstance(condition, Compare) and condition.op in ("=", "in") and isinstance(condition.field, str)


def _lines_of(field: str | None, model: SemanticModel) -> Dataset:
    """The dataset with most rows that are part of an event and lead to the field."""
    graph = graph_of(model)
    found = []
    for dataset in model.datasets:
        event = event_of(dataset, model)
        if event is None:
            continue
        try:
            path = () if field is None else graph.path(dataset.name, model.resolve(field)[0].name)
        except CannotCompile:
            continue
        if path is not None and all(hop.single for hop in path):
            found.append(dataset)
    if not found:
        raise CannotAnalyse(
            "Nothing here says what was bought together: it takes a table of lines, several of which belong to one "
            "order or basket."
        )
    return max(found, key=lambda d: d.row_count or 0)


def _usual(dataset: Dataset, model: SemanticModel) -> str:
    """The finest field of what is on a line that has not too many values."""
    graph = graph_of(model)
    found = []
    for other in model.datasets:
        try:
            path = graph.path(dataset.name, other.name)
        except CannotCompile:
            continue
        if path is None or not all(h.single for h in path):
            continue
        for field in other.fields:
            if not on_lines(f"{other.name}.{field.name}", model):
                continue
            if field.name == other.name_field or field.role == "category":
                count = field.distinct or 0
                if _KINDS[0] <= count <= _KINDS[1] and not field.hidden:
                    found.append((len(path) == 0, -count if len(path) else count, f"{other.name}.{field.name}"))
    if not found:
        raise CannotAnalyse("Say which kind of thing: “which categories are bought together?”")
    return min(found)[2]
