"""How a question in plain words asks for what is unusual, and what is left of it: the data that it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.calendar import Calendar

_ODD = (
    r"(?:unusual(?:ly)?(?:\s+(?:high|low|large|small))?|strange|weird|odd(?:ly|ities)?|fishy|peculiar|abnormal(?:ly)?(?:\s+(?:high|low))?|"
    r"anomal(?:y|ies|ous)|outliers?|out\s+of\s+the\s+ordinary|irregularit(?:y|ies)|suspicious|atypical|surprising)"
)
_UNUSUAL = re.compile(rf"\b{_ODD}\b", re.I)
_SPIKES = re.compile(
    r"^\W*(?:were|are|was|is|did|have|any|find|show|detect|spot|list)\b.*\b(?:spikes?|dips?|sudden\s+\w+|level\s+shifts?)\b",
    re.I,
)
_NORMAL = re.compile(
    r"^\W*(?:is|are|was|were|did|do|does)\s+(?P<what>.+?)\s+(?:look\s+|been\s+)?(?:normal(?:ly)?|as\s+usual|typical|usual|"
    r"within\s+the\s+(?:normal|usual)\s+range)(?P<tail>.*)$",
    re.I,
)
_AROUND = re.compile(
    rf"\b(?:{_ODD}|(?:spikes?|dips?)(?:\s+(?:or|and)\s+(?:spikes?|dips?))?|sudden\s+(?:changes?|drops?|jumps?|rises?|falls?)|"
    r"level\s+shifts?|values?|behaviou?r|patterns?|points?|movements?|activity|developments?)\b",
    re.I,
)
_OPENING = re.compile(
    r"^\W*(?:and|so|ok|please|can|could|you|me|is|are|was|were|there|did|does|do|has|have|had|been|anything|something|"
    r"what(?:'s)?|which|any|some|find|show|detect|spot|list|flag|look|looks|looking|check|search|see|saw|give|tell|about|we|i|the|"
    r"that|days?|weeks?|months?|happen(?:ed|ing|s)?|going|on|for|in|of|with|among|to)\b\s*",
    re.I,
)
_CLOSING = re.compile(
    r"\s*\b(?:happen(?:ed|ing)?|going\s+on|occur(?:red)?|there|please|in|on|with|about|of|for|the)\W*$", re.I
)


@dataclass(frozen=True)
class Search:
    """What a question wants looked at."""

    rest: str
    window: str | None = None


def search(question: str, calendar: Calendar) -> Search | None:
    """None for a question that does not ask for what is unusual."""
    if normal := _NORMAL.match(question):
        rest = f"{normal['what']} {normal['tail']}"
    elif _UNUSUAL.search(question) or _SPIKES.match(question):
        rest = _AROUND.sub(" ", question)
    else:
        return None
    window = next((m for m in calendar.find(rest) if m.kind == "window"), None)
    if window is not None:
        rest = f"{rest[: window.start]} {rest[window.end :]}"
    return Search(_stripped(rest), window.text if window else None)


def _stripped(text: str) -> str:
    """Without the words that only ask."""
    text, before = text.strip(" ?!.,"), None
    while text != before:
        before, text = text, _CLOSING.sub("", _OPENING.sub("", text)).strip(" ?!.,")
    return re.sub(r"\s+", " ", text)
