"""The embedded analyst reads a plant nursery that nobody described: what is in stock and what is not, what came in of
which kind of visits, what is still owed, which consignments are still to come. Asked on 20 November 2026."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.conftest import Open

TODAY = date(2026, 11, 20)
_TABLES = (
    "grower(grower_id int primary key, grower_name varchar, county varchar)",
    "plant(plant_id int primary key, common_name varchar, habit varchar, stock_count int, reorder_level int, cost_price decimal(8,2), "
    "grower_id int references grower(grower_id))",
    "gardener(gardener_id int primary key, gardener_name varchar, born_on date)",
    "booking(booking_id int primary key, gardener_id int references gardener(gardener_id), held_on date, topic "
    "varchar, charge decimal(8,2), deposit decimal(8,2), how_it_went varchar)",
    "sale(sale_id int primary key, gardener_id int references gardener(gardener_id), plant_id int references "
    "plant(plant_id), sold_on date, quantity int, unit_price decimal(8,2))",
    "consignment(consignment_no int primary key, grower_id int references grower(grower_id), ordered_on date, "
    "received_on date, progress_status varchar)",
    "claim(claim_no int primary key, grower_id int references grower(grower_id), raised_on date, amount_claimed "
    "decimal(8,2), state varchar, reject_cause varchar)",
)
QUESTIONS = [
    ("which plants are out of stock?", "select common_name from plant where stock_count <= 0"),
    ("how many shrubs are out of stock?", "select count(*) from plant where habit = 'shrub' and stock_count <= 0"),
    ("how many plants are in stock?", "select count(*) from plant where stock_count > 0"),
    ("how many ferns are in stock?", "select count(*) from plant where habit = 'fern' and stock_count > 0"),
    ("what do we need to reorder?", "select common_name from plant where stock_count <= reorder_level"),
    ("what is our stock worth?", "select sum(stock_count * cost_price) from plant"),
    ("value of stock by habit", "select habit, sum(stock_count * cost_price) from plant group by 1"),
    ("how much did pruning bring in this year?", "select sum(charge) from booking where topic = 'pruning' and how_it_went <> 'cancelled' and year(held_on) = 2026"),
    ("how much did we make from grafting last month?", "select sum(charge) from booking where topic = 'grafting' and how_it_went <> 'cancelled' and held_on >= '2026-10-01' and held_on < '2026-11-01'"),
    ("how much did ferns bring in this year?", "select sum(quantity * unit_price) from sale join plant using (plant_id) where habit = 'fern' and year(sold_on) = 2026"),
    ("how much did we collect in deposits last month?", "select sum(deposit) from booking where held_on >= '2026-10-01' and held_on < '2026-11-01'"),
    ("which consignments are still open?", "select consignment_no from consignment where progress_status not in ('received', 'cancelled')"),
    ("how many claims are still open?", "select count(*) from claim where state = 'pending'"),
    ("how much are we still owed?", "select sum(amount_claimed) from claim where state = 'pending'"),
    ("how much does Grower 2 still owe us?", "select sum(amount_claimed) from claim join grower using (grower_id) where state = 'pending' and grower_name = 'Grower 2'"),
    ("whose birthday is this week?", "select gardener_name from gardener where month(born_on) = 11 and day(born_on) between 16 and 22"),
    ("which gardeners have a birthday in the week of 1 October?", "select gardener_name from gardener where (month(born_on) = 9 and day(born_on) > 27) or (month(born_on) = 10 and day(born_on) < 5)"),
    ("gardeners born in October", "select gardener_name from gardener where month(born_on) = 10"),
    ("what are the most common rejection causes?", "select reject_cause, count(*) from claim where reject_cause is not null group by 1 order by 2 desc"),
    ("how much did we sell in October?", "select sum(quantity * unit_price) from sale where sold_on >= '2026-10-01' and sold_on < '2026-11-01'"),
]  # fmt: skip


@pytest.fixture(scope="module")
def nursery(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(nursery: Session, question: str, gold: str) -> None:
    check(nursery, nursery.ask(question, thread=question), gold)


def _build(path: Path) -> Path:
    chance = random.Random(23)
    habits = ("fern", "shrub", "perennial", "climber")
    topics = ("pruning", "grafting", "composting")
    with duckdb.connect(str(path)) as con:
        for table in _TABLES:
            con.execute(f"create table {table}")
        con.executemany("insert into grower values (?, ?, ?)", [(n, f"Grower {n}", "Kent") for n in range(1, 6)])
        plants = [
            (n, f"Plant {n:02d}", habits[n % 4], 0 if n % 5 == 0 else 3 + n * 7 % 90, 20, 1.5 + n % 6, 1 + n % 5)
            for n in range(1, 61)
        ]
        con.executemany("insert into plant values (?, ?, ?, ?, ?, ?, ?)", plants)
        born = date(1948, 1, 3)
        con.executemany(
            "insert into gardener values (?, ?, ?)",
            [(n, f"Gardener {n:03d}", born + timedelta(n * 67)) for n in range(1, 301)],
        )
        visits = [
            (
                n,
                chance.randint(1, 300),
                date(2025, 3, 1) + timedelta(n % 629),
                topics[n % 3],
                20 + n % 30,
                5 + n % 4,
                ("came", "came", "cancelled")[n % 7 % 3],
            )
            for n in range(1, 801)
        ]
        con.executemany("insert into booking values (?, ?, ?, ?, ?, ?, ?)", visits)
        sales = [
            (n, chance.randint(1, 300), chance.randint(1, 60), date(2025, 3, 1) + timedelta(n % 629), n % 4 + 1, 9.5)
            for n in range(1, 1201)
        ]
        con.executemany("insert into sale values (?, ?, ?, ?, ?, ?)", sales)
        for n in range(1, 121):
            ordered = date(2026, 1, 5) + timedelta(n * 2)
            state = chance.choices(("received", "cancelled", "part received"), (8, 1, 1))[0]
            came = ordered + timedelta(9) if state == "received" else None
            con.execute("insert into consignment values (?, ?, ?, ?, ?)", [n, 1 + n % 5, ordered, came, state])
            held = chance.choices(("paid", "pending", "rejected"), (6, 2, 2))[0]
            why = chance.choice(("too late", "no photo")) if held == "rejected" else None
            con.execute("insert into claim values (?, ?, ?, ?, ?, ?)", [n, 1 + n % 5, ordered, 10 + n, held, why])
    return path
