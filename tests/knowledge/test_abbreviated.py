"""Tables and columns with shortened names: what they are called, and which words find them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from assistant.analyst.lexicon import Lexicon
from knowledge.model import SemanticModel
from knowledge.profile import profile_database


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SemanticModel:
    """A bakery's: orders have heads and lines, ovens are serviced, regions are places to which orders go."""
    path: Path = tmp_path_factory.mktemp("bakery") / "bakery.duckdb"
    con = duckdb.connect(str(path))
    con.execute("""
        CREATE TABLE rgn_ref (rgn_cd VARCHAR PRIMARY KEY, rgn_nm VARCHAR);
        INSERT INTO rgn_ref VALUES ('N', 'North'), ('S', 'South'), ('E', 'East');
        CREATE TABLE ord_hdr (ord_no INTEGER PRIMARY KEY, dest_rgn_cd VARCHAR, ord_dt DATE, prms_dlv_dt DATE);
        INSERT INTO ord_hdr SELECT n, ['N', 'S', 'E'][n % 3 + 1], DATE '2026-01-01' + n::INT, DATE '2026-01-05' + n::INT
        FROM range(1, 31) r(n);
        CREATE TABLE ord_dtl (ord_no INTEGER, ln_no INTEGER, pstry_nm VARCHAR, qty INTEGER, PRIMARY KEY (ord_no, ln_no));
        INSERT INTO ord_dtl SELECT n // 2 + 1, n % 2 + 1, ['bun', 'pie', 'tart'][n % 3 + 1], n FROM range(0, 58) r(n);
        CREATE TABLE rfrg_log (rfrg_id INTEGER PRIMARY KEY, tmp_c DOUBLE, rd_ts TIMESTAMP);
        INSERT INTO rfrg_log SELECT n, 4 + n / 10, TIMESTAMP '2026-01-01 08:00:00' + INTERVAL (n) HOUR FROM range(20) r(n);
        """)
    con.close()
    return profile_database(path, name="bakery")


def test_heads_and_lines_are_told_apart(model: SemanticModel) -> None:
    assert (model.dataset("ord_hdr").label, model.dataset("ord_dtl").label) == ("order", "order line")


def test_a_column_that_says_which_one_refers_to_the_table_that_it_ends_with(model: SemanticModel) -> None:
    assert ("ord_hdr", "rgn_ref") in {(r.many, r.one) for r in model.relationships}


def test_what_a_piece_is_short_for_is_what_it_is_short_for_in_the_table(model: SemanticModel) -> None:
    labels = {f.name: f.label for d in model.datasets for f in d.fields}
    assert labels["rgn_nm"] == "region name"
    assert labels["prms_dlv_dt"] == "promised delivery date"


@pytest.mark.parametrize(("said", "found"), [("pastry", "ord_dtl.pstry_nm"), ("refrigerator", "rfrg_log")])
def test_a_word_finds_what_is_short_for_it(model: SemanticModel, said: str, found: str) -> None:
    assert found in {link.target for link in Lexicon(model).links((said,))}


@pytest.mark.parametrize("said", ["poetry", "raffle", "order number seven", "giraffe"])
def test_other_words_find_nothing(model: SemanticModel, said: str) -> None:
    assert Lexicon(model).links(tuple(said.split())) == []
