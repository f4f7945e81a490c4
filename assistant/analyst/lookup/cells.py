"""The cells of one table, found by their words, their numbers and their days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rapidfuzz import fuzz, process

from assistant.analyst.lookup.words import LIGHT, MARKS, Word, day_key, is_day, read_day, read_words
from knowledge.request import Scalar
from knowledge.words import is_english

_LONGEST = 24
_FEW = 30
"""Words of a cell that is found by all of them; cells that are found by one of their words."""
_LIKE = 88
_KINDS = (str, int, float, Decimal, date)


@dataclass(frozen=True)
class Cell:
    """A value as it is kept in a column."""

    column: int
    value: Scalar


class Cells:
    """Built once for a table's rows; finding a span of words is a look-up."""

    def __init__(self, values: Sequence[Sequence[Any]], read: Sequence[Sequence[Any]]):
        """`values` are the cells as they are kept, a list for each column; `read` what the model reads from them."""
        self._whole: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
        self._bare: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
        """By its words alone, without marks."""
        self._parts: dict[str, list[Cell]] = defaultdict(list)
        self.numbers: dict[float, list[int]] = defaultdict(list)
        """The columns that hold a number."""
        self.longest = 1
        for c, pairs in enumerate(zip(values, read, strict=True)):
            for cell, meant in dict.fromkeys(p for p in zip(*pairs, strict=True) if isinstance(p[0], _KINDS)):
                self._add(c, cell, meant)

    def _add(self, column: int, cell: Any, meant: Any) -> None:
        kept = Cell(column, cell)
        if isinstance(meant, datetime | date):
            kept = Cell(column, meant.date().isoformat() if isinstance(meant, datetime) else meant.isoformat())
            _put(self._whole, (day_key(meant.year, meant.month, meant.day),), kept)
        elif isinstance(meant, int | float | Decimal) and column not in self.numbers[float(meant)]:
            self.numbers[float(meant)].append(column)
        if isinstance(cell, str):
            self._text(column, cell, kept)

    def _text(self, column: int, text: str, kept: Cell) -> None:
        words = read_words(text)
        whole = tuple(w.key for w in words)
        if not 0 < len(whole) <= _LONGEST:
            return
        self.longest = max(self.longest, len(whole))
        _put(self._whole, whole, kept)
        bare = tuple(key for key in whole if key not in MARKS)
        if bare != whole and len(bare) > 1:
            _put(self._bare, bare, kept)
        if len(whole) == 1 and words[0].number is not None and column not in self.numbers[words[0].number]:
            self.numbers[words[0].number].append(column)
        day = read_day(words, 0)
        if day is not None and day[0] == len(words) and is_day(*day[1]) is not None:
            _put(self._whole, (day_key(*day[1]),), kept)
        if len(whole) > 1:
            for key in set(bare):
                if key not in LIGHT and len(key) > 2 and not key.isdigit():
                    self._parts[key].append(kept)

    def whole(self, keys: tuple[str, ...]) -> tuple[list[Cell], bool]:
        """The cells that these words are, and whether they are so with all their marks."""
        found = self._whole.get(keys)
        if found:
            return found, True
        return self._bare.get(tuple(k for k in keys if k not in MARKS), []), False

    def part(self, keys: Sequence[str]) -> list[Cell]:
        """The cells that have all of these words among others, if they are few."""
        found = [self._parts.get(key) for key in keys if key not in LIGHT and key not in MARKS]
        if not found or any(f is None for f in found):
            return []
        lists = sorted((f for f in found if f is not None), key=len)
        shared = [cell for cell in lists[0] if all(cell in other for other in lists[1:])]
        return shared if len(shared) <= _FEW else []

    def slip(self, words: Sequence[Word]) -> list[Cell]:
        """The cells whose words these are, one or two letters off."""
        if not any(not is_english(w.key) and w.key.isalpha() and len(w.key) > 4 for w in words):
            return []
        said = " ".join(w.key for w in words)
        if len(said) < 6:
            return []
        known = self._spelled
        found = process.extractOne(said, known, scorer=fuzz.ratio, score_cutoff=_LIKE)
        return self._whole[tuple(found[0].split(" "))] if found else []

    @property
    def _spelled(self) -> list[str]:
        if not hasattr(self, "_spelled_keys"):
            self._spelled_keys = [" ".join(k) for k in self._whole if not k[0].startswith("day ") and len(k) <= 6]
        return self._spelled_keys


def _put(index: dict[tuple[str, ...], list[Cell]], key: tuple[str, ...], cell: Cell) -> None:
    if cell not in index[key]:
        index[key].append(cell)
