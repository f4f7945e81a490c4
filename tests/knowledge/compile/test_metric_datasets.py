"""Which datasets a metric's aggregates read."""

import pytest

from knowledge.compile import datasets_of
from knowledge.model import Dataset, Metric, ModelField, SemanticModel

NAMES = ("sales", "presales", "order", "Order lines")
DATASETS = tuple(Dataset(n, f'"{n}"', (ModelField("id", "id"), ModelField("amount", "amount"))) for n in NAMES)


@pytest.mark.parametrize(
    ("sql", "datasets"),
    [
        ("SUM(sales.amount)", ["sales"]),
        ("SUM(presales.amount)", ["presales"]),  # "sales." is in it, the dataset is not
        ('SUM("Order lines".amount)', ["Order lines"]),
        ('SUM("order" . amount) / COUNT(DISTINCT sales.id)', ["order", "sales"]),
        ("SUM(sales.amount) FILTER (WHERE 'presales.web' <> 'x')", ["sales"]),  # a text names nothing
        ('SUM("sales@seller".amount)', ["sales"]),
        ("{ other } - COUNT(presales.id)", ["presales", "order"]),
        ("{round} + COUNT(sales.id)", ["sales"]),  # a circle ends
        ("SUM(sales.amount", []),
        ("COUNT(*)", []),
    ],
)
def test_they_are_read_from_the_sql_not_from_its_letters(sql: str, datasets: list[str]) -> None:
    metrics = (Metric("asked", sql), Metric("other", 'SUM("order".amount)'), Metric("round", "{asked} * 2"))
    model = SemanticModel("m", DATASETS, metrics=metrics)
    assert datasets_of(model.metric("asked"), model) == datasets
