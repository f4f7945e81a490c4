"""How a question in plain words asks why a figure changed, and what is left of it: the data that it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.calendar import Calendar


def _any(words: str) -> str:
    return "(?:" + "|".join(w.replace("_", r"\s+") for w in words.split()) + ")"


_FALL = _any(
    "fall(?:en|ing|s)? fell drop(?:ped|ping|s)? declin(?:e[ds]?|ing) decreas(?:e[ds]?|ing) go(?:ne|ing)?_down "
    "went_down s[aiu]nk(?:ing)? shr[aiu]nk(?:ing)? slump(?:ed|ing)? plung(?:e[ds]?|ing) plummet(?:ed|ing)? "
    "crash(?:ed|ing)? collaps(?:e[ds]?|ing) dip(?:ped|ping)? slid(?:e|ing)? worse(?:n(?:ed|ing)?)? lower down "
    "(?:so_)?(?:low|bad) weak(?:er)? poor less fewer reduction lost los(?:e|ing)"
)
_RISE = _any(
    "ris(?:e[sn]?|ing) rose go(?:ne|ing)?_up went_up grow(?:n|ing|s|th)? grew increas(?:e[ds]?|ing) climb(?:ed|ing)? "
    "jump(?:ed|ing)? soar(?:ed|ing)? surg(?:e[ds]?|ing) spik(?:e[ds]?|ing) improv(?:e[ds]?|ing|ement) gain(?:ed)? "
    "higher up better (?:so_)?(?:high|good) strong(?:er)? more"
)
_CHANGE = _any(
    "chang(?:e[ds]?|ing) mov(?:e[ds]?|ing) differ(?:s|ed|ent|ence)? var(?:y|ied) shift(?:ed)? swing development "
    "fluctuat(?:e[ds]?|ion)"
)
_MOVE = f"(?:{_FALL}|{_RISE}|{_CHANGE})"
_SO_MUCH = rf"(?:so\s+|that\s+|this\s+)?{_any('much sharply strongly suddenly a_lot significantly badly quickly fast')}"
_ASIDE = (
    r"^\W*(?:(?:and|so|but|ok|okay|please|now|can\s+you|could\s+you|tell\s+me|do\s+you\s+know|any\s+idea)\s+)*"
    r"(?:explain\s+(?=why|what|how))?"
)
_CAUSES = r"(?:main\s+|root\s+|biggest\s+)*(?:reason|cause|driver|factor)s?"
_CAUSED = (
    r"(?:mainly\s+|mostly\s+)?(?:caus(?:ed|ing|es)|dr(?:ove|iv(?:es|ing|en))|explain(?:s|ed)|led\s+to|"
    r"(?:is\s+|was\s+)?behind|brought\s+about)"
)
_DID = r"(?:(?:did|do|does|have|has|had|are|is|were|was)(?:n't|\s+not)?\s+)"
_BARE = re.compile(
    rf"{_ASIDE}(?:why(?:\s+{_DID}?(?:that|this|it)(?:\s+(?:so|happen(?:ed)?|{_MOVE}))?)?|how\s+come|what\s+happened|"
    rf"what\s+{_CAUSED}\s+(?:that|this|it)|what\s+(?:is|was)\s+the\s+{_CAUSES}|"
    rf"explain(?:\s+(?:that|this|it|the\s+{_CHANGE}))?|for\s+what\s+reason)(?:\s+{_SO_MUCH})?\W*$",
    re.I,
)
_WHY = re.compile(rf"{_ASIDE}(?:why|how\s+come(?:\s+that)?|for\s+what\s+reasons?)\s+{_DID}?(?P<rest>.+)$", re.I)
_WHAT_CAUSED = re.compile(
    rf"{_ASIDE}(?:what(?:'s|\s+is|\s+are|\s+was|\s+were|\s+has|\s+have)?|which\s+\w+)\s+"
    rf"(?:(?:the\s+)?{_CAUSES}\s+(?:for|of|behind)|{_CAUSED})\s+(?P<rest>.+)$",
    re.I,
)
_EXPLAIN = re.compile(
    rf"{_ASIDE}(?:explain|analy[sz]e|decompose|(?:give\s+me\s+)?(?:the\s+)?{_CAUSES}\s+(?:for|of|behind))\s+"
    rf"(?P<rest>(?:the\s+|this\s+|our\s+)?(?:[\w-]+\s+){{0,3}}?{_MOVE}\b.*)$",
    re.I,
)
_HAPPENED = re.compile(rf"{_ASIDE}what\s+(?:has\s+)?happened\s+(?:to|with)\s+(?P<rest>.+)$", re.I)
_NAMED = re.compile(rf"{_ASIDE}(?:an?\s+|the\s+)?explanation\s+(?:of|for)\s+(?P<rest>.+)$", re.I)
_NOUN = re.compile(rf"^\W*(?:(?:the|a|an|this|that|our)\s+(?:\w+\s+)?)?{_MOVE}\s+(?:in|of|to)\s+(?=[a-z])", re.I)
_MOVED = re.compile(rf"\b(?:been\s+|being\s+|getting\s+)?{_MOVE}\b(?:\s+{_SO_MUCH}\b)?", re.I)
_LEFT = re.compile(rf"\b{_SO_MUCH}\b|^\W*(?:{_DID}|(?:we|they)\s+(?:have\s+)?|there\s+(?:an?\s+)?)", re.I)
_FROM_TO = re.compile(r"\b(?:from|between)\s+(?P<then>[\w' ]+?)\s+(?:to|and)\s+(?P<now>[\w' ]+?)(?=\W*$)", re.I)
_THAN = re.compile(r"\b(?:than(?:\s+in)?|(?:from|against)(?=\s+(?:last|the)\s))\s+", re.I)
_ALWAYS = re.compile(rf"{_ASIDE}(?:why|how\s+come)\s+(?:do|does|are|is)\b", re.I)
"""What is so, not what came to be so, if no time is named: "why do renters spend less?"."""
_GOING_ON = re.compile(r"\w(?:ing|ed)\b|\b(?:up|down)\b", re.I)


@dataclass(frozen=True)
class Wish:
    """What a question wants explained."""

    rest: str
    direction: int = 0
    """1 where it says that the figure rose, -1 that it fell."""


def wish(question: str, calendar: Calendar) -> Wish | None:
    """None for a question that does not ask why a figure changed."""
    asked = question.strip()
    if found := _BARE.match(asked):
        return Wish("", _direction(found[0]))
    for pattern in (_WHY, _WHAT_CAUSED, _EXPLAIN, _HAPPENED, _NAMED):
        found = pattern.match(asked)
        if found and (pattern in (_HAPPENED, _NAMED) or _MOVED.search(found["rest"])):
            timed = any(m.kind in ("window", "comparison") for m in calendar.find(asked))
            if _ALWAYS.match(asked) and not timed and not _GOING_ON.search(found["rest"]):
                return None
            return Wish(_periods(_data(found["rest"], calendar), calendar), _direction(found["rest"]))
    return None


def _direction(text: str) -> int:
    found = _MOVED.search(text)
    if found is None or re.search(rf"\b{_CHANGE}\b", found[0], re.I):
        return 0
    return -1 if re.search(rf"\b{_FALL}\b", found[0], re.I) else 1


def _data(rest: str, calendar: Calendar) -> str:
    """ "the fall in sales in November": "sales in November"; "sales fall so much in November": the same."""
    found = _NOUN.match(rest)
    if found and calendar.read(rest[found.end() :].strip(" ?!.")) is None:
        return rest[found.end() :]
    text = _LEFT.sub(" ", _MOVED.sub(" ", rest, count=1))
    return re.sub(r"\s+", " ", text).strip(" ?!.")


def _periods(rest: str, calendar: Calendar) -> str:
    """ "sales from October to November": "sales in November vs October"."""
    found = _FROM_TO.search(rest)
    if found is None:
        return _THAN.sub("vs ", rest)
    now, then = calendar.read(found["now"]), calendar.read(found["then"])
    return rest if now is None or then is None else f"{rest[: found.start()]}in {found['now']} vs {found['then']}"
