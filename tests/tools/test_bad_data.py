"""Analyses of a warehouse whose data is bad: columns that are empty, that never vary or hold texts; a handful of days, one
moment, one outcome, thousands of groups. Each is told in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assistant.answer import Answer
from assistant.session import Session, open_session
from assistant.settings import Settings

TODAY = date(2026, 11, 20)
SAID = [
    ("forecast guests for the next 3 months", "too little history"),
    ("anything unusual in guests?", "no whole week of data"),
    ("forecast temperature for the next week", "All records are of one moment"),
    ("anomalies in temperature", "All records are of one moment"),
    ("forecast rebate by month", "rebate is empty in every record"),
    ("anything unusual in rebate?", "Rebate is empty in every order"),
    ("predict loyalty tier", "Loyalty tier is empty in every customer"),
    ("forecast fee by customer for 6 months", "groups by customer"),
    ("forecast channel for next month", "no figure"),
    ("predict returned for orders", "Returned is “False” for every order"),
    ("is there a correlation between fee and amount?", "Average fee is the same everywhere|Fee is the same everywhere"),
    ("is there a correlation between rebate and amount?", "Rebate is empty in every order"),
    ("is the difference in rebate between Leeds and York significant?", "has no value in any record"),
    ("topics in tickets", "Nothing here is written by people"),
    ("topics of amount", "Nothing here is written by people"),
    ("sentiment of amount by month", "Nothing here is written by people"),
    ("classify tickets into price and quality", "Nothing here is written by people"),
    ("what is bought together?", "None of the orders has more than one product"),
]  # fmt: skip


@pytest.fixture(scope="module")
def depot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder: Path = tmp_path_factory.mktemp("bad")
    with duckdb.connect(str(folder / "depot.duckdb")) as con:
        for table in (
            "customers as select i::int as customer_id, 'Client ' || i as name, ['Leeds', 'York'][1 + i % 2] as city, "
            "null::varchar as loyalty_tier, case when i % 10 < 3 then 'about ' || (36 + i % 8) else (36 + i % 8)::varchar end as "
            "shoe_size, date '2024-01-01' + (i % 600)::int as joined_on from range(1, 3001) r(i)",
            "orders as select i::int as order_id, 1 + (hash(i) % 3000)::int as customer_id, date '2025-01-01' + "
            "(hash(i, 1) % 680)::int as ordered_at, (10 + (hash(i, 2) % 9000)::int / 100)::decimal(8,2) as amount, "
            "4.99::decimal(6,2) as fee, null::double as rebate, 'web' as channel, false as returned, (2 * (10 + "
            "(hash(i, 2) % 9000)::int / 100))::double as amount_doubled from range(1, 6001) r(i)",
            "order_items as select i::int as item_id, i::int as order_id, ['Mug', 'Plate', 'Bowl'][1 + (hash(i, 3) % 3)::int] "
            "as product, 1 as quantity from range(1, 6001) r(i)",
            "readings as select i::int as reading_id, timestamp '2026-11-01 08:00:00' as taken_at, 18 + (hash(i, 4) % "
            "40) / 10.0 as temperature from range(1, 401) r(i)",
            "visits as select i::int as visit_id, date '2026-11-09' + i::int as visited_on, (2 + i % 4)::int as guests "
            "from range(1, 7) r(i)",
            "tickets as select i::int as ticket_id, date '2026-06-01' + (i % 150)::int as opened_on, null::varchar as "
            "message from range(1, 301) r(i)",
        ):
            con.execute(f"create table {table}")
        for table, key in (("customers", "customer_id"), ("orders", "order_id"), ("order_items", "item_id")):
            con.execute(f"alter table {table} add primary key ({key})")
    settings = Settings(state_dir=folder / "state")
    session = open_session(str(folder / "depot.duckdb"), as_of=TODAY, settings=settings)
    yield session
    session.close()


def ask(session: Session, question: str) -> Answer:
    return session.ask(question, thread=question)


@pytest.mark.parametrize(("question", "said"), SAID)
def test_what_bad_data_cannot_carry_is_said(depot: Session, question: str, said: str) -> None:
    answer = ask(depot, question)
    assert answer.outcome == "cannot", answer.text
    assert any(part in answer.text for part in said.split("|")), answer.text


def test_a_bare_field_is_summed_or_averaged_as_it_adds_up(depot: Session) -> None:
    answer = ask(depot, "forecast amount for next month")
    assert answer.outcome == "answered", answer.text
    assert "total amount" in answer.text.lower()


def test_two_fields_of_a_record_are_correlated_record_by_record(depot: Session) -> None:
    answer = ask(depot, "is there a link between amount and amount doubled?")
    assert "correlation **1.00**" in answer.text
    assert "each order" in answer.reading


def test_an_empty_field_of_kinds_tells_no_kinds(depot: Session) -> None:
    answer = ask(depot, "what kinds of customers do we have?")
    assert "kinds" in answer.text
    assert "Client 1" not in answer.text


def test_a_target_that_is_also_a_feature_is_left_out(depot: Session) -> None:
    answer = ask(depot, "what drives amount?")
    assert any("amount doubled: by itself" in c for c in answer.caveats), answer.caveats


def test_texts_among_numbers_are_left_out_and_told(depot: Session) -> None:
    answer = ask(depot, "average shoe size")
    assert any("30% of its values are no numbers" in c for c in answer.caveats), answer.caveats
