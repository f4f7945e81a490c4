"""The embedded analyst reads a winery that nobody described: targets are no revenue, cases are sold at a price per case,
buyers are called after bottles. Asked on 20 November 2026."""

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
    "wine(wine_id integer primary key, label varchar, colour varchar, bottles_made integer)",
    "buyer(buyer_id integer primary key, company varchar, country varchar, channel varchar)",
    "shipment(ship_id integer primary key, buyer_id integer references buyer(buyer_id), ordered_on date, shipped_on date, "
    "arrived_on date, carrier varchar)",
    "shipment_line(ship_id integer references shipment(ship_id), wine_id integer references wine(wine_id), cases integer, "
    "price_per_case decimal(8,2), discount_pct decimal(4,1), primary key (ship_id, wine_id))",
    "award(award_id integer primary key, wine_id integer references wine(wine_id), medal varchar, awarded_on date)",
    "target(year integer, channel varchar, revenue_target decimal(10,2))",
)
_LINES = "shipment_line join shipment using (ship_id)"
_WORTH = "sum(cases * price_per_case * (1 - coalesce(discount_pct, 0) / 100))"
QUESTIONS = [
    ("revenue this year", f"select {_WORTH} from {_LINES} where year(ordered_on) = 2026"),
    ("revenue by country", f"select country, {_WORTH} from {_LINES} join buyer using (buyer_id) group by 1"),
    ("cases sold in May", f"select sum(cases) from {_LINES} where ordered_on >= '2026-05-01' and ordered_on < '2026-06-01'"),
    ("buyers who haven't ordered this year", "select company from buyer where buyer_id not in (select buyer_id from shipment where year(ordered_on) = 2026)"),
    ("which wine sells best in Japan", f"select label, {_WORTH} from {_LINES} join buyer using (buyer_id) join wine using (wine_id) where country = 'Japan' group by 1 order by 2 desc limit 1"),
    ("which wines won gold", "select label from wine where wine_id in (select wine_id from award where medal = 'gold')"),
    ("how many bottles did we make", "select sum(bottles_made) from wine"),
]  # fmt: skip


@pytest.fixture(scope="module")
def winery(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(winery: Session, question: str, gold: str) -> None:
    check(winery, winery.ask(question, thread=question), gold)


def _build(path: Path) -> Path:
    chance = random.Random(3)
    with duckdb.connect(str(path)) as con:
        for table in _TABLES:
            con.execute(f"create table {table}")
        for n in range(1, 13):
            label = f"{['Riesling', 'Merlot', 'Pinot'][n % 3]} {['Classic', 'Estate', 'Reserve', 'Rouge'][n % 4]}"
            con.execute("insert into wine values (?, ?, ?, ?)", (n, label, ["white", "red"][n % 2], 800 + 50 * n))
        for n in range(1, 31):
            company = f"{['Vino', 'Cellar', 'Bottle', 'Cork'][n % 4]} {chr(64 + n % 26 + 1)} Ltd"
            country, channel = ["Germany", "Austria", "Japan"][n % 3], ["restaurant", "retail"][n % 2]
            con.execute("insert into buyer values (?, ?, ?, ?)", (n, company, country, channel))
        for n in range(1, 501):
            ordered = date(2025, 6, 1) + timedelta(days=n)
            buyer = chance.randint(1, 30) if ordered.year < 2026 else chance.randint(1, 24)
            shipped = ordered + timedelta(days=chance.choice([1, 2, 3])) if n % 25 else None
            carrier = ["DHL", "UPS", "Gruber"][n % 3]
            arrived = shipped + timedelta(days=2 + n % 3 + chance.randint(0, 2)) if shipped else None
            con.execute(
                "insert into shipment values (?, ?, ?, ?, ?, ?)", (n, buyer, ordered, shipped, arrived, carrier)
            )
            for wine in chance.sample(range(1, 13), 2):
                row = (n, wine, chance.randint(1, 12), 55 + 5 * wine, [0, 5, 10][n % 3])
                con.execute("insert into shipment_line values (?, ?, ?, ?, ?)", row)
        for n in range(1, 16):
            row = (
                n,
                chance.randint(1, 12),
                ["gold", "silver", "bronze"][n % 3],
                date(2025, 6, 1) + timedelta(days=25 * n),
            )
            con.execute("insert into award values (?, ?, ?, ?)", row)
        for year in (2025, 2026):
            for channel in ("restaurant", "retail"):
                con.execute("insert into target values (?, ?, ?)", (year, channel, 120_000))
    return path
