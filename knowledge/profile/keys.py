"""Keys and the joins between tables: as declared, or inferred from names and from the values themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from knowledge.profile.columns import ColumnFacts, TableFacts, quoted
from knowledge.words import label, shared_prefix, singular, split, table_pieces

_KEY_WORDS = frozenset(
    {"id", "key", "code", "no", "number", "num", "nbr", "identifier", "uuid", "guid", "sk", "pk", "cd", "abbreviation"}
)
_SELF_ROLES = frozenset(
    {"manager", "parent", "supervisor", "boss", "reports", "referrer", "referred", "predecessor", "head", "lead"}
)


@dataclass(frozen=True)
class Join:
    """many.columns refer to one.columns; tables are (schema, name)."""

    many: tuple[str, str]
    one: tuple[str, str]
    columns: tuple[str, ...]
    to: tuple[str, ...]
    declared: bool
    one_to_one: bool = False


Table = tuple[str, str]


def primary_keys(con: duckdb.DuckDBPyConnection, tables: Sequence[TableFacts]) -> dict[Table, tuple[str, ...]]:
    """The declared primary keys; for other tables a column (or two ids) that tells the rows apart, if there is one."""
    declared: dict[Table, tuple[str, ...]] = {}
    for schema, name, columns in con.execute(
        "SELECT schema_name, table_name, constraint_column_names FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
    ).fetchall():
        declared[schema, name] = tuple(columns)
    return {(t.schema, t.name): declared.get((t.schema, t.name)) or _inferred_key(con, t) for t in tables}


def _inferred_key(con: duckdb.DuckDBPyConnection, table: TableFacts) -> tuple[str, ...]:
    own = {singular(p) for p in table_pieces(table.name)} | {"".join(table_pieces(table.name))}
    best: tuple[float, str] | None = None
    for n, column in enumerate(table.columns):
        if column.type in ("number", "json", "boolean", "date", "time", "timestamp") or (
            table.rows and not column.unique
        ):
            continue
        pieces = split(column.name)
        key_like = pieces[-1] in _KEY_WORDS or (pieces[-1].endswith("id") and len(pieces) == 1)
        if not key_like and (n > 0 or column.length > 30):
            continue
        names_table = any(singular(p) in own for p in pieces) or len(pieces) == 1
        score = (
            (2.0 if key_like else 0.0)
            + (1.0 if names_table else 0.0)
            + (0.8 if n == 0 else 0.0)
            + (0.4 if pieces[-1] == "id" else 0.0)
        )
        if not table.rows and n > 0:
            score -= 1.5
        if best is None or score > best[0]:
            best = (score, column.name)
    if best:
        return (best[1],)
    ids = [
        c.name
        for c in table.columns
        if split(c.name)[-1] in (_KEY_WORDS | {"line", "seq", "sequence"}) and c.filled == c.rows
    ][:4]
    for width in (2, 3):
        if len(ids) >= width and table.rows and not table.sampled:
            names = ", ".join(quoted(c) for c in ids[:width])
            row = con.execute(f"SELECT count(*) FROM (SELECT DISTINCT {names} FROM {table.source})").fetchone()
            if row and row[0] == table.rows:
                return tuple(ids[:width])
    return ()


def joins(
    con: duckdb.DuckDBPyConnection, tables: Sequence[TableFacts], keys: dict[Table, tuple[str, ...]]
) -> list[Join]:
    """Declared foreign keys, and for every other column that is named like another table's key and holds only its values,
    a join to it."""
    by_name = {(t.schema, t.name): t for t in tables}
    found: list[Join] = []
    taken: set[tuple[Table, str]] = set()
    for schema, name, columns, other, to in con.execute(
        "SELECT schema_name, table_name, constraint_column_names, referenced_table, referenced_column_names FROM duckdb_constraints() "
        "WHERE constraint_type = 'FOREIGN KEY'"
    ).fetchall():
        one = next((k for k in by_name if k[1] == other and k[0] == schema), None) or next(
            (k for k in by_name if k[1] == other), None
        )
        if one and (schema, name) in by_name:
            one_to_one = keys.get((schema, name)) == tuple(columns)
            found.append(Join((schema, name), one, tuple(columns), tuple(to), True, one_to_one))
            taken |= {((schema, name), c) for c in columns}
    names = shared_prefix([t.name for t in tables])
    targets = [(t, keys[t.schema, t.name][0]) for t in tables if len(keys[t.schema, t.name]) == 1]
    for table in tables:
        here = (table.schema, table.name)
        prefix = shared_prefix([c.name for c in table.columns])
        for column in table.columns:
            if (here, column.name) in taken or column.type in (
                "number",
                "json",
                "boolean",
                "date",
                "time",
                "timestamp",
            ):
                continue
            ranked = sorted(
                ((score, other, key) for other, key in targets
                 if (score := _likeness(table, column, prefix, other, key, names, keys)) > 0),
                key=lambda r: (-r[0], -r[1].rows),
            )  # fmt: skip
            for _, other, key in ranked[:3]:
                if _includes(con, table, column, other, key):
                    one_to_one = keys[here] == (column.name,)
                    found.append(Join(here, (other.schema, other.name), (column.name,), (key,), False, one_to_one))
                    break
    return _without_mutual(found, by_name)


def _likeness(
    table: TableFacts,
    column: ColumnFacts,
    prefix: list[str],
    other: TableFacts,
    key: str,
    names: list[str],
    keys: dict[Table, tuple[str, ...]],
) -> float:
    """How much a column is named like a reference to the other table's key; 0: not at all."""
    same_table = (table.schema, table.name) == (other.schema, other.name)
    target = other.column(key)
    if _family(column) != _family(target) or (same_table and column.name == key):
        return 0.0
    full = split(column.name)
    pieces = full[len(prefix) :] if full[: len(prefix)] == prefix and len(full) > len(prefix) else full
    other_pieces = [p for p in table_pieces(other.name) if p not in names] or table_pieces(other.name)
    thing = singular(label("_".join(other_pieces)).split()[-1])
    things = {singular(w) for w in label("_".join(other_pieces)).split()} | {singular("".join(other_pieces))}
    words = [singular(w) for p in pieces for w in label(p).split()]
    key_pieces = split(key)
    key_prefix = shared_prefix([c.name for c in other.columns])
    key_own = (
        key_pieces[len(key_prefix) :]
        if key_pieces[: len(key_prefix)] == key_prefix and len(key_pieces) > len(key_prefix)
        else key_pieces
    )
    tail = pieces[-1] if pieces else ""
    key_like = tail in _KEY_WORDS or tail.endswith(("id", "code", "key"))
    if same_table:
        return 1.0 if key_like and set(words) & _SELF_ROLES else 0.0
    if column.name.lower() == key.lower() and len(key_pieces) > 1:
        own_key = keys[table.schema, table.name] == (column.name,)
        names_other = len(set(words) & things) / max(len(things), 1)
        if own_key:
            # Tables that share a key are kinds of one thing: the one that the key is named after, or the largest.
            return 1.0 + names_other if names_other > 0.5 or other.rows > table.rows else 0.0
        return 2.0 + names_other
    if column.name.lower() == key.lower() and len(key) > 2 and key.lower() != "id":
        return 1.6
    without_key = (
        [w for w, p in zip(words, pieces, strict=False) if p not in _KEY_WORDS] if len(words) == len(pieces) else words
    )
    if key_like and without_key:
        said = " ".join(without_key)
        if set(without_key) >= things or said.endswith(thing):
            return 1.5 + 0.3 * len(set(without_key) & things) - 0.1 * abs(len(without_key) - len(things))
        if (
            tail.endswith("id")
            and tail != "id"
            and tail[:-2] in ({thing, *things} | {t[:3] for t in things} | {t[:1] for t in things})
        ):
            return 1.2
    if (
        key_own[-1:]
        and pieces
        and key_own[-1] in _KEY_WORDS
        and set(words) & things
        and not key_like
        and len(pieces) <= 3
    ):
        return 0.9  # from_airport -> airport.airport_code
    return 0.0


def _family(column: ColumnFacts) -> str:
    return (
        "number"
        if column.declared.lstrip("U").startswith(("INT", "BIGINT", "SMALLINT", "TINYINT", "HUGEINT"))
        else "text"
    )


def _includes(
    con: duckdb.DuckDBPyConnection, table: TableFacts, column: ColumnFacts, other: TableFacts, key: str
) -> bool:
    """(Nearly) all of the column's values are keys of the other table; empty tables go by their names."""
    if not column.filled or not other.rows:
        return True
    c, k = quoted(column.name), quoted(key)
    row = con.execute(
        f"SELECT count(*), count(*) FILTER (WHERE k IS NULL) FROM (SELECT DISTINCT {c} AS v FROM {table.source} WHERE {c} IS NOT NULL LIMIT 3000) "
        f"LEFT JOIN (SELECT DISTINCT {k} AS k FROM {other.source}) ON v = k"
    ).fetchone()
    return row is not None and row[0] > 0 and row[1] <= 0.1 * row[0]


def _without_mutual(found: list[Join], tables: dict[Table, TableFacts]) -> list[Join]:
    """Of two tables that refer to each other by their keys, the one with fewer rows is the special kind of the other."""
    kept = []
    for join in found:
        back = next(
            (
                j
                for j in found
                if j.many == join.one and j.one == join.many and j.columns == join.to and j.to == join.columns
            ),
            None,
        )
        if back and not join.declared and (tables[join.many].rows, join.many) > (tables[join.one].rows, join.one):
            continue
        kept.append(join)
    return kept


def role_name(join: Join, prefix: list[str]) -> str:
    """What a join is called: "customer", "manager", "origin airport"."""
    pieces = split(join.columns[0])
    pieces = pieces[len(prefix) :] if pieces[: len(prefix)] == prefix and len(pieces) > len(prefix) else pieces
    words = [p for p in pieces if p not in _KEY_WORDS] or pieces
    return re.sub(r"\s+", "_", label("_".join(words)))
