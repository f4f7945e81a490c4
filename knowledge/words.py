"""Words of databases and of business: identifiers split and spelled out, dictionary forms, synonyms.

What is known of English business is in data files: `facts/abbreviations.csv` and `facts/synonyms.csv`.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

import simplemma

_BRITISH = [
    (re.compile(pattern), american)
    for pattern, american in (
        (r"^(col|lab|fav|hon|neighb|flav|harb|behavi|rum|hum|arm|vap|od|tum|parl|endeav|sav|vig|rig|val)our", r"\1or"),
        (r"^(cent|theat|lit|(?:kilo|centi|milli)met|met|fib|calib|lust|meag|spect|somb|maneuv)re(s?)$", r"\1er\2"),
        (r"^(organ|real|special|author|final|categor|summar|util|optim|minim|maxim|standard|custom|priorit|central|"
         r"local|normal|capital|subsid|hospital|immun|steril|memor|penal|character|modern|legal|monet|digit)"
         r"is(e|ed|es|er|ers|ing|ation|ations|ational)$", r"\1iz\2"),
        (r"^(anal|paral|catal)ys(e|ed|er|ing)$", r"\1yz\2"),
        (r"^(cancel|travel|label|model|fuel|level|signal|channel|counsel|marvel|total|dial|equal|rival|tunnel)"
         r"l(ed|ing|er|ers)$", r"\1\2"),
        (r"^(catal|dial|anal)ogue(s?)$", r"\1og\2"),
        (r"^(defen|offen|licen|preten)ce(s?)$", r"\1se\2"),
        (r"^p(a)?ediatr", "pediatr"), (r"^orthopaed", "orthoped"), (r"^gynaec", "gynec"), (r"^anaesth", "anesth"),
        (r"^anaemi", "anemi"), (r"^haem", "hem"), (r"^leukaemi", "leukemi"), (r"^oesoph", "esoph"), (r"^oestr", "estr"),
        (r"^diarrhoea$", "diarrhea"), (r"^foet", "fet"), (r"^mould", "mold"), (r"^plough", "plow"), (r"^sulph", "sulf"),
        (r"^alumini?um$", "aluminum"), (r"^programme", "program"), (r"^yoghurt", "yogurt"), (r"^cheque", "check"),
        (r"^tyre", "tire"), (r"^gr[ae]y$", "gray"), (r"^jewellery$", "jewelry"), (r"^instalment", "installment"),
        (r"^enrolment", "enrollment"), (r"^(fulfil|enrol)$", r"\1l"), (r"^judgement", "judgment"), (r"^kerb", "curb"),
        (r"^storeys?$", "story"), (r"^moustache", "mustache"), (r"^aeroplane", "airplane"), (r"^pyjama", "pajama"),
        (r"^practis(e|ed|es|ing)$", r"practic\1"), (r"^whisky$", "whiskey"), (r"^doughnut", "donut"),
    )
]  # fmt: skip


@lru_cache(maxsize=50_000)
def american(word: str) -> str:
    """A word in lower case as it is spelled in American English: "harbour", "organisation", "kilometre".

    >>> [american(w) for w in ("harbour", "kilometre", "organisation", "cancelled", "catalogue", "four", "hour")]
    ['harbor', 'kilometer', 'organization', 'canceled', 'catalog', 'four', 'hour']
    """
    for pattern, spelled in _BRITISH:
        word, changed = pattern.subn(spelled, word)
        if changed:
            break
    return word


@lru_cache(maxsize=50_000)
def lemma(word: str) -> str:
    """The dictionary form, in lower case, in American spelling.

    >>> [lemma(w) for w in ("stores", "bought", "Categories", "URLs", "analyses", "people", "colours")]
    ['store', 'buy', 'category', 'url', 'analysis', 'person', 'color']
    """
    return american(_lemma(word))


def _lemma(word: str) -> str:
    word = word.removesuffix("s") if re.fullmatch(r"[A-Z]{2,}s", word) else word
    word = word.lower().replace("’", "'").removesuffix("'s").rstrip("'")
    if word.endswith("people"):
        return word.removesuffix("people") + "person"
    if known := _forms("lemmas").get(word) or _forms("verbs").get(word):
        return known
    if len(word) <= 2 or not word.isalpha():
        return word
    if re.fullmatch(r"\w*[aeou]ying", word):  # "playing", which simplemma does not know
        return word.removesuffix("ing")
    found = str(simplemma.lemmatize(word, lang="en")).lower()
    if found == word and word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        # An unknown plural ("SKUs") still loses its ending.
        found = word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return found


@lru_cache(maxsize=10_000)
def singular(word: str) -> str:
    """The singular of a noun; verbs keep their form ("paid" stays "paid")."""
    lower = word.lower()
    if lower in _forms("lemmas"):
        return _forms("lemmas")[lower]
    if lower.endswith("people"):
        return lower.removesuffix("people") + "person"
    if not lower.endswith("s") or lower.endswith(("ss", "us", "is")):
        return lower
    if lower.endswith("sses"):
        return lower[:-2]
    return lemma(lower)


def plural(word: str) -> str:
    """
    >>> [plural(w) for w in ("customer", "category", "branch", "order line", "status", "analysis")]
    ['customers', 'categories', 'branches', 'order lines', 'statuses', 'analyses']
    """
    *before, last = word.split(" ")
    if last.lower() in _forms("plurals"):
        made = _forms("plurals")[last.lower()]
    elif last.endswith("person"):
        made = last.removesuffix("person") + "people"
    elif last.endswith(("ss", "us", "sh", "ch", "x", "z")):
        made = last + "es"
    elif last.endswith("s"):
        made = last
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        made = last[:-1] + "ies"
    else:
        made = last + "s"
    return " ".join([*before, made])


def one_stem(one: str, other: str) -> bool:
    """Whether two words seem to be of one stem.

    >>> one_stem("conversion", "convert"), one_stem("book", "booking"), one_stem("sale", "salary")
    (True, True, False)
    """
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    shorter = min(len(one), len(other))
    return one == other or (same >= _STEM and same >= shorter - 3) or (same == shorter >= _PREFIX)


_STEM = 5
"""Letters that two words of one stem begin with alike: conversion, converted."""
_PREFIX = 4
"""Letters of a word that is all of the beginning of another: book, booking."""


@lru_cache(maxsize=100_000)
def is_english(word: str) -> bool:
    """An ordinary English word, in any form."""
    return bool(simplemma.is_known(word.lower(), lang="en"))


@lru_cache(maxsize=50_000)
def is_proper(word: str) -> bool:
    """A name that English writes with a capital, however it is written here: "peter", "english"."""
    return str(simplemma.lemmatize(word.lower(), lang="en"))[:1].isupper()


# --- identifiers -----------------------------------------------------------------------------------------------------


def split(identifier: str) -> list[str]:
    """The pieces of an identifier, in lower case; words run together only where that is sure.

    >>> split("sbTxDateTime"), split("QTY_ORD2"), split("custIDs"), split("orderdate"), split("Q1Sales")
    (['sb', 'tx', 'date', 'time'], ['qty', 'ord', '2'], ['cust', 'ids'], ['order', 'date'], ['q1', 'sales'])
    """
    return list(_pieces(identifier)) or [identifier.lower()]


@lru_cache(maxsize=50_000)
def _pieces(identifier: str) -> tuple[str, ...]:
    marked = re.sub(r"[\W_]+", " ", identifier)
    found: list[str] = []
    for part in marked.split():
        for run in re.findall(r"\d+|[^\W\d]+", part):
            found += [run] if run.isdigit() else _humps(run)
    joined: list[str] = []
    for piece in found:
        if piece.isdigit() and joined and len(joined[-1]) == 1 and joined[-1].isalpha():
            joined[-1] += piece  # q1, h2, p95
        elif piece.isdigit() or len(piece) < 4:
            joined.append(piece)
        else:
            joined += _run_together(piece)
    return tuple(joined)


def _humps(run: str) -> list[str]:
    """ "HTTPServerIDs" -> http, server, ids."""
    if not run.isascii():
        run = re.sub(r"(?<=[^\W\d_])(?=[A-Z])", " ", run) if run[1:].upper() != run[1:] else run
        return run.lower().split()
    run = re.sub(r"([A-Z]{2,})s$", lambda m: m.group(1) + "S", run)
    return [p.lower() for p in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", run)]


def _run_together(word: str) -> list[str]:
    """ "orderdate" -> order, date; a word that is English, or could be split in no sure way, stays whole."""
    if is_english(word) or word in listed("identifiers", "whole") or len(word) > 40:
        return [word]
    if len(word) < 6:
        head, tail = word[:-2], word[-2:]
        return (
            [head, tail]
            if tail in ("id", "no", "nm", "dt") and (head in abbreviations() or head in _vocabulary())
            else [word]
        )
    for size in range(min(len(word) - 2, 11), 1, -1):
        head, tail = word[:-size], word[-size:]
        if tail in listed("identifiers", "heads") and _is_word(head):
            return [head, tail]
    for size in range(5, 1, -1):
        front, rest = word[:size], word[size:]
        if front in listed("identifiers", "fronts") and len(rest) >= 4 and is_english(rest):
            return [front, rest]
    return _in_business_words(word) or [word]


def _in_business_words(word: str) -> list[str]:
    """The fewest business words that make up the whole ("unitsinstock"), or nothing."""
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(2, len(word) + 1):
        for start in range(max(0, end - 14), end - 1):
            before, piece = best[start], word[start:end]
            if before is None or not (
                (piece in listed("identifiers", "links") and before and end < len(word))
                or (
                    len(piece) >= 3
                    and (piece in _vocabulary() or (len(piece) > 4 and singular(piece) in _vocabulary()))
                )
                or (piece == "id" and end == len(word))
                or (piece == "to" and end == len(word))
            ):
                continue
            found = best[end]
            if found is None or len(before) + 1 < len(found):
                best[end] = [*before, piece]
    return best[len(word)] or []


@cache
def _vocabulary() -> frozenset[str]:
    words = {word for row in rows("synonyms.csv") for word in re.split(r"[| ]", row["words"])}
    words |= {word for row in rows("abbreviations.csv") for word in row["word"].split()}
    return frozenset(w for w in words | listed("identifiers", "heads") if len(w) >= 3 and w.isalpha())


def _is_word(text: str) -> bool:
    if text in abbreviations():
        return len(text) >= 2
    return len(text) >= 4 and is_english(text)


def label(identifier: str, siblings: Sequence[str] = ()) -> str:
    """The words that an identifier stands for, without the prefix that it shares with its siblings.

    >>> label("cust_nm"), label("sbTxAmount", ["sbTxId", "sbTxAmount", "sbTxDate"]), label("is_actv_flg"), label("dob")
    ('customer name', 'amount', 'active', 'date of birth')
    >>> label("QtyOrd"), label("num_orders"), label("dt_order"), label("U.S. Open Cup")
    ('quantity ordered', 'number of orders', 'order date', 'U.S. Open Cup')
    """
    if is_header(identifier) or not re.search(r"[^\W\d_]", identifier):
        return re.sub(r"\s+", " ", identifier).strip()
    return spell(without(split(identifier), shared_prefix(siblings)))


def is_header(name: str) -> bool:
    """It is written for people, with spaces or with marks that say something: "Goals+" and "Goals–"."""
    return re.search(r"\s|[+%&€£]|[–—−-]$", name.strip()) is not None


def without(pieces: Sequence[str], prefix: Sequence[str]) -> list[str]:
    """The pieces after a shared prefix, unless nothing would be left."""
    cut = len(prefix)
    return list(pieces[cut:]) if cut and list(pieces[:cut]) == list(prefix) and len(pieces) > cut else list(pieces)


def spell(pieces: Sequence[str], noun: bool = False, table: Sequence[str] = ()) -> str:
    """The pieces of an identifier spelled out, in the order in which they are said; `noun`: the name of a table, in
    which every abbreviation stands for a word. An abbreviation that `table`, the pieces of a column's table, has too
    stands for the same word in both."""
    rest = _joined(pieces)
    if len(rest) > 1 and rest[0] in ("is", "has", "was"):
        rest = rest[1:]
    if len(rest) > 1 and rest[-1] in listed("identifiers", "type_tails"):
        rest = rest[:-1]
    if (
        len(rest) == 2
        and rest[0] in listed("identifiers", "type_heads")
        and rest[1] not in listed("identifiers", "heads") - {"order", "customer", "product", "item"}
    ):
        rest = [rest[1], rest[0]]
    if rest[0] in listed("identifiers", "counted") and len(rest) > 1 and (rest[-1].endswith("s") or rest[1] == "of"):
        words = ["number of", *(_spelled(n, rest, noun, table) for n in range(1, len(rest)) if rest[n] != "of")]
    else:
        words = [_spelled(n, rest, noun, table) for n in range(len(rest))]
    said = " ".join(words).split()
    return " ".join(word for n, word in enumerate(said) if n == 0 or word != said[n - 1])


def _joined(pieces: Sequence[str]) -> list[str]:
    """ "sls", "prsn" -> "slsprsn", where the whole is an abbreviation too."""
    found: list[str] = []
    for piece in pieces:
        both = found[-1] + piece if found else ""
        if min(len(both) - len(piece), len(piece)) > 1 and len(both) > 4 and both in _abbreviations():
            found[-1] = both
        else:
            found.append(piece)
    return found


def other_spellings(pieces: Sequence[str]) -> list[str]:
    """What else an identifier may stand for, one abbreviation read another way: "inventory cost" for inv_cost."""
    found = []
    for n, piece in enumerate(pieces):
        own = _spelled(n, pieces, False)
        known = _abbreviations().get(piece, ())
        told = any(word == own and beside - {"*"} for word, beside in known)
        for word in dict.fromkeys(word for word, _ in known):
            if word != own != piece and len(piece) > 2 and not told:
                found.append(spell([*pieces[:n], *word.split(), *pieces[n + 1 :]]))
    return found


_SHORT = 3
"""Of shorter pieces an "s" at the end is part of the abbreviation."""


_ABSENT = frozenset(["show", "shows", "answer", "response", "reply", "fault"])


def _spelled(n: int, pieces: Sequence[str], noun: bool, table: Sequence[str] = ()) -> str:
    piece = pieces[n]
    if piece in ("min", "max") and n == 0 and len(pieces) > 1:
        return {"min": "minimum", "max": "maximum"}[piece]
    if piece in ("f", "l", "m") and n == 0 and pieces[1:] in (["name"], ["nm"]):
        return {"f": "first", "l": "last", "m": "middle"}[piece]
    if piece in table and len(pieces) > 1 and (own := _spelled(list(table).index(piece), table, True)) != piece:
        return own
    if piece == "no" and pieces[n + 1 : n + 2] and pieces[n + 1] in _ABSENT:
        return piece  # "no_show" is no number
    others = {p for m, p in enumerate(pieces) if m != n}
    known = _abbreviations().get(piece, ())
    if len(pieces) > 1 and len(piece) >= _SHORTEST and (known or not is_english(piece)):
        begun = [singular(w) for w in table if w.startswith(piece) and is_english(w) and singular(w) != piece]
        if begun:
            return begun[-1]  # "res" of a table of results
    if noun and len(pieces) == 1 and not any(not beside or "*" in beside for _, beside in known):
        having_ids = next((word for word, beside in known if "id" in beside), None)  # what has ids is a thing: "gst"
        if having_ids:
            return having_ids
    for word, beside in known:
        if not beside or ("*" in beside and (others or noun)) or beside & others:
            return word
    if piece.endswith("s") and len(piece) > _SHORT and piece not in _abbreviations() and not is_english(piece):
        one = _spelled(0, [piece[:-1]], noun)
        return plural(one) if one != piece[:-1] else piece  # "appts": appointments
    return piece


def abbreviates(short: str, word: str) -> float:
    """How surely a piece of an identifier is short for a word, 0..1: its first letters, its consonants, or at least
    letters of it in order.

    >>> abbreviates("viol", "violation"), abbreviates("cmdty", "commodity"), abbreviates("setl", "settled")
    (0.9, 0.9, 0.75)
    >>> abbreviates("trm", "terminal"), abbreviates("cat", "customer"), abbreviates("dt", "destination")
    (0.9, 0.0, 0.0)
    """
    if len(short) < _SHORTEST or len(short) >= len(word) or short[0] != word[0]:
        return 0.0
    bones = _consonants(word)
    if word.startswith(short) or (bones.startswith(_consonants(short)) and _consonants(short) == _undoubled(short)):
        return 0.9
    letters = iter(word)
    return 0.75 if all(letter in letters for letter in short) and len(short) > _SHORTEST else 0.0


_SHORTEST = 3
"""Letters: two are short for too many words."""


def _undoubled(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)


def _consonants(word: str) -> str:
    return word[0] + re.sub(r"[aeiou]", "", _undoubled(word)[1:])


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
        if count < 0.85 * len(identifiers) or piece in ("is", "num", "total", "avg", "number"):
            return prefix
        prefix.append(piece)


def table_pieces(identifier: str) -> list[str]:
    """The pieces of a table's name without what says only that it is a table: tbl_, dim_, fct_."""
    pieces = split(identifier)
    while len(pieces) > 1 and pieces[0] in listed("identifiers", "table_marks"):
        pieces = pieces[1:]
    while len(pieces) > 1 and pieces[-1] in listed("identifiers", "table_tails"):
        pieces = pieces[:-1]
    return pieces


# --- facts of English ------------------------------------------------------------------------------------------------


@cache
def abbreviations() -> dict[str, str]:
    """Each abbreviation's usual word."""
    return {short: ways[-1][0] for short, ways in _abbreviations().items()}


@cache
def _abbreviations() -> dict[str, list[tuple[str, frozenset[str]]]]:
    """The words of each abbreviation, with the pieces that it must stand beside ("*": any) to mean them."""
    found: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for row in rows("abbreviations.csv"):
        found[row["short"]].append((row["word"], frozenset(row["beside"].split("|")) - {""}))
    for ways in found.values():
        ways.sort(key=lambda way: (not way[1], "*" in way[1]))
    return dict(found)


@cache
def _synonyms() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows("synonyms.csv"):
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


@cache
def _phrases() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows("synonyms.csv"):
        words = [w.strip() for w in row["words"].split("|")]
        if any(" " in word for word in words):
            for word in words:
                if " " in word:
                    found[word] += [other for other in words if other != word]
    return found


def synonyms(word: str) -> list[tuple[str, float]]:
    """General business synonyms of a lemma, with how sure each is (0..1)."""
    return sorted(_synonyms().get(word, {}).items(), key=lambda pair: -pair[1])


@cache
def opposites(word: str) -> frozenset[str]:
    """What is said of things that are not so: of what is not new, "used"."""
    found = [row["opposites"].split("|") for row in rows("opposites.csv") if row["word"] == word]
    return frozenset(w for names in found for w in names)


def other_names(phrase: str) -> list[str]:
    """Other ways to say a phrase of several words.

    >>> other_names("postal code")
    ['zip code', 'zip', 'postcode', 'post code']
    """
    return list(dict.fromkeys(_phrases().get(phrase.lower(), ())))


@cache
def listed(section: str, name: str) -> frozenset[str]:
    """One of the word lists of `facts/lists.toml`."""
    return frozenset(_lists()[section][name].split())


@cache
def _forms(name: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in _lists()["inflections"][name].split())


@cache
def _lists() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("knowledge").joinpath("facts", "lists.toml").read_text(encoding="utf-8"))


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the files of facts."""
    text = files("knowledge").joinpath("facts", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
