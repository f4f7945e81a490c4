"""An Answer in a terminal: the sentence, a small chart, the table, and how the question was read."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from assistant.answer import Answer
from knowledge.formats import format_value
from knowledge.result import Result, ResultColumn

_ROWS = 20
_WIDTH = 32
_LINE = (72, 8)
"""Columns, at most, and lines of a drawn line."""
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bits of a braille character's left and right dots, from the top."""
_COLOURS = {
    "answered": "green",
    "ask": "yellow",
    "cannot": "yellow",
    "no_rows": "yellow",
    "not_allowed": "red",
    "failed": "red",
}


def render(answer: Answer, console: Console, *, sql: bool = False, locale: str = "en_US") -> None:
    """Print an answer. Texts of the data are printed as they are: brackets in them are no markup."""
    style = "bold" if answer.outcome == "answered" else _COLOURS[answer.outcome]
    console.print(Text(re.sub(r"\*\*|`", "", answer.text), style=style))
    result = answer.result
    if result is not None and (len(result.rows) > 1 or (result.rows and len(result.columns) > 2)):
        line = _line(result, locale, console.width)
        if line is not None:
            console.print(Text(line, style="blue"))
        console.print((None if line else _bars(result, locale)) or _table(result, locale))
    if answer.reading:
        console.print(Text(f"Read as: {answer.reading}", style="dim"))
    if answer.provenance.sql:
        count = answer.provenance.row_count
        fresh = f" · data to {answer.provenance.fresh_as_of:%-d %b %Y}" if answer.provenance.fresh_as_of else ""
        facts = f"{count:,} {'row' if count == 1 else 'rows'} · {answer.elapsed_ms:.0f} ms{fresh}"
        console.print(Text(facts, style="dim"))
    for caveat in dict.fromkeys([*answer.caveats, *(result.caveats if result else ())]):
        console.print(Text(f"Note: {caveat}", style="yellow"))
    if sql and answer.provenance.sql:
        console.print(Syntax(answer.provenance.sql, "sql", word_wrap=True, background_color="default"))
    for n, choice in enumerate(answer.choices, 1):
        console.print(Text.assemble("  ", (str(n), "bold"), " ", choice.label))
    if answer.follow_ups and not answer.choices:
        console.print(Text("Next: " + " · ".join(answer.follow_ups), style="cyan"))


def _table(result: Result, locale: str) -> Table:
    table = _empty(result.columns)
    for row in result.rows[:_ROWS]:
        table.add_row(*(Text(format_value(v, c, locale)) for v, c in zip(row, result.columns, strict=True)))
    return _counted(table, result)


def _empty(columns: Sequence[ResultColumn]) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for column in columns:
        right = column.measure or column.kind in ("number", "integer", "currency", "percent")
        table.add_column(Text(column.label), justify="right" if right else "left", overflow="fold")
    return table


def _counted(table: Table, result: Result) -> Table:
    if len(result.rows) > _ROWS:
        more = "at least " if result.truncated else ""
        table.caption = f"… and {more}{len(result.rows) - _ROWS:,} more rows"
    return table


def _bars(result: Result, locale: str) -> Table | None:
    """Bars beside the figures, for one group and one measure that is nowhere negative."""
    shape = _one_of_each(result)
    if shape is None:
        return None
    group, measure = shape
    rows = result.rows[:_ROWS]
    values = [_size(r[measure]) or 0.0 for r in rows]
    most = max(values)
    if most <= 0 or min(values) < 0:
        return None
    named, counted = _empty([result.columns[n] for n in shape]).columns
    table = Table(named, "", counted, show_edge=False, pad_edge=False, box=None)
    for row, value in zip(rows, values, strict=True):
        name = "(none)" if row[group] is None else format_value(row[group], result.columns[group], locale)
        bar = "█" * max(int(_WIDTH * (value / most)), 1 if value else 0)
        figure = format_value(row[measure], result.columns[measure], locale)
        table.add_row(Text(name), Text(bar, style="blue"), Text(figure))
    return _counted(table, result)


def _line(result: Result, locale: str, width: int) -> str | None:
    """A line over a time that has too many moments for bars."""
    shape = _one_of_each(result)
    if shape is None or len(result.rows) <= _ROWS or not result.columns[shape[0]].grain:
        return None
    time, measure = shape
    found = [
        (r[time], size) for r in result.rows if isinstance(r[time], date) and (size := _size(r[measure])) is not None
    ]
    if len(found) <= _ROWS:
        return None
    sizes = [size for _, size in found]
    ends = [format_value(found[n][0], result.columns[time], locale) for n in (0, -1)]
    marks = [format_value(v, result.columns[measure], locale) for v in (max(sizes), min(sizes))]
    edge = max(map(len, marks))
    across = max(min(width, _LINE[0]) - edge - 3, len("".join(ends)) + 1)
    lines = _braille(sizes, across, _LINE[1])
    sides = [marks[0], *[""] * (len(lines) - 2), marks[1]]
    drawn = [f"{side:>{edge}} ┤ {line}" for side, line in zip(sides, lines, strict=True)]
    return "\n".join([*drawn, " " * (edge + 3) + ends[0] + ends[1].rjust(across - len(ends[0]))])


def _braille(values: Sequence[float], width: int, height: int) -> list[str]:
    """A line through the values, in braille: each character is two dots wide and four high."""
    low, high = min(values), max(values)
    dots = [[0] * width for _ in range(height)]
    last: int | None = None
    for x in range(2 * width):
        value = values[round(x * (len(values) - 1) / (2 * width - 1))]
        part = (value / 2 - low / 2) / (high / 2 - low / 2) if high > low else 0.5  # halves: a range may be past 1e308
        y = round((1 - part) * (4 * height - 1))
        for dot in range(min(y, y if last is None else last), max(y, y if last is None else last) + 1):
            dots[dot // 4][x // 2] |= _DOTS[x % 2][dot % 4]
        last = y
    return ["".join(chr(0x2800 + cell) for cell in line) for line in dots]


def _one_of_each(result: Result) -> tuple[int, int] | None:
    """The group and the measure of a result that has one of each, if there are figures to draw."""
    fields = [n for n, c in enumerate(result.columns) if not c.measure]
    measures = [n for n, c in enumerate(result.columns) if c.measure]
    if len(fields) != 1 or len(measures) != 1:
        return None
    drawn = [r[measures[0]] for r in result.rows if r[measures[0]] is not None]
    return (fields[0], measures[0]) if drawn and all(_size(v) is not None for v in drawn) else None


def _size(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        size = float(value)
    except (ValueError, OverflowError):
        return None
    return size if math.isfinite(size) else None
