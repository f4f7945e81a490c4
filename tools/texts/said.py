"""What is known of texts before anything is asked of them: their languages, how favourable they are, their clauses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.analysis import CannotAnalyse
from tools.texts.languages import NAMES, languages_of
from tools.texts.rows import Corpus
from tools.texts.sentiment import FAVOURABLE, UnknownLanguage, scored
from tools.texts.tokens import clauses, shown, words
from tools.texts.words import Wish

LEAST = 10
"""Of fewer texts nothing is said."""
_FEW = 0.01
"""Languages that fewer of the texts are in are no mixture."""


@dataclass(frozen=True)
class Said:
    """The texts, and what is known of all of them."""

    corpus: Corpus
    languages: tuple[str | None, ...]
    """Of each text."""
    tones: np.ndarray | None
    """How favourable each is, NaN where that is not known of its language; None where it is of none."""
    caveats: tuple[str, ...]

    @property
    def noun(self) -> str:
        return self.corpus.source.plural

    @property
    def main(self) -> str | None:
        return Counter(self.languages).most_common(1)[0][0]

    def tone(self, places: Sequence[int]) -> float | None:
        return None if self.tones is None or not len(places) else mean(self.tones[list(places)])


@dataclass(frozen=True)
class Parts:
    """The clauses of the texts, whose each is (`owners`: the texts' places), its language, and how favourable."""

    texts: list[str]
    owners: np.ndarray
    languages: list[str | None]
    tones: np.ndarray | None

    @property
    def whole(self) -> int:
        return len(set(self.owners.tolist()))

    def tone(self, places: Sequence[int] | np.ndarray) -> float | None:
        return None if self.tones is None else mean(self.tones[places])


def known_of(corpus: Corpus, *, toned: bool) -> Said:
    """What is in a language that is not known is left out, and told, where most of the texts are in one that is; so is,
    where it takes the sentiment (`toned`), what is in a language without one.

    Raises CannotAnalyse for too few texts, or such as say nothing."""
    noun, size = corpus.source.plural, len(corpus.texts)
    if size < LEAST:
        raise CannotAnalyse(
            f"There are {size} {noun} with a text here; it takes {LEAST} to say what they have in common."
        )
    if len({text.strip().lower() for text in corpus.texts}) == 1:
        raise CannotAnalyse(f"All {size:,} {noun} say the same: “{shown(corpus.texts[0], 80)}”.")
    if sum(any(c.isalpha() for c in text) for text in corpus.texts) < 0.5 * size:
        raise CannotAnalyse(f"Most of the {size:,} {noun} are no language: they have no words, but numbers or signs.")
    languages = languages_of(corpus.texts)
    counts = Counter(languages)
    tones, known = _tones(corpus.texts, languages)
    caveats = list(corpus.caveats)
    mixed = [(code, n) for code, n in counts.most_common() if code is not None and n >= max(2, _FEW * size)]
    left = counts[None] if mixed else 0
    unread = [f"{left:,} in a language that is not known here"] if left else []
    keep = np.array([code is not None or not mixed for code in languages])
    if toned and known:
        toneless = [(code, n) for code, n in counts.most_common() if code is not None and code not in known]
        unread += [f"{n:,} in {NAMES[code]}, of which it can't be told how favourable it is" for code, n in toneless]
        keep &= np.array([code in known for code in languages])
    if unread and keep.sum() < LEAST:
        raise CannotAnalyse(f"Too few of the {size:,} {noun} can be read: {'; '.join(unread)}.")
    if len(mixed) > 1:
        parts = ", ".join(f"{n:,} {NAMES[code]}" for code, n in mixed)
        caveats.append(
            f"The {noun} are in several languages ({parts}), each read in its own; words of one that have no known "
            "counterpart in another are counted apart."
        )
    if unread:
        caveats.append(f"Not read, and in no figure: {'; '.join(unread)}.")
    if not known:
        names = ", ".join(NAMES[code] for code in ("en", *_with_lexicon()))
        caveats.append(
            f"How favourable they are can't be told: they are in none of the languages that are known for it ({names})."
        )
    places = np.flatnonzero(keep)
    return Said(
        kept(corpus, places), tuple(languages[n] for n in places), tones[places] if known else None, tuple(caveats)
    )


def kept(corpus: Corpus, places: np.ndarray) -> Corpus:
    """Those texts alone."""
    if len(places) == len(corpus.texts):
        return corpus
    texts, groups = tuple(corpus.texts[n] for n in places), tuple(corpus.groups[n] for n in places)
    return replace(
        corpus, texts=texts, groups=groups, ratings=None if corpus.ratings is None else corpus.ratings[places]
    )


def parts_of(said: Said, wanted: Wish) -> Parts:
    """The clauses that have the term, and the tone, that are asked for; those that say nothing themselves are as
    favourable as the text around them where one thing is asked about. Raises CannotAnalyse where there are none."""
    sought = _sought(wanted.term)
    found = [
        (n, part)
        for n, text in enumerate(said.corpus.texts)
        for part in clauses(text)
        if not sought or sought <= {*words(part, said.languages[n]), *part.lower().split()}
    ]
    size = f"{len(said.corpus.texts):,} {said.noun}"
    if not found:
        raise CannotAnalyse(f"None of the {size} mention “{wanted.term}”.")
    owners, texts = np.array([n for n, _ in found]), [part for _, part in found]
    languages = [said.languages[n] for n, _ in found]
    tones = _tones(texts, languages)[0] if said.tones is not None else None
    if tones is not None and said.tones is not None and wanted.term:
        tones = np.where(np.abs(tones) > FAVOURABLE, tones, said.tones[owners])
    if wanted.tone is None:
        return Parts(texts, owners, languages, tones)
    tones = told(said) if tones is None else tones
    chosen = np.flatnonzero(tones < -FAVOURABLE if wanted.tone == "negative" else tones > FAVOURABLE)
    if not len(chosen):
        about = f" about “{wanted.term}”" if wanted.term else ""
        raise CannotAnalyse(f"None of the {size} say anything {wanted.tone}{about}.")
    return Parts([texts[n] for n in chosen], owners[chosen], [languages[n] for n in chosen], tones[chosen])


def told(said: Said) -> np.ndarray:
    """How favourable each text is. Raises CannotAnalyse where that is not known."""
    if said.tones is None:
        raise CannotAnalyse(f"{said.caveats[-1]} Ask for topics or key phrases instead.")
    return said.tones


def mean(tones: np.ndarray) -> float | None:
    """Of those that are known."""
    known = tones[~np.isnan(tones)]
    return float(known.mean()) if len(known) else None


def _tones(texts: Sequence[str], languages: Sequence[str | None]) -> tuple[np.ndarray, set[str]]:
    """How favourable each text is by its own language, NaN where that is not known; and the languages where it is."""
    tones, known = np.full(len(texts), np.nan), set()
    for code in dict.fromkeys(languages):
        places = [n for n, own in enumerate(languages) if own == code]
        try:
            tones[places] = scored([texts[n] for n in places], code)
        except UnknownLanguage:
            continue
        known.add(str(code))
    return tones, known


def _with_lexicon() -> list[str]:
    try:
        scored([], None)
    except UnknownLanguage as error:
        return [code for code in error.known if code != "en"]
    return []


def _sought(term: str | None) -> set[str]:
    """The words that what is said of a thing must have."""
    plain = re.sub(r"^(?:the|our|my|your)\s+", "", term or "", flags=re.I).lower()
    return set(words(plain, "en")) or set(plain.split())
