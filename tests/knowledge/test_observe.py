"""What the data says of a model that was written by hand.

stores(id, city)               1 A | 1 A2 | 2 B        (store 1 moved: two rows)
sales(id, store_id, amount)    1: 1 10 | 2: 1 20 | 3: 2 5
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from knowledge.compile import CannotCompile, compile_request
from knowledge.model import Dataset, ModelField, Relationship, SemanticModel
from knowledge.observe import observed
from knowledge.request import Aggregate, FieldColumn, MeasureColumn, Request
from knowledge.warehouse.duckdb import DuckDBWarehouse

MODEL = SemanticModel(
    "shop",
    (
        Dataset(
            "stores", "main.stores", (ModelField("id", "id", "integer", "key"), ModelField("city", "city")), ("id",)
        ),
        Dataset(
            "sales",
            "main.sales",
            (
                ModelField("id", "id", "integer", "key"),
                ModelField("store_id", "store_id", "integer", "foreign_key"),
                ModelField("amount", "amount", "number", "measure"),
            ),
            ("id",),
        ),
    ),
    (Relationship("store", "sales", "stores", ("store_id",), ("id",)),),
)
BY_CITY = Request(
    columns=[FieldColumn(field="stores.city"), MeasureColumn(measure=Aggregate(agg="sum", of="sales.amount"))]
)


def seen(tmp_path: Path, stores: str, model: SemanticModel = MODEL) -> SemanticModel:
    path = tmp_path / "shop.duckdb"
    con = duckdb.connect(str(path))
    con.execute(f"CREATE OR REPLACE TABLE stores AS FROM (VALUES {stores}) t(id, city)")
    con.execute(
        "CREATE OR REPLACE TABLE sales AS FROM (VALUES (1, 1, 10), (2, 1, 20), (3, 2, 5)) t(id, store_id, amount)"
    )
    con.close()
    warehouse = DuckDBWarehouse(path)
    try:
        return observed(model, warehouse, path, tmp_path)
    finally:
        warehouse.close()


def test_a_relationship_that_would_count_rows_twice_is_left_out_and_told(tmp_path: Path) -> None:
    """Joined by it, sales of 35 would add up to 65."""
    for _ in range(2):  # the second time from what is kept
        model = seen(tmp_path, "(1, 'A'), (1, 'A2'), (2, 'B')")
        assert model.relationships == ()
        assert model.dataset("stores").primary_key == ()
        assert model.dataset("sales").primary_key == ("id",)
        (told,) = model.unsaid
        assert "stores have the same id" in told
        with pytest.raises(CannotCompile):
            compile_request(BY_CITY, model)


def test_keys_that_hold_stay(tmp_path: Path) -> None:
    model = seen(tmp_path, "(1, 'A'), (2, 'B'), (NULL, 'C'), (NULL, 'D')")
    assert [r.name for r in model.relationships] == ["store"]
    assert model.unsaid == ()


def test_what_is_said_to_be_one_to_one_is_so(tmp_path: Path) -> None:
    model = replace(MODEL, relationships=(replace(MODEL.relationships[0], one_to_one=True),))
    assert not seen(tmp_path, "(1, 'A'), (2, 'B')", model).relationships[0].one_to_one
