"""The outcomes of each trade (no-shows, late payments, returns …) are found in a schema that was made up for it, and
predicted of each of its people."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.opening import open_workspace
from assistant.session import Session
from assistant.settings import Settings
from evals.trades import BUILDERS, END
from knowledge.packs.template import templates
from tools.predict import asked
from tools.predicting import training


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Session]:
    made = {}
    for name, build in BUILDERS.items():
        folder: Path = tmp_path_factory.mktemp(name)
        path = build(folder / "business.duckdb")
        workspace = open_workspace(str(path), folder / "state", as_of=END)
        made[name] = Session(workspace, Settings(state_dir=folder / "state"), dated=True)
    return made


def test_there_is_a_business_for_each_template() -> None:
    assert set(BUILDERS) == {t.industry for t in templates()}
    assert all(t.predict.events for t in templates())


@pytest.mark.parametrize(
    ("name", "question", "event"),
    [
        ("healthcare", "which patients are likely to miss their appointment?", "no-show"),
        ("healthcare", "which patients are likely to be readmitted?", "readmission"),
        ("healthcare", "who will not show up in the next 30 days?", "no-show"),
        ("healthcare", "how likely is patient 12 to miss an appointment?", "no-show"),
        ("restaurant", "which guests are likely to be a no-show?", "no-show"),
        ("automotive", "which owners are likely to come back for a repair?", "repeat service visit"),
        ("finance", "which borrowers are likely to pay late?", "late payment"),
        ("finance", "who will miss a payment?", "late payment"),
        ("finance", "what drives late payments?", "late payment"),
        ("retail", "which customers are likely to return something?", "return"),
        ("retail", "predict returns by customer", "return"),
    ],
)
def test_outcomes_of_the_trade_are_found_in_its_data(
    sessions: dict[str, Session], name: str, question: str, event: str
) -> None:
    found = asked(question, sessions[name].workspace)
    assert found is not None
    assert (found.args["goal"], found.args["event"]) == ("event", event)


@pytest.mark.parametrize(
    "question",
    [
        "which customers will return?",
        "who returned most?",
        "which customers are likely to default?",
        "returns by month",
    ],
)
def test_what_names_no_outcome_that_is_recorded(sessions: dict[str, Session], question: str) -> None:
    found = asked(question, sessions["retail"].workspace)
    assert found is None or found.args["goal"] != "event"


@pytest.mark.parametrize(
    ("name", "thing", "outcome"),
    [
        ("healthcare", "patient", "miss their appointment"),
        ("restaurant", "guest", "be a no-show"),
        ("automotive", "owner", "come back for a repair"),
        ("finance", "borrower", "pay late"),
        ("retail", "customer", "return something"),
    ],
)
def test_an_outcome_is_told_apart(
    sessions: dict[str, Session], name: str, thing: str, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The risky half, of even numbers, comes first; and one of them is told by its number."""
    monkeypatch.setattr(training, "SECONDS", 1.0)
    session = sessions[name]
    answer = session.ask(f"which {thing}s are likely to {outcome}?", thread="a")
    assert answer.outcome == "answered", answer.text
    assert answer.result is not None
    first = [int(str(r[0]).rpartition(" ")[2]) for r in answer.result.rows[:50]]
    assert sum(n % 2 == 0 for n in first) >= 40
    one = session.ask(f"how likely is {thing} 2 to {outcome}?", thread="b")
    assert one.outcome == "answered", one.text
    assert "the median of" in one.text
    assert one.result is not None
    assert one.result.rows[0][0] == "Person 2"


@pytest.mark.parametrize(
    ("question", "one", "goal"),
    [
        ("how likely is customer 42 to stop buying?", "42", "stop"),
        ("what is the chance that customer 42 will churn?", "42", "stop"),
        ("will customer 42 stop buying?", "42", "stop"),
        ("is customer 42 at risk?", "42", "stop"),
        ("score customer 42", "42", "stop"),
        ("how much will customer 42 spend in the next 90 days?", "42", "spend"),
        ("how likely is customer “Person 7” to leave us?", "Person 7", "stop"),
    ],
)
def test_ways_to_ask_of_one(sessions: dict[str, Session], question: str, one: str, goal: str) -> None:
    found = asked(question, sessions["retail"].workspace)
    assert found is not None
    assert (found.args["one"], found.args["goal"]) == (one, goal)


def test_one_that_is_not_there_is_said(sessions: dict[str, Session], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "SECONDS", 1.0)
    answer = sessions["retail"].ask("how likely is customer 4242 to return something?", thread="c")
    assert answer.outcome == "cannot"
    assert "no customer “4242”" in answer.text
