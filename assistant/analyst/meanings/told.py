"""What comes with a question, taken apart: what words are said to mean, and what else is said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from knowledge.words import plural, singular

_SENTENCE = re.compile(r"\n+|(?<=[.!])\s+(?=[\"“(]?[a-z]?[A-Z0-9])")
_NAME = r"[\w'/%&-]+(?: [\w'/%&-]+){0,5}?"
_SIGN = (
    r"(?:\s*:?=\s*|\s*:\s+|,? (?:is|are) (?:(?:defined|calculated|computed|measured|worked out|counted) as|given by)\s+"
    r"|,? (?:means?(?: that)?|refers? to|stands? for|equals?|counts? as|(?:is|are) the same as)\s+)"
)
_STATED = re.compile(
    rf"^(?:an? |the |our |any )?(?P<term>{_NAME})(?:\s*\((?P<name>[^()]{{2,60}})\))?{_SIGN}(?P<what>.+)$", re.I | re.S
)
_BY_MEANT = re.compile(
    rf"^(?:by|with|when we say|if we say) [\"“']?(?P<term>{_NAME})[\"”']?,? (?:we|i|is|they) meant? (?P<what>.+)$",
    re.I | re.S,
)
_WE_CALL = re.compile(
    r"^(?:we call |call )an? (?P<noun>[\w-]+(?: [\w-]+)?) (?P<adj>[\w-]+) (?P<if>if|when|whenever|once) (?P<what>.+)$",
    re.I,
)
_CALLED = re.compile(
    rf"^(?:we |people |staff |our staff )?(?:call|refer to|describe|count|treat|regard|consider) (?P<what>.+) "
    rf"(?:as )?an? "
    rf"(?P<term>{_NAME})$|^(?P<what2>.+?) (?:are|is|get) (?:called|known as|referred to as|named)(?: an?| our"
    rf"| the)? (?P<term2>{_NAME})$",
    re.I,
)
_IS_IF = re.compile(
    r"^(?:an? |any |each |the )?(?P<noun>[\w-]+(?: [\w-]+)?) (?:is|are|counts? as|is called|is considered) "
    r"(?P<adj>[\w-]+(?: [\w-]+)?) (?P<if>if|when|whenever|once|only if|as soon as) (?P<what>.+)$",
    re.I | re.S,
)
_HAS_IF = re.compile(
    r"^(?:an? |any |each |the )?(?P<noun>[\w-]+(?: [\w-]+)?) (?:has|have) (?P<adj>[\w-]+) (?:if|when|once|as soon as) "
    r"(?P<what>.+)$",
    re.I | re.S,
)
_IS_ONE = re.compile(
    rf"^(?:an? |the |our |any )?(?P<term>{_NAME}) (?:is|are) (?P<what>(?:an? |any |one |ones |those |all "
    rf"|every )[\w-].+|[\w-]+(?: [\w-]+)? (?:whose|with|without|who|which|that)\b.+)$",
    re.I | re.S,
)
_HAS = re.compile(rf"^(?:an? |the |our )?(?P<term>{_NAME}) (?P<what>(?:has|have|had|was|were) .+)$", re.I | re.S)
_IS = re.compile(rf"^(?:the |our |an? )?(?P<term>{_NAME}) (?:is|are) (?P<what>.+)$", re.I | re.S)
_OPENS = re.compile(
    r"^(?:to|if|when|where|for|only|all|always|never|never|do|don't|use|join|match|truncate|filter|exclude|include|"
    r"ignore|leave|count|report|show|list|return|note|please|round|amounts?|days?|dates?|names?|times?|each|every"
    r"|there|"
    r"this|it|its|that|these|those|they|we|you|no|weeks?|months?|missing|both|in|on|by|sort|order)(?![\w-])",
    re.I,
)
_SHORT = re.compile(r"^(?:[A-Z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9%/-]*|[A-Z]{2,})$")
_EQUALS = re.compile(r"\s+:?=\s+(?!['\"\d])|:\s+(?=\S)")
_QUOTED = re.compile(r"^(?P<said>[^'\"]*)$")
_FIGURE = re.compile(
    r"^(?:the )?(?:distinct|different|unique|number|total|sum|average|mean|median|share|percentage|percent|ratio"
    r"|count|amount|difference|time|"
    r"\d+(?:\.\d+)? ?(?:%|percent|per cent) of|days|hours|minutes|months|years|highest|lowest|maximum|minimum)\b"
    r"|\b(?:less|minus|plus|times|divided by|multiplied by|per|as a percentage of)\b|[/*+−]|\s[-–]\s|\b[A-Z]{3,}\(",
    re.I,
)


@dataclass(frozen=True)
class Meaning:
    """`said`: what it is called, the shortest first; `what`: the words for what it means; `kind`: whether it is a kind
    of things (True), a figure (False), or either (None). `noun` is what a kind is a kind of, where that is told;
    `notes` are the sentences that go on about it."""

    said: tuple[str, ...]
    what: str
    kind: bool | None
    noun: str | None = None
    notes: tuple[str, ...] = field(default=())
    text: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(_said(name) for name in sorted(self.said, key=len, reverse=True)))


def _said(name: str) -> str:
    """A name as it may be written: in several, with hyphens, in capitals only if it is all capitals."""
    if _SHORT.match(name):
        return rf"(?<![\w-]){re.escape(name)}s?(?![\w-])"
    words = re.split(r"[\s-]+", name.lower())
    ends = {words[-1], plural(singular(words[-1])), singular(words[-1])}
    last = "(?:" + "|".join(map(re.escape, sorted(ends, key=len, reverse=True))) + ")"
    return r"(?i:(?<![\w-])" + r"[\s-]+".join([*map(re.escape, words[:-1]), last]) + r"(?![\w-]))"


def taken_apart(instructions: str) -> tuple[list[Meaning], list[str]]:
    """The meanings that instructions give, and the other sentences, in order. A sentence that follows a meaning on its
    line is a note to it as well.

    >>> means, rest = taken_apart("AOV (average order value) = total / orders. Weeks start on Sunday.")
    >>> means[0].said, means[0].what, rest
    (('AOV', 'average order value'), 'total / orders', ['Weeks start on Sunday.'])
    """
    found: list[Meaning] = []
    rest: list[str] = []
    for line in instructions.splitlines():
        last: int | None = None
        for sentence in (s.strip() for s in _SENTENCE.split(line)):
            if not sentence:
                continue
            if meaning := read_meaning(sentence):
                found.append(meaning)
                last = len(found) - 1
                continue
            rest.append(sentence)
            if last is not None:
                one = found[last]
                found[last] = Meaning(
                    one.said, one.what, one.kind, one.noun, (*one.notes, sentence), f"{one.text} {sentence}"
                )
    return found, rest


def read_meaning(sentence: str) -> Meaning | None:
    text = sentence.strip().rstrip(" .;!")
    if told := _WE_CALL.match(text):
        return Meaning((f"{told['adj']} {told['noun']}",), f"if {told['what']}", True, told["noun"], text=sentence)
    if (told := _IS_IF.match(text)) and not _OPENS.match(told["noun"]):
        return Meaning((f"{told['adj']} {told['noun']}",), f"if {told['what']}", True, told["noun"], text=sentence)
    if (told := _HAS_IF.match(text)) and not _OPENS.match(told["noun"]):
        what = re.split(r";", told["what"])[0]
        return Meaning((f"{told['adj']} {told['noun']}",), f"if {what}", True, told["noun"], text=sentence)
    if told := _CALLED.match(text):
        what, term = told["what"] or told["what2"], told["term"] or told["term2"]
        return _meant([term], what, sentence, kind=True)
    if told := _BY_MEANT.match(text):
        return _meant([told["term"]], told["what"], sentence)
    if (told := _STATED.match(text)) and not _OPENS.match(told["term"]):
        names = [told["term"], *([told["name"]] if told["name"] else [])]
        parts = _EQUALS.split(told["what"])
        if any(re.search(r'[;,"“]', part) for part in parts[:-1]):
            return None  # a list of names and what each means
        names += [p.strip() for p in parts[:-1] if len(p.split()) < 7 and not _FIGURE.search(p)]
        return _meant(names, parts[-1], sentence)
    if (told := _IS_ONE.match(text)) and not _OPENS.match(told["term"]):
        figure = _FIGURE.search(re.sub(r"^an? ", "", told["what"]))
        return _meant([told["term"]], told["what"], sentence, kind=None if figure else True)
    if (told := _IS.match(text)) and not _OPENS.match(told["term"]) and _FIGURE.search(told["what"]):
        return _meant([told["term"]], told["what"], sentence, kind=False)
    if (told := _HAS.match(text)) and not _OPENS.match(told["term"]) and len(told["term"].split()) > 1:
        return _meant([told["term"]], told["what"], sentence, kind=True)
    return None


def _meant(names: list[str], what: str, sentence: str, kind: bool | None = None) -> Meaning:
    names = sorted({n.strip(" \"'“”") for n in names}, key=len)
    return Meaning(tuple(names), what.strip(" ,"), kind, text=sentence)


def is_figure(what: str) -> bool:
    """Whether the words for what something means are a formula or open like a figure."""
    return _FIGURE.search(re.sub(r"^an? ", "", what)) is not None


def is_short(name: str) -> bool:
    """Whether a name is a short one in capitals: MRR, AccR."""
    return _SHORT.match(name) is not None
