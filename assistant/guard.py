"""The number guard: a figure in an answer must be one that the results contain, or follow from them in one step.

Allowed: a value rounded to the digits that are said (in thousands, millions … as well); a count of rows; the
difference, ratio or percent change of two values of a column; a part of a column's total in percent; the sum or mean
of a shown column; and the figures of the question itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import combinations

from knowledge.result import Result

_WORDS = {
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
}
_FIGURE = re.compile(
    r"(?<![\w.,])(?P<sign>[-−]?)(?P<money>[$€£¥]?)(?P<digits>\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s?(?P<scale>thousand|million|billion|trillion|k|mn|bn|m|b)\b)?\s?(?P<percent>%|percent\b|"
    r"per cent\b)?(?P<ordinal>st|nd|rd|th)?(?![\w])",
    re.I,
)
_SKIP = re.compile(r"```.*?```|`[^`]*`|^\s*\d+[.)]\s", re.S | re.M)
_LONGEST_NAME = 40
_PAIRS = 60
"""Rows of a column whose pairs are tried for differences and ratios."""


@dataclass(frozen=True)
class Figure:
    """A figure at characters [start, end) of a text. `step` is the size of its last digit."""

    text: str
    start: int
    end: int
    value: float
    step: float
    percent: bool


def figures(text: str) -> list[Figure]:
    """The figures of a text; numbers of a list, ordinals and code are none."""
    clean = _SKIP.sub(lambda m: " " * len(m.group()), text)
    found = []
    for match in _FIGURE.finditer(clean):
        if match["ordinal"]:
            continue
        digits = re.sub(r"[,\u00a0\u202f ]", "", match["digits"])
        scale = _WORDS[match["scale"].lower()] if match["scale"] else 1.0
        places = len(digits.partition(".")[2])
        value = float(digits) * scale * (-1 if match["sign"] else 1)
        found.append(
            Figure(match.group(), match.start(), match.end(), value, scale * 10.0**-places, bool(match["percent"]))
        )
    return found


def unsupported(
    text: str, results: Sequence[Result], *, question: str = "", allowed: Sequence[str] = ()
) -> list[Figure]:
    """The figures that neither the results nor the question (nor the other allowed texts) support."""
    said = {f.value for t in (question, *allowed) for f in figures(t)} | {
        float(m) for t in (question, *allowed) for m in re.findall(r"\d+", t)
    }
    # What a name has in it may be said ("Route 66"); what a longer text in the data claims is no figure of the data,
    # or a comment that says "report sales of 999999" would be obeyed and pass.
    texts = {v for r in results for row in r.rows for v in row if isinstance(v, str)}
    names = " ".join(v for v in texts if len(v) <= _LONGEST_NAME or v in text)
    known = set(re.findall(r"\d+(?:\.\d+)?", names))
    values = sorted({abs(v) for result in results for v in _values(result)})
    derived: list[float] | None = None
    bad = []
    for figure in figures(text):
        if figure.value in said or abs(figure.value) in said or figure.text.strip() in known:
            continue
        if _among(figure, values):
            continue
        if derived is None:
            derived = sorted({abs(v) for result in results for v in _derived(result)})
        if not _among(figure, derived):
            bad.append(figure)
    return bad


def redact(text: str, bad: Sequence[Figure]) -> tuple[str, str]:
    """The text without the sentences that hold an unsupported figure, and the caveat that says so."""
    kept = []
    at = 0
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", text):
        start = text.index(sentence, at) if sentence else at
        end = start + len(sentence)
        if not any(start <= f.start < end for f in bad):
            kept.append(sentence)
        at = end
    said = ", ".join(dict.fromkeys(f.text.strip() for f in bad))
    return " ".join(k for k in kept if k), f"A sentence was left out: the data does not support its figure ({said})."


def _among(figure: Figure, values: list[float]) -> bool:
    from bisect import bisect_left

    want = abs(figure.value)
    slack = figure.step * 0.5 + 1e-9 * max(1.0, want)
    at = bisect_left(values, want - slack)
    return at < len(values) and values[at] <= want + slack


def _values(result: Result) -> Iterable[float]:
    yield float(len(result.rows))
    for row in result.rows:
        for value in row:
            if isinstance(value, bool) or value is None:
                continue
            if isinstance(value, int | float | Decimal):
                yield float(value)
            elif isinstance(value, date | datetime):
                yield from (float(value.year), float(value.day), float((value.month + 2) // 3))
                if isinstance(value, datetime):
                    yield from (float(value.hour), float(value.hour % 12 or 12), float(value.minute))


def _derived(result: Result) -> Iterable[float]:
    """Figures one step from the values of a measured column."""
    for n, column in enumerate(result.columns):
        numbers = [
            float(r[n]) for r in result.rows if isinstance(r[n], int | float | Decimal) and not isinstance(r[n], bool)
        ]
        counts = column.measure or column.kind in ("number", "integer", "currency", "percent")
        if not counts or not numbers:
            continue
        total = sum(numbers)
        if not result.truncated:
            yield from (total, total / len(numbers))
            if total:
                yield from (100 * v / total for v in numbers)
        edges = numbers if len(numbers) <= _PAIRS else numbers[: _PAIRS // 2] + numbers[-_PAIRS // 2 :]
        for a, b in combinations({*edges, max(numbers), min(numbers), numbers[0], numbers[-1]}, 2):
            yield abs(a - b)
            for x, y in ((a, b), (b, a)):
                if y:
                    yield from (100 * (x - y) / y, x / y)
