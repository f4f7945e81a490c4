"""A chain of shops, made for the tests of policies; in whole, and as a shop assistant of the North should see it.

regions(id, name)             1 North | 2 South
shops(id, region_id, city)    1 Oslo N | 2 Umea N | 3 Rome S | 4 Bari, in no region
staff(id, shop_id, boss_id, name, salary)   two a shop; the boss of each is the first of the shop before
sales(id, shop_id, staff_id, amount, note, sold)   20, dealt out over the shops in turn; "S…" notes where hidden
fees(id, amount)              of nobody's shop
shop_list                     a view of the database over shops
everything()                  a macro over sales
vault(pin)                    a table that the model does not have
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from knowledge.calendar import Calendar
from knowledge.model import Dataset, Metric, ModelField, Policy, Relationship, SemanticModel
from knowledge.policies.viewer import Viewer
from knowledge.values import ValueIndex, load_or_build
from knowledge.warehouse.duckdb import DuckDBWarehouse
from knowledge.workspace import Workspace

NORTH = Viewer("viewer", (("region", ("North",)),))

_ROWS = """
CREATE TABLE regions AS FROM (VALUES (1, 'North'), (2, 'South')) t(id, name);
CREATE TABLE shops AS FROM (VALUES (1, 1, 'Oslo'), (2, 1, 'Umea'), (3, 2, 'Rome'), (4, NULL, 'Bari'))
  t(id, region_id, city);
CREATE TABLE staff AS SELECT i AS id, (i + 1) // 2 AS shop_id, CASE WHEN i > 2 THEN i - 2 END AS boss_id,
  (['Ann', 'Bob', 'Cy', 'Dee', 'Eve', 'Flo', 'Gus', 'Hal'])[i] AS name, 1000 * i AS salary FROM range(1, 9) r(i);
CREATE TABLE sales AS SELECT i AS id, 1 + i % 4 AS shop_id, 1 + 2 * (i % 4) AS staff_id, (i * 7 % 13)::DOUBLE AS amount,
  CASE WHEN i % 4 < 2 THEN 'N' ELSE 'S' END || i AS note, DATE '2024-01-01' + i::INT AS sold FROM range(20) r(i);
CREATE TABLE fees AS SELECT i AS id, 10.0 * i AS amount FROM range(3) r(i);
CREATE TABLE vault AS SELECT 1234 AS pin;
CREATE VIEW shop_list AS SELECT city FROM shops;
CREATE MACRO everything() AS (SELECT sum(amount) FROM sales);
"""
_ONLY_NORTH = """
DELETE FROM regions WHERE name <> 'North';
DELETE FROM shops WHERE region_id IS DISTINCT FROM 1;
DELETE FROM staff WHERE shop_id > 2;
DELETE FROM sales WHERE shop_id > 2;
ALTER TABLE staff DROP salary;
"""


def model(hidden: tuple[str, ...] = ()) -> SemanticModel:
    def dataset(name: str, *fields: ModelField, policies: tuple[Policy, ...] = (), time: str | None = None) -> Dataset:
        source = f'"main"."{name}"'
        return Dataset(name, source, fields, ("id",), name[:-1], policies=policies, default_time=time)

    def number(name: str) -> ModelField:
        return ModelField(name, name, "number", "measure", name, additivity="additive")

    def text(name: str) -> ModelField:
        return ModelField(name, name, "text", "category", name)

    def key(name: str) -> ModelField:
        return ModelField(name, name, "integer", "key" if name == "id" else "foreign_key", name, hidden=True)

    datasets = (
        dataset("regions", key("id"), text("name"), policies=(Policy("name = user.region"),)),
        dataset("shops", key("id"), key("region_id"), text("city")),
        dataset(
            "staff", key("id"), key("shop_id"), key("boss_id"), text("name"), replace(number("salary"), hidden="salary" in hidden),
            ModelField("pay_grade", "floor(salary / 1000)", "integer", "category", "pay grade", hidden="salary" in hidden),
            policies=(Policy(masked=("salary",), exempt=("owner", "analyst")),),
        ),
        dataset(
            "sales", key("id"), key("shop_id"), key("staff_id"), number("amount"), text("note"),
            ModelField("sold", "sold", "date", "time", "sold"), time="sold",
        ),
        dataset("fees", key("id"), number("amount")),
        Dataset(
            "big_sales", "(SELECT id, shop_id, amount FROM sales WHERE amount > 6)",
            (key("id"), key("shop_id"), number("amount")), ("id",), "big sale",
        ),
    )  # fmt: skip
    relationships = (
        Relationship("shop_region", "shops", "regions", ("region_id",), ("id",)),
        Relationship("staff_shop", "staff", "shops", ("shop_id",), ("id",)),
        Relationship("boss", "staff", "staff", ("boss_id",), ("id",)),
        Relationship("sale_shop", "sales", "shops", ("shop_id",), ("id",)),
        Relationship("sale_staff", "sales", "staff", ("staff_id",), ("id",)),
        Relationship("big_sale_shop", "big_sales", "shops", ("shop_id",), ("id",)),
    )
    metrics = (Metric("turnover", "SUM(sales.amount)", "turnover"), Metric("payroll", "SUM(staff.salary)", "payroll"))
    return SemanticModel("chain", datasets, relationships, metrics)


def whole(folder: Path) -> Workspace:
    """All of it, as its owner sees it."""
    return _workspace(folder / "whole.duckdb", _ROWS)


def north(folder: Path) -> Workspace:
    """A database in which there is nothing but what the viewer NORTH may see."""
    return _workspace(folder / "north.duckdb", _ROWS + _ONLY_NORTH)


def _workspace(path: Path, sql: str) -> Workspace:
    with duckdb.connect(str(path)) as made:
        made.execute(sql)
    said = model(hidden=("salary",) if "DROP salary" in sql else ())  # there it is not listed among the fields
    index = ValueIndex.of([]) if "DROP salary" in sql else load_or_build(path, said, path.parent)
    return Workspace(path.stem, DuckDBWarehouse(path), said, index, Calendar.for_model(said, today=date(2024, 2, 1)))
