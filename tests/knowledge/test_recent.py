"""What was asked a moment ago is not worked again, and never outlives the data.

sales(city, amount)   Rome 1, Rome 2, Oslo 4
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from knowledge import recent, values
from knowledge.calendar import Calendar
from knowledge.profile import load_or_profile
from knowledge.request import Aggregate, FieldColumn, MeasureColumn, Request
from knowledge.warehouse import WarehouseGone
from knowledge.warehouse.duckdb import DuckDBWarehouse
from knowledge.workspace import Workspace

TOTAL = Request(columns=[MeasureColumn(measure=Aggregate(agg="sum", of="sales.amount"))])
CITIES = Request(columns=[FieldColumn(field="sales.city")], dataset="sales")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as con:
        con.execute("CREATE TABLE sales AS FROM (VALUES ('Rome', 1), ('Rome', 2), ('Oslo', 4)) t(city, amount)")
    return tmp_path / "shop.duckdb"


@pytest.fixture
def workspace(path: Path, tmp_path: Path) -> Iterator[Workspace]:
    model = load_or_profile(path, tmp_path / "state", "shop")
    index = values.load_or_build(path, model, tmp_path / "state")
    calendar = Calendar.for_model(model, today=date(2024, 12, 31))
    owned = DuckDBWarehouse(path, read_only=False)
    yield Workspace("shop", owned, model, index, calendar)
    owned.close()


def test_a_request_is_compiled_once(workspace: Workspace) -> None:
    assert workspace.compiled(TOTAL) is workspace.compiled(TOTAL.model_copy(deep=True))


def test_on_another_day_it_is_compiled_anew(workspace: Workspace) -> None:
    later = workspace.as_of(Calendar.for_model(workspace.model, today=date(2025, 1, 1)))
    assert later.compiled(TOTAL) is not workspace.compiled(TOTAL)


def test_a_result_is_read_once_and_nobody_can_change_anothers(workspace: Workspace) -> None:
    first = workspace.run(TOTAL)
    assert list(first.rows) == [(7,)]
    assert isinstance(first.rows, list)
    first.rows.clear()
    assert list(workspace.run(TOTAL).rows) == [(7,)]


def test_new_data_is_read(workspace: Workspace) -> None:
    assert list(workspace.run(TOTAL).rows) == [(7,)]
    assert isinstance(workspace.warehouse, DuckDBWarehouse)
    workspace.warehouse.load("sales", pd.DataFrame({"city": ["Rome"], "amount": [100]}))
    assert list(workspace.run(TOTAL).rows) == [(100,)]


def test_a_database_that_vanished_is_said_though_its_result_was_kept(workspace: Workspace, path: Path) -> None:
    workspace.run(TOTAL)
    path.unlink()
    with pytest.raises(WarehouseGone, match="is not there any more"):
        workspace.run(TOTAL)


def test_a_bound_on_rows_is_part_of_what_was_asked(workspace: Workspace) -> None:
    assert len(workspace.run(CITIES).rows) == 3
    cut = workspace.run(CITIES, max_rows=2)
    assert (len(cut.rows), cut.truncated) == (2, True)


def test_a_large_result_is_not_kept() -> None:
    def times_read(key: str, rows: int) -> int:
        read: list[int] = []

        def once() -> recent.Rows:
            read.append(1)
            return [(n, "x") for n in range(rows)], False

        kept = recent.Recent()
        kept.rows(key, once)
        kept.rows(key, once)
        return len(read)

    assert times_read("few", 10) == 1
    assert times_read("many", 1_500) == 2
