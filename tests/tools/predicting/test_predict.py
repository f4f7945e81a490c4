"""The predict tool, asked as people ask, on the florist's customers."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.session import Session
from assistant.settings import Settings
from knowledge.workspace import Workspace
from tools import Limits
from tools.predict import asked
from tools.predicting import training
from tools.predicting.registry import Registry, registry_of


@pytest.fixture(scope="module")
def session(flowers: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Session:
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "SECONDS", 1.0)
        made = Session(flowers, settings, dated=True)
        made.ask("which customers will stop ordering in the next 30 days?", thread="first")
    return made


def ask(session: Session, question: str) -> Answer:
    answer = session.ask(question, thread="first")
    assert answer.provenance.tool == "predict", answer.text
    assert answer.outcome == "answered", answer.text
    return answer


def test_who_will_stop_is_told_with_how_good_that_is_and_what_was_left_out(session: Session) -> None:
    answer = ask(session, "which customers will stop ordering in the next 30 days?")
    assert answer.result is not None
    chances = [r[1] for r in answer.result.rows]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= c <= 100 for c in chances)
    assert "it had not seen" in answer.text
    said = " ".join(answer.caveats)
    assert all(leak in said for leak in ("closed", "last order", "orders in all", "status"))
    assert answer.chart is not None


def test_a_conversation_about_a_model(session: Session) -> None:
    ask(session, "which customers will stop ordering in the next 30 days?")
    looks = ask(session, "what does it look at?")
    assert "order" in looks.text
    good = ask(session, "how good is it?")
    assert "AUC" in good.text
    supposed = ask(session, "what if the amount rises 20%?")
    assert supposed.result is not None
    assert [r[0] for r in supposed.result.rows] == ["as it is", "supposed"]


def test_only_those_who_are_meant_are_scored(session: Session) -> None:
    everyone = ask(session, "which customers will stop ordering in the next 30 days?").result
    north = ask(session, "which customers in North will stop ordering in the next 30 days?").result
    assert everyone is not None
    assert north is not None
    assert 0 < len(north.rows) < len(everyone.rows)


def test_what_the_model_does_not_look_at_it_says(session: Session) -> None:
    ask(session, "which customers will stop ordering in the next 30 days?")
    answer = session.ask("what if the weather rises 5%?", thread="first")
    assert answer.outcome == "cannot"
    assert "does not look at weather" in answer.text


@pytest.mark.parametrize(
    ("question", "about", "goal"),
    [
        ("who is about to stop buying?", "scores", "stop"),
        ("which customers will churn?", "scores", "stop"),
        ("which of our customers are likely to leave us?", "scores", "stop"),
        ("who is most at risk?", "scores", "stop"),
        ("churn risk by customer", "scores", "stop"),
        ("predict next 90 days' spend per customer", "scores", "spend"),
        ("how much will each customer spend in the next 3 months?", "scores", "spend"),
        ("what drives churn?", "drivers", "stop"),
        ("what predicts refunded?", "drivers", "column"),
        ("how good is the churn model?", "quality", "stop"),
    ],
)  # fmt: skip
def test_ways_to_ask(flowers: Workspace, question: str, about: str, goal: str) -> None:
    found = asked(question, flowers)
    assert found is not None
    assert (found.args["about"], found.args["goal"]) == (about, goal)


@pytest.mark.parametrize(
    "question",
    [
        "who ordered most?",
        "predict sales next month",
        "what will sales be next quarter?",
        "orders by region",
        "why did sales fall in May?",
    ],
)
def test_what_asks_for_no_prediction(flowers: Workspace, question: str) -> None:
    assert asked(question, flowers) is None


def test_too_little_history_is_said(session: Session) -> None:
    answer = session.ask("which customers will stop ordering in the next 700 days?", thread="other")
    assert answer.outcome == "cannot"
    assert "too little history" in answer.text


def test_a_damaged_model_leaves_the_one_before(session: Session, tmp_path: Path) -> None:
    registry = registry_of(session.workspace, Limits(state_dir=session.settings.state_dir))
    assert registry is not None
    kept = registry.current(registry.names()[0])
    assert kept is not None
    other = Registry(tmp_path)
    first, second = other.add("m", kept), other.add("m", kept)
    (tmp_path / "m" / f"v{second:04}" / "model.pickle").write_bytes(b"cut off")
    (tmp_path / "m" / ".new-half").mkdir()
    found = other.current("m")
    assert found is not None
    assert found.version == first
    assert other.roll_back("m") == first
    assert other.roll_back("m") is None
