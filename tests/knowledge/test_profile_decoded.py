"""Codes that another table says in words."""

from __future__ import annotations

from pathlib import Path

import duckdb

from knowledge.model import SemanticModel
from knowledge.profile import profile_database
from knowledge.words import label, spell

LOOKUP = (
    "CREATE TABLE code_lkp(code_type VARCHAR, code VARCHAR, code_desc VARCHAR)",
    "INSERT INTO code_lkp VALUES ('CHAN', 'W', 'Web'), ('CHAN', 'P', 'Phone'), ('CHAN', 'F', 'Fax'),"
    " ('STAT', 'C', 'Cancelled'), ('STAT', 'P', 'Paid')",
)


def profiled(path: Path, *statements: str) -> SemanticModel:
    con = duckdb.connect(str(path / "data.duckdb"))
    for statement in statements:
        con.execute(statement)
    con.close()
    return profile_database(path / "data.duckdb", name="data")


def test_a_coded_column_gets_a_field_that_says_the_codes(tmp_path: Path) -> None:
    model = profiled(
        tmp_path,
        *LOOKUP,
        "CREATE TABLE bookings(booking_id INTEGER, chan_cd VARCHAR, stat_cd VARCHAR, letter_cd VARCHAR)",
        "INSERT INTO bookings SELECT i, ['W', 'P'][i % 2 + 1], ['C', 'P'][i % 2 + 1], ['W', 'X'][i % 2 + 1]"
        " FROM range(40) t(i)",
    )
    bookings = model.dataset("bookings")
    assert [f.name for f in bookings.fields if f.name.endswith("_said")] == ["chan_cd_said", "stat_cd_said"]
    with duckdb.connect(str(tmp_path / "data.duckdb"), read_only=True) as con:
        said = con.execute(
            f"SELECT DISTINCT chan_cd, {bookings.field('chan_cd_said').sql}, stat_cd,"
            f" {bookings.field('stat_cd_said').sql} FROM bookings ORDER BY 1"
        ).fetchall()
    # "P" is Phone where it is a channel and Paid where it is a status
    assert said == [("P", "Phone", "P", "Paid"), ("W", "Web", "C", "Cancelled")]
    assert set(bookings.field("chan_cd_said").samples) == {"Web", "Phone"}


def test_codes_that_are_told_twice_tell_nothing(tmp_path: Path) -> None:
    model = profiled(
        tmp_path,
        *LOOKUP,
        "INSERT INTO code_lkp VALUES ('CHAN', 'W', 'Walk-in')",
        "CREATE TABLE bookings(booking_id INTEGER, chan_cd VARCHAR)",
        "INSERT INTO bookings SELECT i, ['W', 'P'][i % 2 + 1] FROM range(40) t(i)",
    )
    assert not model.dataset("bookings").has("chan_cd_said")


def test_a_table_is_called_by_the_abbreviation_that_its_ids_have() -> None:
    assert spell(["gst"], noun=True) == "guest"
    assert label("nt_rate") == "night rate"
    assert label("chg_amt") == "charge amount"
