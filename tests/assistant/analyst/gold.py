"""What an answer must hold: the rows of the gold SQL, by `evals.score`."""

from __future__ import annotations

import re

from assistant.answer import Answer
from assistant.session import Session
from evals.score import same_rows
from knowledge.warehouse.duckdb import connect


def check(session: Session, answer: Answer, gold: str) -> None:
    """That the question was answered, with the gold's rows (in its order, if it has one)."""
    assert answer.outcome == "answered", answer.text
    assert answer.result is not None
    wanted = connect(session.workspace.warehouse.path).execute(gold).fetchall()  # type: ignore[attr-defined]
    assert wanted, "a gold without rows tests nothing"
    ordered = re.search(r" order by [^()]*$", gold) is not None and " limit " not in gold
    got = answer.result.rows
    assert same_rows(wanted, got, order=ordered), (answer.reading, got[:3], wanted[:3])
