"""Spoken numbers, read back: what the phone says, in figures again."""

from __future__ import annotations

import re

_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: n for n, word in enumerate(_UNITS)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_WORD = "|".join([*_SMALL, "hundred", *_SCALES])
_DECIMALS = rf"\spoint(?:\s(?:{'|'.join(_UNITS[:10])})\b)+(?:\s(?:{'|'.join(_SCALES)})\b)?"
_SPOKEN = re.compile(rf"\b(?!one of\b)(?:minus\s)?(?:{_WORD})\b(?:(?:-|,?\s)(?:and\s)?(?:{_WORD})\b)*(?:{_DECIMALS})?")

_COINS = re.compile(r"(?:\b(\d+) (dollars?|euros?|pounds?) and )?\b(\d+) (?:cents?|pence|penny)\b")


def in_figures(text: str) -> str:
    """
    >>> in_figures("Net sales: about three hundred and eighty-six thousand dollars, down minus two point five percent")
    'Net sales: about 386000 dollars, down -2.5 percent'
    >>> in_figures("thirty-four dollars and sixty-five cents; eleven cents")
    '34.65 dollars; 0.11 dollars'
    >>> in_figures("one point one eight million dollars in 2017")
    '1180000 dollars in 2017'
    """
    return _COINS.sub(_together, _SPOKEN.sub(lambda found: _figure(found[0]), text))


def _together(found: re.Match[str]) -> str:
    return f"{int(found[1] or 0) + int(found[3]) / 100:.2f} {found[2] or 'dollars'}"


def _figure(words: str) -> str:
    whole, _, decimals = words.partition(" point ")
    minus, whole = whole.startswith("minus "), whole.removeprefix("minus ")
    scale = 1
    total = part = 0
    for word in re.findall(r"[a-z]+", whole):
        if word in _SMALL:
            part += _SMALL[word]
        elif word == "hundred":
            part = (part or 1) * 100
        elif word in _SCALES:
            total, part = total + (part or 1) * _SCALES[word], 0
    digits = ""
    for word in decimals.split():
        if word in _SCALES:
            scale = _SCALES[word]
        else:
            digits += str(_SMALL[word])
    value = round(float(f"{total + part}.{digits or 0}") * scale, 6)
    return f"{'-' if minus else ''}{int(value) if value == int(value) else value}"
