"""Businesses that nobody described to the analyst: small databases of several trades, with questions by writers who had
not seen it.

Those of the `dev` half are tuned on. Of the `holdout` half only totals are told, here as in the report: nobody reads
its misses, or it says nothing of the next business any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from evals.report import report
from evals.run import opener, run
from evals.score import Verdict, gold_runner, judge
from evals.suite import Item, read_suite

TODAY = date(2026, 11, 20)
"""What the questions call today."""


def businesses() -> list[str]:
    """The names of all, in alphabetical order."""
    return sorted(p.name for p in _folder().iterdir() if p.joinpath("suite.jsonl").is_file())


def questions(name: str) -> list[Item]:
    with as_file(_folder() / name / "suite.jsonl") as path:
        return read_suite(path)


def tuned_on(name: str) -> list[Item]:
    return [item for item in questions(name) if item.split == "dev"]


def build(name: str, path: Path) -> Path:
    """The business's database, as a new DuckDB file."""
    with duckdb.connect(str(path)) as con:
        con.execute((_folder() / name / "schema.sql").read_text(encoding="utf-8"))
    return path


def measure(names: Sequence[str] = (), *, misses: bool = True) -> str:
    """The report over the businesses named, or all. Raises ValueError for an unknown name."""
    if unknown := sorted(set(names) - set(businesses())):
        raise ValueError(f"there is no business {unknown[0]!r}: there are {', '.join(businesses())}")
    with TemporaryDirectory() as folder:
        verdicts = [v for name in names or businesses() for v in _judged(name, Path(folder))]
    return report(verdicts, misses=misses)


def _judged(name: str, folder: Path) -> list[Verdict]:
    path = build(name, folder / f"{name}.duckdb")
    items = questions(name)
    session = opener(as_of=TODAY, state_dir=folder / "state")(path)
    try:
        predictions = {p.id: p for p in run(items, lambda db: session)}
    finally:
        session.close()
    return judge(items, predictions, gold_runner(lambda _: path))


def _folder() -> Path:
    return Path(str(files("evals"))) / "suites" / "businesses"
