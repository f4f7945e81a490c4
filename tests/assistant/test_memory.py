"""Thumbs and verified answers are kept, and leave as JSON lines."""

from __future__ import annotations

import json
from pathlib import Path

from assistant.memory import Memory

REQUEST = {"columns": [{"kind": "measure", "measure": {"kind": "metric", "metric": "net_sales"}}]}


def test_a_thumb_is_kept_with_what_the_question_was_taken_to_mean(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "memory.sqlite")
    memory.rate("t", "net sales?", False, "I meant gross", outcome="answered", request=REQUEST, user="ana")
    memory.close()
    memory = Memory(tmp_path / "memory.sqlite")  # after a restart
    [kept] = memory.feedback()
    assert (kept.thread, kept.question, kept.up, kept.comment) == ("t", "net sales?", False, "I meant gross")
    assert (kept.outcome, kept.request, kept.user) == ("answered", REQUEST, "ana")
    assert kept.at.endswith("+00:00")
    memory.close()


def test_who_changes_their_mind_has_one_vote(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "memory.sqlite")
    memory.rate("t", "q", False)
    memory.rate("t", "q", True)
    memory.rate("another", "q", False)
    assert sorted((f.thread, f.up) for f in memory.feedback()) == [("another", False), ("t", True)]
    memory.close()


def test_feedback_is_exported_one_object_a_line(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "memory.sqlite")
    memory.rate("t", "how many\nlines?", True, "good · très bien", request=REQUEST)
    memory.rate("t", "another", False)
    lines = list(memory.export())
    assert all("\n" not in line for line in lines)
    assert json.loads(lines[0])["comment"] == "good · très bien"
    assert [json.loads(line)["up"] for line in lines] == [True, False]
    memory.close()


def test_a_verified_answer_is_found_by_its_words(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "memory.sqlite")
    memory.verify("What are net sales?", REQUEST, "ana")
    found = memory.verified("what are  NET sales")
    assert found is not None
    assert (found.request, found.verified_by) == (REQUEST, "ana")
    assert memory.verified("what were net sales?") is None
    memory.close()
