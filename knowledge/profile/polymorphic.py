"""Columns that refer to several tables, which of them another column says: `commentable_id` with `commentable_type`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import duckdb

from knowledge.profile.columns import ColumnFacts, Table, TableFacts, quoted
from knowledge.profile.joins import Join, held
from knowledge.profile.likeness import Naming, likeness
from knowledge.words import listed, singular, spell, split

_MOST_KINDS = 20
_FEWEST, _DIFFERENT = 5, 3
"""Rows, and different values among them, that say less could agree by chance."""


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
                table.columns.append(_some_of(con, table, column, kind, f"'{said}'", name))
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
    for kind in ("people", "firms"):
        for other in tables:
            key = next(iter(keys.get(other.at, ())), None)
            words = naming.tables[other.at]
            party = len(words) == 1 and words[0] in listed("joins", kind)
            if key and other.at != table.at and party and key.type == column.type:
                part = held(con, table, column, other, key, "")
                if part is not None and part > 0.99:
                    found.append(Join(table.at, other.at, (column.name,), (key.name,)))
                    break
    return found if len(found) == 2 else found[:1]


def told_apart(
    con: duckdb.DuckDBPyConnection, tables: Sequence[TableFacts], naming: Naming, joins: Sequence[Join]
) -> list[Join]:
    """The joins, those of a column to two tables each over its own rows, where other rows tell which kind is which: if
    all payments of kind 1 that have a voucher go to the shop that the voucher is of, 1 are the shops."""
    found = list(joins)
    for table in tables:
        pairs = [
            (column, kind, own)
            for column, kind in _pairs(table)
            if kind.is_whole
            and len(own := [j for j in found if (j.many, j.columns) == (table.at, (column.name,))]) == 2
        ]
        said: dict[str, Table] = {}
        for column, kind, own in pairs:
            said |= _by_agreement(con, table, column, kind, own, found)
        for column, kind, own in pairs:
            values = sorted(map(str, kind.samples))
            if len(values) != kind.distinct or len(values) != len(own) or not said:
                continue
            sides = dict(said)
            for value in values:  # of two kinds, the other is the other
                rest = [j.one for j in own if j.one not in sides.values()]
                if value not in sides and len(rest) == 1:
                    sides[value] = rest[0]
            if {sides.get(v) for v in values} != {j.one for j in own}:
                continue
            for value in values:
                join = next(j for j in own if j.one == sides[value])
                name = f"{column.name}_{join.one[1]}"
                table.columns.append(_some_of(con, table, column, kind, str(int(value)), name))
                naming.columns[table.at, name] = naming.columns[table.at, column.name]
                found[found.index(join)] = replace(join, columns=(name,))
    return found


def _by_agreement(
    con: duckdb.DuckDBPyConnection,
    table: TableFacts,
    column: ColumnFacts,
    kind: ColumnFacts,
    own: Sequence[Join],
    joins: Sequence[Join],
) -> dict[str, Table]:
    """The tables of those kinds whose ids are always those that rows referred to by the same rows name."""
    said: dict[str, Table] = {}
    for near in (j for j in joins if j.many == table.at and j not in own and len(j.columns) == 1 and not j.cast):
        for far in (j for j in joins if j.many == near.one and j.one in {o.one for o in own} and len(j.columns) == 1):
            there = ".".join(quoted(part) for part in near.one)
            here, theirs = f"t.{quoted(column.name)}", f"x.{quoted(far.columns[0])}"
            try:
                rows = con.execute(
                    f"SELECT t.{quoted(kind.name)}, count(*), count(*) FILTER (WHERE {here} = {theirs}), "
                    f"count(DISTINCT {here}) FROM {table.seen} AS t JOIN {there} AS x "
                    f"ON t.{quoted(near.columns[0])} = x.{quoted(near.to[0])} "
                    f"WHERE {here} IS NOT NULL AND {theirs} IS NOT NULL GROUP BY 1"
                ).fetchall()
            except duckdb.Error:
                continue  # columns that were made, or that can't be compared
            for value, count, agree, different in rows:
                if count == agree >= _FEWEST and different >= _DIFFERENT and value is not None:
                    said[str(value)] = far.one
    return said


def _some_of(
    con: duckdb.DuckDBPyConnection, table: TableFacts, column: ColumnFacts, kind: ColumnFacts, value: str, name: str
) -> ColumnFacts:
    """The column in the rows of one kind, empty in the others; called like the whole of it."""
    made = f"CASE WHEN {quoted(kind.name)} = {value} THEN {quoted(column.name)} END"
    row = con.execute(f"SELECT count({made}), count(DISTINCT {made}) FROM {table.seen}").fetchone() or (0, 0)
    return ColumnFacts(
        name, column.declared, column.type, made, column.rows, row[0], row[1], column.minimum, column.maximum,
        column.length, [], converted=True, called=column.name,
    )  # fmt: skip
