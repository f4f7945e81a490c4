"""What the profiler makes of several columns or ways together: durations, dates, ways that agree."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from knowledge.model import SemanticModel
from knowledge.profile import profile_database
from knowledge.words import opposites, other_spellings, spell


def profiled(path: Path, *statements: str) -> SemanticModel:
    con = duckdb.connect(str(path / "data.duckdb"))
    for statement in statements:
        con.execute(statement)
    con.close()
    return profile_database(path / "data.duckdb", name="data")


@pytest.mark.parametrize(
    ("start", "end", "each", "unit"),
    [
        ("admitted_on DATE", "discharged_on DATE", "DATE '2025-01-01' + i::INT, DATE '2025-01-04' + i::INT", "days"),
        ("login_ts TIMESTAMP", "logout_ts TIMESTAMP",
         "TIMESTAMP '2025-01-01 08:00' + INTERVAL (i) HOUR, TIMESTAMP '2025-01-01 08:20' + INTERVAL (i) HOUR", "minutes"),
        ("shift_start TIMESTAMP", "shift_end TIMESTAMP",
         "TIMESTAMP '2025-01-01 08:00' + INTERVAL (i) DAY, TIMESTAMP '2025-01-01 16:00' + INTERVAL (i) DAY", "hours"),
    ],
)  # fmt: skip
def test_a_start_and_an_end_make_a_duration(tmp_path: Path, start: str, end: str, each: str, unit: str) -> None:
    model = profiled(
        tmp_path,
        f"CREATE TABLE stays(stay_id INTEGER, {start}, {end})",
        f"INSERT INTO stays SELECT i, {each} FROM range(40) t(i)",
    )
    assert model.dataset("stays").field("duration").unit == unit


def test_no_duration_where_the_end_comes_before_the_start(tmp_path: Path) -> None:
    model = profiled(
        tmp_path,
        "CREATE TABLE offers(offer_id INTEGER, start_date DATE, end_date DATE)",
        "INSERT INTO offers SELECT i, DATE '2025-03-01', DATE '2025-01-01' + i::INT FROM range(40) t(i)",
    )
    assert not model.dataset("offers").has("duration")


def test_a_year_and_a_month_make_a_date(tmp_path: Path) -> None:
    model = profiled(
        tmp_path,
        "CREATE TABLE rain(town VARCHAR, year INTEGER, month VARCHAR, mm DOUBLE)",
        "INSERT INTO rain SELECT 'Bath', 2024, m, 10.5 FROM (VALUES ('January'), ('June'), ('May')) t(m)",
    )
    assert model.dataset("rain").default_time == "date"


def test_ways_to_the_same_row_agree_and_others_are_told_apart(tmp_path: Path) -> None:
    """Each sale's shop is its clerk's shop; the shop of its van need not be."""
    model = profiled(
        tmp_path,
        "CREATE TABLE shops(shop_id INTEGER PRIMARY KEY, name VARCHAR)",
        "INSERT INTO shops SELECT i, 'Shop ' || i FROM range(3) t(i)",
        "CREATE TABLE clerks(clerk_id INTEGER PRIMARY KEY, shop_id INTEGER REFERENCES shops(shop_id))",
        "INSERT INTO clerks SELECT i, i % 3 FROM range(9) t(i)",
        "CREATE TABLE tills(till_id INTEGER PRIMARY KEY, shop_id INTEGER REFERENCES shops(shop_id))",
        "INSERT INTO tills SELECT i, i % 3 FROM range(6) t(i)",
        "CREATE TABLE sales(sale_id INTEGER PRIMARY KEY, clerk_id INTEGER REFERENCES clerks(clerk_id), "
        "till_id INTEGER REFERENCES tills(till_id))",
        "INSERT INTO sales SELECT i, i % 3, i % 3 FROM range(60) t(i)",
        "CREATE TABLE loans(loan_id INTEGER PRIMARY KEY, clerk_id INTEGER REFERENCES clerks(clerk_id), "
        "till_id INTEGER REFERENCES tills(till_id))",
        "INSERT INTO loans SELECT i, i % 9, (i + 1) % 6 FROM range(60) t(i)",
    )
    assert ("sales", "shops") in model.agreements
    assert ("loans", "shops") not in model.agreements


def test_an_abbreviation_means_the_same_in_a_table_and_its_columns() -> None:
    assert spell(["drv", "id"]) == "driver id"
    assert spell(["drv", "id"], table=["tst", "drv"]) == "drive id"
    assert "inventory cost" in other_spellings(["inv", "cost"])


def test_opposites_of_what_flags_say() -> None:
    assert "used" in opposites("new")
    assert "inactive" in opposites("active")
    assert not opposites("blue")
