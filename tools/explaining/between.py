"""How a question in plain words asks why one group has more than another, and what is left of it: both figures."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.calendar import Calendar

_ASIDE = (
    r"^\W*(?:(?:and|so|but|ok|okay|please|now|can\s+you|could\s+you|tell\s+me|do\s+you\s+know|any\s+idea|explain)\s+)*"
)
_UP, _DOWN = r"more|higher|greater|larger|bigger|better|longer|older", r"less|fewer|lower|smaller|worse|shorter|younger"
_MORE = rf"(?:an?\s+)?(?:(?:so\s+|that\s+|far\s+|a\s+)?(?:much|many|lot|bit|far)\s+)?(?P<more>{_UP}|{_DOWN})"
_SELLS: dict[str, str] = {
    "sell": "sales", "sold": "sales", "earn": "revenue", "make": "revenue", "bring in": "revenue", "take": "revenue",
    "generate": "revenue", "turn over": "revenue", "spend": "spend", "buy": "sales", "order": "orders", "cost": "cost",
}  # fmt: skip
"""What is compared where only the verb says it: "store 4 sells more than store 7" is about sales."""
_VERBS = "|".join(_SELLS).replace(" ", r"\s+")
_VERB = rf"(?P<verb>{_VERBS}|have|get|see|show|return|receive|need|use)(?:s|es)?"
_WHY = rf"{_ASIDE}(?:why|how\s+come|for\s+what\s+reasons?)\s+"
_DOES = re.compile(
    rf"{_WHY}(?:(?:do|does|did|is\s+it\s+that)\s+)?(?!(?:is|are|was|were)\b)(?P<one>.+?)\s+{_VERB}\s+{_MORE}\s*(?P<what>.*?)\s*\bthan\s+(?P<other>.+)$",
    re.I,
)
_IS = re.compile(
    rf"{_WHY}(?:is|are|was|were)\s+(?P<what>.+?)\s+{_MORE}\s+(?:in|at|for|of|among|on|with)\s+(?P<one>.+?)\s+than\s+(?P<other>.+)$",
    re.I,
)
_OF = re.compile(
    rf"{_WHY}(?:is|are|was|were)\s+(?:the\s+)?(?P<what>.+?)\s+(?:of|in|at|for|among)\s+(?P<one>.+?)\s+{_MORE}\s+than\s+"
    r"(?P<other>.+)$",
    re.I,
)
_GAP = re.compile(
    rf"{_ASIDE}(?:(?:why|how\s+come)\s+is\s+there|what\s+(?:explains|causes|is\s+behind|drives|makes)|explain|"
    r"(?:what\s+(?:is|are)\s+)?(?:the\s+)?(?:reasons?|causes?)\s+(?:for|of|behind))?\s*"
    r"(?:(?:such\s+)?an?\s+|the\s+)?(?:difference|gap)\s+(?:(?:in|of)\s+(?P<what>.+?)\s+)?between\s+(?P<one>.+?)\s+and\s+"
    r"(?P<other>.+?)(?:\s+in\s+terms\s+of\s+(?P<late>.+?)|\s+in\s+(?P<after>[a-z ]+))?\W*$",
    re.I,
)
_LEAD = re.compile(r"^(?:in|at|for|of|among|on|with|that\s+of|those\s+of|those\s+in|the\s+one\s+of)\s+", re.I)
_ASKS_WHY = re.compile(r"\b(?:why|how\s+come|reasons?|explain\w*|causes?|behind|drives|makes)\b", re.I)


@dataclass(frozen=True)
class Between:
    rest: str
    """The figure of both groups, as a question."""
    first: str
    """The group that is said to have more; "" where none is."""


def between(question: str, calendar: Calendar) -> Between | None:
    """None for a question that compares no two groups: "more than last year" compares two times."""
    asked = question.strip(" ?!.")
    if found := _DOES.match(asked):
        verb = re.sub(r"\s+", " ", found["verb"].lower())
        return _between(found["what"] or _SELLS.get(verb, ""), found["one"], found["other"], found["more"], calendar)
    for pattern in (_IS, _OF):
        if found := pattern.match(asked):
            return _between(found["what"], found["one"], found["other"], found["more"], calendar)
    if (found := _GAP.match(asked)) and _ASKS_WHY.search(asked):
        what = found["what"] or found["late"] or found["after"] or ""
        return _between(what, found["one"], found["other"], "", calendar)
    return None


def _between(what: str, one: str, other: str, more: str, calendar: Calendar) -> Between | None:
    other, one = _LEAD.sub("", other.strip()), _LEAD.sub("", one.strip())
    windows = [m for m in calendar.find(other) if m.kind == "window"]
    period = ""
    if windows:
        last = windows[-1]
        if last.start == 0:
            return None
        period = f" {other[last.start : last.end]}"
        other = re.sub(r"\s+(?:in|on|during|for|over|of)\s*$", "", other[: last.start].strip())
    if re.search(
        r"\b(?:average|usual|expected|normal|before|planned|budget\w*|others?|rest|it|that|this)\b", other, re.I
    ):
        return None
    what = re.sub(r"^(?:the|our)\s+", "", what.strip(), flags=re.I) or "sales"
    least = more and re.fullmatch(_DOWN, more, re.I)
    return Between(f"{what} of {one} vs {other}{period}", (other if least else one) if more else "")
