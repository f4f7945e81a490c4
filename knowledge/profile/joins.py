"""The joins between tables: as declared, or inferred from names and from the values themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import duckdb

from knowledge.profile.columns import ColumnFacts, Table, TableFacts, quoted
from knowledge.profile.likeness import Naming, Said, about, is_figure, likeness
from knowledge.profile.roles import kinds_of
from knowledge.words import is_english, listed, plural, singular, split

_VALUES = 3000
"""Distinct values of a column that are looked up in the other table."""
_BEST = 4
_OWN = 0.75
_TELLING = 20
_MOST = 0.9
_CODE = 8
"""Characters: what refers to something without a key word in its name is at most a short code."""
_SURE, _CERTAIN = 0.85, 0.97


@dataclass(frozen=True)
class Join:
    """many.columns refer to one.columns."""

    many: Table
    one: Table
    columns: tuple[str, ...]
    to: tuple[str, ...]
    declared: bool = False
    one_to_one: bool = False
    cast: str = ""
    """The type that the column must be cast to before it is compared."""


def declared_joins(con: duckdb.DuckDBPyConnection, tables: Sequence[TableFacts]) -> list[Join]:
    known = {t.at for t in tables}
    found = []
    for schema, name, columns, other, to in con.execute(
        "SELECT schema_name, table_name, constraint_column_names, referenced_table, referenced_column_names "
        "FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY' AND database_name = current_database()"
    ).fetchall():
        one = next((t for t in ((schema, other), *known) if t in known and t[1] == other), None)
        if one and (schema, name) in known and tuple(columns) and tuple(to):
            found.append(Join((schema, name), one, tuple(columns), tuple(to), declared=True))
    return list(dict.fromkeys(found))


def inferred_joins(
    con: duckdb.DuckDBPyConnection,
    tables: Sequence[TableFacts],
    naming: Naming,
    keys: Mapping[Table, Sequence[ColumnFacts]],
    known: Sequence[Join],
) -> list[Join]:
    """For each column not declared to refer anywhere: the key that it is named like and whose values it holds."""
    taken = {(j.many, c) for j in known for c in j.columns}
    found: list[Join] = []
    for table in tables:
        for column in table.columns:
            figure = is_figure(naming.columns[table.at, column.name])
            if (table.at, column.name) in taken or figure or not _can_refer(column):
                continue
            if column.is_whole and not naming.columns[table.at, column.name].key and _is_count(column.name):
                continue
            ranked = sorted(_ranked(table, column, tables, naming, keys), key=lambda r: -r[0])[:_BEST]
            best: tuple[float, Join] | None = None
            for likely, other, key, cast in ranked:
                part = held(con, table, column, other, key, cast)
                if part is None and likely < (_CERTAIN if column.rows and not column.filled else _SURE):
                    continue  # nothing to compare, and the names alone don't say it
                part = 1.0 if part is None else part
                if part < 0 or (best and likely <= best[0] - 0.25):
                    continue
                if part >= _needed(likely, column, bool(naming.columns[table.at, column.name].key)) and (
                    best is None or likely + 0.2 * part > best[0]
                ):
                    best = (
                        likely + 0.2 * part,
                        Join(table.at, other.at, (column.name,), (key.name,), cast=cast),
                    )
            if best is None and naming.columns[table.at, column.name].key and not column.unique:
                best = _of_the_same_values(con, table, column, tables, keys)
            if best:
                found.append(best[1])
    return _one_way(found, tables, naming)


def _of_the_same_values(
    con: duckdb.DuckDBPyConnection,
    table: TableFacts,
    column: ColumnFacts,
    tables: Sequence[TableFacts],
    keys: Mapping[Table, Sequence[ColumnFacts]],
) -> tuple[float, Join] | None:
    """What an id with a name of its own refers to: the one table whose keys are, all but a few, the column's values."""
    alike = []
    for other in tables:
        key = next(iter(keys.get(other.at, ())), None)
        enough = column.distinct >= _TELLING and _MOST * other.rows <= column.distinct <= other.rows
        if key is None or other.at == table.at or not enough or _cast(column, key) != "":
            continue
        if held(con, table, column, other, key, "") == 1.0:
            alike.append(Join(table.at, other.at, (column.name,), (key.name,)))
    return (0.5, alike[0]) if len(alike) == 1 else None


def _ranked(
    table: TableFacts,
    column: ColumnFacts,
    tables: Sequence[TableFacts],
    naming: Naming,
    keys: Mapping[Table, Sequence[ColumnFacts]],
) -> Iterator[tuple[float, TableFacts, ColumnFacts, str]]:
    said = naming.columns[table.at, column.name]
    own = likeness(said.thing, naming.tables[table.at]) if said.key and column.unique else 0.0
    short = said.key or column.is_whole or column.length <= _CODE
    kind = bool(said.thing) and said.thing[-1] in listed("roles", "kinds")  # "payee_type" is no payee
    kinds = kinds_of(said.thing) if short and not kind else ()
    for other in tables:
        for key in keys.get(other.at, ()):
            if key is column:
                continue
            target = naming.columns[other.at, key.name]
            score = _score(table, column, said, other, key, target, naming)
            if other.at != table.at and score < 0.5 and key is keys[other.at][0]:
                score = max(score, _by_role(naming.tables[other.at], kinds))
                if score < 0.5 and not kinds and said.key and _is_doer(said.thing, naming):
                    score = 0.66 if _holds_people(other, naming.tables[other.at]) else score
            if score < 0.5:
                continue
            cast = _cast(column, key)
            if cast is None:
                continue
            if cast:
                score -= 0.05
            if own >= 0.99 and score < 1.0:
                continue  # its own key
            if score >= 0.5 and not (own >= 0.55 and score <= own):
                first = keys[other.at][0] is key
                yield score + (0.02 if first else 0.0), other, key, cast


def _score(
    table: TableFacts,
    column: ColumnFacts,
    said: Said,
    other: TableFacts,
    key: ColumnFacts,
    target: Said,
    naming: Naming,
) -> float:
    """How much the names say that the column refers to that key, 0..1."""
    words = naming.tables[other.at]
    if other.at == table.at:
        if len(said.thing) == 2 and said.thing[1] == "by" and column.is_whole and column is not table.columns[0]:
            return 0.75  # "invited_by" of users: one of them
        roles = set(said.thing) & listed("joins", "self_roles")
        if not roles or not (said.key or column.is_whole or said.thing[-1:] == ("to",)):
            return 0.0
        return 0.9 if len(said.thing) == len(roles) or set(said.thing) & set(words) or said.thing[-1] == "to" else 0.6
    alike = likeness(said.thing, words)
    same_name = said.plain == target.plain
    if same_name and (len(said.thing) + bool(said.key) > 1 or said.plain not in listed("joins", "general")):
        own = max(alike, likeness(about(target), words))
        if own >= (_OWN if len("".join(target.thing)) > 2 else 0.5):
            return 0.76 + 0.24 * own
        # A code that both have and neither is about: only where it stands first in a table large enough to tell.
        told = key.type == "text" or (bool(said.key) and other.rows >= _TELLING)
        return 0.8 if told and key is other.columns[0] else 0.0
    if said.thing == target.thing and said.thing and said.key and target.key:
        return 0.72 + 0.2 * alike
    if target.thing and likeness(target.thing, words) < 0.5:
        return 0.0  # a key of something else, which only a column of the same name refers to
    if said.key:
        ends = said.thing[-len(words) :] == words  # a "destination state code" is that of a state
        if said.thing and not ends and set(said.thing[len(words) :]) & listed("joins", "attributes"):
            return 0.0
        same = 0.05 if said.key == target.key else 0.0 if _kind(said.key) == _kind(target.key) else -0.12
        return 0.9 * alike + same if alike >= 0.5 else 0.0
    ends = bool(said.thing) and (said.thing[-len(words) :] == words or said.thing == words[-len(said.thing) :])
    if ends and not (set(said.thing) & {"name", "date", "type", "status", "count", "amount"}):
        return 0.8 * alike
    return 0.0


def _kind(key: str) -> str:
    if key in ("code", "cd", "abbreviation", "abbr", "symbol"):
        return "code"
    return "number" if key in ("number", "no", "nr", "num", "nbr") else "id"


def _by_role(words: Sequence[str], kinds: Sequence[str]) -> float:
    """A role is played by a kind of thing: a sender is a user, an origin an airport; the usual kinds come first."""
    return next((0.84 - 0.02 * n for n, kind in enumerate(kinds) if words[-1] == kind), 0.0)


def _is_doer(thing: Sequence[str], naming: Naming) -> bool:
    """ "giver", "lender", "assignee": somebody called after what they do, whom no table is called after."""
    word = thing[-1] if thing else ""
    named = any(words[-1] == word for words in naming.tables.values() if words)
    does = len(word) > 4 and word.endswith(("er", "or", "ee")) and word not in listed("joins", "tools")
    return does and is_english(word) and not named


def _holds_people(table: TableFacts, words: Sequence[str]) -> bool:
    """Its rows are people: called so, or with what only people have."""
    told = listed("joins", "people")
    return words[-1] in told or any("".join(split(c.name)) in listed("joins", "of_people") for c in table.columns)


def _needed(likely: float, column: ColumnFacts, keyed: bool) -> float:
    """The part of the column's values that must be keys of the other table, given how much the names say. What is
    `keyed` (an id) surely refers to something, so that few values are enough."""
    if likely >= 0.95:
        return 0.3
    if likely >= 0.85:
        return 0.6
    if likely >= 0.7:
        return 0.8
    few = column.distinct < 3 and not keyed
    return 1.01 if few or (column.is_whole and likely < 0.55) else 0.97


def held(
    con: duckdb.DuckDBPyConnection,
    table: TableFacts,
    column: ColumnFacts,
    other: TableFacts,
    key: ColumnFacts,
    cast: str,
) -> float | None:
    """The part of the column's distinct values that are keys of the other table; None where either has no values, -1
    where they can't be compared."""
    if not column.filled or not other.rows:
        return None
    c = f"TRY_CAST({quoted(column.name)} AS {cast})" if cast else quoted(column.name)
    k = quoted(key.name)
    try:
        row = con.execute(
            f"SELECT count(*), count(k) FROM (SELECT DISTINCT {c} AS v FROM {table.seen} "
            f"WHERE {quoted(column.name)} IS NOT NULL LIMIT {_VALUES}) LEFT JOIN "
            f"(SELECT DISTINCT {k} AS k FROM {other.source}) ON v = k"
        ).fetchone()
    except duckdb.Error:
        return -1.0
    return row[1] / row[0] if row and row[0] else 0.0


def _can_refer(column: ColumnFacts) -> bool:
    if column.type in ("json", "boolean", "date", "time", "timestamp") and not (
        column.type == "date" and column.converted
    ):
        return False
    if column.type == "number":
        return column.is_whole and not column.declared.startswith("VARCHAR") and bool(column.samples)
    return column.length <= 60


def _is_count(name: str) -> bool:
    """Of the things in the plural: "guests" of a visit, "orders" of a day. What refers to one is in the singular."""
    last = split(name)[-1:]
    return bool(last) and last[0].endswith("s") and plural(singular(last[0])) == last[0] != singular(last[0])


def _cast(column: ColumnFacts, key: ColumnFacts) -> str | None:
    """ "" where the two can be compared as they are, a type where the column must be cast first, else None."""
    here, there = _family(column), _family(key)
    if here == there:
        return ""
    if here == "text" and there == "number" and all(str(v).strip().isdigit() for v in column.samples):
        return "BIGINT"
    if here == "number" and there == "text" and key.samples and all(str(v).isdigit() for v in key.samples):
        return "VARCHAR"
    return None


def _family(column: ColumnFacts) -> str:
    if column.declared.startswith("VARCHAR") or column.declared.startswith("ENUM"):
        return "text"
    if column.declared.startswith("UUID"):
        return "uuid"
    return "number" if column.is_whole or not column.filled else column.declared


def _one_way(found: list[Join], tables: Sequence[TableFacts], naming: Naming) -> list[Join]:
    """Of two tables that refer to each other by the same columns, the one that the key is named after is the parent, or
    the larger one."""
    by_at = {t.at: t for t in tables}

    @cache
    def weight(at: Table, column: str) -> tuple[float, int, str]:
        return likeness(naming.columns[at, column].thing, naming.tables[at]), by_at[at].rows, at[1]

    pairs = {(j.many, j.one, j.columns, j.to) for j in found}
    return [
        j
        for j in found
        if (j.one, j.many, j.to, j.columns) not in pairs
        or j.one == j.many
        or weight(j.one, j.to[0]) >= weight(j.many, j.columns[0])
    ]


def composite_joins(
    con: duckdb.DuckDBPyConnection,
    tables: Sequence[TableFacts],
    keys: Mapping[Table, tuple[str, ...]],
    known: Sequence[Join],
) -> list[Join]:
    """A table that has all columns of another one's composite key, by the same names, refers to it."""
    found = []
    for one in tables:
        key = keys[one.at]
        if len(key) < 2 or not one.rows:
            continue
        for many in tables:
            names = {c.name.lower(): c.name for c in many.columns}
            columns = tuple(names.get(k.lower(), "") for k in key)
            if many.at == one.at or "" in columns or any(j.many == many.at and j.one == one.at for j in known):
                continue
            if keys[many.at] == columns and (many.rows, many.at) > (one.rows, one.at):
                continue
            c, k = (", ".join(quoted(n) for n in names) for names in (columns, key))
            row = con.execute(
                f"SELECT count(*), count(*) FILTER (WHERE ({c}) IN (SELECT ({k}) FROM {one.source})) "
                f"FROM (SELECT DISTINCT {c} FROM {many.seen} LIMIT {_VALUES})"
            ).fetchone()
            if row and row[0] and row[1] >= 0.9 * row[0]:
                found.append(Join(many.at, one.at, columns, key))
    return found
