"""Words of questions, headers and cells, taken apart alike, so that what is said can be compared with what is kept.

Marks that tell things apart ("+", "-", "%", "/", "€") are words of their own; commas, brackets and quotes only part
words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.analyst.english import LISTS
from knowledge.words import is_english, is_proper, lemma

_WORD = re.compile(
    r"""
    (?P<letters>(?:[^\W\d_]\.){2,})
  | (?P<ordinal>\d+(?:st|nd|rd|th)\b)
  | (?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+\.\d+|(?<![\d.])\.\d+|\d+)
  | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)
  | (?P<mark>[-‐‑‒–—−+%\#&/$€£¥=*<>@°])
  | (?P<pause>[,;:!?()\[\]{}"“”|])
    """,
    re.VERBOSE | re.I,
)
_FOLDED = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}
    | {"’": "'", "‘": "'"} | dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("¹²³⁴⁵⁶⁷⁸⁹⁰†‡ªº™®")
)  # fmt: skip
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = {name[:size]: n for n, name in enumerate(_MONTHS, 1) for size in (3, 4, len(name))}
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight",
    "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
)  # fmt: skip
_COUNTS = {name: float(n) for n, name in enumerate(_SMALL)}
TIMES = {"thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9}
MARKS = frozenset("-+%#&/$€£¥=*<>@°")
MONEY = frozenset("$€£¥")
LIGHT = LISTS["function"] | LISTS["light"] | {"&", "/"}


@dataclass(frozen=True)
class Word:
    """A word as it stands in a text, at characters [start, end)."""

    text: str
    key: str
    """In lower case, without accents, a possessive's ending or a number's commas."""
    lemma: str
    start: int
    end: int
    number: float | None = None
    glued: bool = False
    """Nothing parts it from the word before."""
    pause: bool = False
    """A comma, bracket or the like stands before it."""
    quoted: bool = False
    before: str = ""
    """What stands between it and the word before."""

    @property
    def is_mark(self) -> bool:
        return self.text in MARKS or self.key in MARKS

    @property
    def is_capital(self) -> bool:
        return self.text[:1].isupper()


def read_words(text: str) -> list[Word]:
    """
    >>> [w.key for w in read_words('Who had “Points–” of −1,400.50 in the U.S., Tromsø’s 4–1?')]
    ['who', 'had', 'points', '-', 'of', '-1400.5', 'in', 'the', 'us', 'tromso', '4', '-', '1']
    """
    found: list[Word] = []
    pause, inside, end, sign = False, False, -1, -1
    for match in _WORD.finditer(text):
        kind, said, start = str(match.lastgroup), match.group(), match.start()
        if kind == "pause":
            inside = (not inside if said == '"' else said == "“") if said in '"“”' else inside
            pause = True
            continue
        key, number = _key(kind, said)
        if not key:
            continue
        glued = start == end
        if number is not None and kind == "number" and glued and sign == len(found) - 1 and found[-1].key == "-":
            mark = found.pop()
            key, number, start, said = f"-{key}", -number, mark.start, text[mark.start : match.end()]
            glued, pause = mark.glued, mark.pause
        form = lemma(key) if kind == "word" else key
        between = text[end:start] if end >= 0 and not key.startswith("-") else " " * (not glued)
        found.append(Word(said, key, form, start, match.end(), number, glued, pause, inside, between))
        sign = len(found) - 1 if kind == "mark" and not glued else -1
        pause, end = False, match.end()
    return found


def _key(kind: str, said: str) -> tuple[str, float | None]:
    if kind == "number":
        plain = said.replace(",", "")
        value = float(plain)
        return (plain if "." not in plain else repr(value).removesuffix(".0")), value
    if kind == "letters":
        return said.replace(".", "").lower(), None
    folded = fold(said).lower()
    if kind == "word":
        folded = folded.removesuffix("'s").rstrip("'")
        return folded, _COUNTS.get(folded)
    return folded if folded != "&" else "and", None


def fold(text: str) -> str:
    """Without accents; letters of other scripts stay as they are."""
    spread = unicodedata.normalize("NFKD", text.translate(_FOLDED))
    return "".join(ch for ch in spread if not unicodedata.combining(ch))


def keys(text: str) -> tuple[str, ...]:
    return tuple(w.key for w in read_words(text))


def is_namelike(words: list[Word], at: int, plain: bool) -> bool:
    """The word is likely (part of) a name: it is quoted, no English, or begins with a capital where `plain` text would
    have none."""
    word = words[at]
    if word.quoted:
        return True
    if word.number is not None or word.is_mark or not word.key:
        return False
    if plain and word.is_capital and at > 0 and not word.key.isdigit():
        return True
    return len(word.key) > 1 and word.key.isalpha() and (is_proper(word.key) or not is_english(word.key))


# --- days --------------------------------------------------------------------------------------------------------


def day_key(year: int | None, month: int, day: int) -> str:
    """How a day is called, in whichever order it is said."""
    return f"day {year if year is not None else ''}-{month}-{day}"


def read_day(words: Sequence[Word], at: int) -> tuple[int, tuple[int | None, int, int]] | None:
    """The day that starts at word `at` and the index after it: "Nov. 5, 1966", "5th November 1966", "1966-11-05",
    "11/5/1966" (the month first, unless it can't be)."""
    head = words[at : at + 5]
    if not head:
        return None
    if (month := _month(head[0])) is not None and len(head) > 1 and (day := _day(head[1])) is not None:
        year = _year(head[2]) if len(head) > 2 else None
        return at + (2 if year is None else 3), (year, month, day)
    if len(head) > 1 and (day := _day(head[0])) is not None and not head[1].is_mark:
        skip = 2 if head[1].key == "of" and len(head) > 2 else 1
        if (month := _month(head[skip])) is not None and not (words[at - 1].is_mark and head[0].glued and at):
            year = _year(head[skip + 1]) if len(head) > skip + 1 else None
            return at + skip + (1 if year is None else 2), (year, month, day)
    if len(head) == 5 and head[1].key == head[3].key in ("-", "/") and all(w.glued for w in head[1:]):
        first, second, third = (w.number for w in (head[0], head[2], head[4]))
        if first is None or second is None or third is None:
            return None
        if first > 31:
            order = (first, second, third)
        else:
            order = (third, second, first) if first > 12 else (third, first, second)
        year, month, day = (int(n) for n in order)
        if 1 <= month <= 12 and 1 <= day <= 31:
            return at + 5, (_century(year), month, day)
    return None


def _century(year: int) -> int:
    return year if year > 99 else year + (2000 if year < 50 else 1900)


def _month(word: Word) -> int | None:
    return _MONTH.get(word.key) if word.key.isalpha() else None


def _day(word: Word) -> int | None:
    match = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word.key)
    return int(match[1]) if match and 1 <= int(match[1]) <= 31 else None


def _year(word: Word) -> int | None:
    return int(word.key) if re.fullmatch(r"1[5-9]\d\d|20\d\d", word.key) else None


def is_day(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year or 2000, month, day)
    except ValueError:
        return None
