"""What kind of data a file holds, seen from its first bytes and its name, and whether it can be read at all."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Literal

Kind = Literal["text", "json", "excel", "parquet", "sqlite", "duckdb"]
KINDS = "CSV, TSV, Parquet, Excel, JSON, SQLite, DuckDB"
MOST_BYTES = 8 * 1024**3
_MOST_UNPACKED = 512 * 1024**2
"""Of an Excel file: a small file that unpacks to more is a zip bomb."""
_ENDINGS: dict[str, Kind] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".psv", ".txt"), "text"),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), "json"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), "excel"),
    **dict.fromkeys((".parquet", ".pq"), "parquet"),
    **dict.fromkeys((".sqlite", ".sqlite3", ".db", ".db3"), "sqlite"),
    **dict.fromkeys((".duckdb", ".ddb"), "duckdb"),
}
_ZIPPED = (".xlsx", ".xlsm", ".xlsb", ".ods")


class BadSource(ValueError):
    """A file that can't be read as data; the message says which, why, and what to do."""


def kind_of(path: Path) -> Kind | None:
    """By its first bytes where they tell, else by its ending (that under `.gz`)."""
    first = first_bytes(path, 16)
    if first[8:12] == b"DUCK":
        return "duckdb"
    if first.startswith(b"SQLite format 3"):
        return "sqlite"
    kind = _ENDINGS.get(ending(path))
    return kind if path.suffix.lower() != ".gz" or kind in ("text", "json") else None


def ending(path: Path) -> str:
    return Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()


def first_bytes(path: Path, count: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(count)
    except OSError:
        return b""


def check(path: Path, most_bytes: int = MOST_BYTES) -> Kind:
    """The file's kind. Raises BadSource for a file that can't be what its name says."""
    name = repr(path.name)
    kind, size = kind_of(path), path.stat().st_size
    if kind is None:
        raise BadSource(f"{name} is of a kind that can't be read ({path.suffix or 'no ending'}). These can: {KINDS}.")
    if size == 0:
        raise BadSource(f"{name} is empty. Export it again, or choose another file.")
    if size > most_bytes:
        most = f"{most_bytes / 1024**3:g} GB" if most_bytes >= 1024**3 else f"{most_bytes // 1024**2} MB"
        raise BadSource(f"{name} is larger than {most}. Load it into a DuckDB file, and open that with `parley use`.")
    first = first_bytes(path, 4096)
    if kind in ("text", "json") and path.suffix.lower() != ".gz" and _is_binary(first):
        raise BadSource(f"{name} is not text, though its name says so. Export it again as CSV.")
    if kind == "parquet" and not first.startswith(b"PAR1"):
        raise BadSource(f"{name} is not a Parquet file, or it is damaged. Export it again.")
    if kind == "duckdb" and first[8:12] != b"DUCK":
        raise BadSource(f"{name} is not a DuckDB file, or it is damaged. Export it again, or choose another file.")
    if kind == "sqlite" and not first.startswith(b"SQLite format 3"):
        raise BadSource(f"{name} is not a SQLite file, or it is damaged. Export it again, or choose another file.")
    if kind == "excel" and ending(path) in _ZIPPED:
        _check_zip(path)
    return kind


def _is_binary(first: bytes) -> bool:
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return b"\x00" in first or sum(b < 9 or 13 < b < 32 for b in first) > 0.02 * len(first)


def _check_zip(path: Path) -> None:
    """Unpack to nowhere and count: what an archive says of its own sizes may be false."""
    left = _MOST_UNPACKED
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            for entry in archive.infolist():
                if entry.compress_type == zipfile.ZIP_STORED:
                    left -= entry.file_size
                    continue
                file.seek(entry.header_offset + 26)
                name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
                file.seek(name + extra, 1)
                packed, inflate = entry.compress_size, zlib.decompressobj(-15)
                while packed > 0 and left >= 0 and not inflate.eof and (chunk := file.read(min(1 << 16, packed))):
                    packed -= len(chunk)
                    while chunk and left >= 0:
                        left -= len(inflate.decompress(chunk, 1 << 22))
                        chunk = inflate.unconsumed_tail
    except (zipfile.BadZipFile, zlib.error, OSError) as error:
        raise BadSource(f"{path.name!r} is not an Excel file, or it is damaged. Save it again from Excel.") from error
    if left < 0:
        raise BadSource(
            f"{path.name!r} unpacks to over {_MOST_UNPACKED // 1024**2} MB, more than a workbook should. "
            "Export its sheets as CSV, and open those."
        )
