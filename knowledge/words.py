"""Words of databases and of business: identifiers split and spelled out, dictionary forms, synonyms."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

import simplemma

_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PREFIXES = frozenset({"tbl", "dim", "fct", "fact", "stg", "vw", "v", "t", "tb", "raw", "src", "mst", "lkp", "ref"})
_IRREGULAR = {
    "sales": "sale", "data": "data", "media": "media", "less": "less", "better": "better", "best": "best", "least": "least",
    "most": "most", "more": "more", "worst": "worst", "average": "average", "rating": "rating", "spending": "spend",
    "savings": "saving", "earnings": "earning", "men": "man", "women": "woman", "used": "use", "last": "last",
    "latest": "latest", "unique": "unique", "left": "left", "saw": "see", "found": "find", "does": "do", "did": "do",
    "was": "be", "has": "have", "series": "series", "status": "status", "address": "address", "gross": "gross",
    "building": "building", "listing": "listing", "booking": "booking", "holding": "holding", "meeting": "meeting",
    "shipping": "shipping", "closing": "closing", "opening": "opening", "marketing": "marketing", "clothing": "clothing",
    "training": "training", "parking": "parking", "housing": "housing", "number": "number", "lower": "lower",
}  # fmt: skip


@lru_cache(maxsize=50_000)
def lemma(word: str) -> str:
    """The dictionary form, in lower case.

    >>> [lemma(w) for w in ("stores", "bought", "Categories", "URLs")]
    ['store', 'buy', 'category', 'url']
    """
    word = word.lower().replace("’", "'").removesuffix("'s").rstrip("'")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 2 or not word.isalpha():
        return word
    found = str(simplemma.lemmatize(word, lang="en")).lower()
    if found == word and word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        # An unknown plural ("SKUs") still loses its ending.
        found = word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return found


@lru_cache(maxsize=10_000)
def singular(word: str) -> str:
    """The singular of a noun; verbs keep their form ("paid" stays "paid")."""
    lower = word.lower()
    if not lower.endswith("s") or lower.endswith(("ss", "us", "is")):
        return {"people": "person", "children": "child", "men": "man", "women": "woman"}.get(lower, lower)
    return lemma(lower)


def plural(word: str) -> str:
    """
    >>> [plural(w) for w in ("customer", "category", "branch", "order line")]
    ['customers', 'categories', 'branches', 'order lines']
    """
    if word.endswith(("s", "sh", "ch", "x", "z")):
        return word if word.endswith("s") and not word.endswith(("ss", "us")) else word + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return {"person": "people", "child": "children", "man": "men", "woman": "women"}.get(word, word + "s")


def split(identifier: str) -> list[str]:
    """
    >>> split("sbTxDateTime"), split("QTY_ORD2")
    (['sb', 'tx', 'date', 'time'], ['qty', 'ord', '2'])
    """
    return [piece.lower() for piece in _PIECES.findall(identifier)] or [identifier.lower()]


def label(identifier: str, drop: Sequence[str] = ()) -> str:
    """The words that an identifier stands for; the pieces of `drop` at its start (a shared prefix) are left out.

    >>> label("cust_nm"), label("sbTxAmount", ["sb", "tx"]), label("is_actv_flg"), label("U.S. Open Cup")
    ('customer name', 'amount', 'active', 'U.S. Open Cup')
    """
    if " " in identifier.strip() or re.search(r"[^\w]", identifier):
        return re.sub(r"\s+", " ", identifier).strip()
    pieces = split(identifier)
    rest = pieces[len(drop) :] if list(drop) == pieces[: len(drop)] and len(pieces) > len(drop) else pieces
    words: list[str] = []
    for n, piece in enumerate(rest):
        if piece in ("is", "has") and n == 0 and len(rest) > 1:
            continue
        if piece in ("flg", "flag", "ind", "yn") and n == len(rest) - 1 and len(rest) > 1:
            continue
        words.append(_spelled(piece, n, rest))
    return " ".join(words)


def _spelled(piece: str, n: int, pieces: list[str]) -> str:
    if piece == "st":
        return "street" if n and pieces[n - 1] in ("addr", "address", "home") else "state"
    if piece == "no" and n == 0:
        return "number of" if len(pieces) > 1 else "number"
    if piece in ("num", "nbr", "cnt", "n") and n == 0 and len(pieces) > 1 and pieces[1].endswith("s"):
        return "number of"
    if piece in (
        "min",
        "max",
        "sum",
        "sec",
        "int",
        "per",
        "net",
        "mod",
        "comp",
        "rest",
        "pub",
        "del",
        "dep",
        "co",
        "prev",
        "gen",
        "stat",
        "rec",
        "std",
        "exp",
    ):
        # Short words that are abbreviations only beside others.
        return (
            abbreviations().get(piece, piece)
            if len(pieces) > 1 and n == 0
            else abbreviations().get(piece, piece)
            if len(pieces) > 1
            else piece
        )
    return abbreviations().get(piece, piece)


def shared_prefix(identifiers: Sequence[str]) -> list[str]:
    """The pieces that (nearly) all identifiers start with: ["sb", "tx"] of sbTxId, sbTxAmount …; at least 3 names."""
    if len(identifiers) < 3:
        return []
    split_names = [split(name) for name in identifiers]
    prefix: list[str] = []
    while True:
        at = len(prefix)
        heads = Counter(p[at] for p in split_names if len(p) > at + 1 and p[:at] == prefix)
        if not heads:
            return prefix
        piece, count = heads.most_common(1)[0]
        if count < 0.85 * len(identifiers):
            return prefix
        prefix.append(piece)


def table_pieces(identifier: str) -> list[str]:
    """The pieces of a table's name without what says only that it is a table: tbl_, dim_, fct_."""
    pieces = split(identifier)
    return pieces[1:] if len(pieces) > 1 and pieces[0] in _PREFIXES else pieces


@cache
def abbreviations() -> dict[str, str]:
    return {row["short"]: row["word"] for row in _rows("abbreviations.csv")}


@cache
def _synonyms() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in _rows("synonyms.csv"):
        words = [w.strip() for w in row["words"].split("|")]
        first, strength = words[0], float(row["strength"])
        for word in words:
            for other in words:
                if word != other and " " not in word and " " not in other:
                    # Two synonyms of a third word are less sure synonyms of each other.
                    sure = strength if first in (word, other) else strength * 0.9
                    a, b = lemma(word), lemma(other)
                    if a != b:
                        found[a][b] = max(sure, found[a].get(b, 0.0))
    return found


def synonyms(word: str) -> list[tuple[str, float]]:
    """General business synonyms of a lemma, with how sure each is (0..1)."""
    return sorted(_synonyms().get(word, {}).items(), key=lambda pair: -pair[1])


def _rows(name: str) -> list[dict[str, str]]:
    text = files("knowledge").joinpath("facts", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
