"""An Answer as the properties of the page's AnswerCard (public/elements/AnswerCard.jsx), ready for JSON."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from assistant.answer import Answer
from knowledge.formats import babel_locale, format_value
from knowledge.result import Result, ResultColumn

CARD_ROWS = 1_000
"""Rows that travel to the page; the downloads have all that the query returned."""
_DAY = ResultColumn("day", "Day", "time", grain="day")
_COUNT = ResultColumn("rows", "Rows", "integer", measure=True)
_TENTHS = ResultColumn("seconds", "Seconds", "number", measure=True)
NUMBERS = ("number", "integer", "currency", "percent")


def card(answer: Answer, *, downloads: str = "", locale: str = "en_US") -> dict[str, Any]:
    """`downloads` is the address of the result's downloads, without their ending; "" where there are none."""
    props: dict[str, Any] = {
        "outcome": answer.outcome,
        "reading": answer.reading,
        "caveats": _distinct([*answer.caveats, *(answer.result.caveats if answer.result else ())]),
        "choices": [{"label": choice.label, "question": choice.question} for choice in answer.choices],
        "followUps": answer.follow_ups,
        "chart": answer.chart,
        "sql": answer.provenance.sql or "",
        "method": answer.provenance.method or "",
        "facts": _facts(answer, locale),
        "locale": str(babel_locale(locale)).replace("_", "-"),
    }
    result = answer.result
    if result is not None and result.rows and not _is_one_figure(result):
        props["table"] = _shown(result, locale)
    if result is not None and result.rows and downloads:
        props["downloads"] = {"csv": f"{downloads}.csv", "xlsx": f"{downloads}.xlsx"}
    return props


def _shown(result: Result, locale: str) -> dict[str, Any]:
    rows, columns = result.rows[:CARD_ROWS], result.columns
    return {
        "columns": [{"label": column.label or column.name, "number": _is_number(column)} for column in columns],
        "cells": [[format_value(value, c, locale) for value, c in zip(row, columns, strict=True)] for row in rows],
        "order": {
            str(i): [_sortable(row[i]) for row in rows]
            for i, column in enumerate(columns)
            if _is_number(column) or column.is_part or column.kind == "flag"
        },
        "total": len(result.rows),
        "more": result.truncated,
    }


def table(result: Result, title: str = "", *, locale: str = "en_US") -> dict[str, Any]:
    """All rows of a result, for its downloads: {"title", "columns": [{"label", "kind", "unit"}], "rows": [[…]]}."""
    return {
        "title": title,
        "columns": [{"label": c.label or c.name, "kind": c.kind, "unit": c.unit} for c in result.columns],
        "rows": [
            [_kept(value, c, locale) for value, c in zip(row, result.columns, strict=True)] for row in result.rows
        ],
    }


def _kept(value: Any, column: ResultColumn, locale: str) -> Any:
    """A part of a time (weekday 1) is a name outside of Parley: Monday."""
    named = column.is_part and isinstance(value, int) and not isinstance(value, bool)
    return format_value(value, column, locale) if named else plain(value)


def _facts(answer: Answer, locale: str) -> list[str]:
    """The quiet last line: where the figures come from, how fresh they are, how many rows, how long it took."""
    facts = []
    source = answer.provenance
    if source.source:
        facts.append(source.source)
    if source.fresh_as_of is not None:
        facts.append(f"data to {format_value(source.fresh_as_of.date(), _DAY, locale)}")
    if answer.result is not None:
        rows = source.row_count or len(answer.result.rows)
        facts.append(f"{format_value(rows, _COUNT, locale)} {'row' if rows == 1 else 'rows'}")
    if source.read_by == "llm" and source.model:
        facts.append(f"read by {source.model}")
    if answer.elapsed_ms:
        seconds = format_value(round(answer.elapsed_ms / 1000, 1), _TENTHS, locale)
        facts.append(f"{answer.elapsed_ms:.0f} ms" if answer.elapsed_ms < 1000 else f"{seconds} s")
    return facts


def _is_one_figure(result: Result) -> bool:
    """One value alone: the sentence already says it."""
    return len(result.rows) == 1 and len(result.columns) == 1


def _is_number(column: ResultColumn) -> bool:
    return column.kind in NUMBERS


def _sortable(value: Any) -> Any:
    """A number or an ISO text, which the page can compare; nothing stays nothing, and sorts last."""
    bare = plain(value)
    return int(bare) if isinstance(bare, bool) else bare


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if hasattr(value, "item"):  # a NumPy scalar
        return plain(value.item())
    return str(value)


def _distinct(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts))
