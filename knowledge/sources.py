"""Any data a person points at, as a DuckDB file: DuckDB itself, CSV, Parquet, JSON, Excel, SQLite, or a folder of them.

A DuckDB file is used where it is, read-only. Anything else is loaded once into the state folder and used again while the
files stay the same. Numbers and dates written as text stay text here; the profiler reads them.
"""

from __future__ import annotations

import os
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import duckdb
import pyarrow as pa

_MOST_BYTES = 8 * 1024**3
_MOST_EXCEL_BYTES = 512 * 1024**2
"""Of an Excel file when unpacked: a small file that unpacks to more is a zip bomb."""
_TEXTS = {".csv", ".tsv", ".txt", ".psv", ".gz"}
_JSONS = {".json", ".jsonl", ".ndjson"}
_EXCELS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
_PARQUETS = {".parquet", ".pq"}
_DUCKDBS = {".duckdb", ".ddb"}
_SQLITES = {".sqlite", ".sqlite3", ".db", ".db3"}
KINDS = ", ".join(["CSV", "TSV", "Parquet", "Excel", "JSON", "SQLite", "DuckDB"])


class BadSource(ValueError):
    """A file that can't be read as data; the message says which, why, and what to do."""


def open_source(path_or_url: str, state_dir: Path) -> Path:
    """The DuckDB file for a file, folder or URL. Raises BadSource."""
    if re.match(r"^[a-z][a-z0-9+.-]*://", path_or_url, re.I):
        scheme = path_or_url.partition("://")[0]
        raise BadSource(
            f"{scheme}:// addresses can't be opened yet. Export the tables to CSV or Parquet and open those files."
        )
    path = Path(path_or_url).expanduser()
    if not path.exists():
        raise BadSource(
            f"There is no file or folder {path_or_url!r}. Check the name; relative names start from {Path.cwd().name!r}."
        )
    if path.is_file() and _kind(path) == "duckdb":
        return path
    files = sorted(p for p in path.iterdir() if p.is_file() and _kind(p)) if path.is_dir() else [path]
    if not files:
        raise BadSource(f"The folder {path.name!r} has no file that can be read. These can: {KINDS}.")
    return open_files(files, state_dir / "sources", name=path.stem)


def open_files(files: Sequence[Path], folder: Path, *, name: str | None = None) -> Path:
    """One DuckDB file with a table for each file (each sheet, each table of a database). Raises BadSource."""
    for file in files:
        _check(file)
    mark = blake2b(
        repr([(str(f.resolve()), f.stat().st_size, f.stat().st_mtime_ns) for f in files]).encode(), digest_size=8
    )
    target = folder / f"{_identifier(name or files[0].stem)}-{mark.hexdigest()}.duckdb"
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}.part")
    try:
        con = duckdb.connect(str(draft))
        try:
            taken: set[str] = set()
            for file in files:
                _load(con, file, taken)
        finally:
            con.close()
        draft.replace(target)
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException) and "space" in str(error).lower():
            raise BadSource(
                "The disk is full: free some room and open the file again. Nothing that was there is changed."
            ) from error
        raise BadSource(f"{files[0].name!r} can't be read: {str(error).splitlines()[0][:200]}") from error
    except OSError as error:
        raise BadSource(
            f"{files[0].name!r} could not be loaded: {error.strerror or error}. Nothing that was there is changed."
        ) from error
    finally:
        for left in folder.glob(f"{target.stem}.{os.getpid()}.part*"):
            left.unlink(missing_ok=True)
    return target


def _kind(path: Path) -> str | None:
    suffix = path.suffix.lower()
    head = _head(path, 16)
    if head[8:12] == b"DUCK":
        return "duckdb"
    if head.startswith(b"SQLite format 3"):
        return "sqlite"
    for kind, suffixes in (("text", _TEXTS), ("json", _JSONS), ("excel", _EXCELS), ("parquet", _PARQUETS)):
        if suffix in suffixes:
            return kind
    return "duckdb" if suffix in _DUCKDBS else "sqlite" if suffix in _SQLITES else None


def _head(path: Path, count: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(count)
    except OSError:
        return b""


def _check(path: Path) -> None:
    size = path.stat().st_size
    kind = _kind(path)
    if kind is None:
        raise BadSource(
            f"{path.name!r} is of a kind that can't be read ({path.suffix or 'no ending'}). These can: {KINDS}."
        )
    if size == 0:
        raise BadSource(f"{path.name!r} is empty. Export it again, or choose another file.")
    if size > _MOST_BYTES:
        raise BadSource(
            f"{path.name!r} is larger than {_MOST_BYTES // 1024**3} GB. Load it into a DuckDB file and open that."
        )
    head = _head(path, 4096)
    if kind in ("text", "json") and path.suffix.lower() != ".gz" and _is_binary(head):
        raise BadSource(f"{path.name!r} is not text, though its name says so. Export it again as CSV.")
    if kind == "parquet" and not head.startswith(b"PAR1"):
        raise BadSource(f"{path.name!r} is not a Parquet file, or it is damaged. Export it again.")
    if kind == "duckdb" and head[8:12] != b"DUCK":
        raise BadSource(f"{path.name!r} is not a DuckDB file, or it is damaged.")
    if kind == "sqlite" and not head.startswith(b"SQLite format 3"):
        raise BadSource(f"{path.name!r} is not a SQLite file, or it is damaged.")
    if kind == "excel" and path.suffix.lower() in (".xlsx", ".xlsm", ".ods"):
        try:
            with zipfile.ZipFile(path) as packed:
                whole = sum(entry.file_size for entry in packed.infolist())
        except zipfile.BadZipFile as error:
            raise BadSource(
                f"{path.name!r} is not an Excel file, or it is damaged. Save it again from Excel."
            ) from error
        if whole > _MOST_EXCEL_BYTES:
            raise BadSource(
                f"{path.name!r} unpacks to {whole // 1024**2:,} MB, more than a workbook should. Export its sheets as CSV."
            )


def _is_binary(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return b"\x00" in head or sum(b < 9 or 13 < b < 32 for b in head) > 0.02 * len(head)


def _load(con: duckdb.DuckDBPyConnection, path: Path, taken: set[str]) -> None:
    kind = _kind(path)
    if kind == "text":
        _load_text(con, path, _table(path.name.split(".")[0], taken))
    elif kind == "json":
        con.execute(f"CREATE TABLE {_table(path.stem, taken)} AS SELECT * FROM read_json_auto(?)", [str(path)])
    elif kind == "parquet":
        con.execute(f"CREATE TABLE {_table(path.stem, taken)} AS SELECT * FROM read_parquet(?)", [str(path)])
    elif kind == "duckdb":
        raise BadSource(f"{path.name!r} is a database of its own: open it alone.")
    else:
        made = False
        tables = _sheets(path) if kind == "excel" else _sqlite_tables(path)
        for name, data in tables:
            con.register("incoming", data)
            con.execute(f"CREATE TABLE {_table(name, taken)} AS SELECT * FROM incoming")
            con.unregister("incoming")
            made = True
        if not made:
            raise BadSource(f"{path.name!r} has no sheet or table with rows.")
    _check_rows(con, path)


def _check_rows(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    columns = con.execute("SELECT count(*) FROM duckdb_columns() WHERE NOT internal").fetchone()
    if not columns or columns[0] == 0:
        raise BadSource(f"{path.name!r} has no columns.")


def _load_text(con: duckdb.DuckDBPyConnection, path: Path, table: str) -> None:
    encoding = _encoding(path)
    source: Path = path
    if encoding not in ("utf-8",):
        source = path.with_name(f".{path.name}.{os.getpid()}.utf8")
    try:
        if source != path:
            with (
                path.open(encoding=encoding, errors="replace", newline="") as old,
                source.open("w", encoding="utf-8", newline="") as new,
            ):
                while chunk := old.read(1 << 20):
                    new.write(chunk)
        options = "sample_size = 200000, null_padding = true, ignore_errors = false, max_line_size = 16000000"
        try:
            con.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv(?, {options})", [str(source)])
        except duckdb.Error:
            # Mixed types or ragged rows that the sample didn't show: everything as text loses nothing.
            con.execute(
                f"CREATE TABLE {table} AS SELECT * FROM read_csv(?, {options}, all_varchar = true, strict_mode = false)",
                [str(source)],
            )
    finally:
        if source != path:
            source.unlink(missing_ok=True)


def _encoding(path: Path) -> str:
    head = _head(path, 1 << 20)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if path.suffix.lower() == ".gz":
        return "utf-8"
    try:
        head[: len(head) - 4].decode("utf-8") if len(head) > 8 else head.decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8" if error.start > len(head) - 8 else "cp1252"
    return "utf-8"


def _sheets(path: Path) -> Iterator[tuple[str, pa.Table]]:
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
    except Exception as error:
        raise BadSource(f"{path.name!r} is not an Excel file, or it is damaged. Save it again from Excel.") from error
    for name in names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
        rows = [r for r in rows if any(c not in ("", None) for c in r)]
        if len(rows) < 2:
            continue
        header = rows[0]
        if not all(isinstance(c, str) and c for c in header):
            named = sum(isinstance(c, str) and bool(c) for c in header)
            if named < len(header) / 2:
                header, rows = [f"column_{n + 1}" for n in range(len(header))], [[], *rows]
        columns = _unique([str(c).strip() or f"column_{n + 1}" for n, c in enumerate(header)])
        body = rows[1:]
        data = {c: _column([r[n] if n < len(r) else None for r in body]) for n, c in enumerate(columns)}
        yield (path.stem if len(names) == 1 else name), pa.table(data)


def _column(values: list[object]) -> pa.Array:
    cleaned = [None if v == "" else v for v in values]
    kinds = {type(v) for v in cleaned if v is not None}
    if kinds <= {int, float} and kinds:
        whole = all(v is None or float(v) == int(v) for v in cleaned)  # type: ignore[arg-type]
        return pa.array([None if v is None else int(v) if whole else float(v) for v in cleaned])  # type: ignore[call-overload]
    try:
        if len(kinds) == 1:
            return pa.array(cleaned)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        pass
    return pa.array([None if v is None else str(v) for v in cleaned])


def _sqlite_tables(path: Path) -> Iterator[tuple[str, pa.Table]]:
    con = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    con.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        names = [
            r[0]
            for r in con.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        ]
        for name in names:
            quoted = name.replace('"', '""')
            cursor = con.execute(f'SELECT * FROM "{quoted}"')
            columns = _unique([d[0] for d in cursor.description])
            rows = cursor.fetchall()
            yield name, pa.table({c: _column([r[n] for r in rows]) for n, c in enumerate(columns)})
    except sqlite3.DatabaseError as error:
        raise BadSource(f"{path.name!r} is not a SQLite file, or it is damaged ({error}).") from error
    finally:
        con.close()


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    made = []
    for name in names:
        n = seen.get(name.lower(), 0)
        seen[name.lower()] = n + 1
        made.append(f"{name}_{n + 1}" if n else name)
    return made


def _identifier(text: str) -> str:
    cleaned = re.sub(r"\W+", "_", text.strip().lower()).strip("_") or "data"
    return f"t_{cleaned}" if cleaned[0].isdigit() else cleaned[:60]


def _table(name: str, taken: set[str]) -> str:
    base = made = _identifier(name)
    n = 2
    while made in taken:
        made, n = f"{base}_{n}", n + 1
    taken.add(made)
    return f'"{made}"'
