"""How a question in plain words asks what people write (`forms.txt`), and what is left of it: which texts, of whom,
when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

About = Literal["topics", "sentiment", "phrases", "mentions", "classes", "quotes", "change"]
Tone = Literal["negative", "positive"]
First = Literal["worst", "best", "complaints", "praise", "unhappiest", "happiest"]
"""Which group is told first: by mean sentiment, by the number of negative or positive texts, or by their share."""

_BAD = re.compile(r"complaint|gripe|pain|grievance|issue|problem|concern|negative|angr|unhapp|worst|nast|harsh", re.I)
_GOOD = re.compile(r"compliment|praise|positive|happ|best|nic", re.I)
_LOW, _HIGH = re.compile(r"low|poor|bad|dissatisf|unhapp|hate", re.I), re.compile(r"high|great|satisf|lov|lik", re.I)
_FEWEST, _SHARE = (
    re.compile(r"\b(?:least|fewest)\b", re.I),
    re.compile(r"\b(?:share|percentage|proportion|rate)\b", re.I),
)
_COUNTED = re.compile(r"\b(?:reviews?|comments?|tickets?|feedback|complaints?|messages?|opinions?|praises?)\b", re.I)
_FILLER = re.compile(r"^\W*(?:(?:the|our|all|my|these|those|customers?'?|guests?'?|people|they|us|with us) )+", re.I)
_MOST_OFTEN = re.compile(r"^(?:the )?(?:most(?: often)?|mostly)\b")
_LISTED = re.compile(r", ?(?:and |or )?| (?:and|or) ")
_OWN = re.compile(r"\b(?:sentiment|complain\w*|key ?phrases|themes?|word cloud)\b", re.I)
"""Nothing else is asked for in such words."""


@dataclass(frozen=True)
class Wish:
    """What a question wants of texts. `rest`: which ones, as words after "number of reviews"; `term`: those with it."""

    about: About
    rest: str
    tone: Tone | None = None
    term: str | None = None
    classes: tuple[str, ...] = ()
    plainly: bool = False
    first: First | None = None


def wish(question: str) -> Wish | None:
    """None for a question that does not ask what people write."""
    asked = " ".join(question.split()).rstrip(" ?!.")
    for pattern, about, tone in _forms():
        found = pattern.match(asked)
        if found is None:
            continue
        parts = {name: (said or "").strip() for name, said in found.groupdict().items()}
        tone = tone or _tone(parts.get("theme") or parts.get("tone") or "")
        compared = f"by {parts['by']}" if parts.get("by") else ""
        against = f"this {parts['unit']} vs last {parts['unit']}" if parts.get("unit") else ""
        parts["tail"] = _MOST_OFTEN.sub("", parts.get("tail", "")).strip()
        rest = " ".join(filter(None, [compared, parts.get("tail"), parts.get("more"), against]))
        classes = tuple(c.strip() for c in _LISTED.split(parts.get("classes", "")) if c.strip())
        if "classes" in parts and len(classes) < 2:
            return None
        return Wish(
            about, _FILLER.sub("", rest), tone, parts.get("term") or None, classes, bool(_OWN.search(asked)),
            _first(parts.get("first") or ""),
        )  # fmt: skip
    return None


def _tone(said: str) -> Tone | None:
    if _BAD.search(said):
        return "negative"
    return "positive" if _GOOD.search(said) else None


def _first(said: str) -> First | None:
    """Of "most negative reviews": the most of them; of "worst sentiment": the lowest."""
    few, share = bool(_FEWEST.search(said)), bool(_SHARE.search(said))
    bad = bool(_BAD.search(said)) or bool(_LOW.search(said))
    if not said or not (bad or _GOOD.search(said) or _HIGH.search(said)):
        return None
    if few:
        return "best" if bad else "worst"
    if share:
        return "unhappiest" if bad else "happiest"
    if _COUNTED.search(said):
        return "complaints" if bad else "praise"
    return "worst" if bad else "best"


@cache
def _forms() -> tuple[tuple[re.Pattern[str], About, Tone | None], ...]:
    parts: dict[str, str] = {}
    made: list[tuple[re.Pattern[str], About, Tone | None]] = []
    for line in files(__package__).joinpath("forms.txt").read_text(encoding="utf-8").splitlines():
        head, _, pattern = line.partition(": ")
        if not pattern or line.startswith("#"):
            continue
        if head.startswith("<"):
            parts[head] = pattern
            continue
        for name, part in parts.items():
            pattern = pattern.replace(name, part)
        about, _, tone = head.partition(" ")
        assert about in get_args(About), line
        made.append((re.compile(pattern, re.I), cast(About, about), cast(Tone, tone) if tone else None))
    return tuple(made)
