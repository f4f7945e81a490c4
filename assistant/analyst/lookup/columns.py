"""The columns of one table: what their headers say, and what their cells are like."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assistant.analyst.english import LISTS
from assistant.analyst.lookup import likeness
from assistant.analyst.lookup.words import LIGHT, MARKS, Word, read_day, read_words
from knowledge.model import Dataset, ModelField
from knowledge.words import is_english, lemma

_MOSTLY = 0.6
"""From this part of its cells on a column is of the kind that they are."""
_TAILS = frozenset(["id", "no", "code", "name", "number", "key"])
_PASSED = 0.05
_LIGHTLY, _ASIDE, _MARK = 0.2, 0.4, 0.6
"""How much a header's little words count, those in brackets, and its marks."""
_AGAINST = frozenset(["opponent", "opposition", "visitor", "versus", "vs", "rival"])
_GROUP = LISTS["teams"]
_WHO, _WHERE = LISTS["who"] | LISTS["people"] | {"rider", "mayor", "leader", "owner"}, LISTS["where"]
_KIND_WORDS = {
    "year": "year", "date": "date", "day": "date", "percentage": "percent", "percent": "percent", "money": "money",
    "price": "money", "cost": "money",
}  # fmt: skip
_OF_KIND = 0.55
_YEARS = re.compile(r"(1[5-9]|20)\d\d(\s?[-–/]\s?\d{2,4})?\*?")
_FIGURE = re.compile(r"\W*\d")
_MONEY = re.compile(r"[-−]?\s?(US|A|C|HK|NZ)?[$€£¥]")


@dataclass(frozen=True)
class Head:
    """A word of a header, and how much of the header it is."""

    key: str
    weight: float


@dataclass(frozen=True)
class Column:
    reference: str
    field: ModelField
    name: str
    """The header, as it is written."""
    ways: tuple[tuple[Head, ...], ...]
    """The header's words, and other ways to say it."""
    kinds: frozenset[str]
    """What it holds: number, digits (in texts), text, empty, year, date, percent, money, time, person, opponent, group,
    place, name."""

    @property
    def is_number(self) -> bool:
        return "number" in self.kinds

    @property
    def is_text(self) -> bool:
        return "text" in self.kinds

    @property
    def is_empty(self) -> bool:
        return "empty" in self.kinds


@dataclass(frozen=True)
class Mention:
    """Words [start, end) that may name a column; of those that they may name, each with how surely (0..1)."""

    start: int
    end: int
    columns: tuple[tuple[int, float], ...]


class Columns:
    """Knows columns by what is said of them. `values` are their cells, a list for each column."""

    def __init__(self, entry: Dataset, values: Sequence[Sequence[Any]]):
        """Of the first so many fields as there are lists of values."""
        fields, name, dataset = entry.fields[: len(values)], entry.name_field, entry.name
        self.rows = frozenset(lemma(w.key) for text in (entry.label or "", *entry.synonyms) for w in read_words(text))
        """What the rows are called."""
        self.all: list[Column] = []
        self._by_form: dict[str, list[tuple[int, int, int, float]]] = defaultdict(list)
        """For each form of a header's word: column, way, place, how surely."""
        for field, cells in zip(fields, values, strict=True):
            ways = tuple(dict.fromkeys(tuple(_heads(text, aside)) for text, aside in _said(field)))
            kinds = frozenset(_kinds(field, cells, name == field.name))
            header = _header(field)
            self.all.append(Column(f"{dataset}.{field.name}", field, header, tuple(w for w in ways if w), kinds))
        for c, column in enumerate(self.all):
            for w, way in enumerate(column.ways):
                for h, head in enumerate(way):
                    for form, sure in likeness.forms(head.key).items():
                        self._by_form[form].append((c, w, h, sure))
        self._common = Counter(k for c in self.all for k in {h.key for way in c.ways for h in way})
        self._cache: dict[Word, dict[tuple[int, int, int], float]] = {}

    def alike(self, word: Word) -> dict[tuple[int, int, int], float]:
        """The words of headers (column, way, place) that a word may stand for, each with how surely."""
        found: dict[tuple[int, int, int], float] = {}
        for form, sure in likeness.forms(word.key).items():
            for c, w, h, known in self._by_form.get(form, ()):
                if form.startswith("~"):
                    both = likeness.ROOT
                elif max(sure, known) < likeness.SHORT:
                    continue
                else:
                    both = sure * known
                if both > found.get((c, w, h), 0.0):
                    found[c, w, h] = both
        if not any(sure >= likeness.SHORT for sure in found.values()):
            for c, column in enumerate(self.all):
                for w, way in enumerate(column.ways):
                    for h, head in enumerate(way):
                        if likeness.is_slip(word.key, head.key):
                            found[c, w, h] = likeness.SLIP
                        elif likeness.is_syllables(word, head.key) and len(way) == 1:
                            found.setdefault((c, w, h), likeness.INITIALS)
        return found

    def mentions(self, words: Sequence[Word]) -> list[Mention]:
        """Every span of words that may name a column."""
        like = [self.alike(word) for word in words]
        found: dict[tuple[int, int], dict[int, float]] = defaultdict(dict)
        for start in range(len(words)):
            for c, w in {(c, w) for c, w, _ in like[start]}:
                for end, sure in self._spans(words, like, start, c, w):
                    spans = found[start, end]
                    spans[c] = max(sure, spans.get(c, 0.0))
            self._initials(words, start, found)
            self._of_kind(words[start], start, found)
        made = []
        for (start, end), columns in found.items():
            ranked = sorted(columns.items(), key=lambda pair: (-pair[1], pair[0]))
            made.append(Mention(start, end, tuple(ranked[:6])))
        return made

    def _spans(
        self, words: Sequence[Word], like: list[dict[tuple[int, int, int], float]], start: int, c: int, w: int
    ) -> Iterable[tuple[int, float]]:
        """Where a mention of a column by one of its ways that starts there may end, and how sure it is then."""
        way = self.all[c].ways[w]
        matched: dict[int, float] = {}
        passed = 0
        for at in range(start, min(len(words), start + 12)):
            here = [(sure, -h) for (cc, ww, h), sure in like[at].items() if (cc, ww) == (c, w) and h not in matched]
            if here:
                sure, h = max(here)
                matched[-h] = sure
                if words[at].key in LIGHT and not any(_is_heavy(way[n]) for n in matched) and len(way) > 1:
                    continue
                yield at + 1, self._sure(way, matched) * (1 - _PASSED * passed)
            elif {words[at].key, words[at].lemma} & LISTS["rows"] and not words[at].pause:
                passed += 1
                if passed > 1:
                    return
            elif not (words[at].key in LIGHT or words[at].is_mark):
                return

    def _sure(self, way: tuple[Head, ...], matched: dict[int, float]) -> float:
        whole = got = 0.0
        for n, head in enumerate(way):
            weight = head.weight / math.sqrt(max(1, self._common[head.key]))
            whole += weight
            got += weight * matched.get(n, 0.0)
        mean = sum(matched.values()) / len(matched)
        return round(mean * (0.3 + 0.7 * got / whole / mean), 4)

    def _of_kind(self, word: Word, at: int, found: dict[tuple[int, int], dict[int, float]]) -> None:
        """ "year" for a column of years, whatever it is called."""
        kind = _KIND_WORDS.get(word.lemma)
        for c, column in enumerate(self.all) if kind else ():
            if kind in column.kinds and c not in found.get((at, at + 1), {}):
                found[at, at + 1][c] = _OF_KIND

    def _initials(self, words: Sequence[Word], at: int, found: dict[tuple[int, int], dict[int, float]]) -> None:
        """ "SP" for a starting pitcher; games played for a "GP"."""
        for c, column in enumerate(self.all):
            way = column.ways[0]
            if len(way) > 1 and likeness.is_initials(words[at], [h.key for h in way if _is_heavy(h)]):
                found[at, at + 1][c] = max(likeness.INITIALS, found[at, at + 1].get(c, 0.0))
            if len(way) == 1 and re.fullmatch(r"[A-Z]{2,5}", column.name) and not is_english(column.name.lower()):
                heavy = [n for n in range(at, min(len(words), at + 8)) if words[n].key not in LIGHT][: len(column.name)]
                said = "".join(words[n].key[0] for n in heavy)
                if said.upper() == column.name and heavy[0] == at and not any(words[n].pause for n in heavy[1:]):
                    span = (at, heavy[-1] + 1)
                    found[span][c] = max(likeness.INITIALS, found[span].get(c, 0.0))


def _is_heavy(head: Head) -> bool:
    return head.weight > _LIGHTLY


def _header(field: ModelField) -> str:
    match = re.fullmatch(r'\s*"((?:[^"]|"")+)"\s*', field.stored or field.sql)
    return match[1].replace('""', '"') if match else field.name


def _said(field: ModelField) -> Iterable[tuple[str, bool]]:
    """The ways to say a field, and whether what is in brackets is said in passing."""
    header = _header(field)
    yield re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", header), True
    if field.label and field.label.lower() != header.lower():
        yield field.label, True
    for synonym in field.synonyms:
        yield synonym, True


def _heads(text: str, aside: bool) -> Iterable[Head]:
    words = read_words(text)
    brackets = [m.span() for m in re.finditer(r"\([^)]*\)?|\[[^\]]*\]?", text)] if aside else []
    only_light = all(w.key in LIGHT or w.key in MARKS for w in words)
    for n, word in enumerate(words):
        if word.key in ("/", "*", "@") or (word.key == "-" and n < len(words) - 1):
            continue
        weight = 1.0
        if word.key == "#":
            weight = _LIGHTLY
        elif word.key in MARKS:
            weight = _MARK
        elif word.key in LIGHT and not only_light:
            weight = _LIGHTLY
        if word.key in _TAILS and n == len(words) - 1 and n:
            weight = _ASIDE
        if any(a <= word.start < b for a, b in brackets) and brackets[0][0] > 0:
            weight *= _ASIDE
        yield Head(word.key, weight)


def _kinds(field: ModelField, cells: Sequence[Any], names: bool) -> Iterable[str]:
    known = [c for c in cells if c is not None and c != ""][:400]
    header = _header(field).lower()
    said = {lemma(w.key) for w in read_words(header)}
    if not known:
        yield "empty"
    numeric = field.type in ("integer", "number") or (bool(known) and all(_is_number(c) for c in known))
    if numeric and known:
        yield "number"
    elif known and sum(bool(_FIGURE.match(str(c))) for c in known) >= _MOSTLY * len(known):
        yield "digits"
    if field.type in ("text", "json") or field.stored or not known:
        yield "text"
    texts = [str(c) for c in known if isinstance(c, str)]
    numbers = [float(c) for c in known if isinstance(c, int | float | Decimal) and not isinstance(c, bool)]

    def mostly(hits: int) -> bool:
        return bool(known) and hits >= _MOSTLY * len(known)

    years = sum(1500 <= n <= 2100 and n == int(n) for n in numbers) + sum(bool(_YEARS.fullmatch(t)) for t in texts)
    if said & {"year", "season", "found", "establish"} or (mostly(years) and not said & {"point", "total", "number"}):
        yield "year"
    days = sum(read_day(read_words(t), 0) is not None for t in texts[:60])
    if field.type in ("date", "timestamp") or "date" in said or days >= _MOSTLY * max(1, min(60, len(known))):
        yield "date"
    if "%" in header or said & {"percentage", "percent", "pct"} or mostly(sum(t.rstrip().endswith("%") for t in texts)):
        yield "percent"
    if set("$€£¥") & set(header) or mostly(sum(bool(_MONEY.match(t)) for t in texts)):
        yield "money"
    if said & {"time", "duration", "second", "sec", "minute"} or re.search(r"\((s|sec|min|h)\)", header):
        yield "time"
    if said & _WHO or (len(said) > 1 and header.split()[-1:] == ["by"]):
        yield "person"
    if said & _AGAINST:
        yield "opponent"
    if said & _GROUP:
        yield "group"
    if said & _WHERE:
        yield "place"
    if names or said & {"name", "title"}:
        yield "name"


def _is_number(cell: Any) -> bool:
    if isinstance(cell, bool):
        return False
    if isinstance(cell, int | float | Decimal):
        return True
    return isinstance(cell, str) and bool(re.fullmatch(r"\s*[-+−]?[\d,]*\.?\d+\s*", cell))
