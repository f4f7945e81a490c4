"""Bands of numbers, as people name them: "19-24", "65+", "Under 15K"."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BAND = re.compile(
    r"(?P<under>under|below|less than|up to|<=?|≤)?(?P<over>over|above|more than|>=?|≥)?\s*[$€£¥]?"
    r"(?P<start>\d[\d,.]*)(?P<rest>.*)",
    re.I | re.S,
)
_TO = re.compile(r"\s*[km%]?\s*(\+|[-–—]\s*[$€£¥]?\d|to\s+[$€£¥]?\d|(and|or) (over|more|above)\b)", re.I)


def start(text: str) -> tuple[float, int] | None:
    """Where a text that begins with a number stands among others like it; None for any other text.

    >>> sorted(["65+", "Under 15K", "15-24K", "9"], key=start)
    ['9', 'Under 15K', '15-24K', '65+']
    """
    found = _BAND.match(text.strip())
    if found is None:
        return None
    digits = found["start"].replace(",", "").rstrip(".")
    side = -1 if found["under"] else 1 if found["over"] else 0
    return (float(digits), side) if digits.count(".") <= 1 else None


def are_bands(texts: Iterable[str]) -> bool:
    """Each is a band or a number, and most are bands: sizes ("12 oz", "1 lb") are no bands."""
    found = [_BAND.match(text.strip()) for text in texts]
    bands = sum(1 for m in found if m and (m["under"] or m["over"] or _TO.match(m["rest"])))
    return all(found) and bands > 1 and 2 * bands > len(found)
