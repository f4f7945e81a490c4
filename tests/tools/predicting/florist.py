"""A florist's customers and orders from January 2023 to June 2024, made up for the tests of predictions.

    customers(customer_id, region, plan, joined_on, closed, last_order_on, orders_in_all, status, card_code)
    orders(order_id, customer_id, ordered_at, amount, channel, refunded, refund_sum, refunded_on, state)

Customers order every ten days or so; each month some stop for good, those of the plan "trial" more often, and slow down
before. Planted, as known only afterwards:

    closed         whether the customer has stopped by the end: a copy of the answer
    last_order_on  a date after the moment of prediction
    orders_in_all  a count that includes what is to be predicted
    status         "dormant" for most who have stopped, written down when that was seen
    card_code      a number for each customer

Of orders, those from the Web are refunded more often. Planted: the refunded sum, its date, a state set afterwards, and
the customer's number of refunds (`refunds_in_all`).
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd

START, END = datetime(2023, 1, 1), datetime(2024, 7, 1)


def build(path: Path, customers: int = 500) -> Path:
    chance = random.Random(5)
    people, orders = [], []
    for number in range(1, customers + 1):
        plan, region = chance.choice(("trial", "club", "club")), chance.choice(("North", "South", "West"))
        moment = START + timedelta(days=chance.uniform(0, 60))
        joined, gone, mine = moment.date(), False, 0
        refunds = 0
        while moment < END:
            channel = chance.choice(("Web", "Shop"))
            refunded = chance.random() < (0.4 if channel == "Web" else 0.05)
            amount = round(chance.uniform(10, 60), 2)
            back = (moment + timedelta(days=chance.randint(2, 9))).date() if refunded else None
            state = ("returned" if chance.random() < 0.8 else "done") if refunded else "done"
            orders.append(
                (len(orders) + 1, number, moment, amount, channel, refunded, amount if refunded else 0.0, back, state)
            )
            mine, refunds = mine + 1, refunds + refunded
            if chance.random() < (0.035 if plan == "trial" else 0.012):
                gone = True
                for _ in range(2):  # slower, before the last
                    moment += timedelta(days=chance.uniform(20, 28))
                    if moment < END:
                        orders.append((len(orders) + 1, number, moment, 15.0, "Shop", False, 0.0, None, "done"))
                        mine += 1
                break
            moment += timedelta(days=chance.uniform(5, 15))
        last = max(o[2] for o in orders if o[1] == number)
        gone = gone and last < END - timedelta(days=30)
        status = "dormant" if gone and chance.random() < 0.7 else "regular"
        people.append((number, region, plan, joined, gone, last.date(), mine, status, f"K{number:05}", refunds))
    names = [
        "customer_id",
        "region",
        "plan",
        "joined_on",
        "closed",
        "last_order_on",
        "orders_in_all",
        "status",
        "card_code",
        "refunds_in_all",
    ]
    lines = [
        "order_id",
        "customer_id",
        "ordered_at",
        "amount",
        "channel",
        "refunded",
        "refund_sum",
        "refunded_on",
        "state",
    ]
    with duckdb.connect(str(path)) as con:
        con.register("p", pd.DataFrame(people, columns=names))
        con.register("o", pd.DataFrame(orders, columns=lines))
        con.execute("create table customers as select * from p")
        con.execute("alter table customers add primary key (customer_id)")
        con.execute("create table orders as select * from o order by ordered_at")
        con.execute("alter table orders add primary key (order_id)")
    return path
