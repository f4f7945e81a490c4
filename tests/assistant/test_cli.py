"""The `parley` command, run as a person or a script runs it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.answer import Answer, Provenance
from assistant.cli import main, prediction
from knowledge.result import Result, ResultColumn


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli-state")


@dataclass
class Told:
    code: int
    out: str
    err: str


@pytest.fixture
def parley(state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    """Runs the command in this process: a new one takes seconds to import all that a server needs."""
    for name in [k for k in os.environ if k.startswith("PARLEY_")]:
        monkeypatch.delenv(name)
    for name, value in {"PARLEY_STATE_DIR": str(state), "COLUMNS": "100", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, typed: str = "") -> Told:
        monkeypatch.setattr(sys, "argv", ["parley", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Told(int(ended.value.code or 0), out, err)

    return run


def test_its_help_reads_like_a_manual(parley: Callable[..., Told]) -> None:
    told = parley("--help")
    text = " ".join(told.out.split())
    assert told.code == 0
    for part in ("parley serve --demo --open", "parley use sales.xlsx", "Settings", "PARLEY_MODEL", "exit code", "--model model.yaml"):  # fmt: skip
        assert part in text
    for command in ("ask", "chat", "serve", "use", "model", "eval"):
        assert f"│ {command} " in told.out
    assert not told.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask", "--help"), ["--db", "--model", "--as-of", "--json", "--sql", "In your own words"]),
        (("serve", "--help"), ["--demo", "--open", "--host", "--port", "PARLEY_PASSWORD"]),
        (("eval", "--help"), ["run", "score", "demo", "latency", "load"]),
        (("eval", "run", "--help"), ["--db-dir", "--out", "--as-of"]),
    ],
)
def test_each_command_has_its_own_help(
    parley: Callable[..., Told], arguments: tuple[str, ...], words: list[str]
) -> None:
    told = parley(*arguments)
    assert told.code == 0
    assert [word for word in words if word not in told.out] == []


def test_ask_prints_a_sentence_a_table_and_how_it_was_read(parley: Callable[..., Told], bikes_db: Path) -> None:
    told = parley("ask", "number of orders by channel", "--db", str(bikes_db), "--sql")
    assert told.code == 0
    assert "has the highest number of orders" in told.out.splitlines()[0]
    assert "█" in told.out
    assert "Read as: Number of orders by channel" in told.out
    assert "SELECT" in told.out
    assert not told.err


def test_ask_json_is_one_object_with_the_fields_of_the_batch_interface(
    parley: Callable[..., Told], bikes_db: Path
) -> None:
    told = parley("ask", "number of orders last month", "--db", str(bikes_db), "--as-of", "2024-12-31", "--json")
    (line,) = told.out.splitlines()
    made = json.loads(line)
    assert {"status", "sql", "columns", "rows", "confidence", "ms", "answer"} <= set(made)
    assert made["status"] == "answered"
    assert made["sql"].startswith("SELECT")
    assert "November 2024" in made["reading"]
    assert isinstance(made["rows"][0][0], int)


def test_what_can_not_be_read_is_an_answer_too(parley: Callable[..., Told], bikes_db: Path) -> None:
    told = parley("ask", "flibber the grumbolds", "--db", str(bikes_db), "--json")
    assert told.code == 0
    assert json.loads(told.out)["status"] == "cannot"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("ask", "x", "--db", "/no/such/file.csv"), 1, "There is no file or folder"),
        (("use", "/no/such/file.csv"), 1, "There is no file or folder"),
        (("ask", "x", "--as-of", "yesterday"), 2, "yesterday"),
        (("ask", "x", "--model", "/no/such/model.yaml"), 1, "model.yaml"),
        (("ask",), 2, "Missing argument"),
        (("frobnicate",), 2, "frobnicate"),
    ],
)
def test_what_is_wrong_is_said_in_a_line_without_a_traceback(
    parley: Callable[..., Told], bikes_db: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    if "--model" in arguments:
        arguments = (*arguments, "--db", str(bikes_db))
    told = parley(*arguments)
    assert told.code == code
    assert words in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


def test_a_file_that_is_no_data_is_said_to_be_none(parley: Callable[..., Told], tmp_path: Path) -> None:
    (tmp_path / "torn.duckdb").write_bytes(b"\0" * 4096)
    told = parley("ask", "x", "--db", str(tmp_path / "torn.duckdb"))
    assert (told.code, "Traceback" in told.err) == (1, False)
    assert "torn.duckdb" in told.err


def test_chat_keeps_its_context_and_ends_with_an_empty_line(parley: Callable[..., Told], bikes_db: Path) -> None:
    told = parley("chat", "--db", str(bikes_db), typed="number of orders by channel\nand by status?\n\n")
    assert told.code == 0
    assert "Read as: Number of orders by order status" in told.out


def test_use_chooses_what_later_commands_ask(parley: Callable[..., Told], bikes_db: Path) -> None:
    assert "order_lines" in parley("use", str(bikes_db)).out
    assert json.loads(parley("ask", "number of stores", "--json").out)["rows"] == [[4]]


def test_model_prints_what_can_be_given_back(parley: Callable[..., Told], bikes_db: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.yaml"
    model.write_text(parley("model", "--db", str(bikes_db)).out)
    told = parley("ask", "number of orders by channel", "--db", str(bikes_db), "--model", str(model), "--json")
    assert json.loads(told.out)["status"] == "answered"


def test_the_installed_command_runs() -> None:
    command = Path(sys.executable).with_name("parley")
    told = subprocess.run([command, "--help"], capture_output=True, text=True, timeout=120)
    assert "Ask your business's data questions" in told.stdout


def test_figures_json_does_not_have_are_null() -> None:
    column = ResultColumn("x", "X", "number", measure=True)
    result = Result((column,), [(float("nan"),), (float("inf"),)], "SELECT 1")
    made = prediction(Answer(outcome="answered", text="…", result=result, provenance=Provenance(sql="SELECT 1")))
    assert made["rows"] == [[None], [None]]
    json.dumps(made, allow_nan=False)
