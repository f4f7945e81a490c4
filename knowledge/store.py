"""The vector store: names, glossary and verified questions found by meaning. Chroma, with embeddings made offline.

It is an index over plain files (the semantic model, the verified questions): delete its folder and it is rebuilt.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

from knowledge.embeddings import embedded
from knowledge.model import SemanticModel

log = logging.getLogger("parley.store")
Kind = Literal["metric", "dataset", "field", "glossary", "question"]
_BATCH = 2_000


@dataclass(frozen=True)
class Entry:
    """One way of saying something: `name` is what it says ("orders.amount"), `said` the words that are embedded."""

    kind: Kind
    name: str
    said: str


@dataclass(frozen=True)
class Hit:
    """`score` is the cosine similarity of the words, -1..1."""

    kind: Kind
    name: str
    said: str
    score: float


def entries_of(model: SemanticModel) -> list[Entry]:
    """Everything in a model that people have words for: a label and each synonym is an entry of its own, since a
    curated synonym that has its own vector is found, and one that shares a vector is not."""
    found: list[Entry] = []
    for metric in model.offered:
        found += _said("metric", metric.name, (metric.label or metric.name, *metric.synonyms, metric.description))
    for dataset in model.datasets:
        found += _said("dataset", dataset.name, (dataset.label or dataset.name, *dataset.synonyms, dataset.description))
        for field in dataset.fields:
            if not field.hidden:
                names = (field.label or field.name, *field.synonyms, field.description)
                found += _said("field", f"{dataset.name}.{field.name}", names)
    for term in model.glossary:
        found += _said("glossary", term.term, (term.term, *term.synonyms, term.meaning))
    return found


def _said(kind: Kind, name: str, texts: Iterable[str]) -> list[Entry]:
    return [Entry(kind, name, text) for text in dict.fromkeys(t.strip() for t in texts) if text]


class Store:
    """An index of entries in `folder`, made on the first search and again when the entries change.

    Safe to use from many threads. A folder that is damaged is made again."""

    def __init__(self, folder: Path, entries: Sequence[Entry]):
        self.folder = folder
        self.entries = list(entries)
        mark = blake2b(repr([(e.kind, e.name, e.said) for e in self.entries]).encode(), digest_size=12)
        self._name = f"knowledge-{mark.hexdigest()}"
        self._collection: Any = None
        self._lock = threading.Lock()

    def search(self, words: str, *, kinds: Sequence[Kind] = (), limit: int = 8) -> list[Hit]:
        """What is nearest in meaning to some words, best first, each name once."""
        if not words.strip() or not self.entries:
            return []
        where = {"kind": {"$in": list(kinds)}} if kinds else None
        found = self._nearest(words, where, min(limit * 4, len(self.entries)))
        best: dict[tuple[str, str], Hit] = {}
        for meta, said, distance in zip(
            found["metadatas"][0], found["documents"][0], found["distances"][0], strict=True
        ):
            key = (str(meta["kind"]), str(meta["name"]))
            best.setdefault(key, Hit(meta["kind"], key[1], said, 1.0 - float(distance)))
        return list(best.values())[:limit]

    def _nearest(self, words: str, where: dict[str, Any] | None, count: int) -> Any:
        with self._lock:
            collection = self._opened()
        try:
            return collection.query(query_texts=[words], n_results=count, where=where)
        except Exception as error:  # its files were taken from under it
            log.warning("The vector index is made again: %s", error)
            with self._lock:
                _forget(self.folder)
                self._collection = collection = self._made()
            return collection.query(query_texts=[words], n_results=count, where=where)

    def _opened(self) -> Any:
        if self._collection is None:
            try:
                self._collection = self._made()
            except Exception as error:  # Chroma raises its own, SQLite's and Rust's errors for a damaged folder
                log.warning("The vector index is made again: %s", error)
                _forget(self.folder)
                self._collection = self._made()
        return self._collection

    def _made(self) -> Any:
        client = _client(self.folder)
        if self._name in {c.name for c in client.list_collections()}:
            collection = client.get_collection(self._name)
            if collection.count() == len(self.entries):
                return collection
        for old in client.list_collections():
            client.delete_collection(old.name)  # of an earlier state of the files
        collection = client.create_collection(
            self._name, embedding_function=embedding(), configuration={"hnsw": {"space": "cosine"}}
        )
        for at in range(0, len(self.entries), _BATCH):
            part = self.entries[at : at + _BATCH]
            collection.add(
                ids=[str(at + n) for n in range(len(part))],
                documents=[e.said for e in part],
                metadatas=[{"kind": e.kind, "name": e.name} for e in part],
            )
        return collection


def _client(folder: Path) -> Any:
    import chromadb

    folder.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(str(folder), settings=chromadb.Settings(anonymized_telemetry=False))


def _forget(folder: Path) -> None:
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient.clear_system_cache()  # it keeps a client for each folder, whatever has become of the folder
    shutil.rmtree(folder, ignore_errors=True)


@cache
def embedding() -> Any:
    """Chroma's embedding function over wordllama: 256 numbers a text, made on this machine. Registered by name, so that
    a collection reopens without being handed it."""
    from chromadb.api.types import Documents, EmbeddingFunction, Embeddings
    from chromadb.utils.embedding_functions import register_embedding_function

    @register_embedding_function
    class WordLlamaEmbedding(EmbeddingFunction[Documents]):
        def __init__(self) -> None:
            pass

        def __call__(self, input: Documents) -> Embeddings:
            return list(embedded(input))

        @staticmethod
        def name() -> str:
            return "parley-wordllama-256"

        def get_config(self) -> dict[str, Any]:
            return {}

        @staticmethod
        def build_from_config(config: dict[str, Any]) -> EmbeddingFunction[Documents]:
            return WordLlamaEmbedding()

    return WordLlamaEmbedding()
