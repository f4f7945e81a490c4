"""What is unusual in several figures at once: a garden centre whose tills and doors disagree on one day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from assistant.answer import Answer
from assistant.session import Session, open_session
from assistant.settings import Settings
from tools.detection.joint import LEAST, together

FIRST, ODD = date(2024, 1, 1), date(2024, 9, 12)


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A day's entries at the door and plants sold rise and fall together; on 12 September many came and little was
    sold, neither beyond what other days show. Breakages have a rhythm of their own, and a spike on 3 October."""
    chance = np.random.default_rng(4)
    folder: Path = tmp_path_factory.mktemp("garden")
    con = duckdb.connect(str(folder / "garden.duckdb"))
    con.execute("create table entries(entry_id integer primary key, entered_on date, gate varchar)")
    con.execute("create table plant_sales(sale_no integer primary key, sold_on date, amount double)")
    con.execute("create table breakages(breakage_id integer primary key, broken_on date, pot varchar)")
    entries, sales, breakages = [], [], []
    for n in range(330):
        day = FIRST + timedelta(days=n)
        moved = float(chance.normal())
        up, down = (2.0, -2.0) if day == ODD else (moved, moved)
        for _ in range(round(160 * np.exp(0.12 * up + 0.02 * chance.normal()))):
            entries.append((len(entries), day, "north"))
        for _ in range(round(80 * np.exp(0.12 * down + 0.02 * chance.normal()))):
            sales.append((len(sales), day, 10.0 + float(chance.uniform(-0.5, 0.5))))
        for _ in range(60 if day == date(2024, 10, 3) else 20 + int(chance.integers(0, 6))):
            breakages.append((len(breakages), day, "clay"))
    for table, rows in (("entries", entries), ("plant_sales", sales), ("breakages", breakages)):
        frame = {str(n): np.array([r[n] for r in rows]) for n in range(3)}  # noqa: F841
        con.execute(f'insert into {table} select "0", "1", "2" from frame')
    con.close()
    settings = Settings(state_dir=folder / "state", model=None, mode=None)
    return open_session(str(folder / "garden.duckdb"), as_of=FIRST + timedelta(days=330), settings=settings)


def ask(garden: Session, question: str) -> Answer:
    answer = garden.ask(question, thread=question)
    assert (answer.provenance.tool, answer.outcome) == ("anomalies", "answered"), answer.text
    return answer


@pytest.mark.parametrize(
    "question",
    [
        "anything unusual across entries and plant sales in September?",
        "did anything odd happen in the number of entries and the number of plant sales together in September?",
    ],
)
def test_figures_that_do_not_go_together_are_found(garden: Session, question: str) -> None:
    answer = ask(garden, question)
    assert "On Sep 12, 2024, the figures did not go together as they do" in answer.text
    assert "above its usual" in answer.text
    assert "below its usual" in answer.text
    assert "Isolation Forest" in (answer.provenance.method or "")
    assert "5 times in 100" in (answer.provenance.method or "")


@pytest.mark.parametrize("figure", ["number of entries", "number of plant sales"])
def test_neither_is_unusual_by_itself(garden: Session, figure: str) -> None:
    assert "Nothing unusual" in ask(garden, f"anything unusual in the {figure} in September?").text


def test_a_month_without_either_is_said_to_be_usual(garden: Session) -> None:
    said = ask(garden, "anything unusual across entries and plant sales in May?").text
    assert said.startswith("Nothing unusual in May 2024")
    assert "nor in how they go together" in said


@pytest.mark.parametrize(
    "question",
    [
        "did anything odd happen across all our numbers?",
        "is everything normal?",
        "any anomalies in our key figures?",
        "anything unusual across the board?",
    ],
)
def test_all_figures_can_be_asked_about(garden: Session, question: str) -> None:
    answer = ask(garden, question)
    assert "breakages** was unusually high on Oct 3, 2024" in answer.text
    assert "Sep 12, 2024" in answer.text


def test_the_stated_rate_is_held_where_figures_are_alike() -> None:
    alarmed = 0
    for seed in range(60):
        chance = np.random.default_rng(seed)
        shared = chance.normal(size=(120, 1))
        alarmed += bool(together(0.9 * shared + 0.4 * chance.normal(size=(120, 3)), 0.05))
    assert alarmed <= 7


def test_too_few_periods_or_figures_that_do_not_vary_tell_nothing() -> None:
    chance = np.random.default_rng(0)
    assert together(chance.normal(size=(LEAST - 1, 2)), 0.05) == []
    assert together(np.column_stack([chance.normal(size=80), np.zeros(80)]), 0.05) == []
    assert together(np.full((80, 2), np.nan), 0.05) == []
