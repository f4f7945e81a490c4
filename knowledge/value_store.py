"""The store of a value index: a SQLite database of the values and of the forms in which a question may name them."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from knowledge.aliases import aliases
from knowledge.model import Dataset, ModelField, SemanticModel
from knowledge.words import american, lemma, listed

FOLDED, LEMMA, FACT, PART, SHORT = range(5)
"""Kinds of form: all words; their dictionary forms; another name by general knowledge; a part of the name; the name
without "Inc." or "Ltd"."""
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_SEARCHED = ("name", "category", "place", "code", "flag", "text", "key", "foreign_key")
_SHARED = 40
"""A word of more values than this is no name of any of them."""
LARGE = 50_000_000
"""Rows; of a larger table only a sample's values are read."""
_LONGEST_TEXT = 120
_PROSE = 60
_SCHEMA = """
CREATE TABLE field (id INTEGER PRIMARY KEY, name TEXT, size INTEGER, whole INTEGER);
CREATE TABLE entry (id INTEGER PRIMARY KEY, field INTEGER, value TEXT, folded TEXT);
CREATE TABLE form (key TEXT, kind INTEGER, entry INTEGER, PRIMARY KEY (key, kind, entry)) WITHOUT ROWID;
CREATE TABLE token (initial TEXT, size INTEGER, word TEXT, PRIMARY KEY (initial, size, word)) WITHOUT ROWID;
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT);
"""


@dataclass(frozen=True)
class FieldValues:
    """The values of a field, the most frequent first. A `whole` value is only ever named in full (an id, a code)."""

    field: str
    label: str
    values: Sequence[str]
    whole: bool


def fold(text: str) -> tuple[str, ...]:
    """Lower-case words without accents and punctuation.

    >>> fold("Crème Brûlée (Large)")
    ('creme', 'brulee', 'large')
    """
    return tuple(m.group().lower() for m in WORD.finditer(plain(text)))


def plain(text: str) -> str:
    # One character for one, so that places in the folded text are places in the question.
    if text.isascii():
        return text
    out = []
    for char in text.replace("’", "'"):
        base = unicodedata.normalize("NFKD", char)
        out.append(base[0] if base else char)
    return "".join(out)


def store_values(
    read: Sequence[FieldValues], skipped: Sequence[str], known: Iterable[str], path: Path | None
) -> sqlite3.Connection:
    store = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
    store.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
    store.execute("BEGIN")
    forms: list[tuple[str, int, int]] = []
    parts: dict[str, list[int]] = defaultdict(list)
    tokens: set[str] = set()
    at = 0
    for number, source in enumerate(read):
        store.execute("INSERT INTO field VALUES (?, ?, ?, ?)", (number, source.field, len(source.values), source.whole))
        folded = [fold(value) for value in source.values]
        others = aliases([" ".join(words) for words in folded], source.label)
        rows: list[tuple[int, int, str, str]] = []
        shared: dict[str, list[int]] = defaultdict(list)
        for value, words in zip(source.values, folded, strict=True):
            if not words:
                continue
            rows.append((at, number, value, " ".join(words)))
            forms += _value_forms(at, words, others.get(" ".join(words), ()), source.whole)
            if not source.whole:
                spelled = tuple(map(american, words))
                for part in {*_parts(words), *(_parts(spelled) if spelled != words else ())}:
                    shared[part].append(at)
                tokens.update(w for w in words if len(w) >= 4 and w.isalpha())
            at += 1
        most = min(_SHARED, max(3, len(folded) // 3))
        for part, entries in shared.items():
            if len(entries) <= most:
                parts[part] += entries
        store.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", rows)
    forms += [(part, PART, entry) for part, entries in parts.items() for entry in entries]
    store.executemany("INSERT OR IGNORE INTO form VALUES (?, ?, ?)", sorted(set(forms)))
    store.executemany("INSERT INTO token VALUES (?, ?, ?)", sorted((w[0], len(w), w) for w in tokens))
    facts = [("skipped", json.dumps(list(skipped))), ("known", json.dumps(sorted(set(known))))]
    store.executemany("INSERT INTO fact VALUES (?, ?)", facts)
    store.execute("COMMIT")
    return store


def _value_forms(
    at: int, words: tuple[str, ...], others: Iterable[tuple[str, ...]], whole: bool
) -> Iterator[tuple[str, int, int]]:
    joined = "".join(words)
    yield joined, FOLDED, at
    if not whole and len(words) <= 4:
        stem = "".join(lemma(word) for word in words)
        if stem != joined:
            yield stem, LEMMA, at
    for other in others:
        if "".join(other) != joined:
            yield "".join(other), FACT, at
    short = words
    while len(short) > 1 and short[-1] in listed("english", "company_forms"):
        short = short[:-1]
    if short != words and len("".join(short)) > 2:
        yield "".join(short), SHORT, at


def _parts(words: tuple[str, ...]) -> set[str]:
    """The words of a longer name, each alone, and its first two and three words."""
    if not 2 <= len(words) <= 8:
        return set()
    found = {w for word in words[:6] for w in (word, lemma(word)) if len(w) >= 4}
    found |= {"".join(words[:n]) for n in (2, 3) if len(words) > n}
    return found - {"".join(words)} - listed("english", "function_words")


def schema_words(model: SemanticModel) -> set[str]:
    texts = [
        text
        for d in model.datasets
        for text in (d.name, d.label, *d.synonyms, *(t for f in d.fields for t in (f.name, f.label, *f.synonyms)))
    ]
    return {form for text in texts for word in re.split(r"[\W_]+", text.lower()) for form in (word, f"{word}s") if word}


_SAYING = listed("english", "saying")
"""Words of sentences, hardly of names."""
_SENTENCES, _ENDED = 0.3, 0.8


def are_sentences(values: Sequence[str]) -> bool:
    """Texts that somebody wrote ("Phone will not charge"), of which one word names none of them."""
    long = [words for v in values[:200] if len(words := v.split()) >= 3]
    says = sum(any(w.strip(".,!?;:") in _SAYING for w in words[1:]) for words in long)
    ended = sum(words[-1].endswith((".", "!", "?")) and words[1:] != [w.title() for w in words[1:]] for words in long)
    written = says >= _SENTENCES * len(long) or ended >= _ENDED * len(long)
    return 2 * len(long) >= min(len(values), 200) > 0 and written


def worth_searching(field: ModelField) -> bool:
    if (
        field.type != "text"
        or field.role not in _SEARCHED
        or (field.hidden and field.role not in ("key", "foreign_key"))
    ):
        return False
    if (
        field.role == "text"
        and field.label.lower().split()[-1:]
        and field.label.lower().split()[-1] in listed("roles", "prose")
    ):
        return False
    lengths = [len(str(v)) for v in field.samples]
    return not lengths or sum(lengths) / len(lengths) <= 60  # longer ones are comments and other prose


def distinct_values(connection: duckdb.DuckDBPyConnection, dataset: Dataset, field: ModelField, most: int) -> list[str]:
    rows = dataset.row_count or 0
    source = dataset.source
    if rows > LARGE:
        source = f"(FROM {source} TABLESAMPLE system({100 * LARGE / 10 / rows:.4f}%))"
    sql = (
        f"SELECT v FROM (SELECT CAST({field.sql} AS VARCHAR) AS v FROM {source}) WHERE v IS NOT NULL "
        f"AND length(v) BETWEEN 1 AND 120 GROUP BY v ORDER BY count(*) DESC, v LIMIT {most + 1}"
    )
    return [str(row[0]) for row in connection.execute(sql).fetchall()]
