"""How a question asks whether a figure will be reached: "will we hit 2 M in sales next quarter?"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mm": 1e6, "mio": 1e6, "million": 1e6, "bn": 1e9, "b": 1e9,
    "billion": 1e9,
}  # fmt: skip
_NUMBER = (
    r"[$€£¥]?\s?(?P<digits>\d[\d,]*(?:\.\d+)?)\s?"
    rf"(?:(?P<scale>{'|'.join(_SCALES)})\b)?(?:\s?(?:dollars|%))?"
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_BELOW = r"(?:stay|remain|keep|be|fall|drop|go|come\s+in)\s+(?:below|under|less\s+than|within)"
_REACH = (
    r"(?:hit|reach|make|exceed|pass|top|surpass|beat|cross|clear|meet|achieve|get(?:\s+to)?|(?P<sell>sell)|have|do|serve|ship|"
    r"(?:be|go|come\s+in|stay|rise|grow|climb|end\s+up)\s+(?:above|over|more\s+than|at\s+least|to|at))"
)
_OPENS = re.compile(
    r"^\W*(?:and\s+|so\s+|ok\s+)?(?:will|can|could|shall|(?:are|is)\s+(?:\w+\s+){1,3}?(?:going|likely|on\s+(?:track|course))"
    r"\s+to|do\s+you\s+(?:think|expect)|is\s+it\s+(?:likely|probable)|how\s+(?:likely|probable)|(?:what\s+(?:is|are)|what's)\s+(?:the|our)\s+"
    r"(?:chances?|odds|probability|likelihood))\b",
    re.I,
)
_SAID = re.compile(
    rf"\b(?:(?P<below>{_BELOW})|{_REACH}\w*)\s+(?:(?:the|our|a|an|over|above|more\s+than|at\s+least|target|goal|mark|of)\s+)*"
    rf"{_NUMBER}",
    re.I,
)
_AROUND = re.compile(
    r"^\W*(?:will|can|could|shall|are|is|do|you|think|expect|how|likely|probable|what|what's|the|our|chances?|odds|"
    r"probability|likelihood|that|it|we|i|they|to|going|on|track|course|of|in|and|so|ok|us|be|there|ll)\b|"
    r"\W*\b(?:will|to|going|can|could|of|on|track|course)\W*$",
    re.I,
)


_WHEN = rf"next|this|in|by|for|during|before|until|within|over|from|per|at|on|q\d|{_MONTHS}"
_NAMED = re.compile(rf"^\s*(?P<things>(?!(?:{_WHEN})\b)[a-z].*?)(?P<when>(?:\s+(?:{_WHEN})\b.*)?)[\s?!.,]*$", re.I)
_LOOSE = re.compile(r"(?:\s+(?:by|in|for|of|at|on|the|until|within|over))+$", re.I)


@dataclass(frozen=True)
class Target:
    """A figure to reach, or not to exceed."""

    rest: str
    """The question without it."""
    value: float
    at_most: bool


def target(question: str) -> Target | None:
    """
    >>> target("Will sales exceed $2.5m next quarter?")
    Target(rest='sales next quarter', value=2500000.0, at_most=False)
    >>> target("how likely is it that we sell 5,000 units in May?")
    Target(rest='how many units did we sell in May', value=5000.0, at_most=False)
    """
    found = _SAID.search(question) if _OPENS.match(question) else None
    if found is None:
        return None
    value = float(found["digits"].replace(",", "")) * _SCALES.get((found["scale"] or "").lower(), 1)
    before, shorter = question[: found.start()], ""
    while (shorter := _AROUND.sub("", before)) != before:
        before = shorter
    after = re.sub(rf"^\s*(?:in|of)\s+(?!(?:{_MONTHS}|q\d|the|this|next|\d))", " ", question[found.end() :], flags=re.I)
    rest = re.sub(r"\s+", " ", f"{before} {after}").strip(" ?!.,")
    named = _NAMED.match(after)
    if found["sell"] and named and not before.strip() and not re.search(r"[$€£¥]", found[0]):
        # The things that are sold, not those that there are, nor what they bring.
        when = re.sub(r"^\s+(?:by|until|before)\b", "", named["when"], flags=re.I)
        rest = _LOOSE.sub("", f"how many {named['things']} did we sell{when}".rstrip(" ?!.,"))
    return Target(rest, value, found["below"] is not None)
