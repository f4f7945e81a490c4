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
_EVERYTHING = re.compile(
    r"\b(?:(?:all|any|every|each)(?:\s+of)?\s+)(?:(?:the|our|my|your|these|key|main|other)\s+)*"
    r"(?:numbers?|figures?|metrics?|kpis?|measures?|stats|statistics|data)\b|\beverything\b|\bacross\s+the\s+board\b|"
    r"\b(?:across|in|with|among)\s+(?:(?:the|our|my|these)\s+)?(?:key\s+|main\s+)?(?:numbers|figures|metrics|kpis|measures|stats)\b|"
    r"\bacross\s+(?:(?:the|our|my)\s+)(?:whole\s+)?(?:business|company)\b",
    re.I,
)
_TOGETHER = re.compile(
    r"\b(?:across|between|(?:taken|looked\s+at|seen|all)\s+together|together|jointly|in\s+combination)\b", re.I
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
    """"" where it names nothing."""
    window: str | None = None
    everything: bool = False
    """It asks about all figures."""


def search(question: str, calendar: Calendar) -> Search | None:
    """None for a question that does not ask for what is unusual."""
    if normal := _NORMAL.match(question):
        rest = f"{normal['what']} {normal['tail']}"
    elif _UNUSUAL.search(question) or _SPIKES.match(question):
        rest = _AROUND.sub(" ", question)
    else:
        return None
    everything = _EVERYTHING.search(rest)
    rest = _TOGETHER.sub(" ", _EVERYTHING.sub(" ", rest))
    window = next((m for m in calendar.find(rest) if m.kind == "window"), None)
    if window is not None:
        rest = f"{rest[: window.start]} {rest[window.end :]}"
    left = _stripped(rest)
    return Search(left, window.text if window else None, bool(everything) and not left)


def _stripped(text: str) -> str:
    """Without the words that only ask."""
    text, before = text.strip(" ?!.,"), None
    while text != before:
        before, text = text, _CLOSING.sub("", _OPENING.sub("", text)).strip(" ?!.,")
    return re.sub(r"\s+", " ", text)
