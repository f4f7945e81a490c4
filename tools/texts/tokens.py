"""Texts as words: which language they are in, their clauses, and the words that carry meaning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

import simplemma
import stopwordsiso

from knowledge.words import lemma

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "fi", "pl")
NAMES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
         "nl": "Dutch", "sv": "Swedish", "da": "Danish", "fi": "Finnish", "pl": "Polish"}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CLAUSE = re.compile(
    r"(?<=[.!?;\n])\s+|\n+|,?\s+\b(?:but|however|although|though|aber|mais|pero|però|maar)\b\s+|\s+[-–—]\s+", re.I
)
_PRIVATE = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|\+?\d[\d\s().-]{7,}\d")
_MASK = "…"
_LEAST_WORDS = 2
_SAMPLED = 300
# Said in every text, of nothing in it.
_SAYS_LITTLE = frozenset(
    [
        "absolutely", "also", "always", "back", "bad", "best", "better", "bit", "come", "could", "day",
        "definitely", "even", "ever", "get", "go", "going", "good", "got", "great", "just", "like", "lot",
        "love", "made", "make", "many", "much", "never", "nice", "one", "please", "pretty", "quite", "really",
        "recommend", "said", "say", "sorry", "still", "take", "thank", "thanks", "thing", "time", "today",
        "totally", "us", "very", "way", "well", "would",
    ]
)  # fmt: skip


def language_of(texts: Sequence[str]) -> str | None:
    """The language that most of the texts are in, as its ISO 639-1 code, by their commonest words; None where these
    are of no language that is known."""
    counts: Counter[str] = Counter()
    for text in texts[:_SAMPLED]:
        counts.update({w.lower() for w in _WORD.findall(text)})
    said = sum(counts.values())
    found = {code: sum(n for w, n in counts.items() if w in stop_words(code)) / max(said, 1) for code in LANGUAGES}
    best = max(found, key=lambda code: found[code])
    return best if found[best] >= 0.12 else None


@cache
def stop_words(code: str) -> frozenset[str]:
    return frozenset(stopwordsiso.stopwords(code))


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
    """The words that carry meaning, in order, as their base forms."""
    stop = stop_words(code) if code else frozenset()
    made = []
    for word in _WORD.findall(text.lower()):
        plain = word.replace("’", "'").removesuffix("'s")
        if len(plain) < 3 or plain in stop or "'" in plain:
            continue
        base = lemma(plain) if code == "en" else simplemma.lemmatize(plain, lang=code).lower() if code else plain
        if base not in _SAYS_LITTLE and base not in stop:
            made.append(base)
    return made


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
