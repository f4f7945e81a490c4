"""What there is of things: "what do we need to reorder", "products still in stock", "which sizes are out of stock"."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item, rows_of
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.request import Compare


def to_reorder(items: list[Item], schema: Schema) -> list[Item]:
    """ "which parts do we need to reorder": those of which there are no more than the level at which one does."""
    for n, item in enumerate(items):
        after = items[n + 1] if n + 1 < len(items) else None
        on_stock = item.text.lower() == "low" and after is not None and after.text.lower() == "stock"
        low = item.before.endswith(("low on", "low in")) or (
            item.text.lower() in ("stock", "inventory") and item.before.split()[-1:] == ["low"]
        )
        if not (item.text.lower() in _TO_REORDER or on_stock or low) or (item.code == "d" and not low):
            continue
        told = [str(i.data) for i in items if i.code == "d"]
        near = [*told, *(c for d in told for c in schema.children(d))] or [d.name for d in schema.model.datasets]
        levels = [pair for d in dict.fromkeys(near) if (pair := _stock_and_level(d, schema))]
        if len(levels) == 1:
            kept, level = levels[0]
            cond = Cond(((kept, Compare(field=kept, op="<=", field_value=level)),), text="to reorder")
            made = replace(item, code="C", data=cond, options=(), before="")
            rest = [i for i in items[n + 1 + on_stock :] if i.data != schema.owner(kept) or i.code != "d"]
            if not any(i.code in "df" for i in [*items[:n], *rest]):  # "what do we need to reorder?"
                ware = _ware(schema.owner(kept), schema)
                return [*items[:n], rows_of(ware, item.start, item.start, ware), made, *rest]
            return [*items[:n], made, *rest]
    return items


def _ware(dataset: str, schema: Schema) -> str:
    """What is kept: the thing itself, where the rows have names, else what they are stocks or sizes of."""
    named = any(schema.noun_of(f"{dataset}.{f.name}") & {"name", "title"} for f in schema.model.dataset(dataset).fields)
    return dataset if named else next(iter(schema.parents(dataset)[1:]), dataset)


_TO_REORDER = ("reorder", "restock", "low stock", "running low", "low", "replenish")
_LEVELS = frozenset(["reorder", "minimum", "threshold", "safety"])


def _stock_and_level(dataset: str, schema: Schema) -> tuple[str, str] | None:
    """The figures of how many there are and of how many there must be at least."""
    fields = [f"{dataset}.{f.name}" for f in schema.model.dataset(dataset).fields if not f.hidden]
    levels = [f for f in fields if schema.noun_of(f) & _LEVELS and schema.field(f).type in ("integer", "number")]
    kept = _kept(dataset, schema)
    return (kept[0], levels[0]) if len(kept) == len(levels) == 1 else None


def in_stock(items: list[Item], schema: Schema) -> list[Item]:
    """ "products in stock", "out of stock items": those of which there are some, or none."""
    for n, item in enumerate(items):
        mark = items[n - 1] if n and items[n - 1].code == "O" and items[n - 1].text == "of" else None
        out = mark is not None and mark.before.lower().endswith("out")
        if item.text.lower() not in ("stock", "inventory") or not (out or item.before.lower().endswith("in")):
            continue
        things = [str(i.data) for i in items if i.code == "d" and i is not item]
        things = things or [schema.owner(m.field) for i in items if i.code == "v" for m in i.data]  # "ferns in stock"
        if not things:
            continue
        near = [d for d in dict.fromkeys([*things, *schema.children(things[0])]) if _keeps_stock(d, schema)]
        kept = [f for d in near for f in _kept(d, schema)]
        if len(kept) == 1:
            cond = Cond(((kept[0], Compare(field=kept[0], op=">", value=0)),), out, text="in stock")
            made = replace(item, code="C", data=cond, options=(), before="")
            return [*items[: n - out], made, *items[n + 1 :]]
    return items


def _keeps_stock(dataset: str, schema: Schema) -> bool:
    """It lists how many there are, rather than how many were ordered."""
    named = any(schema.noun_of(f) & {"stock", "hand", "inventory"} for f in _kept(dataset, schema))
    return named or bool(schema.noun(dataset) & {"stock", "inventory"})


def _kept(dataset: str, schema: Schema) -> list[str]:
    """The figures of how many there are."""
    fields = [f"{dataset}.{f.name}" for f in schema.model.dataset(dataset).fields if not f.hidden]
    numbers = [f for f in fields if schema.is_number(f) or schema.field(f).type in ("integer", "number")]
    return [f for f in numbers if schema.noun_of(f) & LISTS["stock"] and not schema.noun_of(f) & _LEVELS]
