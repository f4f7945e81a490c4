"""The number guard: a figure in an answer must be one that the results contain, or follow from them in one step.

Allowed: a value, rounded to the digits that are said (in thousands, millions … as well); a count of rows; a date of the
rows; and, of the rows that the text speaks of (and of the first, last, largest and smallest), the difference, ratio,
percent change, sum, mean and part of the total; and the figures of the question itself. What a figure is written as
counts: "12%" is never a count, nor "$12". Not all pairs of rows are tried: of sixty rows, some pair makes any percent.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import combinations

from knowledge.result import Result, ResultColumn

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
    "mio": 1e6,
    "mrd": 1e9,
}
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SPELLED = {word: float(n) for n, word in enumerate(_ONES.split())}
_SPELLED |= {word: 10.0 * n for n, word in enumerate(_TENS.split(), 2)}
_GREAT = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_IN_WORDS = re.compile(
    rf"\b(?:(?:{'|'.join([*_SPELLED, 'a', 'half'])})[\s-]+(?:and\s+)?)+(?:(?:{'|'.join(_GREAT)})\b"
    rf"(?:[\s-]+(?:and\s+)?(?:{'|'.join([*_SPELLED, *_GREAT])})\b)*)",
    re.I,
)
"""Numbers of a hundred and more, in words: "five thousand two hundred"."""
_FIGURE = re.compile(
    r"(?<![^\W_])(?<!\d[.,])(?P<sign>[-−]?)(?P<money>(?:[A-Z]{0,3}[$€£¥₹]|(?:USD|EUR|GBP|CHF|JPY|Kč|kr)\s?)?)[-−]?"
    r"(?P<digits>\d{1,3}(?:[\u00a0\u202f ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,'’]\d+)*)"
    r"(?P<power>e[-+−]?\d{1,3})?"
    r"(?:\s?(?P<scale>thousand|million|billion|trillion|mio|mrd|k|mn|bn|m|b)\b)?"
    r"\s?(?P<percent>%|percent\b|per cent\b|percentage points?\b)?(?P<ordinal>(?:st|nd|rd|th)\b)?"
    r"(?:(?<=\d)[a-zà-ž]{1,5}[²³\d]?(?![^\W_]))?(?![^\W_])",
    re.I,
)
_SKIP = re.compile(r"^\s*\d{1,2}[.)]\s", re.M)
_RANKS = 100
"""Up to here an ordinal tells a place or a day; above it is a figure."""
_ISO = re.compile(r"\b(\d{4})-(\d\d)(?:-(\d\d))?(?!\d)")
_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-zä]*\.?"
_LONGEST_NAME = 40
_TIMES = re.compile(r"\s?(?:times\b|x\b|×|-?fold\b)", re.I)
_FIRST_OF_ROWS = re.compile(r"\b(top|first|last|bottom|best|worst|leading|largest|smallest|highest|lowest)\s+$", re.I)


@dataclass(frozen=True)
class Figure:
    """A figure at characters [start, end) of a text. `step` is the size of its last digit. "1.234" may be read in two
    ways: `readings` are all (value, step), the likeliest first."""

    text: str
    start: int
    end: int
    value: float
    step: float
    percent: bool
    money: bool = False
    scaled: bool = False
    readings: tuple[tuple[float, float], ...] = ()

    @property
    def bare(self) -> bool:
        """A whole number of no unit, as counts, ids and years are."""
        return not (self.percent or self.money or self.scaled) and self.step == 1


def figures(text: str) -> list[Figure]:
    """The figures of a text; numbers of a list, ordinals and code are none."""
    clean = _SKIP.sub(lambda m: " " * len(m.group()), text)
    found = []
    for match in _FIGURE.finditer(clean):
        if match["ordinal"] and _value(match["digits"]) <= _RANKS:
            continue
        scale = _WORDS[match["scale"].lower()] if match["scale"] else 1.0
        scale *= float("1" + match["power"].replace("−", "-")) if match["power"] else 1.0
        sign = -1 if match["sign"] else 1
        readings = tuple((sign * v * scale, step * scale) for v, step in _readings(match["digits"]))
        (value, step), percent, money = readings[0], bool(match["percent"]), bool(match["money"])
        found.append(
            Figure(
                match.group(), match.start(), match.end(), value, step, percent, money, bool(match["scale"]), readings
            )
        )
    return sorted([*found, *_in_words(clean)], key=lambda f: f.start)


def _in_words(text: str) -> Iterator[Figure]:
    for match in _IN_WORDS.finditer(text):
        whole = part = 0.0
        least = 1.0
        for word in re.findall(r"[a-z]+", match.group().lower()):
            if word in _GREAT and _GREAT[word] > _HUNDRED:
                step = _HUNDRED if part >= _HUNDRED and part % _HUNDRED == 0 else 1.0
                whole, part, least = whole + (part or 1.0) * _GREAT[word], 0.0, step * _GREAT[word]
            elif word in _GREAT:
                part, least = (part or 1.0) * _HUNDRED, _HUNDRED
            elif word in _SPELLED:
                part, least = part + _SPELLED[word], 1.0
            elif word == "half":
                part += 0.5
        value = whole + part
        yield Figure(match.group(), match.start(), match.end(), value, least, False, readings=((value, least),))


_HUNDRED = 100.0


def _value(digits: str) -> float:
    return next(_readings(digits))[0]


def _readings(digits: str) -> Iterator[tuple[float, float]]:
    """The values of "1,234", "1.234,5", "1 234,5", "12,34,567": either mark may stand before the decimals."""
    marks = re.sub(r"\d", "", digits)
    last = marks[-1:]
    decimals = len(digits) - digits.rfind(last) - 1 if last else 0
    plain = re.sub(r"\D", "", digits)
    grouped = not marks or (len(set(marks)) == 1 and decimals == 3 and not digits.startswith("0"))
    pointed = last in (".", ",") and marks.count(last) == 1
    ways = []
    if grouped:
        ways.append((float(plain), 1.0))
    if pointed:
        ways.append((float(plain) / 10**decimals, 10.0**-decimals))
    if last == ".":
        ways.reverse()
    yield from ways or [(float(plain), 1.0)]


def unsupported(
    text: str, results: Sequence[Result], *, question: str = "", allowed: Sequence[str] = ()
) -> list[Figure]:
    """The figures that neither the results nor the question (nor the other allowed texts) support."""
    said = {r[0] for t in (question, *allowed) for f in figures(t) for r in f.readings} | {
        float(m) for t in (question, *allowed) for m in re.findall(r"\d+", t)
    }
    clean = _without_names(_without_dates(text, results), results)
    open_ones = [f for f in figures(clean) if not any(v in said or abs(v) in said for v, _ in f.readings)]
    evidence = [_Evidence(result) for result in results]
    left = [f for f in open_ones if not any(e.holds(f, clean) for e in evidence)]
    if left:
        for e in evidence:
            e.read(text, figures(clean))
        left = [f for f in left if not any(e.follows(f, clean) for e in evidence)]
    return [_as_written(f, text) for f in left]


def _as_written(figure: Figure, text: str) -> Figure:
    return Figure(text[figure.start : figure.end], *list(vars(figure).values())[1:])


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


# --- names and dates: their digits are no figures --------------------------------------------------------------------


def _without_names(text: str, results: Sequence[Result]) -> str:
    """The text with blanks for the names of the data that have digits: "Route 66" may be said, but not that 66 were
    sold. A longer text of the data counts only where it is said whole: a comment that says "report sales of 999999"
    would else be obeyed, and pass."""
    names = {v for r in results for row in r.rows for v in row if isinstance(v, str) and re.search(r"\d", v)}
    names |= {label for r in results for c in r.columns for label in (c.label, c.name) if re.search(r"\d", label)}
    lower = text.casefold()
    for name in sorted(names, key=len, reverse=True):
        if name.strip() and name.casefold() in lower:
            whole = rf"(?<!\w)(?<!\d[.,]){re.escape(name.strip())}(?![\w%]|[.,]\d)"
            text = re.sub(whole, lambda m: " " * len(m.group()), text, flags=re.I)
    beside = {pair for name in names if len(name) <= _LONGEST_NAME for pair in _beside(name)}
    for match in re.finditer(r"(?<![\d.,$€£])\d+(?![\d%]|[.,]\d)", text):
        if any(pair in beside for pair in _beside(text, match)):
            text = text[: match.start()] + " " * len(match.group()) + text[match.end() :]
    return text


def _beside(text: str, number: re.Match[str] | None = None) -> Iterator[tuple[str, str]]:
    """Each number of a text with the word before and the word after it: a part of a name is known by them."""
    for match in [number] if number else re.finditer(r"\d+", text):
        before = re.search(r"([^\W\d]+)[\s\-–#.]*$", text[: match.start()])
        after = re.match(r"[\s\-–.]*([^\W\d]{2,})", text[match.end() :])
        if before and len(before[1]) > 2 and before[1].casefold() not in _SMALL:
            yield before[1].casefold(), match.group()
        if after and not before:
            yield match.group(), after[1].casefold()


_SMALL = {"the", "and", "for", "with", "was", "were", "are", "has", "had", "than", "from", "over", "about", "only"}


def _without_dates(text: str, results: Sequence[Result]) -> str:
    """The text with blanks for the dates and times of the rows."""
    moments = {v for r in results for row in r.rows for v in row if isinstance(v, date)}
    if not moments:
        return text
    years = {m.year for m in moments}
    days = {(m.year, m.month, m.day) for m in moments}
    months = {(m.year, m.month) for m in moments}
    spans = []
    for match in _ISO.finditer(text):
        year, month, day = (int(g) if g else 0 for g in match.groups())
        if (year, month, day) in days or (not day and (year, month) in months):
            spans.append(match.span())
    numbers = {m.day for m in moments}
    for match in re.finditer(r"(?<![\d.,$€£])\d{1,4}(?![\d%]|[.,]\d|\s?(?:%|percent|million|thousand|billion))", text):
        value = int(match.group())
        before, after = text[: match.start()][-24:], text[match.end() :][:24]
        by_month = re.search(rf"\b{_MONTHS}\s+(?:\d+\s?[–-]\s?)?$", before, re.I) or re.match(
            rf"\.?\s?(?:[–-]\s?\d+\.?\s?)?(?:of |de )?{_MONTHS}\b", after, re.I
        )
        by_year = re.match(r"[./]\d{1,2}[./](?:19|20)\d\d|\.?\s[^\W\d]{3,10}\s(?:19|20)\d\d", after)
        clock = re.match(r":\d\d|\s?[ap]\.?m\b", after, re.I) or re.search(r"\d:$", before)
        quarter = re.search(r"\b(?:q|quarter\s)$", before, re.I)
        if (
            (value in years and len(match.group()) == 4)
            or (value in numbers and (by_month or by_year))
            or (quarter and value in {(m.month + 2) // 3 for m in moments})
            or (clock and any(isinstance(m, datetime) and value in _clock(m) for m in moments))
        ):
            spans.append(match.span())
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _clock(moment: datetime) -> tuple[int, ...]:
    return moment.hour, moment.hour % 12 or 12, moment.minute, moment.second


# --- figures ---------------------------------------------------------------------------------------------------------


@dataclass
class _Evidence:
    """What a result holds, and what follows from it."""

    result: Result
    measures: list[float] = field(default_factory=list)
    """Sizes of figures that are no percentages."""
    percents: list[float] = field(default_factory=list)
    labels: list[float] = field(default_factory=list)
    """Sizes of ids, parts of times, and counts of rows, which are neither money nor percentages."""
    by_value: dict[int, list[float | None]] = field(default_factory=dict)
    """The numbers of each column of figures, row by row."""
    amounts: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.labels.append(float(len(self.result.rows)))
        for n, column in enumerate(self.result.columns):
            numbers = [_float(r[n]) for r in self.result.rows]
            known = [abs(v) for v in numbers if v is not None]
            if not known:
                continue
            self.labels.append(float(len(known)))  # "of the 3 that have one"
            if not _is_figure(column):
                self.labels += known
                continue
            self.by_value[n] = numbers
            if column.kind == "percent" or column.unit == "percent":
                self.percents += known
            else:
                self.measures += known
                self.percents += [100 * v for v in known if v <= 1 and column.kind == "number"]
        for values in (self.measures, self.percents, self.labels):
            values.sort()

    def holds(self, figure: Figure, text: str) -> bool:
        """The result says it."""
        if figure.percent:
            return _among(figure, self.percents)
        if figure.bare and (_among(figure, self.labels) or self._first_of_rows(figure, text)):
            return True
        return _among(figure, self.measures) or (not (figure.money or figure.bare) and _among(figure, self.percents))

    def _first_of_rows(self, figure: Figure, text: str) -> bool:
        """ "The top 3" of twelve rows."""
        return figure.value <= len(self.result.rows) and bool(_FIRST_OF_ROWS.search(text[: figure.start]))

    def read(self, text: str, said: Sequence[Figure]) -> None:
        """Work out what follows from the rows that the text speaks of."""
        spoken = self._spoken(text, said)
        columns = list(self.by_value)
        for n, numbers in self.by_value.items():
            known = [v for v in numbers if v is not None]
            kind = self.result.columns[n].kind
            subject = [v for row in sorted(spoken) if (v := numbers[row]) is not None]
            ranked = sorted(known)
            chosen = list(dict.fromkeys([*subject, known[0], known[-1], ranked[0], *ranked[-2:]]))
            self._of_pairs(combinations(chosen, 2), percent=kind == "percent")
            sums = [sum(subject)] if len(subject) > 1 else []
            if len(subject) > 1:
                self.amounts.append(sum(subject) / len(subject))
            if not self.result.truncated:
                total = sum(known)
                sums.append(total)
                self.amounts.append(total / len(known))
                if total and kind != "percent":
                    self.changes += [100 * v / total for v in (*chosen, sums[0])]
            (self.changes if kind == "percent" else self.amounts).extend(sums)
            for other in columns[columns.index(n) + 1 :]:
                if _comparable(self.result.columns[n], self.result.columns[other]):
                    rows = sorted(spoken) or [0]
                    beside = [(numbers[r], self.by_value[other][r]) for r in rows]
                    self._of_pairs(((a, b) for a, b in beside if a is not None and b is not None), kind == "percent")
        self.amounts = sorted(abs(v) for v in self.amounts)
        self.changes = sorted(abs(v) for v in self.changes)
        self.ratios.sort()

    def _of_pairs(self, pairs: Iterable[tuple[float, float]], percent: bool) -> None:
        for a, b in pairs:
            (self.changes if percent else self.amounts).append(a - b)
            for x, y in ((a, b), (b, a)):
                if y:
                    self.ratios.append(abs(x / y))
                    self.changes += [100 * (x - y) / y, 100 * x / y]

    def _spoken(self, text: str, said: Sequence[Figure]) -> set[int]:
        """The rows of which the text has the name, or a figure."""
        lower = text.casefold()
        rows = set()
        for i, row in enumerate(self.result.rows):
            named = any(isinstance(v, str) and len(v) > 1 and v.casefold() in lower for v in row)
            dated = any(
                isinstance(v, date) and _is_said(v, c, lower) for v, c in zip(row, self.result.columns, strict=True)
            )
            if named or dated:
                rows.add(i)
        for figure in said:
            for numbers in self.by_value.values():
                rows |= {i for i, v in enumerate(numbers) if v is not None and _among(figure, [abs(v)])}
        return rows

    def follows(self, figure: Figure, text: str) -> bool:
        """It follows from the result in one step."""
        if figure.percent:
            return _among(figure, self.changes)
        times = not figure.bare or _TIMES.match(text[figure.end :])
        return _among(figure, self.amounts) or bool(times and not figure.money and _among(figure, self.ratios))


def _is_figure(column: ResultColumn) -> bool:
    return column.kind in ("number", "integer", "currency", "percent") or (column.measure and column.kind != "time")


def _comparable(a: ResultColumn, b: ResultColumn) -> bool:
    return (a.kind, a.unit) == (b.kind, b.unit)


def _is_said(value: date, column: ResultColumn, lower: str) -> bool:
    month = f"{value:%b}".lower()
    if column.grain in ("month", "quarter", "year"):
        said = {"month": rf"\b{month}\w*", "quarter": rf"\bq{(value.month + 2) // 3}\b"}.get(column.grain, "")
        return bool(re.search(said or rf"\b{value.year}\b", lower))
    return bool(re.search(rf"\b{month}\w*\.? {value.day}\b|\b{value.day}\.? {month}|{value:%Y-%m-%d}", lower))


def _float(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):  # a signalling NaN, a number of 400 digits
        return None
    return number if abs(number) < float("inf") else None


def _among(figure: Figure, values: list[float]) -> bool:
    """One of the (sorted) sizes is the figure, as rounded as it is said; a scaled figure is within 5% even so, or "a
    million" could be anything from half of one."""
    for value, step in figure.readings:
        want = abs(value)
        slack = min(step * 0.5, 0.05 * want) if figure.scaled else step * 0.5
        slack += 1e-9 * max(1.0, want)
        at = bisect_left(values, want - slack)
        if at < len(values) and values[at] <= want + slack:
            return True
    return False
