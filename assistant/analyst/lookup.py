"""Look-ups in one table: "which team raced at Monza?", "how many points has the club with 51 goals?".

A table that somebody uploaded rarely says what its rows are ("episode", "player"): its columns and its cells do. So a
question is read by what it says of them: cells (in whichever column they are found), numbers beside a column's name,
and the column asked about; other nouns name the rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from assistant.analyst.english import LISTS, STOP
from assistant.analyst.lexicon import Lexicon
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Compare, Condition, FieldColumn, MeasureColumn, Order, Request
from knowledge.warehouse import QueryFailed, QueryRefused, QueryTimeout, Warehouse
from knowledge.words import lemma

_WORD = re.compile(r"\S+")
_EDGES = "\"'“”‘’`,;:?!.()[]{}"
_LONGEST = 14
_ROWS, _COLUMNS = 5_000, 200
"""Of a larger table only so many rows and columns are looked through for cells."""
_ASKS = LISTS["asks"]
_MOST = LISTS["most"]
_LEAST = LISTS["least"]
_MEAN = frozenset(["average", "mean", "avg"])
_OVER = re.compile(
    r"(more|greater|larger|higher|bigger|over|above|exceeds?|exceeding|after|later|longer|at least)"
    r"( than)?( or equal to)?$"
)
_UNDER = re.compile(r"(less|fewer|smaller|lower|under|below|before|earlier|shorter|at most)( than)?( or equal to)?$")
_FUNCTION = LISTS["function"]
_SAYING = LISTS["saying"]
_BREAKS = LISTS["breaks"]
_WHO = LISTS["who"]
_WHERE = LISTS["where"]


@dataclass(frozen=True)
class Found:
    """A request, how much of the question it accounts for (0..1), and the words that name only its rows."""

    request: Request
    covered: float
    left: tuple[str, ...]


@dataclass(frozen=True)
class _Span:
    start: int
    end: int


@dataclass(frozen=True)
class _Cell(_Span):
    fields: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class _Name(_Span):
    fields: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class _Figure(_Span):
    value: float


class TableReader:
    """Reads look-ups of one dataset. Built once for it."""

    def __init__(self, dataset: str, schema: Schema, lexicon: Lexicon, warehouse: Warehouse):
        self.dataset, self.schema, self.lexicon = dataset, schema, lexicon
        self.cells: dict[str, list[tuple[str, Any]]] = defaultdict(list)
        """For each cell's text, in plain words: its columns, and how it is stored."""
        self.numbers: dict[float, list[str]] = defaultdict(list)
        entry = schema.model.dataset(dataset)
        fields = entry.fields[:_COLUMNS]
        columns = ", ".join([*(f.stored or f.sql for f in fields), *(f.sql for f in fields)])
        try:
            _, rows, _ = warehouse.query(f"SELECT {columns} FROM {entry.source} AS t", max_rows=_ROWS, timeout_s=5.0)
        except (QueryFailed, QueryRefused, QueryTimeout):
            rows = []
        for row in rows:
            for field, value, read in zip(fields, row, row[len(fields) :], strict=False):
                reference = f"{dataset}.{field.name}"
                if isinstance(value, str):
                    self._keep(reference, value, read.isoformat() if isinstance(read, date) else value)
                elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                    known = self.numbers[float(value)]
                    if reference not in known:
                        known.append(reference)

        self._labels: dict[str, list[str]] = defaultdict(list)
        """The columns whose names have a word."""
        for field in entry.fields:
            for word in {lemma(w) for w in _plain(re.sub(r"[\W_]+", " ", field.label or field.name)).split()}:
                if word not in _FUNCTION and word not in STOP:
                    self._labels[word].append(f"{dataset}.{field.name}")

    def _keep(self, field: str, said: str, value: Any) -> None:
        entry = (field, value)
        known = self.cells[_plain(said)]
        if entry not in known:
            known.append(entry)

    def read(self, question: str) -> Found | None:
        """The look-up that the question is, if it is one."""
        words = [m.group() for m in _WORD.finditer(question)]
        plain = [_plain(w) for w in words]
        cells = self._cells(words, plain)
        taken = {n for c in cells for n in range(c.start, c.end)}
        names = self._names(plain, taken, exact=True)
        taken |= {n for name in names for n in range(name.start, name.end)}
        more = self._names(plain, taken)
        names = sorted([*names, *more], key=lambda n: n.start)
        taken |= {n for name in more for n in range(name.start, name.end)}
        where: list[Condition] = []
        used: set[int] = set()
        for cell in cells:
            reference, value, mention = self._of_cell(cell, names)
            if mention is not None:
                used.add(names.index(mention))
            where.append(Compare(field=reference, op="=", value=value))
        said, known = self._unknown_values(words, plain, names, used, taken)
        where += said
        taken |= known
        figures = [
            _Figure(n, n + 1, value)
            for n, w in enumerate(words)
            if n not in taken and (value := _number(w)) is not None
        ]
        taken |= {f.start for f in figures}
        for figure in figures:
            made, mention = self._of_figure(figure, names, used, plain)
            if made is None:
                return None
            if mention is not None:
                used.add(names.index(mention))
            where.append(made)
        request = self._request(plain, [n for k, n in enumerate(names) if k not in used], where)
        if request is None:
            return None
        light = STOP | _ASKS | _MOST | _LEAST | _MEAN | _FUNCTION
        content = [n for n, w in enumerate(plain) if w and w not in light and lemma(w) not in light]
        left = tuple(words[n] for n in content if n not in taken)
        covered = 1 - len(left) / max(1, len(content))
        return Found(request, covered, left)

    # --- what the words are ------------------------------------------------------------------------------------------

    def _cells(self, words: list[str], plain: list[str]) -> list[_Cell]:
        found: list[_Cell] = []
        at = 0
        while at < len(words):
            best = None
            for end in range(min(len(words), at + _LONGEST), at, -1):
                key = " ".join(p for p in plain[at:end] if p)
                hits = self.cells.get(key)
                if hits and not self._says_nothing(words[at:end], key):
                    best = _Cell(at, end, tuple(hits))
                    break
            if best:
                found.append(best)
            at = best.end if best else at + 1
        return found

    def _says_nothing(self, words: list[str], key: str) -> bool:
        quoted = words[0][:1] in "\"'“‘"
        if quoted or not key:
            return not key
        if len(words) > 1 and not all(w.lower() in STOP for w in words):
            return False
        common = key in STOP or key in _ASKS or key in _MOST or key in _LEAST
        a_column = bool(self.lexicon.links((lemma(key),))) and words[0].islower()
        return (
            common
            or (len(key) == 1 and not key.isdigit())
            or (_number(words[0]) is not None and key.isdigit())
            or a_column
        )

    def _names(self, plain: list[str], taken: set[int], exact: bool = False) -> list[_Name]:
        found: list[_Name] = []
        at = 0
        while at < len(plain):
            best: _Name | None = None
            for end in range(min(len(plain), at + 6), at, -1):
                span = [n for n in range(at, end) if plain[n] and plain[n] not in _FUNCTION]
                if any(n in taken for n in range(at, end)) or not span or span[0] != at or span[-1] != end - 1:
                    continue
                lemmas = tuple(lemma(p) for n in span for p in re.split(r"[-/]", plain[n]) if p)
                if exact and (len(span) < 2 or not any(ch.isdigit() for n in span for ch in plain[n])):
                    continue
                links = [
                    o for o in self.lexicon.links(lemmas) if o.kind == "field" and o.score >= (0.85 if exact else 0.5)
                ]
                if links and (best is None or links[0].score * len(span) > best.score * (best.end - best.start)):
                    top = links[0].score
                    best = _Name(at, end, tuple(o.target for o in links if o.score >= 0.9 * top), top)
            if best is None and not exact and at not in taken and plain[at] and plain[at] not in _FUNCTION:
                parts = self._labels.get(lemma(plain[at]), ())
                if 0 < len(parts) <= 2:
                    best = _Name(at, at + 1, tuple(parts), 0.4)
            if best:
                found.append(best)
            at = best.end if best else at + 1
        return found

    # --- what they are about -----------------------------------------------------------------------------------------

    def _of_cell(self, cell: _Cell, names: list[_Name]) -> tuple[str, Any, _Name | None]:
        near = sorted(names, key=lambda n: (_gap(n, cell), n.start > cell.start))
        for name in near:
            for reference, value in cell.fields:
                if reference in name.fields and _gap(name, cell) <= 4:
                    return reference, value, name
        for name in near:
            for reference, value in cell.fields:
                if reference in name.fields and len(cell.fields) > 1:
                    return reference, value, name
        return (*cell.fields[0], None)

    def _of_figure(
        self, figure: _Figure, names: list[_Name], used: set[int], plain: list[str]
    ) -> tuple[Condition | None, _Name | None]:
        said = " ".join(plain[max(0, figure.start - 3) : figure.start])
        op: Literal["=", ">", ">=", "<", "<="] = "="
        if match := _OVER.search(said):
            op = ">=" if "least" in match[1] or match[3] else ">"
        elif match := _UNDER.search(said):
            op = "<=" if "most" in match[1] or match[3] else "<"
        holding = set(self.numbers.get(figure.value, ()))
        free = [n for k, n in enumerate(names) if k not in used]

        def cost(name: _Name) -> tuple[float, int]:
            gap: float = _gap(name, figure)
            between = plain[name.end : figure.start] if name.end <= figure.start else []
            if between and all(w in _SAYING for w in between):
                gap = 0.0
            elif name.start == figure.end:
                gap = 0.3
            else:
                gap += 1.0
            numeric = [f for f in name.fields if self.schema.is_number(f) or self.schema.field(f).role == "key"]
            return gap - (2.0 if holding & set(name.fields) else 0.0) + (0 if numeric else 3), name.start

        for name in sorted(free, key=cost):
            fields = [f for f in name.fields if f in holding] or list(name.fields)
            if _gap(name, figure) <= 5:
                field = self.schema.field(fields[0])
                if field.type in ("integer", "number"):
                    return Compare(field=fields[0], op=op, value=_whole(figure.value)), name
                between = plain[name.end : figure.start] if name.end <= figure.start else ["?"]
                if op == "=" and all(w in _SAYING for w in between):
                    return Compare(field=fields[0], op="=", value=plain[figure.start]), name
        year = next((f for f in sorted(holding) if "year" in self.schema.noun_of(f)), None)
        if year:
            return Compare(field=year, op=op, value=_whole(figure.value)), None
        if len(holding) == 1 or (holding and op == "="):
            return Compare(field=sorted(holding)[0], op=op, value=_whole(figure.value)), None
        return None, None

    def _unknown_values(
        self, words: list[str], plain: list[str], names: list[_Name], used: set[int], taken: set[int]
    ) -> tuple[list[Condition], set[int]]:
        """ "the rider is Ray Pickrell", who is in no cell: said of a column, and of no row."""
        found: list[Condition] = []
        known: set[int] = set()
        for k, name in enumerate(names):
            at = name.end
            if k in used or at >= len(plain) or plain[at] not in ("is", "was", "of", "being", "as", "named", "called"):
                continue
            at += 1
            end = at
            while end < len(plain) and end - at < 6 and end not in taken and plain[end] not in _BREAKS:
                end += 1
                if words[end - 1][-1:] in ",?;":
                    break
            span = [n for n in range(at, end) if plain[n] not in _FUNCTION]
            field = self.schema.field(name.fields[0])
            numeric = all(_number(words[n]) is not None for n in span)
            if span and not numeric and (field.type == "text" or field.stored) and plain[at] not in STOP:
                text = " ".join(words[at:end]).strip(_EDGES)
                found.append(Compare(field=name.fields[0], op="=", value=text))
                used.add(k)
                known.update(range(at, end))
        return found, known

    # --- what is asked -----------------------------------------------------------------------------------------------

    def _request(self, plain: list[str], free: list[_Name], where: list[Condition]) -> Request | None:
        asked = {c.field for c in where if isinstance(c, Compare)}
        free = [n for n in free if not set(n.fields) <= asked or len(n.fields) > 1]
        name = free[0] if free else None
        wh = next((w for w in plain if w in ("who", "when", "where")), "")
        said = " ".join(plain)
        counting = re.search(r"\bhow many\b|\bnumber of\b|\btotal number\b|\bcount\b", said)
        if re.match(r"(who|which|where|when|whose)\b", said):
            counting = None
        if wh and (name is None or name.start > 6):
            guess = self._by_question_word(wh, asked)
            if guess:
                return self._listed(guess, where)
        if name is None:
            if counting and where:
                return Request(
                    columns=[MeasureColumn(measure=Aggregate(agg="count", dataset=self.dataset))], where=where
                )
            return None
        reference = next((f for f in name.fields if f not in asked), name.fields[0])
        ranked = next((n for n in free[1:] if self._extreme(n, plain)), None)
        if ranked is not None and not self._extreme(name, plain) and self.schema.is_number(ranked.fields[0]):
            order = Order(by=FieldColumn(field=ranked.fields[0]), descending=self._extreme(ranked, plain) == "max")
            return Request(
                columns=[FieldColumn(field=reference, stored=True)],
                dataset=self.dataset,
                where=where,
                order=[order],
                limit=1,
            )
        before = plain[max(0, name.start - 4) : name.start]
        kind = self._extreme(name, plain)
        number = self.schema.is_number(reference)
        agg: Any = None
        if (kind and (number or self.schema.is_time(reference))) or (
            kind and self.schema.field(reference).type == "text" and where and not ranked
        ):
            agg = kind
        elif set(before) & _MEAN and number:
            agg = "avg"
        elif counting and ("total" in before or not number):
            agg = "count"
        elif ("total" in before[-2:] or "sum" in before) and number and not counting:
            agg = "sum"
        if agg is None and not where:
            return (
                None
                if number is False and not set(plain) & {"list", "all", "what", "which"}
                else self._listed(reference, where)
            )
        if agg is None:
            return self._listed(reference, where)
        if agg == "count":
            return Request(columns=[MeasureColumn(measure=Aggregate(agg="count", dataset=self.dataset))], where=where)
        return Request(columns=[MeasureColumn(measure=Aggregate(agg=agg, of=reference))], where=where)

    def _listed(self, reference: str, where: list[Condition]) -> Request:
        return Request(columns=[FieldColumn(field=reference, stored=True)], dataset=self.dataset, where=where)

    def _extreme(self, name: _Name, plain: list[str]) -> Literal["max", "min", ""]:
        before = set(plain[max(0, name.start - 3) : name.start])
        return "max" if before & _MOST else "min" if before & _LEAST else ""

    def _by_question_word(self, word: str, asked: set[Any]) -> str | None:
        fields = [f for f in self.schema.model.dataset(self.dataset).fields if f"{self.dataset}.{f.name}" not in asked]
        heads = {f.name: set((f.label or f.name).lower().split()) for f in fields}
        wanted = {"who": _WHO, "where": _WHERE, "when": frozenset(["date", "year", "time"])}[word]
        found = next((f for f in fields if heads[f.name] & wanted), None)
        if found is None and word == "when":
            found = next((f for f in fields if f.type in ("date", "timestamp")), None)
        return f"{self.dataset}.{found.name}" if found else None


def _gap(a: _Span, b: _Span) -> int:
    return max(a.start - b.end, b.start - a.end, 0)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode() or text
    words = (re.sub(r"'s$", "", w.strip(_EDGES)) for w in folded.lower().split())
    return " ".join(w for w in words if w)


def _number(word: str) -> float | None:
    text = word.strip(_EDGES).replace(",", "")
    match = re.fullmatch(r"[$€£]?(-?\d*\.?\d+)%?", text)
    return float(match[1]) if match else None


def _whole(value: float) -> int | float:
    return int(value) if value == int(value) else value
