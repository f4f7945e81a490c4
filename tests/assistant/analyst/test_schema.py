"""What the analyst knows of a metric from its SQL, however that is written."""

import pytest

from assistant.analyst.schema import Schema
from knowledge.model import Dataset, Metric, ModelField, Relationship, SemanticModel
from knowledge.request import Aggregate, MetricRef


def metric_of(sql: str) -> tuple[Schema, Metric]:
    keys = (ModelField("id", "id", "integer", "key"), ModelField("amount", "amount", "number", "measure"))
    buyer = ModelField("customer_id", "customer_id", "integer", "foreign_key")
    datasets = (Dataset("sales", "sales", (*keys, buyer), ("id",)), Dataset("customers", "customers", keys, ("id",)))
    joins = (Relationship("buyer", "sales", "customers", ("customer_id",), ("id",)),)
    others = (Metric("revenue", "SUM(sales.amount) * 2"), Metric("buyers", "COUNT(DISTINCT sales.customer_id)"))
    model = SemanticModel("m", datasets, joins, (Metric("asked", sql), *others))
    return Schema(model), model.metric("asked")


@pytest.mark.parametrize(
    "sql", ["SUM(sales.amount)", 'sum( "sales"."amount" )', "SUM(sales.amount) /* all */", "SUM(sales . amount)"]
)
def test_a_plain_sum(sql: str) -> None:
    schema, metric = metric_of(sql)
    assert schema.summed_by(metric) == "sales.amount"
    assert schema.counted_by(metric) is None


@pytest.mark.parametrize(
    ("sql", "thing"),
    [
        ("COUNT(DISTINCT sales.customer_id)", "customers"),
        ('count(distinct "customers"."id")', "customers"),
        ("COUNT(DISTINCT sales.amount)", None),
        ("COUNT(sales.customer_id)", None),
        ("COUNT(DISTINCT sales.customer_id) - 1", None),
    ],
)
def test_a_count_of_things(sql: str, thing: str | None) -> None:
    schema, metric = metric_of(sql)
    assert schema.counted_by(metric) == thing


@pytest.mark.parametrize(
    ("sql", "total"),
    [
        ("SUM(sales.amount) / COUNT(DISTINCT sales.customer_id)", Aggregate(agg="sum", of="sales.amount")),
        ("1.0 * SUM(sales.amount) / NULLIF(COUNT(DISTINCT sales.customer_id), 0)", Aggregate(agg="sum", of="sales.amount")),
        ("{revenue} / {buyers}", MetricRef(metric="revenue")),
        ("SUM(sales.amount) * 2 / COUNT(DISTINCT sales.customer_id)", MetricRef(metric="revenue")),
        ("SUM(sales.amount) / COUNT(DISTINCT sales.amount)", None),
        ("MAX(sales.amount) / {buyers}", None),
    ],
)  # fmt: skip
def test_a_total_for_each_thing(sql: str, total: Aggregate | MetricRef | None) -> None:
    schema, metric = metric_of(sql)
    assert schema.averaged_over(metric) == (None if total is None else (total, "customers"))


def test_the_quantity_of_a_delivery_is_not_how_many_deliveries_there_are() -> None:
    number = ModelField("quantity", "quantity", "number", "measure")
    count = ModelField("count", "count", "integer", "measure")
    key = ModelField("id", "id", "integer", "key")
    datasets = (
        Dataset("deliveries", "deliveries", (key, number), ("id",)),
        Dataset("sold", "sold", (number,)),
        Dataset("visits", "visits", (key, count), ("id",)),
    )
    schema = Schema(SemanticModel("m", datasets, (), ()))
    assert [schema.tally(d.name) for d in datasets] == [None, "sold.quantity", "visits.count"]
