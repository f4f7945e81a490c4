"""Texts as words: their clauses, and the words that carry meaning, those of common concepts in English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import simplemma

from knowledge.words import lemma
from tools.texts.languages import bare, stop_words

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CLAUSE = re.compile(
    r"(?<=[.!?;\n])\s+|\n+|,?\s+\b(?:but|however|although|though|aber|mais|pero|però|maar)\b\s+|\s+[-–—]\s+", re.I
)
_PRIVATE = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|\+?\d[\d\s().-]{7,}\d")
_MASK = "…"
_LEAST_WORDS = 2
# Said in every text, of nothing in it, or only whether it is liked.
_SAYS_LITTLE = frozenset(
    [
        "absolutely", "also", "always", "back", "bad", "best", "better", "bit", "come", "could", "day",
        "definitely", "even", "ever", "get", "go", "going", "good", "got", "great", "just", "like", "lot",
        "love", "made", "make", "many", "much", "never", "nice", "one", "please", "pretty", "quite", "really",
        "recommend", "said", "say", "sorry", "still", "take", "thank", "thanks", "thing", "time", "today",
        "totally", "awful", "terrible", "horrible", "disappointing", "disappointed", "disappoint", "excellent",
        "wonderful", "amazing", "awesome", "fantastic", "perfect", "poor", "worst", "again", "annoying",
        "annoy", "annoyed", "frustrate", "frustrated", "frustrating",
        "us", "very", "way", "well", "would",
    ]
)  # fmt: skip


def clauses(text: str) -> list[str]:
    """What is said one after the other; a clause of few words belongs to the one before."""
    parts: list[str] = []
    for part in _CLAUSE.split(text):
        if parts and len(_WORD.findall(part)) < _LEAST_WORDS:
            parts[-1] = f"{parts[-1]} {part}"
        elif part.strip():
            parts.append(part.strip())
    return parts


def words(text: str, code: str | None) -> list[str]:
    """The words that carry meaning, in order, as their base forms; those of what is known in several
    languages (`concepts.txt`) in English."""
    stop, known = (stop_words(code) if code else frozenset()), _concepts()[0].get(code or "", {})
    made = []
    for word in _WORD.findall(text.lower()):
        plain = word.replace("’", "'").removesuffix("'s")
        plain = bare(plain) if code != "en" else plain
        if plain in known:
            made.append(known[plain])
            continue
        if len(plain) < 3 or plain in stop or "'" in plain:
            continue
        base = lemma(plain) if code == "en" else simplemma.lemmatize(plain, lang=code).lower() if code else plain
        base = known.get(base, base)
        if base not in _SAYS_LITTLE and base not in stop:
            made.append(base)
    return made


def things() -> frozenset[str]:
    """The concepts that something is said of ("delivery"), not what is said of them ("late")."""
    return frozenset(name for name, is_thing in _concepts()[1].items() if is_thing)


def qualities() -> frozenset[str]:
    """The concepts that are said of things."""
    return frozenset(name for name, is_thing in _concepts()[1].items() if not is_thing)


@cache
def _concepts() -> tuple[dict[str, dict[str, str]], dict[str, bool]]:
    """Of each language, its words for what customers write about, with the English one; and the English ones, with
    whether they are things."""
    made: dict[str, dict[str, str]] = {}
    names: dict[str, bool] = {}
    for line in files(__package__).joinpath("concepts.txt").read_text(encoding="utf-8").splitlines():
        name, _, rest = line.partition(": ")
        if line.startswith("#") or not rest:
            continue
        names[name.lstrip("~")] = not name.startswith("~")
        for part in rest.split("|")[1:]:
            code, *said = part.split()
            made.setdefault(code, {}).update((word.lower(), name.lstrip("~")) for word in said)
    return made, names


def runs(text: str, code: str | None, longest: int = 3) -> Iterable[tuple[str, ...]]:
    """The stretches of up to `longest` words without a stop word or a mark in between, as they are written."""
    stop = (stop_words(code) if code else frozenset()) | _SAYS_LITTLE
    for part in re.split(r"[^\w'’\s-]+", text.lower()):
        run: list[str] = []
        for word in [*part.split(), ""]:
            if word and word not in stop and len(word) > 2 and _WORD.fullmatch(word):
                run.append(word)
                continue
            for n in range(len(run)):
                yield from (tuple(run[n : n + size]) for size in range(1, longest + 1) if n + size <= len(run))
            run = []


def shown(text: str, most: int = 160) -> str:
    """A text as it may be quoted: on one line, cut at a word, without addresses and numbers to reach somebody at, and
    without marks that would be read as markup."""
    plain = re.sub(r"[\s*_`~|<>\\]+", " ", _PRIVATE.sub(_MASK, text)).replace("](", "] (").strip()
    return plain if len(plain) <= most else plain[:most].rsplit(" ", 1)[0] + " …"
