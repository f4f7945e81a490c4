"""The embedded analyst reads a shop for pet food that nobody described: margins and stock by the cost that the list of
goods has, rates of advertising, ratings, returns, codes that are used, what runs low. Asked on 20 November 2026."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.session import Session
from evals.score import same_rows
from knowledge.request import Aggregate, Arithmetic, FieldColumn, MeasureColumn, Request
from knowledge.warehouse.duckdb import connect
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.made import filling
from tests.assistant.conftest import Open

TODAY = date(2026, 11, 20)
_TABLES = (
    "feed(feed_code varchar primary key, feed_name varchar, animal varchar, unit_cost decimal(6,2), "
    "introduced_on date)",
    "stock_level(feed_code varchar references feed(feed_code), depot varchar, quantity_on_hand int, reorder_level int, "
    "primary key(feed_code, depot))",
    "keeper(keeper_id int primary key, keeper_name varchar, land varchar)",
    "leaflet_spend(day date, paper varchar, spend decimal(8,2))",
    "basket(basket_no int primary key, keeper_id int references keeper(keeper_id), bought_at timestamp, "
    "state varchar, gift_code varchar, sent_at timestamp)",
    "basket_line(basket_no int references basket(basket_no), line_no int, feed_code varchar references "
    "feed(feed_code), quantity int, unit_price decimal(6,2), primary key(basket_no, line_no))",
    "return_slip(slip_no int primary key, basket_no int references basket(basket_no), feed_code varchar references "
    "feed(feed_code), returned_on date, refund_amount decimal(8,2))",
    "advert_day(day date, network varchar, impressions int, clicks int, cost decimal(8,2))",
    "footfall_day(day date, door varchar, visits int, purchases int)",
    "opinion(opinion_id int primary key, feed_code varchar references feed(feed_code), stars int, given_on date)",
    "plan_for_animal(month date, animal varchar, target_amount decimal(10,2))",
)
_SOLD = "sum(quantity * unit_price)"
_LINES = "basket_line join basket using (basket_no) join feed using (feed_code)"
_RATED = "select feed_name, avg(stars) from opinion join feed using (feed_code) group by 1"
_LOW = "select distinct feed_name from feed join stock_level using (feed_code) where quantity_on_hand <= reorder_level"
QUESTIONS = [
    ("gross margin by animal", f"select animal, 100 * ({_SOLD} - sum(quantity * unit_cost)) / {_SOLD} from {_LINES} group by 1"),
    ("most profitable feeds", f"select feed_name, {_SOLD} - sum(quantity * unit_cost) from {_LINES} group by 1 order by 2 desc limit 10"),
    ("how much is our stock worth?", "select sum(quantity_on_hand * unit_cost) from stock_level join feed using (feed_code)"),
    ("what do we need to reorder?", _LOW),
    ("which feeds are low in stock?", _LOW),
    ("click through rate by network", "select network, 100.0 * sum(clicks) / sum(impressions) from advert_day group by 1"),
    ("cost per click", "select sum(cost) / sum(clicks) from advert_day"),
    ("conversion rate by door last month", "select door, 100.0 * sum(purchases) / sum(visits) from footfall_day where day >= '2026-10-01' and day < '2026-11-01' group by 1"),
    ("best rated feeds", f"{_RATED} order by 2 desc, 1 limit 10"),
    ("worst rated feed", f"{_RATED} order by 2, 1 limit 1"),
    ("feeds rated below 3", f"select feed_name, s from ({_RATED.replace('avg(stars)', 'avg(stars) s')}) where s < 3"),
    ("best selling animal this year", f"select animal, {_SOLD} from {_LINES} where year(bought_at) = 2026 group by 1 order by 2 desc limit 1"),
    ("which gift code is used the most?", "select gift_code, count(*) from basket where gift_code is not null group by 1 order by 2 desc limit 1"),
    ("sales vs target by animal this year", f"select animal, sold, planned, 100 * sold / planned from (select animal, {_SOLD} sold from {_LINES} where year(bought_at) = 2026 group by 1) join (select animal, sum(target_amount) planned from plan_for_animal where year(month) = 2026 group by 1) using (animal)"),
    ("sales vs target for Dog this year", f"select (select {_SOLD} from {_LINES} where year(bought_at) = 2026 and animal = 'Dog') sold, (select sum(target_amount) from plan_for_animal where year(month) = 2026 and animal = 'Dog') planned"),
    ("did we hit the target in October?", f"select (select {_SOLD} from {_LINES} where bought_at >= '2026-10-01' and bought_at < '2026-11-01') sold, (select sum(target_amount) from plan_for_animal where month = '2026-10-01') planned"),
    ("target by month this year", "select month, sum(target_amount) from plan_for_animal where year(month) = 2026 group by 1"),
    ("visits and baskets by month", "select m, v, b from (select date_trunc('month', day) m, sum(visits) v from footfall_day group by 1) join (select date_trunc('month', bought_at) m, count(*) b from basket group by 1) using (m)"),
    ("leaflet spend by paper", "select paper, sum(spend) from leaflet_spend group by 1"),
    ("which feeds are out of stock?", "select feed_name from feed where feed_code not in (select feed_code from stock_level where quantity_on_hand > 0)"),
    ("how many feeds are in stock?", "select count(distinct feed_code) from stock_level where quantity_on_hand > 0"),
    ("which feeds did we not sell this month?", "select feed_name from feed where feed_code not in (select feed_code from basket_line join basket using (basket_no) where bought_at >= '2026-11-01')"),
    ("return on ad spend this year", f"select (select {_SOLD} from {_LINES} where year(bought_at) = 2026) / (select sum(cost) from advert_day where year(day) = 2026)"),
    ("average quantity per basket", "select sum(quantity) / count(distinct basket_no) from basket_line"),
    ("how much did we refund in October?", "select sum(refund_amount) from return_slip where returned_on >= '2026-10-01' and returned_on < '2026-11-01'"),
    ("average time to send by month", "select date_trunc('month', bought_at), avg(date_diff('second', bought_at, sent_at)) / 3600.0 from basket group by 1"),
    ("uk vs germany sales", f"select land, {_SOLD} from {_LINES} join keeper using (keeper_id) where land in ('UK', 'Germany') group by 1"),
    ("black friday sales last year", f"select {_SOLD} from {_LINES} where bought_at >= '2025-11-28' and bought_at < '2025-11-29'"),
]  # fmt: skip


@pytest.fixture(scope="module")
def petfood(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(petfood: Session, question: str, gold: str) -> None:
    check(petfood, petfood.ask(question, thread=question), gold)


def test_a_ranking_by_what_nothing_tells_is_not_answered(petfood: Session) -> None:
    assert petfood.ask("best rated keepers", thread="keepers").outcome == "cannot"


def test_categories_with_the_same_values_are_taken_for_one_where_no_key_joins_them(petfood: Session) -> None:
    assert petfood.workspace.model.conformed == (("feed.animal", "plan_for_animal.animal"),)


def test_a_judgement_is_no_goods(petfood: Session) -> None:
    assert petfood.ask("which feeds had returns but good opinions?", thread="good").outcome == "cannot"


def test_what_only_one_table_has_no_other_is_split_by(petfood: Session) -> None:
    assert petfood.ask("visits by animal", thread="visits").outcome == "cannot"


def test_a_rate_by_month_has_the_rows_of_each_month_above_and_below(petfood: Session) -> None:
    counts = [Aggregate(agg="count", dataset=d) for d in ("return_slip", "basket")]
    rate = Arithmetic(op="percent", left=counts[0], right=counts[1])
    month = FieldColumn(field="return_slip.returned_on", grain="month")
    sql = petfood.workspace.compiled(Request(columns=[month, MeasureColumn(measure=rate)])).sql
    _, rows, _ = petfood.workspace.warehouse.query(sql, max_rows=100, timeout_s=20.0)
    baskets = "select date_trunc('month', bought_at) m, count(*) n from basket group by 1"
    slips = "select date_trunc('month', returned_on) m, count(*) n from return_slip group by 1"
    gold = f"select m, 100.0 * s.n / b.n from ({baskets}) b join ({slips}) s using (m)"
    wanted = connect(petfood.workspace.warehouse.path).execute(gold).fetchall()  # type: ignore[attr-defined]
    assert same_rows(wanted, [list(row) for row in rows if row[1]])


def _build(path: Path) -> Path:
    rng = random.Random(17)
    with filling(path, _TABLES) as put:
        for n in range(1, 31):
            animal = ("Dog", "Cat", "Rabbit")[n % 3]
            put("feed", f"F{n:02}", f"Crunch {n}", animal, 2 + n * 0.4, date(2023, 1, 1) + timedelta(days=n * 20))
            for depot in ("East", "West"):
                put("stock_level", f"F{n:02}", depot, 0 if n % 9 == 0 else rng.randrange(0, 60), rng.randrange(3, 15))
        for n in range(1, 61):
            put("keeper", n, f"Keeper {n}", rng.choice(("UK", "Germany", "Spain")))
        slip = 0
        for n in range(1, 661):
            bought = datetime(2025, 6, 1, 8) + timedelta(hours=n * 19)
            state = rng.choice(("Done", "Done", "Done", "Cancelled"))
            sent = bought + timedelta(hours=rng.randrange(5, 90)) if state == "Done" else None
            put("basket", n, rng.randrange(1, 61), bought, state, rng.choice(("WAG", "PURR", None, None)), sent)
            for line in range(1, rng.choice((2, 3, 4))):
                code = rng.randrange(1, 31)
                put("basket_line", n, line, f"F{code:02}", rng.randrange(1, 6), round((2 + code * 0.4) * 1.7, 2))
                if rng.random() < 0.1:
                    slip += 1
                    back = (bought + timedelta(days=rng.randrange(3, 25))).date()
                    put("return_slip", slip, n, f"F{code:02}", min(back, TODAY), rng.randrange(5, 40))
        for n in range(538):
            day = date(2025, 6, 1) + timedelta(days=n)
            for network in ("Search", "Social"):
                put("advert_day", day, network, rng.randrange(900, 4000), rng.randrange(9, 80), rng.randrange(5, 60))
            if n % 7 == 0:
                put("leaflet_spend", day, rng.choice(("Herald", "Post")), rng.randrange(40, 90))
            for door in ("Front", "Side"):
                put("footfall_day", day, door, rng.randrange(40, 160), rng.randrange(2, 30))
        for n in range(1, 301):
            day = date(2025, 6, 1) + timedelta(days=n)
            put("opinion", n, f"F{rng.randrange(1, 31):02}", rng.choices((1, 2, 3, 4, 5), (3, 2, 3, 4, 4))[0], day)
        for n in range(18):
            month = date(2025 + (5 + n) // 12, (5 + n) % 12 + 1, 1)
            for animal in ("Dog", "Cat", "Rabbit"):
                put("plan_for_animal", month, animal, rng.randrange(300, 900))
    return path
