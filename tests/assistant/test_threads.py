"""Conversations survive restarts, keep what a follow-up needs, and never cost an answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from assistant.analyst.chat_model import previous_calls
from assistant.answer import Answer, Provenance
from assistant.threads import Threads
from knowledge.request import Aggregate, Compare, FieldColumn, MeasureColumn, Request, Window

REQUEST = Request(
    columns=[FieldColumn(field="orders.channel"), MeasureColumn(measure=Aggregate(agg="count", dataset="orders"))],
    where=[Compare(field="orders.status", op="in", value=["completed", "pending"])],
    period=Window(text="all of it"),
    limit=3,
)


def answered(text: str, request: Request | None = REQUEST) -> Answer:
    return Answer(outcome="answered", text=text, reading="so it was read", provenance=Provenance(request=request))


@pytest.fixture
def threads(tmp_path: Path) -> Iterator[Threads]:
    opened = Threads(tmp_path / "state" / "threads.sqlite")
    yield opened
    opened.close()


def test_a_turn_comes_back_as_the_messages_of_an_agent(threads: Threads) -> None:
    threads.append("t", "orders by channel", answered("Online leads."))
    asked, called, noted, said = threads.history("t")
    assert isinstance(asked, HumanMessage)
    assert asked.content == "orders by channel"
    assert isinstance(called, AIMessage)
    assert called.tool_calls[0]["name"] == "query"
    assert isinstance(noted, ToolMessage)
    assert noted.tool_call_id == called.tool_calls[0]["id"]
    assert said.content == "Online leads."


def test_a_request_reads_back_the_same(threads: Threads) -> None:
    threads.append("t", "q", answered("a"))
    assert [c.request for c in previous_calls(threads.history("t"))] == [REQUEST]


def test_conversations_do_not_mix_and_outlive_the_process(tmp_path: Path) -> None:
    for name in ("a", "b"):
        opened = Threads(tmp_path / "threads.sqlite")
        opened.append(name, f"question of {name}", answered("x"))
        opened.close()
    opened = Threads(tmp_path / "threads.sqlite")
    assert [m.content for m in opened.history("a") if isinstance(m, HumanMessage)] == ["question of a"]
    assert opened.history("nobody's") == []
    opened.close()


def test_only_the_last_turns_are_kept(threads: Threads, tmp_path: Path) -> None:
    for n in range(300):
        threads.append("t", f"question {n}", answered("words " * 50))
    asked = [m.content for m in threads.history("t") if isinstance(m, HumanMessage)]
    assert asked == [f"question {n}" for n in range(294, 300)]
    kept = sqlite3.connect(tmp_path / "state" / "threads.sqlite").execute("SELECT count(*) FROM turns").fetchone()
    assert kept == (6,)


def test_the_latest_turn_that_asked_something_is_found_for_its_thumb(threads: Threads) -> None:
    threads.append("t", "q", Answer(outcome="cannot", text="?"))
    threads.append("t", "q", answered("a"))
    outcome, request = threads.last("t", "q") or ("", None)
    assert outcome == "answered"
    assert request is not None
    assert Request.model_validate(request) == REQUEST
    assert threads.last("t", "never asked") is None


def test_a_damaged_file_is_put_aside_and_kept(tmp_path: Path) -> None:
    (tmp_path / "threads.sqlite").write_bytes(b"not a database at all" * 100)
    opened = Threads(tmp_path / "threads.sqlite")
    opened.append("t", "q", answered("a"))
    assert len(opened.history("t")) == 4
    opened.close()
    [aside] = tmp_path.glob("threads.sqlite.damaged-*")
    assert aside.read_bytes().startswith(b"not a database")


def test_where_nothing_can_be_written_conversations_live_in_memory(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    opened = Threads(tmp_path / "state" / "threads.sqlite")
    opened.append("t", "q", answered("a"))
    assert len(opened.history("t")) == 4
    opened.close()
