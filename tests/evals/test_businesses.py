"""The businesses that nobody described: their questions can be answered from their data."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.businesses import build, businesses, measure, questions
from knowledge.warehouse.duckdb import connect


@pytest.mark.parametrize("name", businesses())
def test_every_gold_query_runs_on_the_business_that_it_is_about(name: str, tmp_path: Path) -> None:
    con = connect(build(name, tmp_path / "of.duckdb"))
    items = questions(name)
    assert len({item.id for item in items}) == len(items) >= 45
    assert {item.db for item in items} == {name}
    for item in items:
        assert (item.expect == "cannot") != bool(item.gold_sql), item.id
        for sql in item.gold_sql:
            con.execute(sql).fetchall()
    con.close()


def test_there_are_businesses_to_tune_on_and_others_to_tell_what_that_is_worth() -> None:
    assert {item.split for name in businesses() for item in questions(name)} == {"dev", "holdout"}


def test_an_unknown_business_is_named() -> None:
    with pytest.raises(ValueError, match=r"no business 'florist'.*freight"):
        measure(["florist"])
