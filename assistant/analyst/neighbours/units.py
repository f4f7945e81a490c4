"""Figures said in another unit than the data has them in: "over 2 kg" of grams, "more than 3 hours" of minutes, "at
least 500 cents" of euros, "the total in cents"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.english import read_lists
from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.schema import Schema
from knowledge.model import ModelField

_SIZES: dict[str, tuple[str, float]] = {
    word: (kind, float(size))
    for section, words in read_lists("units.txt").items()
    for kind, size in [section.split()]
    for word in words
}
"""Each word for a unit, with the kind of quantity that it measures and its size in the kind's base unit."""
_LETTERS = frozenset(word for word in _SIZES if len(word) < 3)
_MEASURED = {"mass": ("weight", "mass", "load"), "length": ("length", "height", "width", "depth", "distance", "size"),
             "volume": ("volume", "capacity", "content"), "time": ("duration", "length", "time"), "energy": ("energy",),
             "power": ("power", "output")}  # fmt: skip
_OF_TIME = re.compile(r"\b(?:older|younger|later|earlier|before|after|ago|since)\b")
_MONEY = frozenset(["cent", "cents"])
_CURRENCIES = {"eur": "EUR", "euro": "EUR", "euros": "EUR", "€": "EUR", "usd": "USD", "dollar": "USD", "dollars": "USD",
               "$": "USD", "gbp": "GBP", "£": "GBP", "pound": "GBP", "pounds": "GBP", "sterling": "GBP"}  # fmt: skip


def converted(items: list[Item], schema: Schema) -> list[Item]:
    """The numbers of bounds, in the unit of the field that they bound; the units are taken up."""
    made = list(items)
    for n in range(len(items) - 1, 0, -1):
        word = items[n].text.lower()
        number = items[n - 1]
        if number.code != "n" or items[n].before or word not in _SIZES or items[n].code not in ".gfm":
            continue
        kind, size = _SIZES[word]
        at = _bound_before(made, n - 1)
        if at is None or _OF_TIME.search(made[at].text.lower()):
            continue
        field, stands = _bounded(made, at, kind, schema)
        unit = _unit_of(schema, field) if field else None
        if field is None or unit is None:
            continue
        scale = size / _SIZES[unit][1]
        if not _within(schema.field(field), number.data.value * scale):
            continue
        for m in range(at + 1, n):
            if made[m].code == "n":
                made[m] = replace(made[m], data=replace(made[m].data, value=made[m].data.value * scale))
        del made[n]
        if not stands:
            link = Link("field", field, 0.95, True)
            said = Item("f", made[at].start, made[at].start, unit, field, 0.95, (link,), made[at].before)
            made[at : at + 1] = [said, made[at]]
    return made


_PIECES = frozenset(["quantity", "qty", "volume"])


def counted_units(items: list[Item], schema: Schema) -> list[Item]:
    """ "how many litres of milk", where products have a unit: the quantity of what is kept of them in litres."""
    for n in range(len(items) - 1):
        mark, unit = items[n], items[n + 1]
        if mark.code != "c" or unit.code != "v" or not unit.data or unit.before:
            continue
        field = schema.field(unit.data[0].field)
        if not {"unit", "units", "uom"} & {*(field.label or field.name).lower().split()[-1:]}:
            continue
        kept = [
            f"{d.name}.{f.name}"
            for d in schema.model.datasets
            if schema.belongs_to(d.name, schema.owner(unit.data[0].field))
            for f in d.fields
            if f.role == "measure" and _PIECES & set((f.label or f.name).lower().split())
        ]
        if len(kept) != 1:
            return [*items[: n + 1], replace(unit, code=".", data=None), *items[n + 2 :]]
        total = Item("a", mark.start, mark.end, "total", "sum", before=mark.before)
        quantity = Item("f", mark.end, mark.end, "quantity", kept[0], 0.95, (Link("field", kept[0], 0.95, True),))
        return [*items[:n], total, quantity, *items[n + 1 :]]
    return items


def in_money(items: list[Item], schema: Schema) -> list[Item]:
    """Without "in cents", "in euros", where a figure of that currency has been named: the unit is dealt with when the
    request is made. Bounds in cents are bounds in the currency's own unit."""
    currencies = {c for i in items for c in _currencies(i, schema)}
    made: list[Item] = []
    for at, item in enumerate(items):
        word = item.text.lower()
        number = made[-1] if made and made[-1].code == "n" and not item.before else None
        if word in _MONEY and item.code in ".f" and number is not None:
            made[-1] = replace(number, data=replace(number.data, value=number.data.value / 100, money=True))
            continue
        if _costs_so_much(items, at, schema):
            continue
        known = word in _MONEY or (_CURRENCIES.get(word) in currencies)
        counted = bool(made) and made[-1].code == "c"  # "how many cents"
        if (
            item.code == "."
            and currencies
            and known
            and not counted
            and item.before.split()[-1:] in ([], ["in"], ["as"], ["of"])
        ):
            continue
        made.append(item)
    return made


_COSTS = frozenset(["cost", "costs", "costing", "worth"])


def _costs_so_much(items: list[Item], n: int, schema: Schema) -> bool:
    """ "repairs that *cost* over 200 euros", where other things have a cost: the verb says no more than the bound."""
    item, after = items[n], items[n + 1 : n + 3]
    bound = [i.code for i in after] == ["o", "n"] and after[1].data.money
    thing = next((i.dataset for i in reversed(items[:n]) if i.code in "dm" and i.dataset), None)
    if item.text.lower() not in _COSTS or item.code not in ".fj" or not bound or thing is None:
        return False
    return (item.code != "f" or schema.owner(str(item.data)) != thing) and bool(schema.currencies(thing))


def _currencies(item: Item, schema: Schema) -> list[str]:
    """The currency of what an item names."""
    field = str(item.data) if item.code == "f" else None
    if item.code == "m":
        field = schema.summed_by(schema.model.metric(str(item.data)))
    if field is None:
        return []
    return [schema.field(field).unit or ""] if schema.is_money(field) else []


def _bound_before(items: list[Item], n: int) -> int | None:
    """Where the comparison stands that the number at `n` is of: "over 2", "between 1 and 2"."""
    if n and items[n - 1].code == "o":
        return n - 1
    codes = "".join(i.code for i in items[max(0, n - 3) : n])
    return n - 3 if codes in ("bn&", "bnV") else None


def _bounded(items: list[Item], at: int, kind: str, schema: Schema) -> tuple[str | None, bool]:
    """The field that a bound on such a quantity is of, and whether it is named just before it."""
    left = next((i for i in reversed(items[:at]) if i.code not in "Ohj"), None)
    if left is not None and left.code in "fm":
        named = schema.summed_by(schema.model.metric(str(left.data))) if left.code == "m" else str(left.data)
        if named and schema.is_number(named):
            own = _unit_of(schema, named)
            if own and _SIZES[own][0] == kind:
                return named, True
    thing = next((i.dataset for i in reversed(items[:at]) if i.code in "dm" and i.dataset), None)
    if thing is None and left is not None and left.code == "f":  # "the charge of repairs that took over an hour"
        thing = schema.owner(str(left.data))
    fields = [f"{thing}.{f.name}" for f in schema.model.dataset(thing).fields if not f.hidden] if thing else []
    found = [f for f in fields if schema.is_number(f) and (u := _unit_of(schema, f)) and _SIZES[u][0] == kind]
    return (found[0], False) if len(found) == 1 else (None, False)


def _unit_of(schema: Schema, reference: str) -> str | None:
    """The unit of a field, as its model or the end of its name has it ("weight g")."""
    field = schema.field(reference)
    if field.unit and field.unit.lower() in _SIZES:
        return field.unit.lower()
    words = (field.label or field.name).lower().replace("_", " ").split()
    if len(words) < 2 or words[-1] not in _SIZES:
        return None
    kind = _SIZES[words[-1]][0]
    told = words[-1] not in _LETTERS or any(w in words for w in _MEASURED.get(kind, ()))
    return words[-1] if told else None


def _within(field: ModelField, value: float) -> bool:
    """Whether a field may come to so much: hours of work are not bounded by a year."""
    try:
        return value <= 3 * abs(float(str(field.maximum)))
    except ValueError:
        return True
