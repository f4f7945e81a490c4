"""A reading hides nothing: whatever a request limits, groups or compares by is in its words, and no figure is rounded."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading import describe_request
from assistant.session import Session
from knowledge.calendar import Calendar
from knowledge.model import SemanticModel
from knowledge.request import (
    Aggregate,
    All,
    Calc,
    Compare,
    Condition,
    Exists,
    FieldColumn,
    Having,
    InPart,
    InWindow,
    MeasureColumn,
    Not,
    Order,
    Rank,
    Request,
    SubResult,
    Window,
)  # fmt: skip
from knowledge.request import Any as AnyOf

ORDERS = Aggregate(agg="count", dataset="orders")
AMOUNT = Aggregate(agg="sum", of="order_lines.amount")
BY_CHANNEL = [FieldColumn(field="orders.channel"), MeasureColumn(measure=ORDERS)]


class Read:
    def __init__(self, model: SemanticModel, calendar: Calendar):
        self.model, self.calendar = model, calendar

    def __call__(self, **request: Any) -> str:
        request.setdefault("columns", [MeasureColumn(measure=ORDERS)])
        return describe_request(Request(**request), self.model, self.calendar)


@pytest.fixture(scope="module")
def read(bikes_session: Session) -> Read:
    return Read(bikes_session.workspace.model, bikes_session.workspace.calendar)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"columns": BY_CHANNEL}, "Number of orders by channel"),
        ({"columns": BY_CHANNEL, "order": [Order(by=ORDERS, descending=True)], "limit": 3}, "Number of orders by channel, top 3"),
        ({"columns": BY_CHANNEL, "limit": 3, "offset": 6}, "Number of orders by channel, the first 3, after the first 6"),
        ({"columns": BY_CHANNEL, "limit": 3, "limit_per": ["orders.channel"]}, "Number of orders by channel, the first 3 in each channel"),
        ({"period": Window(start=datetime(2024, 3, 1), end=datetime(2024, 4, 1))}, "Number of orders, March 2024"),
        ({"period": "last month", "time_field": "customers.signed_up"}, "Number of orders, last month by signed up"),
        ({"period": "last month", "compare_to": "previous_year"}, "Number of orders, last month, compared with the year before"),
        ({"where": [Compare(field="order_lines.amount", op=">", value=1234567.0)]}, "Number of orders, where amount over 1234567"),
        ({"where": [Compare(field="order_lines.amount", op="between", value=[0.25, 1e-7])]}, "Number of orders, where amount is between 0.25 and 0.0000001"),
        ({"where": [Compare(field="orders.ordered_at", op=">=", value=datetime(2024, 3, 1, 15, 30))]}, "Number of orders, where ordered at since 1 March 2024 15:30"),
        ({"where": [Compare(field="orders.channel", op="not_in", value=["phone", "online"])]}, "Number of orders, where channel is not “phone” or “online”"),
        ({"where": [InPart(field="orders.ordered_at", part="month_of_year", values=[3, 12])]}, "Number of orders, where month of year is March or December"),
        ({"where": [Exists(dataset="order_lines", at_least=3)]}, "Number of orders, where there are at least 3 order lines"),
        ({"having": [Having(measure=AMOUNT, op=">", value=123456.78)]}, "Number of orders, with total amount over 123,456.78"),
        ({"having": [Having(measure=ORDERS, op=">", value=SubResult(request=Request(columns=BY_CHANNEL), agg="avg", times=1.5))]}, "Number of orders, with number of orders over 1.5 times the average of (number of orders by channel)"),
        ({"columns": [FieldColumn(field="customers.customer_id", shown=False), MeasureColumn(measure=ORDERS)]}, "Number of orders by customer id"),
        ({"columns": [FieldColumn(field="customers.customer_id", shown=False), FieldColumn(field="customers.name"), MeasureColumn(measure=ORDERS)]}, "Number of orders by customer"),
        ({"columns": [MeasureColumn(measure=Aggregate(agg="percentile", of="order_lines.amount", p=0))]}, "0th percentile of amount"),
        ({"columns": [MeasureColumn(measure=Aggregate(agg="percentile", of="order_lines.amount", p=0.91))]}, "91st percentile of amount"),
        ({"columns": [*BY_CHANNEL, MeasureColumn(measure=Rank(of=ORDERS, descending=False, within=["orders.status"]))]}, "Number of orders and rank by number of orders from the lowest within each order status by channel"),
        ({"columns": [FieldColumn(field="orders.channel")], "dataset": "orders", "distinct": True}, "Different channel of orders"),
        ({"columns": [FieldColumn(field="products.list_price", bin=2_500_000), MeasureColumn(measure=ORDERS)]}, "Number of orders by list price in steps of 2500000"),
    ],
)  # fmt: skip
def test_a_request_in_words(read: Read, request_: dict[str, Any], words: str) -> None:
    assert read(**request_) == words


# --- nothing of a request is left out --------------------------------------------------------------------------------

FIELDS = {
    "orders.channel": "channel", "orders.status": "order status", "customers.segment": "segment", "customers.city": "customer city",
    "products.brand": "brand", "products.category": "category", "stores.state": "store state", "customers.gender": "gender",
}  # fmt: skip
NUMBERS = {"order_lines.amount": "amount", "order_lines.quantity": "quantity", "products.list_price": "list price"}
TIMES = {"orders.ordered_at": "ordered at", "customers.signed_up": "signed up"}

words = st.text(st.characters(min_codepoint=65, max_codepoint=122, categories=["L"]), min_size=3, max_size=8)
figures = st.integers(-(10**12), 10**12) | st.floats(-1e9, 1e9).filter(lambda v: v == 0 or abs(v) > 1e-9)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)).map(lambda m: m.replace(second=0, microsecond=0))

Said = tuple[Condition, list[str]]
"""A condition, and what its words must hold."""


def figure(value: float) -> str:
    return f"{Decimal(repr(value)):f}".removesuffix(".0")


@st.composite
def text_conditions(draw: st.DrawFn) -> Said:
    name, label = draw(st.sampled_from(list(FIELDS.items())))
    op = draw(
        st.sampled_from(["=", "!=", "contains", "not_contains", "starts_with", "ends_with", "like", "in", "not_in"])
    )
    values = draw(st.lists(words, min_size=1, max_size=3)) if op in ("in", "not_in") else [draw(words)]
    value = values if op in ("in", "not_in") else values[0]
    return Compare(field=name, op=op, value=value), [label, *values, *(["not"] if op.startswith(("not", "!")) else [])]


@st.composite
def number_conditions(draw: st.DrawFn) -> Said:
    name, label = draw(st.sampled_from(list(NUMBERS.items())))
    op = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "between"]))
    values = [draw(figures) for _ in range(2 if op == "between" else 1)]
    sign = {"<": "under", "<=": "at most", ">": "over", ">=": "at least", "between": "between"}.get(op, "is")
    return Compare(field=name, op=op, value=values if op == "between" else values[0]), [
        label,
        sign,
        *map(figure, values),
    ]


@st.composite
def time_conditions(draw: st.DrawFn) -> Said:
    name, label = draw(st.sampled_from(list(TIMES.items())))
    start, end = sorted([draw(moments), draw(moments)])
    if draw(st.booleans()):
        return Compare(field=name, op=">=", value=start), [
            label,
            f"{start:%-d %B %Y}",
            *([f"{start:%H:%M}"] if start.hour else []),
        ]
    days = all(t.time() == time.min for t in (start, end))
    last = max(start, end - timedelta(days=1)) if days else end  # of whole days, the end is not one of them
    return InWindow(field=name, window=Window(start=start, end=end)), [label, str(start.year), str(last.year)]


@st.composite
def part_conditions(draw: st.DrawFn) -> Said:
    part, names = draw(st.sampled_from([
        ("day_of_week", {1: "Monday", 6: "Saturday"}), ("month_of_year", {1: "January", 9: "September"}),
        ("hour_of_day", {0: "0", 23: "23"}), ("quarter_of_year", {1: "1", 4: "4"}),
    ]))  # fmt: skip
    return InPart(field="orders.ordered_at", part=part, values=list(names)), list(names.values())


def nested(inner: st.SearchStrategy[Said]) -> st.SearchStrategy[Said]:
    def each(found: list[Said]) -> tuple[list[Condition], list[str]]:
        return [c for c, _ in found], [word for _, said in found for word in said]

    several = st.lists(inner, min_size=1, max_size=3).map(each)
    return st.one_of(
        inner.map(lambda c: (Not(of=c[0]), ["not", *c[1]])),
        several.map(lambda c: (All(of=c[0]), c[1])),
        several.map(lambda c: (AnyOf(of=c[0]), c[1])),
        several.map(lambda c: (Exists(dataset="orders", negated=True, where=c[0]), ["no orders", *c[1]])),
        several.map(lambda c: (Exists(dataset="order_lines", at_least=7, where=c[0]), ["7 order lines", *c[1]])),
    )


conditions = st.recursive(st.one_of(text_conditions(), number_conditions(), time_conditions(), part_conditions()), nested, max_leaves=5)  # fmt: skip


@given(st.lists(conditions, max_size=3))
def test_every_condition_is_said_with_its_values(read: Read, found: list[Said]) -> None:
    text = read(where=[c for c, _ in found])
    assert [word for _, said in found for word in said if word not in text] == []


@given(st.lists(conditions, min_size=1, max_size=2))
def test_so_is_a_condition_of_a_measure(read: Read, found: list[Said]) -> None:
    measure = Aggregate(agg="sum", of="order_lines.amount", where=[c for c, _ in found])
    text = read(columns=[MeasureColumn(measure=measure)])
    assert [word for _, said in found for word in said if word not in text] == []


@given(
    st.lists(st.sampled_from(list(FIELDS)), unique=True, max_size=3),
    st.sampled_from([None, "day", "month", "year"]),
    st.booleans(),
)
def test_every_grouping_is_said(read: Read, fields: list[str], grain: Any, shown: bool) -> None:
    columns = [FieldColumn(field=f) for f in fields]
    times = [FieldColumn(field="orders.ordered_at", grain=grain)] if grain else []
    text = read(columns=[*columns, *times, MeasureColumn(measure=AMOUNT)])
    assert [FIELDS[f] for f in fields if FIELDS[f] not in text.partition(" by ")[2]] == []
    assert grain is None or grain in text


@given(moments, moments, st.integers(1, 10**6), st.integers(0, 500), st.booleans(), st.booleans())
def test_every_window_limit_and_offset_is_said(
    read: Read, one: datetime, other: datetime, limit: int, offset: int, ordered: bool, descending: bool
) -> None:
    start, end = sorted([one, other])
    text = read(
        columns=BY_CHANNEL, period=Window(start=start, end=end), compare_to=Window(start=date(1985, 1, 1), end=date(1986, 1, 1)),
        order=[Order(by=ORDERS, descending=descending)] if ordered else [], limit=limit, offset=offset,
    )  # fmt: skip
    assert str(start.year) in text
    assert "compared with 1985" in text
    assert f" {limit}" in text
    assert not offset or f"after the first {offset}" in text
    assert not ordered or ("top" if descending else "bottom") in text


def test_a_computed_field_is_said(read: Read) -> None:
    price = Calc(op="/", args=["order_lines.amount", "order_lines.quantity"])
    text = read(columns=[MeasureColumn(measure=Aggregate(agg="avg", of=price))])
    assert text == "Average amount / quantity"


def test_a_time_that_is_not_the_usual_one_is_named(bikes_session: Session, read: Read) -> None:
    usual = read(columns=[FieldColumn(field="customers.signed_up", grain="month"), MeasureColumn(measure=ORDERS)])
    assert usual == "Number of orders by month"
