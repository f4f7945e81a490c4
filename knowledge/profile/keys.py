"""Which columns tell the rows of a table apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import duckdb

from knowledge.profile.columns import ColumnFacts, Table, TableFacts, quoted
from knowledge.profile.joins import Join
from knowledge.profile.likeness import Naming, about, is_figure, likeness
from knowledge.words import listed, split

_ORDINALS = frozenset(
    [
        "number",
        "no",
        "num",
        "nbr",
        "seq",
        "sequence",
        "line",
        "position",
        "index",
        "order",
        "version",
        "step",
        "leg",
        "lap",
        "round",
        "stint",
        "set",
        "inning",
        "week",
        "year",
    ]
)
_WIDEST = 3
_CODE, _NAME = 12, 40
"""Characters: the longest code that is a key without being named so, and the longest name that others may refer to."""


def declared_keys(con: duckdb.DuckDBPyConnection) -> dict[Table, tuple[str, ...]]:
    rows = con.execute(
        "SELECT schema_name, table_name, constraint_column_names FROM duckdb_constraints() "
        "WHERE constraint_type = 'PRIMARY KEY' AND database_name = current_database()"
    ).fetchall()
    return {(schema, name): tuple(columns) for schema, name, columns in rows}


def candidates(tables: Sequence[TableFacts], naming: Naming) -> dict[Table, list[ColumnFacts]]:
    """The columns of each table that other tables may refer to, the likeliest first: unique, and named like a key of
    this table or like a column of another one. In a table without rows, those named like its key."""
    uses = Counter(naming.columns[t.at, c.name].plain for t in tables for c in t.columns)
    found: dict[Table, list[ColumnFacts]] = {}
    for table in tables:
        ranked = []
        for n, column in enumerate(table.columns):
            said = naming.columns[table.at, column.name]
            own = likeness(said.thing, naming.tables[table.at]) if said.thing else float(bool(said.key))
            if not _can_be_key(column) or (table.rows and not column.unique) or is_figure(said):
                continue
            words = set(naming.tables[table.at])
            if own < 1.0 and said.key and (set(said.thing) - words) & listed("joins", "attributes"):
                continue
            if said.key and own >= 0.5:
                ranked.append((0, n, column))
            elif table.rows and (said.key or (uses[said.plain] > 1 and column.length <= _NAME)):
                ranked.append((1, n, column))
            elif n == 0 and column.length <= _CODE and said.plain not in listed("joins", "general"):
                ranked.append((2, n, column))
        found[table.at] = [column for _, _, column in sorted(ranked, key=lambda r: r[:2])]
    return found


def primary_key(
    con: duckdb.DuckDBPyConnection,
    table: TableFacts,
    naming: Naming,
    possible: Sequence[ColumnFacts],
    found: Sequence[Join],
) -> tuple[str, ...]:
    """The undeclared primary key of a table: a column named like its key; the key of what it is a kind of; or the ids
    and ordinals that together tell its rows apart. () where there is none."""
    out = [j for j in found if j.many == table.at and len(j.columns) == 1]
    foreign = {j.columns[0] for j in out if j.one != table.at}
    asked = Counter(j.to[0] for j in found if j.one == table.at)
    best: tuple[float, str] | None = None
    for column in possible:
        score = _key_score(table, column, naming, asked[column.name], column.name in foreign)
        if score >= 1.0 and (best is None or score > best[0]):
            best = (score, column.name)
    if best:
        return (best[1],)
    if len(foreign) == 1 and table.rows:
        column = table.column(next(iter(foreign)))
        own = [c for c in table.columns if c is not column and _keyed(c) and split(c.name) in (["id"], ["key"])]
        if column.unique and not own and not _ordinal(table, foreign):
            return (column.name,)
    first = table.columns[0]
    told = naming.columns[table.at, first.name].key in ("id", "key", "identifier", "sk", "pk")
    if told and table.rows and first.unique and first.name not in foreign and _can_be_key(first):
        return (first.name,)  # "award_id", first in grants
    return _composite(con, table, foreign)


def _key_score(table: TableFacts, column: ColumnFacts, naming: Naming, asked: int, foreign: bool) -> float:
    said = naming.columns[table.at, column.name]
    words = naming.tables[table.at]
    if foreign:
        return 0.0
    own = likeness(about(said), words) if said.thing else 1.0 if said.key else 0.0
    if own < 1.0 and (set(said.thing) - set(words)) & listed("joins", "attributes"):
        own *= 0.4
    if own < 0.8 and sum(_keyed(c) for c in table.columns) > 1:
        own *= 0.3  # "order_id" of order_lines
    if table.columns[0] is column and column.unique and table.rows and said.key and set(said.thing) & set(words):
        own = max(own, 0.8)  # "svc_id", first in svc_order and unique, whatever else is an id
    if own < 0.5 and not asked:
        return 0.0
    score = 1.2 * own * (1.0 if said.key else 0.6) + 0.7 * min(asked, 3)
    score += 0.5 if said.key in ("id", "key", "identifier", "sk", "pk") else 0.25 if said.key else 0.0
    score += 0.3 if table.columns[0] is column else 0.0
    return score if said.key or asked or (own >= 0.8 and table.columns[0] is column) else 0.0


def _composite(con: duckdb.DuckDBPyConnection, table: TableFacts, foreign: set[str]) -> tuple[str, ...]:
    if not table.rows:
        ids = [c.name for c in table.columns if c.name in foreign]
        return tuple(ids) if len(ids) >= 2 and len(table.columns) <= len(ids) + 2 else ()
    if table.sampled:
        return ()
    ordinals = _ordinal(table, foreign)
    ids = [c.name for c in table.columns if (c.name in foreign or _keyed(c)) and c.filled == c.rows]
    ids = sorted((name for name in ids if name not in ordinals), key=lambda name: name not in foreign)
    times = [
        c.name for c in table.columns if c.type in ("date", "timestamp") and c.filled == c.rows and not c.converted
    ][:2]
    alone = next((c for c in table.columns if c.unique and c.name in (*ids, *ordinals) and c.name not in foreign), None)
    if alone is not None:
        return (alone.name,)  # what tells the rows apart by itself needs no other
    tries: list[tuple[str, ...]] = [(i, e) for i in ids[:2] for e in ordinals[:2]]
    tries += combinations(ids[:5], 2)
    tries += [(i, e) for i in ids[:2] for e in times]
    tries += [c for c in combinations([*ids[:3], *ordinals[:1], *times[:1]], _WIDEST) if set(c) & set(ids)]
    for columns in tries:
        names = ", ".join(quoted(c) for c in columns)
        row = con.execute(f"SELECT count(*) FROM (SELECT DISTINCT {names} FROM {table.source})").fetchone()
        if row and row[0] == table.rows:
            return columns
    return ()


def _ordinal(table: TableFacts, foreign: set[str]) -> list[str]:
    return [
        c.name
        for c in table.columns
        if c.name not in foreign and c.is_whole and c.filled == c.rows and set(split(c.name)) & _ORDINALS
    ]


def _keyed(column: ColumnFacts) -> bool:
    return split(column.name)[-1] in listed("joins", "keys") and _can_be_key(column)


def _can_be_key(column: ColumnFacts) -> bool:
    if column.type in ("json", "boolean", "time", "timestamp") or "[" in column.declared or column.declared == "BLOB":
        return False
    if column.type == "number":
        return column.is_whole and not column.declared.startswith("VARCHAR") and bool(column.samples)
    return column.type != "text" or column.length <= 60
