"""What the profiler sees of references: by two-letter codes, to lists of codes, to rows that are no longer there."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from knowledge.model import SemanticModel
from knowledge.profile import profile_database


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SemanticModel:
    """Parcels of depots: parcel 3 is of a depot that nobody kept.

    depots:     (1, Lund, SE), (2, Turku, FI)
    parcels:    (1, depot 1), (2, depot 2), (3, depot 9)
    scan_codes: (IN, came in), (OUT, went out)
    """
    path: Path = tmp_path_factory.mktemp("strays") / "post.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create table countries(iso2 varchar, name varchar)")
        con.execute("insert into countries values ('SE', 'Sweden'), ('FI', 'Finland'), ('NO', 'Norway')")
        con.execute("create table depots(depot_id integer, depot_name varchar, country_iso varchar)")
        con.execute("insert into depots values (1, 'Lund', 'SE'), (2, 'Turku', 'FI')")
        con.execute("create table parcels(parcel_id integer, depot_id integer, sent_on date)")
        con.execute("insert into parcels values (1, 1, '2025-01-01'), (2, 2, '2025-01-02'), (3, 9, '2025-01-03')")
        con.execute("create table scan_codes(scan_cd varchar, scan_desc varchar)")
        con.execute("insert into scan_codes values ('IN', 'came in'), ('OUT', 'went out')")
        con.execute("create table scans(scan_id integer, parcel_id integer, scan_cd varchar)")
        con.execute("insert into scans values (1, 1, 'IN'), (2, 1, 'OUT'), (3, 2, 'IN')")
        con.execute("create table test_results(res_id integer, parcel_id integer, res_val double)")
        con.execute("insert into test_results values (1, 1, 2.5), (2, 1, 3.5), (3, 2, 1.5)")
    return profile_database(path, name="post")


def test_a_column_of_iso_codes_refers_to_the_countries(model: SemanticModel) -> None:
    assert ("depots", "countries") in {(r.many, r.one) for r in model.relationships}


def test_a_relationship_says_whether_some_rows_refer_to_what_is_gone(model: SemanticModel) -> None:
    strays = {(r.many, r.one): r.strays for r in model.relationships}
    assert strays["parcels", "depots"]
    assert not strays["depots", "countries"]


def test_a_list_of_codes_is_of_what_they_stand_for(model: SemanticModel) -> None:
    scans = model.dataset("scan_codes")
    assert scans.name_field == "scan_desc"


def test_an_abbreviation_beside_the_word_that_it_is_short_for_is_that_word(model: SemanticModel) -> None:
    """In a table of results, "res" is no reservation."""
    assert model.dataset("test_results").field("res_val").label == "result value"
