"""A question said more plainly: other ways of English to say the same, and notes that change nothing, as data
(`rephrase.txt` beside this file)."""

from __future__ import annotations

import re
from functools import cache, partial
from importlib.resources import files

from rapidfuzz import fuzz, process

from assistant.analyst.english import PHRASES
from assistant.analyst.needed import folded, needed
from knowledge.words import is_english

_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|(?<!\w)'[^']+'(?!\w)|‘[^’]*’")


_MISSPELT = re.compile(r"(?<![\w'\"“‘])[a-z]{5,}(?![\w'\"”’])")
_WORDS = sorted({w for phrases in PHRASES.values() for p in phrases for w in p.words if len(w) > 4 and w.isalpha()})


def _spelled(match: re.Match[str]) -> str:
    """A word of no language, as the word of questions that it most likely is: "uniqe", "avrage"."""
    word = match.group()
    if is_english(word):
        return word
    found = process.extractOne(word, _WORDS, scorer=fuzz.ratio, score_cutoff=85)
    return found[0] if found and found[0][0] == word[0] else word


def rephrase(question: str) -> str:
    """The question in plainer words; what stands in quotes is left as it is.

    >>> rephrase("What are the top 3 shops in terms of sales (inclusive of the last day)?")
    'What are the top 3 shops by sales?'
    """
    question = _MISSPELT.sub(_spelled, question)
    quoted: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quoted.append(match.group())
        return f"\x00{len(quoted) - 1}\x00"

    text = _QUOTED.sub(keep, question)
    letters = folded(text)
    for pattern, pieces, replacement in _rules():
        if pieces and not any(piece in letters for piece in pieces):
            continue
        said = pattern.sub(partial(_said, replacement), text)
        if said != text:
            text, letters = said, folded(said)
    text = re.sub(r"\x00(\d+)\x00", lambda m: quoted[int(m[1])], text)
    return re.sub(r"\s+([?,.;])", r"\1", re.sub(r"[ \t]{2,}", " ", text)).strip() or question


def _said(replacement: str, match: re.Match[str]) -> str:
    """The replacement, parted from what follows as the words were that it replaces."""
    said = match.expand(replacement)
    before = " " if match.group()[:1] in (" ", ",", ".", ";", "?") and said[:1].isalnum() else ""
    return before + said + (" " if match.group().endswith(" ") else "")


@cache
def _rules() -> list[tuple[re.Pattern[str], frozenset[str], str]]:
    """The patterns, the letters that a text must hold for each, and what is said instead."""
    rules = []
    for line in files(__package__).joinpath("rephrase.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            pattern, _, replacement = line.partition(" =>")
            compiled = re.compile(pattern, re.I)
            rules.append((compiled, needed(compiled), replacement.strip()))
    return rules
