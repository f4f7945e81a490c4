"""A file's tables, created in a DuckDB database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from knowledge.sources.columns import create, quoted
from knowledge.sources.excel import sheets
from knowledge.sources.kinds import BadSource, kind_of
from knowledge.sources.names import free_name
from knowledge.sources.sqlite import SqliteTable, tables
from knowledge.sources.text import as_utf8, load_text

_JSON_OPTIONS = "maximum_object_size = 268435456, sample_size = -1"


@dataclass(frozen=True)
class LoadedTable:
    """`caveats` are what a reader must know: columns kept as text, ragged rows, a missing header."""

    name: str
    rows: int
    columns: tuple[str, ...]
    caveats: tuple[str, ...] = ()
    data: pa.Table | None = None

    def with_data(self, data: pa.Table) -> LoadedTable:
        return replace(self, data=data)


def load(con: duckdb.DuckDBPyConnection, path: Path, name: str, taken: set[str], work: Path) -> list[LoadedTable]:
    """Create the file's tables, under names that are not `taken`. `work` is a folder for drafts.

    Raises BadSource, and duckdb.Error or OSError (a full disk)."""
    kind = kind_of(path)
    if kind == "text":
        table = free_name(name, taken)
        made = [_loaded(con, table, load_text(con, path, quoted(table), work))]
    elif kind == "json":
        made = _load_json(con, path, name, taken, work)
    elif kind == "parquet":
        table = free_name(name, taken)
        plain = work / "data.parquet"
        plain.unlink(missing_ok=True)
        plain.symlink_to(path.resolve())
        con.execute(f"CREATE TABLE {quoted(table)} AS SELECT * FROM read_parquet(?)", [str(plain)]).fetchall()
        made = [_loaded(con, table, [])]
    elif kind == "excel":
        made = [
            _load_arrow(con, free_name(sheet if sheet else name, taken), data, caveats)
            for sheet, data, caveats in _renamed(path, name)
        ]
    elif kind == "sqlite":
        made = _load_sqlite(con, path, taken)
    else:
        raise BadSource(f"{path.name!r} is a database of its own. Open it alone.")
    if not made:
        raise BadSource(f"{path.name!r} has no sheet or table with rows. Export it again with its data.")
    if all(table.rows == 0 for table in made) and kind != "sqlite":
        raise BadSource(f"{path.name!r} has a header but no rows. Export it again with its data.")
    return made


def _renamed(path: Path, name: str) -> Iterator[tuple[str, pa.Table, list[str]]]:
    """A file that was given may lie here under another name than it had."""
    from knowledge.sources.names import stem

    for sheet, data, caveats in sheets(path):
        yield sheet.replace(stem(path), name, 1) if sheet.startswith(stem(path)) else sheet, data, caveats


def _loaded(con: duckdb.DuckDBPyConnection, table: str, caveats: Sequence[str]) -> LoadedTable:
    found = con.table(quoted(table))
    [(counted,)] = con.execute(f"SELECT count(*) FROM {quoted(table)}").fetchall()
    return LoadedTable(table, counted, tuple(found.columns), tuple(caveats))


def _load_arrow(con: duckdb.DuckDBPyConnection, table: str, data: pa.Table, caveats: Sequence[str]) -> LoadedTable:
    texts = [field.name for field in data.schema if field.type == pa.string()]
    con.register("incoming_rows", data)
    try:
        caveats = [*caveats, *create(con, quoted(table), "incoming_rows", data.column_names, texts=texts, plain=False)]
    finally:
        con.unregister("incoming_rows")
    return _loaded(con, table, caveats)


def _load_json(con: duckdb.DuckDBPyConnection, path: Path, name: str, taken: set[str], work: Path) -> list[LoadedTable]:
    plain = as_utf8(path, work)
    table = free_name(name, taken)
    con.execute(
        f"CREATE TABLE {quoted(table)} AS SELECT * FROM read_json_auto(?, {_JSON_OPTIONS})", [str(plain)]
    ).fetchall()
    lists = [
        column
        for column, kind in zip(con.table(quoted(table)).columns, con.table(quoted(table)).types, strict=True)
        if str(kind).startswith("STRUCT(") and str(kind).endswith("[]")
    ]
    whole = _loaded(con, table, [])
    if whole.rows != 1 or not lists:
        return [whole]
    made = []
    for column in lists:  # one object around lists of records: {"data": [{…}, …], "total": 2}
        inner = free_name(column if len(lists) > 1 else f"{name}_rows", taken)
        con.execute(
            f"CREATE TABLE {quoted(inner)} AS SELECT unnest({quoted(column)}, max_depth := 2) FROM {quoted(table)}"
        )
        made.append(_loaded(con, inner, []))
    con.execute(f"DROP TABLE {quoted(table)}").fetchall()
    if len(made) == 1:
        con.execute(f"ALTER TABLE {quoted(made[0].name)} RENAME TO {quoted(table)}").fetchall()
        made = [replace(made[0], name=table)]
    return made


def _load_sqlite(con: duckdb.DuckDBPyConnection, path: Path, taken: set[str]) -> list[LoadedTable]:
    made, names = [], {}
    for found in tables(path):
        table = names[found.name.lower()] = free_name(found.name, taken)
        con.register("incoming_rows", found.rows)
        try:
            con.execute('CREATE OR REPLACE TEMP TABLE "staged rows" AS SELECT * FROM incoming_rows').fetchall()
        finally:
            con.unregister("incoming_rows")
        caveats = [
            *found.caveats,
            *create(con, '"typed rows"', '"staged rows"', found.columns, texts=found.texts, plain=False),
        ]
        comments = con.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'typed rows' AND comment IS NOT NULL"
        ).fetchall()
        caveats += _with_keys(con, table, found, names)
        for column, comment in comments:
            con.execute(f"COMMENT ON COLUMN {quoted(table)}.{quoted(column)} IS '{comment}'").fetchall()
        con.execute('DROP TABLE "typed rows"; DROP TABLE "staged rows"').fetchall()
        made.append(_loaded(con, table, caveats))
    return made


def _with_keys(con: duckdb.DuckDBPyConnection, table: str, found: SqliteTable, names: dict[str, str]) -> list[str]:
    """Create the table with the keys that SQLite declares, or, where its rows break them (SQLite may not mind), with
    fewer."""
    described = con.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'typed rows' ORDER BY column_index"
    ).fetchall()
    columns = [f"{quoted(name)} {kind}" for name, kind in described]
    primary = [f"PRIMARY KEY ({_listed(found.primary_key)})"] if found.primary_key else []
    foreign = [
        f"FOREIGN KEY ({_listed(key.columns)}) REFERENCES {quoted(names[key.table.lower()])} ({_listed(key.to)})"
        for key in found.foreign_keys
        if key.table.lower() in names and key.table.lower() != found.name.lower() and len(key.to) == len(key.columns)
    ]
    broken: list[str] = []
    for kept in (primary + foreign, *([[*primary, key] for key in foreign] if len(foreign) > 1 else []), primary, []):
        try:
            con.execute(f"CREATE TABLE {quoted(table)} ({', '.join(columns + kept)})").fetchall()
            con.execute(f'INSERT INTO {quoted(table)} SELECT * FROM "typed rows"').fetchall()
            return broken
        except (duckdb.ConstraintException, duckdb.BinderException, duckdb.CatalogException):
            con.execute(f"DROP TABLE IF EXISTS {quoted(table)}").fetchall()
            broken = ["a declared key does not hold for all rows, and is not relied on"]
    return broken


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(quoted, names))
