"""Names that the SQL introduces: aliases that are unique, readable and quoted only where they must be."""

from __future__ import annotations

import re
from collections.abc import Iterable

import sqlglot.expressions as exp

_SAFE = re.compile(r"[a-z_][a-z0-9_]*")
_WORDS = """
all analyse analyze and any array as asc asymmetric at both by case cast check collate column constraint create
cross cube current current_date current_time current_timestamp current_user default deferrable desc describe
distinct do else end escape except exclude exists false fetch filter for foreign from full grant group grouping
having hash if ignore in initially inner intersect interval into is join lambda lateral leading left like limit
localtime localtimestamp natural new no not null of offset on only or order outer over partition pivot pivot_longer
pivot_wider placing primary proto qualify range recursive references respect returning right rollup rows select
session_user set show similar some struct summarize symmetric table tablesample then to top trailing treat true
unbounded union unique unpivot user using values variadic when where window with within
"""
_RESERVED = frozenset(_WORDS.split())


def identifier(name: str) -> exp.Identifier:
    return exp.Identifier(this=name, quoted=not _SAFE.fullmatch(name) or name in _RESERVED)


def column(name: str, table: str | None = None) -> exp.Column:
    return exp.Column(this=identifier(name), table=identifier(table) if table else None)


def alias(expression: exp.Expr, name: str) -> exp.Alias:
    return exp.Alias(this=expression, alias=identifier(name))


def slug(text: str) -> str:
    """A snake_case name: "Net sales (Brooklyn)" -> "net_sales_brooklyn"."""
    name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60].strip("_")
    return f"_{name}" if not name or name[0].isdigit() else name


class Names:
    """Hands out names that nobody else in the same statement has."""

    def __init__(self, taken: Iterable[str] = ()):
        self.taken: set[str] = set(taken)

    def new(self, *wanted: str) -> str:
        """The first of the wanted names that is free; else the last of them with a number."""
        for name in wanted:
            if name not in self.taken:
                break
        else:
            base, number = wanted[-1], 2
            while f"{base}_{number}" in self.taken:
                number += 1
            name = f"{base}_{number}"
        self.taken.add(name)
        return name
