"""Those who are equal to the last one of a ranking: "the most of each, *including ties*"."""

from __future__ import annotations

import re

from knowledge.request import FieldColumn, Having, Rank, Request

_TIES = re.compile(
    r",? ?\(?\b(?:including|include|with|keep(?:ing)?|show(?:ing)?|and) (?:any |all |the )?ties\b(?: included)?\)?"
    r"|,? ?\(?\bties (?:are |should be |being )?(?:included|kept|shown)\)?"
    r"|[.;,] ?(?:if|where|when|in case) [^.;?]*\bti(?:e|es|ed)\b[^.;?]*\b(?:all|both|each|every)\b[^.;?]*",
    re.I,
)


def without_ties(question: str) -> str:
    """The question without what it says of ties.

    >>> without_ties("the busiest dock of each port, including ties")
    'the busiest dock of each port'
    """
    return _TIES.sub("", question)


def with_ties(request: Request, question: str) -> Request:
    """The request with all that tie with the last one within its limit, where the question asks for them."""
    if not _TIES.search(question) or request.limit is None or request.offset or not request.order:
        return request
    by = request.order[-1].by if request.limit_per else request.order[0].by
    descending = request.order[-1 if request.limit_per else 0].descending
    if isinstance(by, FieldColumn):
        return request
    place = Having(measure=Rank(of=by, descending=descending, within=request.limit_per), op="<=", value=request.limit)
    return request.model_copy(update={"having": [*request.having, place], "limit": None, "limit_per": []})
