"""The baskets tool, on a grocer's orders made up for it, against mlxtend's rules on the same orders."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from mlxtend.frequent_patterns import apriori, association_rules

from assistant.opening import open_workspace
from assistant.session import open_session
from assistant.settings import Settings
from knowledge.request import Compare, FieldColumn, Request
from knowledge.workspace import Workspace
from tools import Limits, ToolFailure
from tools.analysis import Analysis
from tools.associating.lines import lines
from tools.associating.rules import mined
from tools.associating.words import thing
from tools.baskets import asked, build

ITEMS = ("apples", "bread", "butter", "cheese", "coffee", "eggs", "jam", "milk", "pasta", "rice", "sauce", "tea")


def orders() -> list[tuple[int, set[str]]]:
    """Who buys pasta mostly buys sauce; bread and butter go together; the rest is chance."""
    chance = random.Random(3)
    made = []
    for n in range(1, 1501):
        items = set(chance.sample(ITEMS, chance.randint(1, 4)))
        if "pasta" in items and chance.random() < 0.8:
            items.add("sauce")
        if "bread" in items and chance.random() < 0.5:
            items.add("butter")
        made.append((n, items))
    return made


@pytest.fixture(scope="module")
def grocer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("grocer") / "grocer.duckdb"
    made = orders()
    heads = pd.DataFrame(
        [(n, 1 + n % 40, datetime(2024, 1, 1) + timedelta(hours=4 * n)) for n, _ in made],
        columns=["order_id", "customer_id", "ordered_at"],
    )
    rows = pd.DataFrame(
        [(n, 1 + ITEMS.index(i), 1) for n, items in made for i in sorted(items)],
        columns=["order_id", "product_id", "quantity"],
    )
    goods = pd.DataFrame([(n + 1, name) for n, name in enumerate(ITEMS)], columns=["product_id", "name"])
    people = pd.DataFrame([(n, f"Customer {n}") for n in range(1, 41)], columns=["customer_id", "name"])
    with duckdb.connect(str(path)) as con:
        for name, frame in (("orders", heads), ("order_lines", rows), ("products", goods), ("customers", people)):
            con.register("made", frame)
            con.execute(f"create table {name} as select * from made")
            con.unregister("made")
    return path


@pytest.fixture(scope="module")
def shop(grocer: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_workspace(str(grocer), tmp_path_factory.mktemp("state"), as_of=date(2024, 12, 31))


def baskets(shop: Workspace, request: Request, **args: object) -> Analysis:
    _, found = build(shop, Limits()).func(request=request, reading="", **args)  # type: ignore[attr-defined]
    assert isinstance(found, Analysis), found
    return found


def of(*names: str) -> Request:
    return Request(dataset="order_lines", where=[Compare(field="products.name", op="in", value=list(names))])


def test_rules_are_those_of_mlxtend(shop: Workspace) -> None:
    table = pd.DataFrame([{i: i in items for i in ITEMS} for _, items in orders()])
    known = association_rules(apriori(table, min_support=0.02, use_colnames=True, max_len=2), min_threshold=0.0)
    expected = {
        (next(iter(a)), next(iter(c))): (support, confidence, lift)
        for a, c, support, confidence, lift in known[
            ["antecedents", "consequents", "support", "confidence", "lift"]
        ].itertuples(index=False)
    }
    request = Request(columns=[FieldColumn(field="products.name")], dataset="order_lines")
    found = mined(lines(request, shop), 0.02, shop.warehouse, Limits())
    rules = {(r.given, r.then): (r.support, r.confidence, r.lift) for r in found.rules}
    assert rules.keys() == expected.keys()
    for pair, figures in expected.items():
        assert rules[pair] == pytest.approx(figures)


def test_what_goes_with_one_thing_comes_first(shop: Workspace) -> None:
    found = baskets(shop, of("pasta"))
    assert found.text.startswith("**sauce** goes with pasta most")
    assert found.rows[0][0] == "sauce"


def test_things_that_meet_by_chance_are_left_out(shop: Workspace) -> None:
    assert [r[0] for r in baskets(shop, of("tea")).rows] == ["(nothing)"]


def test_pairs_are_told_once(shop: Workspace) -> None:
    found = baskets(shop, Request(columns=[FieldColumn(field="products.name")], dataset="order_lines"))
    pairs = [frozenset(r[0].split(" + ")) for r in found.rows]
    assert frozenset({"bread", "butter"}) in pairs
    assert len(pairs) == len(set(pairs))


def test_what_nobody_bought_is_said(shop: Workspace) -> None:
    _, found = build(shop, Limits()).func(request=of("gravel"), reading="")  # type: ignore[attr-defined]
    assert isinstance(found, ToolFailure)
    assert "Nothing is bought together with gravel" in found.text


def test_data_without_orders_is_declined(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "plain.duckdb")) as con:
        con.execute("create table towns as select 'town ' || i as name, i * 10 as people from range(9) r(i)")
    plain = open_workspace(str(tmp_path / "plain.duckdb"), tmp_path / "state", as_of=date(2024, 12, 31))
    _, found = build(plain, Limits()).func(request=Request(dataset="towns"), reading="")  # type: ignore[attr-defined]
    assert isinstance(found, ToolFailure)
    assert "Nothing here says what was bought together" in found.text


def test_a_plain_question_is_answered(grocer: Path, tmp_path: Path) -> None:
    session = open_session(
        str(grocer), as_of=date(2024, 12, 31), settings=Settings(state_dir=tmp_path, model=None, mode=None)
    )
    answer = session.ask("what sells with pasta?")
    assert answer.provenance.tool == "baskets"
    assert answer.text.startswith("**sauce**")


@pytest.mark.parametrize(
    ("question", "item", "one"),
    [
        ("what sells with pasta?", "pasta", True),
        ("what do people who buy nappies also buy?", "nappies", True),
        ("which products are in the same basket as beer", "beer", True),
        ("which categories are bought together?", "categories", False),
        ("frequently bought together", "", False),
    ],
)
def test_the_words_are_read(question: str, item: str, one: bool) -> None:
    assert thing(question) == (item, one)


def test_what_is_no_item_asks_for_no_rules(shop: Workspace) -> None:
    assert asked("what did customers buy with a voucher?", shop) is None
    assert asked("what did people buy with Customer 7?", shop) is None
    assert asked("what do people buy with pasta?", shop) is not None


@pytest.mark.parametrize("question", ["what was sold in June?", "which customers bought pasta?", "who shops with us?"])
def test_other_questions_ask_for_none(question: str) -> None:
    assert thing(question) is None


def test_rules_from_two_to_a_third_are_those_of_mlxtend(shop: Workspace) -> None:
    table = pd.DataFrame([{i: i in items for i in ITEMS} for _, items in orders()])
    known = association_rules(apriori(table, min_support=0.02, use_colnames=True, max_len=3), min_threshold=0.0)
    columns = ["antecedents", "consequents", "support", "confidence", "lift"]
    expected = {
        (frozenset(a), next(iter(c))): figures
        for a, c, *figures in known[columns].itertuples(index=False)
        if len(a) == 2 and len(c) == 1
    }
    request = Request(columns=[FieldColumn(field="products.name")], dataset="order_lines")
    found = mined(lines(request, shop), 0.02, shop.warehouse, Limits(), size=3)
    rules = {(frozenset(r.given.split(" + ")), r.then): [r.support, r.confidence, r.lift] for r in found.rules}
    assert rules.keys() == expected.keys()
    for key, figures in expected.items():
        assert rules[key] == pytest.approx(figures)


def test_a_third_that_goes_with_one_of_the_two_alone_is_no_rule_of_three(shop: Workspace) -> None:
    request = Request(columns=[FieldColumn(field="products.name")], dataset="order_lines")
    found = baskets(shop, request, size=3)
    assert found.text.startswith("No two things go with a third more than one of them does already")


def test_two_things_in_one_basket_are_not_either_of_them(shop: Workspace) -> None:
    both = [items for _, items in orders() if {"pasta", "bread"} <= items]
    found = mined(lines(of("pasta", "bread"), shop, every=["pasta", "bread"]), 0.001, shop.warehouse, Limits())
    sauce = next(r for r in found.rules if r.then == "sauce")
    assert sauce.given == "pasta and bread"
    assert sauce.both == sum("sauce" in items for items in both)
    assert sauce.confidence == pytest.approx(sauce.both / len(both))


@pytest.fixture(scope="module")
def salon(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Visits of one treatment each."""
    path: Path = tmp_path_factory.mktemp("salon") / "salon.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(
            "create table treatments(treatment_id integer primary key, name varchar, kind varchar, price double)"
        )
        con.execute(
            "insert into treatments values (1, 'Classic Facial', 'Facial', 60), (2, 'Gold Facial', 'Facial', 110), "
            "(3, 'Hydrating Facial', 'Facial', 80), (4, 'Manicure', 'Nails', 90)"
        )
        con.execute("create table clients as select i as client_id, 'Client ' || i as name from range(40) r(i)")
        con.execute(
            "create table visits as select i as visit_id, i % 40 as client_id, date '2024-01-01' + (i % 300)::integer as "
            "visited_on from range(800) r(i)"
        )
        con.execute(
            "create table visit_lines as select i as visit_id, [1, 1, 2, 3, 3, 3, 4][1 + i % 7] as treatment_id, 1 as quantity "
            "from range(800) r(i)"
        )
    return path


def test_what_to_sell_instead_is_dearer_and_of_the_same_kind(salon: Path, tmp_path: Path) -> None:
    session = open_session(
        str(salon), as_of=date(2024, 12, 31), settings=Settings(state_dir=tmp_path, model=None, mode=None)
    )
    answer = session.ask("what should we upsell to buyers of Classic Facial?")
    assert answer.provenance.tool == "baskets"
    assert answer.result is not None
    assert [r[:2] for r in answer.result.rows] == [("Hydrating Facial", 80), ("Gold Facial", 110)]
    assert "dearest" in session.ask("upsell options for Gold Facial", thread="dearest").text


def test_baskets_of_one_thing_each_are_said_to_be(salon: Path, tmp_path: Path) -> None:
    session = open_session(
        str(salon), as_of=date(2024, 12, 31), settings=Settings(state_dir=tmp_path, model=None, mode=None)
    )
    answer = session.ask("what goes with a Manicure?")
    assert answer.outcome == "cannot"
    assert "None of the visits has more than one treatment" in answer.text


@pytest.mark.parametrize(
    ("question", "item", "one"),
    [
        ("what should we offer with pasta?", "pasta", True),
        ("what can we recommend to customers who bought pasta", "pasta", True),
        ("what do guests have with pasta?", "pasta", True),
        ("which sauces go with pasta?", "pasta", True),
        ("which three products are bought together?", "products", False),
        ("what bundles should we sell?", "", False),
        ("what should we upsell to buyers of pasta", "pasta", True),
        ("upselling ideas for pasta", "pasta", True),
    ],
)
def test_offers_are_read(question: str, item: str, one: bool) -> None:
    said = thing(question)
    assert said is not None
    assert said == ("" if item == "products" else item, one)


def test_a_word_for_several_things_means_any_of_them(shop: Workspace) -> None:
    found = lines(of("apples", "bread", "butter"), shop, every=["apples", "bread"])
    assert found.every == ()  # butter is told by neither word
    both = lines(of("bread", "butter"), shop, every=["fresh bread", "butter"])
    assert both.every == (("bread",), ("butter",))
