"""A suite of questions with gold answers, one JSON object a line, and the predictions made for it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Status = Literal["answered", "ask", "cannot", "not_allowed", "no_rows", "failed"]


class Turn(BaseModel):
    """One question. It is right when the rows equal one of the gold queries' rows (extra columns allowed), or the text
    contains what `gold_text_contains` says, or, where none is expected, when no answer is given."""

    model_config = ConfigDict(extra="ignore")

    question: str
    gold_sql: list[str] = []
    gold_rows: list[list[Any]] | None = None
    gold_text_contains: list[str] = []
    expect: Status = "answered"
    order_asked: bool = False


class Item(Turn):
    """A question of a suite, or a conversation of several `turns`."""

    id: str
    db: str
    question: str = ""
    category: str = ""
    instructions: str | None = None
    tables: list[str] | None = None
    split: str = ""
    suite: str = ""
    """The suite's name: its file's, or its folder's for a `suite.jsonl`."""
    turns: list[Turn] = []

    def asked(self) -> list[Turn]:
        return self.turns or [self]


class Prediction(BaseModel):
    """What was answered to one question; `id` is the item's, with "#2" for the second turn of a conversation."""

    id: str
    status: Status
    sql: str | None = None
    columns: list[str] = []
    rows: list[list[Any]] = []
    confidence: float = 0.0
    ms: float = 0.0
    answer: str = ""
    reading: str = ""


def read_suite(path: Path) -> list[Item]:
    """Raises ValueError naming the line that is no item."""
    name = path.parent.name if path.stem == "suite" else path.stem
    items = []
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                item = Item.model_validate_json(line)
            except ValueError as error:
                raise ValueError(f"{path.name} line {n}: {error}") from error
            items.append(item if item.suite else item.model_copy(update={"suite": name}))
    return items


def write_suite(path: Path, items: Iterable[Item]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(item.model_dump_json(exclude_defaults=True) + "\n" for item in items)


def database(suite: Path, db: str, db_dir: Path | None = None) -> Path:
    """The DuckDB file of a suite's database: in `db_dir`, or by default beside the suite or in a folder `db` there.

    Raises FileNotFoundError naming where it was looked for."""
    places = [db_dir] if db_dir else [suite.parent, suite.parent / "db"]
    found = next((path for place in places if (path := place / f"{db}.duckdb").is_file()), None)
    if found is None:
        raise FileNotFoundError(
            f"There is no {db}.duckdb in {' or '.join(map(str, places))}: name its folder with --db-dir."
        )
    return found


def demo_suite() -> list[Item]:
    """The retail demo's own questions."""
    with as_file(files("evals").joinpath("suites", "demo.jsonl")) as path:
        return read_suite(path)


def read_predictions(path: Path) -> dict[str, Prediction]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {p.id: p for p in (Prediction.model_validate_json(line) for line in lines if line.strip())}


def write_predictions(path: Path, predictions: Iterable[Prediction]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for prediction in predictions:
            file.write(json.dumps(prediction.model_dump(), default=_plain, ensure_ascii=False) + "\n")


def _plain(value: Any) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)


def turn_id(item: Item, n: int) -> str:
    return f"{item.id}#{n + 1}" if item.turns else item.id
