"""Questions generated from a schema: their gold runs, their words are the schema's, what can't be told apart is left out."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from assistant.session import Session, open_session
from evals.cli import app
from evals.generate import generate
from evals.score import gold_runner
from evals.suite import Item, read_predictions, read_suite

BEEKEEPING = """
create table apiaries(apiary_id integer primary key, apiary_name varchar, county varchar);
insert into apiaries values (1, 'Heather Hill', 'Devon'), (2, 'Mill Lane', 'Kent'), (3, 'Far Meadow', 'Kent'),
  (4, 'Stone Barn', 'Devon'), (5, 'Willow End', 'Essex'), (6, 'Old Quarry', 'Essex');
create table hives(hive_id integer primary key, apiary_id integer references apiaries, hive_type varchar, frames integer);
insert into hives select i, 1 + (i * i) % 5, ['Langstroth', 'Warre', 'Topbar'][1 + i % 3], 8 + i % 5 from range(1, 41) t(i);
create table harvests(harvest_id integer primary key, hive_id integer references hives, harvested_on date,
  honey_kg double, heart_rate integer);
insert into harvests select i, 1 + (i * 7) % 37, date '2024-03-01' + (i * 3)::integer, 5 + (i * 37) % 113 / 10, 60 + i % 41
  from range(300) t(i);
"""
EVEN = """
create table stands(stand_id integer primary key, stand_name varchar);
insert into stands select i, 'Stand ' || chr((64 + i)::integer) || 'x' from range(1, 7) t(i);
create table sales(sale_id integer primary key, stand_id integer references stands);
insert into sales select i, 1 + i % 6 from range(60) t(i);
"""


def made_db(folder: Path, name: str, script: str) -> Session:
    con = duckdb.connect(str(folder / f"{name}.duckdb"))
    con.execute(script)
    con.close()
    return open_session(str(folder / f"{name}.duckdb"), state_dir=folder / "state")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bees")


@pytest.fixture(scope="module")
def bees(folder: Path) -> Session:
    return made_db(folder, "bees", BEEKEEPING)


@pytest.fixture(scope="module")
def items(bees: Session) -> list[Item]:
    return list(generate(bees.workspace, "bees", count=100, ways=3, seed=1))


def test_the_same_seed_makes_the_same_questions_and_another_makes_others(bees: Session, items: list[Item]) -> None:
    again = list(generate(bees.workspace, "bees", count=100, ways=3, seed=1))
    others = list(generate(bees.workspace, "bees", count=100, ways=3, seed=2))
    assert again == items
    assert {i.question for i in others} != {i.question for i in items}


def test_every_gold_runs_and_tells_something(folder: Path, items: list[Item]) -> None:
    gold = gold_runner(lambda db: folder / f"{db}.duckdb")
    for item in items:
        assert bool(item.gold_sql) == (item.expect == "answered")
        for sql in item.gold_sql:
            assert 0 < len(gold("bees", sql)) <= 300, item.question


def test_many_kinds_of_questions_are_asked_in_several_ways_each_once(items: list[Item]) -> None:
    assert len({i.category for i in items}) > 20
    assert len({i.id for i in items}) == len({i.question for i in items}) == len(items)
    assert len(items) > 200
    assert not [i.question for i in items if "{" in i.question or "}" in i.question]


def test_nothing_is_called_unknown_that_the_schema_has(items: list[Item]) -> None:
    unknown = [i.question for i in items if i.expect == "cannot"]
    assert unknown
    assert not [q for q in unknown if "heart rate" in q]


def test_what_ties_at_the_limit_is_not_asked_for(tmp_path: Path) -> None:
    even = made_db(tmp_path, "even", EVEN)  # every stand has ten sales
    kinds = [i.category for i in generate(even.workspace, "even", count=60, ways=1, seed=1)]
    assert "count" in kinds
    assert "most_things" not in kinds


def test_a_generated_suite_is_run_and_scored_as_any_other(folder: Path, bees: Session) -> None:
    suite, out = folder / "bees.jsonl", folder / "bees.out"
    state = ["--state-dir", str(folder / "state")]
    run = CliRunner().invoke
    made = run(app, ["generate", str(folder / "bees.duckdb"), "--out", str(suite), "--count", "15", *state])
    assert made.exit_code == 0, made.output
    assert run(app, ["run", str(suite), "--out", str(out), *state]).exit_code == 0
    assert len(read_predictions(out)) == len(read_suite(suite)) > 30
    report = run(app, ["score", str(suite), str(out), "--no-misses"]).output
    right = float(report.split("% right")[0].split()[-1])
    assert right > 60, report
