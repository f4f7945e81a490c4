from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.load import ask_at_once
from evals.run import opener, run
from evals.served import DidNotStart, Server, served_demo
from evals.suite import Item, Turn, database, read_predictions


@pytest.fixture
def dbs(tmp_path: Path) -> Path:
    (tmp_path / "db").mkdir()
    with duckdb.connect(str(tmp_path / "db" / "library.duckdb")) as con:
        con.execute("CREATE TABLE books (book_id INTEGER PRIMARY KEY, title VARCHAR, genre VARCHAR, pages INTEGER)")
        con.execute(
            "INSERT INTO books VALUES (1, 'Emma', 'novel', 474), (2, 'Dune', 'novel', 612), (3, 'Odes', 'poetry', 90)"
        )
    return tmp_path / "db"


QUESTIONS = [
    {
        "id": "count",
        "db": "library",
        "question": "How many books are there?",
        "gold_sql": ["SELECT count(*) FROM books"],
    },
    {"id": "wrong", "db": "library", "question": "How many books are there?", "gold_sql": ["SELECT 99"]},
    {"id": "off", "db": "library", "question": "Who won the World Cup?", "expect": "cannot"},
]


def test_a_suite_is_asked_and_scored_from_the_command_line(dbs: Path, tmp_path: Path) -> None:
    suite = tmp_path / "suite.jsonl"
    suite.write_text("\n".join(json.dumps(q) for q in QUESTIONS))
    out, state = tmp_path / "out.jsonl", tmp_path / "state"
    command = CliRunner()
    asked = command.invoke(
        app,
        [
            "run",
            str(suite),
            "--db-dir",
            str(dbs),
            "--out",
            str(out),
            "--state-dir",
            str(state),
            "--as-of",
            "2026-11-20",
        ],
    )
    assert asked.exit_code == 0, asked.output
    made = read_predictions(out)
    assert made["count"].rows == [[3]]
    assert made["count"].sql
    assert "3" in made["count"].answer
    assert made["off"].status == "cannot"
    scored = command.invoke(app, ["score", str(suite), str(out), "--db-dir", str(dbs)])
    assert scored.exit_code == 0, scored.output
    assert "2/3" in scored.output
    assert "MISS wrong" in scored.output
    both = command.invoke(app, ["score", *[str(suite), str(out)] * 2, "--db-dir", str(dbs), "--no-misses"])
    assert "4/6" in both.output
    alone = command.invoke(app, ["score", str(suite), "--db-dir", str(dbs)])
    assert alone.exit_code != 0
    assert "stands alone" in alone.output
    assert [file.name for file in dbs.iterdir()] == ["library.duckdb"]  # nothing is left beside the data


def test_a_database_is_looked_for_beside_its_suite(dbs: Path, tmp_path: Path) -> None:
    assert database(tmp_path / "suite.jsonl", "library") == dbs / "library.duckdb"
    assert database(dbs / "suite.jsonl", "library") == dbs / "library.duckdb"
    with pytest.raises(FileNotFoundError, match=r"no ferry\.duckdb in .* --db-dir"):
        database(tmp_path / "suite.jsonl", "ferry")


def test_each_conversation_is_on_its_own_thread_and_a_second_run_starts_afresh(dbs: Path, tmp_path: Path) -> None:
    talk = Item(id="t", db="library", turns=[Turn(question="How many books are there?"), Turn(question="only novels")])
    opened = opener(as_of=None, state_dir=tmp_path / "state")
    for _ in range(2):
        first, second = run([talk], lambda db: opened(dbs / f"{db}.duckdb"))
        assert [first.id, second.id] == ["t#1", "t#2"]
        assert (first.rows, second.rows) == ([[3]], [[2]])


def test_what_fails_under_load_is_counted_not_raised() -> None:
    class Half(BaseHTTPRequestHandler):
        """Answers every other question, and breaks on the rest."""

        asked = iter(range(1000))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            good = next(self.asked) % 2 == 0
            body = b'{"outcome": "answered"}' if good else b"no JSON"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None: ...

    with listening(Half) as url:
        asked = ask_at_once(Server(url, pid=0, page_s=0, ready_s=0), people=5, questions=4)
    outcomes = [a.outcome for a in asked]
    assert len(outcomes) == 20
    assert outcomes.count("answered") == 10
    assert all(a.ms > 0 for a in asked)


def test_a_server_that_does_not_start_says_what_it_printed(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_text("a file where the folder should be")
    with pytest.raises(DidNotStart, match="It printed"), served_demo(state, patience_s=30):
        pass


class listening:
    """A loopback server with this handler, by its address, while the block runs."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
