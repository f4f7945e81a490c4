"""The audit log is appended to, and what was changed behind its back shows."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path

import pytest

from assistant.people.audit import Audit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    log = Audit(tmp_path / "audit.sqlite")
    for n in range(5):
        log.write("asked", person="ana", channel="api", question=f"question {n}", sql=None)
    log.close()
    return tmp_path / "audit.sqlite"


def test_it_is_exported_as_json_lines(path: Path) -> None:
    lines = [json.loads(line) for line in Audit(path).export()]
    assert [line["n"] for line in lines] == [1, 2, 3, 4, 5]
    assert (lines[0]["person"], lines[0]["deed"]) == ("ana", "asked")
    assert lines[0]["detail"] == {"question": "question 0"}
    assert [entry.n for entry in Audit(path).entries(after=2, limit=2)] == [3, 4]


@pytest.mark.parametrize(
    "change", ["UPDATE entries SET person = 'eve'", "DELETE FROM entries", "DELETE FROM entries WHERE n = 3"]
)
def test_nothing_in_it_can_be_changed_or_deleted(path: Path, change: str) -> None:
    with sqlite3.connect(path) as database, pytest.raises(sqlite3.IntegrityError, match="never changed"):
        database.execute(change)


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE entries SET person = 'eve' WHERE n = 3", 3),
        ("DELETE FROM entries WHERE n = 2", 3),
        ("UPDATE entries SET n = n - 1 WHERE n > 1 AND (SELECT count(*) FROM entries WHERE n = 1) = 0", None),
    ],
)
def test_what_was_done_to_the_file_itself_shows(path: Path, change: str, broken: int | None) -> None:
    with sqlite3.connect(path) as database:
        for trigger in ("never_changed", "never_deleted"):
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute(change)
    assert Audit(path).broken() == broken


def test_many_threads_and_two_openings_write_one_chain(path: Path) -> None:
    logs = [Audit(path), Audit(path)]

    def write(log: Audit) -> None:
        for _ in range(20):
            log.write("asked", person="ana", channel="web")

    threads = [threading.Thread(target=write, args=(log,)) for log in logs for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(1 for _ in logs[0].entries()) == 125
    assert logs[1].broken() is None
