"""A question as a row of words with their places, and the words that speak of time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from knowledge.request import Grain

if TYPE_CHECKING:
    from knowledge.calendar.calendar import Calendar

T = TypeVar("T")

Phrases = dict[str, list[tuple[tuple[str, ...], T]]]
"""Phrases by their first word, longest first, each with what it means."""


def meanings(table: Mapping[str, T] | Iterable[tuple[str, T]]) -> Phrases[T]:
    """Phrases, parted by " | " in each key, with their meaning."""
    found: Phrases[T] = {}
    for said, meaning in table.items() if isinstance(table, Mapping) else table:
        for phrase in said.split(" | "):
            words = tuple(phrase.split())
            found.setdefault(words[0], []).append((words, meaning))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return found


def vocabulary(said: str) -> frozenset[str]:
    """Words, parted by spaces."""
    return frozenset(said.split())


def phrases(said: str) -> Phrases[str]:
    """Phrases that mean themselves, parted by " | "."""
    return meanings((phrase, phrase) for phrase in said.split(" | "))


def _numbered(names: str, first: int = 1) -> dict[str, int]:
    return {name: n for n, name in enumerate(names.split(), first)}


MONTHS = _numbered("january february march april may june july august september october november december")
MONTHS |= {name[:3]: n for name, n in MONTHS.items()} | {"sept": 9}
UNSURE_MONTHS = {"may", "march"} | {name for name in MONTHS if len(name) < 5 and name not in ("june", "july")}
"""Also ordinary words, names or shortenings: months only after a preposition, beside a year or day, or as "May"."""
WEEKDAYS = _numbered("monday tuesday wednesday thursday friday saturday sunday")
WEEKDAYS |= {name[:3]: n for name, n in WEEKDAYS.items()} | {"tues": 2, "weds": 3, "thur": 4, "thurs": 4}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The month that each starts in: northern, meteorological."""
_GRAINS: tuple[Grain, ...] = ("hour", "day", "week", "month", "quarter", "year")
_SHORT: dict[str, Grain] = {"hr": "hour", "wk": "week", "mth": "month", "qtr": "quarter", "yr": "year"}
UNITS: dict[str, Grain] = {grain: grain for grain in _GRAINS} | _SHORT
UNITS |= {name + "s": unit for name, unit in UNITS.items()}
ADVERBS: dict[str, Grain] = {
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year",
    "annually": "year", "annual": "year",
}  # fmt: skip
ORDINALS = _numbered("first second third fourth fifth") | _numbered("1st 2nd 3rd 4th 5th") | {"last": -1, "final": -1}
SMALL = _numbered(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
    0,
) | {"few": 3, "several": 3, "couple": 2, "dozen": 12, "hundred": 100}
TENS = {name: 10 * n for name, n in _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 2).items()}

_TOKEN = re.compile(
    r"""
    \d{4}-\d\d?-\d\d?(?:[t\ ]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?)?z?(?!\d)
  | \d{4}/\d\d?(?:/\d\d?)?(?!\d) | \d\d?/\d\d?/(?:\d{4}|\d\d)(?!\d) | \d\d?\.\d\d?\.\d{4}(?!\d) | \d\d?/\d{4}(?!\d)
  | \d{4}-w\d\d?(?!\d) | \d{4}-(?:0[1-9]|1[0-2])(?![\d-])
  | \d{4}-?[qh][1-4]\b
  | [$€£\#]?\d+(?:[.,]\d+)*(?:%|[a-z]+)?(?:'s\b)?
  | '\d\ds?\b
  | [^\W\d_]+(?:'[a-z]+)*\d*(?:'s\b)?
  | \.\. | [<>]=? | [^\s\w]
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """`text` in lower case without a possessive 's, at characters [start, end)."""

    text: str
    start: int
    end: int
    glued: bool = False
    """Joined to the word before by a hyphen, which is not a word of its own then."""
    possessive: bool = False
    capital: bool = False
    """Written with a capital that no sentence start explains."""


_END = Word("", 0, 0)


class Row:
    """A question's words, and the calendar it is read on."""

    def __init__(self, text: str, calendar: Calendar):
        self.text, self.calendar = text, calendar
        self.words = tuple(_words(text))
        self._texts = {i: word.text for i, word in enumerate(self.words)}

    def at(self, i: int) -> Word:
        """The word there; an empty one past either end."""
        return self.words[i] if 0 <= i < len(self.words) else _END

    def _says(self, i: int, words: tuple[str, ...]) -> bool:
        return all(self._texts.get(i + n) == word for n, word in enumerate(words))

    def reads(self, i: int, among: Phrases[T]) -> tuple[T, int] | None:
        """What the longest phrase at `i` means, and the place after it."""
        for words, meaning in among.get(self._texts.get(i, ""), ()):
            if self._says(i, words):
                return meaning, i + len(words)
        return None

    def all_readings(self, i: int, among: Phrases[T]) -> list[tuple[T, int]]:
        """What each phrase at `i` means, and the place after it: the longest first."""
        entries = among.get(self._texts.get(i, ""), ())
        return [(meaning, i + len(words)) for words, meaning in entries if self._says(i, words)]

    def after(self, i: int, among: Phrases[str]) -> int | None:
        """The place after the longest phrase at `i`."""
        read = self.reads(i, among)
        return read[1] if read else None

    def skip(self, i: int, *words: str) -> int:
        """The place after the word at `i` if it is one of these, else `i`."""
        return i + 1 if self._texts.get(i) in words else i

    def skip_all(self, i: int, among: Phrases[str]) -> int:
        """The place after the phrase at `i` if there is one, else `i`."""
        return self.after(i, among) or i


def _words(text: str) -> list[Word]:
    lower = text.lower()
    if len(lower) != len(text):  # "İ" is two characters in lower case: places must stay
        lower = "".join(c if len(low := c.lower()) != 1 else low for c in text)
    lower = lower.replace("’", "'").replace("_", " ")
    found: list[Word] = []
    glued = False
    for match in _TOKEN.finditer(lower):
        word, start, end = match.group(), match.start(), match.end()
        if word == "-" and lower[start - 1 : start].isalnum() and lower[end : end + 1].isalnum():
            glued = True
            continue
        possessive = word.endswith("'s")
        opens = not found or found[-1].text in (".", "?", "!", ":")
        capital = text[start].isupper() and not opens
        found.append(Word(word[:-2] if possessive else word, start, end, glued, possessive, capital))
        glued = False
    return found


def number(row: Row, i: int) -> tuple[int, int] | None:
    """A whole number of up to 4 digits, in digits or words ("3", "three", "a couple of"), and the place after it."""
    word, following = row.at(i).text, row.at(i + 1).text
    if word.isdecimal():
        return (int(word), i + 1) if len(word) <= 4 else None
    if word in ("a", "an", "the") and following in ("couple", "few", "dozen", "hundred"):
        return number(row, i + 1)
    if word in TENS:
        digit = SMALL.get(following, 0)
        return (TENS[word] + digit, i + 2) if 0 < digit < 10 else (TENS[word], i + 1)
    if word == "one" and following == "hundred":
        return 100, i + 2
    if word in SMALL:
        return SMALL[word], row.skip(i + 1, "of") if word == "couple" else i + 1
    return None
