"""The value index: which column holds "Brooklyn"?

Every distinct text value of the fields worth searching is kept by its folded words (lower case, no accents or
punctuation), so that a question is scanned by looking up its runs of words. Misspellings are looked for only among words
that are not English.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import duckdb
import simplemma
from rapidfuzz import fuzz, process

from knowledge.model import Dataset, ModelField, SemanticModel
from knowledge.warehouse.duckdb import connect
from knowledge.words import lemma

_LONGEST = 8
_VERSION = 3
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_SEARCHED = ("name", "category", "place", "code", "flag", "text", "key", "foreign_key")


@dataclass(frozen=True)
class ValueMention:
    """A stored value named at characters [start, end) of a question. `score` is 0..1."""

    start: int
    end: int
    text: str
    field: str
    value: Any
    score: float
    kind: Literal["exact", "folded", "inflected", "fact", "part", "fuzzy"]


@dataclass(frozen=True)
class _Entry:
    field: str
    value: str


@dataclass
class ValueIndex:
    entries: list[_Entry]
    skipped: tuple[str, ...] = ()
    """Fields with more values than the bound, and what was left out."""
    _folded: dict[tuple[str, ...], list[int]] = field(default_factory=dict, repr=False)
    _lemmas: dict[tuple[str, ...], list[int]] = field(default_factory=dict, repr=False)
    _facts: dict[tuple[str, ...], list[int]] = field(default_factory=dict, repr=False)
    _parts: dict[str, list[int]] = field(default_factory=dict, repr=False)
    _spellings: dict[str, list[str]] = field(default_factory=dict, repr=False)
    _keys: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def build(
        cls, connection: duckdb.DuckDBPyConnection, model: SemanticModel, *, max_values_per_field: int = 50_000
    ) -> ValueIndex:
        """Read the distinct values of the model's text fields over a (trusted, read-only) connection."""
        entries: list[_Entry] = []
        skipped: list[str] = []
        for dataset in model.datasets:
            for entry in dataset.fields:
                if not _worth_searching(entry, dataset):
                    continue
                found = _distinct(connection, dataset, entry, max_values_per_field)
                if len(found) > max_values_per_field:
                    skipped.append(
                        f"{dataset.name}.{entry.name}: only its {max_values_per_field:,} most frequent values"
                    )
                reference = f"{dataset.name}.{entry.name}"
                entries += [_Entry(reference, v) for v in found[:max_values_per_field]]
        return cls.of(entries, skipped)

    @classmethod
    def of(cls, entries: Iterable[_Entry], skipped: Iterable[str] = ()) -> ValueIndex:
        index = cls(list(entries), tuple(skipped))
        index._fill()
        return index

    def _fill(self) -> None:
        folded: dict[tuple[str, ...], list[int]] = defaultdict(list)
        lemmas: dict[tuple[str, ...], list[int]] = defaultdict(list)
        facts: dict[tuple[str, ...], list[int]] = defaultdict(list)
        parts: dict[str, list[int]] = defaultdict(list)
        aliases = _aliases()
        short: dict[str, bool] = defaultdict(lambda: True)
        for entry in self.entries:
            short[entry.field] = short[entry.field] and len(entry.value) <= 3
        for at, entry in enumerate(self.entries):
            key = fold(entry.value)
            if not key:
                continue
            folded[key].append(at)
            if len(key) <= 4:
                stem = tuple(lemma(w) for w in key)
                if stem != key:
                    lemmas[stem].append(at)
            for alias in aliases.get(" ".join(key), ()):
                # A code stands for a name only in a column of codes, and the other way round.
                if alias != key and (short[entry.field] or len(" ".join(alias)) > 2):
                    facts[alias].append(at)
            if 2 <= len(key) <= 6:
                for word in key:
                    if len(word) >= 4:
                        parts[word].append(at)
        self._folded, self._lemmas, self._facts = dict(folded), dict(lemmas), dict(facts)
        self._parts = {w: ats for w, ats in parts.items() if len(ats) <= 40}
        spellings: dict[str, list[str]] = defaultdict(list)
        for key in folded:
            text = " ".join(key)
            if 4 <= len(text) <= 40 and not text.isdigit():
                spellings[text[0]].append(text)
                self._keys[text] = key
        self._spellings = dict(spellings)

    # --- looking things up -------------------------------------------------------------------------------------------

    def scan(self, question: str) -> list[ValueMention]:
        """Every stored value that a question may name, with its place; alternatives in several fields included."""
        words = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(_plain(question))]
        found: list[ValueMention] = []
        covered: set[int] = set()
        for start in range(len(words)):
            for length in range(min(_LONGEST, len(words) - start), 0, -1):
                span = words[start : start + length]
                key = tuple(w.lower() for w, _, _ in span)
                begin, end = span[0][1], span[-1][2]
                text = question[begin:end]
                if length == 1 and len(key[0]) <= 2 and not text.isupper():
                    continue
                hits = self._match(key, text)
                found += [ValueMention(begin, end, text, e.field, e.value, score, kind) for e, score, kind in hits]  # type: ignore[arg-type]
                if any(score > 0.9 for _, score, _ in hits):
                    covered.update(range(start, start + length))
        found += self._in_parts(question, words, covered)
        found += self._misspelt(question, words, covered)
        return found

    def lookup(self, phrase: str, fields: Collection[str] | None = None, limit: int = 5) -> list[ValueMention]:
        """Stored values most like a phrase, best first; among some fields only, if given."""
        key = fold(phrase)
        hits = self._match(key, phrase)
        text = " ".join(key)
        for near, score, _ in process.extract(
            text, list(self._keys), scorer=fuzz.WRatio, limit=limit * 4, score_cutoff=60
        ):
            hits += [(self.entries[at], score / 110, "fuzzy") for at in self._folded[self._keys[near]]]
        best: dict[tuple[str, str], ValueMention] = {}
        for entry, score, kind in hits:
            if fields is None or entry.field in fields:
                best.setdefault(
                    (entry.field, entry.value),
                    ValueMention(0, len(phrase), phrase, entry.field, entry.value, score, kind),  # type: ignore[arg-type]
                )
        return sorted(best.values(), key=lambda m: -m.score)[:limit]

    def _match(self, key: tuple[str, ...], text: str) -> list[tuple[_Entry, float, str]]:
        hits: list[tuple[_Entry, float, str]] = []
        for at in self._folded.get(key, ()):
            entry = self.entries[at]
            hits.append((entry, 1.0, "exact") if entry.value == text else (entry, 0.97, "folded"))
        stem = tuple(lemma(w) for w in key)
        for at in self._lemmas.get(stem, ()):
            hits.append((self.entries[at], 0.93, "inflected"))
        if stem != key:
            hits += [(self.entries[at], 0.93, "inflected") for at in self._folded.get(stem, ())]
        for at in self._facts.get(key, ()):
            hits.append((self.entries[at], 0.94, "fact"))
        seen: set[tuple[str, str]] = set()
        unique = []
        for hit in hits:
            pair = (hit[0].field, hit[0].value)
            if pair not in seen:
                seen.add(pair)
                unique.append(hit)
        return unique[:60]

    def _in_parts(self, question: str, words: list[tuple[str, int, int]], covered: set[int]) -> list[ValueMention]:
        """A word of a longer value: the last name of a person, "kellogg" of "Kellogg Company"."""
        found = []
        for n, (word, start, end) in enumerate(words):
            hits = self._parts.get(word.lower(), ())
            if n in covered or not hits or (not word[0].isupper() and simplemma.is_known(word.lower(), lang="en")):
                continue
            score = 0.8 if len(hits) == 1 else 0.7 if len(hits) <= 5 else 0.6
            found += [
                ValueMention(
                    start, end, question[start:end], self.entries[at].field, self.entries[at].value, score, "part"
                )
                for at in hits
            ]
        return found

    def _misspelt(self, question: str, words: list[tuple[str, int, int]], covered: set[int]) -> list[ValueMention]:
        found: list[ValueMention] = []
        for n, (word, start, _) in enumerate(words):
            if n in covered or len(word) < 4 or word.isdigit() or _is_english(word.lower()):
                continue
            for length in (3, 2, 1):
                span = words[n : n + length]
                text = " ".join(w.lower() for w, _, _ in span)
                if len(span) < length or len(text) < 5:
                    continue
                near = [t for t in self._spellings.get(text[0], ()) if abs(len(t) - len(text)) <= 2]
                best = process.extract(text, near, scorer=fuzz.ratio, limit=3, score_cutoff=82 if len(text) > 6 else 80)
                if best:
                    end = span[-1][2]
                    for close, score, _ in best:
                        for at in self._folded[self._keys[close]]:
                            entry = self.entries[at]
                            found.append(
                                ValueMention(
                                    start,
                                    end,
                                    question[start:end],
                                    entry.field,
                                    entry.value,
                                    0.82 * score / 100,
                                    "fuzzy",
                                )
                            )
                    break
        return found


def fold(text: str) -> tuple[str, ...]:
    """Lower-case words without accents and punctuation.

    >>> fold("Crème Brûlée (Large)")
    ('creme', 'brulee', 'large')
    """
    return tuple(m.group().lower() for m in _WORD.finditer(_plain(text)))


def _plain(text: str) -> str:
    # One character for one, so that places in the folded text are places in the question.
    out = []
    for char in text.replace("’", "'"):
        base = unicodedata.normalize("NFKD", char)
        out.append(base[0] if base else char)
    return "".join(out)


@cache
def _is_english(word: str) -> bool:
    return bool(simplemma.is_known(word, lang="en"))


def _worth_searching(entry: ModelField, dataset: Dataset) -> bool:
    if entry.type != "text" or entry.role not in _SEARCHED:
        return False
    lengths = [len(str(v)) for v in entry.samples]
    if lengths and sum(lengths) / len(lengths) > 60:
        return False  # comments and other prose
    return not (entry.hidden and entry.role not in ("key", "foreign_key"))


def _distinct(connection: duckdb.DuckDBPyConnection, dataset: Dataset, entry: ModelField, most: int) -> list[str]:
    sql = (
        f"SELECT v FROM (SELECT {entry.sql} AS v FROM {dataset.source}) WHERE v IS NOT NULL AND length(v) BETWEEN 1 AND 120 "
        f"GROUP BY v ORDER BY count(*) DESC, v LIMIT {most + 1}"
    )
    return [str(row[0]) for row in connection.execute(sql).fetchall()]


@cache
def _aliases() -> dict[str, list[tuple[str, ...]]]:
    """General facts: other ways to say a value (a state's name and code, a country's demonym, "male" and "M")."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    text = files("knowledge").joinpath("facts", "values.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        names = [fold(name) for name in row["names"].split("|")]
        for name in names:
            found[" ".join(name)] += [n for n in names if n != name]
    return dict(found)


def load_or_build(
    path: Path, model: SemanticModel, state_dir: Path, *, max_values_per_field: int = 50_000
) -> ValueIndex:
    """The index of a DuckDB file's values, kept under `state_dir` while the file and the model stay the same."""
    stat = path.stat()
    fields = [f"{d.name}.{f.name}:{f.sql}" for d in model.datasets for f in d.fields]
    mark = blake2b(
        repr((str(path.resolve()), stat.st_size, stat.st_mtime_ns, fields, _VERSION, max_values_per_field)).encode(),
        digest_size=12,
    )
    kept = state_dir / "values" / f"{path.stem}-{mark.hexdigest()}.json"
    if kept.exists():
        try:
            loaded = json.loads(kept.read_text(encoding="utf-8"))
            return ValueIndex.of(
                [_Entry(f, v) for f, values in loaded["values"].items() for v in values], loaded["skipped"]
            )
        except (ValueError, KeyError, OSError):
            kept.unlink(missing_ok=True)
    connection = connect(path)
    try:
        index = ValueIndex.build(connection, model, max_values_per_field=max_values_per_field)
    finally:
        connection.close()
    by_field: dict[str, list[str]] = defaultdict(list)
    for entry in index.entries:
        by_field[entry.field].append(entry.value)
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_suffix(".part")
    draft.write_text(json.dumps({"values": by_field, "skipped": index.skipped}), encoding="utf-8")
    draft.replace(kept)
    return index
