"""The SQL itself: cases.sql has a request and the SQL that it must become, readable side by side.

After a wanted change, `python tests/knowledge/compile/test_compile_sql.py` writes the file again: read its diff.
"""

from __future__ import annotations

import json
import textwrap
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import sqlglot
from compile_world import TYPES

from knowledge.compile import CannotCompile, compile_request
from knowledge.model import Dataset, Metric, ModelField, Relationship, SemanticModel
from knowledge.request import Request

CASES = Path(__file__).with_name("cases.sql")


def _field(name: str, type_: str, role: str, **more: object) -> ModelField:
    return ModelField(name, name, type_, role, **more)  # type: ignore[arg-type]


def _key(name: str, role: str = "foreign_key") -> ModelField:
    return _field(name, "integer", role)


def _money(name: str, additivity: str = "additive") -> ModelField:
    role = "measure" if additivity == "additive" else "number"
    return _field(name, "number", role, unit="USD", additivity=additivity)


MODEL = SemanticModel(
    name="market",
    datasets=(
        Dataset(
            "lines",
            "main.order_lines",
            (_key("order_id"), _key("product_id"), _field("quantity", "integer", "measure", additivity="additive")),
            label="order line",
        ),
        Dataset(
            "orders",
            "main.orders",
            (
                _key("id", "key"),
                _key("customer_id"),
                _field("placed_at", "timestamp", "time"),
                _field("channel", "text", "category"),
                _money("freight"),
                ModelField("is_late", "shipped_at > promised_at", "boolean", "flag"),
            ),
            ("id",),
            "order",
            default_time="placed_at",
        ),
        Dataset(
            "products",
            "main.products",
            (
                _key("id", "key"),
                _field("name", "text", "name"),
                _field("category", "text", "category"),
                _money("price", "non_additive"),
            ),
            ("id",),
            "product",
        ),
        Dataset(
            "customers",
            "(SELECT * FROM main.people WHERE kind = 'customer')",
            (_key("id", "key"), _field("name", "text", "name"), _field("city", "text", "place"), _key("region_id")),
            ("id",),
            "customer",
        ),
        Dataset(
            "regions",
            'main."Sales Regions"',
            (_key("id", "key"), ModelField("group", '"Group"', "text")),
            ("id",),
            "region",
        ),
        Dataset(
            "visits",
            "main.visits",
            (_key("customer_id"), _field("day", "date", "time"), _field("pages", "integer", "measure")),
            label="visit",
            default_time="day",
        ),
    ),
    relationships=(
        Relationship("line_order", "lines", "orders", ("order_id",), ("id",)),
        Relationship("line_product", "lines", "products", ("product_id",), ("id",)),
        Relationship("order_customer", "orders", "customers", ("customer_id",), ("id",)),
        Relationship("customer_region", "customers", "regions", ("region_id",), ("id",)),
        Relationship("visit_customer", "visits", "customers", ("customer_id",), ("id",)),
    ),
    metrics=(
        Metric("sales", "SUM(lines.quantity * products.price)", "Sales", format="currency", unit="USD"),
        Metric("freight", "SUM(orders.freight)", "Freight", format="currency", unit="USD"),
        Metric(
            "margin", "({sales} - {freight}) / {sales} * 100", "Margin", format="percent", additivity="non_additive"
        ),
        Metric("late_rate", "100 * COUNT(*) FILTER (WHERE orders.is_late) / COUNT(orders.id)", format="percent"),
        Metric("sales_per_visit", "{sales} / COUNT(visits.customer_id)", format="currency", unit="USD"),
    ),
    currency="USD",
)
TABLES = """
CREATE TABLE order_lines (order_id INT, product_id INT, quantity INT);
CREATE TABLE orders (id INT, customer_id INT, placed_at TIMESTAMP, channel TEXT, freight DOUBLE, shipped_at DATE,
                     promised_at DATE);
CREATE TABLE products (id INT, name TEXT, category TEXT, price DOUBLE);
CREATE TABLE people (id INT, name TEXT, city TEXT, region_id INT, kind TEXT);
CREATE TABLE "Sales Regions" (id INT, "Group" TEXT);
CREATE TABLE visits (customer_id INT, day DATE, pages INT)
"""
UNSUPPORTED = {
    ("gaps filled, growth from before the period", "snowflake"),
    ("gaps filled, growth from before the period", "bigquery"),
    ("gaps filled, growth from before the period", "trino"),
    ("growth and a running total", "bigquery"),
}
"""What a dialect cannot say, and the compiler says so: a series of dates, a frame of so many months."""
DIALECTS = ("postgres", "snowflake", "bigquery", "spark", "trino")


@dataclass
class Case:
    name: str
    request: str
    sql: str


def read() -> list[Case]:
    """Blocks of: a line `-- name`, lines `-- {request}`, the SQL."""
    cases = []
    for block in CASES.read_text().strip().split("\n\n-- # "):
        lines = block.removeprefix("-- # ").splitlines()
        comments = [line[3:] for line in lines[1:] if line.startswith("-- ")]
        sql = "\n".join(line for line in lines[1:] if not line.startswith("-- "))
        cases.append(Case(lines[0], "\n".join(comments), sql.rstrip(";")))
    return cases


def write(cases: list[Case]) -> None:
    blocks = []
    for case in cases:
        request = textwrap.indent(case.request, "-- ")
        blocks.append(f"-- # {case.name}\n{request}\n{case.sql};")
    CASES.write_text("\n\n".join(blocks) + "\n")


def compiled_sql(case: Case, dialect: str = "duckdb") -> str:
    return compile_request(Request.model_validate_json(case.request), MODEL, dialect=dialect).sql


@pytest.mark.parametrize("case", read(), ids=lambda case: case.name)
def test_sql(case: Case) -> None:
    assert compiled_sql(case) == case.sql


@pytest.fixture(scope="module")
def empty() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for statement in TABLES.split(";"):
        connection.execute(statement)
    return connection


@pytest.mark.parametrize("case", read(), ids=lambda case: case.name)
def test_it_runs_and_has_the_columns_that_it_says(case: Case, empty: duckdb.DuckDBPyConnection) -> None:
    compiled = compile_request(Request.model_validate_json(case.request), MODEL)
    description = empty.execute(compiled.sql).description
    assert [column[0] for column in description or []] == [column.name for column in compiled.columns]
    assert len({column.label for column in compiled.columns}) == len(compiled.columns)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("case", read(), ids=lambda case: case.name)
def test_other_dialects(case: Case, dialect: str) -> None:
    """The SQL parses back, and no string in it has come from the request without quotes."""
    if (case.name, dialect) in UNSUPPORTED:
        with pytest.raises(CannotCompile, match=dialect) as error:
            compiled_sql(case, dialect)
        assert error.value.kind == "unsupported"
        return
    sql = compiled_sql(case, dialect)
    assert sqlglot.parse_one(sql, read=dialect).sql(dialect, pretty=True).lower() == sql.lower()


def test_cases_are_requests_in_full() -> None:
    assert TYPES
    for case in read():
        assert json.loads(case.request), case.name


if __name__ == "__main__":
    write([Case(c.name, c.request, compiled_sql(c)) for c in read()])
