"""Any data a person points at, as a DuckDB file: DuckDB itself, CSV, Parquet, JSON, Excel, SQLite, or a folder of them.

A DuckDB file is used where it is, read-only. Anything else is loaded once into the state folder, and used again while
the files stay the same. Numbers and dates written as text get their types (`knowledge.sources.columns`).
"""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import duckdb

from knowledge.sources.columns import quoted
from knowledge.sources.kinds import KINDS as KINDS
from knowledge.sources.kinds import BadSource as BadSource
from knowledge.sources.kinds import check, kind_of
from knowledge.sources.load import LoadedTable as LoadedTable
from knowledge.sources.load import load
from knowledge.sources.names import identifier, stem

_MOST_INGESTED = 1024**3
_FORM = "2"
"""Raised when files are loaded differently than before, so that they are loaded again."""


def open_source(path_or_url: str, state_dir: Path) -> Path:
    """The DuckDB file for a file, folder or URL. Raises BadSource."""
    if address := re.match(r"([a-z][a-z0-9+.-]+)://", path_or_url, re.I):
        raise BadSource(_about_address(address[1].lower()))
    path = Path(path_or_url).expanduser()
    if not path_or_url.strip() or not path.exists():
        raise BadSource(f"There is no file or folder {path_or_url!r}. Check the name, or give its full path.")
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.is_file() and kind_of(file) and file.name[0] not in ".~")
        if not files:
            raise BadSource(f"The folder {path.name!r} has no file that can be read. These can: {KINDS}.")
    else:
        if kind_of(path) == "duckdb":
            check(path)
            return path
        files = [path]
    return open_files(files, state_dir / "sources", name=path.name if path.is_dir() else stem(path))


def open_files(files: Sequence[Path], folder: Path, *, name: str | None = None) -> Path:
    """One DuckDB file, in `folder`, with a table for each file (each sheet, each table of a database).

    What to know of a table is its comment. Raises BadSource."""
    for file in files:
        check(file)
    seen = [_FORM, *((str(f.resolve()), f.stat().st_size, f.stat().st_mtime_ns) for f in files)]
    mark = blake2b(repr(seen).encode(), digest_size=8).hexdigest()
    target = folder / f"{identifier(name or stem(files[0]))}-{mark}.duckdb"
    if target.exists():
        return target
    work = folder / f"draft-{uuid.uuid4().hex}"
    file = files[0]
    try:
        work.mkdir(parents=True)
        with duckdb.connect(str(work / "draft.duckdb"), config=_config(work)) as con:
            taken: set[str] = set()
            for file in files:
                for table in load(con, file, stem(file), taken, work):
                    if table.caveats:
                        said = "; ".join(table.caveats).replace("'", "''")
                        con.execute(f"COMMENT ON TABLE {quoted(table.name)} IS '{said}'")
            con.execute("CHECKPOINT")
        (work / "draft.duckdb").replace(target)
    except (duckdb.Error, OSError) as error:
        raise _told(file, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def ingest(file: Path, name: str) -> list[LoadedTable]:
    """A file's tables with their rows as Arrow tables, to be loaded into a warehouse. `name`: what the file was called
    when it was given. Raises BadSource, also for a file over 1 GB."""
    import tempfile

    check(file, _MOST_INGESTED)
    with tempfile.TemporaryDirectory() as work:
        try:
            with duckdb.connect(config=_config(Path(work))) as con:
                loaded = load(con, file, stem(Path(name)), set(), Path(work))
                return [table.with_data(con.table(quoted(table.name)).to_arrow_table()) for table in loaded]
        except (duckdb.Error, OSError) as error:
            raise _told(file, error) from error


def _config(work: Path) -> dict[str, str | bool | int | float | list[str]]:
    return {"temp_directory": str(work / "spill"), "autoinstall_known_extensions": False}


def _told(file: Path, error: Exception) -> BadSource:
    said = str(error)
    kept = "Nothing that was there is changed."
    if any(sign in said.lower() for sign in ("no space", "too large", "disk quota", "could not write")):
        return BadSource(f"The disk is full: {file.name!r} could not be loaded. {kept} Free some room and try again.")
    if isinstance(error, OSError):
        return BadSource(f"{file.name!r} could not be loaded: {error.strerror or 'it cannot be read'}. {kept}")
    if isinstance(error, duckdb.OutOfMemoryException):
        return BadSource(f"{file.name!r} needs more memory than there is. Load it in parts, or as Parquet.")
    first = re.sub(r"""["']?/[^\s"']*["']?""", "the file", said.splitlines()[0])[:200]
    return BadSource(f"{file.name!r} can't be read: {first} Export it again, or in another form.")


def _about_address(scheme: str) -> str:
    if scheme in ("http", "https", "s3", "gs", "abfs", "azure", "ftp", "sftp"):
        return f"{scheme}:// addresses are not opened. Download the file, and open it here. These can be read: {KINDS}."
    return f"{scheme}:// databases can't be opened yet. Export the tables to Parquet or CSV, and open their folder."
