"""Double counting in free SQL is refused, and nothing else is.

customers(id, name, credit)               1 Ann 100 | 2 Bob 50
orders(id, customer_id, store_id, total)  1: Ann 10 | 2: Ann 20 | 3: Bob 30
lines(id, order_id, product_id, qty)      two lines an order
returns(id, customer_id, amount)          1: Ann 5 | 2: Ann 6
products(id, category, price), stores(id, city, rent), staff(id, boss_id, pay)
details(customer_id, vip)                 one row a customer

SELECT sum(c.credit) FROM customers c JOIN orders o ON … gives 250 (Ann twice), not 150.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.model import Dataset, ModelField, Relationship, SemanticModel
from knowledge.warehouse import QueryRefused
from knowledge.warehouse.guard import check_select, fan_out_risk

TABLES = {
    "customers": "id name credit",
    "orders": "id customer_id store_id day total",
    "lines": "id order_id product_id qty amount",
    "returns": "id customer_id amount",
    "products": "id category price",
    "stores": "id city rent",
    "staff": "id boss_id pay",
    "details": "customer_id vip",
    "rates": "day currency rate",
}
LINKS = """
orders.customer_id>customers.id  orders.store_id>stores.id      lines.order_id>orders.id
lines.product_id>products.id     returns.customer_id>customers.id  staff.boss_id>staff.id
"""


def links() -> tuple[Relationship, ...]:
    made = []
    for link in LINKS.split():
        (many, many_field), (one, one_field) = (end.split(".") for end in link.split(">"))
        made.append(Relationship(f"{many}_{one}", many, one, (many_field,), (one_field,)))
    made.append(Relationship("details", "details", "customers", ("customer_id",), ("id",), one_to_one=True))
    return tuple(made)


MODEL = SemanticModel(
    "shop",
    tuple(
        Dataset(
            name,
            f'"main"."{name}"',
            tuple(ModelField(f"the_{c}" if c == "credit" else c, f'"{c}"') for c in columns.split()),
            ("id",) if columns.startswith("id ") else (),
        )
        for name, columns in TABLES.items()
    ),
    links(),
)


def refusal(sql: str) -> str | None:
    try:
        fan_out_risk(check_select(sql), MODEL)
    except QueryRefused as refused:
        return str(refused)
    return None


CASES = [
    (title, sql)
    for title, sql in (
        case.removeprefix("-- ").split("\n", 1)
        for case in (Path(__file__).parent / "fanout.sql").read_text().strip().split("\n\n")
    )
]


@pytest.mark.parametrize("sql", [sql for title, sql in CASES if title.startswith("refused")])
def test_double_counting_is_refused(sql: str) -> None:
    assert refusal(sql) is not None


@pytest.mark.parametrize("sql", [sql for title, sql in CASES if title.startswith("fine")])
def test_honest_sums_pass(sql: str) -> None:
    assert refusal(sql) is None


def test_the_refusal_names_the_aggregate_the_tables_and_the_way_out() -> None:
    said = refusal("SELECT sum(c.credit) FROM customers c JOIN orders o ON o.customer_id = c.id")
    assert said is not None
    for part in ("SUM(c.credit)", "customers", "orders", "Aggregate customers on its own first", "query tool"):
        assert part in said
