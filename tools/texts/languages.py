"""Which language each text is in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

import simplemma
import stopwordsiso

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "fi", "pl")
NAMES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
         "nl": "Dutch", "sv": "Swedish", "da": "Danish", "fi": "Finnish", "pl": "Polish"}  # fmt: skip
_OTHERS = ("tr", "hu", "cs", "ro", "id", "no", "hr")
"""Languages in Latin letters that are told apart from those above, and not read."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LATIN = re.compile(r"[a-zA-ZÀ-ɏ]")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|un|dell|all|dall|nell|sull)['’](?=\w)")
_CLEARLY = 1.5
"""A text is clearly in a language whose commonest words it has so many times more of than of any other's."""
_FEW = 0.02
"""Of a language that fewer of the texts are clearly in, a text must have two words."""


def languages_of(texts: Sequence[str]) -> list[str | None]:
    """Of each text, the ISO 639-1 code of its language, by the commonest words of languages; what is too short to tell
    is in that of the texts' languages whose dictionary has most of its words, else in that of most texts. None: in a
    language or a script that is not read."""
    scored = [_scores(text) for text in texts]
    clear = [_clearest(scores) for scores in scored]
    counts = Counter(code for code, _ in clear if code is not None)
    if not counts:
        return [None] * len(texts)
    least = max(2.0, _FEW * len(texts))
    usual = [code for code, count in counts.most_common() if count >= least and code in LANGUAGES]
    main = usual[0] if usual else counts.most_common(1)[0][0]
    found: list[str | None] = []
    for text, (code, hits) in zip(texts, clear, strict=True):
        if _foreign(text):
            found.append(None)
        elif code is None or (code not in usual and hits < 2):
            found.append(_known(text, usual) if len(usual) > 1 else main)
        else:
            found.append(code if code in LANGUAGES else None)
    return [code if code in LANGUAGES else None for code in found]


def language_of(texts: Sequence[str]) -> str | None:
    """The language that most of the texts are in; None where that is none that is known."""
    counts = Counter(languages_of(texts))
    return counts.most_common(1)[0][0] if counts else None


@cache
def stop_words(code: str) -> frozenset[str]:
    return frozenset(stopwordsiso.stopwords(code))


def bare(word: str) -> str:
    """Without an article or pronoun before an apostrophe: "livraison" of "l'accueil"."""
    return _ELISION.sub("", word)


@cache
def _common() -> dict[str, dict[str, float]]:
    """Of each common word, the languages that have it, each weighing less the more of them do."""
    owners: dict[str, list[str]] = {}
    for code in (*LANGUAGES, *_OTHERS):
        for word in stop_words(code):
            owners.setdefault(word, []).append(code)
    return {word: dict.fromkeys(codes, 1 / len(codes)) for word, codes in owners.items()}


def _scores(text: str) -> dict[str, tuple[float, int]]:
    """Of each language, the weight of its common words in the text, and how many different ones there are."""
    common, weights, hits = _common(), Counter[str](), Counter[str]()
    for word in {w.lower().replace("’", "'") for w in _WORD.findall(text)}:
        for form in {word, bare(word)}:
            for code, weight in common.get(form, {}).items():
                weights[code] += weight  # type: ignore[assignment]
                hits[code] += 1
    return {code: (float(weight), hits[code]) for code, weight in weights.items()}


def _clearest(scores: dict[str, tuple[float, int]]) -> tuple[str | None, int]:
    ranked = sorted(((weight, code) for code, (weight, _) in scores.items()), reverse=True)
    if not ranked:
        return None, 0
    weight, code = ranked[0]
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    hits = scores[code][1]
    if weight < _CLEARLY * second or (code in _OTHERS and hits < 3):
        return None, 0
    return code, hits


def _foreign(text: str) -> bool:
    """Most of its letters are no Latin ones."""
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and sum(bool(_LATIN.match(c)) for c in letters) < 0.5 * len(letters)


def _known(text: str, codes: Sequence[str]) -> str:
    """The first of the languages whose dictionary has most of the text's words."""
    said = [bare(w.lower()) for w in _WORD.findall(text)]
    known = [sum(simplemma.is_known(w, lang=code) for w in said) for code in codes]
    return codes[known.index(max(known))]
