"""Words of the business, as instructions in plain English define them: "On-time rate = …", "A frequent flyer is a
patient with at least four completed visits", "Net revenue is the amount less the discount", "Only report …", "… never
count".

The question is rewritten in what they mean, which the reader then reads as if it had been asked so. (Names in capitals
and formulas are `definitions`' matter.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.words import plural, singular

_SENTENCE = re.compile(r"(?<=[.;!])\s+|\n+")
_IS = r"(?:=|:=|means?(?: that)?|is defined as|is calculated as|is computed as|refers? to|stands? for|runs|are|is)"
_DEFINES = re.compile(
    rf"^(?P<article>an? |the |our )?(?P<term>[\w'-]+(?: [\w'-]+){{0,3}}?)(?: (?:of|for) an? \w+)? (?P<is>{_IS}) "
    r"(?P<what>.+)$", re.I,
)  # fmt: skip
_KIND = re.compile(
    r"^(?P<one>an? )?(?P<noun>[\w-]+(?: [\w-]+)?) (?P<rest>(?:with|that|who|whose|which|in|of|having)\b.+)$", re.I
)
_FIGURE = re.compile(
    r"^(?:the )?(?:number|total|sum|average|mean|median|share|percentage|ratio|count|amount|difference|time|days)\b"
    r"|\b(?:less|minus|plus|times|divided by|multiplied by)\b|[/*+−]", re.I,
)  # fmt: skip
_ONLY = re.compile(
    r"^(?:only|just) (?:report|count|include|show|list|consider|return) (?P<what>.+)$"
    r"|^(?:report|count|include|show|list|consider) only (?P<other>.+)$", re.I,
)  # fmt: skip
_NEVER = re.compile(
    r"^(?P<what>[\w' -]+?) (?:(?:are|is|do|does|must|should) )?(?:never|not|ignored|excluded|left out|disregarded)"
    r"(?: be)?(?: (?:count(?:s|ed)?|included|considered))?(?: as \w+)?$", re.I,
)  # fmt: skip
_IN_SQL = re.compile(r"\b[A-Z]{2,}_?[A-Z]+\b.*'|\b[A-Z_]{4,}\(|\b\w+_\w+\b")
_RATE = re.compile(r"\b(?:rate|percentage|percent|share|ratio in percent)\b", re.I)
_PERCENT = re.compile(r",? (?:as a|in) (?:percentage|percent|%)$", re.I)
_ALWAYS = re.compile(
    r",? (?:over|of|for|at) (?:all|any|the whole) time\b|,? ever$|\s*\(not [^()]*\)|\s*\([^()]*\bcounts? as zero\)",
    re.I,
)
_OF_SOME = re.compile(
    r",? (?:over|for|of|among|across|(?:looking|counting|considering|based)(?: only)?(?: at| on)?|only) "
    r"(?:only )?(?P<which>[\w' -]+?)(?: only)?$", re.I,
)  # fmt: skip
_STRETCH = re.compile(
    r"^from (?P<span>.+? (?:to|until|through) .+?)(?:,? (?:both|all) [\w ]*(?:included|inclusive))?$", re.I
)
_NOTES = re.compile(
    r",? (?:summed|added up|in total|all told)(?: up)?$|,? (?:both|all)(?: [\w]+)? (?:included|inclusive)$"
    r"|,? (?:with|where) rank 1\b.*$|[;,] (?:shows|those|things|[\w]+) with the same [\w ]+ share a rank$", re.I,
)  # fmt: skip
_RANK = re.compile(r"^(?:the )?(?:[\w]+ )?rank(?:ing)?(?: of [\w ]+?)? (?:by|according to|based on) ", re.I)
_MOVED = re.compile(
    r"^\(?(?P<what>.+?) (?:in|of|for) (?:the|a|this|each|given) (?P<grain>day|week|month|quarter|year)"
    r"(?: minus| less| -|-) (?:the )?(?P=what) (?:in|of|for) (?:the|its) "
    r"(?:previous|prior|last|preceding) (?P=grain)\)?"
    r"(?P<of>\s*(?:/|divided by).+)?$",
    re.I,
)
_COUNTS = re.compile(
    r"^(?:the )?(?:number|count|total|sum|average|amount|mean|median|value|revenue|cost|price)\b", re.I
)


@dataclass(frozen=True)
class Term:
    """A word of the business. `kind`: what is called so is a kind of things, rather than a figure."""

    said: str
    means: str
    kind: bool


def in_plain_words(question: str, instructions: str | None) -> tuple[str, str | None]:
    """The question with the terms that it uses put in what they mean, and what is left of the instructions.

    >>> in_plain_words("List our heavy users.", "A heavy user is a user with at least 9 visits, over all time.")
    ('List our users with at least 9 visits.', None)
    >>> in_plain_words("on-time rate by port", "On-time rate = landings before 9 am / all landings.")[0]
    'number of landings before 9 am as a percentage of number of landings by port'
    """
    if not instructions:
        return question, instructions
    terms: list[Term] = []
    limits, left = [], []
    for sentence in (s.strip() for s in _SENTENCE.split(instructions)):
        text = sentence.rstrip(" .;!")
        if only := _ONLY.match(text):
            limits.append(f", only {only['what'] or only['other']}")
        elif (never := _NEVER.match(text)) and not re.search(r"\b(?:use|used|maintained)\b", text):
            limits.append(f", excluding {never['what'][:1].lower()}{never['what'][1:]}")
        elif term := _term(text):
            terms.append(term)
        elif sentence:
            left.append(sentence)
    used = _used(question, terms)
    if not used:
        return question, instructions
    for _ in range(2):  # a meaning may use another term
        for term in sorted(used, key=lambda t: -len(t.said)):
            question = _pattern(term).sub(lambda _, said=term.means: said, question)  # type: ignore[misc]
    question = re.sub(r"(?:, | )(?:each|in total)(?=[?.]?$)", "", question) if limits else question
    end = re.search(r"[?.!\s]*$", question)
    at = end.start() if end else len(question)
    return question[:at] + "".join(limits) + question[at:], " ".join(left) or None


def _term(text: str) -> Term | None:
    found = _DEFINES.match(text)
    if found is None or re.search(r"[A-Z]\w*[A-Z]", found["term"]) or _IN_SQL.search(found["what"]):
        return None
    said, sign = found["term"].strip().lower(), found["is"].lower()
    what = _NOTES.sub("", _ALWAYS.sub("", found["what"])).strip(" ,")
    if sign == "runs":
        span = _STRETCH.match(what)
        return Term(said, f"period from {span['span']}", False) if span else None
    kind = _KIND.match(what)
    one = (found["article"] or "").strip().lower() in ("a", "an") and kind is not None and kind["one"]
    if kind is not None and (one or (sign in ("=", ":=") and not _FIGURE.search(what))):
        return Term(said, f"{plural(kind['noun'])} {_many(kind['rest'])}", True)
    if sign in ("is", "are") and not (_FIGURE.search(what) and found["article"] is None):
        return None
    if sign in ("is", "are") and re.match(r"(?:an? |not\b|in\b|the (?!number|total|sum|average|amount))", what):
        figure = re.search(r"\b(?:less|minus|plus|times|divided by)\b", what)
        if not figure:
            return None
    return Term(said, _figure(said, what), False)


def _many(rest: str) -> str:
    """ "whose average lag is …", "that has …", said of several."""
    return re.sub(r"^(that|who|which) has\b", r"\1 have", rest)


def _figure(said: str, what: str) -> str:
    if moved := _MOVED.match(what):
        change = "percent change" if moved["of"] else "change"
        return f"{change} in {re.sub('^(the|a) ', '', moved['what'])} from the previous {moved['grain']}"
    if ranks := _RANK.match(what):
        return f"rank by {what[ranks.end() :]}"
    percent = bool(_PERCENT.search(what)) or bool(_RATE.search(said))
    what = _PERCENT.sub("", what)
    parts = re.split(r"\s+/\s+|\s+divided by\s+", what)
    if len(parts) != 2:
        return what
    some = _OF_SOME.search(parts[1]) if "," in parts[1] else None
    below = parts[1][: some.start()] if some else parts[1]
    sides = [_counted(side) for side in (parts[0], below)]
    return f"{sides[0]} {'as a percentage of' if percent else 'divided by'} {sides[1]}" + (
        f" for {some['which']}" if some else ""
    )


def _counted(side: str) -> str:
    """A side of a ratio that names things is how many there are."""
    side = side.strip(" ()")
    if _COUNTS.match(side) or re.search(r"\b(?:amount|total|number|sum)\b", side.split(" of ")[0]):
        return side
    return f"number of {re.sub(r'^all (?:the )?', '', side)}"


def _pattern(term: Term) -> re.Pattern[str]:
    words = re.split(r"[\s-]+", term.said)
    last = rf"(?:{re.escape(words[-1])}|{re.escape(plural(singular(words[-1])))}|{re.escape(singular(words[-1]))})"
    return re.compile(r"(?<![\w-])" + r"[\s-]+".join([*map(re.escape, words[:-1]), last]) + r"(?![\w-])", re.I)


def _used(question: str, terms: list[Term]) -> list[Term]:
    """The terms that the question uses, and those that their meanings use."""
    used = [t for t in terms if _pattern(t).search(question)]
    further = [t for t in terms if t not in used and any(_pattern(t).search(u.means) for u in used)]
    return [*used, *further]


def names_defined(instructions: str | None) -> list[str]:
    """What the instructions say the meaning of, as it is called.

    >>> names_defined("Late rate = late parcels / all parcels. AOV (average order value) = total / orders.")
    ['Late rate', 'AOV', 'average order value']
    """
    found: list[str] = []
    for sentence in _SENTENCE.split(instructions or ""):
        if told := _NAMED.match(sentence.strip()):
            found += [name.strip() for name in (told["term"], told["name"]) if name]
    return found


_NAMED = re.compile(
    rf"^(?:an? |the |our )?(?P<term>[\w'-]+(?: [\w'-]+){{0,3}}?)(?:\s*\((?P<name>[^()]{{3,60}})\))?\s*{_IS}\s", re.I
)
_SUBJECT = re.compile(
    r"^(?:an? |the |our |any |each )?(?P<term>[\w'-]+(?: [\w'-]+){0,2}?) (?:is|are|means?|starts?|begins?|runs?|=|:)",
    re.I,
)


def asked_about(sentence: str, question: str) -> bool:
    """Whether a sentence says what something is that the question asks about by that name.

    >>> asked_about("Our fiscal year starts on 1 July.", "total sales per fiscal year")
    True
    >>> asked_about("The active flag is not maintained.", "How many active users are there?")
    False
    """
    found = None if _IN_SQL.search(sentence) else _SUBJECT.match(sentence.strip())
    return found is not None and _pattern(Term(found["term"].lower(), "", False)).search(question) is not None
