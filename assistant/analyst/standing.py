"""Whether a question asked in a conversation says all that it asks: then it is a new one, not a change of the last."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.analyst.follow_ups import ANAPHORA, OF_THOSE, SHIFT, SWAP
from assistant.analyst.item import Item
from knowledge.request import Request

_HANGS = re.compile(
    r"^\W*(and|also|but|now|then|ok(ay)?|so|only|just|same|instead|what about|how about|or|with|without|not|make|do|"
    r"show (it|that|them|those|only|just|me only|me just)|remove|drop|add|include|exclud\w+|except|which (of|ones?)|"
    r"can you|why not|what if|as an?|list them|who are they|what (?:is|was) (?:it|that)|by|per|sort|order|rank|limit|"
    r"filter|narrow|restrict|break|split|drill|group|the same)\b|\b(too|as well|also|instead)\W*$",
    re.I,
)
_WITHIN = re.compile(r"^\W*(in|for|on|during|since|compared)\b", re.I)
_SHORT, _LONG = 9, 6
"""Words: up to the first, "they" is whoever was asked about before; from the second on, "in May …" may say all."""


def stands_alone(question: str, items: Sequence[Item], request: Request, *, guessed: bool) -> bool:
    """`request`: what the question asks, read by itself. `guessed`: it doesn't say what to measure."""
    words = len(question.split())
    if _HANGS.search(question) or SWAP.search(question) or (words <= _SHORT and ANAPHORA.search(question)):
        return False
    if OF_THOSE.search(question):
        return False
    codes = "".join(i.code for i in items)
    if guessed:
        return _says_whose(codes, items, request) or _whole(question, items, request)
    if SHIFT.search(question) and request.period is None:
        return False  # "net sales the month before"
    if not request.measures:
        return codes[:1] in ("l", "q") and words > 3
    if re.match(r"\W*compare", question, re.I):
        return codes.count("w") > 1 or codes.count("v") > 1 or bool(request.fields)
    if _WITHIN.match(question):
        return words >= _LONG and bool(request.fields)
    return bool(request.fields or request.period or request.where) or codes[:1] == "q"


_SENTENCE = re.compile(
    r"^\W*(?:who|whose|which|what|where|when|how (?:much|many|often))\b.*?"
    r"(?:'s|'re|\b(?:is|are|was|were|do|does|did|has|have|had))\b",
    re.I,
)


_OURSELVES = re.compile(
    r"^\W*how(?:'s| is| are|'re) (?:we|business|things|it all|everything|the business) (?:doing|going)\b", re.I
)


def _whole(question: str, items: Sequence[Item], request: Request) -> bool:
    """A sentence of its own, of its own things: "who are our best customers", "how much did we sell in 2017"."""
    if _OURSELVES.search(question):
        return True
    if not _SENTENCE.search(question):
        return False
    ranks = any(i.code in "TsN" for i in items) and any(i.code in "dmf" for i in items)
    deed = any(i.code == "j" and any(o.kind in ("metric", "dataset") for o in i.options) for i in items)
    return ranks or (deed and (request.period is not None or bool(request.where)))


def _says_whose(codes: str, items: Sequence[Item], request: Request) -> bool:
    """ "which store sold the most", "list the 5 biggest baskets", "which grew the most from Q3 to Q4": what is measured
    goes without saying."""
    if not request.fields or codes[:1] not in ("q", "l", "T"):
        return False
    done = any(i.code == "j" and any(o.kind in ("metric", "dataset") for o in i.options) for i in items)
    listed = codes[:1] == "l" and any(c in codes[1:5] for c in "dm")
    filtered = codes[:1] == "T" and "v" in codes
    return done or listed or filtered or ("G" in codes and "w" in codes)
