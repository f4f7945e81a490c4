"""How alike a word that is said and a word of a header are, 0..1: forms, abbreviations, synonyms, slips of the keys."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from assistant.analyst.lookup.words import Word
from knowledge.words import abbreviations, is_english, lemma, synonyms

SAME, SHORT, ROOT, SLIP, INITIALS = 1.0, 0.93, 0.75, 0.78, 0.7
"""One word, an abbreviation, another form of one root, a misspelling, the letters that words begin with."""
_LONG = 5
_CLOSE = 80
_ENDINGS = (
    "ational", "ations", "ation", "ional", "ances", "ance", "ences", "ence", "ments", "ment", "ities", "ity", "ings",
    "ing", "ions", "ion", "ees", "ee", "ers", "er", "ors", "or", "ive", "ed", "al", "es", "s", "e", "d",
)  # fmt: skip
_ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th",
    "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
}  # fmt: skip
_NAMES = {
    "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "thu": "thursday", "thur": "thursday",
    "thurs": "thursday", "fri": "friday", "sat": "saturday", "sun": "sunday", "jan": "january", "feb": "february",
    "mar": "march", "apr": "april", "jun": "june", "jul": "july", "aug": "august", "sep": "september",
    "sept": "september", "oct": "october", "nov": "november", "dec": "december",
}  # fmt: skip
_MARKS = {"%": ("percent", "percentage"), "#": ("number", "no"), "$": ("dollar", "usd"), "€": ("euro", "eur"),
          "£": ("pound", "gbp")}  # fmt: skip


@lru_cache(maxsize=20_000)
def forms(word: str) -> dict[str, float]:
    """What a word may stand for, in one plain form each: itself, its dictionary form, what it is short for, its root,
    its synonyms; each with how surely."""
    found: dict[str, float] = {}

    def add(form: str, sure: float) -> None:
        if form and sure > found.get(form, 0.0):
            found[form] = sure

    base = lemma(word)
    add(word, SAME)
    add(base, SAME)
    for short in {word, base}:
        long = abbreviations().get(short)
        if long and " " not in long:
            add(lemma(long), SHORT)
        if short in _NAMES:
            add(_NAMES[short], SHORT)
        if short in _ORDINALS:
            add(_ORDINALS[short], SAME)
        for named in _MARKS.get(short, ()):
            add(named, SHORT)
    if word.isdigit() and len(word) < 3:
        add(_ordinal(int(word)), 0.75)
    for meant in (word, base):
        for other, sure in _alike().get(meant, {}).items():
            add(other, 0.9 * sure)
        for other, sure in synonyms(meant):
            add(lemma(other), 0.85 * sure)
    if (root := _root(word)) is not None:
        add(f"~{root}", ROOT)
    return found


def _ordinal(number: int) -> str:
    end = "th" if 10 < number % 100 < 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{end}"


def _root(word: str) -> str | None:
    """ "attendees", "attendance" -> "attend"."""
    if not word.isalpha() or len(word) < _LONG:
        return None
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LONG - 1:
            return word.removesuffix(ending)
    return word


def is_slip(said: str, known: str) -> bool:
    """`said` is likely `known`, misspelt: no English word, a letter or two off."""
    if len(said) < _LONG or len(known) < _LONG - 1 or not said.isalpha() or is_english(said):
        return False
    if said[0] != known[0]:
        return False
    return fuzz.ratio(said, known) >= _CLOSE or OSA.normalized_similarity(said, known) >= _CLOSE / 100


def is_initials(word: Word, names: list[str]) -> bool:
    """Capitals that the words of a name begin with: "SP" of a starting pitcher."""
    letters = word.text
    if not re.fullmatch(r"[A-Z]{2,5}", letters):
        return False
    return "".join(name[0] for name in names if name[0].isalnum()).upper() == letters


def is_syllables(word: Word, name: str) -> bool:
    """Capitals out of one long word: its first letter and later ones, in order ("CF" of a centerfielder)."""
    if not re.fullmatch(r"[A-Z]{2,3}", word.text) or len(name) < 2 * len(word.text) + 2:
        return False
    at = 0
    for letter in word.text.lower():
        at = name.find(letter, at) + 1
        if at == 0:
            return False
    return name[0] == word.text[0].lower()


@cache
def _alike() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    text = files(__package__).joinpath("alike.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        words = row["words"].split("|")
        for word in words:
            for other in words:
                if word != other:
                    sure = float(row["strength"]) * (1.0 if words[0] in (word, other) else 0.85)
                    found[word][other] = max(sure, found[word].get(other, 0.0))
    return found


def is_question_word(said: str) -> bool:
    """ "wha", "whcih"."""
    return max(OSA.normalized_similarity(said, known) for known in ("what", "which", "where", "name", "when")) >= 0.7
