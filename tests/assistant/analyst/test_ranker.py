"""The ranker, on a park's gates: its tables are called like words of English ("daily"), so that the words of a question
can be read in more than one way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from assistant.analyst.agreement import Said, agreement
from assistant.analyst.item import Item
from assistant.analyst.ranker import MARGIN, chosen, lead, ranked
from assistant.analyst.reader import Reader
from assistant.analyst.rows import Candidate, rows
from assistant.analyst.tokens import tokenize
from assistant.session import Session, open_session
from evals.score import same_rows
from knowledge.warehouse.duckdb import connect

SCHEMA = """
create table gates(gate_id integer primary key, gate_name varchar, opened_on date, side varchar);
insert into gates values
  (1, 'Lime Gate', '2019-03-01', 'north'), (2, 'Oak Gate', '2020-05-09', 'south'), (3, 'Elm Gate', '2024-02-11', 'east');
create table daily_gate_counts(count_id integer primary key, gate_id integer references gates(gate_id), counted_at timestamp,
  weather varchar, visitors integer);
insert into daily_gate_counts
  select i, 1 + i % 2, timestamp '2024-01-01' + to_days(i::int), case when i % 3 = 0 then 'rain' else 'sun' end, 50 + i
  from range(120) t(i);
"""

QUESTIONS = [
    ("How many gates have no daily gate counts?", "select 1"),
    ("Find gates that have never had a daily gate count.", "select 'Elm Gate'"),
    (
        "What percentage of daily gate counts have a weather of rain?",
        "select 100.0 * count(*) filter (weather = 'rain') / count(*) from daily_gate_counts",
    ),
]
"""In each, "daily" may be a word of its own, too: by day."""


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder: Path = tmp_path_factory.mktemp("park")
    with duckdb.connect(str(folder / "park.duckdb")) as con:
        con.execute(SCHEMA)
    session = open_session(str(folder / "park.duckdb"), state_dir=folder / "state")
    yield session
    session.close()


@pytest.mark.parametrize(("question", "gold"), QUESTIONS)
def test_a_question_gets_the_right_rows(park: Session, question: str, gold: str) -> None:
    answer = park.ask(question, thread=question)
    wanted = connect(park.workspace.warehouse.path).execute(gold).fetchall()  # type: ignore[attr-defined]
    assert answer.outcome == "answered", answer.text
    assert answer.result is not None
    assert same_rows(wanted, answer.result.rows), answer.reading


@pytest.mark.parametrize(("question", "gold"), QUESTIONS)
def test_the_reading_that_is_meant_wins_wherever_it_comes(park: Session, question: str, gold: str) -> None:
    reader = Reader(park.workspace)
    found = [reading for reading, _ in reader.candidates(question)]
    meant = reader.plan(question).request
    last = sorted(found, key=lambda r: r.request == meant)
    assert len(last) > 1
    assert last[0].request != meant
    assert ranked(last, reader.schema)[0].request == meant


def test_the_first_reading_stays_unless_another_is_clearly_worth_more() -> None:
    assert chosen([1.0, 1.0 + MARGIN / 2]) == 0
    assert chosen([1.0, 0.5, 1.1 + MARGIN]) == 2


def test_a_lead_is_over_the_best_of_the_others() -> None:
    assert lead([2.0, 1.75, 0.0], 0) == 0.25
    assert lead([2.0, 2.5], 0) == 0
    assert lead([2.0], 0) == 1


def test_a_span_may_be_read_otherwise_but_no_word_is_lost() -> None:
    tokens = tokenize("daily gate counts")
    grain, table, long = Item("g", 0, 1, "daily"), Item("d", 1, 3, "gate counts"), Item("d", 0, 3, "daily gate counts")
    known = {0: [Candidate(grain, 1.25), Candidate(long, 2.9)], 1: [Candidate(table, 2.1)]}
    best, other = rows(tokens, known)
    assert best.items == [grain, table]
    assert other.items == [long]
    assert other.lost == pytest.approx(3.35 - 2.9)
    assert len(rows(tokens, {0: [Candidate(grain, 1.25)], 1: [Candidate(table, 2.1)]})) == 1


def test_what_was_said_and_what_is_asked_are_compared(park: Session) -> None:
    reader = Reader(park.workspace)
    question = "How many gates have no daily gate counts?"
    meant = reader.plan(question).request
    found = [reading for reading, _ in reader.candidates(question)]
    by_day = next(r for r in found if any(column.grain for column in r.request.fields))
    wrong, right = (
        agreement(Said(r.row.items, reader.schema), r.request)
        for r in (by_day, next(r for r in found if r.request == meant))
    )
    assert right.unused == right.unsaid == right.odd == 0
    assert wrong.unused > 0  # "no", and that there are counts at all
