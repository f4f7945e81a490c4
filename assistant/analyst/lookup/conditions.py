"""The condition that a value is of a column, as the column's kind demands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.analyst.lookup import costs
from assistant.analyst.lookup.cells import Cells
from assistant.analyst.lookup.columns import Column
from assistant.analyst.lookup.values import Said
from assistant.analyst.lookup.words import Word
from knowledge.request import Comparator, Compare

_FIRST_YEAR, _LAST_YEAR = 1500, 2100
_UNITS = {1e3: "thousand", 1e6: "million", 1e9: "billion"}
Fit = tuple[Compare | None, float]
"""A condition, if there is one, and what speaks against it."""
_NONE: Fit = (None, costs.NEVER)


class Conditions:
    """Makes conditions of one question's values on the columns of one table."""

    def __init__(self, words: Sequence[Word], columns: Sequence[Column], cells: Cells):
        self._words, self._columns, self._cells = words, columns, cells

    def of(self, c: int, said: Said) -> Fit:
        column = self._columns[c]
        if said.number is not None:
            return self._figure(c, said, said.number)
        own = [cell.value for cell in said.cells if cell.column == c]
        if len(own) > 1 and said.is_part:
            return Compare(field=column.reference, op="in" if said.op == "=" else "not_in", value=own), 0.0
        if own:
            return Compare(field=column.reference, op=said.op, value=own[0]), 0.0
        if not said.cells and column.field.type in ("date", "timestamp") and said.text:
            return Compare(field=column.reference, op=said.op, value=said.text), 0.0
        if said.is_part or not said.text:
            return _NONE
        where, fit = self.text(c, said.text, said.op)
        return where, fit + (costs.ELSEWHERE if said.cells else 0.0)

    def text(self, c: int, text: str, op: Comparator = "=") -> Fit:
        """A text that may be in no cell."""
        column = self._columns[c]
        if column.field.type not in ("text", "json") and not column.field.stored:
            return _NONE
        if column.field.type in ("date", "timestamp"):
            return _NONE
        odd = column.is_number or column.kinds & {"date", "year", "percent", "money"}
        loss = costs.TEXT_OF_NUMBER if odd and not any(ch.isdigit() for ch in text) else 0.0
        return Compare(field=column.reference, op=op, value=text), loss

    def _figure(self, c: int, said: Said, number: float) -> Fit:
        column = self._columns[c]
        where, loss = self._number(c, said, number, c in self._cells.numbers.get(number, ()))
        if said.percent and "percent" not in column.kinds and not column.is_empty:
            loss += costs.NOT_PERCENT
        return where, loss

    def _number(self, c: int, said: Said, number: float, held: bool) -> Fit:
        column = self._columns[c]
        value = number if said.scale == 1.0 or _counts_in(column, said.scale) else number * said.scale
        if said.last is not None:
            if not column.is_number and not column.is_empty:
                return _NONE
            return Compare(field=column.reference, op="between", value=[_whole(number), _whole(said.last)]), 0.0
        if column.field.type in ("date", "timestamp"):
            if number != int(number) or not _FIRST_YEAR <= number <= _LAST_YEAR:
                return _NONE
            return Compare(field=column.reference, op=said.op, value=str(int(number))), 0.0
        if column.field.type in ("integer", "number"):
            loss = 0.0 if held or said.op != "=" or column.is_empty else costs.NOT_HELD
            return Compare(field=column.reference, op=said.op, value=_whole(value)), loss
        if said.op in ("=", "!="):
            hits, _ = self._cells.whole(tuple(w.key for w in self._words[said.start : said.end]))
            own = next((h.value for h in hits if h.column == c), said.text)
            loss = 0.0 if column.is_empty or held or own is not said.text else costs.NUMBER_OF_TEXT
            return Compare(field=column.reference, op=said.op, value=own), loss
        loss = 0.0 if column.is_empty or column.is_number else costs.TEXT_BOUND
        return Compare(field=column.reference, op=said.op, value=_whole(value)), loss


def is_year(number: float) -> bool:
    return number == int(number) and _FIRST_YEAR <= number <= _LAST_YEAR


def _counts_in(column: Column, scale: float) -> bool:
    """Its header says that it counts in millions."""
    unit = _UNITS[scale]
    return bool(re.search(rf"\b{unit}s?\b|\b{unit[0]}n?\b", column.name.lower()))


def _whole(value: float) -> int | float:
    return int(value) if value == int(value) else value
