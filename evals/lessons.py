"""What the analyst is trained on: suites, the businesses and the half of the demo that are tuned on, and questions made
from the schemas of their databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.session import Session, open_session
from assistant.settings import Settings
from evals.businesses import build, businesses, tuned_on
from evals.generate import generate
from evals.run import opener
from evals.score import Rows, gold_runner
from evals.suite import Item, database, demo_suite, read_suite
from evals.train import GENERATED, Question, questions
from knowledge.packs import load_demo

_WAYS, _SEED = 2, 1


def lessons(
    suites: Sequence[Path], *, db_dir: Path | None, as_of: date | None, state_dir: Path | None, generated: int
) -> list[Question]:
    """The questions with their readings, judged; `generated` different ones more of each database but the demo's."""
    opened = opener(as_of=as_of, state_dir=state_dir)
    made: set[str] = set()

    def learn(items: list[Item], path_of: Callable[[str], Path]) -> Iterator[Question]:
        golds = gold_runner(path_of)

        def session(db: str) -> Session:
            return opened(path_of(db))

        yield from questions(items, session, golds)
        for db in sorted({i.db for i in items if not i.tables} - made):
            made.add(db)
            yield from _generated(db, session, golds, generated)

    known: list[Question] = []
    for suite in suites:
        known += learn(read_suite(suite), partial(database, suite, db_dir=db_dir))
    with TemporaryDirectory() as folder:
        for name in businesses():
            if items := tuned_on(name):
                path = build(name, Path(folder) / f"{name}.duckdb")
                known += learn(items, lambda db, path=path: path)  # type: ignore[misc]
    demo = open_session("demo", state_dir=state_dir)
    path, _ = load_demo(state_dir or Settings().state_dir)
    tuned = [item for item in demo_suite() if item.split == "dev"]
    known += questions(tuned, lambda db: demo, gold_runner(lambda db: path))
    return known


def _generated(
    db: str, session: Callable[[str], Session], golds: Callable[[str, str], Rows], count: int
) -> Iterator[Question]:
    items = list(generate(session(db).workspace, db, count=count, ways=_WAYS, seed=_SEED))
    return questions(items, session, golds, weight=GENERATED)
