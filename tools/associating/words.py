"""How a question in plain words asks what is bought together, and what is left of it: the thing that it is about."""

from __future__ import annotations

import re

_WHAT = r"^\W*(?:(?:and|so|please|show\s+me|tell\s+me|list)\s+)*(?:what|which)(?:\s+[\w]+){0,3}?\s+(?:else\s+)?"
_WHO = (
    r"(?:(?:do|does|did|is|are|was|were|gets?)\s+)?"
    r"(?:(?:people|customers|shoppers|buyers|we|they|households|clients)\s+)?"
)
_SOLD = (
    r"(?:(?:often|usually|typically|mostly|frequently|commonly)\s+)?"
    r"(?:sells?|sold|buys?|bought|purchased?|ordered?|order|goes|go|comes?|fits?|pairs?|books?|booked|takes?|took|taken|"
    r"have|had|gets?|got|rents?|rented|hires?|hired|uses?|used)"
)
_BUYERS = (
    r"(?:(?:people|customers|clients|guests|members|shoppers|households|those|anyone|anybody|someone|somebody|an?\s+(?:customer|client|guest|member|shopper|buyer))\s+(?:who|that|when\s+they)\s+"
    r"(?:has\s+|have\s+|had\s+)?(?:buys?|bought|purchased?|orders?|ordered|books?|booked|takes?|took|have|had|has|gets?|got|rents?|"
    r"rented|hires?|hired|comes?\s+for|came\s+for)|(?:buyers|users|owners|customers|clients)\s+of)"
)
_OFFER = re.compile(
    r"^\W*(?:(?:and|so|please)\s+)*(?:what|which(?:\s+[\w ]+?)?)\s+(?:else\s+)?"
    r"(?:should|can|could|shall|do|might|would|to)\s+(?:(?:i|we|you|one)\s+)?"
    r"(?P<how>offer|recommend|suggest|promote|pitch|propose|sell|up-?\s?sell|cross-?\s?sell|add|bundle|pair|advertise|display)\s+"
    rf"(?:together\s+)?(?:(?:with|to|alongside|next\s+to|beside|for|on)\s+)?(?:{_BUYERS}\s+)?(?P<item>.+?)\W*$",
    re.I,
)
_UP = re.compile(
    r"^\W*(?:show\s+me\s+|list\s+|what\s+are\s+(?:the\s+|our\s+)?)?up-?\s?sell(?:s|ing)?"
    r"(?:\s+(?:options|ideas|list|opportunities|candidates))*\s+"
    rf"(?:for|to|of|from|with)\s+(?:{_BUYERS}\s+)?(?P<item>.+?)\W*$",
    re.I,
)
_UPSELL = re.compile(r"\bup-?\s?sell", re.I)
_THREE = re.compile(r"\b(?:three|3|trios?|triples?|triplets?)\b", re.I)
_BUNDLES = re.compile(
    r"^\W*(?:what|which)\s+(?:(?:product|item)\s+)?(?:bundles|combinations|combos|packages|trios|triples)\b(?P<item>.*)$|"
    r"^\W*(?:association\s+)?rules\s+(?:of|with|between)\s+(?:three|3)\s+(?P<kind>[\w ]+?)\W*$",
    re.I,
)
_WITH = re.compile(
    rf"{_WHAT}(?:(?:products?|items?|things?|categor(?:y|ies))\s+)?{_WHO}{_SOLD}\s+(?:best\s+|well\s+|most\s+)?"
    r"(?:together\s+|along\s+)?with\s+(?P<item>.+?)\W*$",
    re.I,
)
_BASKET = re.compile(
    rf"{_WHAT}.*?\bin\s+the\s+same\s+(?:basket|order|cart|visit|purchase)s?\s+(?:as|with)\s+(?P<item>.+?)\W*$", re.I
)
_CROSS = re.compile(
    r"^\W*(?:show\s+me\s+|what\s+(?:to|can\s+(?:i|we)|should\s+(?:i|we))\s+|recommend\s+)?(?:cross-?\s?sell(?:s|ing)?|basket\s+analysis|"
    r"market\s+basket(?:\s+analysis)?|association\s+rules|associations)\s*(?:for|of|to|with)?\s*(?:people\s+who\s+buy\s+|buyers\s+of\s+)?"
    r"(?P<item>.*?)\W*$",
    re.I,
)
_WHOEVER = re.compile(
    rf"{_WHAT}(?:do|does|did)\s+(?:people|customers|shoppers|buyers|households|those)\s+who\s+(?:buy|bought|purchased?|order(?:ed)?)\s+"
    r"(?P<item>.+?)\s+(?:also|usually|often)\s+(?:buy|bought|purchase|order)\W*$",
    re.I,
)
_TOGETHER = re.compile(
    rf"^\W*(?:what|which)\s+(?:(?:three|3|two|2)\s+)?(?P<item>[\w ]*?)\s*"
    rf"(?:{_WHO}{_SOLD}\s+(?:most\s+|often\s+)*together)\b.*$|"
    r"^\W*(?P<most>(?:frequently|often|commonly)\s+bought\s+together)\W*$",
    re.I,
)
_PLAIN = re.compile(r"^(?:products?|items?|things?|articles?|goods?|)$", re.I)


def thing(question: str) -> tuple[str, bool] | None:
    """What a question asks for the company of, and whether it is one thing ("pasta") and not a kind ("categories", or
    "" for anything). None for a question that does not ask what is bought together."""
    asked = question.strip()
    if _BUNDLES.match(asked):
        return "", False
    for pattern in (_WHOEVER, _BASKET, _WITH, _UP, _OFFER):
        if found := pattern.match(asked):
            return found["item"], True
    if found := _CROSS.match(asked):
        return found["item"], bool(found["item"])
    if found := _TOGETHER.match(asked):
        kind = (found["item"] or "").strip()
        return ("" if _PLAIN.match(kind) else kind), False
    return None


def dearer(question: str) -> bool:
    """Something better than the thing is asked for, not beside it: an up-sell."""
    return bool(_UPSELL.search(question))


def of_three(question: str) -> bool:
    return bool(_THREE.search(question))
