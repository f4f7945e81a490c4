"""The traps of DESIGN.md. Each test runs on the tables of its docstring: check by hand."""

import pytest
from compile_world import agg, count, defined, is_, metric, most, total, world

from knowledge.compile import CannotCompile
from knowledge.request import Compare, Exists, FieldColumn, Not


def test_fan_out_does_not_repeat_the_measured_rows():
    """An order's freight is 5 however many lines it has.

    orders: id | customer | freight
            1  | Ann      | 5
            2  | Bob      | 7

    lines: order_id | product | quantity
           1        | tea     | 1
           1        | jam     | 2
           1        | rice    | 1
           2        | tea     | 4
    """
    shop = world(test_fan_out_does_not_repeat_the_measured_rows.__doc__)
    freight, quantity = total("orders.freight"), total("lines.quantity")
    assert shop.ask(freight, quantity) == [(12, 8)]
    assert shop.ask("orders.customer", freight, quantity) == [("Ann", 5, 4), ("Bob", 7, 4)]


def test_fan_out_by_the_many_side_counts_a_row_once_in_each_of_its_groups():
    """Ann bought tea twice: she is one buyer of tea. Tea's freight is that of orders 1 and 2, each once.

    orders: id | customer | freight
            1  | Ann      | 5
            2  | Ann      | 7
            3  | Bob      | 9

    lines: order_id | product
           1        | tea
           1        | tea
           1        | jam
           2        | tea
    """
    shop = world(test_fan_out_by_the_many_side_counts_a_row_once_in_each_of_its_groups.__doc__)
    assert shop.ask("lines.product", total("orders.freight"), count("orders")) == [("jam", 5, 1), ("tea", 12, 2)]
    [caveat] = shop.compile("lines.product", count("orders")).caveats
    assert "counts in each" in caveat


def test_fan_out_of_a_table_without_a_primary_key():
    """Two equal visits are two visits.

    stores: id | city
            1  | York

    visits: store_id | people
            1        | 3
            1        | 3

    tags: visit_id | tag
          -        | x

    labels: store_id | label
            1        | big
            1        | old

    repairs: store_id | part | cost
             1        | door | 5
             1        | roof | 7
    """
    town = world(test_fan_out_of_a_table_without_a_primary_key.__doc__)
    assert town.ask("stores.city", total("visits.people"), count("visits")) == [("York", 6, 2)]
    # labels only say what stores are: each visit counts under both of its store's labels, and not twice under one.
    by_label = town.ask("labels.label", total("visits.people"), count("visits"))
    assert sorted(by_label) == [("big", 6, 2), ("old", 6, 2)]
    # repairs are things that happened to a store: what they were has nothing to do with its visits.
    with pytest.raises(CannotCompile, match="No relationship leads from") as error:
        town.ask("repairs.part", total("visits.people"))
    assert error.value.kind == "unreachable"


def test_chasm_two_kinds_of_children_of_one_parent():
    """Joined naively, Ann's 2 orders and 3 calls would make 6 rows, her orders 60 and her calls 12 minutes.

    customers: id | name
               1  | Ann
               2  | Bob
               3  | Cyd

    orders: customer_id | amount
            1           | 10
            1           | 20
            2           | 5

    calls: customer_id | minutes
           1           | 1
           1           | 2
           1           | 3
           3           | 4
    """
    shop = world(test_chasm_two_kinds_of_children_of_one_parent.__doc__)
    amount, minutes = total("orders.amount"), total("calls.minutes")
    rows = shop.ask("customers.name", amount, minutes, count("orders"))
    assert rows == [("Ann", 30, 6, 2), ("Bob", 5, None, 1), ("Cyd", None, 4, 0)]
    assert shop.ask(amount, minutes) == [(35, 10)]


def test_chasm_inside_one_metric():
    """Net is orders less refunds; a city without refunds has nothing to subtract, and one without orders is negative.

    cities: id | name
            1  | Bath
            2  | York
            3  | Hull

    orders: city_id | amount
            1       | 10
            1       | 20
            2       | 5

    refunds: city_id | amount
             1       | 4
             1       | 1
             3       | 2
    """
    shop = world(
        test_chasm_inside_one_metric.__doc__,
        links={"orders.city_id": "cities", "refunds.city_id": "cities"},
        metrics=(
            defined("net", "SUM(orders.amount) - SUM(refunds.amount)"),
            defined("refund_rate", "100 * SUM(refunds.amount) / SUM(orders.amount)"),
            defined("kept", "100 - {refund_rate}"),
        ),
    )
    model = shop.model
    assert [r.name for r in model.relationships] == ["city_id", "city_id"]
    assert shop.ask("cities.name", metric("net")) == [("Bath", 25), ("Hull", -2), ("York", 5)]
    assert shop.ask(metric("net")) == [(28,)]
    assert shop.ask(metric("kept")) == [(80,)]
    assert shop.ask("cities.name", metric("refund_rate"))[1] == ("Hull", None)


def test_convergent_paths_are_asked_about():
    """A flight has two airports.

    airports: id | city
              1  | Oslo
              2  | Rome

    flights: id | origin | destination | seats
             1  | 1      | 2           | 100
             2  | 1      | 1           | 50
             3  | 2      | 1           | 30
    """
    links = {"flights.origin": "airports", "flights.destination": "airports"}
    sky = world(test_convergent_paths_are_asked_about.__doc__, links=links)
    seats = total("flights.seats")
    with pytest.raises(CannotCompile) as error:
        sky.ask("airports.city", seats)
    assert error.value.kind == "ambiguous_path"
    with pytest.raises(CannotCompile) as again:
        sky.ask("airports.city", seats)
    assert again.value is not error.value, "an error that is kept and raised again keeps its callers' frames alive"
    assert set(error.value.choices) == {"origin", "destination"}
    assert sky.ask("airports@origin.city", seats) == [("Oslo", 150), ("Rome", 30)]
    assert sky.ask("airports@origin.city", "airports@destination.city", seats) == [
        ("Oslo", "Oslo", 50),
        ("Oslo", "Rome", 100),
        ("Rome", "Oslo", 30),
    ]
    assert sky.ask(seats, where=[is_("airports@destination.city", "oslo")]) == [(80,)]


def test_convergent_paths_the_shorter_one_wins():
    """A sale's region is its store's; the region of its customer's home is further away.

    regions: id | name
             1  | North
             2  | South

    towns: id | region_id
           1  | 2

    stores: id | region_id
            1  | 1

    customers: id | town_id
               1  | 1

    sales: store_id | customer_id | amount
           1        | 1           | 9
    """
    shop = world(test_convergent_paths_the_shorter_one_wins.__doc__)
    assert shop.ask("regions.name", total("sales.amount")) == [("North", 9)]
    assert shop.ask("regions@towns_region.name", total("sales.amount")) == [("South", 9)]


def test_means_and_extremes_are_of_the_measured_rows():
    """The mean basket is 15, not the 13.3 of a basket repeated for each of its lines; the mean price is over products.

    baskets: id | spend
             1  | 10
             2  | 20

    products: id | price
              1  | 1
              2  | 3

    lines: basket_id | product_id
           1         | 1
           1         | 1
           2         | 2
    """
    shop = world(test_means_and_extremes_are_of_the_measured_rows.__doc__)
    spend = "baskets.spend"
    assert shop.ask(agg("avg", spend), agg("min", spend), agg("max", spend), agg("median", spend)) == [(15, 10, 20, 15)]
    assert shop.ask(agg("avg", spend), count("lines"), agg("avg", "products.price")) == [(15, 3, 2)]
    # Asked of lines, the mean price is over lines: 1, 1 and 3.
    assert shop.ask(agg("avg", "products.price", dataset="lines")) == [(pytest.approx(5 / 3),)]


def test_ratios_are_divided_after_they_are_summed():
    """The discount rate of all is 11 / 110, not the mean of 10% and 1/10.

    sales: shop | price | discount
           A    | 100   | 10
           A    | 0     | 0
           B    | 10    | 1
           C    | 0     | 0
    """
    shop = world(
        test_ratios_are_divided_after_they_are_summed.__doc__,
        metrics=(defined("rate", "SUM(sales.discount) / SUM(sales.price)"),),
    )
    assert shop.ask(metric("rate")) == [(pytest.approx(0.1),)]
    assert shop.ask("sales.shop", metric("rate")) == [("A", 0.1), ("B", 0.1), ("C", None)]


def test_null_keys_and_unmatched_rows_come_under_null():
    """Sale 2 has no store, sale 3 one that does not exist, and store 2 no city: none of their money vanishes.

    stores: id | city
            1  | York
            2  | -

    sales: id | store_id | amount
           1  | 1        | 10
           2  | -        | 20
           3  | 9        | 30
           4  | 2        | 40

    visits: store_id | people
            1        | 3
            -        | 5
            7        | 6
    """
    shop = world(test_null_keys_and_unmatched_rows_come_under_null.__doc__)
    amount, people = total("sales.amount"), total("visits.people")
    assert shop.ask("stores.city", amount) == [("York", 10), (None, 90)]
    # Null meets null: one row for the sales and the visits of no city.
    assert shop.ask("stores.city", amount, people) == [("York", 10, 3), (None, 90, 11)]
    assert shop.ask(amount, where=[is_("stores.city", "York")]) == [(10,)]
    assert shop.ask(amount, where=[Compare(field="stores.city", op="is_null")]) == [(90,)]


def test_a_condition_on_the_many_side_does_not_repeat_rows():
    """Ann has two late orders and one limit of 100.

    customers: id | name | limit
               1  | Ann  | 100
               2  | Bob  | 70
               3  | Cyd  | 50

    orders: id | customer_id | status | amount
            1  | 1           | late   | 10
            2  | 1           | late   | 20
            3  | 2           | fine   | 90
            4  | 2           | late   | 5
    """
    shop = world(test_a_condition_on_the_many_side_does_not_repeat_rows.__doc__)
    late, large = is_("orders.status", "late"), Compare(field="orders.amount", op=">", value=50)
    limit = total("customers.limit")
    assert shop.ask(limit, where=[late]) == [(170,)]
    assert shop.ask("customers.name", where=[late], order=[]) == [("Ann",), ("Bob",)]
    # Both conditions in one list are about one order; said apart, about any two.
    assert shop.ask(limit, where=[late, large]) == [(None,)]
    apart = [Exists(dataset="orders", where=[late]), Exists(dataset="orders", where=[large])]
    assert shop.ask(limit, where=apart) == [(70,)]
    # "Not late" is about the customer; != is about some order.
    assert shop.ask("customers.name", where=[Not(of=late)]) == [("Cyd",)]
    assert shop.ask("customers.name", where=[Compare(field="orders.status", op="!=", value="late")]) == [("Bob",)]
    # As a measure's own condition, beside one without it.
    assert shop.ask(limit, total("customers.limit", where=[late])) == [(220, 170)]


def test_absence_and_repetition_of_related_rows():
    """Cyd never ordered; Ann ordered three times, tea twice.

    customers: id | name
               1  | Ann
               2  | Bob
               3  | Cyd

    products: id | name
              1  | tea
              2  | jam

    orders: id | customer_id | product_id
            1  | 1           | 1
            2  | 1           | 1
            3  | 1           | 2
            4  | 2           | 2
            5  | -           | 1
    """
    shop = world(test_absence_and_repetition_of_related_rows.__doc__)
    tea = is_("products.name", "tea")

    def names(**exists: object) -> list[str]:
        return [name for (name,) in shop.ask("customers.name", where=[Exists(**exists)])]  # type: ignore[arg-type]

    assert names(dataset="orders") == ["Ann", "Bob"]
    assert names(dataset="orders", negated=True) == ["Cyd"]
    assert names(dataset="orders", at_least=3) == ["Ann"]
    assert names(dataset="orders", at_least=3, negated=True) == ["Bob", "Cyd"]
    assert names(dataset="orders", where=[tea], negated=True) == ["Bob", "Cyd"]
    assert names(dataset="products", where=[tea]) == ["Ann"]
    # Two different products, not two purchases of one.
    assert names(dataset="products", at_least=2) == ["Ann"]
    assert names(dataset="products", at_least=3) == []
    assert names(dataset="orders", where=[Exists(dataset="products", where=[tea])]) == ["Ann"]


def test_many_to_many_over_a_bridge():
    """Ann is in two clubs: she counts in each, and her fee once in each. Cyd is in none.

    students: id | name | fee
              1  | Ann  | 10
              2  | Bob  | 20
              3  | Cyd  | 40

    clubs: id | name
           1  | chess
           2  | choir

    members: student_id | club_id
             1          | 1
             1          | 2
             1          | 2
             2          | 2
    """
    school = world(test_many_to_many_over_a_bridge.__doc__)
    fee = total("students.fee")
    assert school.ask("clubs.name", fee, count("students")) == [("chess", 10, 1), ("choir", 30, 2)]
    assert school.ask("students.name", count("clubs")) == [("Ann", 2), ("Bob", 1)]
    assert school.ask(fee, where=[is_("clubs.name", "choir")]) == [(30,)]
    # A record list of both goes through the bridge.
    rows = school.ask("students.name", "clubs.name", distinct=True)
    assert rows == [("Ann", "chess"), ("Ann", "choir"), ("Bob", "choir")]


def test_of_two_shared_parents_the_nearer_one_relates():
    """A claim's payments belong to the plans that cover the claim, not to all plans of the same town.

    towns: id | name
           1  | York

    plans: id | number | town_id
              1  | P1     | 1
              2  | P2     | 1

    claims: id | town_id
            1  | 1
            2  | 1

    coverages: claim_id | plan_id
               1        | 1
               2        | 2
               2        | 2

    payments: id | claim_id | amount
              1  | 1        | 5
              2  | 1        | 6
              3  | 2        | 9
    """
    insurer = world(test_of_two_shared_parents_the_nearer_one_relates.__doc__)
    paid = total("payments.amount")
    assert insurer.ask("plans.number", paid) == [("P1", 11), ("P2", 9)]


def test_a_condition_and_a_dimension_of_the_many_side_are_about_the_same_rows():
    """Of the web orders, Ann's is for tea only: she is no web buyer of jam.

    customers: id | name
               1  | Ann
               2  | Bob

    orders: id | customer_id | product | channel
            1  | 1           | tea     | web
            2  | 1           | jam     | shop
            3  | 2           | jam     | web
    """
    shop = world(test_a_condition_and_a_dimension_of_the_many_side_are_about_the_same_rows.__doc__)
    web = is_("orders.channel", "web")
    buyers = count("customers")
    assert shop.ask("orders.product", buyers, where=[web]) == [("jam", 1), ("tea", 1)]
    assert shop.ask("orders.product", buyers, count("customers", where=[web])) == [("jam", 2, 1), ("tea", 1, 1)]


def test_an_unreachable_dimension_is_refused_with_offers():
    """Visits know nothing of products.

    stores: id | city
            1  | York

    products: id | category
              1  | tea

    sales: store_id | product_id | amount
           1        | 1          | 4

    visits: store_id | people
            1        | 3
    """
    shop = world(test_an_unreachable_dimension_is_refused_with_offers.__doc__)
    with pytest.raises(CannotCompile, match=r"people \(of visits\) to products.category") as error:
        shop.ask("products.category", total("sales.amount"), total("visits.people"))
    assert error.value.kind == "unreachable"
    assert error.value.choices == ("stores.city",)


def test_the_first_and_last_group_members_are_stable():
    """Equal totals are ordered by the group, so a top 1 is always the same.

    sales: shop | amount
           B    | 5
           A    | 5
           C    | 5
    """
    shop = world(test_the_first_and_last_group_members_are_stable.__doc__)
    amount = total("sales.amount")
    assert shop.ask("sales.shop", amount, order=[most(amount)], limit=1) == [("A", 5)]
    assert shop.ask(FieldColumn(field="sales.shop", label="Shop"), order=[most(amount)], limit=2) == [("A",), ("B",)]
