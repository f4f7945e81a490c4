"""A question said more plainly: other ways of English to say the same, and notes that change nothing, as data
(`rephrase.txt` beside this file)."""

from __future__ import annotations

import re
from functools import cache, partial
from importlib.resources import files

_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|(?<!\w)'[^']+'(?!\w)|‘[^’]*’")


def rephrase(question: str) -> str:
    """The question in plainer words; what stands in quotes is left as it is.

    >>> rephrase("What are the top 3 shops in terms of sales (inclusive of the last day)?")
    'What are the top 3 shops by sales?'
    """
    quoted: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quoted.append(match.group())
        return f"\x00{len(quoted) - 1}\x00"

    text = _QUOTED.sub(keep, question)
    for pattern, replacement in _rules():
        text = pattern.sub(partial(_said, replacement), text)
    text = re.sub(r"\x00(\d+)\x00", lambda m: quoted[int(m[1])], text)
    return re.sub(r"\s+([?,.;])", r"\1", re.sub(r"[ \t]{2,}", " ", text)).strip() or question


def _said(replacement: str, match: re.Match[str]) -> str:
    """The replacement, parted from what follows as the words were that it replaces."""
    return match.expand(replacement) + (" " if match.group().endswith(" ") else "")


@cache
def _rules() -> list[tuple[re.Pattern[str], str]]:
    rules = []
    for line in files(__package__).joinpath("rephrase.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            pattern, _, replacement = line.partition(" =>")
            rules.append((re.compile(pattern, re.I), replacement.strip()))
    return rules
