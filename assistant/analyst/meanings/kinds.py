"""Which rows are called something: "a premium test is one with a fat percentage of at least 4", "an invoice is overdue
if it is not paid", "bad debt = invoices with status uncollectible"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.analyst.meanings.conditions import conditions, owners
from assistant.analyst.meanings.phrases import Phrases
from knowledge.words import plural, singular

if TYPE_CHECKING:
    from assistant.analyst.meanings.told import Meaning
    from assistant.analyst.reader import Reader
    from knowledge.request import Condition

_ONE = re.compile(
    r"^(?:an? |any |all |every |the )?(?:one|ones|those|anyone|someone|all) (?P<rest>(?:with|that|who|whose|which|in"
    r"|of|having|without|where)\b.+)$",
    re.I,
)
_NOUN = re.compile(
    r"^(?:an? |any |all |every |the )?(?P<noun>[\w'-]+(?: [\w'-]+){0,3}?) "
    r"(?P<rest>(?:with|that|who|whose|which|in|of|having|without|where|from|on|for|no|not|never|ending|starting"
    r"|costing|lasting|"
    r"worth|made|placed|opened|closed|paid|born|older|younger|over|under|above|below|at|more|\w+ed|\w+ing)\b.+)$", re.I,
)  # fmt: skip
_IT = [
    (re.compile(p, re.I), to)
    for p, to in (
        (r"^if (?:it|they|he|she) (?:is|are) (?!was|were)", "that are "),
        (r"^if (?:it|they|he|she) (?:has|have) ", "that have "),
        (r"^if (?:it|they|he|she) (?:was|were) ", "that were "),
        (r"^if (?:its|their|his|her|the) ", "whose "),
        (r"^if (?:it|they|he|she) ", "that "),
        (r"^(?:has|have) ", "that have "),
        (r"^(?:is|are) ", "that are "),
        (r"^(?:was|were) ", "that were "),
    )
]
_ADDS_UP = re.compile(
    r"\bwhose (?P<what>[\w ]+?) (?:add|adds|sum|sums|come|comes|total|totals|amount|amounts)(?: up)? to (?P<n>.+)$",
    re.I,
)
_BRACKETS = re.compile(r"\s*\((?P<in>[^()]*)\)\s*$")


def read_kind(meaning: Meaning, reader: Reader) -> tuple[str, tuple[Condition, ...]] | None:
    """The dataset and the conditions that make a row one; None where it can't be read or nothing is asked of a row."""
    phrases = Phrases(reader)
    for text in dict.fromkeys(_ways(meaning, reader)):
        text = _ADDS_UP.sub(r"whose total \g<what> is \g<n>", text)
        found = phrases.rows(text)
        if found is not None and found[1] and _adds_up(text, found[1]):
            return found
    return _by_clauses(meaning, reader, phrases) or _by_field(meaning, reader)


def _by_clauses(meaning: Meaning, reader: Reader, phrases: Phrases) -> tuple[str, tuple[Condition, ...]] | None:
    """Each of what is asked of a row by itself: "it is not paid and was issued more than 30 days ago"."""
    clauses = [c.strip() for c in re.split(r",? and (?!\d)|, |;", meaning.what) if c.strip()]
    if len(clauses) < 2:
        return None
    opening = re.match(
        r"^(?:if (?:it|they|he|she|its) |(?:an? |any )?(?:one|those) (?:that|who|which|whose|with) )", clauses[0], re.I
    )
    held: list[Condition] = []
    dataset = None
    for n, clause in enumerate(clauses):
        text = clause if n == 0 or not opening or opening.group() in clause else f"{opening.group()}{clause}"
        found = None
        for way in dict.fromkeys(_ways(replace(meaning, what=text), reader)):
            found = phrases.rows(way)
            if found is not None and found[1]:
                break
            found = None
        if found is None or dataset not in (None, found[0]):
            return None
        dataset = found[0]
        held += found[1]
    return (dataset, tuple(held)) if dataset else None


def _by_field(meaning: Meaning, reader: Reader) -> tuple[str, tuple[Condition, ...]] | None:
    """ "a personal address: an email that ends in …": the rows with such a value."""
    left, found = conditions(re.sub(r"^(?:an? |the )", "", meaning.what), reader)
    left = re.sub(r"\b(?:matched )?case-insensitively\b|[,.;]", "", left).strip()
    held = owners(found or ())
    return (held.pop(), tuple(found or ())) if not left and len(held) == 1 else None


def _adds_up(text: str, held: tuple[Condition, ...]) -> bool:
    """Whether what is said to hold for all of its rows together was read so, rather than of one row each."""
    together = re.search(
        r"\b(?:in total|in all|altogether|combined|overall|on average|average|total|sum|at least \w+ [a-z]+s)\b", text
    )
    return not together or "in total" not in text or any("subresult" in c.model_dump_json() for c in held)


def head_of(meaning: Meaning) -> str:
    """The last word of what it is called, which may be a thing that is known."""
    return meaning.noun or meaning.said[-1].split()[-1]


def thing(word: str, reader: Reader) -> str | None:
    """The dataset that a noun names."""
    from assistant.analyst.lexicon import content

    links = [k for k in reader.lexicon.links(content(singular(word))) if k.kind == "dataset" and k.score > 0.7]
    return links[0].target if links else None


def _ways(meaning: Meaning, reader: Reader) -> Iterator[str]:
    head = head_of(meaning)
    noun = plural(singular(head)) if thing(head, reader) else None
    what = meaning.what.strip()
    without = _BRACKETS.sub("", what)
    inside = _BRACKETS.search(what)
    whats = [what] if without == what else [without, what]
    if inside and noun:
        yield f"{noun} whose {inside['in']}"
        yield f"{noun} where {inside['in']}"
    for text in whats:
        for pattern, to in _IT:
            if pattern.match(text) and noun:
                rest = pattern.sub(to, text)
                rest = re.sub(r"\b(and|or|but) (?:it|they|he|she) (?:is|are) ", r"\1 are ", rest, flags=re.I)
                rest = re.sub(r"\b(and|or|but) (?:is|was) ", r"\1 were ", rest, flags=re.I)
                rest = re.sub(r"\b(and|or|but) (?:it|they|he|she) (?:has|have) ", r"\1 have ", rest, flags=re.I)
                yield f"{noun} {rest}"
                if to == "that have ":
                    yield f"{noun} with {rest.removeprefix(to)}"
        if (one := _ONE.match(text)) and noun:
            yield f"{noun} {_many(one['rest'])}"
        if named := _NOUN.match(text):
            known = named["noun"].split()
            yield f"{' '.join([*known[:-1], plural(singular(known[-1]))])} {_many(named['rest'])}"
        if noun:
            for link in ("", "with ", "that are ", "whose ", "of ", "that have "):
                yield f"{noun} {link}{text}"
        yield text


def _many(rest: str) -> str:
    rest = re.sub(r"^(that|who|which) has\b", r"\1 have", rest)
    rest = re.sub(r"^(that|who|which) is\b", r"\1 are", rest)
    return re.sub(r"^(that|who|which) was\b", r"\1 were", rest)
