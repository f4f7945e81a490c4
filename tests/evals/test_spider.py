"""Questions of a public benchmark on made-up rows: what the gold speaks of is among them, in both databases alike."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb

from evals.spider import _as_a_set
from evals.spider.literals import literals
from evals.spider.rows import build

SCHEMA = {
    "db_id": "zoo",
    "table_names_original": ["keeper", "animal"],
    "column_names_original": [
        [-1, "*"], [0, "keeper_id"], [0, "name"], [0, "town"], [1, "animal_id"], [1, "species"], [1, "weight"],
        [1, "keeper_id"],
    ],
    "column_types": ["text", "number", "text", "text", "number", "text", "number", "number"],
    "primary_keys": [1, 4],
    "foreign_keys": [[7, 1]],
}  # fmt: skip
QUERIES = [
    "SELECT T1.name FROM keeper AS T1 JOIN animal AS T2 ON T1.keeper_id = T2.keeper_id WHERE T2.species = 'Red Panda'",
    'SELECT count(*) FROM keeper WHERE town = "Basel"',
    "SELECT avg(weight) FROM animal WHERE weight BETWEEN 10 AND 40",
]


def test_the_values_that_sql_speaks_of_are_found_by_column() -> None:
    assert literals(QUERIES, SCHEMA) == {5: ["Red Panda"], 3: ["Basel"], 6: [10.0, 40.0]}


def test_every_question_finds_rows_and_both_databases_hold_the_same(tmp_path: Path) -> None:
    build(SCHEMA, QUERIES, tmp_path)
    with sqlite3.connect(tmp_path / "zoo.sqlite") as lite, duckdb.connect(str(tmp_path / "zoo.duckdb")) as con:
        for query in QUERIES:
            assert lite.execute(query).fetchall()[0][0]
        for table in ("keeper", "animal"):
            assert lite.execute(f"SELECT * FROM {table}").fetchall() == con.execute(f"FROM {table}").fetchall()
        lone = "SELECT count(*) FROM keeper WHERE keeper_id NOT IN (SELECT keeper_id FROM animal)"
        assert lite.execute(lone).fetchall()[0][0] > 0  # some have none, for "who has no …"


def test_different_rows_meet_a_gold_that_repeats_them_but_fewer_do_not() -> None:
    assert _as_a_set([["Basel"], ["Basel"], ["Bern"]], [["Bern"], ["Basel"]])
    assert not _as_a_set([["Basel"], ["Bern"]], [["Basel"]])
    assert _as_a_set([["12"]], [[12]])
