"""Each form of question, compiled and run. The tables of a test are in its docstring, or in SHOP's."""

from datetime import date, datetime

import pytest
from compile_world import World, agg, count, defined, is_, metric, most, total, world

from knowledge.compile import CannotCompile
from knowledge.request import (
    Any,
    Arithmetic,
    Calc,
    Compare,
    Exists,
    FieldColumn,
    Growth,
    Having,
    InPart,
    InWindow,
    Literal_,
    MeasureColumn,
    Number,
    Order,
    Rank,
    Request,
    Running,
    Share,
    SubResult,
    Window,
)

SHOP = """
stores: id | name       | city
        1  | Castle     | York
        2  | Riverside  | York
        3  | 50%_off    | Bath

products: id | name  | category | price
          1  | tea   | drinks   | 2.5
          2  | cocoa | drinks   | 4.0
          3  | jam   | food     | 3.0

sales: id | store_id | product_id | day        | units | amount
       1  | 1        | 1          | 2024-01-05 | 2     | 5.0
       2  | 1        | 2          | 2024-01-20 | 1     | 4.0
       3  | 2        | 1          | 2024-02-02 | 4     | 10.0
       4  | 3        | 3          | 2024-02-10 | 1     | 3.0
       5  | 2        | 3          | 2024-04-01 | 2     | 6.0
       6  | 1        | 1          | 2023-01-09 | 8     | 20.0
"""
AMOUNT, UNITS = total("sales.amount"), total("sales.units")
MONTH = FieldColumn(field="sales.day", grain="month")


@pytest.fixture(scope="module")
def shop() -> World:
    metrics = (defined("sales", "SUM(sales.amount)", label="Sales", format="currency", unit="GBP"),)
    return world(SHOP, metrics=metrics)


def year(number: int) -> Window:
    return Window(start=datetime(number, 1, 1), end=datetime(number + 1, 1, 1), text=str(number))


# --- groups, grains, parts, bins


def test_grains(shop: World) -> None:
    assert shop.ask(MONTH, AMOUNT, period=year(2024)) == [
        (date(2024, 1, 1), 9),
        (date(2024, 2, 1), 13),
        (date(2024, 4, 1), 6),
    ]
    [row] = shop.ask(FieldColumn(field="sales.day", grain="quarter"), where=[is_("sales.id", 5)])
    assert row == (date(2024, 4, 1),)


def test_weeks_and_fiscal_years_start_when_the_business_says() -> None:
    """5 May 2024 is a Sunday.

    sales: id | day        | amount
           1  | 2024-05-05 | 1
           2  | 2024-05-06 | 2
           3  | 2024-01-31 | 4
    """
    doc = test_weeks_and_fiscal_years_start_when_the_business_says.__doc__

    def by(grain: str, **model: object) -> list[tuple[date, int]]:
        shop = world(doc, **model)
        return shop.ask(FieldColumn(field="sales.day", grain=grain), AMOUNT)  # type: ignore[arg-type, return-value]

    assert by("week") == [(date(2024, 1, 29), 4), (date(2024, 4, 29), 1), (date(2024, 5, 6), 2)]
    assert by("week", week_start="sunday") == [(date(2024, 1, 28), 4), (date(2024, 5, 5), 3)]
    assert by("year", fiscal_year_start=2) == [(date(2023, 2, 1), 4), (date(2024, 2, 1), 3)]
    assert by("quarter", fiscal_year_start=2) == [(date(2023, 11, 1), 4), (date(2024, 5, 1), 3)]
    assert by("quarter", fiscal_year_start=4) == [(date(2024, 1, 1), 4), (date(2024, 4, 1), 3)]


def test_parts_and_bins(shop: World) -> None:
    month = FieldColumn(field="sales.day", part="month_of_year")
    assert shop.ask(month, AMOUNT) == [(1, 29), (2, 13), (4, 6)]
    weekday = FieldColumn(field="sales.day", part="day_of_week")
    assert shop.ask(weekday, count("sales"), where=[is_("sales.day", "2024-01-05")]) == [(5, 1)]
    assert shop.ask(FieldColumn(field="sales.amount", bin=5), count("sales")) == [(0, 2), (5, 2), (10, 1), (20, 1)]


def test_a_hidden_key_groups_without_being_shown() -> None:
    """Two customers are called Ann.

    customers: id | name
               1  | Ann
               2  | Ann

    orders: customer_id | amount
            1           | 5
            2           | 7
    """
    shop = world(test_a_hidden_key_groups_without_being_shown.__doc__)
    key = FieldColumn(field="customers.id", shown=False)
    amount = total("orders.amount")
    assert shop.ask("customers.name", amount) == [("Ann", 12)]
    assert shop.ask("customers.name", key, amount, order=[most(amount)]) == [("Ann", 7), ("Ann", 5)]
    assert [c.name for c in shop.compile("customers.name", key, amount).columns] == ["name", "total_amount"]


# --- derived measures


def test_shares_are_of_the_whole_result_whatever_is_shown(shop: World) -> None:
    share = Share(of=AMOUNT)
    rows = shop.ask("stores.city", share, period=year(2024), order=[most(share)], limit=1)
    assert rows == [("York", pytest.approx(100 * 25 / 28))]
    within = Share(of=AMOUNT, within=["stores.city"])
    assert shop.ask("stores.city", "stores.name", within, period=year(2024)) == [
        ("Bath", "50%_off", 100),
        ("York", "Castle", pytest.approx(36)),
        ("York", "Riverside", pytest.approx(64)),
    ]
    kept = shop.ask("stores.name", share, having=[Having(measure=share, op="<", value=15)], period=year(2024))
    assert kept == [("50%_off", pytest.approx(100 * 3 / 28))]


def test_growth_is_from_the_period_before_not_from_the_row_before(shop: World) -> None:
    growth = Growth(of=AMOUNT)
    assert shop.ask(MONTH, growth, where=[Compare(field="sales.day", op=">=", value="2024-01-01")]) == [
        (date(2024, 1, 1), None),
        (date(2024, 2, 1), pytest.approx(100 * (13 - 9) / 9)),
        (date(2024, 4, 1), None),  # March had no sales
    ]
    difference = Growth(of=AMOUNT, form="difference")
    assert shop.ask(MONTH, difference)[-2:] == [(date(2024, 2, 1), 4), (date(2024, 4, 1), None)]


def test_growth_in_a_period_looks_at_what_was_before_it(shop: World) -> None:
    growth, share = Growth(of=AMOUNT, over="year_ago"), Share(of=AMOUNT)
    rows = shop.ask(MONTH, AMOUNT, growth, share, Running(of=AMOUNT), period=year(2024))
    assert rows == [
        (date(2024, 1, 1), 9, pytest.approx(100 * (9 - 20) / 20), pytest.approx(100 * 9 / 28), 9),
        (date(2024, 2, 1), 13, None, pytest.approx(100 * 13 / 28), 22),
        (date(2024, 4, 1), 6, None, pytest.approx(100 * 6 / 28), 28),
    ]


def test_running_totals_and_moving_averages(shop: World) -> None:
    running, moving = Running(of=AMOUNT), Running(of=AMOUNT, agg="avg", window=2)
    rows = shop.ask(MONTH, running, moving, period=year(2024))
    # The two months that end with April are March, in which nothing was sold, and April.
    assert rows == [(date(2024, 1, 1), 9, 9), (date(2024, 2, 1), 22, 11), (date(2024, 4, 1), 28, 6)]
    by_city = shop.ask("stores.city", MONTH, running, period=year(2024))
    assert [row[2] for row in by_city] == [3, 9, 19, 25]
    with pytest.raises(CannotCompile, match="needs a column of days") as error:
        shop.ask("stores.city", running)
    assert error.value.kind == "no_grain"


def test_ranks_and_measures_of_measures(shop: World) -> None:
    rank = Rank(of=AMOUNT)
    assert shop.ask("products.name", rank, period=year(2024)) == [("cocoa", 3), ("jam", 2), ("tea", 1)]
    top = shop.ask("products.name", AMOUNT, having=[Having(measure=rank, op="<=", value=1)], period=year(2024))
    assert top == [("tea", 15)]
    growth_of_share = Growth(of=Share(of=AMOUNT), form="difference")
    rows = shop.ask(MONTH, growth_of_share, period=year(2024))
    assert rows[1] == (date(2024, 2, 1), pytest.approx(100 * 4 / 28))
    ranked_share = shop.ask("products.name", Rank(of=Share(of=AMOUNT), descending=False), period=year(2024))
    assert ranked_share == [("cocoa", 1), ("jam", 2), ("tea", 3)]


def test_arithmetic(shop: World) -> None:
    price = Arithmetic(op="/", left=AMOUNT, right=UNITS)
    assert shop.ask("products.name", price) == [("cocoa", 4), ("jam", 3), ("tea", 2.5)]
    plus = Arithmetic(op="-", left=AMOUNT, right=Arithmetic(op="-", left=UNITS, right=Number(value=1)))
    assert shop.ask(plus) == [(48 - (18 - 1),)]
    drinks = total("sales.amount", where=[is_("products.category", "drinks")])
    assert shop.ask(Arithmetic(op="percent", left=drinks, right=AMOUNT)) == [(pytest.approx(100 * 39 / 48),)]
    assert shop.ask(Arithmetic(op="/", left=AMOUNT, right=Number(value=0))) == [(None,)]


def test_aggregates(shop: World) -> None:
    amount = "sales.amount"
    assert shop.ask(agg("percentile", amount, p=0.25), agg("stddev", "sales.units")) == [
        (4.25, pytest.approx(2.6832815729997477))
    ]
    assert shop.ask(agg("first", amount), agg("last", amount), agg("mode", "products.category", dataset="sales")) == [
        (20, 6, "drinks")
    ]
    assert shop.ask(agg("count_distinct", "stores.city", dataset="sales"), count("stores")) == [(2, 3)]
    worth = Calc(op="*", args=["sales.units", "products.price"])
    assert shop.ask("products.category", agg("sum", worth)) == [("drinks", 39), ("food", 9)]
    with pytest.raises(CannotCompile, match="between 0 and 1"):
        shop.ask(agg("percentile", amount))


def test_a_level_is_not_added_up_over_time() -> None:
    """In January A's last balance is 20 and B's 5; in February only A has one. Together they hold 35 at the end.

    accounts: id | branch
              1  | North
              2  | South

    balances: account_id | day        | balance
              1          | 2024-01-05 | 10
              1          | 2024-01-31 | 20
              2          | 2024-01-30 | 5
              1          | 2024-02-20 | 30
    """
    bank = world(test_a_level_is_not_added_up_over_time.__doc__, metrics=(defined("held", "SUM(balances.balance)"),))
    field = bank.model.dataset("balances").field("balance")
    object.__setattr__(field, "additivity", "semi_additive")
    month = FieldColumn(field="balances.day", grain="month")
    for balance in (total("balances.balance"), metric("held")):
        assert bank.ask(balance) == [(35,)]
        assert bank.ask(month, balance) == [(date(2024, 1, 1), 25), (date(2024, 2, 1), 30)]
        assert bank.ask("accounts.branch", balance, agg("max", "balances.balance")) == [
            ("North", 30, 30),
            ("South", 5, 5),
        ]
    assert bank.ask(total("balances.balance", where=[is_("accounts.branch", "north")])) == [(30,)]
    assert "last one counts" in bank.compile(month, metric("held")).caveats[0]


def test_sums_that_mean_little_say_so(shop: World) -> None:
    [caveat] = shop.compile(total("stores.id")).caveats
    assert "identifier" in caveat


# --- periods


def test_comparison_with_another_period(shop: World) -> None:
    compiled = shop.compile("products.name", metric("sales"), period=year(2024), compare_to=year(2023))
    assert shop.connection.execute(compiled.sql).fetchall() == [
        ("cocoa", 4, None, 4, None),
        ("jam", 9, None, 9, None),
        ("tea", 15, 20, -5, -25),
    ]
    assert [(c.name, c.role, c.of, c.kind) for c in compiled.columns[1:]] == [
        ("sales", "value", None, "currency"),
        ("sales_previous", "previous", "sales", "currency"),
        ("sales_change", "change", "sales", "currency"),
        ("sales_change_pct", "change_pct", "sales", "percent"),
    ]
    assert compiled.columns[2].label == "Sales, 2023"
    growth = Growth(of=AMOUNT)
    rows = shop.ask("products.name", growth, period=year(2024), compare_to=year(2023), order=[most(growth)], limit=1)
    assert rows == [("tea", -25)]


def test_comparison_by_month_lays_the_periods_side_by_side(shop: World) -> None:
    rows = shop.ask(MONTH, AMOUNT, period=year(2024), compare_to=year(2023))
    assert [row[:3] for row in rows] == [
        (date(2024, 1, 1), 9, 20),
        (date(2024, 2, 1), 13, None),
        (date(2024, 4, 1), 6, None),
    ]


def test_each_measure_is_limited_by_its_own_time() -> None:
    """Visits have their own day; lines take their order's.

    orders: id | day        | fee
            1  | 2024-01-05 | 1
            2  | 2024-02-05 | 2

    lines: order_id | amount
           1        | 10
           2        | 20

    visits: day        | people
            2024-01-09 | 100
            2024-02-09 | 200

    staff: id | name
           1  | Ann
    """
    shop = world(test_each_measure_is_limited_by_its_own_time.__doc__)
    january = Window(start=datetime(2024, 1, 1), end=datetime(2024, 2, 1))
    amount, people = total("lines.amount"), total("visits.people")
    assert shop.ask(amount, people, period=january) == [(10, 100)]
    month = FieldColumn(field="orders.day", grain="month")
    assert shop.ask(month, amount, people) == [(date(2024, 1, 1), 10, 100), (date(2024, 2, 1), 20, 200)]
    with pytest.raises(CannotCompile) as error:
        shop.ask(count("staff"), period=january)
    assert error.value.kind == "no_time"
    compiled = shop.compile(amount, count("staff"), period=january)
    assert shop.connection.execute(compiled.sql).fetchall() == [(10, 1)]
    assert "not limited to the period" in compiled.caveats[0]


def test_a_time_of_related_rows_can_be_named(shop: World) -> None:
    january = Window(start=datetime(2024, 1, 1), end=datetime(2024, 2, 1))
    assert shop.ask(count("products"), period=january, time_field="sales.day") == [(2,)]
    with pytest.raises(CannotCompile) as error:
        shop.ask(count("products"), period=january)
    assert error.value.choices == ("sales.day",)


def test_a_metric_may_have_a_time_of_its_own() -> None:
    """Shipped in February what was ordered in January.

    orders: id | ordered    | shipped    | amount
            1  | 2024-01-05 | 2024-02-01 | 7
    """
    shop = world(
        test_a_metric_may_have_a_time_of_its_own.__doc__,
        metrics=(
            defined("ordered", "SUM(orders.amount)"),
            defined("shipped", "SUM(orders.amount)", time="orders.shipped"),
        ),
    )
    february = Window(start=datetime(2024, 2, 1))
    assert shop.ask(metric("ordered"), metric("shipped"), period=february) == [(None, 7)]


def test_periods_must_be_resolved(shop: World) -> None:
    for request in ({"period": "last month"}, {"where": [InWindow(field="sales.day", window="last month")]}):
        with pytest.raises(CannotCompile, match="'last month' is still text") as error:
            shop.ask(AMOUNT, **request)
        assert error.value.kind == "unresolved_window"


def test_gaps_are_filled(shop: World) -> None:
    spring = Window(start=datetime(2024, 2, 1), end=datetime(2024, 5, 1))
    mean = agg("avg", "sales.amount")
    assert shop.ask(MONTH, AMOUNT, mean, period=spring, fill_gaps=True) == [
        (date(2024, 2, 1), 13, 6.5),
        (date(2024, 3, 1), 0, None),
        (date(2024, 4, 1), 6, 6),
    ]
    rows = shop.ask("stores.city", MONTH, count("sales"), period=spring, fill_gaps=True)
    assert [row[2] for row in rows] == [1, 0, 0, 1, 0, 1]
    assert len(shop.ask(MONTH, AMOUNT, fill_gaps=True)) == 16  # January 2023 to April 2024
    growth = Growth(of=AMOUNT, form="difference")
    assert [g for _, g in shop.ask(MONTH, growth, period=spring, fill_gaps=True)] == [4, -13, 6]


def test_every_row_is_a_group(shop: World) -> None:
    small = world(
        """
        customers: id | city
                   1  | Bath
                   2  | Leeds
                   3  | Leeds
        orders: id | customer_id | amount | day
                1  | 1           | 10     | 2024-01-01
                2  | 1           | 5      | 2024-02-01
                3  | 2           | 7      | 2023-02-01
        """
    )
    total, mean = agg("sum", "orders.amount"), agg("avg", "orders.amount")
    rows = small.ask("customers.id", count("orders"), total, mean, every="customers")
    assert rows == [(1, 2, 15, 7.5), (2, 1, 7, 7), (3, 0, 0, None)]
    in_leeds = Compare(field="customers.city", op="=", value="Leeds")
    dear = Compare(field="orders.amount", op=">", value=8)
    assert small.ask("customers.id", count("orders"), every="customers", where=[in_leeds]) == [(2, 1), (3, 0)]
    assert small.ask("customers.id", count("orders"), every="customers", where=[dear]) == [(1, 1), (2, 0), (3, 0)]


# --- conditions


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        (Compare(field="stores.name", op="=", value="CASTLE"), [1]),
        (Compare(field="stores.name", op="!=", value="castle"), [2, 3]),
        (Compare(field="stores.name", op="in", value=["castle", "RIVERSIDE"]), [1, 2]),
        (Compare(field="stores.name", op="not_in", value=["castle", "riverside"]), [3]),
        (Compare(field="stores.name", op="in", value=[]), []),
        (Compare(field="stores.name", op="contains", value="side"), [2]),
        (Compare(field="stores.name", op="contains", value="0%_"), [3]),
        (Compare(field="stores.name", op="contains", value="%"), [3]),
        (Compare(field="stores.name", op="not_contains", value="e"), [3]),
        (Compare(field="stores.name", op="starts_with", value="ca"), [1]),
        (Compare(field="stores.name", op="ends_with", value="OFF"), [3]),
        (Compare(field="stores.name", op="like", value="%e%"), [1, 2]),
        (Compare(field="stores.name", op="=", value="x' OR 1=1 --"), []),
        (Compare(field="stores.id", op="between", value=[2, 3]), [2, 3]),
        (Compare(field="stores.id", op=">", value="1.5"), [2, 3]),
        (Compare(field=Calc(op="length", args=["stores.name"]), op="=", value=9), [2]),
        (Any(of=[is_("stores.id", 1), is_("stores.city", "bath")]), [1, 3]),
        (Any(of=[is_("stores.id", 2), is_("sales.amount", 3)]), [2, 3]),
        (Compare(field="stores.city", op="=", field_value="stores.name"), []),
    ],
)
def test_conditions(shop: World, condition: object, ids: list[int]) -> None:
    assert [i for (i,) in shop.ask("stores.id", where=[condition])] == ids


@pytest.mark.parametrize(
    ("op", "value", "ids"),
    [
        ("=", "2024-01-20", [2]),
        ("=", date(2024, 1, 20), [2]),
        ("=", datetime(2024, 1, 20), [2]),
        ("=", "2024-02", [3, 4]),
        ("=", "2024", [1, 2, 3, 4, 5]),
        ("=", 2023, [6]),
        ("!=", "2024", [6]),
        ("<=", "2024-01-20", [1, 2, 6]),
        (">", "2024-01", [3, 4, 5]),
        (">=", "2024-02-10", [4, 5]),
        ("<", "2024-01-05", [6]),
        ("between", ["2024-01-20", "2024-02-02"], [2, 3]),
        ("in", ["2024-01-20", "2024-04"], [2, 5]),
    ],
)
@pytest.mark.parametrize("kind", ["date", "timestamp"])
def test_conditions_on_time(kind: str, op: str, value: object, ids: list[int]) -> None:
    shop = world(SHOP)
    if kind == "timestamp":
        shop.connection.execute("ALTER TABLE sales ALTER day TYPE TIMESTAMP")
        shop.connection.execute("UPDATE sales SET day = day + INTERVAL 13 HOUR")
        if value == datetime(2024, 1, 20):
            value = datetime(2024, 1, 20, 13)
        [sales] = [d for d in shop.model.datasets if d.name == "sales"]
        object.__setattr__(sales.field("day"), "type", "timestamp")
    found = shop.ask("sales.id", where=[Compare(field="sales.day", op=op, value=value)])  # type: ignore[arg-type]
    assert sorted(i for (i,) in found) == ids


def test_conditions_on_parts_of_time(shop: World) -> None:
    fridays = InPart(field="sales.day", part="day_of_week", values=[5])
    assert [i for (i,) in shop.ask("sales.id", where=[fridays])] == [1, 3]


def test_values_that_do_not_fit(shop: World) -> None:
    for field, value in (("sales.amount", "lots"), ("sales.day", "someday")):
        with pytest.raises(CannotCompile, match=repr(value)) as error:
            shop.ask(count("sales"), where=[is_(field, value)])
        assert error.value.kind == "bad_value"


def test_durations_and_row_arithmetic() -> None:
    """Delivered three days after, and born on a leap day.

    orders: id | ordered    | delivered  | born       | price
            1  | 2024-02-27 | 2024-03-01 | 2000-02-29 | 12.5
    """
    shop = world(test_durations_and_row_arithmetic.__doc__)
    ordered, delivered = "orders.ordered", "orders.delivered"

    def value(op: str, *args: object) -> object:
        [(found,)] = shop.ask(FieldColumn(field=Calc(op=op, args=list(args))))  # type: ignore[arg-type]
        return found

    assert value("days_between", ordered, delivered) == 3
    assert value("hours_between", ordered, delivered) == 72
    assert value("years_between", "orders.born", ordered) == 23
    assert value("years_between", "orders.born", delivered) == 24
    assert value("-", "orders.price", Literal_(value=2.5)) == 10
    assert value("/", "orders.price", Literal_(value=0)) is None
    assert value("-", Literal_(value=10), Calc(op="-", args=["orders.price", Literal_(value=3)])) == 0.5
    assert value("round", "orders.price") in (12, 13)
    assert value("month", delivered) == date(2024, 3, 1)
    assert shop.ask(agg("count_distinct", Calc(op="year", args=[delivered]))) == [(1,)]


# --- sub-results and having


def test_having(shop: World) -> None:
    assert shop.ask("stores.name", having=[Having(measure=AMOUNT, op=">", value=15)]) == [("Castle",), ("Riverside",)]
    fewer = Having(measure=count("sales"), op="<", value=UNITS)
    assert shop.ask("stores.name", AMOUNT, having=[fewer])[0] == ("Castle", 29)
    each = Request(columns=[FieldColumn(field="stores.id"), MeasureColumn(measure=AMOUNT)])
    above = Having(measure=AMOUNT, op=">", value=SubResult(request=each, agg="avg"))
    assert shop.ask("stores.name", having=[above]) == [("Castle",)]
    above_half = Having(measure=AMOUNT, op=">", value=SubResult(request=each, agg="avg", times=0.5))
    assert shop.ask("stores.name", having=[above_half]) == [("Castle",), ("Riverside",)]
    between_cities = Having(measure=AMOUNT, op=">", value=SubResult(request=each, agg="max"))
    assert shop.ask("stores.city", AMOUNT, having=[between_cities]) == [("York", 45)]


def test_a_value_against_a_sub_result(shop: World) -> None:
    mean = SubResult(request=Request(columns=[MeasureColumn(measure=agg("avg", "products.price"))]))
    assert shop.ask("products.name", where=[Compare(field="products.price", op=">", value=mean)]) == [("cocoa",)]
    largest = SubResult(
        request=Request(
            columns=[FieldColumn(field="products.price")], order=[most(FieldColumn(field="products.price"))], limit=1
        )
    )
    assert shop.ask("products.name", where=[Compare(field="products.price", op="=", value=largest)]) == [("cocoa",)]
    several = SubResult(request=Request(columns=[FieldColumn(field="products.price")]))
    with pytest.raises(CannotCompile) as error:
        shop.ask("products.name", where=[Compare(field="products.price", op=">", value=several)])
    assert error.value.kind == "many_values"


def test_a_list_from_a_sub_result(shop: World) -> None:
    best = Request(columns=[FieldColumn(field="stores.id")], order=[most(AMOUNT)], limit=1)
    chosen = Compare(field="sales.store_id", op="in", value=SubResult(request=best))
    assert shop.ask("products.name", AMOUNT, where=[chosen]) == [("cocoa", 4), ("tea", 25)]
    rest = Compare(field="sales.store_id", op="not_in", value=SubResult(request=best))
    assert shop.ask(AMOUNT, where=[rest]) == [(19,)]


def test_not_in_a_list_with_a_null() -> None:
    """Store 2 is nobody's; a null among the managed must not hide it.

    stores: id | name
            1  | North
            2  | South

    managers: id | of
              1  | 1
              2  | -
    """
    shop = world(test_not_in_a_list_with_a_null.__doc__)
    managed = SubResult(request=Request(columns=[FieldColumn(field="managers.of")]))
    assert shop.ask("stores.name", where=[Compare(field="stores.id", op="not_in", value=managed)]) == [("South",)]


# --- order and limits


def test_top_of_each_group(shop: World) -> None:
    rows = shop.ask("stores.city", "products.name", AMOUNT, order=[most(AMOUNT)], limit=1, limit_per=["stores.city"])
    assert rows == [("Bath", "jam", 3), ("York", "tea", 35)]
    second = {"order": [most(AMOUNT)], "limit": 1, "offset": 1, "limit_per": ["stores.city"]}
    assert shop.ask("stores.city", "products.name", AMOUNT, **second) == [("York", "jam", 6)]
    records = shop.ask(
        "sales.id", order=[most(FieldColumn(field="sales.amount"))], limit=1, limit_per=["products.name"]
    )
    assert records == [(2,), (5,), (6,)]


def test_order_by_what_is_not_shown(shop: World) -> None:
    assert shop.ask("stores.name", order=[most(AMOUNT)]) == [("Castle",), ("Riverside",), ("50%_off",)]
    by_price = [Order(by=FieldColumn(field="products.price"))]
    assert shop.ask("products.name", AMOUNT, order=by_price) == [("tea", 35), ("jam", 9), ("cocoa", 4)]
    assert shop.ask("products.name", order=by_price, limit=2, offset=1) == [("jam",), ("cocoa",)]


def test_records(shop: World) -> None:
    assert shop.ask("stores.name", "products.name", where=[is_("sales.id", 3)]) == [("Riverside", "tea")]
    assert shop.ask("stores.city", distinct=True) == [("Bath",), ("York",)]
    assert len(shop.ask(dataset="stores")) == 3
    # The deepest dataset mentioned is the one listed: a row for each sale, not for each store.
    assert shop.ask("stores.name", dataset="sales", where=[is_("stores.id", 2)]) == [("Riverside",)] * 2
    assert shop.ask("stores.name", where=[Compare(field="sales.amount", op=">", value=5)]) == [
        ("Castle",),
        ("Riverside",),
    ]
    assert shop.ask("sales.id", period=year(2023)) == [(6,)]
    with pytest.raises(CannotCompile):
        shop.ask()


def test_a_hierarchy_within_a_dataset() -> None:
    """Ann manages Bob and Cyd.

    people: id | name | boss
            1  | Ann  | -
            2  | Bob  | 1
            3  | Cyd  | 1
    """
    office = world(test_a_hierarchy_within_a_dataset.__doc__, links={"people.boss": "people"})
    assert office.ask("people.name", "people@boss.name") == [("Ann", None), ("Bob", "Ann"), ("Cyd", "Ann")]
    assert office.ask("people@boss.name", count("people")) == [("Ann", 2), (None, 1)]
    assert office.ask("people.name", where=[Exists(dataset="people", via="boss")]) == [("Ann",)]
    assert office.ask("people.name", where=[Exists(dataset="people", via="boss", negated=True)]) == [("Bob",), ("Cyd",)]
