"""How a question in plain words supposes something: "what if we raise prices 5%?", "and without promotions?"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.calendar import Calendar

_OPENS = r"^\W*(?:(?:and|so|but|ok|okay|please|tell\s+me)\s+)*"
_ASKS = re.compile(
    rf"{_OPENS}(?:what\s+(?:if|happens\s+if|would\s+happen\s+if|will\s+happen\s+if)|(?:suppose|imagine|assume|say|supposing)"
    r"(?:\s+that)?)\s+(?P<case>.+)$",
    re.I,
)
_HOW = re.compile(
    rf"{_OPENS}(?:how\s+(?:much\s+)?(?:would|will|do|does|are|is)|what\s+(?:would|will|happens?)(?:\s+happen)?(?:\s+to|\s+be)?"
    r"|by\s+how\s+much\s+(?:would|will))\s+(?P<data>.+?)\s+(?:change|move|react|be|fall|drop|rise|grow|look(?:\s+like)?)?"
    r"\s*\b(?:if|when|were)\b\s+(?P<case>.+)$",
    re.I,
)
_IMPACT = re.compile(
    rf"{_OPENS}(?:what\s+(?:is|would\s+be)\s+the\s+|show\s+(?:me\s+)?the\s+)?(?:effect|impact|influence)\s+of\s+(?:an?\s+)?"
    r"(?P<case>.+?)\s+on\s+(?:the\s+|our\s+)?(?P<data>.+)$",
    re.I,
)
_UP = (
    r"rais\w*|ris(?:e|es|en|ing)|rose|increas\w*|grow\w*|grew|go(?:es)?\s+up|went\s+up|put\s+up|hik\w+|higher|more|up|doubl\w*|"
    r"warmer|hotter|above"
)
_DOWN = (
    r"cut\w*|lower\w*|reduc\w*|fall\w*|fell|drop\w*|decreas\w*|declin\w*|go(?:es)?\s+down|went\s+down|slash\w*|less|fewer|"
    r"down|halv\w*|colder|cooler|below"
)
_MOVES = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.I)
_SIZE = re.compile(r"(?P<size>\d+(?:[.,]\d+)?)\s*(?P<percent>%|percent|per\s+cent|pct)?", re.I)
_NONE = re.compile(
    r"\b(?:no|without|zero|stop(?:ped)?|end(?:ed)?|drop(?:ped)?\s+all|scrap(?:ped)?|cancel\w*|remov\w+|abolish\w*|"
    r"(?:do|did)(?:n't|\s+not)\s+(?:run|do|have|give|offer|hold))\b",
    re.I,
)
_THERE = re.compile(
    r"^\W*(?:there\s+(?:is|was|were|are|will\s+be)|it|we\s+(?:have|had|run|ran|hold|held|do|did)|every\w*)\b", re.I
)
_FILLER = re.compile(
    r"\b(?:we|you|they|i|our|the|all|were|was|is|are|be|been|there|would|will|to|by|an?|of|any|have|had|has|give|gave|run|"
    r"ran|ing|do|did|does|not|n't|it|in|at|on|for|average|on\s+average|degrees?|points?|everywhere|everything|per|cent|"
    r"percent|change[sd]?|happens?|happen)\b",
    re.I,
)


@dataclass(frozen=True)
class Wish:
    rest: str
    """What would change, as a question; "" where the question leaves it open."""
    driver: str
    """What is supposed to be otherwise, in words."""
    percent: float | None = None
    """By how much, of what it was; or `plus`, in its own unit; or `none`: there is nothing of it."""
    plus: float | None = None
    none: bool = False
    always: bool = False
    """It is so every day: "if it rains", "if we have a promotion"."""
    window: str | None = None


def wish(question: str, calendar: Calendar) -> Wish | None:
    """None for a question that supposes nothing."""
    asked = question.strip(" ?!.")
    found = _ASKS.match(asked) or _HOW.match(asked) or _IMPACT.match(asked)
    if found is None:
        return None
    case, data = found["case"], found.groupdict().get("data") or ""
    window = None
    for mention in calendar.find(case):
        if mention.kind == "window":
            window = mention.text
            case = f"{case[: mention.start]} {case[mention.end :]}"
            break
    none = _NONE.search(case)
    moves, size = _MOVES.search(case), _SIZE.search(case)
    words = case
    for pattern in (_NONE, _SIZE, _MOVES, _FILLER):
        words = pattern.sub(" ", words)
    driver = re.sub(r"[^\w\s-]|\s+", " ", words).strip()
    driver = re.sub(r"\s+", " ", driver)
    if not driver:
        return None
    data = re.sub(r"^(?:the|our|happen(?:s)?\s+to)\s+", "", data.strip(), flags=re.I)
    if none is not None and not (size and moves):
        return Wish(data, driver, none=True, window=window)
    if moves is None:  # "if it rains", "the effect of price on units"
        if _IMPACT.match(asked):
            return Wish(data, driver, percent=10.0, window=window)
        return Wish(data, driver, always=True, window=window) if _THERE.match(case) else None
    sign = 1 if moves["up"] else -1
    said = (moves["up"] or moves["down"]).lower()
    if size is None:
        percent = 100.0 if said.startswith("doubl") else 50.0 if said.startswith("halv") else 10.0
        return Wish(data, driver, percent=sign * percent, window=window)
    value = sign * float(size["size"].replace(",", "."))
    if size["percent"]:
        return Wish(data, driver, percent=value, window=window)
    return Wish(data, driver, plus=value, window=window)
