"""Train what the analyst learns: which of its readings is meant (the ranker), and how likely that one is right (the
confidence).

Every question of the suites is read in all the ways that the analyst can read it, and each reading is run and compared
with the gold. Pairs of a right and a wrong reading teach the ranker; the reading that it chooses teaches the
confidence. What is reported is leave-one-database-out: each database's questions are judged by weights that never saw
it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.analyst.agreement import Said, agreement
from assistant.analyst.confidence import SURE, Evidence, chance, evidence_of
from assistant.analyst.ranker import chosen, lead, traits, worth
from assistant.analyst.reader import Reader
from assistant.session import Session
from evals.reliability import reliability
from evals.score import Rows, same_rows
from evals.suite import Item
from knowledge.compile import CannotCompile, compile_request
from knowledge.model import UnknownName
from knowledge.request import Request
from knowledge.warehouse import QueryFailed, QueryTimeout
from knowledge.workspace import Workspace

_RANKER, _CONFIDENCE = 0.01, 0.02
"""Inverse regularisation, of traits and evidence scaled to a standard deviation of 1."""
WRITTEN, GENERATED = 3.0, 1.0
"""What a question counts that a person wrote, and one made from a schema: there are many of those, all alike."""


@dataclass(frozen=True)
class Candidate:
    """One reading of a question."""

    traits: Mapping[str, float]
    evidence: Evidence
    right: bool


@dataclass(frozen=True)
class Question:
    """The readings of a question that can be run, the rules' first one first."""

    db: str
    candidates: tuple[Candidate, ...]
    weight: float = WRITTEN


@dataclass(frozen=True)
class Judged:
    """What became of a question."""

    question: Question
    chosen: Candidate
    chance: float

    @property
    def answered(self) -> bool:
        return self.chance >= SURE


def questions(
    items: Sequence[Item],
    open_db: Callable[[str], Session],
    gold_rows: Callable[[str, str], Rows],
    *,
    weight: float = WRITTEN,
) -> Iterator[Question]:
    """The questions of a suite that have a reading which can be run. Left out are conversations, what is told by its
    text, and look-ups in a table of their own, which have a reader of their own."""
    readers: dict[str, Reader] = {}
    for item in items:
        if item.turns or item.tables or not (item.gold_sql or item.expect == "cannot"):
            continue
        if item.db not in readers:
            readers[item.db] = Reader(open_db(item.db).workspace)
        reader = readers[item.db]
        golds = [gold_rows(item.db, sql) for sql in item.gold_sql]
        made = []
        for reading, request in reader.candidates(item.question, item.instructions):
            rows = _rows(request, reader.workspace)
            if rows is None:
                continue
            agreed = agreement(Said(reading.row.items, reader.schema), reading.request)
            right = any(same_rows(gold, rows, order=item.order_asked) for gold in golds)
            made.append(Candidate(traits(reading, agreed), evidence_of(reading, agreed, 0.0), right))
        if made:
            yield Question(item.db, tuple(made), weight)


def _rows(request: Request, workspace: Workspace) -> Rows | None:
    try:
        compiled = compile_request(workspace.calendar.resolve(request), workspace.model)
        _, rows, _ = workspace.warehouse.query(compiled.sql, max_rows=10_000, timeout_s=20.0)
    except (CannotCompile, UnknownName, QueryFailed, QueryTimeout):
        return None
    return [list(row) for row in rows]


def train_ranker(known: Sequence[Question]) -> dict[str, float]:
    """The weights of the traits, as `ranker.json` keeps them. Raises ValueError where no question has both a right and
    a wrong reading."""
    names = list(known[0].candidates[0].traits) if known else []
    differences, weights = [], []
    for question in known:
        right = [c.traits for c in question.candidates if c.right]
        wrong = [c.traits for c in question.candidates if not c.right]
        for better in right:
            for worse in wrong:
                differences.append([better[n] - worse[n] for n in names])
                weights.append(question.weight / (len(right) * len(wrong)))
    if not differences:
        raise ValueError("no question has both a right and a wrong reading: there is nothing to rank")
    table = np.array(differences)
    spread = np.where(table.std(axis=0) > 0, table.std(axis=0), 1.0)
    # Each pair both ways: what is learnt is symmetric, and has no intercept.
    both, wins = np.vstack([table, -table]) / spread, np.repeat([1, 0], len(table))
    model = LogisticRegression(C=_RANKER, fit_intercept=False, max_iter=2000).fit(both, wins, np.tile(weights, 2))
    return {n: round(float(w), 4) for n, w in zip(names, model.coef_[0] / spread, strict=True)}


def pick(question: Question, ranker: Mapping[str, float]) -> Candidate:
    """The reading that the ranker chooses, with its lead."""
    worths = [worth(c.traits, ranker) for c in question.candidates]
    at = chosen(worths)
    candidate = question.candidates[at]
    return replace(candidate, evidence=replace(candidate.evidence, lead=lead(worths, at)))


def train_confidence(known: Sequence[Question], ranker: Mapping[str, float]) -> dict[str, float]:
    """The weights of the evidence, and the intercept, as `confidence.json` keeps them. A reading that leaves words
    unread is never answered, and teaches nothing. Raises ValueError where all readings are right, or all wrong."""
    picked = [(c, q.weight) for q in known if not (c := pick(q, ranker)).evidence.unread]
    right = np.array([c.right for c, _ in picked], dtype=int)
    if len(set(right)) < 2:
        raise ValueError("the readings are all right, or all wrong: there is nothing to tell them apart by")
    names = [n for n in asdict(picked[0][0].evidence) if n != "unread"]
    table = np.array([[getattr(c.evidence, n) for n in names] for c, _ in picked])
    mean, spread = table.mean(axis=0), np.where(table.std(axis=0) > 0, table.std(axis=0), 1.0)
    model = LogisticRegression(C=_CONFIDENCE, max_iter=2000)
    model.fit((table - mean) / spread, right, np.array([w for _, w in picked]))
    weights = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - (weights * mean).sum())
    return {"intercept": round(intercept, 4), **{n: round(float(w), 4) for n, w in zip(names, weights, strict=True)}}


def held_out(known: Sequence[Question]) -> list[Judged]:
    """Each question, judged by weights trained on the other databases."""
    judged = []
    for db in sorted({q.db for q in known}):
        others = [q for q in known if q.db != db]
        ranker = train_ranker(others)
        confidence = train_confidence(others, ranker)
        for question in known:
            if question.db == db:
                candidate = pick(question, ranker)
                judged.append(Judged(question, candidate, chance(candidate.evidence, confidence)))
    return judged


def summary(judged: Sequence[Judged]) -> str:
    """Of the databases left out: how often the rules' first reading, the ranker's and any is right; what is answered;
    and how reliable its chance is."""
    lines = [f"{'':<24}{'questions':>10}{'first':>8}{'ranked':>8}{'any':>8}{'answered':>10}{'wrong':>8}"]
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        written = one.question.weight == WRITTEN
        groups.setdefault(one.question.db if written else "(generated)", []).append(one)
    groups["all"] = list(judged)
    for name, of in groups.items():
        counts = (
            len(of),
            sum(j.question.candidates[0].right for j in of),
            sum(j.chosen.right for j in of),
            sum(any(c.right for c in j.question.candidates) for j in of),
        )
        answered = Counter(j.chosen.right for j in of if j.answered)
        lines.append(
            f"{name:<24}{counts[0]:>10}{counts[1]:>8}{counts[2]:>8}{counts[3]:>8}"
            f"{answered.total():>10}{answered[False]:>8}"
        )
    lines += reliability([(j.chance, j.chosen.right) for j in judged if j.answered])
    return "\n".join(lines)


def write_weights(path: Path, weights: Mapping[str, float]) -> None:
    path.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
