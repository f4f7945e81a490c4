"""Semantic models to and from interchange files."""

import json
from pathlib import Path

import duckdb
import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from osi_schema import schema
from sqlglot.tokens import Tokenizer

from knowledge.compile import compile_request
from knowledge.model import Dataset, GlossaryTerm, Metric, ModelField, Relationship, SemanticModel
from knowledge.osi import BadModel, Version, dump, load
from knowledge.packs import load_pack
from knowledge.request import MeasureColumn, MetricRef, Request

VERSIONS: tuple[Version, ...] = ("0.1", "0.2", "1.0")

SHOP = """
version: 0.2.0.dev0
name: shop
description: A shop's orders
ai_context: Use fiscal quarters when asked about targets.
custom_extensions:
  - {vendor_name: SNOWFLAKE, data: {warehouse: BI}}
datasets:
  - name: orders
    source: main.orders
    primary_key: [order_id]
    unique_keys: [[order_id], [receipt]]
    ai_context: "purchases, sales"
    fields:
      - {name: order_id, expression: {dialects: [{dialect: ANSI_SQL, expression: order_id}]}, datatype: Integer}
      - name: ordered_at
        expression: {dialects: [{dialect: ANSI_SQL, expression: ordered_at}]}
        datatype: DateTime
        dimension: {}
      - name: amount
        expression: {dialects: [{dialect: ANSI_SQL, expression: amount}]}
        datatype: Decimal
      - name: year
        expression:
          dialects:
            - {dialect: DAX, expression: "YEAR([ordered_at])"}
            - {dialect: SNOWFLAKE, expression: "DATE_PART(year, ordered_at)"}
        datatype: Integer
        dimension: {}
      - {name: paid, expression: {dialects: [{dialect: ANSI_SQL, expression: paid}]}, datatype: Boolean, dimension: {}}
  - name: customers
    source: main.customers
    primary_key: [id]
    fields:
      - name: number
        expression: {dialects: [{dialect: ANSI_SQL, expression: id}]}
        ai_context: {synonyms: [customer number], instructions: Never show it.}
relationships:
  - {name: buyer, from: orders, to: customers, from_columns: [customer_id], to_columns: [id]}
metrics:
  - name: revenue
    expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(orders.amount)}]}
    datatype: Decimal
    ai_context: {synonyms: [turnover]}
  - name: tax
    expression:
      dialects: [{dialect: SNOWFLAKE, expression: "SUM(IFF(orders.paid, orders.tax, 0))"}]
"""


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_file_that_knows_nothing_of_parley() -> None:
    """Roles come from keys, joins, types and metrics; a `dimension` marks what is no measure."""
    model = load(SHOP)
    orders, customers = model.datasets
    assert {f.name: (f.type, f.role) for f in orders.fields} == {
        "order_id": ("integer", "key"),
        "ordered_at": ("timestamp", "time"),
        "amount": ("number", "measure"),
        "year": ("integer", "number"),
        "paid": ("boolean", "flag"),
        "customer_id": ("text", "code"),
        "tax": ("number", "measure"),
    }
    assert orders.default_time == "ordered_at"
    assert orders.synonyms == ("purchases", "sales")
    assert orders.field("amount").additivity == "additive"
    assert customers.primary_key == ("number",)
    assert model.metric("revenue").synonyms == ("turnover",)


def test_columns_that_only_joins_and_metrics_name_become_hidden_fields() -> None:
    orders = load(SHOP).dataset("orders")
    assert [f.name for f in orders.fields if f.hidden] == ["customer_id", "tax"]


def test_keys_and_joins_name_columns_in_the_file_and_fields_in_the_model() -> None:
    buyer = load(SHOP).relationships[0]
    assert (buyer.many_fields, buyer.one_fields) == (("customer_id",), ("number",))


def test_expressions_of_other_dialects_are_translated() -> None:
    model = load(SHOP)
    assert model.dataset("orders").field("year").sql == "EXTRACT(year FROM ordered_at)"
    assert "CASE WHEN orders.paid" in model.metric("tax").sql


def test_a_translated_metric_runs(tmp_path: Path) -> None:
    database = duckdb.connect(str(tmp_path / "shop.duckdb"))
    database.execute("create table customers(id integer)")
    database.execute(
        "create table orders(order_id integer, receipt integer, customer_id integer, ordered_at timestamp,"
        " paid boolean, amount decimal(9, 2), tax decimal(9, 2))"
    )
    database.execute("insert into orders values (1, 1, 1, now(), true, 10, 2), (2, 2, 1, now(), false, 20, 4)")
    request = Request(columns=[MeasureColumn(measure=MetricRef(metric=m)) for m in ("revenue", "tax")])
    compiled = compile_request(request, load(SHOP))
    assert database.execute(compiled.sql).fetchall() == [(30, 2)]


OLD = {
    "1.0 with text expressions and structured metrics": """
semantic_model:
  - name: shop
    datasets:
      - {name: orders, source: main.orders, fields: [{name: amount, expression: amount}]}
    metrics:
      - {name: revenue, expression: [{dialect: SNOWFLAKE_SQL, aggregation_type: SUM, input_expr: orders.amount}]}
""",
    "1.0 with dialects": """
dialects: [ANSI_SQL]
vendors: [COMMON]
semantic_model:
  - name: shop
    datasets:
      - name: orders
        source: main.orders
        fields: [{name: amount, expression: {dialects: [{dialect: ANSI_SQL, expression: amount}]}}]
    metrics:
      - {name: revenue, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(orders.amount)}]}}
""",
    "0.1": """
version: 0.1.1
semantic_model:
  - name: shop
    datasets:
      - name: orders
        source: main.orders
        fields: [{name: amount, expression: {dialects: [{dialect: ANSI_SQL, expression: amount}]}}]
    metrics:
      - {name: revenue, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(orders.amount)}]}}
""",
    "0.2 with a dataset's own metric": """
version: 0.2.0.dev0
name: shop
datasets:
  - name: orders
    source: {kind: table, object: main.orders}
    fields: [{name: amount, expression: {dialects: [{dialect: OSSIE_SQL_2026, expression: amount}]}}]
    metrics:
      - {name: revenue, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(amount)}]}}
""",
}


@pytest.mark.parametrize("text", OLD.values(), ids=OLD)
def test_every_draft_reads_alike(text: str) -> None:
    amount = ModelField("amount", "amount", type="number", role="measure", additivity="additive")
    assert load(text) == SemanticModel(
        "shop", (Dataset("orders", "main.orders", (amount,)),), metrics=(Metric("revenue", "SUM(orders.amount)"),)
    )


def test_a_query_is_a_source() -> None:
    text = SHOP.replace("source: main.customers", "source: SELECT id FROM main.people")
    assert load(text).dataset("customers").source == "(SELECT id FROM main.people)"


def test_files_and_texts_yaml_and_json(tmp_path: Path) -> None:
    as_yaml, as_json = tmp_path / "shop.yaml", tmp_path / "shop.json"
    as_yaml.write_text(SHOP)
    as_json.write_text(json.dumps(yaml.safe_load(SHOP)))
    assert load(as_yaml) == load(as_json) == load(str(as_json)) == load(SHOP)


def test_one_of_several_models_is_asked_for_by_name() -> None:
    several = OLD["0.1"] + "  - {name: other, datasets: [{name: things, source: main.things}]}\n"
    with pytest.raises(BadModel, match=r"it has 2 models \(shop, other\): say which one"):
        load(several)
    assert [d.name for d in load(several, model="other").datasets] == ["things"]


# --- keeping ---------------------------------------------------------------------------------------------------------


def test_what_parley_has_no_word_for_is_written_back_where_it_was() -> None:
    document = yaml.safe_load(dump(load(SHOP)))
    orders, customers = document["datasets"]
    assert {"vendor_name": "SNOWFLAKE", "data": {"warehouse": "BI"}} in document["custom_extensions"]
    assert document["ai_context"] == {"instructions": "Use fiscal quarters when asked about targets."}
    assert document["metrics"][0]["datatype"] == "Decimal"
    assert orders["unique_keys"] == [["order_id"], ["receipt"]]
    assert {"dialect": "DAX", "expression": "YEAR([ordered_at])"} in orders["fields"][3]["expression"]["dialects"]
    assert customers["fields"][0]["ai_context"] == {
        "synonyms": ["customer number"],
        "instructions": "Never show it.",
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_a_read_file_survives_every_version(version: Version) -> None:
    model = load(SHOP)
    text = dump(model, version=version)
    jsonschema.validate(yaml.safe_load(text), schema(version))
    assert load(text) == model


def test_an_expression_that_somebody_changed_wins_over_ours() -> None:
    """Our exact SQL stands in an extension, for the expression that it belongs to."""
    model = SemanticModel(
        "shop",
        (Dataset("orders", "orders", (ModelField("amount", "amount", type="number"),)),),
        metrics=(Metric("revenue", "SUM(orders.amount)"), Metric("double", "{revenue} * 2")),
    )
    text = dump(model)
    assert "(SUM(orders.amount)) * 2" in text
    assert load(text).metric("double").sql == "{revenue} * 2"
    edited = text.replace("expression: (SUM(orders.amount)) * 2", "expression: (SUM(orders.amount)) * 3")
    assert load(edited).metric("double").sql == "(SUM(orders.amount)) * 3"


def test_a_plain_model_needs_no_extensions() -> None:
    """What another tool can't know is all that stands in them."""
    assert "PARLEY" not in dump(load(OLD["0.1"]))


# --- round trip ------------------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
NAME = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True).filter(lambda name: name.upper() not in Tokenizer.KEYWORDS)
SYNONYMS = st.lists(TEXT, max_size=2).map(tuple)
EXTENSIONS = st.lists(
    st.tuples(
        st.sampled_from(["DBT", "SNOWFLAKE", "COMMON"]),
        st.dictionaries(NAME, st.integers() | TEXT, max_size=2).map(lambda d: json.dumps(d, ensure_ascii=False)),
    ),
    max_size=1,
).map(tuple)
SCALAR = st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False) | TEXT


@st.composite
def fields_(draw: st.DrawFn, name: str) -> ModelField:
    expressions = [name, f'"{name}"', f"lower({name})", f"strftime({name}, '%Y')", f"{name}::DATE", "other_column"]
    return ModelField(
        name=name,
        sql=draw(st.sampled_from(expressions)),
        type=draw(st.sampled_from(["text", "integer", "number", "boolean", "date", "timestamp", "time", "json"])),
        role=draw(st.sampled_from(["key", "foreign_key", "category", "measure", "number", "time", "flag", "code"])),
        label=draw(TEXT),
        description=draw(TEXT),
        synonyms=draw(SYNONYMS),
        unit=draw(st.none() | TEXT),
        additivity=draw(st.sampled_from(["additive", "semi_additive", "non_additive"])),
        samples=draw(st.lists(SCALAR, max_size=2).map(tuple)),
        minimum=draw(st.none() | SCALAR),
        hidden=draw(st.booleans()),
        extensions=draw(EXTENSIONS),
    )


@st.composite
def datasets_(draw: st.DrawFn, name: str) -> Dataset:
    names = draw(st.lists(NAME, min_size=1, max_size=3, unique=True))
    return Dataset(
        name=name,
        source=draw(st.sampled_from([f"main.{name}", f'"{name}"', f"(SELECT * FROM {name})", "( select 1 )"])),
        fields=tuple(draw(fields_(n)) for n in names),
        primary_key=draw(st.lists(st.sampled_from(names), max_size=2, unique=True).map(tuple)),
        label=draw(TEXT),
        synonyms=draw(SYNONYMS),
        name_field=draw(st.none() | st.sampled_from(names)),
        default_time=draw(st.none() | st.sampled_from(names)),
        row_count=draw(st.none() | st.integers(0, 10**9)),
        extensions=draw(EXTENSIONS),
    )


@st.composite
def models(draw: st.DrawFn) -> SemanticModel:
    names = draw(st.lists(NAME, min_size=1, max_size=3, unique=True))
    datasets = tuple(draw(datasets_(n)) for n in names)
    relations = []
    for n in range(draw(st.integers(0, 2))):
        many, one = draw(st.sampled_from(datasets)), draw(st.sampled_from(datasets))
        relations.append(
            Relationship(
                f"r{n}",
                many.name,
                one.name,
                (many.fields[0].name,),
                (one.fields[0].name,),
                draw(st.booleans()),
                draw(SYNONYMS),
                draw(st.booleans()),
                draw(st.booleans()),
                draw(EXTENSIONS),
            )
        )
    base = datasets[0]
    qualified = f"{base.name}.{base.fields[0].name}"
    expressions = [f"SUM({qualified})", f"avg({qualified}) - 1", f"strftime(max({qualified}), '%Y')", "{m0} * 2"]
    metrics = tuple(
        Metric(
            f"m{n}",
            draw(st.sampled_from(expressions[: 4 if n else 3])),
            draw(TEXT),
            draw(TEXT),
            draw(SYNONYMS),
            draw(st.none() | TEXT),
            draw(st.sampled_from(["number", "percent"])),
            extensions=draw(EXTENSIONS),
        )
        for n in range(draw(st.integers(0, 2)))
    )
    return SemanticModel(
        draw(NAME),
        datasets,
        tuple(relations),
        metrics,
        tuple(draw(st.lists(st.builds(GlossaryTerm, NAME, NAME, SYNONYMS), max_size=1))),
        label=draw(TEXT),
        description=draw(TEXT),
        currency=draw(st.none() | st.just("EUR")),
        fiscal_year_start=draw(st.integers(1, 12)),
        starters=draw(SYNONYMS),
        extensions=draw(EXTENSIONS),
    )


@settings(max_examples=40, deadline=None)
@given(models(), st.sampled_from(VERSIONS), st.sampled_from(["yaml", "json"]))
def test_a_model_comes_back_as_it_was(model: SemanticModel, version: Version, format: str) -> None:
    text = dump(model, version=version, format=format)  # type: ignore[arg-type]
    jsonschema.validate(yaml.safe_load(text), schema(version))
    assert load(text) == model


@pytest.mark.parametrize("version", VERSIONS)
def test_the_retail_pack_goes_out_by_the_rules_and_comes_back(version: Version) -> None:
    model = load_pack("retail")
    text = dump(model, version=version)
    jsonschema.validate(yaml.safe_load(text), schema(version))
    assert load(text) == model


def test_the_condensed_schema_refuses_what_the_spec_does() -> None:
    document = yaml.safe_load(dump(load(SHOP)))
    document["datasets"][0]["fields"][0]["colour"] = "red"
    with pytest.raises(jsonschema.ValidationError, match="colour"):
        jsonschema.validate(document, schema("0.2"))


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "into", "message"),
    [
        ("source: main.orders", "sauce: main.orders", "datasets[0].source: it is missing. Is 'sauce' meant to be it?"),
        ("name: shop", "title: shop", "name: it is missing"),
        ("to: customers", "to: customer", "relationships[0].to: there is no dataset 'customer' in the file. Did"),
        ("to_columns: [id]", "to_columns: [id, name]", "relationships[0]: from_columns and to_columns must name"),
        ("SUM(orders.amount)", "SUM(order.amount)", "metrics[0].expression: there is no dataset 'order' in the file."),
        ("SUM(orders.amount)", "SUM(orders.amount", "metrics[0].expression: the ANSI_SQL expression 'SUM("),
        ("dialect: SNOWFLAKE, expression: \"SUM", "dialect: MAQL, expression: \"SUM",
         "metrics[1].expression: none of its dialects can be read (MAQL): add one in ANSI_SQL"),
        ("name: tax", "name: revenue", "name: two metrics are called 'revenue': rename one"),
        ("unique_keys: [[order_id], [receipt]]", "fields: 3", "datasets[0].fields: it should be a list"),
        ("primary_key: [id]", "primary_key: {id: 1}", "datasets[1].primary_key: it should be a list of texts"),
        ("vendor_name: SNOWFLAKE, data: {warehouse: BI}", "vendor_name: PARLEY, data: \"{\"",
         "custom_extensions[0].data: it is not JSON"),
        ("source: main.orders", "source: {kind: file, format: parquet, locations: [a.parquet]}",
         "datasets[0].source: files can't be read in place: load them first"),
        ("primary_key: [order_id]", "primary_key: [order_id]\n    custom_extensions: [{vendor_name: PARLEY, data: "
         "{default_time: ordered_at, row_count: many}}]",
         "datasets[0].custom_extensions.row_count: 'many' won't do: Input should be a valid integer"),
        ("primary_key: [order_id]", "primary_key: [order_id]\n    custom_extensions: [{vendor_name: parley, data: "
         "{default_tme: ordered_at}}]",
         "datasets[0].custom_extensions: there is no attribute 'default_tme'. Did you mean 'default_time'?"),
        ("vendor_name: SNOWFLAKE, data: {warehouse: BI}", "vendor_name: PARLEY, data: {time_zone: Rome/Europe}",
         "custom_extensions.time_zone: 'Rome/Europe' won't do: there is no time zone 'Rome/Europe': say it as in Europe"),
        ("vendor_name: SNOWFLAKE, data: {warehouse: BI}", "vendor_name: PARLEY, data: {fiscal_year_start: 13}",
         "custom_extensions.fiscal_year_start: 13 won't do: Input should be less than or equal to 12"),
    ],
)  # fmt: skip
def test_errors_say_where_and_what_to_do(change: str, into: str, message: str) -> None:
    assert SHOP.count(change) >= 1
    broken = SHOP.replace(change, into, 1)
    if into.startswith("fields"):
        broken = broken.replace("    fields:\n      - {name: order_id", "    more:\n      - {name: order_id", 1)
    with pytest.raises(BadModel) as caught:
        load(broken)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it should be a mapping"),
        ("a: [", "it is neither YAML nor JSON"),
        ("{", "it is neither YAML nor JSON"),
        ("- 1\n- 2\n", "it should be a mapping"),
        ("title: x\n", "it has neither `datasets` nor `semantic_model`"),
        ("semantic_models: []\n", "looks like dbt's semantic layer"),
        ("semantic_model: []\n", "semantic_model: it is empty"),
        ("name: x\ndatasets: []\n", "datasets: there is none: add at least one table"),
    ],
)
def test_a_file_that_is_no_model(text: str, message: str) -> None:
    with pytest.raises(BadModel, match=r".+") as caught:
        load(text)
    assert message in str(caught.value)


def test_a_version_that_there_is_not() -> None:
    with pytest.raises(ValueError, match=r"choose 0\.1, 0\.2 or 1\.0"):
        dump(load(SHOP), version="0.3")  # type: ignore[arg-type]
