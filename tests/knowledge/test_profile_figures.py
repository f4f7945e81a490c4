"""Which figures of nameless sources add up, what tells rows apart, and whose name a made metric may not take."""

from __future__ import annotations

from pathlib import Path

import duckdb

from assistant.session import open_session
from knowledge.profile import profile_database


def built(path: Path, *statements: str) -> Path:
    file = path / "shop.duckdb"
    with duckdb.connect(str(file)) as con:
        for statement in statements:
            con.execute(statement)
    return file


LINES = "CREATE TABLE order_lines AS SELECT i AS line_id, i % 300 AS order_id, 3 AS qty, 2.5 AS unit_price FROM range(900) t(i)"


def test_a_unique_number_needs_no_other_key(tmp_path: Path) -> None:
    file = built(
        tmp_path,
        "CREATE TABLE sales AS SELECT i AS ord_no, i % 50 AS cust_id, i * 1.5 AS amt FROM range(400) t(i)",
        "CREATE TABLE customers AS SELECT i AS cust_id, 'n' || i AS name FROM range(50) t(i)",
    )
    assert profile_database(file, name="shop").dataset("sales").primary_key == ("ord_no",)


def test_percentages_do_not_add_up(tmp_path: Path) -> None:
    file = built(
        tmp_path, "CREATE TABLE deals AS SELECT i AS deal_id, i % 7 AS discount_percent, i AS qty FROM range(90) t(i)"
    )
    fields = {f.name: f for f in profile_database(file, name="shop").dataset("deals").fields}
    assert (fields["discount_percent"].additivity, fields["qty"].additivity) == ("non_additive", "additive")


def test_the_average_of_orders_does_not_take_the_name_of_their_own_amount(tmp_path: Path) -> None:
    file = built(
        tmp_path,
        LINES,
        "CREATE TABLE orders AS SELECT i AS order_id, i % 50 AS cust_id, i * 2.0 AS order_amount FROM range(300) t(i)",
    )
    made = next(m for m in profile_database(file, name="shop").metrics if m.name == "average_order_value")
    assert "average order" in made.synonyms
    assert not {"order amount", "order total", "order value"} & set(made.synonyms)


def test_a_table_of_a_thousand_columns_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    rows = [",".join(f"col_{i}" for i in range(1000))]
    rows += [",".join(str(i * j % 97) for i in range(1000)) for j in range(1, 30)]
    file.write_text("\n".join(rows))
    session = open_session(str(file), state_dir=tmp_path / "state")
    answer = session.ask("sum of col_7")
    assert answer.result is not None, answer.text
    assert answer.result.rows == [(sum(7 * j % 97 for j in range(1, 30)),)]
    assert session.ask("how many rows are there?").result.rows == [(29,)]  # type: ignore[union-attr]
