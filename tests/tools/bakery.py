"""A bakery's orders from January 2023 to December 2024, made up for the tests of analyses: what happened in the last
month is planted.

    orders(order_id, ordered_at, shop, channel, product, quantity, amount, refunded)

Each month has about 2,000 orders in three shops, two channels and four products. In December 2024:

    segment      the Harbour shop takes 60% fewer orders
    combination  the Web orders of cake are 90% fewer
    price        everything costs a quarter more
    mix          twice as many orders come from the Web, where more is refunded, as it always was
    none         nothing
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd

SHOPS, CHANNELS, PRODUCTS = ("Harbour", "Mill", "Station"), ("Web", "Counter"), ("bread", "cake", "rolls", "pie")
PRICES = {"bread": 4.0, "cake": 22.0, "rolls": 3.0, "pie": 9.0}


def build(path: Path, happening: str) -> Path:
    chance = random.Random(11)
    rows = []
    for month in range(24):
        first = datetime(2023 + month // 12, 1 + month % 12, 1)
        last = month == 23
        for _ in range(chance.randint(1950, 2050)):
            shop, product = chance.choices(SHOPS, (4, 3, 3))[0], chance.choices(PRODUCTS, (4, 2, 3, 1))[0]
            channel = chance.choices(CHANNELS, (2 if last and happening == "mix" else 1, 2))[0]
            if last and happening == "segment" and shop == "Harbour" and chance.random() < 0.6:
                continue
            if last and happening == "combination" and (channel, product) == ("Web", "cake") and chance.random() < 0.9:
                continue
            quantity = chance.choice((1, 1, 2, 3))
            amount = PRICES[product] * quantity * chance.uniform(0.9, 1.1)
            if last and happening == "price":
                amount *= 1.25
            refunded = chance.random() < (0.3 if channel == "Web" else 0.05)
            when = first + timedelta(days=chance.randrange(28), hours=chance.randrange(8, 18))
            rows.append((len(rows) + 1, when, shop, channel, product, quantity, round(amount, 2), refunded))
    columns = ["order_id", "ordered_at", "shop", "channel", "product", "quantity", "amount", "refunded"]
    orders = pd.DataFrame(rows, columns=columns)
    with duckdb.connect(str(path)) as con:
        con.register("made", orders)
        con.execute("create table orders as select * from made")
    return path
