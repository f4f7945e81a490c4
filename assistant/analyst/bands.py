"""Text values that are bands of numbers: "25-34", "65+", "Under 15K", "$100,000 to $149,999"."""

from __future__ import annotations

import math
import re

from knowledge.model import ModelField

_NUMBER = r"[$€£]?\s*(\d[\d,]*(?:\.\d+)?)\s*([km])?"
_RANGE = re.compile(rf"{_NUMBER}\s*(?:-|–|to|and)\s*{_NUMBER}", re.I)
_FROM = re.compile(
    rf"(?:over|more than|above|>=?|from)?\s*{_NUMBER}\s*(?:\+|and (?:over|up|above|older)|or (?:more|over|older))?",
    re.I,
)
_BELOW = re.compile(rf"(?:under|below|less than|up to|<=?)\s*{_NUMBER}", re.I)
_SCALE = {"": 1.0, "k": 1e3, "m": 1e6}


def bands(field: ModelField) -> dict[str, tuple[float, float]]:
    """Each value's lowest and highest number, where nearly all of a field's values are bands; else nothing.

    Whole numbers alone ("2") are bands of their own beside others ("3+").
    """
    texts = [str(s) for s in field.samples]
    if field.type != "text" or not texts or (field.distinct or 99) > 20:
        return {}
    read = {text: ends for text in texts if (ends := _ends(text))}
    several = any(low != high for low, high in read.values())
    return read if several and len(read) >= 0.75 * len(texts) else {}


def bands_within(field: ModelField, op: str, bound: float) -> list[str]:
    """The values that lie wholly on the asked side of a number, where the bands' edges can tell; else nothing."""
    read = bands(field)
    if not read:
        return []
    edges = {low for low, _ in read.values()}
    if op in (">=", ">"):
        chosen = [text for text, (low, _) in read.items() if low >= bound]
        fits = bound in edges
    elif op in ("<", "<="):
        chosen = [text for text, (low, high) in read.items() if high < bound or (op == "<=" and high <= bound)]
        fits = bound in edges or any(bound in (high, high + 1) for _, high in read.values())
    else:
        return []
    return sorted(chosen) if fits else []


def _ends(text: str) -> tuple[float, float] | None:
    text = text.strip()
    if match := _RANGE.fullmatch(text):
        low, low_scale, high, high_scale = match.groups()
        scale = _SCALE[(high_scale or "").lower()]
        first = _number(low, low_scale) if low_scale else _number(low, "") * scale
        return first, _number(high, high_scale)
    if match := _BELOW.fullmatch(text):
        return -math.inf, _number(*match.groups()) - 1e-9
    if match := _FROM.fullmatch(text):
        value = _number(*match.groups())
        alone = re.fullmatch(r"\d+", text)
        return value, value if alone else math.inf
    return None


def _number(digits: str, scale: str | None) -> float:
    return float(digits.replace(",", "")) * _SCALE[(scale or "").lower()]
