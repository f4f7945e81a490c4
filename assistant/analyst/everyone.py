"""Groups of which there is nothing: "orders of all customers", "…, including those without any"."""

from __future__ import annotations

import re

from assistant.analyst.schema import Schema
from knowledge.request import Compare, Exists, Request
from knowledge.words import lemma

_ALL = re.compile(
    r"\b(?:all|every|every single|each and every)(?: of)?(?: the| our| my)? (?P<what>[\w-]+(?: [\w-]+)?)\b"
    r"(?! (?:that|who|which) (?:has|have|had|got)\b(?! no| never| not|n't)| with (?!no |none|zero )"
    r"| having (?!no |none))",
    re.I,
)
_NONE_TOO = re.compile(
    r"\b(?:including|include|includes|even|also|and|with) (?:the |those |any |also )*(?:\w+ )?(?:of )?"
    r"(?:(?:that|who|which) (?:have|has|had|got) (?:no|none)|"
    r"(?:nobody|no one) (?:has |have |ever )*\w+|with no|with none|with zero|without|"
    r"(?:that|who|which) (?:have|has|had)(?:n't| not| never)|(?:that|who|which) never|"
    r"(?:that|who|which) (?:don't|do not|did not|didn't) have)\b|\beven if (?:they|it) (?:have|has|had|is|are)\b",
    re.I,
)

_OF_EACH = re.compile(r"\b(?:and|plus) how (?:many|much|often) [^?.]*\b(?:each|every one)\b(?: of them)?", re.I)


def with_everyone(request: Request, question: str, schema: Schema) -> Request:
    """The request with a group for each row of a dataset, where the question asks for all of them by name."""
    thing = _all_of(request, question, schema)
    if thing is None:
        return request
    key = schema.key(thing)
    where = list(request.where)
    if key and _may_be_nobodys(request, thing, schema):
        where.append(Compare(field=key, op="not_null"))
    return request.model_copy(update={"every": thing, "where": where})


def _all_of(request: Request, question: str, schema: Schema) -> str | None:
    """What each row of is a group, and is asked for whether or not there is anything of it."""
    measured = {d for c in request.measures for d in schema.datasets_of(c.measure)}
    groups = [str(c.field) for c in request.fields]
    if (
        not measured
        or not groups
        or request.limit is not None
        or request.having
        or request.compare_to
        or request.across
    ):
        return None
    if any(c.grain or c.part for c in request.fields) or any("@" in g or " " in g for g in groups):
        return None
    owners = {schema.owner(g) for g in groups}
    things = [d for d in owners if d not in measured and all(schema.belongs_to(d, o) for o in owners)]
    if (
        len(things) != 1
        or not all(schema.belongs_to(m, things[0]) for m in measured)
        or not _each_row(things[0], groups, schema)
    ):
        return None
    if any(isinstance(c, Exists) for c in request.where):
        return None
    words = [{lemma(w) for w in m["what"].lower().split()} for m in _ALL.finditer(question)]
    named = any(schema.noun(things[0]) & said for said in words)
    own = all(isinstance(c, Compare) and schema.owner(str(c.field)) == things[0] for c in request.where)
    each = own and bool(request.where) and _OF_EACH.search(question)
    return things[0] if named or each or _NONE_TOO.search(question) else None


def _each_row(thing: str, groups: list[str], schema: Schema) -> bool:
    """Whether the groups are the rows of a dataset, told apart by its key or its name."""
    entry = schema.model.dataset(thing)
    own = {g.rpartition(".")[2] for g in groups if schema.owner(g) == thing}
    return bool(own & {*entry.primary_key, entry.name_field})


def _may_be_nobodys(request: Request, thing: str, schema: Schema) -> bool:
    return any(schema.may_lack(d, thing) for c in request.measures for d in schema.datasets_of(c.measure))
