"""The value index: which column holds "Brooklyn"?

Every distinct text value of the fields worth searching is kept, in a SQLite file, under the forms in which a question
may name it: its folded words (lower case, no accents, punctuation or spaces), their dictionary forms, other names that
general knowledge gives (`knowledge.aliases`), and parts of long names. A question is scanned by looking up its runs of
words. Misspellings are looked for only among words that are neither English nor the data's own.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

import duckdb
from rapidfuzz import fuzz, process

from knowledge.model import SemanticModel
from knowledge.value_store import (
    FACT,
    FOLDED,
    LARGE,
    LEMMA,
    PART,
    SHORT,
    WORD,
    FieldValues,
    are_sentences,
    distinct_values,
    plain,
    schema_words,
    store_values,
    worth_searching,
)  # fmt: skip
from knowledge.warehouse.duckdb import connect
from knowledge.words import is_english, lemma, listed

Kind = Literal["exact", "folded", "inflected", "fact", "part", "fuzzy"]

_VERSION = 7
_LONGEST = 8
_CODE = 2
"""Letters, of codes that are also words: "CA"."""
_CATEGORIES = 3_000
"""A field with more values than this holds names, not categories."""
_MOST_HITS = 60
_EXACT_ROLES = ("code", "key", "foreign_key")
_SCORES = {FOLDED: 0.97, LEMMA: 0.93, FACT: 0.94, SHORT: 0.9}


@dataclass(frozen=True)
class ValueMention:
    """A stored value named at characters [start, end) of a question. `score` is 0..1."""

    start: int
    end: int
    text: str
    field: str
    value: Any
    score: float
    kind: Kind


@dataclass(frozen=True)
class Entry:
    field: str
    value: str


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int

    @cached_property
    def key(self) -> str:
        return self.text.lower()

    @cached_property
    def stem(self) -> str:
        return lemma(self.text)


class ValueIndex:
    """Safe to share between threads."""

    def __init__(self, store: sqlite3.Connection, datasets: Collection[str] | None = None):
        self._store = store
        facts = dict(store.execute("SELECT name, value FROM fact").fetchall())
        self.skipped: tuple[str, ...] = tuple(json.loads(facts.get("skipped", "[]")))
        """Fields with more values than the bound, and what was left out."""
        self._known = frozenset(json.loads(facts.get("known", "[]")))
        self._fields: dict[int, tuple[str, int]] = {
            at: (name, size)
            for at, name, size in store.execute("SELECT id, name, size FROM field").fetchall()
            if datasets is None or name.partition(".")[0] in datasets
        }

    @classmethod
    def build(
        cls,
        connection: duckdb.DuckDBPyConnection,
        model: SemanticModel,
        *,
        max_values_per_field: int = 50_000,
        path: Path | None = None,
    ) -> ValueIndex:
        """Read the distinct values of the model's text fields over a (trusted, read-only) connection; in memory, or
        kept in a file at `path`."""
        read: list[FieldValues] = []
        skipped: list[str] = []
        for dataset in model.datasets:
            for field in dataset.fields:
                if not worth_searching(field):
                    continue
                reference = f"{dataset.name}.{field.name}"
                found = distinct_values(connection, dataset, field, max_values_per_field)
                if len(found) > max_values_per_field:
                    skipped.append(f"{reference}: only its {max_values_per_field:,} most frequent values")
                elif (dataset.row_count or 0) > LARGE:
                    skipped.append(f"{reference}: only the values in a sample of its {dataset.row_count:,} rows")
                label = f"{dataset.label} {field.label}"
                kept = found[:max_values_per_field]
                whole = field.role in _EXACT_ROLES or (field.role != "name" and are_sentences(kept))
                read.append(FieldValues(reference, label, kept, whole))
        return cls(store_values(read, skipped, schema_words(model), path))

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> ValueIndex:
        by_field: dict[str, list[str]] = defaultdict(list)
        for entry in entries:
            by_field[entry.field].append(entry.value)
        return cls(
            store_values([FieldValues(f, f.replace("_", " "), v, False) for f, v in by_field.items()], [], (), None)
        )

    def only(self, datasets: Collection[str]) -> ValueIndex:
        """The same index with only the fields of these datasets in sight."""
        return ValueIndex(self._store, frozenset(datasets))

    @property
    def entries(self) -> list[Entry]:
        """All values."""
        rows = self._store.execute("SELECT field, value FROM entry").fetchall()
        return [Entry(self._fields[at][0], value) for at, value in rows if at in self._fields]

    # --- looking things up -------------------------------------------------------------------------------------------

    def scan(self, question: str) -> list[ValueMention]:
        """Every stored value that a question may name, with its place: the longest first at each place, with the
        alternatives in several fields."""
        words = [_Word(m.group(), m.start(), m.end()) for m in WORD.finditer(plain(question))]
        spans = [(a, b) for a in range(len(words)) for b in range(min(a + _LONGEST, len(words)), a, -1)]
        hits = self._forms({key for a, b in spans for key in _keys(words[a:b])})
        found: list[ValueMention] = []
        covered: set[int] = set()
        for a, b in spans:
            span = words[a:b]
            if _says_nothing(span, question) and "-" not in question[span[0].start : span[-1].end]:
                continue
            mentions = self._mentions(question, span, hits)
            found += mentions
            if any(m.score > 0.9 for m in mentions):
                covered.update(range(a, b))
        found = [m for m in found if m.kind != "part" or not _within(m, found)]
        for at, word in enumerate(words):
            if at not in covered and self._may_be_misspelt(word):
                found += self._misspelt(question, words, at)
        return found

    def lookup(self, phrase: str, fields: Collection[str] | None = None, limit: int = 5) -> list[ValueMention]:
        """Stored values most like a phrase, best first; among some fields only, if given."""
        words = [_Word(m.group(), m.start(), m.end()) for m in WORD.finditer(plain(phrase))]
        if not words:
            return []
        whole = self._mentions(phrase, words, self._forms(set(_keys(words))))
        found = {(m.field, m.value): replace(m, start=0, end=len(phrase), text=phrase) for m in whole}
        text = " ".join(w.key for w in words)
        rows = [
            (at, v, folded) for at, v, folded in self._like(words) if fields is None or self._fields[at][0] in fields
        ]
        near = process.extract(text, [r[2] for r in rows], scorer=fuzz.WRatio, limit=limit * 4, score_cutoff=60)
        for _, score, n in near:
            name, value = self._fields[rows[n][0]][0], rows[n][1]
            if (name, value) not in found:
                found[name, value] = ValueMention(0, len(phrase), phrase, name, value, score / 110, "fuzzy")
        kept = [m for m in found.values() if fields is None or m.field in fields]
        return sorted(kept, key=lambda m: -m.score)[:limit]

    def nearest(self, text: str, field: str, limit: int = 3) -> list[str]:
        """The values of one field that are most like a text, for "did you mean"."""
        return [str(m.value) for m in self.lookup(text, [field], limit)]

    def _forms(self, keys: Collection[str]) -> dict[str, list[tuple[int, int, str, str]]]:
        """For each key: kind, field, value and folded value of what goes by it."""
        found: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
        listed_keys = list(keys)
        marks = ",".join("?" * len(listed_keys))
        rows = self._store.execute(
            "SELECT form.key, form.kind, entry.field, entry.value, entry.folded FROM form "
            f"JOIN entry ON entry.id = form.entry WHERE form.key IN ({marks})",
            listed_keys,
        )
        for key, kind, at, value, folded in rows:
            if at in self._fields:
                found[key].append((kind, at, value, folded))
        return found

    def _mentions(
        self, question: str, span: Sequence[_Word], hits: dict[str, list[tuple[int, int, str, str]]]
    ) -> list[ValueMention]:
        folded, *inflected = _keys(span)
        if not any(key in hits for key in (folded, *inflected)):
            return []
        start, end = span[0].start, span[-1].end
        text, said = question[start:end], " ".join(w.key for w in span)
        best: dict[tuple[int, str], ValueMention] = {}
        parts = [h for h in hits.get(folded, ()) if h[0] == PART]
        for key in (folded, *inflected):
            for kind, at, value, stored in hits.get(key, ()):
                name, size = self._fields[at]
                if kind == FACT and len(key) <= _CODE and (key != folded or (key == "id" and not text.isupper())):
                    continue  # "ids" are not of Indonesia or Idaho
                if kind == PART:
                    if len(span) == 1 and not _names(span[0]) and (size > _CATEGORIES or self._is_known(span[0])):
                        continue  # an ordinary word is a part of a category's name ("wine"), hardly of a person's
                    score, way = (0.8 if len(parts) <= 1 else 0.7 if len(parts) <= 5 else 0.6), "part"
                else:
                    score, way = _SCORES[kind], ("folded", "inflected", "fact", "part", "part")[kind]
                    if kind == FOLDED and key == folded:
                        score, way = (1.0, "exact") if value == text else (0.97 if stored == said else 0.9, "folded")
                    elif kind == FOLDED:
                        score, way = 0.93, "inflected"
                mention = ValueMention(start, end, text, name, value, score, way)  # type: ignore[arg-type]
                if (at, value) not in best or best[at, value].score < score:
                    best[at, value] = mention
        return sorted(best.values(), key=lambda m: -m.score)[:_MOST_HITS]

    def _is_known(self, word: _Word) -> bool:
        return word.key in self._known or lemma(word.text) in self._known

    def _may_be_misspelt(self, word: _Word) -> bool:
        return len(word.text) >= 4 and word.text.isalpha() and not is_english(word.key) and word.key not in self._known

    def _misspelt(self, question: str, words: Sequence[_Word], at: int) -> Iterator[ValueMention]:
        """What the words around a misspelt one name once it is put right."""
        for right, likeness in self._near_words(words[at].key):
            put_right = [*words[:at], replace(words[at], text=right), *words[at + 1 :]]
            spans = [
                put_right[a:b]
                for a in range(max(0, at - 3), at + 1)
                for b in range(at + 1, min(len(words), a + _LONGEST) + 1)
            ]
            hits = self._forms({key for span in spans for key in _keys(span)})
            for span in spans:
                for mention in self._mentions(question, span, hits):
                    yield replace(mention, score=0.85 * likeness * mention.score, kind="fuzzy")

    def _near_words(self, word: str) -> list[tuple[str, float]]:
        rows = self._store.execute(
            "SELECT word FROM token WHERE initial = ? AND size BETWEEN ? AND ?", (word[0], len(word) - 2, len(word) + 2)
        )
        cutoff = 82 if len(word) > 6 else 80
        near = process.extract(word, [r[0] for r in rows], scorer=fuzz.ratio, limit=3, score_cutoff=cutoff)
        return [(found, score / 100) for found, score, _ in near]

    def _like(self, words: Sequence[_Word]) -> list[tuple[int, str, str]]:
        """Field, value and folded value of the entries that hold one of the words, or one spelled like it."""
        parts = {w.key[: max(4, len(w.key) - 2)] for w in words if len(w.key) >= 3} or {words[0].key}
        parts |= {near for w in words if len(w.key) >= 4 for near, _ in self._near_words(w.key)}
        where = " OR ".join(["folded LIKE ?"] * len(parts))
        rows = self._store.execute(
            f"SELECT field, value, folded FROM entry WHERE {where} LIMIT 5000", [f"%{part}%" for part in parts]
        ).fetchall()
        return [row for row in rows if row[0] in self._fields]


def _keys(span: Sequence[_Word]) -> list[str]:
    """The run of words without spaces; and by their dictionary forms, where these differ."""
    folded, stem = "".join([w.key for w in span]), "".join([w.stem for w in span])
    return [folded] if stem == folded else [folded, stem]


def _says_nothing(span: Sequence[_Word], question: str) -> bool:
    """Function words and single letters, unless they are written like a code."""
    first = span[0]
    if len(span) == 1 and len(first.text) <= 2:
        return not question[first.start : first.end].isupper() and first.key not in _SHORT_NAMES
    return all(w.text.islower() and w.key in listed("english", "function_words") for w in span)


_SHORT_NAMES = frozenset(["uk", "eu", "nz"])
"""Names of places that people write in small letters, too, and that are no words."""


def _names(word: _Word) -> bool:
    return word.text[0].isupper() or not is_english(word.key)


def _within(part: ValueMention, found: Sequence[ValueMention]) -> bool:
    """A part of a name where a longer or whole value is named, too."""
    return any(
        m.start <= part.start
        and part.end <= m.end
        and m is not part
        and m.score > 0.9
        and m.end - m.start >= part.end - part.start
        for m in found
    )


# --- kept in a file --------------------------------------------------------------------------------------------------


def load_or_build(
    path: Path, model: SemanticModel, state_dir: Path, *, max_values_per_field: int = 50_000
) -> ValueIndex:
    """The index of a DuckDB file's values, kept under `state_dir` while the file and the model stay the same."""
    stat = path.stat()
    fields = [f"{d.name}.{f.name}:{d.source}:{f.sql}:{f.role}" for d in model.datasets for f in d.fields]
    mark = blake2b(
        repr((str(path.resolve()), stat.st_size, stat.st_mtime_ns, fields, _VERSION, max_values_per_field)).encode(),
        digest_size=12,
    )
    kept = state_dir / "values" / f"{path.stem}-{mark.hexdigest()}.sqlite"
    if kept.exists():
        try:
            return ValueIndex(_opened(kept))
        except sqlite3.Error:
            kept.unlink(missing_ok=True)
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_suffix(".part")
    draft.unlink(missing_ok=True)
    connection = connect(path)
    try:
        index = ValueIndex.build(connection, model, max_values_per_field=max_values_per_field, path=draft)
    finally:
        connection.close()
    index._store.close()
    draft.replace(kept)
    return ValueIndex(_opened(kept))


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
