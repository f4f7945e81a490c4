"""Models are watched, trained again and rolled back: the florist's, first with a year of data, then with half a year
more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import Answer
from assistant.opening import open_workspace
from assistant.session import Session
from assistant.settings import Settings
from tests.tools.predicting import florist
from tools.care import asked
from tools.predicting import training
from tools.predicting.drift import lost, shifts
from tools.predicting.scoring import score, spread
from tools.predicting.table import Column


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A session over all of the data, with a model that was trained when the last half year had not happened yet."""
    folder: Path = tmp_path_factory.mktemp("care")
    path = florist.build(folder / "flowers.duckdb")
    early = folder / "early" / "flowers.duckdb"
    early.parent.mkdir()
    early.write_bytes(path.read_bytes())
    with duckdb.connect(str(early)) as con:
        con.execute("delete from orders where ordered_at >= '2024-01-01'")
    state = Settings(state_dir=folder / "state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "SECONDS", 1.0)
        first = Session(open_workspace(str(early), folder / "a", as_of=date(2023, 12, 31)), state, dated=True)
        assert ask(first, "which customers will stop ordering in the next 30 days?").outcome == "answered"
        first.close()
        yield Session(open_workspace(str(path), folder / "b", as_of=date(2024, 6, 30)), state, dated=True)  # type: ignore[misc]


def ask(session: Session, question: str) -> Answer:
    return session.ask(question, thread="care")


def test_a_model_is_watched_trained_again_and_rolled_back(later: Session) -> None:
    health = ask(later, "is the churn model still good?")
    assert health.provenance.tool == "care"
    assert "outcomes since" in health.text
    drifted = ask(later, "has it drifted?")
    assert drifted.text.startswith("**No" if health.text.startswith("**Yes") else "**Yes"), drifted.text
    again = ask(later, "retrain it")
    assert again.outcome == "answered", again.text
    assert "outcomes that came in since" in again.text
    versions = ask(later, "show the history of the model")
    assert versions.result is not None
    assert len(versions.result.rows) == 2
    promoted = "Version 2 answers" in again.text
    back = ask(later, "roll back the churn model")
    assert ("Version 1" in back.text) if promoted else back.outcome == "cannot"


def test_nothing_new_is_nothing_to_train_on(later: Session) -> None:
    ask(later, "predict next 30 days' spend per customer")
    answer = ask(later, "retrain the spend model")
    assert answer.outcome == "cannot"
    assert "nothing new" in answer.text


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("is the churn model still good?", "health"),
        ("what changed in its inputs?", "health"),
        ("has the model drifted?", "drift"),
        ("roll it back", "rollback"),
        ("retrain it", "retrain"),
        ("roll back the churn model", "rollback"),
        ("which models do we have?", "history"),
    ],
)
def test_ways_to_ask(later: Session, question: str, about: str) -> None:
    found = asked(question, later.workspace)
    assert found is not None
    assert found.args["about"] == about


@pytest.mark.parametrize("question", ["is it still raining?", "which car models sell best?", "update the price"])
def test_what_is_no_care_of_a_model(later: Session, question: str) -> None:
    assert asked(question, later.workspace) is None


COLUMNS = [Column("x", "x", "number"), Column("k", "k", "category")]


def frame(rng: np.random.Generator, shift: float = 0.0, kinds: tuple[str, ...] = ("a", "b")) -> pd.DataFrame:
    return pd.DataFrame({"x": rng.normal(shift, 1, 800), "k": rng.choice(kinds, 800)})


def test_a_changed_input_and_a_new_kind_are_found() -> None:
    rng = np.random.default_rng(1)
    found = {s.column.name: s for s in shifts(COLUMNS, frame(rng), frame(rng, 1.0, ("a", "b", "c")))}
    assert found["x"].changed
    assert found["k"].changed
    assert found["k"].unseen == ("c",)


def test_inputs_that_did_not_change_raise_few_alarms() -> None:
    rng = np.random.default_rng(2)
    alarms = sum(any(s.changed for s in shifts(COLUMNS, frame(rng), frame(rng))) for _ in range(100))
    assert alarms <= 5


def outcomes(rng: np.random.Generator, slope: float, rows: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """What came of `rows` things, and the chances that a model gave them which holds the slope to be 1.3."""
    x = rng.normal(0, 1, rows)
    true, said = (1 / (1 + np.exp(1.0 - s * x)) for s in (slope, 1.3))
    return (rng.random(rows) < true).astype(float), np.column_stack([1 - said, said])


def test_lost_accuracy_is_seen_in_two_looks_and_seldom_where_none_is_lost() -> None:
    rng, false, seen = np.random.default_rng(3), 0, 0
    for _ in range(100):
        tested = outcomes(rng, 1.3)
        held, interval = score(*tested), spread(*tested)
        false += sum(lost(held, interval, *outcomes(rng, 1.3))[1] for _ in range(4))
        seen += any(lost(held, interval, *outcomes(rng, 0.55))[1] for _ in range(2))
    assert false <= 20
    assert seen >= 95


@given(seed=st.integers(0, 10_000), gaps=st.floats(0, 1))
@settings(max_examples=20, deadline=None)
def test_missing_values_break_nothing(seed: int, gaps: float) -> None:
    rng = np.random.default_rng(seed)
    before, now = frame(rng), frame(rng)
    now.loc[rng.random(len(now)) < gaps, "x"] = np.nan
    now.loc[rng.random(len(now)) < gaps, "k"] = None
    for shift in shifts(COLUMNS, before, now):
        assert 0 <= shift.chance <= 1
        assert shift.psi >= 0
