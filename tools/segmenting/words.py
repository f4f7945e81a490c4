"""How a question in plain words asks what kinds of things there are, who comes back and what they will be worth, and
what is left of it: the things that are meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

About = Literal["kinds", "rfm", "cohorts", "returning", "lifetime"]

_ASIDE = (
    r"^\W*(?:(?:and|so|now|ok|okay|please|can\s+you|could\s+you|show\s+me|tell\s+me|give\s+me|list|i\s+want|let's|do|run|"
    r"make)\s+)*"
)
_OUR = r"(?:(?:the|our|my|all|these|those|an?|your)\s+)*"
_KINDS = r"(?:kinds?|types?|sorts?|groups?|segments?|clusters?|classes|profiles?|personas?|archetypes?)"
_COUNT = (
    r"(?:(?:in|into)\s+(?P<count>\d{1,2}|two|three|four|five|six|seven|eight)\s+(?:\w+\s+)?"
    r"(?:groups|segments|clusters|kinds|classes|parts))?"
)
_NUMBERS = {n: i for i, n in enumerate(["two", "three", "four", "five", "six", "seven", "eight"], 2)}
_WHAT_KINDS = re.compile(
    rf"{_ASIDE}(?:what|which)\s+(?:different\s+|distinct\s+)?(?P<kind>{_KINDS})\s+of\s+(?P<thing>.+?)\s+"
    r"(?:(?:do|did)\s+(?:we|i|they)\s+(?:have|serve|see|treat|get)|are\s+there|exist|come\s+to\s+us)(?P<rest>\b.*)$",
    re.I,
)
_SEGMENT = re.compile(
    rf"{_ASIDE}(?:segment|cluster|group|classify|divide|split|sort)\s+{_OUR}(?P<thing>(?:(?!\b(?:in|into)\s+(?:\d|two|three|four|five|six|seven|eight)).)+?)"
    rf"\s*{_COUNT}\s*(?P<how>(?:by|on|using|based\s+on|according\s+to)\s+.+?)?\W*$",
    re.I,
)
_CLUSTERS_OF = re.compile(
    rf"{_ASIDE}{_OUR}(?:cluster\s+analysis|segmentation|segmenting|clustering|clusters|(?:natural|behaviou?ral)\s+(?:segments|groups))\s+(?:of|for|among)\s+{_OUR}"
    rf"(?P<thing>.+?)\s*{_COUNT}\W*$",
    re.I,
)
_THING_SEGMENTATION = re.compile(
    rf"{_ASIDE}{_OUR}(?P<thing>[\w-]+)\s+(?:segmentation|clustering|clusters|personas)(?!\s+analysis)\s*{_COUNT}(?P<rest>.*)$",
    re.I,
)
_RFM = re.compile(r"\b(?:rfm|recency[ ,]+frequency)\b", re.I)
_RFM_WORDS = re.compile(
    r"\b(?:by|on|with|using|per|in|based\s+on|according\s+to|the|an?)?\s*(?:rfm|recency,?\s+frequency,?\s+(?:and\s+)?monetary(?:\s+value)?)"
    r"(?:\s+(?:scores?|analysis|segments?|segmentation|model|values?|groups?|table|ranking))*",
    re.I,
)
_COHORT = re.compile(r"\bcohorts?\b", re.I)
_RETENTION = re.compile(r"\b(?:retention|retained|retain)\b", re.I)
_BACK = re.compile(
    rf"{_ASIDE}(?:how\s+many|what\s+(?:share|part|percentage|percent|fraction|proportion)\s+of|which\s+(?:share|part|percentage)\s+of)\s+{_OUR}(?P<thing>.+?)\s+"
    r"(?:come|came|return(?:ed)?|are|were|buy|bought|order(?:ed)?|shop(?:ped)?|visit(?:ed)?)\s+(?:back|again|active\s+again|return(?:ed)?)?\s*"
    r"(?:in\s+)?(?:the\s+)?(?:next|following|month\s+after|after\s+(?:one|a))\s*(?P<grain>day|week|month|quarter|year)?\W*$",
    re.I,
)
_LIFETIME = re.compile(
    r"\b(?:(?:predicted\s+|expected\s+|future\s+|customer\s+)?(?:life\s?-?time\s+values?)|clv|cltv|ltv)\b", re.I
)
_GRAIN = re.compile(
    r"\b(?:by|per|each|every)\s+(?P<grain>day|week|month|quarter|year)s?\b|\b(?P<ly>daily|weekly|monthly|quarterly|yearly)\b",
    re.I,
)
_LY = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}
_AHEAD = re.compile(
    r"\b(?:over|in|for|within|during)\s+(?:the\s+)?(?:next|coming|following)\s+(?P<count>\d{1,3})?\s*(?P<unit>day|week|month|quarter|year)s?\b",
    re.I,
)
_MONTHS = {"day": 1 / 30.44, "week": 12 / 52, "month": 1, "quarter": 3, "year": 12}
_BEST = re.compile(
    rf"{_ASIDE}(?:who|which|what)\s+(?:are|is)\s+{_OUR}(?:best|top|worst|most\s+(?:valuable|loyal)|least\s+valuable)\s+"
    r"(?P<thing>[\w -]+?)\W*$",
    re.I,
)
_LEFT = re.compile(
    rf"{_ASIDE}(?:(?:what|which|who|how)(?:'s|\s+(?:is|are|was|were|much|high|many))?\s+)?"
    r"(?:(?:the|our|my|a|an|of|for|by|in|with|analysis|rates?|curves?|tables?|charts?|matrix|heat\s?map|average|predicted|expected|each|per|scores?|estimate[sd]?|calculate|compute|have|has|highest|best|top|most|value)\s+)*",
    re.I,
)


@dataclass(frozen=True)
class Wish:
    about: About
    rest: str
    """The things, with what limits them: "customers in Boston"; empty where the question names none."""
    count: int | None = None
    """Into how many kinds."""
    grain: str | None = None
    months: float | None = None
    """How far a value is looked ahead."""
    named: bool = False
    """The words are the analysis's own: "segment", "cluster", "RFM"; not "what kinds of"."""
    each: bool = False
    """Asked for the single things: who, which."""
    by: str = ""
    """The figures to tell them apart by, where they are named: "sales and returns"."""


def wish(question: str) -> Wish | None:
    """None for a question that asks for none of this."""
    asked = question.strip()
    if _RFM.search(asked):
        return _rfm(asked)
    if found := _BACK.match(asked):
        return Wish("returning", _plain(found["thing"]), grain=(found["grain"] or "month").lower(), named=True)
    if _COHORT.search(asked) or _RETENTION.search(asked):
        return _cohorts(asked)
    if _LIFETIME.search(asked):
        return _lifetime(asked)
    if found := _WHAT_KINDS.match(asked):
        return Wish(
            "kinds",
            _plain(f"{found['thing']}{found['rest']}"),
            named=bool(re.match("cluster|persona|archetype", found["kind"], re.I)),
        )
    for pattern in (_SEGMENT, _CLUSTERS_OF, _THING_SEGMENTATION):
        if found := pattern.match(asked):
            groups = found.groupdict()
            verb = re.search(r"\b(?:segment|cluster)", asked, re.I)
            if pattern is _SEGMENT and not verb and not groups["count"]:
                return None
            how = re.sub(
                r"^(?:by|on|using|based\s+on|according\s+to)\s+(?:their\s+)?", "", groups.get("how") or "", flags=re.I
            )
            by = "" if re.search(r"behaviou?r|habit|what\s+they|value|similar", how, re.I) else how
            return Wish(
                "kinds",
                _plain(f"{found['thing']}{groups.get('rest') or ''}"),
                _number(groups.get("count")),
                named=True,
                by=_plain(by),
            )
    return None


def _rfm(asked: str) -> Wish:
    each = bool(re.search(r"\b(?:who|which\s+(?!segments)|list|best|top|worst)\b", asked, re.I))
    left = re.sub(r"\s+", " ", _RFM_WORDS.sub(" ", asked)).strip(" ?!.,:")
    best = _BEST.match(left)
    rest = (
        best["thing"]
        if best
        else re.sub(r"^(?:segment|score|rank|group|for|of|by)\s+", "", _LEFT.sub("", left + " ").strip(), flags=re.I)
    )
    rest = re.sub(r"\b(?:segments?|segmentation|scores?|groups?)\b", "", rest, flags=re.I)
    return Wish("rfm", _plain(rest), named=True, each=each)


def _cohorts(asked: str) -> Wish | None:
    if not _COHORT.search(asked) and re.search(
        r"\b(?:employee|staff|earnings|tax|data|water|rate\s+of\s+pay)\b", asked, re.I
    ):
        return None
    grain, left = _taken(asked)
    left = re.sub(
        r"\b(?:cohorts?|retention|retained|retain|analysis|rates?|curves?|tables?|charts?|heat\s?maps?|matrix)\b",
        " ",
        left,
        flags=re.I,
    )
    left = re.sub(r"\b(?:we|do|did|does|are|over\s+time|well)\b", " ", left, flags=re.I)
    return Wish(
        "cohorts",
        _plain(_LEFT.sub("", re.sub(r"\s+", " ", left).strip() + " ")),
        grain=grain,
        named=bool(_COHORT.search(asked)),
    )


def _lifetime(asked: str) -> Wish:
    ahead = _AHEAD.search(asked)
    months = float(ahead["count"] or 1) * _MONTHS[ahead["unit"].lower()] if ahead else None
    each = bool(re.search(r"\b(?:who|which|list|top|highest|most\s+valuable)\b", asked, re.I))
    left = _AHEAD.sub(" ", _LIFETIME.sub(" ", asked))
    left = re.sub(
        r"\b(?:per|each|by|have|has|with|predict|forecast|estimate|project|the|highest|lowest|largest|most|least|valuable)\b",
        " ", left, flags=re.I,
    )  # fmt: skip
    return Wish(
        "lifetime", _plain(_LEFT.sub("", re.sub(r"\s+", " ", left).strip() + " ")), months=months, named=True, each=each
    )


def _taken(asked: str) -> tuple[str | None, str]:
    found = _GRAIN.search(asked)
    if found is None:
        return None, asked
    grain = (found["grain"] or _LY[found["ly"].lower()]).lower()
    return grain, asked[: found.start()] + " " + asked[found.end() :]


def _number(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if text.isdigit() else _NUMBERS[text.lower()]


def _plain(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip(" ?!.,:;")
    text = re.sub(rf"^(?:of|for|by|in|from)\s+|^{_OUR}", "", text, flags=re.I).strip()
    return re.sub(rf"^{_OUR}", "", text, flags=re.I).strip()
