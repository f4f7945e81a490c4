"""The values that a question says: cells as they are kept, numbers with their bounds, days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from assistant.analyst.english import LISTS, PHRASES, STOP
from assistant.analyst.lookup import costs
from assistant.analyst.lookup.cells import Cell, Cells
from assistant.analyst.lookup.words import LIGHT, MONEY, TIMES, Word, day_key, is_day, read_day
from knowledge.request import Comparator
from knowledge.words import is_english

_PART = 5
"""The most words that part of a cell, or a misspelt one, is looked for with."""
_OPERATORS: dict[tuple[str, ...], Comparator] = {
    tuple(p.words): cast(Comparator, p.data) for ps in PHRASES.values() for p in ps if p.code == "o"
}
_OPERATORS |= {
    ("before",): "<", ("prior", "to"): "<", ("after",): ">", ("since",): ">=", ("until",): "<=",
    ("up", "to"): "<=", ("later",): ">", ("earlier",): "<", ("larger",): ">", ("bigger",): ">", ("smaller",): "<",
    ("lower",): "<", ("higher",): ">", ("more", "then"): ">", ("less", "then"): "<", ("not",): "!=",
}  # fmt: skip
_TAILS: dict[tuple[str, ...], Comparator] = {k: v for k, v in _OPERATORS.items() if k[0] in ("or", "and")}
_OPERATORS = {k: v for k, v in _OPERATORS.items() if k not in _TAILS}
_COMMON = STOP | LIGHT | LISTS["asks"] | LISTS["most"] | LISTS["least"]


@dataclass(frozen=True)
class Said:
    """A value said by words [start, end), its operator's among them: cells, or a number, or a text that no cell is."""

    start: int
    end: int
    op: Comparator = "="
    cells: tuple[Cell, ...] = ()
    number: float | None = None
    last: float | None = None
    """The other end of "between"."""
    text: str = ""
    cost: float = 0.0
    percent: bool = False
    scale: float = 1.0
    """What the number is counted in: 1e6 where millions are said."""
    is_part: bool = False
    """The cells hold more than what is said."""
    is_compound: bool = False
    """Numbers and marks run together: "4-1", "2:06", "8.11 (59)"."""


def said_values(words: Sequence[Word], cells: Cells, plain: bool) -> list[Said]:
    """Every value that some words may say. `plain`: capitals tell names from other words here."""
    compounds = list(_compounds(words))
    inside = {n for v in compounds for n in range(v.start, v.end)}
    found = [*_whole_cells(words, cells, plain), *_days(words, cells), *_numbers(words, inside), *compounds]
    held = {n for v in found if v.cells for n in range(v.start, v.end)}
    found += _likely_cells(words, cells, held, plain)
    return found


def _whole_cells(words: Sequence[Word], cells: Cells, plain: bool) -> Iterable[Said]:
    for start in range(len(words)):
        for end in range(min(len(words), start + cells.longest + 1), start, -1):
            hits, exact = cells.whole(tuple(w.key for w in words[start:end]))
            if not hits:
                continue
            cost = _doubt(words, start, end, plain) + (0.0 if exact else costs.BARE)
            if cost < costs.NEVER:
                op, first, _ = _operator(words, start)
                first = first if op == "!=" else start
                text = text_of(words, start, end)
                yield Said(first, end, "!=" if op == "!=" else "=", tuple(hits), None, None, text, cost)


def _doubt(words: Sequence[Word], start: int, end: int, plain: bool) -> float:
    """How little the words sound like a value that is meant."""
    span = words[start:end]
    if any(w.quoted for w in span):
        return 0.0
    named = plain and span[0].is_capital and start > 0
    if len(span) > 1:
        return 0.0 if any(w.key not in _COMMON for w in span) else costs.COMMON
    word = span[0]
    if word.number is not None and word.key[-1:].isdigit():
        return 0.0
    if len(word.key) == 1:
        return costs.LETTER if word.is_capital and word.key not in "ai" else costs.NEVER
    if word.key in _COMMON:
        return costs.COMMON if named else costs.NEVER
    return 0.0 if named or not is_english(word.key) else costs.PLAIN_WORD


def text_of(words: Sequence[Word], start: int, end: int) -> str:
    said = "".join(("" if n == 0 else w.before) + w.text for n, w in enumerate(words[start:end]))
    return said + ")" * (said.count("(") - said.count(")"))


def _days(words: Sequence[Word], cells: Cells) -> Iterable[Said]:
    for start in range(len(words)):
        read = read_day(words, start)
        if read is None:
            continue
        end, (year, month, day) = read
        if (when := is_day(year, month, day)) is None:
            continue
        op, first, _ = _operator(words, start)
        hits, _ = cells.whole((day_key(year, month, day),))
        cost = 0.0
        if not hits and year is not None:
            hits, _ = cells.whole((day_key(None, month, day),))
            cost = costs.NO_YEAR
        if year is not None:
            yield Said(first, end, op, tuple(hits) if op == "=" else (), None, None, when.isoformat(), cost)
        elif hits:
            yield Said(start, end, "=", tuple(hits), cost=cost)


def _compounds(words: Sequence[Word]) -> Iterable[Said]:
    """Words without a space between them of which two are numbers, and brackets after them."""
    start = 0
    while start < len(words):
        end = start + 1
        while end < len(words) and not re.search(r"\s", words[end].before):
            end += 1
        if sum(w.number is not None for w in words[start:end]) > 1:
            while end < len(words) and words[end].before.endswith("("):
                end += 1
            yield Said(start, end, text=text_of(words, start, end), is_compound=True)
        start = end


def _numbers(words: Sequence[Word], inside: set[int]) -> Iterable[Said]:
    for n, word in enumerate(words):
        if n in inside:
            continue
        if word.number is None or (word.key == "one" and _operator(words, n)[0] == "="):
            continue
        if n + 1 < len(words) and words[n + 1].glued and words[n + 1].key.isalpha() and words[n + 1].key not in TIMES:
            continue
        if word.glued and n and (words[n - 1].key.isalpha() and not words[n - 1].is_mark):
            continue
        end, scale = n + 1, 1.0
        if end < len(words) and words[end].key in TIMES and (len(words[end].key) > 2 or words[end].glued):
            scale, end = TIMES[words[end].key], end + 1
        op, first, _ = _operator(words, n)
        start = first if first < n else n - (words[n - 1].key in MONEY) if n else n
        percent = end < len(words) and words[end].key in ("%", "percent")
        end += percent
        text = text_of(words, max(start, n - (n > 0 and words[n - 1].key in MONEY)), end)
        if last := _range(words, n, end):
            yield Said(last[0], last[1], ">=", (), word.number, last[2], text)
        for size in (4, 3, 2):
            tail = _TAILS.get(tuple(w.key for w in words[end : end + size]))
            if tail and op == "=":
                yield Said(start, end + size, tail, (), word.number, None, text, percent=percent, scale=scale)
        yield Said(start, end, op, (), word.number, None, text, percent=percent, scale=scale)


def _range(words: Sequence[Word], n: int, end: int) -> tuple[int, int, float] | None:
    """ "between 5 and 10", "from 5 to 10": its first word, the one after it, its other end."""
    if n == 0 or end + 1 >= len(words) or words[end + 1].number is None:
        return None
    if (words[n - 1].key, words[end].key) in (("between", "and"), ("from", "to")):
        return n - 1, end + 2, cast(float, words[end + 1].number)
    return None


def operator_before(words: Sequence[Word], at: int) -> tuple[Comparator, int] | None:
    """The operator that ends just before word `at` ("before", "more than a"), and its first word."""
    op, start, found = _operator(words, at)
    return (op, start) if found else None


def starts_operator(words: Sequence[Word], at: int) -> bool:
    return any(tuple(w.key for w in words[at : at + size]) in _OPERATORS for size in (1, 2, 3))


def _operator(words: Sequence[Word], at: int) -> tuple[Comparator, int, bool]:
    """The operator said just before word `at`, its first word, and whether there is one."""
    before = at
    while before and (words[before - 1].key in MONEY or words[before - 1].key in ("a", "an", "the")):
        before -= 1
    for size in (5, 4, 3, 2, 1):
        if size <= before and (op := _OPERATORS.get(tuple(w.key for w in words[before - size : before]))):
            return op, before - size, True
    return "=", at, False


def _likely_cells(words: Sequence[Word], cells: Cells, held: set[int], plain: bool) -> Iterable[Said]:
    """Part of a cell ("Messi"), or one that is misspelt."""
    for start in range(len(words)):
        if start in held or words[start].key in LIGHT or words[start].is_mark:
            continue
        for end in range(min(len(words), start + _PART), start, -1):
            span = words[start:end]
            if span[-1].key in LIGHT or any(n in held for n in range(start, end)):
                continue
            keys = [w.key for w in span]
            hits = cells.part(keys)
            english = all(is_english(k) for k in keys)
            named = any(w.quoted or (plain and w.is_capital) for w in span) or not english
            if hits and all(k not in _COMMON for k in keys):
                cost = costs.PART if named else costs.PART_PLAIN
                yield Said(start, end, "=", tuple(hits), None, None, text_of(words, start, end), cost, is_part=True)
                break
            if not english and (hits := cells.slip(span)):
                yield Said(start, end, "=", tuple(hits), None, None, text_of(words, start, end), costs.MISSPELT)
                break
