"""Figures of rows that are flagged: "billable hours", "non-refundable deposits by month", "what share of hours is
billable"."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema

_NOT = frozenset(["non", "not", "un"])


def flagged_figures(items: list[Item], schema: Schema) -> list[Item]:
    """A flag just before a figure of the same rows, or said of it, is a condition, rather than a way to split it."""
    made: list[Item] = []
    for n, item in enumerate(items):
        flag = item.code == "f" and schema.is_flag(str(item.data)) and not item.before.endswith(("by", "per", "each"))
        figure = _figure(items, n, schema) if flag else None
        there = schema.has_some(str(item.data), plural=False) if figure is not None else None
        if there is None or (n and items[n - 1].code == "y"):
            made.append(item)
            continue
        negated = bool(made) and made[-1].code == "z" and made[-1].text.lower().rstrip("-") in _NOT
        if negated:
            made.pop()
        cond = Cond(((str(item.data), there),), negated, text=item.text)
        made.append(replace(item, code="C", data=cond, score=0.95, options=()))
    return made


def _figure(items: list[Item], n: int, schema: Schema) -> Item | None:
    """The figure that the flag is said of: just after it, or before it with a copula ("hours are billable")."""
    owner = schema.owner(str(items[n].data))
    after = items[n + 1] if n + 1 < len(items) and not items[n + 1].before else None
    left = items[n - 1] if n and items[n].before in ("is", "are", "was", "were") else None
    for other in (after, left):
        shared = other is left and n > 1 and items[n - 2].code == "S"
        if other is not None and shared and other.code == "d" and schema.belongs_to(str(other.data), owner):
            return other  # "what share of loans are secured", whatever is
        number = other is not None and (other.code == "m" or (other.code == "f" and schema.is_number(str(other.data))))
        if other is not None and number and owner in linked_datasets(other, schema):
            return other
    return None
