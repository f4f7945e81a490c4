"""Which of a clinic's coming appointments will be missed, and which of its open bills will be paid late.

    patients(patient_id, patient_name, age)
    appointments(appointment_id, patient_id, starts_at, clinic, booked_days, state, showed_at)
    bills(bill_id, patient_id, issued_on, due_date, paid_date, amount, reminder)

Patients of even number miss half of their appointments, and pay half of their bills late. Planted: `showed_at`, and
`reminder`, are filled in afterwards.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assistant.opening import open_workspace
from assistant.session import Session
from assistant.settings import Settings
from tools.predict import asked
from tools.predicting import training

_TODAY = datetime(2024, 6, 1)


def _clinic(path: Path) -> Path:
    chance = random.Random(3)
    people = [(n, f"Person {n}", chance.randint(20, 80)) for n in range(1, 121)]
    visits, bills = [], []
    for n in range(1, 3001):
        who, at = chance.randint(1, 120), _TODAY + timedelta(days=chance.uniform(-365, 14))
        at = at.replace(hour=chance.randint(8, 17), minute=0, second=0, microsecond=0)
        coming, missed = at > _TODAY, chance.random() < (0.5 if who % 2 == 0 else 0.04)
        state = "booked" if coming else "no_show" if missed else "attended"
        showed = None if coming or missed else at
        visits.append((n, who, at, chance.choice(("Skin", "Eyes")), chance.randint(1, 60), state, showed))
        issued = (_TODAY + timedelta(days=chance.uniform(-365, 0))).date()
        due = issued + timedelta(days=30)
        paid = due + timedelta(
            days=chance.randint(2, 25) if chance.random() < (0.5 if who % 2 == 0 else 0.04) else -chance.randint(0, 20)
        )
        known = paid <= _TODAY.date()
        reminder = "sent" if known and paid > due else "no" if known else None
        bills.append((n, who, issued, due, paid if known else None, round(chance.uniform(20, 300), 2), reminder))
    tables = {
        "patients": (["patient_id", "patient_name", "age"], people, "patient_id"),
        "appointments": (
            ["appointment_id", "patient_id", "starts_at", "clinic", "booked_days", "state", "showed_at"],
            visits, "appointment_id",
        ),
        "bills": (
            ["bill_id", "patient_id", "issued_on", "due_date", "paid_date", "amount", "reminder"], bills, "bill_id",
        ),
    }  # fmt: skip
    with duckdb.connect(str(path)) as con:
        for name, (columns, rows, key) in tables.items():
            con.register("f", pd.DataFrame(rows, columns=columns))
            con.execute(f"create table {name} as select * from f")
            con.execute(f"alter table {name} add primary key ({key})")
            con.unregister("f")
    return path


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("clinic")
    workspace = open_workspace(str(_clinic(folder / "clinic.duckdb")), folder / "state", as_of=_TODAY.date())
    return Session(workspace, Settings(state_dir=folder / "state"), dated=True)


@pytest.mark.parametrize(
    ("question", "records", "days"),
    [
        ("which appointments will be no-shows next week?", "appointments", 7),
        ("which appointments are likely to be missed?", "appointments", None),
        ("which open bills will be paid late?", "bills", None),
        ("which bills are at risk of late payment in the next 14 days?", "bills", 14),
    ],
)
def test_ways_to_ask(session: Session, question: str, records: str, days: int | None) -> None:
    found = asked(question, session.workspace)
    assert found is not None
    assert (found.args["goal"], found.args["records"], found.args.get("days")) == ("pending", records, days)


@pytest.mark.parametrize("question", ["which patients will miss their appointment?", "which appointments were missed?"])
def test_people_and_the_past_are_asked_for_otherwise(session: Session, question: str) -> None:
    found = asked(question, session.workspace)
    assert found is None or found.args["goal"] != "pending"


def _even(session: Session, name: str) -> float:
    return int(name.partition("Person ")[2].rstrip(")")) % 2


@pytest.mark.parametrize(
    ("question", "leak"),
    [("which appointments will be no-shows?", "showed at"), ("which open bills will be paid late?", "reminder")],
)
def test_the_risky_ones_come_first(session: Session, question: str, leak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "SECONDS", 1.0)
    answer = session.ask(question, thread=leak)
    assert answer.outcome == "answered", answer.text
    assert answer.result is not None
    first = [str(r[0]) for r in answer.result.rows[:25]]
    assert sum(_even(session, name) == 0 for name in first) >= 22, first
    assert "settled" in answer.text
    assert any(leak in c for c in answer.caveats), answer.caveats


def test_nothing_pending_is_said(tmp_path: Path) -> None:
    with duckdb.connect(str(_clinic(tmp_path / "c.duckdb"))) as con:
        con.execute("delete from appointments where state = 'booked'")
    workspace = open_workspace(str(tmp_path / "c.duckdb"), tmp_path / "state", as_of=_TODAY.date())
    answer = Session(workspace, Settings(state_dir=tmp_path / "state"), dated=True).ask(
        "which appointments will be no-shows?", thread="n"
    )
    assert answer.outcome == "cannot"
    assert "No appointment is pending" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "which Skin appointments next week will be no-shows?",
        "which appointments at Skin will be no-shows next week?",
        "which appointments will be no-shows in Skin next week?",
    ],
)
def test_only_those_that_are_asked_about_are_scored(session: Session, question: str) -> None:
    every = session.ask("which appointments next week will be no-shows?", thread="all").result
    some = session.ask(question, thread=question)
    assert some.result is not None, some.text
    assert every is not None
    assert "where clinic is “Skin”" in (some.reading or "")
    keys = {int(str(r[0]).split()[0]) for r in some.result.rows}
    of_skin = "select appointment_id from appointments where clinic = 'Skin'"
    _, rows, _ = session.workspace.warehouse.query(of_skin, max_rows=5_000, timeout_s=20.0)
    assert keys
    assert keys <= {r[0] for r in rows}
    assert keys < {int(str(r[0]).split()[0]) for r in every.rows}


def test_a_place_that_nothing_knows_is_told(session: Session) -> None:
    answer = session.ask("which appointments will be no-shows in Leeds?", thread="leeds")
    assert answer.outcome == "cannot"
    assert "Leeds" in answer.text
