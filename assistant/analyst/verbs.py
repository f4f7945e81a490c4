"""Verbs in a question: which of its words say what happened between things ("customers who *bought* wine") rather
than name a thing."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.english import STOP, read_lists
from assistant.analyst.item import Item
from assistant.analyst.lexicon import Lexicon
from assistant.analyst.tokens import Token

_SECTIONS = read_lists("verbs.txt")
NOUNS = {verb: nouns.split(",") for verb, _, nouns in (pair.partition("=") for pair in _SECTIONS["nouns"])}
_EVENTS, _LIGHT, _ONLY, SHOPPING = (_SECTIONS[name] for name in ("event", "light", "only", "shopping"))
DEEDS = _EVENTS | _LIGHT | _ONLY
RELATIONS = DEEDS | _SECTIONS["relation"]
"""Lemmas of verbs that, between two things that the data ties together, say only that they are."""
"""Lemmas of verbs that may say what happened between two things."""
_DO = frozenset(["do", "does", "did", "didn't", "doesn't", "don't"])
_AUXILIARY = _DO | {"not", "never", "to", "who", "that", "which", "has", "have", "had", "haven't", "hasn't", "ever",
                    "we", "they", "can", "could", "was", "were", "been", "is", "are"}  # fmt: skip


_BEEN = frozenset(["is", "are", "was", "were", "been", "be", "being"])
_HALF = 0.5
_BEFORE_NOUNS = frozenset(["per", "each", "every", "a", "an", "the", "by", "of"])


def mark_verbs(tokens: list[Token], items: list[Item], lexicon: Lexicon) -> list[Item]:
    """Verbs of a relation stop being names of metrics and datasets: they become j items. Verbs that only tie things
    together ("posted by", "located in") become j items where nothing else is known of them."""
    marked = [_marked(tokens, items, n, lexicon) for n in range(len(items))]
    marked = [_deed(tokens[i.start].lemma, i, lexicon) if i.code == "." else i for i in marked]
    known = lexicon.doers
    marked = [replace(i, code="j") if i.code == "." and _of_doers(tokens[i.start].lemma, known) else i for i in marked]
    return [_named(tokens[i.start].lemma, i, lexicon) if i.code == "j" else i for i in marked]


def _of_doers(verb: str, doers: frozenset[str]) -> bool:
    """ "teach", of teachers; "drive", of drivers: what those are called after."""
    return any(doer in (f"{verb}er", f"{verb}or", f"{verb}r", f"{verb.removesuffix('e')}or") for doer in doers)


def _deed(verb: str, item: Item, lexicon: Lexicon) -> Item:
    """ "rented", where nothing is called that but rentals are kept."""
    as_verb = _named(verb, replace(item, code="j"), lexicon) if verb in NOUNS else item
    return as_verb if as_verb.options else item


def _named(verb: str, item: Item, lexicon: Lexicon) -> Item:
    """The verb with the datasets of its noun among what it may name: "sold" is about sales, and not about sales
    targets."""
    if item.data in lexicon.planned:
        item = replace(item, data=verb, options=())
    if any(o.kind == "dataset" and o.score > 0.6 for o in item.options):
        return item
    for noun in NOUNS.get(verb, ()):
        links = tuple(o for o in lexicon.links((noun,)) if o.kind == "dataset" and o.score > 0.6)
        links = tuple(o for o in links if o.target not in lexicon.planned)
        if links:
            return replace(item, options=(*item.options, *links[:1]))
    return item


_BEFORE_THINGS = frozenset(["many", "of", "the", "all", "our", "any", "no", "their", "fewest", "most", "more", "fewer"])


def _marked(tokens: list[Token], items: list[Item], n: int, lexicon: Lexicon) -> Item:
    item = items[n]
    if item.code not in "mfd." or item.end - item.start != 1:
        return item
    token = tokens[item.start]
    if item.code == ".":
        return replace(item, code="j") if _ties(token, items, n) else item
    plural = n > 0 and items[n - 1].code == "d" and items[n - 1].end == item.start and items[n - 1].text.endswith("s")
    if (
        item.code == "f"
        and item.data in lexicon.times
        and (token.lower == "left" or (plural and token.lemma in _EVENTS and token.lower == token.lemma))
    ):  # "flights depart from"
        return replace(item, code="j")
    previous = tokens[item.start - 1].lower if item.start else ""
    named = item.code == "f" and item.data in lexicon.times and token.lower == f"{token.lemma}s"
    if named and (n == 0 or items[n - 1].code != "d"):
        return item  # "new hires"
    after = tokens[item.start + 1] if item.start + 1 < len(tokens) else None
    if item.code == "d" and after is not None and after.lemma in _LIGHT and after.lower == after.lemma:
        return item  # "when did our first order come in": another verb follows
    inflected = _inflected(token)
    if item.code == "d" and previous in _BEFORE_NOUNS and not inflected:
        return item  # "how much did they spend per visit"
    counted = bool(n) and items[n - 1].end == item.start and items[n - 1].code in "nvoc"
    thing = token.lemma not in _ONLY or counted or previous in _BEFORE_THINGS or not item.start
    if item.code == "d" and item.score > 0.99 and token.lower.endswith("s") and thing:
        return item  # "authors" are people, whatever "to author" is; "10 hires", "how many hires"
    if item.code == "d" and item.score > 0.99 and previous in ("which", "what", "each", "every") and not inflected:
        return item  # "which author had": the plain word after "which" is what is asked about
    beside = [i.code for i in items[max(0, n - 1) : n + 2]]
    by = beside in (["d", "d", "y"], ["m", "d", "y"]) and items[n + 1].text == "by"
    if item.code == "d" and token.lower.endswith("ed") and by and items[n - 1].dataset:
        return replace(item, code="j")  # "households targeted by campaigns"
    called = item.code == "d" and item.score > 0.9 and token.lower != token.lemma
    if called and token.lower.endswith("ed") and previous in _BEEN:
        return replace(item, code="j")  # "the courses they are arranged to teach", of course arrangements
    is_verb = token.lemma in _ONLY or (
        token.lemma in _EVENTS and (inflected or previous in _AUXILIARY or _do_before(tokens, item.start))
    )
    when = item.code == "f" and item.data in lexicon.times
    of_a_thing = n + 1 < len(items) and items[n + 1].code in "dfmvsn"
    named = tokens[0].lower == "when" and not of_a_thing  # "when did the campaign start"
    asked = when and (previous in _AUXILIARY or (not named and _do_before(tokens, item.start)))
    # "when did we sell our first van"
    if is_verb and (item.code != "f" or not item.options or item.score < 0.9 or inflected or asked):
        light = token.lemma in _LIGHT | SHOPPING
        dated = when and (inflected or asked) and item.score > _HALF
        return (
            replace(item, code="j")
            if light or dated or item.score >= 0.6
            else replace(item, code=".", score=0.0, options=())
        )
    return item


def _ties(token: Token, items: list[Item], n: int) -> bool:
    """An unknown word that is a verb of no content of its own."""
    if token.lower in ("left", "leave", "leaves", "leaving"):  # "left a review", but not "left us"
        return n + 1 < len(items) and items[n + 1].code == "d" and items[n + 1].before.split()[:1] != ["our"]
    return token.lemma in _LIGHT or token.lemma in SHOPPING


def inflected_verb(token: Token) -> bool:
    """ "published", "placed", "sold": a verb's past or participle."""
    return (token.lemma in _EVENTS | _LIGHT and _inflected(token)) or token.lower == "left"


def _inflected(token: Token) -> bool:
    return token.lower.endswith(("ed", "ing")) or (token.lower != token.lemma and not token.lower.endswith("s"))


def _do_before(tokens: list[Token], at: int) -> bool:
    """ "how much did household 12 spend": a do before the subject."""
    after = at + 1 >= len(tokens) or tokens[at + 1].kind in ("mark", "word") or tokens[at + 1].lower in STOP
    return any(t.lower in _DO for t in tokens[max(0, at - 6) : at]) and after and tokens[at].lower == tokens[at].lemma
