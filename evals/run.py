"""Ask a suite's questions: each item on its own thread of a session over its database."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

from assistant.answer import Answer
from assistant.session import Session, open_session
from evals.suite import Item, Prediction, turn_id

log = logging.getLogger("parley.evals")
Opener = Callable[[str], Session]


def opener(*, as_of: date | None, state_dir: Path | None) -> Callable[[Path], Session]:
    """Opens a database's file, each once."""

    @cache
    def open_file(path: Path) -> Session:
        return open_session(str(path), as_of=as_of, state_dir=state_dir)

    return open_file


def run(items: list[Item], open_db: Opener) -> Iterator[Prediction]:
    """A prediction for every question (every turn of a conversation)."""
    asked = uuid.uuid4().hex[:8]  # no conversation goes on from one of an earlier run
    for item in items:
        session = open_db(item.db)
        for n, turn in enumerate(item.asked()):
            answer = session.ask(
                turn.question, thread=f"eval-{asked}-{item.id}", instructions=item.instructions, tables=item.tables
            )
            yield predicted(turn_id(item, n), answer)


def predicted(name: str, answer: Answer) -> Prediction:
    result = answer.result
    return Prediction(
        id=name,
        status=answer.outcome,
        sql=answer.provenance.sql,
        columns=[c.name for c in result.columns] if result else [],
        rows=[list(r) for r in result.rows] if result else [],
        confidence=answer.confidence,
        ms=round(answer.elapsed_ms, 2),
        answer=answer.text,
        reading=answer.reading,
    )
