"""An Answer in a terminal: the sentence, a small chart, the table, and how the question was read."""

from __future__ import annotations

import re

from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from assistant.answer import Answer
from assistant.formats import format_value
from knowledge.result import Result

_ROWS = 20
_BARS = 12
_WIDTH = 32
_COLOURS = {
    "answered": "green",
    "ask": "yellow",
    "cannot": "yellow",
    "no_rows": "yellow",
    "not_allowed": "red",
    "failed": "red",
}


def render(answer: Answer, console: Console, *, sql: bool = False, locale: str = "en_US") -> None:
    """Print an answer."""
    console.print(
        Text(
            re.sub(r"\*\*|`", "", answer.text),
            style="bold" if answer.outcome == "answered" else _COLOURS[answer.outcome],
        )
    )
    if answer.result is not None and len(answer.result.rows) > 1:
        bars = _bars(answer.result, locale)
        if bars is not None:
            console.print(bars)
        else:
            console.print(_table(answer.result, locale))
    if answer.reading:
        console.print(Text(f"Read as: {answer.reading}", style="dim"))
    if answer.provenance.sql:
        fresh = f" · data to {answer.provenance.fresh_as_of:%-d %b %Y}" if answer.provenance.fresh_as_of else ""
        console.print(Text(f"{answer.provenance.row_count:,} rows · {answer.elapsed_ms:.0f} ms{fresh}", style="dim"))
    for caveat in answer.caveats:
        console.print(Text(f"Note: {caveat}", style="yellow"))
    if sql and answer.provenance.sql:
        console.print(Syntax(answer.provenance.sql, "sql", word_wrap=True, background_color="default"))
    for n, choice in enumerate(answer.choices, 1):
        console.print(f"  [bold]{n}[/bold] {choice.label}")
    if answer.follow_ups and not answer.choices:
        console.print(Text("Next: " + " · ".join(answer.follow_ups), style="cyan"))


def _table(result: Result, locale: str) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for column in result.columns:
        right = column.measure or column.kind in ("number", "integer", "currency", "percent")
        table.add_column(column.label, justify="right" if right else "left")
    for row in result.rows[:_ROWS]:
        table.add_row(*(format_value(v, c, locale) for v, c in zip(row, result.columns, strict=True)))
    if len(result.rows) > _ROWS:
        table.caption = f"… and {len(result.rows) - _ROWS:,} more rows"
    return table


def _bars(result: Result, locale: str) -> Table | None:
    """Bars beside the figures, for one group and one measure that is nowhere negative."""
    fields = [n for n, c in enumerate(result.columns) if not c.measure]
    measures = [n for n, c in enumerate(result.columns) if c.measure]
    if len(fields) != 1 or len(measures) != 1 or len(result.rows) > _ROWS:
        return None
    group, measure = fields[0], measures[0]
    values = [float(r[measure] or 0) for r in result.rows]
    most = max(values, default=0)
    if most <= 0 or min(values) < 0:
        return None
    table = Table(show_edge=False, pad_edge=False, show_header=True, box=None)
    table.add_column(result.columns[group].label)
    table.add_column("")
    table.add_column(result.columns[measure].label, justify="right")
    for row, value in zip(result.rows, values, strict=True):
        name = "(none)" if row[group] is None else format_value(row[group], result.columns[group], locale)
        bar = "█" * max(int(_WIDTH * value / most), 1 if value else 0)
        table.add_row(name, Text(bar, style="blue"), format_value(row[measure], result.columns[measure], locale))
    return table
