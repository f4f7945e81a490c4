"""The lexicon: which words of a question may name which metric, dataset or field of the semantic model."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from assistant.analyst.english import LISTS, STOP
from assistant.analyst.tokens import tokenize
from knowledge.model import Dataset, Metric, ModelField, SemanticModel
from knowledge.words import abbreviates, abbreviations, is_english, lemma, split, synonyms

Kind = Literal["metric", "dataset", "field"]


@dataclass(frozen=True)
class Name:
    """One way to say an element of the model: the lemmas of a label or synonym, and how sure that way is (0..1)."""

    kind: Kind
    target: str
    words: tuple[str, ...]
    surety: float
    head: str = ""
    """The word that says what it is: "price" of "closing price", "sale" of "sales per household"."""
    owner: frozenset[str] = frozenset()
    """For a field, the words of its dataset: "customer city" names the city of customers."""
    whole: bool = False
    """Only all of its words together name it."""
    per: bool = False


@dataclass(frozen=True)
class Link:
    """`target` is a metric's, dataset's or (qualified) field's name; `score` is 0..1."""

    kind: Kind
    target: str
    score: float
    exact: bool
    by_owner: bool = False
    """Words of the field's dataset were among those said."""
    per: bool = False
    """Its name says "per": "units per basket"."""


@lru_cache(maxsize=20_000)
def content(text: str) -> tuple[str, ...]:
    """The lemmas that carry meaning, in order."""
    words = [t.lemma for t in tokenize(text.replace("_", " ")) if t.kind in ("word", "number")]
    kept = tuple(w for w in words if w not in _LIGHT)
    return kept or tuple(words)


_LIGHT, _TARGETS = LISTS["light"], LISTS["targets"]


class Lexicon:
    """Built once for a model; `links` is a few dictionary look-ups for a span of words."""

    def __init__(self, model: SemanticModel):
        self.names: list[Name] = list(_names(model))
        self._pairs = frozenset(_pairs(model))
        self._by_word: dict[str, list[tuple[int, float, str]]] = defaultdict(list)
        """For each word, the names that it may be part of, how surely, and the word of the name that it stands for."""
        for at, name in enumerate(self.names):
            for word in set(name.words) | name.owner:
                self._by_word[word].append((at, 1.0, word))
        self._run_together: dict[str, list[int]] = defaultdict(list)
        """ "check-in" is "checkin", "payload" is "pay load": names by their letters."""
        for at, name in enumerate(self.names):
            if len("".join(name.words)) > 4:
                self._run_together["".join(name.words)].append(at)
        self._starts = {key[:n] for key in self._run_together for n in range(2, len(key))}
        self._frequency = {word: len(postings) for word, postings in self._by_word.items()}
        self._exact_words = frozenset(self._by_word)
        self._spelled = sorted(self._exact_words)
        meant = {w for n in self.names if n.surety >= 0.98 or len(n.words) == 1 or n.kind == "metric" for w in n.words}
        for word in self._spelled:
            for synonym, strength in synonyms(word):
                near = lemma(synonym)
                if near not in meant:
                    self._by_word[near].extend((at, strength * 0.9, word) for at, _, _ in self._by_word[word])
        self._keys = frozenset(
            f"{d.name}.{k}" for d in model.datasets for k in d.primary_key if len(d.primary_key) == 1
        )
        """Of a key and the references to it, which are called the same, the key is meant first."""
        self.kinds = frozenset(
            f"{d.name}.{f.name}" for d in model.datasets for f in d.fields if f.role == "category" and f.type == "text"
        )
        self.doers = frozenset((d.label or d.name).lower().split()[-1] for d in model.datasets)
        """What the rows of each dataset are called, some after what they do: "teacher"."""
        self.planned = frozenset(d.name for d in model.datasets if (d.label or d.name).lower().split()[-1] in _TARGETS)
        """Datasets of what is to be reached, which nobody's deeds are: sales targets."""
        self.times = frozenset(
            f"{d.name}.{f.name}" for d in model.datasets for f in d.fields if f.type in ("date", "timestamp")
        )
        self.names_of_people = frozenset(
            f"{d.name}.{f.name}"
            for d in model.datasets
            for f in d.fields
            if (f.label or f.name).lower() in ("first name", "last name", "surname", "given name", "family name")
        )
        self._pieces = _pieces(model)
        self._tried: set[str] = set()
        self._cache: dict[tuple[str, ...], list[Link]] = {}

    def knows(self, word: str) -> bool:
        self._as_abbreviated(word)
        return word in self._by_word or word in self._starts

    def _as_abbreviated(self, word: str) -> None:
        """A word that nothing is called by may be what a piece of an identifier is short for: "terminal", of trm."""
        if word in self._tried or word in self._by_word or word in STOP or len(word) < _WORD or not word.isalpha():
            return
        self._tried.add(word)
        sure = {piece: abbreviates(piece, word) for piece in self._pieces}
        best = max(sure.values(), default=0.0)
        for piece, strength in sure.items():
            if strength == best > 0:
                for spelled in sorted(self._pieces[piece]):
                    self._by_word[word].extend((at, 0.95 * strength, spelled) for at, _, _ in self._by_word[spelled])

    def has(self, word: str) -> bool:
        """A name in the model has the very word."""
        return word in self._exact_words

    def words_of(self, field: str) -> set[str]:
        """The lemmas of a field's own label."""
        return set(next((n.words for n in self.names if n.kind == "field" and n.target == field), ()))

    def is_most(self, link: Link, word: str, last: str) -> bool:
        """Whether what is named is itself called the most of something: "first name", "highest price" of daily prices
        that have a high."""
        own = {w for n in self.names if (n.kind, n.target) == (link.kind, link.target) for w in n.words}
        if word in own or lemma(word) not in own or link.kind != "field":
            return bool(own & {word, lemma(word)})
        owner = link.target.partition(".")[0]
        return any(n.head == last for n in self.names if (n.kind, n.target) == ("dataset", owner))

    def says(self, first: str, second: str) -> bool:
        """The two words stand side by side in a name, as they are written ("units sold")."""
        return (first.lower(), second.lower()) in self._pairs

    def correct(self, word: str) -> str | None:
        """The word of the model that a misspelt or shortened word most likely is ("housholds" -> "household", "dept" ->
        "department")."""
        long = abbreviations().get(word)
        if long and long in self._exact_words:
            return long
        if len(word) < 5 or not word.isalpha():
            return None
        found = process.extractOne(word, self._spelled, scorer=fuzz.ratio, score_cutoff=84)
        if found is None:  # two letters in the wrong order: "wieght"
            swapped = OSA.normalized_similarity
            found = process.extractOne(word, self._spelled, scorer=swapped, score_cutoff=0.83)
        return found[0] if found and found[0][0] == word[0] and len(found[0]) >= 5 else None

    def links(self, words: tuple[str, ...]) -> list[Link]:
        """What this span of lemmas may name, best first. Every word of the span must take part in the name."""
        if words not in self._cache:
            if len(self._cache) > 20_000:
                self._cache.clear()
            self._cache[words] = self._find(words)
        return self._cache[words]

    def _find(self, words: tuple[str, ...]) -> list[Link]:
        for word in words:
            self._as_abbreviated(word)
        if not words or any(word not in self._by_word for word in words):
            return self._as_one_word(words)
        common: dict[int, list[tuple[float, str]]] = {}
        for n, word in enumerate(words):
            strengths: dict[int, tuple[float, str]] = {}
            for at, strength, stands_for in self._by_word[word]:
                if at not in strengths or (strength, stands_for in self.names[at].words) > (
                    strengths[at][0],
                    strengths[at][1] in self.names[at].words,
                ):
                    strengths[at] = (strength, stands_for)
            common = (
                {at: [s] for at, s in strengths.items()}
                if n == 0
                else {at: [*common[at], s] for at, s in strengths.items() if at in common}
            )
            if not common:
                return []
        best: dict[tuple[str, str], Link] = {}
        for at, matched in common.items():
            name = self.names[at]
            link = self._score(name, words, matched)
            if (link and (link.kind, link.target) not in best) or (
                link and best[link.kind, link.target].score < link.score
            ):
                best[link.kind, link.target] = link
        return sorted(best.values(), key=lambda link: (-round(link.score, 3), link.target not in self._keys))[:12]

    def _as_one_word(self, words: tuple[str, ...]) -> list[Link]:
        """Names that have these letters, however they are parted into words."""
        found = [self.names[at] for at in self._run_together.get("".join(words), ()) if self.names[at].words != words]
        links = {(n.kind, n.target): Link(n.kind, n.target, 0.97 * n.surety, True) for n in found}
        return sorted(links.values(), key=lambda link: -link.score)

    def _score(self, name: Name, words: tuple[str, ...], matched: list[tuple[float, str]]) -> Link | None:
        numbered = len(words) > 1 and all("number" in (w[0], w[-1]) for w in (words, name.words))
        if numbered and (words[0] == "number") != (name.words[0] == "number"):
            return None  # a policy number is not the number of policies
        own = [w for w in words if w in name.words]
        if name.per and name.head not in own and set(own) <= set(name.words[name.words.index(name.head) + 1 :]):
            return None  # nights are no rate per night
        pairs = list(zip(words, matched, strict=True))
        by_synonym = [s for w, (s, meant) in pairs if w not in name.words and meant in name.words]
        if len(by_synonym) > len(name.words) - len(set(own)):
            return None
        if not own and not by_synonym:
            return None  # only the dataset's own name was said
        if name.kind == "metric" and not own and name.surety < 1:
            return None  # a synonym of a synonym: a fee is no sale price
        if len(set(words)) < len(words):
            return None
        weight = {w: 1.0 / math.sqrt(self._frequency.get(w, 1)) + (0.6 if w == name.head else 0.0) for w in name.words}
        whole = sum(weight.values())
        covered = sum(weight[w] for w in set(own))
        rest = sorted((weight[w] for w in name.words if w not in own), reverse=True)
        covered += sum(w * s for w, s in zip(rest, sorted(by_synonym, reverse=True), strict=False))
        recall = covered / whole
        exact = recall > 0.999
        if name.whole and not exact:
            return None
        if not exact and set(words) <= _MONEY:
            return None  # "the dollar" is no dollar sales
        if not exact and name.kind != "dataset" and _AIMS & set(name.words) - set(words) and not by_synonym:
            return None  # a revenue target is no revenue, the maximum size of a class not its size
        if not exact and set(words) <= _EMPTY:
            return None  # who is "full" is not asked for the full name
        if not exact and name.head not in own and not by_synonym and len(name.words) > 1:
            recall *= 0.72  # a modifier alone ("closing") is a weaker sign than the head ("price")
        if name.kind == "metric" and not exact:
            recall *= 0.85
        if not exact and own == [name.head] and name.head in _GENERIC and self._frequency.get(name.head, 1) > 2:
            recall *= 0.7  # "rate" alone: there are several
        score = name.surety * (0.25 + 0.75 * recall)
        by_owner = any(meant in name.owner and meant not in name.words for _, (_, meant) in pairs)
        return Link(name.kind, name.target, score, exact, by_owner, name.per) if score >= 0.4 else None


_AIMS = frozenset(["target", "goal", "budget", "quota", "forecast", "threshold", "maximum", "minimum", "max", "min"])
_EMPTY = frozenset(["full", "whole", "entire", "complete"])
_MONEY = frozenset(["dollar", "euro", "pound", "cent"])
_WORD = 4
"""Letters of a word that something may be short for."""


def _pieces(model: SemanticModel) -> dict[str, set[str]]:
    """The abbreviations in the names of tables and columns, with the words that stand for them in labels."""
    found: dict[str, set[str]] = defaultdict(set)
    named = [(d.name, d.label) for d in model.datasets]
    named += [(f.name, f.label) for d in model.datasets for f in d.fields]
    for name, label in named:
        said = content(label or name)
        for piece in split(name):
            if len(piece) > 2 and not is_english(piece):
                found[piece].update(w for w in said if w == piece or abbreviates(piece, w))
    return {piece: words for piece, words in found.items() if words}


def _pairs(model: SemanticModel) -> Iterable[tuple[str, str]]:
    named: list[Metric | Dataset | ModelField] = [*model.metrics, *model.datasets]
    named += [f for d in model.datasets for f in d.fields]
    for thing in named:
        for text in (thing.label or thing.name, *thing.synonyms):
            words = text.lower().replace("_", " ").split()
            yield from pairwise(words)


def _names(model: SemanticModel) -> Iterable[Name]:
    for metric in model.metrics:
        yield from _ways("metric", metric.name, [metric.label or metric.name], metric.synonyms, metric.name)
    for dataset in model.datasets:
        told = any(content(f.label) == content(dataset.name) for f in dataset.fields)
        kept = "" if told or re.match(r"(?i)(?:has|is|was)(?:_|[A-Z])", dataset.name) else dataset.name
        ways = list(_ways("dataset", dataset.name, [dataset.label or dataset.name], (*dataset.synonyms,), kept))
        yield from ways
        owner = frozenset(word for way in ways if way.surety > 0.9 for word in way.words)
        for field in dataset.fields:
            reference = f"{dataset.name}.{field.name}"
            raw = "" if set(split(field.name)) & _LIGHT | {"no"} & set(split(field.name)) else field.name
            if any(f.label == field.label for f in dataset.fields[: dataset.fields.index(field)]):
                raw = ""  # some of another field's values
            labels = [field.label or field.name]
            for way in _ways("field", reference, labels, field.synonyms, raw):
                yield replace(way, surety=way.surety * _weight(field), owner=owner - set(way.words))
            if named := _named_by(field, owner):
                words = content(named)
                yield Name("field", reference, words, 0.93, words[-1], owner - set(words), whole=True)
            for named in _as_a_name(field):
                words = content(named)
                yield Name("field", reference, words, 0.97, words[-1], owner - set(words), whole=True)


def _named_by(field: ModelField, owner: frozenset[str]) -> str | None:
    """What a column of names is of, where that is not the row itself: "by lender", of a column of lender names."""
    label = (field.label or field.name).lower()
    of = label.removesuffix(" name")
    return of if of != label and of not in _KINDS_OF_NAMES and not set(content(of)) <= owner else None


def _as_a_name(field: ModelField) -> tuple[str, ...]:
    """A thing kept as its name is also asked for as that: "the country name" where there is only a country."""
    label = field.label or field.name
    named = field.type == "text" and field.role in ("place", "category", "name")
    return (f"{label} name",) if named and label.lower().split()[-1] not in _TAILS else ()


_KINDS_OF_NAMES = LISTS["kinds_of_names"]
_GENERIC = LISTS["generic"]
_TAILS = LISTS["tails"]


def _head(text: str, words: tuple[str, ...]) -> str:
    first = re.split(r"\b(?:per|of|by|in|for)\b", text.lower().replace("_", " "))[0]
    said = content(first) if first.strip() else ()
    return said[-1] if said and said[-1] in words else words[-1]


def _weight(field: ModelField) -> float:
    """Fields that are named less surely by their label: hidden ones, and times called by a verb ("ordered at")."""
    said = (field.label or field.name).lower().split()
    by_verb = field.type in ("date", "timestamp") and len(said) <= 2 and said[0].endswith("ed")
    return (0.8 if field.hidden else 1.0) * (0.8 if by_verb else 1.0)


def _ways(kind: Kind, target: str, labels: list[str], others: Iterable[str], raw: str = "") -> Iterable[Name]:
    seen: set[tuple[str, ...]] = set()
    for surety, texts in ((1.0, labels), (0.97, list(others)), (0.95, [raw] if raw else [])):
        for text in texts:
            words = content(text)
            if words and words not in seen:
                seen.add(words)
                per = bool(re.search(r"\bper\b|/", text.replace("_", " ")))
                yield Name(kind, target, words, surety, _head(text, words), per=per)
