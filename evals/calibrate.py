"""Train the analyst's confidence: from what is known of a reading to the chance that it is right.

Every question of the suites is read; its best reading is run, if it left no word unread (such a one is never
answered), and compared with the gold. A logistic regression then says how likely a reading with such evidence is to be
right. What is reported is leave-one-database-out: each database's questions are judged by weights that never saw it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.analyst.confidence import Evidence
from assistant.analyst.reader import SURE, Reader
from assistant.session import Session, narrowed
from evals.score import Rows, same_rows
from evals.suite import Item
from knowledge.compile import CannotCompile, compile_request
from knowledge.model import UnknownName
from knowledge.warehouse import QueryFailed, QueryTimeout

_STRENGTH = 0.1
"""Inverse regularisation, of evidence scaled to a standard deviation of 1."""


@dataclass(frozen=True)
class Sample:
    db: str
    evidence: Evidence
    right: bool


def samples(
    items: Sequence[Item], open_db: Callable[[str], Session], gold_rows: Callable[[str, str], Rows]
) -> Iterator[Sample]:
    """The single questions of a suite (conversations are left out) with their best reading's evidence."""
    readers: dict[tuple[str, frozenset[str]], Reader] = {}
    for item in items:
        if item.turns or item.expect in ("ask", "not_allowed"):
            continue
        seen = item.db, frozenset(item.tables or ())
        if seen not in readers:
            whole = open_db(item.db).workspace
            readers[seen] = Reader(narrowed(whole, seen[1]) if item.tables else whole)
        reader = readers[seen]
        plan = reader.plan(item.question, instructions=item.instructions)
        if plan.request is None or plan.evidence is None or plan.evidence.unread:
            continue
        golds = [] if item.expect == "cannot" else [gold_rows(item.db, sql) for sql in item.gold_sql]
        workspace = reader.workspace
        try:
            compiled = compile_request(workspace.calendar.resolve(plan.request), workspace.model)
            _, rows, _ = workspace.warehouse.query(compiled.sql, max_rows=10_000, timeout_s=20.0)
        except (CannotCompile, UnknownName, QueryFailed, QueryTimeout):
            continue
        right = any(same_rows(gold, [list(r) for r in rows], order=item.order_asked) for gold in golds)
        yield Sample(item.db, plan.evidence, right)


def train(known: Sequence[Sample]) -> dict[str, float]:
    """The weights of the evidence, and the intercept, as `confidence.json` keeps them."""
    names = list(asdict(known[0].evidence))
    table = np.array([list(asdict(s.evidence).values()) for s in known], dtype=float)
    right = np.array([s.right for s in known], dtype=int)
    mean, spread = table.mean(axis=0), np.where(table.std(axis=0) > 0, table.std(axis=0), 1.0)
    model = LogisticRegression(C=_STRENGTH, max_iter=2000).fit((table - mean) / spread, right)
    weights = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - (weights * mean).sum())
    return {"intercept": round(intercept, 4), **{n: round(float(w), 4) for n, w in zip(names, weights, strict=True)}}


def held_out(known: Sequence[Sample]) -> list[float]:
    """Each sample's chance by weights trained on the other databases."""
    chances = [0.0] * len(known)
    for db in sorted({s.db for s in known}):
        weights = train([s for s in known if s.db != db])
        for n, sample in enumerate(known):
            if sample.db == db:
                values = asdict(sample.evidence)
                z = weights["intercept"] + sum(weights[name] * value for name, value in values.items())
                chances[n] = float(1 / (1 + np.exp(-z)))
    return chances


def summary(known: Sequence[Sample], chances: Sequence[float]) -> str:
    """Reliability by tenths of the chance, the expected calibration error, and what a threshold of `SURE` answers."""
    lines, error = [], 0.0
    for low in range(10):
        inside = [(c, s.right) for c, s in zip(chances, known, strict=True) if min(int(c * 10), 9) == low]
        if inside:
            said, right = (sum(v) / len(inside) for v in zip(*inside, strict=True))
            error += abs(said - right) * len(inside) / len(known)
            lines.append(f"  {low / 10:.1f}-{low / 10 + 0.1:.1f}: said {said:.2f}, right {right:.2f} of {len(inside)}")
    answered = [s.right for c, s in zip(chances, known, strict=True) if c >= SURE]
    lines.append(f"  expected calibration error {error:.3f}; answered {len(answered)} of {len(known)}, "
                 f"right {sum(answered)}, wrong {len(answered) - sum(answered)}")  # fmt: skip
    return "\n".join(lines)


def write_weights(path: Path, weights: dict[str, float]) -> None:
    path.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
