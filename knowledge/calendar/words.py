"""The words of a question that speak of time, and the question as a row of words with their places."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.request import Grain

if TYPE_CHECKING:
    from knowledge.calendar.calendar import Calendar

MONTHS = {
    name: number
    for number, name in enumerate(
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"], 1
    )
}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
UNSURE_MONTHS = {"may", "march"} | {name for name in MONTHS if len(name) < 5 and name not in ("june", "july")}
"""Also ordinary words, names or shortenings: months only after a preposition, beside a year or day, or as "May"."""
WEEKDAYS = {
    name: number for number, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], 1)
}
WEEKDAYS |= {name[:3]: number for name, number in WEEKDAYS.items()} | {"tues": 2, "weds": 3, "thur": 4, "thurs": 4}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The month that each starts in: northern, meteorological."""
UNITS: dict[str, Grain] = {"hr": "hour", "wk": "week", "mth": "month", "qtr": "quarter", "yr": "year"}
UNITS |= {name: name for name in ("hour", "day", "week", "month", "quarter", "year")}  # type: ignore[misc]
UNITS |= {name + "s": unit for name, unit in UNITS.items()}
ADVERBS: dict[str, Grain] = {
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year",
    "annually": "year", "annual": "year",
}  # fmt: skip
ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
    "last": -1, "final": -1, "opening": 1, "closing": -1,
}  # fmt: skip
_SMALL = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
    )
} | {"few": 3, "several": 3, "couple": 2, "dozen": 12, "hundred": 100}
_TENS = {word: 10 * n for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)}

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


@dataclass(frozen=True)
class Word:
    """`text` in lower case without a possessive 's, at characters [start, end); `glued` to the one before by a hyphen."""

    text: str
    start: int
    end: int
    glued: bool = False
    possessive: bool = False
    capital: bool = False
    """Written with a capital that no sentence start explains."""


_END = Word("", 0, 0)


class Row:
    """A question's words, and the calendar it is read on."""

    def __init__(self, text: str, calendar: Calendar):
        self.text, self.calendar = text, calendar
        self.words = tuple(_words(text))

    def at(self, i: int) -> Word:
        """The word there; an empty one past either end."""
        return self.words[i] if 0 <= i < len(self.words) else _END

    def says(self, i: int, *phrases: str) -> int | None:
        """The place after the first of the phrases that stands at `i`, or None."""
        for phrase in phrases:
            j = i
            for part in phrase.split():
                if self.at(j).text != part:
                    break
                j += 1
            else:
                return j
        return None

    def skip(self, i: int, *phrases: str) -> int:
        """The place after one of the phrases, or `i` itself."""
        j = self.says(i, *phrases)
        return i if j is None else j


def _words(text: str) -> list[Word]:
    lower = "".join(c if len(low := c.lower()) != 1 else low for c in text).replace("’", "'").replace("_", " ")
    found: list[Word] = []
    glued = False
    for match in _TOKEN.finditer(lower):
        word, start, end = match.group(), match.start(), match.end()
        if word == "-" and lower[start - 1 : start].isalnum() and lower[end : end + 1].isalnum():
            glued = True
            continue
        possessive = word.endswith("'s")
        opens = not found or found[-1].text in (".", "?", "!", ":")
        found.append(
            Word(word[:-2] if possessive else word, start, end, glued, possessive, text[start].isupper() and not opens)
        )
        glued = False
    return found


def number(row: Row, i: int) -> tuple[int, int] | None:
    """A small whole number in digits or words ("3", "three", "a couple of"), and the place after it."""
    word = row.at(i).text
    if word.isdecimal():
        return (int(word), i + 1) if len(word) <= 4 else None
    if word in ("a", "an", "the"):
        following = row.at(i + 1).text
        return number(row, i + 1) if following in ("couple", "few", "dozen", "hundred") else None
    if word in _TENS:
        digit = _SMALL.get(row.at(i + 1).text, 0)
        return (_TENS[word] + digit, i + 2) if 0 < digit < 10 else (_TENS[word], i + 1)
    if word in _SMALL:
        if word == "one" and row.at(i + 1).text == "hundred":
            return 100, i + 2
        return _SMALL[word], row.skip(i + 1, "of") if word in ("couple", "few") else i + 1
    return None


Rule = Callable[[Row, int], "tuple[object, int] | None"]
