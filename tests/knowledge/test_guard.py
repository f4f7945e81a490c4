"""The guard: attacks are refused, honest analysis gives the same rows as without it.

shop(id, city)            1 Rome | 2 Oslo | 3 Rome
sales(id, shop_id, day, amount, tags, item)   12 rows, some null
staff(id, boss_id, name)  a tree
secret(pin)               not for everybody
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import sqlglot
import sqlglot.expressions as exp
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.warehouse import QueryRefused
from knowledge.warehouse.guard import check_select, checked_sql

ALLOWED = {"main.shop", "main.sales", "main.staff", "main.big table"}


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("CREATE TABLE shop AS SELECT * FROM (VALUES (1, 'Rome'), (2, 'Oslo'), (3, 'Rome')) t(id, city)")
    con.execute(
        """CREATE TABLE sales AS SELECT i AS id, 1 + i % 3 AS shop_id,
        TIMESTAMP '2024-01-15 09:30:00' + to_days((i * 17)::INT) AS day,
        CASE WHEN i = 5 THEN NULL ELSE (i * 7 % 11)::DECIMAL(9, 2) END AS amount, ['a', chr((97 + i % 3)::INT)] AS tags,
        {'sku': '00' || i, 'kg': i / 2} AS item FROM range(1, 13) r(i)"""
    )
    con.execute(
        "CREATE TABLE staff AS FROM (VALUES (1, NULL, 'Ann'), (2, 1, 'Bob'), (3, 2, 'Cy')) t(id, boss_id, name)"
    )
    con.execute("CREATE TABLE secret AS SELECT 1234 AS pin")
    con.execute('CREATE TABLE "big table" AS SELECT 1 AS "odd ""name"""')
    return con


ATTACKS = (Path(__file__).parent / "guard_attacks.sql").read_text().splitlines()


@pytest.mark.parametrize("sql", ATTACKS)
def test_an_attack_is_refused(sql: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        check_select(sql, allowed=ALLOWED)
    assert len(str(refused.value)) > 20, "the refusal says what is wrong"


@pytest.mark.parametrize("sql", [a for a in ATTACKS if "secret" not in a.lower()])
def test_an_attack_is_refused_without_a_list_of_tables_too(sql: str) -> None:
    with pytest.raises(QueryRefused):
        check_select(sql)


HONEST = (Path(__file__).parent / "guard_honest.sql").read_text().splitlines()


@pytest.mark.parametrize("sql", HONEST)
def test_honest_analysis_gives_the_same_rows_as_without_the_guard(
    sql: str, database: duckdb.DuckDBPyConnection
) -> None:
    tree = check_select(sql, allowed=ALLOWED)
    assert database.execute(checked_sql(tree)).fetchall() == database.execute(sql).fetchall()


def test_what_runs_is_written_anew_without_comments() -> None:
    assert checked_sql("SELECT 1; -- fine") == "SELECT 1"
    assert checked_sql("select 1 /* '; DROP TABLE sales */ -- x") == "SELECT 1"


def test_a_part_that_the_dialect_cannot_say_is_refused_and_not_dropped() -> None:
    with pytest.raises(QueryRefused, match="format"):
        check_select("SELECT to_char(day, 'YYYY') FROM sales")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT " + "(" * 5_000 + "1" + ")" * 5_000,
        "SELECT " + "1 + " * 4_000 + "1",
        "SELECT " + "[" * 5_000,
        "SELECT '" + "x" * 30_000 + "'",
        "SELECT 1\x00",
        "",
        "   ",
        "\ufeff\u202e☃",
    ],
)
def test_huge_deep_and_broken_input_is_refused(sql: str) -> None:
    with pytest.raises(QueryRefused):
        check_select(sql)


def test_a_tree_is_checked_like_text() -> None:
    with pytest.raises(QueryRefused, match="read_text"):
        check_select(sqlglot.parse_one("SELECT * FROM read_text('/etc/passwd')", read="duckdb"))
    with pytest.raises(QueryRefused, match="DELETE"):
        checked_sql(exp.delete("sales"))


def test_the_refusal_names_the_part_and_says_what_there_is() -> None:
    with pytest.raises(QueryRefused, match=r"no table 'secret'.*main\.sales"):
        check_select("SELECT * FROM secret", allowed=ALLOWED)


def test_a_bare_name_is_only_the_table_that_the_database_would_find() -> None:
    """`orders` alone is main.orders to the database, not sales.orders."""
    with pytest.raises(QueryRefused):
        check_select("SELECT * FROM orders", allowed={"sales.orders"})
    assert check_select("SELECT * FROM sales.orders", allowed={"sales.orders"})
    assert check_select("SELECT * FROM MAIN.Orders", allowed={"orders"})


def test_only_duckdb_parses_a_string_as_duckdb_does() -> None:
    """A tree that is written as text which means something else there is refused by the database's own parser."""
    table = exp.Table(this=exp.Identifier(this="sales, read_text('/etc/passwd')", quoted=False))
    with pytest.raises(QueryRefused):
        checked_sql(exp.select("*").from_(table))


_PIECES = st.sampled_from(
    """SELECT * FROM sales secret shop WHERE 1 = ( ) ; -- /* */ ' " $$ E' , JOIN ON UNION WITH a AS DROP TABLE read_text
    '/etc/passwd' 'x.csv' duckdb_settings() query( glob( LATERAL VALUES COPY TO DELETE RETURNING main. :: [ ] { } \\
    ? $1 @ # || AND NOT NULL""".split()  # noqa: SIM905
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_PIECES, max_size=14).map(" ".join) | st.text(max_size=60))
def test_any_text_is_refused_or_reads_only_allowed_tables(text: str) -> None:
    """The witness is DuckDB itself: what it would bind in the text that runs."""
    try:
        run = checked_sql(check_select(text, allowed=ALLOWED))
    except QueryRefused:
        return
    with duckdb.connect() as witness:
        statements = witness.extract_statements(run)
        assert [s.type for s in statements] == [duckdb.StatementType.SELECT]
        try:
            names = {n.lower().replace('"', "") for n in witness.get_table_names(run)}
        except duckdb.BinderException:  # "SELECT *" of nothing: it fails, and so reads nothing
            return
    assert names <= {"shop", "sales", "staff", "big table"}
    assert not any(word in run.lower() for word in ("read_text(", "glob(", "query(", "duckdb_settings("))
