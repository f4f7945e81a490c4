"""How a question in plain words asks whether a difference is more than chance, and what is left of it: the data that
it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_IS = r"^\W*(?:(?:and|so|but|ok|please|tell\s+me\s+(?:if|whether)|check\s+(?:if|whether)|test\s+(?:if|whether))\s+)*"
_SIGNIFICANT = (
    r"(?:(?:statistically\s+)?significant(?:ly)?|by\s+chance|just\s+(?:chance|noise|luck)|real(?=\W*$)|random(?=\W*$))"
)
_DIFFERENCE = re.compile(
    rf"{_IS}(?:is|are|was|were)\s+(?:there\s+)?(?:the|an?|any)?\s*(?:statistically\s+)?(?:significant(?:ly)?\s+|real\s+)?"
    r"(?:difference|gap)\s+(?P<rest>.+?)"
    rf"(?:\s+(?:statistically\s+)?(?:significant|real|random|just\s+chance|chance|noise))?\W*$",
    re.I,
)
_TEST = re.compile(
    r"^\W*(?:please\s+)?(?:(?:run\s+|do\s+)?an?\s+)?(?:significance\s+test|t-?test|a/?b\s+test|hypothesis\s+test|test\s+the\s+"
    r"(?:difference|significance))\s*(?:of|for|on|in|:|between)?\s+(?P<rest>.+)$",
    re.I,
)
_REALLY = re.compile(
    rf"{_IS}(?:is|are|was|were|do|does|did|has|have)\s+(?P<rest>.*?\b(?:really|significantly|actually|truly)\b.*"
    r"\b(?:than|differ\w*|from|vs\.?|versus|compared)\b.*)$",
    re.I,
)
_PERIOD = (
    r"(?:this|last|next|previous|january|february|march|april|may|june|july|august|september|october|november|december|"
    r"\d{4}\b|q\d|the\s+\w+\s+before)\b"
)
_ALONE = r"(?:usual|average|expected|ever|it|that|before)\b"
_BETTER = re.compile(
    rf"{_IS}(?:is|are|was|were)\s+(?:the\s+|our\s+)?(?P<one>(?!{_PERIOD}|{_ALONE}).+?)\s+(?:better|worse|stronger|weaker)\s+than\s+(?:the\s+|our\s+)?"
    rf"(?P<other>(?!{_PERIOD}|{_ALONE}).+?)\s+(?:in(?:\s+terms\s+of)?|at|for|on|by)\s+(?:the(?:ir)?\s+)?(?P<data>(?!{_PERIOD}).+?)\W*$",
    re.I,
)
_DIFFER = re.compile(
    rf"{_IS}(?:do|does|did)\s+(?:the\s+|our\s+)?(?P<groups>.+?)\s+(?:really\s+|significantly\s+)?differ\s+"
    r"(?:significantly\s+|really\s+)?(?:in|by)\s+(?:the(?:ir)?\s+)?(?P<data>.+?)\W*$",
    re.I,
)
_RELATED = re.compile(
    rf"{_IS}(?:(?:is|are|was|were)\s+(?:there\s+)?|what\s+is\s+|how\s+(?:strong(?:ly)?|much)\s+(?:is|are|do|does)\s+|do(?:es)?\s+|show\s+)?"
    r"(?:(?:the|an?|any)\s+)?(?:(?:strong|significant)\s+)?(?P<head>.*?)\s*"
    r"(?:correlat(?:ion|ed|es?|ing)|relationship|depend(?:s|ent|ence)?\s+on)\s*(?:between|of|with|on|to)?\s+(?P<tail>.+)$",
    re.I,
)
_LINKED = re.compile(
    rf"{_IS}(?:is|are|was|were)\s+there\s+(?:(?:an?|any|some)\s+)?(?:(?:strong|clear|real|significant)\s+)?(?:relation|link|connection|"
    r"association)s?\s+between\s+(?P<pair>.+?\s+and\s+.+?)\W*$",
    re.I,
)
_MATTERS = re.compile(
    rf"{_IS}do(?:es)?\s+(?:the\s+|our\s+|having\s+(?:an?\s+)?)?(?P<by>[\w -]+?)\s+(?:really\s+)?"
    r"(?:make\s+(?:an?|any)\s+(?:real\s+)?"
    r"(?:difference|impact)\s+(?:to|in|for|on)|have\s+(?:an?|any)\s+(?:real\s+)?(?:effect|impact|influence)\s+on)\s+(?:the\s+|our\s+)?"
    r"(?P<data>.+?)\W*$",
    re.I,
)
_BARE = re.compile(
    rf"{_IS}(?:is|was|are|were)\s+(?:it|that|this|these|they|those|(?:the|that|this)\s+(?:difference|change|gap))\s+"
    rf"(?:really\s+|statistically\s+|just\s+)?(?:{_SIGNIFICANT}|chance|noise|luck)\W*$",
    re.I,
)
_CHANCE = re.compile(rf"\b{_SIGNIFICANT}\b", re.I)
_SPARE = re.compile(r"\b(?:really|significantly|actually|truly|statistically)\b\s*", re.I)
_ORDER = re.compile(
    r"\b(?:(?:much\s+)?(?:higher|lower|better|worse|larger|bigger|smaller|greater|more|less|fewer)\s+)?than\b|"
    r"\bdiffer(?:ent|s)?\s+(?:from|between|to)\b",
    re.I,
)
_BETWEEN = re.compile(r"\b(?P<what>in|of|for)\s+(?P<data>.+?)\s+(?:between|of|for)\s+(?P<groups>.+)$", re.I)
_GROUPS_FIRST = re.compile(
    r"^\W*between\s+(?P<one>.+?)\s+and\s+(?P<other>.+?)(?:\s+(?:in|by|for)\s+(?P<data>.+))?$", re.I
)


_TRIAL = r"(?:(?:a/?b\s+)?(?:experiment|test|trial)|a/?b\s+test)"
_VARIANT = r"(?:variants?|variations?|versions?|arms?|treatments?|test\s+groups?|designs?)"
_BEST = re.compile(
    rf"^\W*(?:so\s+|and\s+)*(?:(?:which|what)\s+{_VARIANT}\s+(?:is|was|performs?|performed|did|does|wins?|won|works?|worked)"
    rf"(?:\s+(?:the\s+)?(?:best|better|winning|winner))?|who\s+won\s+the\s+{_TRIAL}|what\s+(?:is|was)\s+the\s+(?:best|winning)\s+"
    rf"{_VARIANT}|(?:how\s+did|what\s+came\s+of|results\s+of|result\s+of|did)\s+(?:the|our)\s+{_TRIAL}(?:\s+(?:go|work|succeed))?)\W*$",
    re.I,
)
_STOP = re.compile(
    rf"^\W*(?:so\s+|and\s+)*(?:(?:can|should|may|could)\s+(?:we|i)\s+(?:stop|end|finish|call|conclude)\s+(?:the|our|this)\s+{_TRIAL}"
    rf"(?:\s+(?:now|yet|already))?|(?:is|has)\s+(?:the|our|this)\s+{_TRIAL}\s+(?:still\s+running|over|done|finished|conclusive|"
    rf"significant|decided|run\s+long\s+enough)(?:\s+yet)?|(?:is|do\s+we\s+have)\s+(?:there\s+)?a\s+(?:clear\s+)?winner(?:\s+in\s+"
    rf"the\s+{_TRIAL})?(?:\s+yet)?|(?:do\s+we\s+have|is\s+there)\s+enough\s+data\s+(?:in|for|to\s+(?:stop|decide|end))\s+(?:the\s+)?{_TRIAL}"
    rf"|is\s+the\s+{_TRIAL}\s+still\s+running\W+(?:or\s+)?can\s+we\s+stop(?:\s+it)?)\W*$",
    re.I,
)


def of_experiment(question: str) -> Literal["best", "stop"] | None:
    """Whether it asks how an experiment goes, without saying by which figure."""
    asked = question.strip()
    return "stop" if _STOP.match(asked) else "best" if _BEST.match(asked) else None


@dataclass(frozen=True)
class Wish:
    rest: str
    about: Literal["difference", "relation"] = "difference"


def wish(question: str) -> Wish | None:
    """None for a question that asks for no test."""
    asked = question.strip()
    if _BARE.match(asked):
        return Wish("")
    if re.search(r"\bcorrelat|\brelationship\b", asked, re.I) and (found := _RELATED.match(asked)):
        text = f"{found['head']} and {found['tail']}" if found["head"].strip() else found["tail"]
        return Wish(_plain(re.sub(r"\s+(?:with|to)\s+", " and ", text, count=1)), "relation")
    if found := _LINKED.match(asked):
        return Wish(_plain(found["pair"]), "relation")
    if found := _MATTERS.match(asked):
        return Wish(f"{_plain(found['data'])} by {_plain(found['by'])}")
    if found := _DIFFERENCE.match(asked):
        return Wish(_groups(found["rest"])) if _CHANCE.search(asked) or " real" in asked.lower() else None
    if found := _DIFFER.match(asked):
        groups, data = _plain(found["groups"]), _plain(found["data"])
        return Wish(f"{data} of {_versus(groups)}" if " and " in groups else f"{data} by {groups}")
    if found := _BETTER.match(asked):
        return Wish(f"{_plain(found['data'])} of {_plain(found['one'])} vs {_plain(found['other'])}")
    for pattern in (_TEST, _REALLY):
        if found := pattern.match(asked):
            return Wish(_groups(found["rest"]))
    return None


def _groups(rest: str) -> str:
    """ "in average basket between homeowners and renters": "average basket of homeowners vs renters"."""
    rest = _plain(rest)
    if found := _BETWEEN.match(rest):
        return f"{found['data']} of {_versus(found['groups'])}"
    if found := _GROUPS_FIRST.match(rest):
        groups = f"{found['one']} vs {found['other']}"
        return f"{found['data']} of {groups}" if found["data"] else groups
    return re.sub(r"\s+", " ", _ORDER.sub(" vs ", rest)).strip()


def _versus(groups: str) -> str:
    return re.sub(r"\s+and\s+(?=[^,]+$)", " vs ", groups) if "," not in groups else groups


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", _SPARE.sub(" ", text)).strip(" ?!.")
