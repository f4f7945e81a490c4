"""An Answer's details as lines of text, for channels that have no tables."""

from __future__ import annotations

from typing import Any

from assistant.answer import Answer
from knowledge.formats import format_short, format_value
from knowledge.result import Result


def table_lines(result: Result | None, locale: str) -> list[str]:
    """A line a row: "Beverages: $1.2 million", "2024-01-05, Oslo, 3"; none for a result that one sentence says."""
    if result is None or len(result.rows) < 2:
        return []
    return [_line(result, row, locale) for row in result.rows]


def _line(result: Result, row: tuple[Any, ...], locale: str) -> str:
    columns = result.columns
    named = [
        "(none)" if v is None else format_value(v, c, locale)  # as the sentence says it
        for v, c in zip(row, columns, strict=True)
        if not c.measure
    ]
    measures = [c for c in columns if c.measure]
    figures = [
        format_short(v, c, locale) if len(measures) == 1 else f"{c.label} {format_short(v, c, locale)}"
        for v, c in zip(row, columns, strict=True)
        if c.measure and (v is not None or len(measures) == 1)
    ]
    return ": ".join(filter(None, (", ".join(named), ", ".join(figures))))


def caveats(answer: Answer) -> list[str]:
    """Each once."""
    return list(dict.fromkeys([*answer.caveats, *(answer.result.caveats if answer.result else ())]))


def reading(answer: Answer) -> str:
    """ "Read as: …"; "" where there is no answer for it."""
    read = answer.outcome == "no_rows" or (answer.outcome == "answered" and answer.result is not None)
    return f"Read as: {answer.reading}" if answer.reading and read else ""


def source_line(answer: Answer) -> str:
    """ "Coffee shop, data to 31 Dec 2024"; "" where no data was asked."""
    said = answer.provenance
    if not said.source or answer.result is None:
        return ""
    fresh = said.fresh_as_of
    return said.source + (f", data to {fresh.day} {fresh:%b %Y}" if fresh else "")
