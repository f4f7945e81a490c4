"""Delimited text: its encoding, delimiter, header and types are found out; a file with ragged rows loses nothing."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb

from knowledge.sources.columns import create
from knowledge.sources.kinds import MOST_BYTES, BadSource
from knowledge.sources.names import unique

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 1_000
_SAMPLE_CHARS = 1 << 20
_MOST_COLUMNS = 10_000
_RAGGED = "rows have different numbers of columns: missing cells are empty"
_NUMBER = re.compile(r"[-+]?[$€£]?\d[\d.,' ]*%?")
_YEAR = re.compile(r"(19|20)\d\d")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?")


@dataclass(frozen=True)
class Layout:
    """`skip` lines come before the header (or the rows, where there is none)."""

    delimiter: str
    quote: str
    skip: int
    header: bool
    names: tuple[str, ...]
    ragged: bool
    has_rows: bool


def load_text(con: duckdb.DuckDBPyConnection, path: Path, table: str, work: Path) -> list[str]:
    """Create `table` (a quoted name) from a delimited file, and give the caveats. `work` is a folder for drafts.

    Raises BadSource, and duckdb.Error or OSError (a full disk)."""
    plain = as_utf8(path, work)
    found = layout(plain, path.name)
    if not found.has_rows:
        raise BadSource(f"{path.name!r} has a header but no rows. Export it again with its data.")
    comma = found.delimiter == ";"
    caveats = [] if found.header else [f"there is no header row: the columns are called {found.names[0]}, …"]
    strict, padded = "", ", null_padding = true"
    for options in (strict, padded, padded + ", parallel = false"):
        try:
            caveats += create(con, table, _source(plain, found, options), found.names, comma=comma)
        except duckdb.InvalidInputException:
            con.execute(f"DROP TABLE IF EXISTS {table}")
            continue
        return caveats + ([_RAGGED] if options else [])
    wide = _widened(plain, found)
    options = padded + ", parallel = false, strict_mode = false"
    caveats += create(con, table, _source(plain, wide, options), wide.names, comma=comma)
    extra = len(wide.names) - len(found.names)
    return [*caveats, _RAGGED + (f", and {extra} columns are added" if extra else "")]


def as_utf8(path: Path, work: Path) -> Path:
    """The file, or a copy of it that is in UTF-8 and not compressed. Raises BadSource."""
    encoding, lines = _encoding(path)
    plain = work / "text.csv"
    plain.unlink(missing_ok=True)
    if encoding == "utf-8" and lines and path.suffix.lower() != ".gz":
        plain.symlink_to(path.resolve())  # a name without the characters that DuckDB takes for patterns
        return plain
    size = 0
    try:
        with (
            _opened(path) as raw,
            io.TextIOWrapper(raw, encoding, errors="replace", newline=None) as old,
            plain.open("w", encoding="utf-8", newline="") as new,
        ):
            while chunk := old.read(1 << 20):
                size += new.write(chunk)
                if size > MOST_BYTES:
                    raise BadSource(f"{path.name!r} unpacks to more than {MOST_BYTES // 1024**3} GB. Load it in parts.")
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadSource(f"{path.name!r} is damaged, or not compressed with gzip. Export it again.") from error
    return plain


def layout(path: Path, name: str) -> Layout:
    """How a UTF-8 file is laid out, from its first rows. `name` is what to call it. Raises BadSource."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        text = file.read(_SAMPLE_CHARS)
        whole = not file.read(1)
    if not text.strip():
        raise BadSource(f"{name!r} is empty. Export it again, or choose another file.")
    if not whole:
        text = text[: text.rfind("\n") + 1] or text
    skip = 0
    named = re.match(r"sep=(.)\r?\n", text, re.I)
    if named:
        text, skip = text[named.end() :], 1
    delimiter, quote = _dialect(text, (named[1],) if named else _DELIMITERS)
    rows = [row for row in _rows(text, delimiter, quote) if any(cell.strip() for cell in row[1])]
    widths = Counter(len(row) for _, row in rows)
    common = max(widths, key=lambda width: (widths[width], width))
    first = next(n for n, (_, row) in enumerate(rows) if len(row) >= common) if common > 1 else 0
    first = first if first <= 20 else 0
    top, body = [cell.strip() for cell in rows[first][1]], [row for _, row in rows[first + 1 :]]
    header = _is_header(top, body)
    width = max(len(top), *(len(row) for row in body), 1) if body else len(top)
    width = min(width, _MOST_COLUMNS)
    names = [*(top if header else []), *[""] * width][:width]
    names = unique([cell or f"column_{n + 1}" for n, cell in enumerate(names)])
    return Layout(
        delimiter, quote, skip + rows[first][0], header, tuple(names), len(widths) > 1, bool(body) or not header
    )


def _dialect(text: str, delimiters: Sequence[str]) -> tuple[str, str]:
    """The delimiter that cuts most rows into the same number of cells, and the quote."""
    lines = text.split("\n", _SAMPLE_ROWS)
    quoted_cells = re.findall(r"(?:^|[,;\t|])(['\"]).*?\1(?=[,;\t|\r]|$)", "\n".join(lines[:200]), re.M)
    quote = "'" if quoted_cells and Counter(quoted_cells)["'"] > len(quoted_cells) * 0.9 else '"'
    best, chosen = (0.0, 0), delimiters[0]
    for delimiter in delimiters:
        widths = Counter(len(row) for _, row in _rows(text, delimiter, quote) if any(row))
        split = {width: count for width, count in widths.items() if width > 1}
        if split:
            width = max(split, key=lambda w: (split[w], w))
            score = (round(split[width] / widths.total(), 1), width)
            if score > best:
                best, chosen = score, delimiter
    return chosen, quote


def _rows(text: str, delimiter: str, quote: str) -> Iterator[tuple[int, list[str]]]:
    """(number of lines before it, cells) of the first rows."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote)
    before = 0
    try:
        for _, row in zip(range(_SAMPLE_ROWS), reader, strict=False):
            yield before, row
            before = reader.line_num
    except csv.Error:  # a cell longer than Python's csv takes
        return


def _is_header(top: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: names are words, differ from one another, and don't come again below."""
    if not body:
        return True
    columns = [[row[n].strip() for row in body if n < len(row) and row[n].strip()] for n in range(len(top))]
    if not any(top):
        return False
    for cell, below in zip(top, columns, strict=True):
        form = next((form for form in (_YEAR, _DATE, _NUMBER) if form.fullmatch(cell)), None)
        if form is _NUMBER or (form and all(map(form.fullmatch, below))):
            return False  # years and dates may name columns, of anything else
    repeated = sum(cell in columns[n] for n, cell in enumerate(top) if cell)
    return not repeated or any([c.strip() for c in row] == list(top) for row in body)


def _source(path: Path, found: Layout, options: str) -> str:
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in found.names)
    return (
        f"read_csv({_text(str(path))}, auto_detect = false, columns = {{{columns}}}, delim = {_text(found.delimiter)}, "
        f"quote = {_text(found.quote)}, escape = {_text(found.quote)}, header = {str(found.header).lower()}, "
        f"skip = {found.skip}, max_line_size = 16000000, buffer_size = 33554432{options})"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _widened(path: Path, found: Layout) -> Layout:
    """With as many columns as the widest row has."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        widest = max(
            (len(row) for row in csv.reader(file, delimiter=found.delimiter, quotechar=found.quote)), default=1
        )
    width = min(max(widest, len(found.names)), _MOST_COLUMNS)
    names = [*found.names, *(f"column_{n + 1}" for n in range(len(found.names), width))]
    return Layout(found.delimiter, found.quote, found.skip, found.header, tuple(unique(names)), True, True)


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb")  # type: ignore[return-value]


def _encoding(path: Path) -> tuple[str, bool]:
    """UTF-8 if all of the file is, else what its first bytes or its bytes' values speak for; and whether its lines end
    as DuckDB reads them. Raises BadSource."""
    decode = codecs.getincrementaldecoder("utf-8")()
    returns = lines = False
    try:
        with _opened(path) as file:
            while chunk := file.read(1 << 22):
                if chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
                    return "utf-16", False
                decode.decode(chunk)
                returns, lines = returns or b"\r" in chunk, lines or b"\n" in chunk
            decode.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252", False
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadSource(f"{path.name!r} is damaged, or not compressed with gzip. Export it again.") from error
    return "utf-8", lines or not returns
