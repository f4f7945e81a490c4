"""A question is read the same in every process: Python orders sets of words by a seed that each process draws anew
(PYTHONHASHSEED), and words that could as well mean one thing as another must not be told apart by that order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb

ROOT = Path(__file__).parents[3]
_TABLES = (
    "garden(garden_id int primary key, garden_name varchar, town varchar, city varchar)",
    "planting(planting_id int primary key, garden_id int references garden(garden_id), planted_on date, kind varchar, "
    "category varchar, planter_cost decimal(8,2), plaster_cost decimal(8,2), income decimal(8,2), salary decimal(8,2))",
)
_QUESTIONS = (
    "number of plantings by variety",
    "number of plantings by class",
    "number of plantings by type",
    "plantings in each municipality",
    "total earnings by garden",
    "total plapter cost",  # planter or plaster
)
_ASK = """
import sys
from datetime import date
from pathlib import Path
from assistant.analyst.reader import Reader
from assistant.opening import open_workspace

database, state, *questions = sys.argv[1:]
workspace = open_workspace(database, Path(state), as_of=date(2026, 6, 30))
for question in questions:
    reader = Reader(workspace)
    print(question, reader.plan(question), [request for _, request in reader.candidates(question)])
"""


def test_a_question_is_read_the_same_whatever_the_seed(tmp_path: Path) -> None:
    asked = []
    for seed in range(3):
        folder = tmp_path / str(seed)
        folder.mkdir()
        command = [sys.executable, "-c", _ASK, str(_build(folder / "gardens.duckdb")), str(folder), *_QUESTIONS]
        with_seed = {**os.environ, "PYTHONHASHSEED": str(seed)}
        asked.append(subprocess.Popen(command, cwd=ROOT, env=with_seed, stdout=subprocess.PIPE, text=True))
    first, *others = [process.communicate()[0].splitlines() for process in asked]
    assert [process.returncode for process in asked] == [0] * len(asked)
    assert len(first) == len(_QUESTIONS)
    for other in others:
        for one, another in zip(first, other, strict=True):
            assert one == another


def _build(path: Path) -> Path:
    with duckdb.connect(str(path)) as con:
        for table in _TABLES:
            con.execute(f"create table {table}")
        con.execute(
            "insert into garden select n, 'Garden ' || n, 'Town ' || n % 7, 'City ' || n % 5 from range(40) r(n)"
        )
        con.execute(
            "insert into planting select n, n % 40, date '2025-01-01' + (n % 500)::int, 'kind ' || n % 4, "
            "'category ' || n % 6, n % 9 + 0.5, n % 11 + 0.25, n % 70 + 3.1, n % 80 + 2.2 from range(600) r(n)"
        )
    return path
