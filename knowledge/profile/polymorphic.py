"""Columns that refer to several tables, which of them another column says: `commentable_id` with `commentable_type`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from knowledge.profile.columns import ColumnFacts, Table, TableFacts, quoted
from knowledge.profile.joins import Join, held
from knowledge.profile.likeness import Naming, likeness
from knowledge.words import singular, spell, split

_MOST_KINDS = 20
_PARTIES = (
    "user",
    "customer",
    "member",
    "person",
    "employee",
    "merchant",
    "vendor",
    "supplier",
    "company",
    "organization",
)


def polymorphic_joins(
    con: duckdb.DuckDBPyConnection,
    tables: Sequence[TableFacts],
    naming: Naming,
    keys: Mapping[Table, Sequence[ColumnFacts]],
) -> list[Join]:
    """A join for each table that the type's values name, over a column made for it that is empty in other rows; where
    the values are only numbers, joins to the two tables of people or firms that hold all the ids."""
    found: list[Join] = []
    for table in tables:
        for column, kind in _pairs(table):
            named = list(_named(column, kind, tables, naming, keys))
            for value, other, key in named:
                name = f"{column.name}_{other.name}"
                said = value.replace("'", "''")
                made = f"CASE WHEN {quoted(kind.name)} = '{said}' THEN {quoted(column.name)} END"
                table.columns.append(_copy(column, name, made))
                naming.columns[table.at, name] = naming.columns[table.at, column.name]
                found.append(Join(table.at, other.at, (name,), (key.name,)))
            if not named and kind.is_whole:
                found += _parties(con, table, column, tables, naming, keys)
    return found


def _pairs(table: TableFacts) -> Iterator[tuple[ColumnFacts, ColumnFacts]]:
    by_pieces = {tuple(split(c.name)): c for c in table.columns}
    for pieces, column in list(by_pieces.items()):
        kind = by_pieces.get((*pieces[:-1], "type")) if pieces[-1] == "id" and len(pieces) > 1 else None
        if kind and 2 <= kind.distinct <= _MOST_KINDS and column.filled:
            yield column, kind


def _named(
    column: ColumnFacts,
    kind: ColumnFacts,
    tables: Sequence[TableFacts],
    naming: Naming,
    keys: Mapping[Table, Sequence[ColumnFacts]],
) -> Iterator[tuple[str, TableFacts, ColumnFacts]]:
    if kind.type != "text":
        return
    for value in kind.samples:
        words = [singular(w) for w in spell(split(str(value))).lower().split()]
        for other in tables:
            key = next(iter(keys.get(other.at, ())), None)
            if key and likeness(words, naming.tables[other.at]) >= 0.99 and key.type == column.type:
                yield str(value), other, key
                break


def _parties(
    con: duckdb.DuckDBPyConnection,
    table: TableFacts,
    column: ColumnFacts,
    tables: Sequence[TableFacts],
    naming: Naming,
    keys: Mapping[Table, Sequence[ColumnFacts]],
) -> list[Join]:
    found = []
    for party in _PARTIES:
        for other in tables:
            key = next(iter(keys.get(other.at, ())), None)
            if key and other.at != table.at and naming.tables[other.at] == (party,) and key.type == column.type:
                part = held(con, table, column, other, key, "")
                if part is not None and part > 0.99:
                    found.append(Join(table.at, other.at, (column.name,), (key.name,)))
    return found[:2]


def _copy(column: ColumnFacts, name: str, made: str) -> ColumnFacts:
    return ColumnFacts(
        name, column.declared, column.type, made, column.rows, column.filled, column.distinct, column.minimum,
        column.maximum, column.length, [], converted=True,
    )  # fmt: skip
