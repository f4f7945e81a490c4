"""dbt semantic models, in the legacy and the latest spec, over a small shop in DuckDB:

orders      1 | customer 1 | 2024-01-05 | food  | 10 | paid        customers   1 | EU | member
            2 | customer 1 | 2024-01-20 | food  | 20 | not paid                2 | US | no member
            3 | customer 2 | 2024-02-03 | drink | 40 | paid
"""

from pathlib import Path

import duckdb
import pytest

from knowledge.compile import compile_request
from knowledge.dbt import load_dbt
from knowledge.model import SemanticModel
from knowledge.osi import BadModel, dump, load
from knowledge.request import FieldColumn, MeasureColumn, MetricRef, Request

LEGACY = """
semantic_models:
  - name: orders
    description: One row per order.
    model: ref('orders')
    defaults: {agg_time_dimension: ordered_at}
    entities:
      - {name: order, type: primary, expr: order_id}
      - {name: customer, type: foreign, expr: customer_id}
    dimensions:
      - {name: ordered_at, type: time, type_params: {time_granularity: day}}
      - {name: kind, type: categorical, label: Kind of goods}
      - {name: is_large, type: categorical, expr: "case when amount > 15 then 'large' else 'small' end"}
    measures:
      - {name: order_total, agg: sum, expr: amount, description: What was ordered.}
      - {name: order_count, agg: sum, expr: 1}
      - {name: customers_with_orders, agg: count_distinct, expr: customer_id}
      - {name: paid_orders, agg: sum_boolean, expr: paid}
      - {name: typical_order, agg: median, expr: amount}
      - {name: p90_order, agg: percentile, expr: amount, agg_params: {percentile: 0.9}}
      - {name: first_seen, agg: min, expr: ordered_at, create_metric: true}
  - name: customers
    model: ref('customers')
    entities:
      - {name: customer, type: primary, expr: customer_id}
    dimensions:
      - {name: region, type: categorical}
      - {name: is_member, type: categorical, expr: member}
    measures:
      - {name: customer_count, agg: count, expr: "1"}
metrics:
  - {name: order_total, label: Order total, type: simple, type_params: {measure: order_total}}
  - {name: orders, type: simple, type_params: {measure: {name: order_count, fill_nulls_with: 0}}}
  - {name: buyers, type: simple, type_params: {measure: customers_with_orders}}
  - {name: paid_orders, type: simple, type_params: {measure: paid_orders}}
  - {name: typical_order, type: simple, type_params: {measure: typical_order}}
  - {name: p90_order, type: simple, type_params: {measure: p90_order}}
  - {name: customers, type: simple, type_params: {measure: customer_count}}
  - name: food_total
    type: simple
    type_params: {measure: order_total}
    filter: "{{ Dimension('order__kind') }} = 'food'"
  - name: eu_total
    type: simple
    type_params: {measure: order_total}
    filter: "{{ Dimension('customer__region') }} = 'EU'"
  - name: january_total
    type: simple
    type_params: {measure: order_total}
    filter: "{{ TimeDimension('order__ordered_at', 'month') }} < '2024-02-01'"
  - {name: food_share, type: ratio, type_params: {numerator: food_total, denominator: order_total}}
  - name: member_share
    type: ratio
    type_params:
      numerator: {name: order_total, filter: "{{ Dimension('customer__is_member') }}", alias: theirs}
      denominator: {name: order_total}
  - name: total_per_buyer
    type: derived
    type_params: {expr: "total / nullif(buyers, 0) + 1", metrics: [{name: order_total, alias: total}, {name: buyers}]}
"""
LATEST = """
models:
  - name: orders
    description: One row per order.
    semantic_model: {enabled: true}
    agg_time_dimension: ordered_at
    columns:
      - {name: order_id, data_type: integer, entity: {type: primary, name: order}}
      - {name: customer_id, data_type: integer, entity: {type: foreign, name: customer}}
      - {name: ordered_at, granularity: day, data_type: timestamp, dimension: {type: time}}
      - {name: kind, dimension: {type: categorical, label: Kind of goods}}
      - {name: amount, data_type: "decimal(9, 2)"}
    derived_semantics:
      dimensions:
        - {name: is_large, type: categorical, expr: "case when amount > 15 then 'large' else 'small' end"}
    metrics:
      - {name: order_total, label: Order total, type: simple, agg: sum, expr: amount, description: What was ordered.}
      - {name: orders, type: simple, agg: count, expr: 1, fill_nulls_with: 0}
      - {name: buyers, type: simple, agg: count_distinct, expr: customer_id}
      - {name: paid_orders, type: simple, agg: sum_boolean, expr: paid}
      - {name: typical_order, type: simple, agg: median, expr: amount}
      - {name: p90_order, type: simple, agg: percentile, percentile: 90.0, expr: amount}
      - {name: first_seen, type: simple, agg: min, expr: ordered_at}
      - {name: food_total, type: simple, agg: sum, expr: amount, filter: "{{ Dimension('order__kind') }} = 'food'"}
      - {name: eu_total, type: simple, agg: sum, expr: amount, filter: "{{ Dimension('customer__region') }} = 'EU'"}
      - name: january_total
        type: simple
        agg: sum
        expr: amount
        filter: "{{ TimeDimension('order__ordered_at', 'month') }} < '2024-02-01'"
      - {name: food_share, type: ratio, numerator: food_total, denominator: order_total}
  - name: customers
    semantic_model: true
    columns:
      - {name: customer_id, entity: {type: primary, name: customer}}
      - {name: region, dimension: {type: categorical}}
      - {name: member, data_type: boolean, dimension: {type: categorical, name: is_member}}
    metrics:
      - {name: customers, type: simple, agg: count, expr: 1}
metrics:
  - name: member_share
    type: ratio
    numerator: {name: order_total, filter: "{{ Dimension('customer__is_member') }}", alias: theirs}
    denominator: order_total
  - name: total_per_buyer
    type: derived
    expr: total / nullif(buyers, 0) + 1
    input_metrics: [{name: order_total, alias: total}, {name: buyers}]
"""
FIGURES = {
    "order_total": 70, "orders": 3, "buyers": 2, "paid_orders": 2, "typical_order": 20, "p90_order": 36, "customers": 2,
    "food_total": 30, "eu_total": 30, "january_total": 30, "food_share": 3 / 7, "member_share": 3 / 7,
    "total_per_buyer": 36,
}  # fmt: skip


@pytest.fixture(scope="module")
def shop() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(
        "create table customers as from (values (1, 'EU', true), (2, 'US', false)) t(customer_id, region, member)"
    )
    con.execute(
        "create table orders as select * replace (ordered_at::timestamp as ordered_at) from (values "
        "(1, 1, '2024-01-05', 'food', 10.0, true), (2, 1, '2024-01-20', 'food', 20.0, false), "
        "(3, 2, '2024-02-03', 'drink', 40.0, true)) t(order_id, customer_id, ordered_at, kind, amount, paid)"
    )
    return con


def write(folder: Path, text: str, name: str = "models/semantic.yml") -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder


def ask(con: duckdb.DuckDBPyConnection, model: SemanticModel, metric: str, by: str | None = None) -> list[tuple]:  # type: ignore[type-arg]
    groups = [FieldColumn(field=by)] if by else []
    compiled = compile_request(Request(columns=[*groups, MeasureColumn(measure=MetricRef(metric=metric))]), model)
    return con.execute(compiled.sql).fetchall()


# --- both specs ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", [LEGACY, LATEST], ids=["legacy", "latest"])
@pytest.mark.parametrize("metric", FIGURES)
def test_each_metric_computes(tmp_path: Path, shop: duckdb.DuckDBPyConnection, spec: str, metric: str) -> None:
    model = load_dbt(write(tmp_path, spec))
    assert float(ask(shop, model, metric)[0][0]) == pytest.approx(FIGURES[metric])


@pytest.mark.parametrize("spec", [LEGACY, LATEST], ids=["legacy", "latest"])
def test_entities_become_keys_and_joins(tmp_path: Path, shop: duckdb.DuckDBPyConnection, spec: str) -> None:
    model = load_dbt(write(tmp_path, spec))
    orders = model.dataset("orders")
    assert (orders.primary_key, orders.default_time, orders.label) == (("order_id",), "ordered_at", "order")
    assert orders.field("customer_id").synonyms == ("customer",)
    assert [(r.name, r.many, r.one, r.many_fields, r.one_fields) for r in model.relationships] == [
        ("customer", "orders", "customers", ("customer_id",), ("customer_id",))
    ]
    assert sorted(ask(shop, model, "order_total", "customers.region")) == [("EU", 30), ("US", 40)]
    assert sorted(ask(shop, model, "order_total", "orders.is_large")) == [("large", 60), ("small", 10)]


@pytest.mark.parametrize("spec", [LEGACY, LATEST], ids=["legacy", "latest"])
def test_everything_is_said(tmp_path: Path, spec: str) -> None:
    model = load_dbt(write(tmp_path, spec))
    assert model.unsaid == ()
    assert {m.name for m in model.metrics} == {*FIGURES, "first_seen"}
    assert model.metric("order_total").label == "Order total"
    assert model.metric("order_total").description == "What was ordered."
    assert model.dataset("orders").field("kind").label == "Kind of goods"


def test_types_come_from_documented_columns(tmp_path: Path) -> None:
    columns = "models: [{name: orders, columns: [{name: ordered_at, data_type: date}, {name: amount, data_type: int}]}]"
    model = load_dbt(write(write(tmp_path, LEGACY), columns, "models/schema.yml"))
    fields = {f.name: f.type for f in model.dataset("orders").fields}
    assert (fields["ordered_at"], fields["amount"]) == ("date", "integer")


def test_an_imported_model_goes_out_as_an_interchange_file(tmp_path: Path) -> None:
    model = load_dbt(write(tmp_path, LATEST))
    assert load(dump(model)) == model


# --- projects --------------------------------------------------------------------------------------------------------


def test_a_project_is_named_by_its_file_and_its_build_output_is_left_alone(tmp_path: Path) -> None:
    write(write(tmp_path, LEGACY), "name: jaffle\n", "dbt_project.yml")
    write(tmp_path, LEGACY, "target/copy.yml")
    write(tmp_path, LEGACY, "dbt_packages/other/models/semantic.yml")
    assert load_dbt(tmp_path).name == "jaffle"


def test_one_file(tmp_path: Path) -> None:
    assert load_dbt(write(tmp_path, LEGACY) / "models/semantic.yml").name == "semantic"


def test_expressions_in_the_warehouse_s_own_sql(tmp_path: Path, shop: duckdb.DuckDBPyConnection) -> None:
    text = LEGACY.replace("case when amount > 15 then 'large' else 'small' end", "iff(amount > 15, 'large', 'small')")
    model = load_dbt(write(tmp_path, text), dialect="snowflake")
    assert sorted(ask(shop, model, "orders", "orders.is_large")) == [("large", 2), ("small", 1)]


# --- what can't be said ----------------------------------------------------------------------------------------------

UNSAID = {
    "running": ("type: cumulative, type_params: {measure: order_total}", "order_total a running total"),
    "mtd": (
        "type: cumulative, type_params: {measure: {name: order_total}, cumulative_type_params: {grain_to_date: month}}",
        "running over to date by month",
    ),
    "last_month": (
        "type: cumulative, type_params: {measure: order_total, window: 1 month}", "order_total running over 1 month"
    ),
    "mom": (
        "type: derived, type_params: {expr: order_total - before, metrics: [{name: order_total},"
        " {name: order_total, alias: before, offset_window: 1 month}]}",
        "it compares with order_total 1 month before, which a question asks for: “growth of order_total”",
    ),
    "conversion": (
        "type: conversion, type_params: {conversion_type_params: {entity: customer, base_measure: order_count,"
        " conversion_measure: order_count}}",
        "conversions from one event to another are not supported",
    ),
    "by_figure": (
        "type: simple, type_params: {measure: order_total}, filter: \"{{ Metric('orders', ['customer']) }} > 2\"",
        "it filters by Metric('orders'), a figure of other rows",
    ),
    "macro": (
        "type: simple, type_params: {measure: order_total}, filter: \"{{ my_macro() }}\"",
        "has Jinja that only dbt can fill in",
    ),
    "back_to_front": (
        "type: simple, type_params: {measure: customer_count}, filter: \"{{ Dimension('order__kind') }} = 'food'\"",
        "it filters customers by orders, of which one row of customers may have many",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSAID)
def test_a_metric_that_cannot_be_said_is_reported_and_the_rest_come(tmp_path: Path, name: str) -> None:
    body, why = UNSAID[name]
    model = load_dbt(write(tmp_path, LEGACY + f"  - {{name: {name}, {body}}}\n"))
    assert {m.name for m in model.metrics} == {*FIGURES, "first_seen"}
    assert [line.partition(":")[0] for line in model.unsaid] == [name]
    assert why in model.unsaid[0]


def test_a_metric_made_of_one_that_cannot_be_said_goes_with_it(tmp_path: Path) -> None:
    made = "  - {name: running, type: cumulative, type_params: {measure: order_total}}\n"
    made += "  - {name: running_share, type: ratio, type_params: {numerator: running, denominator: order_total}}\n"
    model = load_dbt(write(tmp_path, LEGACY + made))
    assert [line.partition(":")[0] for line in model.unsaid] == ["running", "running_share"]


def test_levels_are_not_added_over_time(tmp_path: Path) -> None:
    level = "\n".join(
        [
            "      - name: stock_level", "        agg: sum", "        expr: amount",
            "        non_additive_dimension: {name: ordered_at, window_choice: max}",
            "  - name: customers\n",
        ]
    )  # fmt: skip
    text = LEGACY.replace("  - name: customers\n", level, 1)
    text += "  - {name: stock, type: simple, type_params: {measure: stock_level}}\n"
    model = load_dbt(write(tmp_path, text))
    assert model.dataset("orders").field("amount").additivity == "semi_additive"
    assert model.metric("stock").additivity == "semi_additive"


def test_slowly_changing_dimensions_are_reported(tmp_path: Path) -> None:
    tiers = """
semantic_models:
  - name: tiers
    model: ref('tiers')
    entities: [{name: customer, type: natural, expr: customer_id}]
    dimensions:
      - {name: valid_from, type: time, type_params: {time_granularity: day, validity_params: {is_start: true}}}
      - {name: tier, type: categorical}
"""
    model = load_dbt(write(write(tmp_path, LEGACY), tiers, "models/tiers.yml"))
    assert [r.one for r in model.relationships] == ["customers"]
    assert "can't be joined by their dates" in model.unsaid[0]


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "into", "message"),
    [
        ("type: primary, expr: order_id", "type: main, expr: order_id",
         "models/semantic.yml: semantic_models[0].entities[0].type: 'main' should be"),
        ("agg: median", "agg: middle", "semantic_models[0].measures[4].agg: 'middle' should be one of sum, min"),
        ("agg_params: {percentile: 0.9}", "label: x", "measures[5].percentile: it is missing: say which one"),
        ("measure: order_total}}\n", "measure: order_totl}}\n", "there is no measure 'order_totl'. Did you mean"),
        ("agg_time_dimension: ordered_at", "agg_time_dimension: at", "there is no time dimension 'at' here"),
        ("Dimension('order__kind')", "Dimension('order__sort')", "there is no dimension 'order__sort' to filter by"),
        ("numerator: food_total", "numerator: food_totl", "there is no metric 'food_totl'. Did you mean 'food_total'?"),
        ("total / nullif(buyers, 0)", "total / people", "'people' is none of its metrics (total, buyers)"),
        ("numerator: food_total", "numerator: food_share", "the metric 'food_share' is made of itself"),
        ("case when amount > 15", "case when when", "the expression of the dimension 'is_large'"),
        ("name: buyers, type: simple", "name: orders, type: simple", "two metrics are called 'orders': rename one"),
        ("metrics:\n  - {name: order_total", "metrics:\n  - {name: [order_total", "it is not YAML: line"),
    ],
)  # fmt: skip
def test_errors_say_where_and_what_to_do(tmp_path: Path, change: str, into: str, message: str) -> None:
    assert change in LEGACY
    with pytest.raises(BadModel) as caught:
        load_dbt(write(tmp_path, LEGACY.replace(change, into, 1)))
    assert message in str(caught.value)


def test_a_project_without_a_semantic_layer(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="it has no `semantic_models`, and no model with a `semantic_model`"):
        load_dbt(write(tmp_path, "models: [{name: orders}]"))


def test_no_project_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="There is no dbt project or file"):
        load_dbt(tmp_path / "nowhere")
