"""A question as words with their places, lemmas and numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.words import lemma

_TOKEN = re.compile(
    r"""
    (?P<quoted>"[^"]*"|“[^”]*”|(?<!\w)'[^']+'(?!\w)|‘[^’]*’)
  | (?P<number>[$€£¥]?\d+(?:,\d{3})+(?:\.\d+)?(?:\s?(?:%|[kKmMbB]n?\b))?|[$€£¥]?\d*\.?\d+(?:%|[kKmMbB]n?\b)?(?![\w-]))
  | (?P<word>[^\W_]+(?:['’][^\W_]+)*(?:[-&/.][^\W_]+)*|&)
  | (?P<mark>[,;:?!.()\[\]<>=%+*/-]+)
    """,
    re.VERBOSE,
)

_SMALL = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_BIG = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "dozen": 12}
_SUFFIX = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "b": 1_000_000_000, "bn": 1_000_000_000}


@dataclass(frozen=True)
class Token:
    """`text` as written, at characters [start, end) of the question."""

    text: str
    start: int
    end: int
    kind: str
    """word, number, quoted or mark"""
    lower: str
    lemma: str


@dataclass(frozen=True)
class NumberRead:
    """A number and how it was written: "20%" is 20 with percent, "$1.5k" is 1500 with money."""

    value: float
    percent: bool = False
    money: bool = False


def tokenize(text: str) -> list[Token]:
    """
    >>> [t.lemma for t in tokenize("Top 5 stores' sales?")]
    ['top', '5', 'store', 'sale', '?']
    """
    tokens = []
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        word = match.group()
        if kind == "word" and "-" in word and word.lower() not in _HYPHENATED:
            # "week-over-week" and "beauty-salon" are their words; the parts keep their places.
            at = match.start()
            for part in re.finditer(r"[^-]+", word):
                tokens.append(_token(part.group(), at + part.start(), "word"))
            continue
        tokens.append(_token(word, match.start(), kind))
    return tokens


_HYPHENATED = {"e-mail", "check-in", "check-out"}


def _token(text: str, start: int, kind: str) -> Token:
    lower = text.lower().replace("’", "'")
    if kind == "quoted":
        lower = lower[1:-1]
        kind = kind if lower.strip() else "mark"  # nothing is quoted
    return Token(text, start, start + len(text), kind, lower, lemma(lower) if kind == "word" else lower)


def read_number(tokens: list[Token], at: int) -> tuple[NumberRead, int] | None:
    """The number that starts at token `at`, and the index after it: digits, "1.5k", "$3 million", "20 percent",
    "two dozen", "twenty-five thousand"."""
    value: float | None = None
    money = percent = False
    i = at
    token = tokens[i]
    if token.kind == "number":
        text = token.lower.replace(",", "").replace(" ", "")
        money = text[0] in "$€£¥"
        text = text.lstrip("$€£¥")
        percent = text.endswith("%")
        match = re.fullmatch(r"(\d*\.?\d+)(k|mn|m|bn|b)?", text.rstrip("%"))
        if not match:
            return None
        value = float(match[1]) * _SUFFIX.get(match[2] or "", 1)
        i += 1
    else:
        total = group = 0.0
        started = False
        if (
            token.lower in ("a", "an", "half")
            and i + 1 < len(tokens)
            and tokens[i + 1].lower in ("dozen", "hundred", "thousand", "million", "billion")
        ):
            group, started, i = (0.5 if token.lower == "half" else 1.0), True, i + 1
        while i < len(tokens):
            word = tokens[i].lower
            if word in _SMALL:
                if started and group and group % 10 == _SMALL[word] % 10 and group < 20:
                    break
                group, started = group + _SMALL[word], True
            elif word in _BIG and started:
                group *= _BIG[word]
                if _BIG[word] >= 1000:
                    total, group = total + group, 0.0
            elif (
                word == "and"
                and started
                and i + 1 < len(tokens)
                and tokens[i + 1].lower in _SMALL
                and (group >= 100 or total)
            ):
                pass
            else:
                break
            i += 1
        if not started:
            return None
        value = total + group
    if i < len(tokens) and token.kind == "number" and tokens[i].lower in _BIG:
        value *= _BIG[tokens[i].lower]
        i += 1
    if i < len(tokens) and tokens[i].lower in ("%", "percent", "pct"):
        percent, i = True, i + 1
    elif i + 1 < len(tokens) and tokens[i].lower == "per" and tokens[i + 1].lower == "cent":
        percent, i = True, i + 2
    elif i < len(tokens) and tokens[i].lower in ("dollars", "dollar", "bucks", "euros", "pounds", "usd"):
        money, i = True, i + 1
    return NumberRead(value, percent, money), i
