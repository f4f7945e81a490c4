"""Workbooks: each sheet with rows is a table; a title above the header is passed over."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from knowledge.sources.kinds import BadSource
from knowledge.sources.names import stem, unique

_UNNAMED = re.compile(r"(sheet|tabelle|feuil|hoja|foglio|blad|ark|planilha)\s*\d*", re.I)


def sheets(path: Path) -> Iterator[tuple[str, pa.Table, list[str]]]:
    """(name, rows, caveats) of each sheet that has rows. Raises BadSource."""
    from python_calamine import CalamineWorkbook

    damaged = f"{path.name!r} is not an Excel file, or it is damaged. Save it again from Excel."
    try:
        book = CalamineWorkbook.from_path(str(path))
    except Exception as error:
        said = " It is protected by a password: save it without one." if "assword" in str(error) else ""
        raise BadSource(damaged + said) from error
    names = book.sheet_names
    for name in names:
        try:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
        except Exception as error:
            raise BadSource(damaged) from error
        table, caveats = _table([row for row in rows if any(cell not in ("", None) for cell in row)])
        if table is not None:
            yield _name(path, name, len(names)), table, caveats


def _name(path: Path, sheet: str, sheets: int) -> str:
    if sheets == 1:
        return stem(path)
    return f"{stem(path)} {sheet}" if _UNNAMED.fullmatch(sheet.strip()) else sheet


def _table(rows: list[list[Any]]) -> tuple[pa.Table | None, list[str]]:
    if not rows:
        return None, []
    width = max(map(len, rows))
    start = _header_row(rows)
    top, body, caveats = rows[start], rows[start + 1 :], []
    if not _is_header(top):
        top, body = [], rows[start:]
        caveats = ["there is no header row: the columns are called column_1, …"]
    if not body:
        return None, []
    names = unique([_label(top[n] if n < len(top) else "") or f"column_{n + 1}" for n in range(width)])
    columns: dict[str, pa.Array] = {}
    for n, name in enumerate(names):
        cells = [row[n] if n < len(row) and row[n] != "" else None for row in body]
        if (n >= len(top) or not _label(top[n])) and top and all(cell is None for cell in cells):
            continue  # an empty column beside the table
        columns[name], mixed = column(cells)
        if mixed:
            caveats.append(f"{name}: {mixed}, so the column is kept as text")
    return pa.table(columns), caveats


def _header_row(rows: Sequence[Sequence[Any]]) -> int:
    """The first of the top rows that is filled nearly as wide as any (a title fills a cell or two)."""
    filled = [sum(cell not in ("", None) for cell in row) for row in rows[:200]]
    enough = max(filled) * 0.6
    return next((n for n, count in enumerate(filled[:20]) if count >= enough), 0)


def _is_header(row: Sequence[Any]) -> bool:
    named = [cell for cell in row if cell not in ("", None)]
    words = [cell for cell in named if isinstance(cell, str) and not re.fullmatch(r"[-+]?[\d.,]+", cell.strip())]
    years = [cell for cell in named if isinstance(cell, int | float) and 1900 <= cell <= 2100]
    return len(words) + len(years) >= len(named) and len(set(map(str, named))) > len(named) / 2 and bool(words)


def _label(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return re.sub(r"\s+", " ", str(cell if cell is not None else "")).strip()


def column(cells: Sequence[Any]) -> tuple[pa.Array, str | None]:
    """An Arrow column of Python values of one kind; of several kinds, as text, with what they were."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds and kinds <= {int, float}:
        if all(cell is None or (abs(cell) < 2**53 and float(cell).is_integer()) for cell in cells):
            return pa.array([None if cell is None else int(cell) for cell in cells], pa.int64()), None
        return pa.array([None if cell is None else float(cell) for cell in cells], pa.float64()), None
    if kinds and kinds <= {dt.date, dt.datetime}:
        if all(cell is None or not isinstance(cell, dt.datetime) or cell.time() == dt.time() for cell in cells):
            days = [cell.date() if isinstance(cell, dt.datetime) else cell for cell in cells]
            return pa.array(days, pa.date32()), None
        moments = [dt.datetime.combine(cell, dt.time()) if type(cell) is dt.date else cell for cell in cells]
        return pa.array(moments, pa.timestamp("us")), None
    if len(kinds) == 1 and kinds <= {str, bool, dt.time, dt.timedelta}:
        return pa.array(cells), None
    mixed = f"it holds {' and '.join(sorted({_KINDS.get(kind, 'values') for kind in kinds}))}" if kinds else None
    return pa.array([None if cell is None else _as_text(cell) for cell in cells], pa.string()), mixed


_KINDS = {str: "text", int: "numbers", float: "numbers", bool: "true or false", dt.date: "dates", dt.datetime: "dates"}


def _as_text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
