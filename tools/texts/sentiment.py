"""How favourable texts are, from -1 to 1.

English: a logistic regression over three views of a text: its words and pairs of words with negations marked (Pang, Lee
& Vaithyanathan 2002), what VADER's rules make of it (Hutto & Gilbert 2014), and its word embeddings. Weights in
sentiment.npz, trained by `parley eval text --train` on the sentences that VADER's authors had rated. Other languages:
the mean of the valences of words that AFINN's translations know (lexicons.json), turned over by a negation before them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise
from typing import Any

import numpy as np
import simplemma

from knowledge.store import embedded

FAVOURABLE = 0.25
"""From this on a text is positive, and below its negative, negative; in between it says neither."""
_NEGATION = re.compile(
    r"(?:not|no|never|cannot|without|hardly|nor|neither|nothing|barely|isnt|dont|doesnt|didnt|wasnt|wont|cant|couldnt|wouldnt|\w+n['’]t)"
)
_TOKEN = re.compile(r"[a-z]+n['’]t|[a-z'’]+|[!?]+|[.,;:]")
_UNSAID, _FELT = 0.3, 0.1
"""How much less is made of a text without a word that is known to be favourable or not: VADER makes less than _FELT of
it. "Order 5197" and "the parcel came on Monday" say neither."""
_REACH = 4
"""Words that a negation holds for."""


class UnknownLanguage(ValueError):
    """Nothing says how favourable the words of a language are; `known` has the codes of those that are known."""

    def __init__(self, known: Sequence[str]):
        super().__init__("no sentiment is known of this language")
        self.known = tuple(known)


@dataclass(frozen=True)
class Weights:
    vocabulary: dict[str, int]
    idf: np.ndarray
    """Of each word and pair of words."""
    said: np.ndarray
    """The weight of each."""
    meant: np.ndarray
    """The weights of the 256 numbers of the embedding."""
    ruled: np.ndarray
    """The weights of VADER's four figures."""
    intercept: float


def scored(texts: Sequence[str], language: str | None) -> np.ndarray:
    """Of each text. Raises UnknownLanguage."""
    if language == "en":
        return english(texts, _weights())
    lexicon = _lexicons().get(language or "")
    if lexicon is None:
        raise UnknownLanguage(["en", *_lexicons()])
    return np.array([_by_lexicon(text, lexicon, str(language)) for text in texts])


def english(texts: Sequence[str], weights: Weights) -> np.ndarray:
    counted = counts(texts, weights.vocabulary)
    counted.data = 1 + np.log(counted.data)
    counted = counted.multiply(weights.idf).tocsr()
    norms = np.sqrt(counted.multiply(counted).sum(axis=1)).A1
    said = counted @ weights.said / np.where(norms > 0, norms, 1)
    rules = ruled(texts)
    z = said + meaning(texts) @ weights.meant + rules @ weights.ruled + weights.intercept
    unsaid = np.where(np.abs(rules[:, 0]) < _FELT, _UNSAID, 1.0)
    return np.asarray(np.tanh(z * unsaid / 2))  # 2p - 1, of the chance p that it is favourable


def counts(texts: Sequence[str], vocabulary: dict[str, int]) -> Any:
    """How often each text has each word or pair of words: a sparse matrix (texts × vocabulary)."""
    from scipy.sparse import csr_matrix

    rows, columns = [], []
    for n, text in enumerate(texts):
        for gram in grams(text):
            if (at := vocabulary.get(gram)) is not None:
                rows.append(n)
                columns.append(at)
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(texts), len(vocabulary)), dtype=float)


def grams(text: str) -> list[str]:
    """The words and pairs of words of an English text; those that a negation holds for begin with "not_"."""
    made: list[str] = []
    left = 0
    for word in _TOKEN.findall(text.lower()):
        if word in ".,;:":
            left = 0
        elif _NEGATION.fullmatch(word):
            left = _REACH
            made.append(word)
        else:
            made.append(f"not_{word}" if left else word)
            left = max(0, left - 1)
    return [*made, *(f"{a} {b}" for a, b in pairwise(made))]


def meaning(texts: Sequence[str]) -> np.ndarray:
    """Of each text, 256 numbers."""
    return embedded([text or " " for text in texts])


def ruled(texts: Sequence[str]) -> np.ndarray:
    """VADER's figures of each, by its own lexicon and the words of customers: compound, positive, negative, neutral."""
    said = [_vader().polarity_scores(text) for text in texts]
    return np.array([[s["compound"], s["pos"], s["neg"], s["neu"]] for s in said]).reshape(-1, 4)


def _by_lexicon(text: str, lexicon: dict[str, Any], code: str) -> float:
    valences, left = [], 0
    for word in re.findall(r"[^\W\d_]+|[.,;:!?]", text.lower()):
        if not word[0].isalpha():
            left = 0
            continue
        if word in lexicon["negators"]:
            left = _REACH
            continue
        value = lexicon["words"].get(word) or lexicon["words"].get(simplemma.lemmatize(word, lang=code).lower())
        if value:
            valences.append(-0.8 * value if left else value)
        left = max(0, left - 1)
    return float(np.tanh(sum(valences) / len(valences) / 2)) if valences else 0.0


@cache
def _weights() -> Weights:
    with as_file(files(__package__) / "sentiment.npz") as path, np.load(path) as kept:
        vocabulary = {str(gram): n for n, gram in enumerate(kept["grams"])}
        parts = (kept[name].astype(float) for name in ("idf", "said", "meant", "ruled"))
        idf, said, meant, ruled = parts
        return Weights(vocabulary, idf, said, meant, ruled, float(kept["intercept"]))


@cache
def _lexicons() -> dict[str, dict[str, Any]]:
    kept = json.loads((files(__package__) / "lexicons.json").read_text(encoding="utf-8"))
    return {code: {"words": one["words"], "negators": frozenset(one["negators"])} for code, one in kept.items()}


@cache
def _vader() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    own = (files(__package__) / "customers.txt").read_text(encoding="utf-8")
    said = (pair.partition("=") for line in own.splitlines() if not line.startswith("#") for pair in line.split())
    analyzer.lexicon.update({word: float(valence) for word, _, valence in said})
    return analyzer
