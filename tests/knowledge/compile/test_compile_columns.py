"""What the columns of a result are called and mean, and that nothing a person types becomes SQL."""

import pytest
from compile_world import agg, count, is_, metric, total, world
from test_compile_sql import MODEL

from knowledge.compile import CannotCompile, compile_request
from knowledge.model import UnknownName
from knowledge.request import (
    Arithmetic,
    Calc,
    Compare,
    FieldColumn,
    Growth,
    Having,
    InPart,
    MeasureColumn,
    Number,
    Rank,
    Request,
    Running,
    Share,
)
from knowledge.result import ResultColumn

SALES, FREIGHT = metric("sales"), metric("freight")


def columns(*wanted: object, **request: object) -> list[ResultColumn]:
    made = [
        c if isinstance(c, FieldColumn) else FieldColumn(field=c) if isinstance(c, str) else MeasureColumn(measure=c)
        for c in wanted
    ]  # type: ignore[arg-type]
    return list(compile_request(Request(columns=made, **request), MODEL).columns)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("measure", "name", "label", "kind", "unit"),
    [
        (SALES, "sales", "Sales", "currency", "USD"),
        (metric("margin"), "margin", "Margin", "percent", None),
        (metric("sales", where=[is_("customers.city", "Oslo")]), "sales_oslo", "Sales (Oslo)", "currency", "USD"),
        (count("orders"), "number_of_orders", "Number of orders", "integer", None),
        (agg("count_distinct", "customers.id"), "number_of_customers", "Number of customers", "integer", None),
        (agg("count_distinct", "customers.city"), "number_of_cities", "Number of cities", "integer", None),
        (total("orders.freight"), "total_freight", "Total freight", "currency", "USD"),
        (total("lines.quantity"), "total_quantity", "Total quantity", "integer", None),
        (agg("avg", "lines.quantity"), "average_quantity", "Average quantity", "number", None),
        (agg("max", "orders.placed_at"), "last_placed_at", "Last placed at", "time", None),
        (
            agg("avg", Calc(op="days_between", args=["orders.placed_at", "orders.placed_at"])),
            None,
            None,
            "number",
            "days",
        ),
        (Share(of=SALES), "share_of_sales", "Share of sales", "percent", None),
        (Rank(of=SALES), "rank_by_sales", "Rank by sales", "integer", None),
        (
            Arithmetic(op="/", left=SALES, right=count("orders")),
            "sales_per_order",
            "Sales per order",
            "currency",
            "USD",
        ),
        (Arithmetic(op="/", left=SALES, right=FREIGHT), "sales_per_freight", "Sales per freight", "number", None),
        (Arithmetic(op="-", left=SALES, right=FREIGHT), None, "Sales − freight", "currency", "USD"),
        (Arithmetic(op="percent", left=FREIGHT, right=SALES), None, "Freight as % of sales", "percent", None),
        (Arithmetic(op="*", left=SALES, right=Number(value=2)), None, "Sales × 2", "currency", "USD"),
    ],
)
def test_measures(measure: object, name: str | None, label: str | None, kind: str, unit: str | None) -> None:
    [column] = columns(measure)
    assert column.measure
    assert (column.kind, column.unit) == (kind, unit)
    assert name is None or column.name == name
    assert label is None or column.label == label


def test_measures_along_time() -> None:
    month = FieldColumn(field="orders.placed_at", grain="month")
    time, growth, running = columns(month, Growth(of=SALES), Running(of=SALES))
    assert (time.name, time.label, time.kind, time.grain) == ("month", "Month", "time", "month")
    assert (growth.kind, growth.role) == ("percent", "change_pct")
    assert (running.label, running.kind, running.role) == ("Sales so far", "currency", "running")


def test_fields() -> None:
    city, product, customer, key = columns("customers.city", "products.name", "customers.name", "orders.id")
    assert (city.label, city.kind) == ("City", "category")
    assert (product.name, product.label) == ("name", "Product name")
    assert (customer.name, customer.label) == ("name_2", "Customer name")
    assert (key.label, key.kind) == ("Order id", "key")
    [part] = columns(FieldColumn(field="orders.placed_at", part="day_of_week"))
    assert (part.label, part.grain) == ("Day of week", "day_of_week")
    [own] = columns(FieldColumn(field="customers.city", label="Home town"))
    assert (own.name, own.label) == ("home_town", "Home town")


def test_equal_labels_are_told_apart() -> None:
    labels = [c.label for c in columns(SALES, metric("sales"), total("orders.freight"), FREIGHT)]
    assert labels == ["Sales", "Sales 2", "Total freight", "Freight"]


EVIL = """x' OR '1'='1'; DROP TABLE orders; -- " ` \\"""


def test_nothing_typed_becomes_sql() -> None:
    """Two orders; whatever is asked for by name does not exist.

    orders: id | channel
            1  | web
            2  | x' OR '1'='1'; DROP TABLE orders; -- " ` \\
    """
    shop = world(test_nothing_typed_becomes_sql.__doc__)
    for op in ("=", "contains", "starts_with", "ends_with"):
        assert shop.ask(count("orders"), where=[Compare(field="orders.channel", op=op, value=EVIL)]) == [(1,)]
    assert shop.ask(FieldColumn(field="orders.id", label=EVIL), limit=1) == [(1,)]
    assert shop.ask(MeasureColumn(measure=count("orders"), label=EVIL)) == [(2,)]
    assert shop.ask(count("orders")) == [(2,)]


def test_unknown_names_are_offered_near_ones() -> None:
    for wanted in ("customers.town", "costumers.city"):
        with pytest.raises(UnknownName, match="Did you mean"):
            columns(wanted)
    with pytest.raises(UnknownName, match="'sales'"):
        columns(metric("sale"))


@pytest.mark.parametrize(
    "request_",
    [
        Request(),
        Request(columns=[MeasureColumn(measure=Number(value=1))]),
        Request(columns=[FieldColumn(field="orders.id")], limit=-1),
        Request(columns=[MeasureColumn(measure=SALES)], having=[Having(measure=SALES, op=">", value=float("nan"))]),
        Request(columns=[FieldColumn(field="orders.freight", bin=0), MeasureColumn(measure=SALES)]),
        Request(
            columns=[FieldColumn(field="orders.id", shown=False), MeasureColumn(measure=SALES)],
            limit_per=["a.b"],
            limit=1,
        ),
    ],
)
def test_requests_that_contradict_themselves(request_: Request) -> None:
    with pytest.raises(CannotCompile) as error:
        compile_request(request_, MODEL)
    assert error.value.kind in ("bad_request", "bad_value", "no_dataset")


def test_empty_lists_of_values() -> None:
    none = InPart(field="orders.placed_at", part="month_of_year", values=[])
    assert (
        "FALSE" in compile_request(Request(columns=[MeasureColumn(measure=count("orders"))], where=[none]), MODEL).sql
    )
