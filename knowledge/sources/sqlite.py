"""SQLite files, read by Python's own sqlite3: each table, with its declared keys where the rows keep to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from knowledge.sources.kinds import BadSource
from knowledge.sources.names import unique

_BATCH = 20_000
_TRUE_FALSE = ("BOOL",)


@dataclass(frozen=True)
class ForeignKey:
    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True)
class SqliteTable:
    """`texts` are the columns whose values are text: dates among them are yet to be read."""

    name: str
    columns: tuple[str, ...]
    texts: tuple[str, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    rows: pa.RecordBatchReader
    caveats: tuple[str, ...]


def tables(path: Path) -> Iterator[SqliteTable]:
    """Each table, those that others refer to first; a table's rows are read before the next table is asked for.

    Raises BadSource."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)) as con:
            con.text_factory = lambda raw: raw.decode("utf-8", "replace")
            for name in _in_order(con):
                try:
                    yield _table(con, name)
                except sqlite3.OperationalError as error:
                    if "no such module" not in str(error):  # a virtual table of an extension that isn't here
                        raise
    except sqlite3.DatabaseError as error:
        raise BadSource(f"{path.name!r} is not a SQLite file, or it is damaged ({error}). Export it again.") from error


def _in_order(con: sqlite3.Connection) -> list[str]:
    found = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    left = [row[0] for row in con.execute(found)]
    refers = {name: {key.table.lower() for key in _foreign_keys(con, name)} - {name.lower()} for name in left}
    ordered: list[str] = []
    while left:
        waiting = {name.lower() for name in left}
        ready = [name for name in left if not refers[name] & waiting] or left[:1]  # a circle is cut somewhere
        ordered += ready
        left = [name for name in left if name not in ready]
    return ordered


def _foreign_keys(con: sqlite3.Connection, table: str) -> list[ForeignKey]:
    keys: dict[int, list[tuple[str, str, str | None]]] = {}
    for row in con.execute(f"PRAGMA foreign_key_list({_quoted(table)})"):
        keys.setdefault(row[0], []).append((row[3], row[2], row[4]))
    made = []
    for parts in keys.values():
        to = tuple(part[2] for part in parts if part[2]) or _primary_key(con, parts[0][1])
        made.append(ForeignKey(tuple(part[0] for part in parts), parts[0][1], to))
    return made


def _primary_key(con: sqlite3.Connection, table: str) -> tuple[str, ...]:
    rows = [row for row in con.execute(f"PRAGMA table_info({_quoted(table)})") if row[5]]
    return tuple(row[1] for row in sorted(rows, key=lambda row: row[5]))


def _table(con: sqlite3.Connection, name: str) -> SqliteTable:
    declared = [(row[1], str(row[2]).upper()) for row in con.execute(f"PRAGMA table_info({_quoted(name)})")]
    columns = unique([column for column, _ in declared])
    kinds = ("integer", "real", "text", "blob")
    counted = ", ".join(f"sum(typeof({_quoted(c)}) = '{kind}')" for c, _ in declared for kind in kinds)
    counts = con.execute(f"SELECT {counted} FROM {_quoted(name)}").fetchone()
    types: list[pa.DataType] = []
    caveats, texts = [], []
    for n, (column, kind) in enumerate(declared):
        whole, real, text, blob = (count or 0 for count in counts[4 * n : 4 * n + 4])
        if blob and not (whole or real or text):
            types.append(pa.binary())
        elif text or blob or not (whole or real):
            types.append(pa.string())
            texts.append(columns[n])
            if whole or real or blob:
                caveats.append(f"{column}: it holds text and other values, so the column is kept as text")
        elif real or any(word in kind for word in ("REAL", "FLOA", "DOUB", "DEC", "NUM")):
            types.append(pa.float64())
        else:
            types.append(pa.bool_() if kind.startswith(_TRUE_FALSE) else pa.int64())
    schema = pa.schema(list(zip(columns, types, strict=True)))
    rows = pa.RecordBatchReader.from_batches(schema, _batches(con, name, [column for column, _ in declared], schema))
    return SqliteTable(
        name, tuple(columns), tuple(texts), _primary_key(con, name), tuple(_foreign_keys(con, name)), rows,
        tuple(caveats),
    )  # fmt: skip


def _batches(con: sqlite3.Connection, name: str, columns: list[str], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    cursor = con.execute(f"SELECT {', '.join(map(_quoted, columns))} FROM {_quoted(name)}")
    while rows := cursor.fetchmany(_BATCH):
        arrays = [
            pa.array([_as(value, field.type) for value in cells], field.type)
            for cells, field in zip(zip(*rows, strict=True), schema, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _as(value: object, kind: pa.DataType) -> object:
    if value is None or kind == pa.binary() or kind == pa.int64():
        return value
    if kind == pa.string():
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return bool(value) if kind == pa.bool_() else float(value)  # type: ignore[arg-type]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
