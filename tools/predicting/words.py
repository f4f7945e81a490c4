"""How a question in plain words asks what each will do, and what is left of it: whom it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

About = Literal["scores", "drivers", "quality", "what_if"]
_ASIDE = (
    r"^\W*(?:(?:and|so|now|ok|okay|please|can\s+you|could\s+you|show\s+me|tell\s+me|give\s+me|list|i\s+want\s+to\s+know|"
    r"predict|train\s+a\s+model\s+(?:of|for|to\s+predict))\s+)*"
)
_STOP = (
    r"(?:churn(?:ing|s|ers?)?|lapse|lapsing|attrition|defect|cancel(?:ling)?|quit(?:ting)?|leav(?:e|ing)(?:\s+us)?|"
    r"(?:stop|stopping|quit)\s+(?:buying|shopping|ordering|coming|visiting|purchasing|using|renting|booking|paying)\w*|"
    r"(?:not|never)\s+(?:come|buy|order|shop|return|visit)(?:\s+(?:back|again))?|go(?:ing)?\s+away|drop(?:ping)?\s+(?:out|off))"
)
_SOON = (
    r"(?:(?:is|are)\s+(?:about|likely|going|set|bound|most\s+likely)\s+to|will|may|might|could|(?:is|are)\s+(?:at\s+risk\s+of|close\s+to)|"
    r"(?:is|are)\s+most\s+likely\s+to)"
)
_WHO_STOPS = re.compile(
    rf"{_ASIDE}(?P<head>who|which|what|whether|if|how\s+many|the)?\s*(?:of\s+)?(?:our\s+|the\s+|my\s+)?(?P<who>.*?)\s*{_SOON}\s+"
    rf"(?:soon\s+)?{_STOP}\b(?P<rest>.*)$",
    re.I,
)
_AT_RISK = re.compile(
    rf"{_ASIDE}(?:who|which|what)\s+(?:of\s+)?(?:our\s+|the\s+)?(?P<who>.*?)\s*(?:is|are)\s+(?:the\s+)?(?:most\s+)?(?:at|in)\s+(?:most\s+|highest\s+|greatest\s+)?"
    rf"(?:risk|danger)(?:\s+of\s+{_STOP})?\b(?P<rest>.*)$",
    re.I,
)
_RISK = re.compile(
    rf"{_ASIDE}(?:the\s+)?(?:{_STOP})\s+(?:risk|scores?|probabilit\w+|chances?|predictions?|likelihood)\b(?:\s+(?:of|for|by|per)\s+"
    r"(?:each\s+|all\s+|every\s+|our\s+|the\s+)*(?P<who>.*?))?(?P<rest>\s+(?:in|over|for)\s+the\s+next\b.*)?\W*$",
    re.I,
)
_SCORE = re.compile(
    rf"{_ASIDE}score\s+(?:all\s+|every\s+|each\s+|our\s+|the\s+)*(?P<who>(?:(?!\bby\b).)+?)(?:\s+by\s+(?:risk|{_STOP}).*)?\W*$",
    re.I,
)
_SPEND = re.compile(
    r"\b(?:predict\w*|expected)\b.*\b(?:spend\w*|sales|revenue|value|purchases)\b.*?\b(?:per|by|of\s+each|for\s+each|of\s+every|"
    r"for\s+every|each)\s+(?P<who>\w+)\b|\bhow\s+much\s+will\s+(?:each|every)\s+(?P<other>\w+)\s+(?:spend|buy|pay)\b|"
    r"\bwhich\s+(?P<which>\w+)\s+will\s+(?:spend|buy)\s+(?:the\s+)?most\b",
    re.I,
)
_DRIVES = re.compile(
    rf"{_ASIDE}(?:what|which\s+\w+)\s+(?:(?:mostly|mainly)\s+)?(?:drives?|predicts?|determines?|influences?|affects?|leads?\s+to|(?:are|is)\s+the\s+"
    r"(?:main\s+|key\s+|biggest\s+)*(?:drivers?|predictors?|factors?)\s+(?:of|for|behind))\s+(?:(?:the|our)\s+)?(?P<what>.+?)\W*$",
    re.I,
)
_PREDICT = re.compile(
    r"^\W*(?:please\s+)?(?:predict|train\s+a\s+model\s+(?:for|of|to\s+predict))\s+(?:the\s+)?(?:whether\s+(?:an?\s+|the\s+)?(?:\w+\s+)?(?:is|are|was|will\s+be|gets?)\s+)?"
    r"(?P<what>.+?)\W*$",
    re.I,
)
_MODEL = r"(?:(?:the|this|that|our|your)\s+)?(?:(?P<named>[\w-]+(?:\s+[\w-]+)?)\s+)?(?:models?|predictions?|scores?)"
_QUALITY = re.compile(
    rf"^\W*(?:and\s+|so\s+)?(?:how\s+(?:good|accurate|reliable|sure|well|precise)\s+(?:is|are|was|does)\s+(?:it|that|this|{_MODEL})|"
    rf"(?:show\s+(?:me\s+)?)?(?:the\s+)?model\s+card(?:\s+(?:of|for)\s+(?:the\s+)?(?P<card>.+?))?|can\s+i\s+trust\s+"
    rf"(?:it|that|{_MODEL.replace('named', 'trust')}))\b.*$",
    re.I,
)
_LOOKS = re.compile(
    rf"^\W*(?:and\s+|so\s+)?what\s+(?:does|do|did)\s+(?:it|that|{_MODEL})\s+(?:look\s+at|use|consider|see|go\s+by|depend\s+on|rely\s+on).*$",
    re.I,
)
_WHAT_IF = re.compile(
    r"^\W*(?:and\s+|so\s+)?what\s+(?:if|happens\s+if|would\s+happen\s+if)\s+(?:the\s+|our\s+|all\s+)?(?P<what>.+?)\s+"
    r"(?:were\s+|was\s+|is\s+|are\s+|would\s+)?(?P<way>ris\w*|rose|increas\w+|grow\w*|grew|go(?:es)?\s+up|went\s+up|higher|more|fall\w*|fell|drop\w*|"
    r"decreas\w+|declin\w+|go(?:es)?\s+down|went\s+down|lower|doubl\w+|halv\w+)\s*(?:by\s+)?(?:(?P<size>\d+(?:[.,]\d+)?)\s*(?:%|percent|per\s+cent))?.*$",
    re.I,
)
_DAYS = re.compile(
    r"\b(?:in|over|for|during|within)?\s*(?:the\s+)?(?:next|coming|following)\s+(?P<count>\d{1,3})?\s*(?P<unit>day|week|month|quarter|year)s?'?\b",
    re.I,
)
_UNIT = {"day": 1, "week": 7, "month": 30, "quarter": 90, "year": 365}
_FALLS = re.compile(r"fall|fell|drop|decreas|declin|down|lower|halv", re.I)
_THE_ONE = (
    r"(?P<one>(?:(?:our|the)\s+)?(?:[a-z]+\s+)?(?:#|no\.?\s*|number\s+|id\s+)?[\w-]*\d[\w-]*|"
    r"[a-z]*\s*[\"“'][^\"”']+[\"”'])"
)
_CHANCE = r"(?:chances?|probability|likelihood|risk|odds)"
_ONES = tuple(
    re.compile(f"{_ASIDE}{words}\\W*$", re.I)
    for words in (
        rf"how\s+likely\s+is\s+(?:it\s+that\s+)?{_THE_ONE}\s+(?:will\s+|to\s+|is\s+(?:going\s+)?to\s+)?(?P<rest>.+?)",
        rf"(?:what(?:'s|\s+is|\s+are)\s+)?(?:the\s+)?{_CHANCE}\s+(?:that|of)\s+{_THE_ONE}\s+(?:will\s+|to\s+|is\s+going\s+to\s+)?(?P<rest>.+?)",
        rf"(?:will|is)\s+{_THE_ONE}\s+(?:(?:about|likely|going|set)\s+to\s+)?(?P<rest>.+?)",
        rf"(?:why\s+)?is\s+{_THE_ONE}\s+(?P<rest>at\s+risk)(?:\s+of\s+.+?)?",
        rf"(?P<rest>score)\s+{_THE_ONE}",
        rf"how\s+much\s+will\s+{_THE_ONE}\s+(?P<rest>spend|buy|pay)",
    )
)
_EVENT = tuple(
    re.compile(f"{_ASIDE}{words}\\W*$", re.I)
    for words in (
        rf"(?:who|which|what)\s*(?:of\s+(?:our|the)\s+)?(?P<who>(?:\w+\s+){{0,2}}?\w*)\s*{_SOON}\s+(?P<event>.+?)",
        r"(?:who|which|what)\s*(?:of\s+(?:our|the)\s+)?(?P<who>(?:\w+\s+){0,2}?\w*)\s*(?:is|are)\s+(?:most\s+)?at\s+(?:the\s+)?"
        r"(?:most\s+|highest\s+)?risk\s+of\s+(?:an?\s+)?(?P<event>.+?)",
        rf"(?:the\s+)?{_CHANCE}\s+of\s+(?:an?\s+)?(?P<event>.+?)\s+(?:by|per|for|of)\s+(?:each\s+|every\s+|all\s+)?(?P<who>\w+)",
        r"predict\s+(?:the\s+)?(?P<event>[a-z -]+?)"
        r"(?:\s+(?:by|per|for|of)\s+(?:each\s+|every\s+|all\s+)?(?P<who>\w+))?",
    )
)
_TO_STOP = re.compile(rf"^{_STOP}", re.I)
_ONE_PARTS = re.compile(
    r"^(?:(?:our|the)\s+)?(?:(?P<kind>[a-z]+)\s+)?(?:#|no\.?\s*|number\s+|id\s+)?(?P<key>[\w-]*\d[\w-]*|[\"“'].+[\"”'])$",
    re.I,
)
CHURN = re.compile(
    rf"^(?:customer\s+)?(?:{_STOP}|churn\w*|attrition|lapses|loss\s+of\s+customers|who\s+(?:leaves|stops))$", re.I
)


@dataclass(frozen=True)
class Wish:
    about: About
    goal: Literal["stop", "spend", ""] = ""
    who: str = ""
    """Whom it is about: "customers in Seattle"; empty: all, or those of before."""
    what: str = ""
    """The outcome, or what is supposed to change, in words."""
    days: int | None = None
    change: float | None = None
    """In percent, of what is supposed to change."""
    one: str = ""
    """The key or name of the one that it is about, where it is about one; `who` is then what that one is."""
    event: str = ""
    """An outcome other than stopping, in words: "miss their appointment"."""
    named: str = ""
    """The model, where the question names one."""


def wish(question: str) -> Wish | None:
    """None for a question that asks for no prediction of single things."""
    asked, days = question.strip(), None
    if ahead := _DAYS.search(asked):
        days = int(ahead["count"] or 1) * _UNIT[ahead["unit"].lower()]
        asked = re.sub(r"\s+", " ", asked[: ahead.start()] + " " + asked[ahead.end() :]).strip()
    if found := _LOOKS.match(asked):
        return Wish("drivers", named=found["named"] or "")
    if found := _QUALITY.match(asked):
        return Wish("quality", named=found["named"] or found["card"] or found["trust"] or "")
    if found := _WHAT_IF.match(asked):
        size = (
            float(found["size"].replace(",", ".")) if found["size"] else 100 if "doubl" in found["way"].lower() else 50
        )
        if not found["size"] and not re.search("doubl|halv", found["way"], re.I):
            size = 10.0
        return Wish("what_if", what=found["what"], change=-size if _FALLS.search(found["way"]) else size)
    if of_one := _one(asked, days):
        return of_one
    for pattern in (_AT_RISK, _WHO_STOPS, _RISK):
        if found := pattern.match(asked):
            rest = (found["rest"] or "").strip(" ?!.")
            return Wish("scores", "stop", " ".join(filter(None, [(found["who"] or "").strip(), rest])), days=days)
    if found := _SPEND.search(asked):
        return Wish("scores", "spend", found["who"] or found["other"] or found["which"], days=days)
    if found := _DRIVES.match(asked):
        return Wish("drivers", "stop" if CHURN.match(found["what"]) else "", what=found["what"], days=days)
    if found := _SCORE.match(asked):
        return Wish("scores", "", found["who"], days=days)
    if found := _PREDICT.match(asked):
        return Wish("scores", "stop" if CHURN.match(found["what"]) else "", what=found["what"], days=days)
    return None


def _one(asked: str, days: int | None) -> Wish | None:
    """Of one thing: "how likely is customer 42 to stop buying?"."""
    for pattern in _ONES:
        found = pattern.match(asked)
        parts = _ONE_PARTS.match(found["one"].strip()) if found else None
        if found is None or parts is None:
            continue
        key, rest = parts["key"].strip("\"“”'"), found["rest"].strip()
        goal: Literal["stop", "spend", ""] = (
            "spend" if re.match(r"(?:spend|buy|pay)$", rest, re.I)
            else "stop" if _TO_STOP.match(rest) or re.match(r"at\s+risk|score$", rest, re.I) else ""
        )  # fmt: skip
        return Wish("scores", goal, parts["kind"] or "", days=days, one=key, event="" if goal else rest)
    return None


def event_wish(question: str) -> Wish | None:
    """A question that may ask for an outcome other than stopping; whether the data records it, the model says."""
    asked, days = question.strip(), None
    if ahead := _DAYS.search(asked):
        days = int(ahead["count"] or 1) * _UNIT[ahead["unit"].lower()]
        asked = re.sub(r"\s+", " ", asked[: ahead.start()] + " " + asked[ahead.end() :]).strip()
    for pattern in _EVENT:
        found = pattern.match(asked)
        if found and not re.fullmatch(
            r"return(?:\s+(?:soon|again|back))?|come\s+back.{0,6}|buy.*|spend.*", found["event"], re.I
        ):
            return Wish("scores", who=(found["who"] or "").strip(), days=days, event=found["event"])
    if found := _DRIVES.match(asked):
        return Wish("drivers", days=days, event=found["what"], what=found["what"])
    return None
