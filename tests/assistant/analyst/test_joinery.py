"""The embedded analyst reads a joinery that nobody described: what it buys is no revenue, margins after what things cost,
scrap and yield, what runs low, late suppliers and late orders. Asked on 20 November 2026."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.made import filling
from tests.assistant.conftest import Open

TODAY = date(2026, 11, 20)
_TABLES = (
    "benches(bench_id varchar primary key, bench_type varchar)",
    "joiners(joiner_id int primary key, name varchar, shift varchar)",
    "models(sku varchar primary key, model_name varchar, family varchar, std_cost decimal(8,2), list_price decimal(8,2))",
    "batches(batch_no int primary key, sku varchar references models(sku), qty_planned int, qty_good int, qty_scrap int, "
    "bench_id varchar references benches(bench_id), joiner_id int references joiners(joiner_id), started_at timestamp, "
    "finished_at timestamp, due_date date)",
    "stoppages(stop_id int primary key, bench_id varchar references benches(bench_id), began timestamp, reason varchar)",
    "overtime(ot_id int primary key, joiner_id int references joiners(joiner_id), worked_on date, minutes_worked int)",
    "vendors(vendor_id int primary key, vendor_name varchar, country varchar)",
    "timber(timber_id int primary key, timber_name varchar, stock_qty decimal(10,2), min_qty decimal(10,2), "
    "vendor_id int references vendors(vendor_id))",
    "purchase_orders(po_no int primary key, vendor_id int references vendors(vendor_id), timber_id int references "
    "timber(timber_id), ordered date, expected date, received date, qty decimal(10,2), price_per_unit decimal(8,2))",
    "clients(client_id int primary key, client_name varchar, country varchar, sales_rep varchar)",
    "orders(order_no int primary key, client_id int references clients(client_id), order_date date, requested_date date, "
    "shipped_date date, status varchar, freight decimal(8,2))",
    "order_lines(order_no int references orders(order_no), line_no int, sku varchar references models(sku), qty int, "
    "unit_price decimal(8,2), discount_pct decimal(5,2))",
)
_WORTH = "sum(qty * unit_price * (1 - discount_pct / 100))"
_COST = "sum(qty * std_cost)"
_LINES = "order_lines join orders using (order_no) join models using (sku)"
_LATE = "100.0 * count(*) filter (where received <= expected) / count(received)"
QUESTIONS = [
    ("revenue by month this year", f"select date_trunc('month', order_date), {_WORTH} from {_LINES} where year(order_date) = 2026 group by 1"),
    ("how much did we spend with each vendor this year?", "select vendor_name, sum(qty * price_per_unit) from purchase_orders join vendors using (vendor_id) where year(ordered) = 2026 group by 1"),
    ("how much did we spend on timber last month", "select sum(qty * price_per_unit) from purchase_orders where ordered >= '2026-10-01' and ordered < '2026-11-01'"),
    ("gross margin by model", f"select model_name, 100.0 * ({_WORTH} - {_COST}) / {_WORTH} from {_LINES} group by 1"),
    ("gross profit by family last quarter", f"select family, {_WORTH} - {_COST} from {_LINES} where order_date >= '2026-07-01' and order_date < '2026-10-01' group by 1"),
    ("what is our scrap rate?", "select 100.0 * sum(qty_scrap) / (sum(qty_good) + sum(qty_scrap)) from batches"),
    ("scrap rate by bench", "select bench_id, 100.0 * sum(qty_scrap) / (sum(qty_good) + sum(qty_scrap)) from batches group by 1"),
    ("yield by model", "select model_name, 100.0 * sum(qty_good) / (sum(qty_good) + sum(qty_scrap)) from batches join models using (sku) group by 1"),
    ("how many units did we make last week?", "select sum(qty_good) from batches where started_at >= '2026-11-09' and started_at < '2026-11-16'"),
    ("output by bench", "select bench_id, sum(qty_good) from batches group by 1"),
    ("which weekday do we produce the most?", "select isodow(started_at), sum(qty_good) from batches group by 1 order by 2 desc limit 1"),
    ("which bench breaks down the most?", "select bench_id, count(*) from stoppages where reason = 'breakdown' group by 1 order by 2 desc limit 1"),
    ("total overtime by shift", "select shift, sum(minutes_worked) from overtime join joiners using (joiner_id) group by 1"),
    ("day shift vs night shift output", "select shift, sum(qty_good) from batches join joiners using (joiner_id) group by 1"),
    ("which timber is running low?", "select timber_name from timber where stock_qty <= min_qty"),
    ("timber below minimum stock", "select timber_name from timber where stock_qty <= min_qty"),
    ("which vendor is late most often?", "select vendor_name, count(*) from purchase_orders join vendors using (vendor_id) where received > expected group by 1 order by 2 desc limit 1"),
    ("on-time delivery rate by vendor", f"select vendor_name, {_LATE} from purchase_orders join vendors using (vendor_id) group by 1"),
    ("orders shipped late", "select count(*) from orders where status = 'shipped' and shipped_date > requested_date"),
    ("what percentage of orders ship on time?", "select 100.0 * count(*) filter (where status = 'shipped' and shipped_date <= requested_date) / count(*) from orders"),
    ("batches behind schedule", "select count(*) from batches where finished_at is null and due_date < '2026-11-20'"),
    ("freight cost as a percentage of sales", f"select 100.0 * (select sum(freight) from orders) / {_WORTH} from {_LINES}"),
    ("who gives the biggest discounts?", "select sales_rep, avg(discount_pct) from order_lines join orders using (order_no) join clients using (client_id) group by 1 order by 2 desc limit 1"),
]  # fmt: skip
UNREAD = ["what is our approval rate?", "which joiner is the most productive?"]


@pytest.fixture(scope="module")
def joinery(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(joinery: Session, question: str, gold: str) -> None:
    check(joinery, joinery.ask(question, thread=question), gold)


@pytest.mark.parametrize("question", UNREAD)
def test_what_nothing_here_tells_is_not_answered(joinery: Session, question: str) -> None:
    assert joinery.ask(question, thread=question).outcome == "cannot"


def _build(path: Path) -> Path:
    chance = random.Random(17)
    with filling(path, _TABLES) as put:
        for n in range(1, 6):
            put("benches", f"B{n:02d}", ["saw", "press"][n % 2])
            put("joiners", n, f"{['Ada', 'Bo', 'Cy', 'Di', 'Ed'][n - 1]} Rey", ["day", "night"][n % 2])
        models = [("CH-1", "Oak chair", "Classic", 42, 129), ("TB-1", "Oak table", "Classic", 140, 449),
                  ("ST-1", "Steel stool", "Modern", 16, 69), ("SH-1", "Pine shelf", "Basic", 18, 49)]  # fmt: skip
        for row in models:
            put("models", *row)
        for n in range(1, 901):
            begun = datetime(2025, 2, 3, 6) + timedelta(hours=17.6 * n)
            done = begun + timedelta(hours=chance.randint(2, 60)) if n % 60 else None
            planned = chance.choice([20, 40, 60])
            scrap = int(planned * chance.choice([0, 0.02, 0.1])) if done else None
            good = planned - scrap if scrap is not None else None
            due = (begun + timedelta(days=2)).date()
            ids = (n, chance.choice(models)[0])
            put("batches", *ids, planned, good, scrap, f"B{n % 5 + 1:02d}", chance.randint(1, 5), begun, done, due)
        for n in range(1, 201):
            reason = chance.choice(["breakdown", "setup", "no timber"])
            put(
                "stoppages",
                n,
                f"B{chance.choice([1, 2, 2, 3, 4, 5]):02d}",
                datetime(2025, 2, 3) + timedelta(hours=70 * n),
                reason,
            )
            put("overtime", n, n % 5 + 1, date(2025, 2, 3) + timedelta(days=3 * n), 30 + n % 90)
        for n, (name, country) in enumerate([("Woodco", "Sweden"), ("Pinewell", "Latvia"), ("Steelix", "Germany")], 1):
            put("vendors", n, name, country)
        for n, (name, there, least) in enumerate([("Oak", 900, 400), ("Pine", 300, 500), ("Ash", 80, 80)], 1):
            put("timber", n, name, there, least, n)
        for n in range(1, 201):
            ordered = date(2025, 2, 3) + timedelta(days=int(3.28 * n))
            expected = ordered + timedelta(days=10)
            arrived = expected + timedelta(days=chance.choice([-1, 0, 0, 2 + n % 3]))
            amount, price = chance.randint(50, 400), round(chance.uniform(3, 9), 2)
            received = arrived if arrived < TODAY else None
            put("purchase_orders", n, n % 3 + 1, n % 3 + 1, ordered, expected, received, amount, price)
        for n in range(1, 41):
            put(
                "clients",
                n,
                f"{['Home', 'Loft'][n % 2]} Living {n}",
                ["UK", "Spain"][n % 2],
                ["Ines", "Karl", "Tom"][n % 3],
            )
        for n in range(1, 701):
            placed = date(2025, 2, 3) + timedelta(days=int(0.93 * n))
            wanted, sent = (
                placed + timedelta(days=chance.choice([7, 14])),
                placed + timedelta(days=chance.choice([5, 9, 18])),
            )
            state = "open" if sent >= TODAY else chance.choices(["shipped", "cancelled"], [95, 5])[0]
            shipped = sent if state == "shipped" else None
            put("orders", n, chance.randint(1, 40), placed, wanted, shipped, state, chance.choice([0, 45, 80]))
            for line in range(chance.randint(1, 3)):
                sku, _, _, _, price = chance.choice(models)
                put("order_lines", n, line + 1, sku, chance.randint(1, 20), price, chance.choice([0, 5, 10, 12.5]))
    return path
