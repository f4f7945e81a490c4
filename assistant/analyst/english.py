"""The words of business questions that belong to no database: how English counts, compares, groups and ranks.

The phrases are data (`phrases.txt` beside this file): each has a code, the letter that the rules of `reduce` read it
by, and what it means.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

CODES = {
    "m": "metric", "f": "field", "d": "dataset", "v": "value", "n": "number", "w": "window of time", "g": "time grain",
    "t": "part of a time", "x": "comparison with another time", "a": "aggregate", "c": "count", "u": "distinct",
    "s": "superlative", "T": "top or bottom", "o": "comparator", "b": "between", "y": "group by", "z": "negation",
    "S": "share", "G": "growth", "R": "running total", "A": "moving average", "K": "rank", "i": "times", "/": "ratio",
    "V": "versus", "&": "and", "|": "or", "r": "trend", "l": "list", "q": "question word", "h": "relative", "O": "of",
    "L": "average as a bound", "j": "verb of a relation", "p": "text condition", "k": "is null", "D": "duration",
    ".": "unread", "Y": "order by", ";": "end of a sentence",
}  # fmt: skip


@dataclass(frozen=True)
class Super:
    """A superlative: `descending` puts the largest first. `about` hints at what is measured: "time", "price",
    "count"."""

    descending: bool
    about: str = ""
    nth: int = 1
    """The second best is 2."""


@dataclass(frozen=True)
class Phrase:
    code: str
    data: Any
    words: tuple[str, ...]


def _meaning(code: str, name: str) -> Any:
    if code == "s":
        direction, _, about = name.partition(",")
        return Super(direction == "most", about)
    return {"-": None, "true": True, "false": False}.get(name, name)


def read_lists(name: str) -> dict[str, frozenset[str]]:
    """The lists of words of one of the files of data beside this one."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            section, _, line = line.partition(":")
        found.setdefault(section, []).extend(line.strip().split(" | ") if " | " in line else line.split())
    return {section: frozenset(words) for section, words in found.items()}


LISTS = read_lists("lists.txt")


def _read() -> tuple[dict[str, list[Phrase]], frozenset[str]]:
    index: dict[str, list[Phrase]] = {}
    stop: set[str] = set()
    code, data = "", None
    for line in files(__package__).joinpath("phrases.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            code, _, name = line.rstrip(":").partition(" ")
            data = _meaning(code, name)
            continue
        if code == "stop":
            stop.update(line.split())
            continue
        for phrase in line.split(" | "):
            words = tuple(phrase.split())
            index.setdefault(words[0], []).append(Phrase(code, data, words))
    for found in index.values():
        found.sort(key=lambda p: -len(p.words))
    return index, frozenset(stop)


PHRASES, STOP = _read()
"""Phrases by their first word (lower case), longest first; and the words that carry no content of their own."""
