"""One trait of a schema at a time, each on a few lines of SQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from profile_worlds import make

from knowledge.model import Dataset, ModelField, SemanticModel
from knowledge.profile import profile_database


@pytest.fixture
def profiled(tmp_path: Path) -> Callable[..., SemanticModel]:
    def read(sql: str, **options: int) -> SemanticModel:
        return profile_database(make(tmp_path / "thing.duckdb", sql), name="thing", **options)

    return read


def field(model: SemanticModel, reference: str) -> ModelField:
    return model.resolve(reference)[1]


def joins(model: SemanticModel) -> set[str]:
    return {f"{r.many}.{'+'.join(r.many_fields)} -> {r.one}.{'+'.join(r.one_fields)}" for r in model.relationships}


# --- joins -----------------------------------------------------------------------------------------------------------


def test_numbers_that_happen_to_be_contained_are_no_join(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE stores AS SELECT i AS store_id, 'S' || i AS store_name FROM range(1, 50) t(i);"
        "CREATE TABLE visits AS SELECT i AS visit_id, 1 + i % 40 AS guests, 1 + i % 12 AS month, 1 + i % 5 AS rating "
        "FROM range(1, 200) t(i);"
    )
    assert joins(model) == set()


def test_a_few_orphans_do_not_hide_a_join_but_other_values_do(profiled: Callable[..., SemanticModel]) -> None:
    customers = "CREATE TABLE customers AS SELECT i AS id, 'C' || i AS name FROM range(1, 101) t(i);"
    orders = "CREATE TABLE orders AS SELECT i AS id, {} AS customer_id FROM range(1, 301) t(i);"
    assert joins(profiled(customers + orders.format("CASE WHEN i % 50 = 0 THEN 900 + i ELSE 1 + i % 100 END"))) == {
        "orders.customer_id -> customers.id"
    }


def test_values_that_are_of_something_else_are_no_join(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE customers AS SELECT i AS id, 'C' || i AS name FROM range(1, 101) t(i);"
        "CREATE TABLE orders AS SELECT i AS id, 5000 + i AS customer_id FROM range(1, 301) t(i);"
    )
    assert joins(model) == set()


def test_declared_keys_are_taken_as_they_are(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE a (x INTEGER, y INTEGER, PRIMARY KEY (x, y));"
        "CREATE TABLE b (n INTEGER PRIMARY KEY, p INTEGER, q INTEGER, FOREIGN KEY (p, q) REFERENCES a (x, y));"
    )
    assert model.dataset("a").primary_key == ("x", "y")
    (join,) = model.relationships
    assert (join.many_fields, join.one_fields, join.inferred) == (("p", "q"), ("x", "y"), False)


def test_a_key_with_a_dot_in_its_name_is_the_field_of_that_column(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        'CREATE TABLE parts ("Part no." INTEGER PRIMARY KEY, "Part name" VARCHAR);'
        'CREATE TABLE stock ("Stock no." INTEGER PRIMARY KEY, "Part no." INTEGER REFERENCES parts ("Part no."));'
    )
    assert model.dataset("parts").field(*model.dataset("parts").primary_key).sql == '"Part no."'
    (join,) = model.relationships
    assert model.dataset("stock").field(*join.many_fields).sql == '"Part no."'
    assert all(
        model.dataset("stock").has(re.findall(r"\"(.+?)\"", m.sql)[-1]) for m in model.metrics if "stock" in m.sql
    )


def test_headers_that_differ_by_a_mark_are_called_by_it(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled('CREATE TABLE league ("Goals+" INTEGER, "Goals–" INTEGER, "Total%" DOUBLE, "F/Laps" INTEGER);')
    assert [f.label for f in model.dataset("league").fields] == ["Goals+", "Goals–", "Total%", "f laps"]


def test_tables_without_rows_go_by_their_names(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE department (dept_id INTEGER, dept_name VARCHAR);"
        "CREATE TABLE employee (emp_id INTEGER, emp_name VARCHAR, dept_id INTEGER, salary DECIMAL(10,2));"
    )
    assert joins(model) == {"employee.dept_id -> department.dept_id"}
    assert model.dataset("employee").primary_key == ("emp_id",)


def test_a_column_that_refers_to_several_tables_by_a_type(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE posts AS SELECT i AS id, 'T' || i AS title FROM range(1, 31) t(i);"
        "CREATE TABLE photos AS SELECT i AS id, 'F' || i AS title FROM range(1, 31) t(i);"
        "CREATE TABLE comments AS SELECT i AS id, ['Post', 'Photo'][1 + i % 2] AS commentable_type, 1 + i % 30 "
        "AS commentable_id "
        "FROM range(1, 91) t(i);"
    )
    assert joins(model) == {
        "comments.commentable_id_posts -> posts.id",
        "comments.commentable_id_photos -> photos.id",
    }
    assert field(model, "comments.commentable_id_posts").sql == (
        'CASE WHEN "commentable_type" = \'Post\' THEN "commentable_id" END'
    )


def test_numbers_for_kinds_are_told_by_other_rows(profiled: Callable[..., SemanticModel]) -> None:
    sql = (
        "CREATE TABLE users AS SELECT i AS user_id, 'u' || i AS username FROM range(1, 41) t(i);"
        "CREATE TABLE shops AS SELECT i AS shop_id, 'S' || i AS shop_name FROM range(1, 41) t(i);"
        "CREATE TABLE coupons AS SELECT i AS coupon_id, 1 + i % 40 AS shop_id FROM range(1, 21) t(i);"
        "CREATE TABLE bills AS SELECT i AS bill_id, 1 + i % 40 AS payee_id, 7 + (i % 2)::INT AS payee_type, "
        "CASE WHEN i % 4 = 1 THEN {} END AS coupon_id FROM range(1, 121) t(i);"
    )
    told = profiled(sql.format("CASE WHEN i % 40 BETWEEN 1 AND 20 THEN i % 40 END"))
    ways = {r.one: field(told, f"bills.{r.many_fields[0]}").sql for r in told.relationships if r.many == "bills"}
    assert ways["shops"] == 'CASE WHEN "payee_type" = 8 THEN "payee_id" END'
    assert ways["users"] == 'CASE WHEN "payee_type" = 7 THEN "payee_id" END'
    assert field(told, "bills.payee_id_shops").nulls == 0.5


def test_roles_that_are_played_by_a_kind_of_thing(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE airports AS SELECT 'A' || chr(65 + i::INT) || 'X' AS faa, 'Airport ' || i AS name FROM "
        "range(0, 20) t(i);"
        "CREATE TABLE flights AS SELECT i AS id, 'A' || chr(65 + i::INT % 20) || 'X' AS origin, "
        "'A' || chr(65 + (i::INT * 7) % 20) || 'X' AS dest FROM range(0, 100) t(i);"
        "CREATE TABLE users AS SELECT i AS id, 'u' || i AS username FROM range(1, 21) t(i);"
        "CREATE TABLE tickets AS SELECT i AS id, 1 + i % 20 AS assigned_to, 1 + i % 7 AS reported_by_id FROM "
        "range(1, 61) t(i);"
    )
    assert {"flights.origin -> airports.faa", "flights.dest -> airports.faa"} <= joins(model)
    assert "tickets.assigned_to -> users.id" in joins(model)
    assert len({r.name for r in model.relationships}) == len(model.relationships)


def test_those_who_do_something_are_people(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE walkers AS SELECT i AS walker_id, 'w' || i || '@mail.com' AS email FROM range(1, 31) t(i);"
        "CREATE TABLE routes AS SELECT i AS route_id, 'R' || i AS route_name FROM range(1, 21) t(i);"
        "CREATE TABLE favors AS SELECT i AS favor_id, 1 + i % 20 AS giver_id, 1 + i % 19 AS taker_id, "
        "i % 20 AS counter_id FROM range(1, 101) t(i);"
    )
    assert joins(model) == {"favors.giver_id -> walkers.walker_id", "favors.taker_id -> walkers.walker_id"}


def test_a_trip_happens_when_it_leaves(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE trips AS SELECT i AS trip_id, 1700000000 + 9000 * i AS arr_epoch, "
        "1700000000 + 9000 * i - 3600 AS dep_epoch FROM range(1, 31) t(i);"
    )
    assert (model.dataset("trips").default_time, field(model, "trips.dep_epoch").label) == ("dep_epoch", "departure")


def test_keys_kept_as_text_or_as_decimals_still_join(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE customers AS SELECT i AS customer_id FROM range(1, 51) t(i);"
        "CREATE TABLE orders AS SELECT i AS order_id, (1 + i % 50)::VARCHAR AS customer_id FROM range(1, 101) t(i);"
        "CREATE TABLE calls AS SELECT i AS call_id, (1 + i % 50)::DOUBLE AS customer_id FROM range(1, 101) t(i);"
    )
    assert joins(model) == {"orders.customer_id -> customers.customer_id", "calls.customer_id -> customers.customer_id"}
    assert field(model, "orders.customer_id").type == "integer"


def test_days_kept_as_numbers_are_dates_and_join_the_calendar(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE dim_date AS SELECT strftime(d, '%Y%m%d')::INT AS date_key, d AS full_date FROM "
        "(SELECT DATE '2024-01-01' + i::INT AS d FROM range(0, 60) t(i));"
        "CREATE TABLE fct_sales AS SELECT i AS sale_id, strftime(DATE '2024-01-01' + (i % 60)::INT, '%Y%m%d')::INT "
        "AS order_date_key, i * 1.5 AS amount_usd FROM range(1, 200) t(i);"
    )
    assert joins(model) == {"fct_sales.order_date_key -> dim_date.date_key"}
    assert field(model, "fct_sales.order_date_key").type == "date"
    assert model.dataset("fct_sales").default_time == "order_date_key"
    assert model.currency == "USD"


# --- types -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "kind", "least"),
    [
        (["2024-03-01", "2024-02-29"], "date", "2024-02-29"),
        (["2024-03-01T10:00:00Z", "2024-02-29T23:59:00Z"], "timestamp", "2024-02-29 23:59:00"),
        (["03/25/2024", "12/01/2023"], "date", "2023-12-01"),
        (["25/03/2024", "01/12/2023"], "date", "2023-12-01"),
        (["25.03.2024", "01.12.2023"], "date", "2023-12-01"),
        (["Mar 25, 2024", "Dec 1, 2023"], "date", "2023-12-01"),
        (["20240325 10:00:00", "20231201 09:30:00"], "timestamp", "2023-12-01 09:30:00"),
        (["12", "7", "n/a", ""], "integer", 7),
        (["1,200.50", "(300)", "20"], "number", -300),
        (["€5", "€1,000"], "number", 5),
        (["12%", "3.5%"], "number", 3.5),
        (["007", "042"], "text", "007"),
        (["5 strokes", "3 strokes"], "text", "3 strokes"),
        (["12", "seven", "many"], "text", "12"),
    ],
)
def test_what_a_text_really_is(
    profiled: Callable[..., SemanticModel], texts: list[str], kind: str, least: object
) -> None:
    rows = ", ".join(f"('{t}')" for t in texts)
    model = profiled(f"CREATE TABLE t AS SELECT * FROM (VALUES {rows}) v(noted)")
    assert (field(model, "t.noted").type, field(model, "t.noted").minimum) == (kind, least)


def test_a_column_named_like_a_figure_may_hold_a_few_words(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled("CREATE TABLE t AS SELECT * FROM (VALUES ('12'), ('7'), ('DNF'), ('3')) v(points)")
    assert field(model, "t.points").type == "integer"
    assert field(model, "t.points").samples == (3, 7, 12)


def test_identifiers_made_of_digits_stay_texts(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE t AS SELECT (31003000000 + i)::VARCHAR AS policy_number, (90000 + i)::VARCHAR AS zip_code, "
        "'555' || (1000000 + i) AS phone FROM range(0, 30) t(i)"
    )
    assert [field(model, f"t.{n}").type for n in ("policy_number", "zip_code", "phone")] == ["text"] * 3


def test_minutes_and_seconds_are_no_time_of_day(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE t AS SELECT (2 + i % 4) || ':' || lpad((i % 60)::VARCHAR, 2, '0') AS song_time, "
        "lpad((i % 24)::VARCHAR, 2, '0') || ':30' AS start_time FROM range(0, 40) t(i)"
    )
    assert [field(model, f"t.{n}").type for n in ("song_time", "start_time")] == ["text", "time"]


# --- what columns are for ---------------------------------------------------------------------------------------------


def test_units_from_names(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE t AS SELECT i * 1.5 AS amount_eur, i AS weight_kg, i AS response_ms, i % 100 AS "
        "margin_pct, i AS trips "
        "FROM range(1, 30) t(i)"
    )
    units = {f.name: f.unit for f in model.dataset("t").fields}
    assert units == {
        "amount_eur": "EUR",
        "weight_kg": "kg",
        "response_ms": "milliseconds",
        "margin_pct": "percent",
        "trips": None,
    }


def test_plurals_of_whole_numbers_are_counts(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE houses AS SELECT i AS house_id, 1 + i % 5 AS bedrooms, 1 + i % 3 AS floor, 1900 + i AS "
        "year_built, "
        "i % 4 AS phone_num, i % 9 AS visitor_num FROM range(0, 40) t(i)"
    )
    roles = {f.name: f.role for f in model.dataset("houses").fields}
    assert (roles["bedrooms"], roles["visitor_num"]) == ("measure", "measure")
    assert (roles["floor"], roles["year_built"], roles["phone_num"]) == ("number", "number", "number")


def test_none_or_one_of_them_is_a_count_and_being_so_or_not_is_a_flag(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE trips AS SELECT i AS trip_id, i % 2 AS halts, i % 2 AS late, i % 2 AS is_night FROM range(90) t(i);"
    )
    assert field(model, "trips.halts").role in ("measure", "number")
    assert {field(model, f"trips.{name}").role for name in ("late", "is_night")} == {"flag"}


def test_what_machines_keep_is_hidden(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE t AS SELECT i AS id, md5(i::VARCHAR) AS row_hash, now()::TIMESTAMP AS etl_loaded_at, "
        "uuid() AS rowguid, "
        "'x' || i AS title, NULL::VARCHAR AS never_filled, DATE '2024-01-01' + i::INT AS created_at FROM "
        "range(0, 30) t(i);"
        "CREATE TABLE alembic_version AS SELECT '1' AS version_num"
    )
    hidden = {f.name for f in model.dataset("t").fields if f.hidden}
    assert hidden == {"id", "row_hash", "etl_loaded_at", "rowguid", "never_filled"}
    assert model.dataset("t").default_time == "created_at"
    assert [d.name for d in model.datasets] == ["t"]


def test_schemas_other_than_main_and_tables_of_one_name(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        'CREATE SCHEMA hr; CREATE SCHEMA "odd one"; CREATE TABLE hr.people (id INTEGER); '
        'CREATE TABLE "odd one".people (id INTEGER); CREATE TABLE hr.teams (id INTEGER)'
    )
    assert {d.name: d.source for d in model.datasets} == {
        "hr_people": '"hr"."people"',
        "odd one_people": '"odd one"."people"',
        "teams": '"hr"."teams"',
    }


def test_a_view_that_copies_a_table_is_left_out_and_one_that_sums_up_is_not(
    profiled: Callable[..., SemanticModel],
) -> None:
    model = profiled(
        "CREATE TABLE sales AS SELECT i AS id, i * 2 AS amount, i % 3 AS kind FROM range(0, 30) t(i);"
        "CREATE VIEW v_sales AS SELECT * FROM sales WHERE kind = 1;"
        "CREATE VIEW by_kind AS SELECT kind AS sales_kind, sum(amount) AS total_amount FROM sales GROUP BY 1;"
    )
    assert [d.name for d in model.datasets] == ["sales", "by_kind"]


def test_what_the_database_says_of_itself_is_kept(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE t (x INTEGER); COMMENT ON TABLE t IS 'Tills'; COMMENT ON COLUMN t.x IS 'Rung up, in cents'"
    )
    assert (model.dataset("t").description, field(model, "t.x").description) == ("Tills", "Rung up, in cents")


# --- bad and large input ----------------------------------------------------------------------------------------------


def test_of_a_large_table_a_sample_is_read_but_its_ranges_are_whole(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE events AS SELECT i AS event_id, i % 7 AS kind_code, TIMESTAMP '2024-01-01' + INTERVAL (i) "
        "MINUTE AS happened_at "
        "FROM range(0, 200000) t(i)",
        sample_rows=5000,
    )
    events = model.dataset("events")
    assert (events.row_count, events.primary_key) == (200_000, ("event_id",))
    assert events.field("event_id").maximum == 199_999
    assert events.field("happened_at").maximum == "2024-05-18 21:19:00"
    assert set(events.field("kind_code").samples) == set(range(7))


@pytest.mark.parametrize(("twice", "joined"), [(0, True), (3, False)])
def test_a_key_of_which_only_a_sample_is_read_is_unique_in_the_whole_table(
    profiled: Callable[..., SemanticModel], twice: int, joined: bool
) -> None:
    """A join to customers of whom some come twice would count their orders twice."""
    model = profiled(
        f"CREATE TABLE customers AS SELECT i % {20_000 - twice} AS customer_id, 'c' || i AS name FROM range(20000) t(i);"
        "CREATE TABLE orders AS SELECT i AS order_id, i % 19000 AS customer_id FROM range(500) t(i)",
        sample_rows=1000,
    )
    assert [(r.many, r.one) for r in model.relationships] == ([("orders", "customers")] if joined else [])
    assert bool(model.dataset("customers").primary_key) == joined


def test_a_thousand_columns(profiled: Callable[..., SemanticModel]) -> None:
    columns = ", ".join(f"{n} AS measure_{n}" for n in range(1000))
    assert len(profiled(f"CREATE TABLE wide AS SELECT {columns}").dataset("wide").fields) == 1000


def test_nested_and_binary_columns(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE t AS SELECT i AS id, {'a': i, 'b c': 'x'} AS s, [1, 2] AS l, map {'k': 1} AS m, 'z'::BLOB AS b, "
        "INTERVAL 1 DAY AS d, 'low'::ENUM('low', 'high') AS e FROM range(0, 3) t(i)"
    )
    assert field(model, "t.s_a").type == "integer"
    assert field(model, "t.s_b_c").samples == ("x",)
    assert field(model, "t.e").samples == ("low",)


def test_a_view_of_what_is_gone_is_left_out(profiled: Callable[..., SemanticModel]) -> None:
    model = profiled(
        "CREATE TABLE a (id INTEGER); CREATE TABLE gone (lost INTEGER); "
        "CREATE VIEW v AS SELECT lost AS found FROM gone; "
        "DROP TABLE gone"
    )
    assert [d.name for d in model.datasets] == ["a"]


def test_a_database_without_tables(profiled: Callable[..., SemanticModel]) -> None:
    assert profiled("CREATE SCHEMA nothing").datasets == ()


NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NAMES, min_size=1, max_size=4, unique_by=str.lower), NAMES)
def test_any_names_give_a_model_whose_fields_can_be_read(tmp_path: Path, columns: list[str], table: str) -> None:
    path = tmp_path / "odd.duckdb"
    path.unlink(missing_ok=True)

    def quoted(name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    con = duckdb.connect(str(path))
    try:
        con.execute(
            f"CREATE TABLE {quoted(table)} AS SELECT {', '.join(f'{n} AS {quoted(c)}' for n, c in enumerate(columns))}"
        )
    except duckdb.Error:
        return  # DuckDB itself takes two of the names for one
    finally:
        con.close()
    model = profile_database(path, name="odd")
    (dataset,) = model.datasets
    assert_readable(path, dataset)
    assert all("." not in f.name for f in dataset.fields)
    assert not re.search(r"[.@]", dataset.name)


def assert_readable(path: Path, dataset: Dataset) -> None:
    con = duckdb.connect(str(path), read_only=True)
    fields = ", ".join(f.sql for f in dataset.fields)
    assert con.execute(f"SELECT {fields} FROM {dataset.source}").fetchone() is not None
    con.close()
