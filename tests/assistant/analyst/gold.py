"""What an answer must hold: the rows of the gold SQL, by `evals.score`."""

from __future__ import annotations

import re

from assistant.analyst.reader import Reader
from assistant.answer import Answer
from assistant.session import Session
from evals.score import same_rows
from knowledge.compile import compile_request
from knowledge.warehouse.duckdb import connect


def check_reading(session: Session, question: str, gold: str) -> None:
    """That the likeliest reading has the gold's rows, whether or not it is sure enough to be answered."""
    request = Reader(session.workspace).plan(question).request
    assert request is not None
    workspace = session.workspace
    sql = compile_request(workspace.calendar.resolve(request), workspace.model).sql
    _, rows, _ = workspace.warehouse.query(sql, max_rows=1_000, timeout_s=20.0)
    wanted = connect(workspace.warehouse.path).execute(gold).fetchall()  # type: ignore[attr-defined]
    assert same_rows(wanted, [list(row) for row in rows]), request


def check(session: Session, answer: Answer, gold: str) -> None:
    """That the question was answered, with the gold's rows (in its order, if it has one)."""
    assert answer.outcome == "answered", answer.text
    assert answer.result is not None
    wanted = connect(session.workspace.warehouse.path).execute(gold).fetchall()  # type: ignore[attr-defined]
    assert wanted, "a gold without rows tests nothing"
    ordered = re.search(r" order by [^()]*$", gold) is not None and " limit " not in gold
    got = answer.result.rows
    assert same_rows(wanted, got, order=ordered), (answer.reading, got[:3], wanted[:3])
