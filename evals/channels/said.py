"""What a channel said, and whether its figures are those that the API gives for the same question."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.channels.markup import plain

_NUMBER = re.compile(
    r"(?<![\w.])(?P<minus>[-−](?=[$€£¥₹\d]))?[$€£¥₹]?(?P<digits>\d[\d,]*(?:\.\d+)?)(?!(?!K\b)\w)"
    r"(?:\s?(?P<scale>K|thousand|million|billion|trillion)\b)?"
)
_SCALES = {None: 1, "K": 10**3, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHOWN = 20
_SPOKEN_ROUNDING = 0.005
"""Of a figure, which the phone says with three digits."""


@dataclass(frozen=True)
class Said:
    """`text` is all that was said, in words. `rows` are the first of the result's, as JSON has them, or `cells` as they
    are shown; None where a channel shows none. `spoken`: figures were rounded as people say them."""

    text: str | None
    rows: list[list[Any]] | None = None
    cells: list[list[str]] | None = None
    spoken: bool = False


@dataclass(frozen=True)
class Meant:
    """What the API answers: what all others have to say."""

    outcome: str
    text: str
    rows: list[list[Any]]
    request: dict[str, Any] | None
    beside: str
    """What else an answer may say figures of: its reading, notes, choices and next questions."""

    @classmethod
    def of(cls, body: dict[str, Any]) -> Meant:
        said = body["provenance"]
        choices = [f"{c['label']} {c['question']}" for c in body["choices"]]
        beside = [body["reading"], *body["caveats"], *choices, *body["follow_ups"], _apart(said["fresh_as_of"] or "")]
        request = said["request"] if said["tool"] == "query" and body.get("rows") else None
        return cls(body["outcome"], body["text"], body.get("rows", []), request, "\n".join(beside))


@dataclass(frozen=True)
class Figure:
    value: float
    unit: float
    """Of its last digit."""


def figures(text: str) -> list[Figure]:
    """
    >>> [f.value for f in figures("**$1.2 million** in 2017, -3.5% of 12 shops")]
    [1200000.0, 2017.0, -3.5, 12.0]
    """
    found = []
    for match in _NUMBER.finditer(plain(text).replace("*", "")):
        digits, scale = match["digits"].strip(",").replace(",", ""), _SCALES[match["scale"]]
        sign = -1 if match["minus"] else 1
        found.append(Figure(sign * round(float(digits) * scale, 6), scale / 10 ** len(digits.partition(".")[2])))
    return found


Difference = Literal["", "another figure", "a figure is missing", "a figure of its own", "other rows"]


def difference(meant: Meant, said: Said) -> Difference:
    """What is not the same, if anything."""
    if said.rows is not None and not _same_rows(said.rows, meant.rows):
        return "other rows"
    if said.text is None:
        return ""
    wanted, given = figures(_sentence(meant.text) if said.spoken else meant.text), figures(said.text)
    if len(given) < len(wanted):
        return "a figure is missing"
    if not all(_same(w, g, said.spoken) for w, g in zip(wanted, given, strict=False)):
        return "another figure"
    if said.cells is not None and not _shown(said.cells, meant.rows):
        return "other rows"
    known = [f.value for f in figures(f"{meant.text}\n{meant.beside}")] + list(_values(meant.rows))
    if not all(_known(g, known, said.spoken) for g in given):
        return "a figure of its own"
    return ""


def _sentence(text: str) -> str:
    """The first, which every channel says whole; the phone says "the highest" for "top 1"."""
    return re.sub(r", (?:top|bottom) 1\b", "", re.split(r"[.;](?:\s|$)", text)[0])


def _same(wanted: Figure, given: Figure, spoken: bool) -> bool:
    return math.isclose(wanted.value, given.value, rel_tol=_SPOKEN_ROUNDING if spoken else 1e-9)


def _known(given: Figure, known: Sequence[float], spoken: bool) -> bool:
    """Whether it is one of these, rounded; or as a percentage of one; or a small count (of pages, of choices)."""
    if 0 <= given.value <= 12 and given.unit == 1:
        return True
    allowed = max(0.51 * given.unit, abs(given.value) * _SPOKEN_ROUNDING if spoken else 0)
    return any(abs(k - given.value) <= allowed or abs(100 * k - given.value) <= allowed for k in known)


def _values(rows: Iterable[Sequence[Any]]) -> Iterable[float]:
    for row in rows:
        for value in row:
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield float(value)
            elif isinstance(value, str):
                yield from (f.value for f in figures(_apart(value)))
    yield float(sum(1 for _ in rows))


def _apart(moment: str) -> str:
    """The parts of a date or time by themselves."""
    return re.sub(r"[-_/:T]", " ", moment)


def _same_rows(given: list[list[Any]], wanted: list[list[Any]]) -> bool:
    """Without their order, which nobody may have asked for; at least as many as any channel shows."""
    known = Counter(map(_row, wanted))
    return len(given) >= min(len(wanted), _SHOWN) and not Counter(map(_row, given)) - known


def _row(row: list[Any]) -> str:
    return repr([float(f"{v:.9g}") if isinstance(v, float) else v for v in row])


def _shown(cells: list[list[str]], rows: list[list[Any]]) -> bool:
    """Whether each number of the rows that are shown is in its cell, rounded."""
    for shown, row in zip(cells, rows, strict=False):
        for cell, value in zip(shown, row, strict=False):
            if isinstance(value, int | float) and not isinstance(value, bool):
                found = figures(cell)
                if not found and value in range(1, 13):
                    continue  # a weekday's or a month's name
                if len(found) != 1 or not _known(found[0], [float(value)], spoken=False):
                    return False
    return len(cells) <= len(rows)
