from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.score import difference, gold_runner, judge, same_rows
from evals.suite import Item, Prediction, Turn, read_predictions, read_suite, turn_id, write_predictions

GOLD = [("bread", 12.5), ("milk", 3.0)]


def test_the_same_rows_in_another_order_are_right_unless_the_order_was_asked_for() -> None:
    turned = list(reversed(GOLD))
    assert same_rows(GOLD, turned)
    assert not same_rows(GOLD, turned, order=True)
    assert same_rows(GOLD, GOLD, order=True)


def test_columns_may_be_in_another_order_and_there_may_be_more_of_them() -> None:
    assert same_rows(GOLD, [(1, 3.0, "milk"), (2, 12.5, "bread")])


def test_a_gold_column_that_is_missing_is_wrong() -> None:
    assert not same_rows(GOLD, [("bread",), ("milk",)])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "no rows"),
        ([("bread", 12.5)], "fewer rows"),
        ([*GOLD, ("rye", 1.0)], "more rows"),
        ([("bread",), ("milk",)], "fewer columns"),
        ([("bread", 12.5), ("milk", 4.0)], "other values in 1 of 2 columns"),
        ([("rye", 1.0), ("oats", 2.0)], "other values"),
        (GOLD[::-1], "another order"),
    ],
)
def test_how_rows_differ_is_said(rows: list[tuple[Any, ...]], said: str) -> None:
    assert difference(GOLD, rows) == said


def test_values_must_belong_to_the_same_rows_not_only_to_the_same_columns() -> None:
    assert not same_rows(GOLD, [("bread", 3.0), ("milk", 12.5)])


def test_rows_are_a_bag_so_that_a_repeated_row_counts() -> None:
    assert not same_rows([(1,), (1,), (2,)], [(1,), (2,), (2,)])
    assert not same_rows([(1,)], [(1,), (1,)])


@pytest.mark.parametrize(
    ("gold", "given_value"),
    [
        (Decimal("12.50"), 12.5),
        (10_000.0, 10_000.9),
        (0.0, 0.00009),
        (date(2017, 3, 1), datetime(2017, 3, 1)),
        (date(2017, 3, 1), "2017-03-01T00:00:00"),
        (None, float("nan")),
        (True, 1),
        (None, None),
    ],
)
def test_values_that_are_the_same(gold: Any, given_value: Any) -> None:
    assert same_rows([(gold,)], [(given_value,)])


@pytest.mark.parametrize(
    ("gold", "given_value"),
    [
        (1.0, 1.001),
        ("bread", "Bread"),
        (None, 0),
        (date(2017, 3, 1), datetime(2017, 3, 1, 9)),
        ("1", 1),
        (10_000, 10_002),
    ],
)
def test_values_that_are_not(gold: Any, given_value: Any) -> None:
    assert not same_rows([(gold,)], [(given_value,)])


def test_small_fractions_are_told_apart_by_their_own_order_not_by_a_rounded_one() -> None:
    assert same_rows([(0.00049,), (0.00031,)], [(0.00031,), (0.00049,)])


rows = st.lists(
    st.tuples(st.none() | st.integers(-5, 5), st.sampled_from("abc"), st.floats(-1e6, 1e6, allow_nan=False)), max_size=8
)


@given(rows, st.randoms())
def test_any_shuffle_of_rows_and_columns_with_noise_in_the_last_digits_is_the_same(
    gold: list[tuple[Any, ...]], random: Any
) -> None:
    shuffled = [(r[2] * (1 + 1e-12), "extra", r[0], r[1]) for r in gold]
    random.shuffle(shuffled)
    assert same_rows(gold, shuffled)


@given(rows.filter(bool), st.data())
def test_any_change_of_a_single_word_is_seen(gold: list[tuple[Any, ...]], data: Any) -> None:
    at = data.draw(st.integers(0, len(gold) - 1))
    changed = [*gold]
    changed[at] = (gold[at][0], "changed", gold[at][2])
    assert not same_rows(gold, changed)


# --- outcomes


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as con:
        con.execute("CREATE TABLE sales AS SELECT * FROM (VALUES ('bread', 12.5), ('milk', 3.0)) t(item, amount)")
    return tmp_path / "shop.duckdb"


def right(turn: dict[str, Any], prediction: dict[str, Any], shop: Path) -> bool:
    item = Item(id="q", db="shop", question="?", **turn)
    made = Prediction(**{"id": "q", "status": "answered", **prediction})
    return judge([item], {"q": made}, gold_runner(lambda db: shop))[0].right


def test_any_of_the_gold_queries_will_do(shop: Path) -> None:
    gold = {"gold_sql": ["SELECT 1", "SELECT sum(amount) FROM sales"]}
    assert right(gold, {"rows": [[15.5]]}, shop)
    assert not right(gold, {"rows": [[15.6]]}, shop)


def test_right_rows_with_an_outcome_that_is_no_answer_are_not_right(shop: Path) -> None:
    assert not right({"gold_sql": ["SELECT 1"]}, {"rows": [[1]], "status": "ask"}, shop)


@pytest.mark.parametrize(
    ("expected", "given_status", "is_right"),
    [
        ("cannot", "cannot", True),
        ("cannot", "ask", True),
        ("cannot", "not_allowed", True),
        ("cannot", "answered", False),
        ("cannot", "no_rows", False),
        ("cannot", "failed", False),
        ("ask", "ask", True),
        ("ask", "cannot", False),
        ("no_rows", "no_rows", True),
        ("no_rows", "cannot", False),
    ],
)
def test_an_outcome_that_is_expected(expected: str, given_status: str, is_right: bool, shop: Path) -> None:
    assert right({"expect": expected}, {"status": given_status}, shop) is is_right


def test_a_count_of_nothing_may_be_said_as_0(shop: Path) -> None:
    turn = {"expect": "no_rows", "gold_sql": ["SELECT count(*) FROM sales WHERE amount > 99"]}
    assert right(turn, {"rows": [[0]]}, shop)
    assert right(turn, {"status": "no_rows"}, shop)
    assert not right(turn, {"rows": [[1]]}, shop)


def test_a_text_must_have_all_of_its_words_in_any_case(shop: Path) -> None:
    turn = {"gold_text_contains": ["Net sales", "2017"]}
    assert right(turn, {"answer": "net sales of 2017"}, shop)
    assert not right(turn, {"answer": "net sales"}, shop)


def test_a_question_without_a_prediction_is_not_right() -> None:
    item = Item(id="q", db="shop", question="?", expect="cannot")
    verdict = judge([item], {}, lambda db, sql: [])[0]
    assert (verdict.prediction.status, verdict.right) == ("failed", False)


def test_every_turn_of_a_conversation_is_judged(shop: Path) -> None:
    talk = Item(
        id="talk",
        db="shop",
        turns=[Turn(question="total?", gold_sql=["SELECT 15.5"]), Turn(question="of milk?", gold_sql=["SELECT 3"])],
    )
    made = {
        "talk#1": Prediction(id="talk#1", status="answered", rows=[[15.5]]),
        "talk#2": Prediction(id="talk#2", status="answered", rows=[[4]]),
    }
    verdicts = judge([talk], made, gold_runner(lambda db: shop))
    assert [v.right for v in verdicts] == [True, False]
    assert verdicts[1].answered_wrong


def test_a_gold_query_can_not_change_the_data(shop: Path) -> None:
    with pytest.raises(duckdb.Error):
        gold_runner(lambda db: shop)("shop", "DROP TABLE sales")


def test_a_gold_query_that_never_ends_is_stopped(shop: Path) -> None:
    runner = gold_runner(lambda db: shop, timeout_s=0.3)
    with pytest.raises(duckdb.InterruptException):
        runner("shop", "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3")


# --- files


def test_predictions_come_back_from_their_file_as_they_were(tmp_path: Path) -> None:
    made = Prediction(
        id="q", status="answered", columns=["d", "x"], rows=[[date(2017, 1, 2), Decimal("1.25")]], confidence=0.9, ms=3
    )
    write_predictions(tmp_path / "out" / "p.jsonl", [made])
    back = read_predictions(tmp_path / "out" / "p.jsonl")["q"]
    assert back.rows == [["2017-01-02", 1.25]]
    assert same_rows(made.rows, back.rows)


def test_a_line_that_is_no_item_is_named(tmp_path: Path) -> None:
    suite = tmp_path / "s.jsonl"
    suite.write_text('{"id": "a", "db": "x", "question": "?"}\n\n{"db": "x"}\n')
    with pytest.raises(ValueError, match=r"s\.jsonl line 3"):
        read_suite(suite)


def test_turns_are_numbered_from_1_and_a_single_question_has_its_items_id() -> None:
    assert turn_id(Item(id="a", db="x", question="?"), 0) == "a"
    assert turn_id(Item(id="a", db="x", turns=[Turn(question="?")]), 0) == "a#1"
